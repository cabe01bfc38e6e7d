"""The oracle itself, on cases worked by hand from the catalogue's sentences and on published examples."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from tests.oracle.companies import Company, company
from tests.oracle.periods import Span, from_to, month, quarter, trailing, year
from tests.oracle.raw import Answer
from tests.oracle.reading import Reading
from tests.oracle.selection import Switches, switches_of
from tests.worked.cases import CASES, Case, sub


def reading(*rows: dict[str, str], as_of: date | None = None, **switches: int) -> Reading:
    return Reading(Company((), rows, ()).facts(), as_of=as_of, switches=switches_of({name: str(days) for name, days in switches.items()}))


def value(metric: str, span: Span, *rows: dict[str, str], as_of: date | None = None, **switches: int) -> Fraction | None:
    return reading(*rows, as_of=as_of, **switches).ask(metric, span).value


LATER = sub(99, 0, "2026-08-31")
"""Free, and moves as_of to the end of August 2026."""


@pytest.mark.parametrize("case", [case for case in CASES if len(case.company.subscriptions) < 2000], ids=lambda case: case.id)
def test_published_examples(case: Case) -> None:
    found = Reading(case.company.facts(), switches=switches_of(case.switches or {}))
    for metric, expected in case.expected.items():
        answer = found.ask(metric, case.span)
        assert answer.value is not None, metric
        assert float(answer.value) == pytest.approx(expected, rel=0, abs=case.tolerance + 1e-12), metric


def test_an_end_on_the_first_still_counts_in_the_month_before() -> None:
    row = sub(1, 10, "2026-01-01", "2026-03-01")
    assert value("mrr", month(2026, 2), row, LATER) == 10
    assert value("mrr_churned", month(2026, 3), row, LATER) == 10
    assert value("mrr", month(2026, 3), row, LATER) == 0


def test_a_later_row_of_the_same_id_ends_the_one_before() -> None:
    rows = (sub(1, 10, "2026-01-01"), sub(1, 25, "2026-03-05"), LATER)
    assert value("mrr", month(2026, 2), *rows) == 10
    assert value("mrr", month(2026, 3), *rows) == 25
    assert value("mrr_expansion", month(2026, 3), *rows) == 15


def test_a_trial_pays_from_its_end_and_a_lost_one_never() -> None:
    assert value("mrr", month(2026, 1), sub(1, 10, "2026-01-01", trial_end="2026-02-01"), LATER) == 0
    assert value("mrr", month(2026, 2), sub(1, 10, "2026-01-01", trial_end="2026-02-01"), LATER) == 10
    lost = sub(1, 10, "2026-01-01", "2026-02-01", trial_end="2026-02-01")
    assert value("customers_new", year(2026), lost, LATER) == 0


def test_a_cancellation_is_scheduled_churn_until_its_period_ends() -> None:
    row = sub(1, 10, "2026-01-01", cancel_requested_at="2026-08-10", current_period_end="2026-09-15")
    assert value("mrr", month(2026, 8), row, LATER) == 10
    assert value("mrr_scheduled_churn", month(2026, 8), row, LATER) == 10
    assert value("mrr_scheduled_churn", month(2026, 8), row, LATER, as_of=date(2026, 8, 9)) == 0


def test_a_future_end_counts_as_scheduled_only_where_it_was_known() -> None:
    row = sub(1, 10, "2026-01-01", "2026-12-31")
    assert value("mrr_scheduled_churn", month(2026, 8), row, LATER) == 10
    assert value("mrr_scheduled_churn", month(2026, 6), row, LATER, as_of=date(2026, 6, 30)) == 0
    asked = row | {"cancel_requested_at": "2026-06-01"}
    assert value("mrr_scheduled_churn", month(2026, 6), asked, LATER, as_of=date(2026, 6, 30)) == 10


def test_statuses_without_a_date_describe_as_of_only() -> None:
    paused = sub(1, 10, "2026-01-01", status="paused")
    assert value("mrr", month(2026, 7), paused, LATER) == 10
    assert value("mrr", month(2026, 8), paused, LATER) == 0
    since = paused | {"status_since": "2026-07-31"}
    assert value("mrr", month(2026, 7), since, LATER) == 0
    gone = sub(1, 10, "2026-01-01", status="cancelled")
    assert value("customers_churned", month(2026, 8), gone, LATER) == 1
    assert value("mrr", month(2026, 7), gone, LATER, as_of=date(2026, 7, 31)) == 10


def test_past_due_is_churn_after_thirty_days() -> None:
    row = sub(1, 10, "2026-01-01", status="past_due", current_period_end="2026-07-02")
    assert value("mrr", month(2026, 7), row, LATER) == 10  # 31 July is the 30th day
    assert value("mrr", month(2026, 7), row, LATER, past_due_days=29) == 0
    assert value("mrr_churned", month(2026, 8), row, LATER) == 10


def test_a_short_gap_is_bridged_only_by_the_switch() -> None:
    rows = (sub(1, 10, "2026-01-01", "2026-02-27"), sub(1, 30, "2026-03-03") | {"subscription_id": "again"}, LATER)
    assert value("mrr", month(2026, 2), *rows) == 0
    assert value("mrr_reactivation", month(2026, 3), *rows) == 30
    assert value("mrr", month(2026, 2), *rows, reactivation_gap_days=5) == 10
    assert value("mrr", month(2026, 2), *rows, reactivation_gap_days=4) == 0
    assert value("mrr_expansion", month(2026, 3), *rows, reactivation_gap_days=5) == 20


def test_intervals_and_discounts() -> None:
    def monthly(**more: str) -> Fraction | None:
        return value("mrr", month(2026, 3), sub(1, 12, "2026-01-01", **more), LATER)

    assert monthly(interval="week") == 52
    assert monthly(interval="day") == 365
    assert monthly(interval="year", interval_count="2") == Fraction(1, 2)
    assert monthly(quantity="3", discount="6") == 30
    assert monthly(discount="20") == 0
    assert monthly(quantity="0") == 0


def test_as_of_ignores_what_has_not_happened() -> None:
    rows = ({"customer_id": "a", "created_at": "2026-09-18"}, {"customer_id": "b", "created_at": "2027-01-01"})
    facts = Company(rows, (sub(1, 10, "2026-01-01", "2026-12-31", current_period_end="2026-09-19", trial_end="2026-09-19"),), ()).facts()
    assert facts.own_as_of == date(2026, 9, 18)


def test_previous_periods() -> None:
    assert month(2026, 3).previous == month(2026, 2)
    assert quarter(2026, 1).previous == quarter(2025, 4)
    assert trailing(3, date(2026, 5, 9)) == Span(date(2026, 3, 1), date(2026, 6, 1))
    assert from_to(date(2026, 3, 2), date(2026, 3, 11)).previous == from_to(date(2026, 2, 20), date(2026, 3, 1))


def test_foreign_money_is_a_missing_rate() -> None:
    found = reading(sub(1, 10, "2026-01-01"), sub(2, 10, "2026-01-01", currency="EUR"), LATER)
    assert found.ask("mrr", month(2026, 3)) == Answer(None, "missing_rate")
    assert found.ask("customers_active", month(2026, 3)).value == 2
    assert found.ask("mrr_new", month(2026, 3)).value == 0


def test_revenue_takes_refunds_by_their_absolute_value() -> None:
    def pay(number: int, amount: str, kind: str, status: str = "paid") -> dict[str, str]:
        row = {"payment_id": f"p{number}", "customer_id": "c-1", "amount": amount, "kind": kind, "status": status, "paid_at": "2026-03-04"}
        return row | {"source": "bank"}

    rows = (pay(1, "100", "recurring"), pay(2, "-20", "refund"), pay(3, "5", "refund"), pay(4, "60", "one_off"), pay(5, "9", "", "failed"))
    found = Reading(Company((), (sub(1, 10, "2026-01-01"),), rows).facts())
    answer = found.ask("revenue", month(2026, 3))
    assert answer.value == 135
    assert answer.parts == {"bank": Fraction(135)}
    assert found.ask("mrr_with_addons", month(2026, 3)).value == 30
    assert found.ask("revenue", month(2026, 2)).status == "no_data"


MOVEMENTS = "customers_new mrr mrr_new mrr_expansion mrr_reactivation mrr_contraction mrr_churned mrr_fx".split()


@pytest.mark.parametrize("seed", range(40))
def test_identities_hold_in_the_reading_itself(seed: int) -> None:
    made = company(Random(seed))
    facts = made.facts()
    one_currency = {s.currency for s in facts.subscriptions} <= {made.currency}
    found = Reading(facts, switches=Switches(reactivation_gap_days=seed % 7))
    span = month(2025, 6)
    ever = Fraction(0)
    while span.start <= found.as_of:
        get = {name: found.ask(name, span).value or Fraction(0) for name in MOVEMENTS}
        ever += get["customers_new"]
        before = found.levels
        assert ever == len([c for c in found.customers if (first := before.first_paid(c.customer_id)) and first <= span.last])
        if one_currency:
            start = sum((sum(m.start.values()) for m in found.moves(span)), Fraction(0))
            gained = get["mrr_new"] + get["mrr_expansion"] + get["mrr_reactivation"]
            assert start + gained - get["mrr_contraction"] - get["mrr_churned"] + get["mrr_fx"] == get["mrr"]
        span = Span(span.end, (span.end + timedelta(days=31)).replace(day=1))
