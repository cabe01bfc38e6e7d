"""The family of satisfaction: NPS, CSAT, CES and what follows from them. Counted from answers.

A score is read on the scale it was given on and never rescaled. What a score means (promoter, satisfied, easy) is decided here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import cache
from operator import attrgetter

from cstui.base.days import Period
from cstui.metrics.cells import Cells, Group, by_group, frame
from cstui.metrics.facts import AnswerRow, Facts
from cstui.metrics.figure import NO_DATA, OK, SMALL_SAMPLE, Figure, Frame, Part, Parts, figure, labelled, no_data, ratio
from cstui.metrics.registry import METRICS
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.switches import Definitions

KIND_OF: Mapping[str, str] = {"nps": "nps", "promoters": "nps", "csat": "csat", "ces": "ces", "high_effort_share": "ces"}
"""Metric → the kind of answer it counts."""
PROMOTER = 9
NPS_SCALES = frozenset(("0-10", "1-10"))
_ADDS: Mapping[str, int] = {"promoter": 1, "passive": 0, "detractor": -1}
"""Band → what an answer in it adds to NPS."""
_EVER = -1_000_000
_day = attrgetter("day")


def figures(facts: Facts, periods: Sequence[Period], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period; each kind of answer is read only where something `wanted` counts it."""
    frames = [frame(facts, period, "surveys") for period in periods]
    cells: dict[Group, list[dict[str, Figure]]] = {}
    for name in sorted(wanted & KIND_OF.keys()):
        span = Period(_EVER if name == "promoters" else min(p.start for p in periods), max(p.end for p in periods))
        for group, rows in by_group(facts, facts.answers(KIND_OF[name], span), lambda row: row.customer_id).items():
            held = cells.setdefault(group, [{} for _ in periods])
            for cell, one in zip(held, frames, strict=True):
                cell[name] = _CELLS[name](one, rows, facts.switches)
    return cells


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


def advocates(rows: Sequence[AnswerRow], period: Period) -> list[AnswerRow]:
    """The latest NPS answer of each customer up to a period's end, where it is a promoter's; of rows in the order they were given."""
    last = {row.customer_id: row for row in rows[: bisect_left(rows, period.end, key=_day)] if row.scale in NPS_SCALES}
    return [row for row in last.values() if _band(row.score, PROMOTER - 1) == "promoter"]


def satisfied(row: AnswerRow, thresholds: Mapping[int, int]) -> bool | None:
    """Whether a CSAT answer is at or above its scale's threshold; None on a scale that has none."""
    threshold = thresholds.get(ends_of(row.scale)[1])
    return None if threshold is None else number(row.score) >= threshold


def agreement(row: AnswerRow) -> Fraction:
    """Agreement with “it was easy” on the answer's own scale: where a high score means effort, the scale is read from its other end."""
    low, high = ends_of(row.scale)
    score = number(row.score)
    return low + high - score if row.direction == "low_easy" else score


def ease(row: AnswerRow) -> int:
    """1 on the easy side of the scale's middle, −1 on the hard side, 0 in the middle."""
    low, high = ends_of(row.scale)
    twice = 2 * agreement(row)
    return (twice > low + high) - (twice < low + high)


def averaged(rows: Sequence[AnswerRow], switches: Definitions) -> list[AnswerRow] | None:
    """The CES answers that a mean may be taken of: those on the chosen scale, or all where they are on one; None on several."""
    if switches.ces_scale != "auto":
        return [row for row in rows if row.scale == switches.ces_scale]
    return list(rows) if len({row.scale for row in rows}) <= 1 else None


def _nps(one: Frame, rows: Sequence[AnswerRow], switches: Definitions) -> Figure:
    answers = latest(inside(rows, one.period))
    bands = Counter(band(row.score, switches) for row in answers)
    counts = {f"{name}s": bands[name] for name in _ADDS}
    by_scale = Counter(row.scale for row in answers)
    n = len(answers)
    parts: Parts = {
        "shares": {name: Fraction(count, n) if n else None for name, count in counts.items()},
        "counts": counts,
        "by_scale": dict(sorted(by_scale.items())),
    }
    found = _score(one, "nps", counts["promoters"] - counts["detractors"], n, 100, parts, "nobody answered in the period")
    return labelled(found, f"mixed: answers on {' and '.join(sorted(by_scale))} together" if len(by_scale) > 1 else None)


