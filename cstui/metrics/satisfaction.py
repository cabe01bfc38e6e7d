"""The family of satisfaction: NPS, CSAT, CES and what follows from them. Counted from answers.

A score is read on the scale it was given on and never rescaled. What a score means (promoter, satisfied, easy) is decided here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from fractions import Fraction
from functools import cache
from heapq import nsmallest
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from cstui.base.days import Period, month_of
from cstui.metrics.cells import Cells, Group, Total, by_group, frame
from cstui.metrics.facts import AnswerRow, Facts, LastAnswer
from cstui.metrics.figure import NO_DATA, OK, SMALL_SAMPLE, ZERO_BASE, Figure, Frame, Part, Parts, figure, labelled, no_data, ratio
from cstui.metrics.registry import METRICS
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.switches import Definitions

if TYPE_CHECKING:
    from cstui.metrics.columns import ScoreColumns

KIND_OF: Mapping[str, str] = {"nps": "nps", "promoters": "nps", "csat": "csat", "ces": "ces", "high_effort_share": "ces"}
"""Metric → the kind of answer it counts."""
PROMOTER = 9
PAIR = 2
"""Periods whose advocates are asked for again, one by one."""
NPS_SCALES = frozenset(("0-10", "1-10"))
_ADDS: Mapping[str, int] = {"promoter": 1, "passive": 0, "detractor": -1}
"""Band → what an answer in it adds to NPS."""
_day = attrgetter("day")


class Given(NamedTuple):
    """What an answer says, without who said it and when."""

    score: str
    scale: str
    direction: str
    touchpoint: str


Tally = Mapping[Given, int]
"""How many answers say what."""


def figures(facts: Facts, periods: Sequence[Period], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period; each kind of answer is read only where something `wanted` counts it."""
    frames = [frame(facts, period, "surveys") for period in periods]
    cells: dict[Group, list[dict[str, Figure]]] = {}
    for name in sorted(wanted & KIND_OF.keys()):
        for group, found in _cells(facts, frames, name).items():
            held = cells.setdefault(group, [{} for _ in periods])
            for cell, one in zip(held, found, strict=True):
                cell[name] = one
    return cells


def _cells(facts: Facts, frames: Sequence[Frame], name: str) -> Mapping[Group, Sequence[Figure]]:
    """One metric's figures by group and period."""
    if name == "promoters":
        return _promoters(facts, frames)
    if (counted := _counted(facts, frames, name)) is not None:
        return _figures(facts, frames, name, counted)
    span = Period(min(one.period.start for one in frames), max(one.period.end for one in frames))
    rows = list(facts.answers(KIND_OF[name], span))
    return _figures(facts, frames, name, _tallies(facts, frames, rows, latest if name == "nps" else iter))


def _figures(facts: Facts, frames: Sequence[Frame], name: str, tallies: Mapping[Group, Sequence[Tally]]) -> dict[Group, list[Figure]]:
    cell, on = _CELLS[name], facts.switches
    found = {group: [cell(one, tally, on) for one, tally in zip(frames, own, strict=True)] for group, own in tallies.items()}
    if facts.filtered or any(tallies[Total.ALL]) or _ever_answered(facts, KIND_OF[name]):
        return found
    never = f"no {KIND_OF[name].upper()} answers imported yet: import surveys that have some"
    return {group: [replace(one, reason=never) if one.status == ZERO_BASE else one for one in own] for group, own in found.items()}


def _ever_answered(facts: Facts, kind: str) -> bool:
    """Whether there is any answer of a kind."""
    ever = Period(-(1 << 30), 1 << 30)
    return next(iter(facts.answer_counts(kind, *ever) or facts.answers(kind, ever)), None) is not None


def _tallies(
    facts: Facts, frames: Sequence[Frame], rows: Sequence[AnswerRow], counted: Callable[[Sequence[AnswerRow]], Iterable[AnswerRow]]
) -> dict[Group, list[Tally]]:
    """Tallies of answers by group and period. A respondent is one customer's, so those of all groups add up to the total."""
    found: dict[Group, list[Counter[Given]]] = {group: [] for group in facts.groups()} if facts.grouped else {}
    group = facts.group_of().get if facts.grouped else None
    total: list[Counter[Given]] = []
    for period, one in enumerate(frames):
        answers = counted(inside(rows, one.period))
        own: dict[Group, list[AnswerRow]] = {}
        if group is not None:
            for row in answers:
                own.setdefault(group(row.customer_id), []).append(row)
        for name in own.keys() - found.keys():
            found[name] = [Counter() for _ in range(period)]
        for name, held in found.items():
            held.append(tallied(own.get(name, ())))
        total.append(tallied(answers) if group is None else sum((held[period] for held in found.values()), Counter[Given]()))
    return {**found, Total.ALL: total}  # type: ignore[dict-item]  # counters are tallies


