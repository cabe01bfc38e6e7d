"""What is behind a part of what customers say: the answers with one score, of a band of NPS, on the easy side of CES.

Returns an `Explanation`, in the words and rows of any other figure. What a score means, `metrics.satisfaction` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from cstui.base.ask import View
from cstui.base.days import Period
from cstui.base.errors import UsageError
from cstui.base.scores import parse_scale
from cstui.desk.counted import Side, counted
from cstui.desk.explain import Explanation, Wanted
from cstui.desk.figures import periods_of
from cstui.desk.voices import BANDS, EASY, AnswerPart
from cstui.metrics.cells import frame
from cstui.metrics.facts import AnswerRow
from cstui.metrics.figure import Figure, figure, ratio
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.rows import Evidence
from cstui.metrics.satisfaction import averaged, band, ease, latest, number
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_USUAL = {"nps": "0-10"}
"""The scale of a score that names none."""


def part_named(kind: str, text: str) -> AnswerPart:
    """The part that a person names: `promoters`, `easy`, `9`, `4@1-5`. Raises UsageError."""
    named = {f"{name}s": name for name in BANDS} if kind == "nps" else {EASY: EASY} if kind == "ces" else {}
    wanted = text.strip().casefold()
    if wanted in named:
        return AnswerPart(kind, named[wanted])
    score, given, scale = wanted.partition("@")
    scale = scale if given else _USUAL.get(kind, "")
    ends = parse_scale(scale)
    if ends is None or not score.isascii() or not score.isdigit() or not ends[0] <= int(score) <= ends[1]:
        ways = [*named, "a score on its scale, such as " + ("9 or 9@0-10" if kind == "nps" else "4@1-5")]
        raise UsageError(f"Answers of {kind} are told by {' or '.join(ways)}, not by “{text}”.")
    return AnswerPart(kind, scale=f"{ends[0]}-{ends[1]}", score=int(score))


def answers_behind(workspace: Workspace, part: AnswerPart, view: View, today: date, wanted: Wanted) -> Explanation:
    """The answers of a part in the last period that `view` asks for. Raises UnknownField, UsageError."""
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        period = periods_of(view, facts, today)[-1]
        against = wanted.against(period)
        (now, found), (then, before) = _read(facts, part, period), _read(facts, part, against)
        found.sort(key=lambda row: (-(row.numerator or 0), row.customer or 0, row.row))
        return counted(facts, view, wanted, _metric(part), Side(against, then, before), Side(period, now, found), part.kind)


def _read(facts: SqlFacts, part: AnswerPart, period: Period) -> tuple[Figure, list[Evidence]]:
    """The figure in a period, and its rows."""
    rows = list(_rows(facts, part, period))
    top, n, told = sum(int(row.numerator or 0) for row in rows), len(rows), frame(facts, period, "surveys")
    if part.what == EASY:
        return ratio(told, top, n, n=n, floor=METRICS["ces"].floor, base="nobody answered in the period"), rows
    return figure(told, top, numerator=top, n=n), rows


def _rows(facts: SqlFacts, part: AnswerPart, period: Period) -> Iterator[Evidence]:
    answers = list(facts.answers(part.kind, period))
    if part.what == EASY:
        for row in averaged(answers, facts.switches) or ():
            yield _row(row, Fraction(ease(row) > 0), Fraction(1))
        return
    for row in latest(answers) if part.what in BANDS else answers:
        if _counts(row, part, facts):
            yield _row(row, Fraction(1), None)


def _counts(row: AnswerRow, part: AnswerPart, facts: SqlFacts) -> bool:
    if part.what in BANDS:
        return band(row.score, facts.switches) == part.what
    return row.scale == part.scale and (part.score is None or int(number(row.score)) == part.score)


def _row(row: AnswerRow, top: Fraction, bottom: Fraction | None) -> Evidence:
    told = (f"{row.score} of {row.scale}", row.direction, row.touchpoint)
    return Evidence("survey", row.id, row.customer_id, top, bottom, " ".join(word for word in told if word))


def _metric(part: AnswerPart) -> Metric:
    """The part as a metric of its own."""
    name, whole = METRICS[part.kind].label, METRICS[part.kind]
    scale = part.scale.replace("-", "–")
    if part.what == EASY:
        definition = f"Of the answers that CES is the mean of, those on the easy side of the middle of their scale. {whole.definition}"
        return _as(part, f"{name}, the easy side", "ratio", definition, "answers on the easy side / answers", whole.switches)
    if part.what in BANDS:
        definition = f"Answers that count as a {part.what}'s. {whole.definition}"
        return _as(part, f"{name}, {part.what}s", "count", definition, f"count(answers of {part.what}s)", whole.switches)
    given = "" if part.score is None else f" of {part.score}"
    all_of = "All count, also those that NPS leaves out because their respondent answered again later. " if part.kind == "nps" else ""
    definition = f"{name} answers{given} on the scale {scale} in the period. {all_of}A score between two whole ones counts with the lower."
    return _as(part, f"{name} answers{given}, scale {scale}", "count", definition, "count(answers)", ())


def _as(part: AnswerPart, label: str, unit: str, definition: str, formula: str, switches: tuple[str, ...]) -> Metric:
    better = {"promoter": "higher", EASY: "higher", "detractor": "lower"}.get(part.what, "neither")
    return Metric(f"{part.kind}_answers", label, unit, better, "satisfaction", definition, formula, switches=switches)
