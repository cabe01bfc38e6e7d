"""Every figure of the registry re-computes from what explains it: rows sum, formulas give the value, parts hold in turn.

So does its difference from the period before: what customers, sides and parts contributed adds up to it.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from cstui.base.days import Period, iso, to_date, to_day
from cstui.desk.explain import Wanted, explain
from cstui.desk.figures import catalogue
from cstui.store import columns
from tests.oracle.companies import IMPORT_DAY, company
from tests.oracle.periods import Span
from tests.property.agreement import questions
from tests.property.program import Document, ask, explained, imported, seeds, switch

OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: Mapping[str, Callable[[Sequence[float]], float]] = {"mean": fmean, "min": min, "max": max}
TIMES = {"nps": 100, "csat": 100}
"""Figures on a scale of their own: what the share is multiplied by."""
TOLERANCE = 1e-6


def evaluated(formula: str, values: Mapping[str, float]) -> float:
    """A formula over other metrics, such as `profit / mean(customers_active.start, customers_active.end)`."""

    def of(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return OPERATORS[type(node.op)](of(node.left), of(node.right))
        if isinstance(node, ast.Name | ast.Attribute):
            return values[ast.unparse(node)]
        if isinstance(node, ast.Call):
            return FUNCTIONS[ast.unparse(node.func)]([of(argument) for argument in node.args])
        assert isinstance(node, ast.Constant), formula
        assert isinstance(node.value, int | float), formula
        return node.value

    return of(ast.parse(formula, mode="eval").body)


def recomputes(name: str, document: Document) -> None:
    """The document's value follows from its rows or from its parts. Raises AssertionError."""
    value = document["value"]
    if "explained" in document:
        for part, inner in document["explained"].items():
            recomputes(part, inner)
        parts = {part: inner["value"] for part, inner in document["explained"].items()}
        if value is not None:
            assert evaluated(document["formula"], parts) == pytest.approx(value, abs=TOLERANCE), name
        return
    rows = document["rows"]
    if value is None and document["status"] != "zero_base":
        return
    numerator = sum(row["numerator"] for row in rows)
    if document["denominator"] is None:
        assert numerator == pytest.approx(value, abs=TOLERANCE), name
        return
    denominator = sum(row["denominator"] for row in rows)
    assert numerator == pytest.approx(document["numerator"], abs=TOLERANCE), name
    assert denominator == pytest.approx(document["denominator"], abs=TOLERANCE), name
    if value is not None:
        share = document["numerator"] / document["denominator"]
        assert TIMES.get(name, 1) * share == pytest.approx(value, abs=TOLERANCE), name


def differs(name: str, document: Document) -> None:
    """The document's difference is that of its value from the one before, and what made it adds up to it. Raises AssertionError."""
    difference = document["difference"]
    assert difference["now"] == document["value"], name
    assert difference["before"] == document["previous"], name
    for part, inner in document.get("explained", {}).items():
        differs(part.partition(".")[0], inner) if inner["value"] != 0 else None
    if document["value"] is None or document["previous"] is None:
        assert difference["value"] is None, name
        assert difference["reason"], name
        assert difference["movers"] == [], name
        return
    assert difference["value"] == pytest.approx(document["value"] - document["previous"], abs=TOLERANCE), name
    if difference["method"] is None:
        return
    movers = sum(mover["contribution"] for mover in difference["movers"]) + difference["rest"]
    if difference["method"] == "parts":
        effects = [part["effect"] for part in difference["parts"].values()]
        assert None not in effects, name
        assert sum(effects) == pytest.approx(difference["value"], abs=TOLERANCE), name
        before, now = ({part: side[when] for part, side in difference["parts"].items()} for when in ("before", "now"))
        assert evaluated(document["formula"], before) == pytest.approx(document["previous"], abs=TOLERANCE), name
        assert evaluated(document["formula"], now) == pytest.approx(document["value"], abs=TOLERANCE), name
        return
    assert movers == pytest.approx(difference["value"], abs=TOLERANCE), name
    sizes = [abs(mover["contribution"]) for mover in difference["movers"]]
    assert sizes == sorted(sizes, reverse=True), name
    assert len({(mover["customer_id"], mover["what"]) for mover in difference["movers"]}) == len(sizes), name
    if difference["method"] == "ratio":
        sides = [difference[side] for side in ("numerator", "denominator")]
        assert sum(side["effect"] for side in sides) == pytest.approx(difference["value"], abs=TOLERANCE), name
        for side, key in zip(sides, ("numerator", "denominator"), strict=True):
            assert side["now"] == pytest.approx(document[key], abs=TOLERANCE), name
            change = sum(
                ((mover[when] or {key: 0})[key] or 0) * sign
                for mover in difference["movers"]
                for when, sign in (("now", 1), ("before", -1))
            )
            assert change == pytest.approx(side["now"] - side["before"], abs=TOLERANCE), name


def adds(document: Document) -> dict[str, tuple[float, float]]:
    """What each customer adds by the document's rows."""
    found: dict[str, tuple[float, float]] = {}
    for row in document["rows"]:
        if row["customer_id"] is not None:
            top, bottom = found.get(row["customer_id"], (0, 0))
            found[row["customer_id"]] = top + (row["numerator"] or 0), bottom + (row["denominator"] or 0)
    return found


