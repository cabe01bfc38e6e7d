"""Published worked examples of customer value (ltv-01 to ltv-06), as small companies whose figures come to the published inputs.

Two of them are traps: their lifetimes, 100 and 200 months, are longer than the 60 that a customer is taken to stay. The published value is
then what the part `uncapped` says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.companies import Company
from tests.oracle.periods import month
from tests.oracle.reading import Reading
from tests.property.program import Document, Question, ask, imported, switch
from tests.worked.cases import sub

CASES = (
    ("ltv-01", 50, 0.9, 10, 450, 450),
    ("ltv-02", 200, 0.85, 3, 5666.67, 5666.67),
    ("ltv-03", 100, 0.8, 5, 1600, 1600),
    ("ltv-04", 500, 0.7, 2, 17_500, 17_500),
    # TRAP: 100 and 200 months of lifetime, capped at 60.
    ("ltv-05", 1000, 0.75, 1, 45_000, 75_000),
    ("ltv-06", 2000, 0.6, 0.5, 72_000, 240_000),
)
"""Id, revenue of a customer, gross margin, customers lost of a hundred each month, value, published value."""


def company(price: int, margin: float, lost: float, *, costs: bool = True) -> Company:
    """200 customers in every month, of whom as many are lost as join; revenue and its cost as published."""
    base, leaving = 200, int(2 * lost)
    rows, number = [sub(n, price, "2025-01-01") for n in range(base)], base
    for index in range(6):
        for n in range(leaving):
            rows[index * leaving + n]["ended_at"] = f"2026-{index + 3:02d}-10"
            rows.append(sub(number, price, f"2026-{index + 3:02d}-10"))
            number += 1
    paid = [
        {"payment_id": f"p-{n}", "customer_id": "c-0", "amount": "1000", "paid_at": f"{day}-05", "currency": "USD"}
        for n, day in enumerate(("2026-06", "2026-07", "2026-08"))
    ]
    spent = [
        {"date": f"{day}-05", "category": "cost_of_revenue", "amount": f"{1000 * (1 - margin):.2f}"}
        for day in ("2026-06", "2026-07", "2026-08")
    ]
    return Company((), (*rows, sub(10**6, 0, "2026-08-31")), tuple(paid), costs=tuple(spent) if costs else ())


def asked(made: Company, folder: Path, **switches: str) -> dict[str, Document]:
    with imported(made, folder) as ws:
        switch(ws, tuple(switches.items()))
        span = month(2026, 8)
        found: dict[str, Document] = ask(ws, Question((span,)), span, ["clv", "arpc", "customer_churn_rate"])["metrics"]
        return found


@pytest.mark.parametrize(("name", "price", "margin", "lost", "value", "published"), CASES, ids=str)
def test_the_published_value(name: str, price: int, margin: float, lost: float, value: float, published: float, tmp_path: Path) -> None:
    made = company(price, margin, lost)
    found = asked(made, tmp_path)
    assert found["arpc"]["value"] == price
    assert found["customer_churn_rate"]["value"] == pytest.approx(lost / 100)
    clv = found["clv"]
    assert clv["parts"]["margin"] == pytest.approx(margin), name
    assert clv["value"] == pytest.approx(value, abs=0.5)
    assert clv["parts"]["uncapped"] == pytest.approx(published, abs=0.5)
    assert clv["parts"]["capped"] is (value != published)
    assert ("capped at 60 months" in clv.get("reason", "")) is (value != published)
    oracle = Reading(made.facts()).ask("clv", month(2026, 8)).value
    assert oracle is not None
    assert clv["value"] == pytest.approx(float(oracle))


def test_without_costs_the_margin_is_1_and_that_is_said(tmp_path: Path) -> None:
    clv = asked(company(50, 0.9, 10, costs=False), tmp_path)["clv"]
    assert clv["value"] == pytest.approx(500)
    assert clv["status"] == "ok"
    assert clv["reason"].startswith("before costs")


def test_a_margin_that_is_set_needs_no_costs(tmp_path: Path) -> None:
    assert asked(company(50, 0.9, 10, costs=False), tmp_path, gross_margin="0.9")["clv"]["value"] == pytest.approx(450)


def test_a_margin_of_nothing_and_too_few_who_left_have_no_value(tmp_path: Path) -> None:
    loss = asked(company(50, -0.2, 10), tmp_path)["clv"]
    assert (loss["value"], loss["status"]) == (None, "no_data")
    assert loss["reason"].startswith("margin_not_positive")
    few = asked(company(50, 0.9, 0), tmp_path)["clv"]
    assert (few["value"], few["status"]) == (None, "no_data")
    assert few["reason"].startswith("too_few_churned")