def _counted(facts: Facts, frames: Sequence[Frame], name: str) -> Mapping[Group, Sequence[Tally]] | None:
    """Tallies by group and period from the months that are counted already; None where those can't answer.

    The latest answers of two months are not those of both together, so NPS asks for single months.
    """
    lengths = [one.period.months for one in frames]
    if None in lengths or (name == "nps" and any(length != 1 for length in lengths)):
        return None
    first, last = (month_of(edge) for edge in (min(one.period.start for one in frames), max(one.period.last for one in frames)))
    counts = facts.answer_counts(KIND_OF[name], first, last)
    if counts is None:
        return None
    inside: dict[int, list[int]] = {}
    for period, one in enumerate(frames):
        for month in range(month_of(one.period.start), month_of(one.period.end)):
            inside.setdefault(month, []).append(period)
    found: dict[Group, list[dict[Given, int]]] = {group: [{} for _ in frames] for group in (*facts.groups(), Total.ALL)}
    total = found[Total.ALL]
    for group, month, scale, direction, touchpoint, score, n, latest in counts:
        if name == "nps" and not (latest and scale in NPS_SCALES):
            continue
        given, times = Given(score, scale, direction, touchpoint), latest if name == "nps" else n
        for own in (total, found[group]) if facts.grouped else (total,):
            for period in inside.get(month, ()):
                held = own[period]
                held[given] = held.get(given, 0) + times
    return found


def tallied(rows: Iterable[AnswerRow]) -> Counter[Given]:
    """How many of the answers say what."""
    counts = Counter((row.score, row.scale, row.direction or "", row.touchpoint) for row in rows)
    return Counter({Given(*said): times for said, times in counts.items()})


@cache
def ends_of(scale: str) -> tuple[int, int]:
    """Lowest and highest score of a scale."""
    low, _, high = scale.partition("-")
    return int(low), int(high)


@cache
def number(score: str) -> Fraction:
    """A score as it was given, exactly."""
    return Fraction(score)


def inside(rows: Sequence[AnswerRow], period: Period) -> Sequence[AnswerRow]:
    """Answers given in a period, of rows by day."""
    return rows[bisect_left(rows, period.start, key=_day) : bisect_left(rows, period.end, key=_day)]


def latest(rows: Iterable[AnswerRow]) -> list[AnswerRow]:
    """The latest NPS answer of each respondent, of rows in the order they were given. Who gave no name answered once each time."""
    named: dict[tuple[int, str], AnswerRow] = {}
    blank: list[AnswerRow] = []
    for row in rows:
        if row.scale not in NPS_SCALES:
            continue
        if row.respondent:
            named[row.customer_id, row.respondent] = row
        else:
            blank.append(row)
    return [*blank, *named.values()]


def band(score: str, switches: Definitions) -> str:
    """`promoter`, `passive` or `detractor`."""
    return _band(score, switches.detractor)


@cache
def _band(score: str, detractor: int) -> str:
    given = number(score)
    return "promoter" if given >= PROMOTER else "detractor" if given <= detractor else "passive"


def advocates(facts: Facts, ends: Sequence[int]) -> list[dict[int, int]]:
    """For each of some days, who was an advocate by then: customer → their last NPS answer."""
    scores = facts.scores("nps", max(ends))
    if scores is None:
        return promoting(facts.last_answers("nps", NPS_SCALES, ends))
    from cstui.metrics.columns import latest_saying  # brings numpy along

    return latest_saying(scores, _promoting(scores), ends)


def _promoting(scores: ScoreColumns) -> dict[str, bool | None]:
    """Of everything that was said, whether a promoter says it; None: it is no answer on a scale of NPS."""
    counts: dict[str, bool | None] = {}
    for said in scores.said:
        score, _, scale = said.partition(" ")
        counts[said] = _band(score, PROMOTER - 1) == "promoter" if scale in NPS_SCALES else None
    return counts


def promoting(held: Sequence[Mapping[int, LastAnswer]]) -> list[dict[int, int]]:
    """Of everybody's last answers, customer → answer, those that are a promoter's."""
    good = {score for score in {row[6] for last in held for row in last.values()} if _band(score, PROMOTER - 1) == "promoter"}
    return [{customer: row[4] for customer, row in last.items() if row[6] in good} for last in held]


