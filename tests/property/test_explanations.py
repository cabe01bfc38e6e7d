"""Every figure of the registry re-computes from what explains it: rows sum, formulas give the value, parts hold in turn."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from cstui.desk.figures import catalogue
from tests.oracle.companies import company
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


@pytest.mark.parametrize("seed", seeds(300, 6))
def test_rows_and_formulas_give_the_value(seed: int, tmp_path: Path) -> None:
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
                    assert {name: document[name] for name in shown[metric.id]} == shown[metric.id]
                    for row in document.get("rows", ()):
                        assert row["source"]["file"].endswith(".csv")
                        assert row["source"]["line"] >= 2