def moved_by_rows(name: str, document: Document, before: Document) -> None:
    """Who moved a counted figure, and from what to what, is what the rows of both periods say. Raises AssertionError."""
    difference = document["difference"]
    if difference["method"] not in ("sum", "ratio"):
        return
    then, now = adds(before), adds(document)
    movers = {mover["customer_id"]: mover for mover in difference["movers"] if mover["customer_id"] is not None}
    for customer in then.keys() | now.keys():
        a, b = then.get(customer, (0, 0)), now.get(customer, (0, 0))
        if max(abs(one - other) for one, other in zip(a, b, strict=True)) > TOLERANCE:
            mover = movers[customer]
            for pair, when in ((a, "before"), (b, "now")):
                shown = mover[when] or {"numerator": 0, "denominator": 0}
                assert shown["numerator"] == pytest.approx(pair[0], abs=TOLERANCE), name
                assert (shown["denominator"] or 0) == pytest.approx(pair[1], abs=TOLERANCE), name
            if difference["method"] == "sum":
                assert mover["contribution"] == pytest.approx(b[0] - a[0], abs=TOLERANCE), name
        else:
            assert customer not in movers, name


def before(span: Span) -> Span:
    """The period of equal length that ends at its start."""
    previous = Period(to_day(span.start), to_day(span.end)).previous
    return Span(to_date(previous.start), to_date(previous.end))


def first_of(name: str, few: Document, whole: Document, limit: int) -> None:
    """With a limit the rows and movers are the largest of all, as many. Raises AssertionError."""
    for part, inner in few.get("explained", {}).items():
        first_of(part, inner, whole["explained"][part], limit)
    if "rows" in few:
        assert len(few["rows"]) == min(limit, len(whole["rows"])), name
        assert all(row in whole["rows"] for row in few["rows"]), name
        sizes = [[abs(row["numerator"] or 0) for row in document["rows"]] for document in (few, whole)]
        assert sizes[0] == sizes[1][: len(sizes[0])], name
    assert few["difference"]["movers"] == whole["difference"]["movers"][:limit], name
    assert few["difference"]["total"] == len(whole["difference"]["movers"]), name


@pytest.mark.parametrize("seed", seeds(300, 6))
def test_rows_and_formulas_give_the_value(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other one read as columns, as a workspace of many customers is."""
    if seed % 2:
        monkeypatch.setattr(columns, "MANY", 0)
    chance = Random(seed)
    made = company(chance, 8)
    with imported(made, tmp_path) as ws:
        for question in questions(chance, made, 2):
            switch(ws, question.switches)
            for span in question.spans:
                shown = ask(ws, question, span)["metrics"]
                for metric in catalogue():
                    document = explained(ws, metric.id, question, span)
                    assert ("rows" in document) != ("explained" in document), metric.id
                    recomputes(metric.id, document)
                    differs(metric.id, document)
                    first_of(metric.id, explained(ws, metric.id, question, span, 2), document, 2)
                    if "rows" in document:
                        moved_by_rows(metric.id, document, explained(ws, metric.id, question, before(span)))
                    assert {name: document[name] for name in shown[metric.id]} == shown[metric.id]
                    for row in document.get("rows", ()):
                        assert row["source"]["file"].endswith(".csv")
                        assert row["source"]["line"] >= 2


@pytest.mark.parametrize("seed", seeds(320, 3))
def test_a_figure_is_held_against_the_year_before_as_against_the_period_before(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = company(chance, 8)
    with imported(made, tmp_path) as ws:
        for question in questions(chance, made, 2):
            switch(ws, question.switches)
            for span in question.spans:
                earlier = Period(to_day(span.start), to_day(span.end)).year_before
                then = ask(ws, question, Span(to_date(earlier.start), to_date(earlier.end)))["metrics"]
                for metric in catalogue():
                    document = explained(ws, metric.id, question, span, year_before=True)
                    before = None if metric.timeless else then[metric.id]["value"]
                    assert document["previous"] == before, metric.id
                    assert document["difference"]["previous"] == {"start": iso(earlier.start), "end": iso(earlier.end)}
                    differs(metric.id, document)


@pytest.mark.parametrize("seed", seeds(340, 4))
def test_how_many_rows_there_are_is_told_right_or_not_at_all(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 2:
        monkeypatch.setattr(columns, "MANY", 0)
    chance = Random(seed)
    made = company(chance, 10)
    with imported(made, tmp_path) as ws:
        for question in questions(chance, made, 2):
            switch(ws, question.switches)
            for span in question.spans:
                for metric in catalogue():
                    view = question.view(span)._replace(by=None)
                    few, whole = (explain(ws, metric.id, view, IMPORT_DAY, Wanted(limit=limit, parts=False)) for limit in (3, None))
                    if few.rows is not None and whole.rows is not None:
                        assert few.total_rows in (None, len(whole.rows)), metric.id
                        assert whole.total_rows == len(whole.rows), metric.id