def satisfied(row: AnswerRow | Given, thresholds: Mapping[int, int]) -> bool | None:
    """Whether a CSAT answer is at or above its scale's threshold; None on a scale that has none."""
    threshold = thresholds.get(ends_of(row.scale)[1])
    return None if threshold is None else number(row.score) >= threshold


def agreement(row: AnswerRow | Given) -> Fraction:
    """Agreement with “it was easy” on the answer's own scale: where a high score means effort, the scale is read from its other end."""
    low, high = ends_of(row.scale)
    score = number(row.score)
    return low + high - score if row.direction == "low_easy" else score


def ease(row: AnswerRow | Given) -> int:
    """1 on the easy side of the scale's middle, −1 on the hard side, 0 in the middle."""
    low, high = ends_of(row.scale)
    twice = 2 * agreement(row)
    return (twice > low + high) - (twice < low + high)


def averaged(rows: Sequence[AnswerRow], switches: Definitions) -> list[AnswerRow] | None:
    """The CES answers that a mean may be taken of: those on the chosen scale, or all where they are on one; None on several."""
    if switches.ces_scale != "auto":
        return [row for row in rows if row.scale == switches.ces_scale]
    return list(rows) if len({row.scale for row in rows}) <= 1 else None


def _nps(one: Frame, tally: Tally, switches: Definitions) -> Figure:
    """Of the latest answers."""
    bands: Counter[str] = Counter()
    by_scale: Counter[str] = Counter()
    for given, times in tally.items():
        bands[band(given.score, switches)] += times
        by_scale[given.scale] += times
    counts = {f"{name}s": bands[name] for name in _ADDS}
    n = bands.total()
    parts: Parts = {
        "shares": {name: Fraction(count, n) if n else None for name, count in counts.items()},
        "counts": counts,
        "by_scale": dict(sorted(by_scale.items())),
    }
    found = _score(one, "nps", counts["promoters"] - counts["detractors"], n, 100, parts, "nobody answered in the period")
    return labelled(found, f"mixed: answers on {' and '.join(sorted(by_scale))} together" if len(by_scale) > 1 else None)


def _csat(one: Frame, tally: Tally, switches: Definitions) -> Figure:
    thresholds = switches.thresholds
    met_at: Counter[str] = Counter()
    asked_at: Counter[str] = Counter()
    for given, times in tally.items():
        met = satisfied(given, thresholds)
        if met is not None:
            met_at[given.touchpoint] += times * met
            asked_at[given.touchpoint] += times
    met_n, n = met_at.total(), asked_at.total()
    parts: dict[str, Part] = {"by_touchpoint": {name: _touchpoint(met_at[name], asked) for name, asked in sorted(asked_at.items())}}
    mixed = f"mixed: {len(asked_at)} touchpoints together" if len(asked_at) > 1 else None
    if mixed:
        parts["mixed"] = mixed
    return labelled(_score(one, "csat", met_n, n, 100, parts, "nobody answered in the period"), mixed)


def _touchpoint(met: int, asked: int) -> Parts:
    small = asked < METRICS["csat"].floor
    return {"value": Fraction(100 * met, asked), "n": asked, "status": SMALL_SAMPLE if small else OK}


def _ces(one: Frame, tally: Tally, switches: Definitions) -> Figure:
    scales: dict[str, Counter[Given]] = {}
    for given, times in tally.items():
        scales.setdefault(given.scale, Counter())[given] += times
    by_scale: dict[str, Parts] = {
        scale: {"value": _agreed(own) / own.total(), "n": own.total(), "easy_share": Fraction(_easy(own), own.total())}
        for scale, own in sorted(scales.items())
    }
    counted: Counter[Given] = Counter()
    if switches.ces_scale != "auto":
        counted = scales.get(switches.ces_scale, counted)
    elif len(scales) <= 1:
        counted = next(iter(scales.values()), counted)
    elif one.outside:
        return Figure(None, NO_DATA, no_data(one))
    else:
        reason = f"two_scales: answers on {' and '.join(by_scale)} are never averaged together; choose one with the switch ces_scale"
        return Figure(None, NO_DATA, reason, n=sum(tally.values()), parts={"by_scale": by_scale})
    n = counted.total()
    easy = Fraction(_easy(counted), n) if n else None
    parts: Parts = {"easy_share": easy, "by_scale": by_scale}
    return _score(one, "ces", _agreed(counted), n, 1, parts, "nobody answered in the period")


