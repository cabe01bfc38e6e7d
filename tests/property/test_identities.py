"""What must hold among the program's own figures, whatever the company, the period and the filter."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cstui.desk.figures import catalogue
from cstui.desk.workspace import Workspace
from tests.oracle.companies import company
from tests.oracle.periods import Span, add_months, month, month_of
from tests.property.agreement import questions
from tests.property.program import Document, Question, ask, imported, seeds, switch

SEEDS = seeds(100, 8)
NOT_ADDITIVE = frozenset(("arpc", "profit_per_customer", "cac", "clv", "clv_realised", "clv_net_of_cac", "first_mrr"))
"""Money a customer: the groups' quotients are no parts of the total."""
ADDITIVE = {metric.id for metric in catalogue() if metric.unit in ("count", "money")} - NOT_ADDITIVE
QUOTIENTS = (
    *("stickiness", "active_customer_share", "session_minutes", "high_effort_share", "nps", "csat"),
    *("trial_conversion_rate", "renewal_rate", "renewal_rate_value", "clv_realised", "first_mrr"),
)
"""Numerators and denominators of these add up over customers."""
BOUNDS = {"nps": (-100, 100), "csat": (0, 100)} | dict.fromkeys(("stickiness", "active_customer_share", "high_effort_share"), (0, 1))
MOVES = ("mrr_new", "mrr_expansion", "mrr_reactivation", "mrr_contraction", "mrr_churned", "mrr_fx")


def close(left: float, right: float) -> bool:
    return abs(left - right) <= 1e-7


def values(document: Document) -> dict[str, float | None]:
    return {name: found["value"] for name, found in document["metrics"].items()}


def roll_forward(ws: Workspace, question: Question, span: Span) -> None:
    """Start + new + expansion + reactivation - contraction - churned + fx = end, where all of them are known."""
    now = values(ask(ws, question, span))
    eve = Span(add_months(span.start.replace(day=1), -1), span.start)
    start = values(ask(ws, question, eve))["mrr"]
    parts = [now[name] for name in MOVES]
    new, expansion, reactivation, contraction, churned, fx = (part or 0.0 for part in parts)
    if now["mrr"] is None or None in parts:
        return
    assert close((start or 0.0) + new + expansion + reactivation - contraction - churned + fx, now["mrr"])
    net = now["mrr_net_new"]
    assert net is not None
    assert close(now["mrr"] - (start or 0.0), net)
    if now["arpc"] is not None and now["customers_active"] is not None:
        assert close(now["arpc"] * now["customers_active"], now["mrr"])


def groups_sum(document: Document) -> None:
    """The groups of a breakdown are the total, taken apart."""
    for name in ADDITIVE:
        total = document["metrics"][name]["value"]
        each = [group["metrics"][name]["value"] for group in document["groups"]]
        if total is not None and None not in each:
            assert close(sum(each), total), name
    for name in QUOTIENTS:
        total = document["metrics"][name]
        each = [group["metrics"][name] for group in document["groups"]]
        if total["value"] is not None and all(one["value"] is not None or one["status"] == "zero_base" for one in each):
            for side in ("numerator", "denominator"):
                assert close(sum(one[side] for one in each), total[side]), name


def within_bounds(document: Document) -> None:
    """Scales end where they end; the three kinds of answer to NPS are all of them; who is there daily is there monthly."""
    found = values(document)
    for name, (low, high) in BOUNDS.items():
        value = found[name]
        assert value is None or low <= value <= high, name
    dau, wau, mau = (found[name] for name in ("dau", "wau", "mau"))
    if dau is not None and wau is not None and mau is not None:
        assert dau <= wau <= mau
    if found["nps"] is not None:
        shares = document["metrics"]["nps"]["parts"]["shares"]
        assert close(sum(shares.values()), 1)
        assert close(100 * (shares["promoters"] - shares["detractors"]), found["nps"])


@pytest.mark.parametrize("seed", SEEDS)
def test_movements_lead_from_start_to_end_and_groups_sum(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = company(chance, 8)
    with imported(made, tmp_path) as ws:
        for question in questions(chance, made, 3):
            switch(ws, question.switches)
            for span in question.spans:
                roll_forward(ws, question, span)
                within_bounds(ask(ws, question, span))
                if question.by is not None:
                    groups_sum(ask(ws, question, span))


@pytest.mark.parametrize("seed", SEEDS)
def test_new_customers_are_the_difference_of_cumulative_customers(seed: int, tmp_path: Path) -> None:
    """`customers_new` of any two adjoining periods is that of both together; months sum to the whole."""
    chance = Random(seed)
    made = company(chance, 8)
    own = made.facts().own_as_of
    assert own is not None
    with imported(made, tmp_path) as ws:
        ever, span = 0, month(2025, 4)
        while span.start <= own:
            ever += ask(ws, Question((span,)), span, ["customers_new"])["metrics"]["customers_new"]["value"] or 0
            whole = Span(month(2025, 4).start, span.end)
            together = ask(ws, Question((whole,)), whole, ["customers_new"])["metrics"]["customers_new"]["value"]
            assert (together or 0) == ever
            span = month_of(span.end)