def _csat(one: Frame, rows: Sequence[AnswerRow], switches: Definitions) -> Figure:
    thresholds = switches.thresholds
    by_touchpoint: dict[str, list[bool]] = {}
    for row in inside(rows, one.period):
        met = satisfied(row, thresholds)
        if met is not None:
            by_touchpoint.setdefault(row.touchpoint, []).append(met)
    met_n = sum(map(sum, by_touchpoint.values()))
    n = sum(map(len, by_touchpoint.values()))
    parts: dict[str, Part] = {"by_touchpoint": {name: _touchpoint(answers) for name, answers in sorted(by_touchpoint.items())}}
    mixed = f"mixed: {len(by_touchpoint)} touchpoints together" if len(by_touchpoint) > 1 else None
    if mixed:
        parts["mixed"] = mixed
    return labelled(_score(one, "csat", met_n, n, 100, parts, "nobody answered in the period"), mixed)


def _touchpoint(answers: Sequence[bool]) -> Parts:
    small = len(answers) < METRICS["csat"].floor
    return {"value": Fraction(100 * sum(answers), len(answers)), "n": len(answers), "status": SMALL_SAMPLE if small else OK}


def _ces(one: Frame, rows: Sequence[AnswerRow], switches: Definitions) -> Figure:
    answers = inside(rows, one.period)
    scales: dict[str, list[AnswerRow]] = {}
    for row in answers:
        scales.setdefault(row.scale, []).append(row)
    by_scale: dict[str, Parts] = {
        scale: {
            "value": Fraction(sum(map(agreement, own)), len(own)),
            "n": len(own),
            "easy_share": Fraction(sum(ease(row) > 0 for row in own), len(own)),
        }
        for scale, own in sorted(scales.items())
    }
    counted = averaged(answers, switches)
    if counted is None:
        if one.outside:
            return Figure(None, NO_DATA, no_data(one))
        reason = f"two_scales: answers on {' and '.join(by_scale)} are never averaged together; choose one with the switch ces_scale"
        return Figure(None, NO_DATA, reason, n=len(answers), parts={"by_scale": by_scale})
    n = len(counted)
    easy = Fraction(sum(ease(row) > 0 for row in counted), n) if n else None
    total = sum(map(agreement, counted), Fraction(0))
    return _score(one, "ces", total, n, 1, {"easy_share": easy, "by_scale": by_scale}, "nobody answered in the period")


def _effort(one: Frame, rows: Sequence[AnswerRow], _: Definitions) -> Figure:
    answers = inside(rows, one.period)
    hard = sum(ease(row) < 0 for row in answers)
    floor = METRICS["high_effort_share"].floor
    return ratio(one, hard, len(answers), n=len(answers), floor=floor, base="nobody answered in the period")


def _promoters(one: Frame, rows: Sequence[AnswerRow], _: Definitions) -> Figure:
    count = len(advocates(rows, one.period))
    return figure(one, count, numerator=count, n=count)


def _score(one: Frame, name: str, numerator: Fraction | int, n: int, times: int, parts: Parts, base: str) -> Figure:
    """A score: `times` the numerator by answer."""
    value = Fraction(numerator) * times / n if n else None
    return figure(one, value, numerator=numerator, denominator=n, n=n, floor=METRICS[name].floor, parts=parts, base=base)


_CELLS: Mapping[str, Callable[[Frame, Sequence[AnswerRow], Definitions], Figure]] = {
    "nps": _nps,
    "csat": _csat,
    "ces": _ces,
    "high_effort_share": _effort,
    "promoters": _promoters,
}


def rows(asked: Asked) -> Iterator[Evidence]:
    """The family's rows: answers, with what each adds."""
    facts, name, period = asked
    span = Period(_EVER, period.end) if name == "promoters" else period
    answers = list(facts.answers(KIND_OF[name], span))
    if name == "promoters":
        answers = advocates(answers, period)
    elif name == "nps":
        answers = latest(answers)
    elif name == "ces":
        answers = averaged(answers, facts.switches) or []
    for row in answers:
        adds = _adds(name, row, facts.switches)
        if adds is not None:
            note = " ".join(part for part in (f"{row.score} of {row.scale}", row.direction, row.touchpoint) if part)
            yield Evidence("survey", row.id, row.customer_id, Fraction(adds), None if name == "promoters" else Fraction(1), note)


def _adds(name: str, row: AnswerRow, switches: Definitions) -> Fraction | int | None:
    """What an answer adds to a figure; None where it doesn't count."""
    if name == "nps":
        return _ADDS[band(row.score, switches)]
    if name == "csat":
        return satisfied(row, switches.thresholds)
    if name == "ces":
        return agreement(row)
    return ease(row) < 0 if name == "high_effort_share" else 1