def _agreed(tally: Tally) -> Fraction:
    return sum((agreement(given) * times for given, times in tally.items()), Fraction(0))


def _easy(tally: Tally) -> int:
    return sum(times for given, times in tally.items() if ease(given) > 0)


def _effort(one: Frame, tally: Tally, _: Definitions) -> Figure:
    hard = sum(times for given, times in tally.items() if ease(given) < 0)
    n = sum(tally.values())
    return ratio(one, hard, n, n=n, floor=METRICS["high_effort_share"].floor, base="nobody answered in the period")


def _promoters(facts: Facts, frames: Sequence[Frame]) -> dict[Group, list[Figure]]:
    if len(frames) > PAIR and (scores := facts.scores("nps", max(one.period.end for one in frames))) is not None:
        return _promoters_of(facts, frames, scores)
    found: dict[Group, list[Figure]] = {}
    for one, answers in zip(frames, advocates(facts, [one.period.end for one in frames]), strict=True):
        for group, own in by_group(facts, answers, lambda customer: customer).items():
            found.setdefault(group, []).append(figure(one, len(own), numerator=len(own), n=len(own)))
    return found


def _promoters_of(facts: Facts, frames: Sequence[Frame], scores: ScoreColumns) -> dict[Group, list[Figure]]:
    """The same over many periods, of very many answers."""
    from cstui.metrics.columns import latest_say  # brings numpy along

    counts = _promoting(scores)
    found: dict[Group, list[Figure]] = {group: [] for group in (*facts.groups(), Total.ALL)}
    for one, own in zip(frames, latest_say(scores, counts, [one.period.end for one in frames], facts.grouping), strict=True):
        by_group: dict[Group, int] = {**dict(zip(facts.grouping.names, own, strict=True)), Total.ALL: sum(own)}
        for group, held in found.items():
            n = by_group.get(group, 0)
            held.append(figure(one, n, numerator=n, n=n))
    return found


def _score(one: Frame, name: str, numerator: Fraction | int, n: int, times: int, parts: Parts, base: str) -> Figure:
    """A score: `times` the numerator by answer."""
    value = Fraction(numerator) * times / n if n else None
    return figure(one, value, numerator=numerator, denominator=n, n=n, floor=METRICS[name].floor, parts=parts, base=base)


_CELLS: Mapping[str, Callable[[Frame, Tally, Definitions], Figure]] = {
    "nps": _nps,
    "csat": _csat,
    "ces": _ces,
    "high_effort_share": _effort,
}


def rows(asked: Asked) -> Iterator[Evidence]:
    """The family's rows: answers, with what each adds."""
    facts, name, period = asked
    if name == "promoters":
        (everybody,) = advocates(facts, [period.end])
        yield from map(_advocate, facts.answers_of(everybody.values()))
        return
    answers: Sequence[AnswerRow] = list(facts.answers(KIND_OF[name], period))
    if name == "nps":
        answers = latest(answers)
    elif name == "ces":
        answers = averaged(answers, facts.switches) or []
    for row in answers:
        adds = _adds(name, row, facts.switches)
        if adds is not None:
            yield Evidence("survey", row.id, row.customer_id, Fraction(adds), Fraction(1), _said(row))


def first_advocates(asked: Asked, limit: int) -> tuple[list[Evidence], int]:
    """As `rows` of promoters, the first `limit` of them: one is as large as another; and how many there are."""
    (everybody,) = advocates(asked.facts, [asked.period.end])
    first = [everybody[customer] for customer in nsmallest(limit, everybody)]
    return [_advocate(row) for row in asked.facts.answers_of(first)], len(everybody)


def _advocate(row: AnswerRow) -> Evidence:
    return Evidence("survey", row.id, row.customer_id, Fraction(1), None, _said(row))


def _said(row: AnswerRow) -> str:
    return " ".join(part for part in (f"{row.score} of {row.scale}", row.direction, row.touchpoint) if part)


def _adds(name: str, row: AnswerRow, switches: Definitions) -> Fraction | int | None:
    """What an answer adds to a figure; None where it doesn't count."""
    if name == "nps":
        return _ADDS[band(row.score, switches)]
    if name == "csat":
        return satisfied(row, switches.thresholds)
    if name == "ces":
        return agreement(row)
    return ease(row) < 0 if name == "high_effort_share" else 1
