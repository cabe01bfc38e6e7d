"""Repeat-purchase mode: every figure equals the oracle's, explains itself down to the payment, and holds what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cstui.desk.figures import catalogue
from tests.oracle.companies import Company, company
from tests.oracle.periods import Span, month, month_of
from tests.oracle.purchases import Purchases
from tests.oracle.shops import shop, shops
from tests.property.agreement import differences, questions
from tests.property.program import EXAMPLES, Question, ask, explained, imported, seeds, switch
from tests.property.test_explanations import recomputes
from tests.property.test_figures import QUICK
from tests.property.test_identities import groups_sum

CHOSEN = (("mode", "repeat_purchase"),)


def asked(chance: Random, made: Company, count: int) -> Iterator[Question]:
    """Questions about a shop; half of the companies that do subscribe are asked by their purchases too."""
    for question in questions(chance, made, count):
        kept = [pair for pair in question.switches if pair[0] not in ("past_due_days", "reactivation_gap_days")]
        yield replace(question, switches=(*kept, *CHOSEN)) if made.subscriptions else replace(question, switches=tuple(kept))


def check(made: Company, chance: Random, folder: Path, count: int) -> None:
    if made.facts().own_as_of is None:
        return
    with imported(made, folder) as ws:
        for question in asked(chance, made, count):
            found = [str(difference) for difference in differences(ws, made.facts(), question)]
            assert found == [], "\n".join([*found[:12], repr(made)])


@pytest.mark.slow
@settings(max_examples=EXAMPLES or 15, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(made=shops(5), chance=st.randoms(use_true_random=False))
def test_figures_of_a_shop_equal_the_oracle(made: Company, chance: Random, tmp_path: Path) -> None:
    check(made, chance, tmp_path, 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(700, 16))
def test_figures_equal_the_oracle_seeded(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    check(shop(chance, 8) if seed % 3 else company(chance, 6), chance, tmp_path, 3)


@pytest.mark.parametrize("seed", seeds(800, 5))
def test_rows_are_payments_and_give_the_value(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = shop(chance, 8)
    with imported(made, tmp_path) as ws:
        for question in asked(chance, made, 2):
            switch(ws, question.switches)
            for span in question.spans:
                shown = ask(ws, question, span)["metrics"]
                for metric in catalogue():
                    document = explained(ws, metric.id, question, span)
                    recomputes(metric.id, document)
                    assert {name: document[name] for name in shown[metric.id]} == shown[metric.id]
                    if metric.family == "customers":
                        assert {row["kind"] for row in document["rows"]} <= {"payment"}
                        assert {row["source"]["file"] for row in document["rows"]} <= {"payments.csv"}


@pytest.mark.parametrize("seed", seeds(900, 6))
def test_customers_roll_forward_and_groups_sum(seed: int, tmp_path: Path) -> None:
    """Active at the start + new who stayed + returned − churned = active at the end; nobody comes back without a purchase."""
    chance = Random(seed)
    made = shop(chance, 8)
    facts = made.facts()
    if facts.own_as_of is None:
        return
    life = Purchases(facts, facts.own_as_of)
    with imported(made, tmp_path) as ws:
        span = month(2025, 7)
        active = 0
        while span.start <= life.through:
            document = ask(ws, Question((span,), by="segment"), span)
            now = {name: found["value"] or 0 for name, found in document["metrics"].items()}
            stayed = _new_and_there(life, span)
            if span.start > month(2025, 7).start:
                assert active + stayed + now["customers_returned"] - now["customers_churned"] == now["customers_active"]
            returned = explained(ws, "customers_returned", Question((span,)), span)["rows"]
            for row in returned:
                assert any(span.start <= day < span.end for day in life.bought[row["customer_id"]])
            active = now["customers_active"]
            groups_sum(document)
            span = month_of(span.end)


def _new_and_there(life: Purchases, span: Span) -> int:
    """Customers first bought in the period and still active at its end."""
    firsts = {name: days[0] for name, days in life.bought.items() if days}
    return len([name for name, first in firsts.items() if span.start <= first < span.end and life.level(name, span.last)])
