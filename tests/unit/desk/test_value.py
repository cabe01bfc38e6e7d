"""`desk.value` over small workspaces made for it: what is refused and why, what each customer is expected to do, filters and days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import View, where_of
from cstui.base.days import iso, parse_iso
from cstui.base.errors import UsageError
from cstui.desk.explain import Explanation, Wanted
from cstui.desk.subjects import ValueOf
from cstui.desk.value import LIFETIME_MONTHS, REPEATS, RETENTION, SPEND, TERM, TRACK, ValuePoint, ValueSnapshot, value
from cstui.desk.workspace import Workspace
from tests.oracle.companies import IMPORT_DAY, Company
from tests.property.program import imported

START = date(2025, 1, 1)
END = date(2026, 8, 31)
NOW = View()


def shop(customers: int = 260, *, currency: str = "USD") -> Company:
    """Customers with rates, chances of leaving and means of spend of their own, in two segments."""
    chance = Random(5)
    people: list[dict[str, str]] = []
    rows: list[dict[str, str]] = []
    for number in range(customers):
        name = f"c-{number:03d}"
        people.append({"customer_id": name, "name": f"[/] {number}", "segment": "b2b" if number % 4 == 0 else "b2c"})
        rate, leaves, mean = chance.gammavariate(1.2, 1 / 20), chance.betavariate(1, 4), 20 / chance.gammavariate(5, 1 / 4)
        day = START + timedelta(days=chance.randint(0, 300))
        while day <= END:
            amount = f"{max(0.01, chance.gammavariate(4, mean / 4)):.2f}"
            row = {"payment_id": f"p-{len(rows)}", "customer_id": name, "paid_at": day.isoformat(), "amount": amount}
            rows.append(row | {"currency": currency, "kind": "one_off"})
            if chance.random() < leaves:
                break
            day += timedelta(days=1 + int(chance.expovariate(rate)))
    return Company(tuple(people), (), tuple(rows))


@contextmanager
def asked(made: Company, folder: Path) -> Iterator[Workspace]:
    with imported(made, folder) as ws:
        yield ws


@pytest.fixture(scope="module")
def made() -> Company:
    return shop()


@pytest.fixture(scope="module")
def workspace(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with imported(made, tmp_path_factory.mktemp("shop")) as ws:
        yield ws


@pytest.fixture(scope="module")
def snapshot(workspace: Workspace) -> ValueSnapshot:
    return value(workspace, View(), IMPORT_DAY)


def test_everybody_is_expected_something(snapshot: ValueSnapshot, made: Company) -> None:
    assert snapshot.mode == "repeat_purchase"
    assert snapshot.purchases is not None
    assert snapshot.spending is not None
    assert snapshot.purchases.model.usable
    assert snapshot.total == len(snapshot.buyers) == snapshot.purchases.customers == len(made.customers)
    bought: dict[str, set[str]] = {}
    for row in made.payments:
        bought.setdefault(row["customer_id"], set()).add(row["paid_at"])
    for buyer in snapshot.buyers:
        days = bought[buyer.customer_id]
        assert (buyer.purchases, iso(buyer.first), iso(buyer.last)) == (len(days), min(days), max(days))
        assert 0 <= buyer.alive <= 1
        assert buyer.expected >= 0
        assert buyer.spend is not None
        assert buyer.value == pytest.approx(buyer.expected * buyer.spend)
    values = [buyer.value or 0 for buyer in snapshot.buyers]
    assert values == sorted(values, reverse=True)


def test_tables_hold_the_model_against_what_happened(snapshot: ValueSnapshot) -> None:
    purchases = snapshot.purchases
    assert purchases is not None
    assert sum(line.actual for line in purchases.frequencies) == purchases.customers
    assert sum(line.expected for line in purchases.frequencies) == pytest.approx(purchases.customers)
    assert [point.day for point in purchases.track] == sorted({point.day for point in purchases.track})
    last = purchases.track[-1]
    assert last.actual == purchases.repeats
    assert last.expected == pytest.approx(purchases.repeats, rel=0.15)
    assert purchases.holdout is not None
    assert purchases.until is not None
    assert purchases.holdout.until < purchases.until
    assert purchases.holdout.expected == pytest.approx(purchases.holdout.actual, rel=0.35)
    spending = snapshot.spending
    assert spending is not None
    assert sum(line.actual for line in spending.buckets) == spending.customers
    assert sum(line.expected for line in spending.buckets) == pytest.approx(spending.customers)


def rows_of(ws: Workspace, point: ValuePoint, view: View = NOW) -> Explanation:
    """What is behind a place, whose rows come to its figure."""
    found = ValueOf(point, view).explain(ws, IMPORT_DAY, Wanted(difference=True))
    rows = found.rows or ()
    assert len(rows) == found.total_rows
    top = sum((row.numerator or Fraction(0) for row in rows), Fraction(0))
    below = sum((row.denominator or Fraction(0) for row in rows), Fraction(0))
    assert found.answer.figure.value == (top / below if below else top)
    assert all(row.file is not None and row.line is not None for row in rows)
    assert found.difference is not None
    return found


def test_each_place_of_the_tables_opens_its_customers(workspace: Workspace, snapshot: ValueSnapshot) -> None:
    purchases, spending = snapshot.purchases, snapshot.spending
    assert purchases is not None
    assert spending is not None
    for index, line in enumerate(purchases.frequencies):
        found = rows_of(workspace, ValuePoint(REPEATS, at=index))
        assert found.answer.figure.value == line.actual
        assert found.answer.figure.parts == {"expected": Fraction(line.expected)}
    for index, line in enumerate(spending.buckets):
        assert rows_of(workspace, ValuePoint(SPEND, at=index)).answer.figure.value == line.actual
    for point in purchases.track[::7]:
        assert rows_of(workspace, ValuePoint(TRACK, at=point.day)).answer.figure.value == point.actual
    everybody = rows_of(workspace, ValuePoint())
    assert float(everybody.answer.figure.value or 0) == pytest.approx(snapshot.worth)
    assert everybody.total_rows == snapshot.total
    few = ValueOf(ValuePoint(), NOW).explain(workspace, IMPORT_DAY, Wanted(limit=2))
    assert few.rows == (everybody.rows or ())[:2]
    assert few.total_rows == snapshot.total


def test_a_day_of_calibration_is_the_end_of_what_the_model_sees(workspace: Workspace, made: Company) -> None:
    day = "2026-03-31"
    found = value(workspace, View(), IMPORT_DAY, until=parse_iso(day))
    assert found.purchases is not None
    assert found.purchases.holdout is not None
    assert iso(found.purchases.until or 0) == iso(found.purchases.holdout.until) == day
    later = {(row["customer_id"], row["paid_at"]) for row in made.payments if row["paid_at"] > day}
    early = {row["customer_id"] for row in made.payments if row["paid_at"] <= day}
    assert found.purchases.holdout.actual == len([pair for pair in later if pair[0] in early])
    as_of = value(workspace, View(as_of=parse_iso(day)), IMPORT_DAY)
    assert as_of.purchases is not None
    assert as_of.purchases.model.parameters == found.purchases.model.parameters, "what came later changes nothing"
    assert [buyer.expected for buyer in as_of.buyers] == [buyer.expected for buyer in found.buyers]
    with pytest.raises(UsageError, match="Payments are known through"):
        value(workspace, View(), IMPORT_DAY, until=parse_iso("2026-12-31"))
    with pytest.raises(UsageError, match="1 to 520 weeks"):
        value(workspace, View(), IMPORT_DAY, weeks=521)


def test_a_filter_chooses_whom_the_model_is_fitted_on(workspace: Workspace) -> None:
    found = value(workspace, View(where=where_of([("segment", "b2b")])), IMPORT_DAY, limit=3)
    assert found.purchases is not None
    assert found.purchases.customers == 65
    assert found.purchases.model.status == "too_thin"
    assert found.purchases.model.reason == "65 customers who bought, 100 are needed"
    assert found.buyers == ()
    rest = value(workspace, View(where=where_of([("segment", "b2c")])), IMPORT_DAY, limit=3)
    assert rest.purchases is not None
    assert rest.purchases.customers == rest.total == 195
    assert len(rest.buyers) == 3


def test_spend_without_a_rate_is_left_out_and_said(tmp_path: Path) -> None:
    with imported(shop(120, currency="EUR"), tmp_path) as ws:
        found = value(ws, View(), IMPORT_DAY)
        assert found.spending is not None
        assert found.spending.unpriced > 100
        assert found.spending.model.status == "too_thin"
        assert found.purchases is not None
        assert found.purchases.model.usable
        assert {buyer.value for buyer in found.buyers} == {None}
        assert [buyer.expected for buyer in found.buyers] == sorted((buyer.expected for buyer in found.buyers), reverse=True)


def subscribers(monthly: int) -> Company:
    """Customers of whom some leave at the end of each month, and a few who pay by the quarter."""
    chance = Random(8)
    rows = []
    for number in range(monthly):
        start, leaves = START + timedelta(days=chance.randint(0, 200)), chance.betavariate(0.8, 6)
        months = next((k for k in range(1, 40) if chance.random() < leaves), 40)
        month = start.month - 1 + months
        ended = date(start.year + month // 12, month % 12 + 1, min(start.day, 28))
        row = {"subscription_id": f"s-{number}", "customer_id": f"c-{number}", "started_at": start.isoformat(), "amount": "50"}
        rows.append(row | {"currency": "USD", "interval": "month", "ended_at": ended.isoformat() if ended <= END else ""})
    quarterly = {"subscription_id": "q", "customer_id": "q", "started_at": "2025-02-01", "amount": "90", "currency": "USD"}
    return Company((), (*rows, quarterly | {"interval": "quarter", "ended_at": ""}), ())


def test_lifetimes_of_subscribers(tmp_path: Path) -> None:
    with imported(subscribers(300), tmp_path) as ws:
        found = value(ws, View(), IMPORT_DAY)
        with pytest.raises(UsageError, match="for repeat purchases"):
            value(ws, View(), IMPORT_DAY, until=parse_iso("2026-01-01"))
    monthly, quarterly = found.lifetimes
    assert found.mode == "subscription"
    assert (monthly.months, monthly.customers) == (1, 300)
    assert monthly.model.usable
    assert quarterly.model.status == "too_thin"
    assert (quarterly.model.reason or "").startswith("1 customer with such a term, 50 are needed")
    assert monthly.terms[0].at_risk == 300
    assert monthly.terms[0].retention == pytest.approx(monthly.terms[0].expected_retention, abs=0.05)
    assert monthly.expected_months is not None
    assert 1 < monthly.expected_months < LIFETIME_MONTHS
    assert found.total == len(found.subscribers) == 300 - monthly.left
    longest = max(found.subscribers, key=lambda one: one.renewed)
    newest = min(found.subscribers, key=lambda one: one.renewed)
    assert longest.renews > newest.renews, "who has stayed is likelier to stay"
    assert all(one.value == pytest.approx(one.mrr * one.expected_months) for one in found.subscribers)
    assert {one.mrr for one in found.subscribers} == {50}


def test_who_is_still_there_is_the_product_of_those_who_renewed(tmp_path: Path) -> None:
    with imported(subscribers(300), tmp_path) as ws:
        found = value(ws, View(), IMPORT_DAY)
        everybody = rows_of(ws, ValuePoint())
        monthly = found.lifetimes[0]
        for term in monthly.terms[:6]:
            subject = ValueOf(ValuePoint(TERM, 1, term.term), NOW)
            told = subject.explain(ws, IMPORT_DAY, Wanted())
            assert float(told.answer.figure.value or 0) == pytest.approx(term.survival)
            assert len(told.explained) == term.term
            last = list(told.explained.values())[-1]
            part = subject.part(last)
            assert part == ValueOf(ValuePoint(RETENTION, 1, term.term), NOW)
            opened = rows_of(ws, ValuePoint(RETENTION, 1, term.term))
            assert opened.answer.figure == last.answer.figure
            assert opened.answer.figure.numerator == term.renewed
            assert opened.answer.figure.denominator == term.at_risk
    assert float(everybody.answer.figure.value or 0) == pytest.approx(found.worth)


def test_an_empty_workspace_has_nothing_to_fit(tmp_path: Path) -> None:
    from cstui.desk.workspace import open_workspace

    ws = open_workspace(tmp_path / "empty.db", create=True)
    try:
        found = value(ws, View(), IMPORT_DAY)
    finally:
        ws.close()
    assert (found.as_of, found.purchases, found.lifetimes, found.buyers) == (None, None, (), ())


def test_large_amounts_are_written_out(tmp_path: Path) -> None:
    """Tomans and rials: `under 1.2e+06` said nothing to anybody."""
    made = shop()
    rows = tuple(row | {"amount": f"{float(row['amount']) * 1_000_000:.0f}"} for row in made.payments)
    with asked(Company(made.customers, (), rows), tmp_path) as ws:
        spending = value(ws, View(), END).spending
    assert spending is not None
    labels = [line.label for line in spending.buckets]
    assert labels[0].startswith("under ")
    assert all(re.fullmatch(r"(under |from )?\d{1,3}(,\d{3})+( to \d{1,3}(,\d{3})+)?", label) for label in labels), labels
