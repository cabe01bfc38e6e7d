"""Random companies that live by contracts and trials: terms of every length, renewed, changed, carried on, let go, undecided.

What `companies` makes rarely: the cases of trials, renewals and customer value. `tests/property/test_contracts.py` asserts that they occur.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.oracle.companies import LAST, Cells, Company, company
from tests.oracle.facts import Subscription
from tests.oracle.habits import CHANNELS
from tests.oracle.templates import read
from tests.oracle.terms import due_day

START = date(2024, 5, 1)
"""The first contracts begin here; a yearly one is due twice by the last day."""
TERMS = (
    *(("year", "1"), ("year", ""), ("quarter", "1"), ("quarter", "2"), ("month", "3"), ("month", "6"), ("month", "12")),
    *(("week", "13"), ("week", "12"), ("day", "180"), ("day", "90"), ("month", "1"), ("", "")),
)
AFTER = (-31, -30, -12, 0, 0, 0, 1, 9, 29, 30, 31, 60)
"""Days from a row's end to the start of what may carry it on."""


def contracts(chance: Random, most: int = 18) -> Company:
    """One company with up to `most` customers under contract."""
    made = company(chance, most)
    second = chance.choice(("", "EUR"))
    rows: list[Cells] = []
    for number in range(1, most + 1):
        foreign = second if number % 6 == 0 else ""
        rows += _short(chance, f"c-{number}") if chance.random() < 0.6 else _chain(chance, f"c-{number}", foreign, second)
    rows.append({"subscription_id": "last", "customer_id": "c-1", "started_at": LAST.isoformat(), "amount": "0", "currency": "USD"})
    return replace(made, subscriptions=tuple(rows), payments=_billed(chance, most), costs=_spent(chance) if chance.random() < 0.8 else ())


def _start(chance: Random) -> date:
    """Often the end of a month, where anchors are clipped."""
    day = START + timedelta(days=chance.randint(0, 760))
    return (day.replace(day=28) + timedelta(days=chance.choice((1, 2, 3)))) if chance.random() < 0.3 else day


def _chain(chance: Random, name: str, foreign: str, second: str) -> list[Cells]:
    """A contract, and those that may carry it on."""
    start = _start(chance)
    rows: list[Cells] = []
    interval, count = chance.choice(TERMS)
    for link in range(chance.choice((1, 1, 2, 3, 4))):
        same = rows[-1]["subscription_id"] if rows and chance.random() < 0.4 else f"s-{name}-{link}"
        row = {"subscription_id": same, "customer_id": name, "started_at": start.isoformat(), "interval": interval, "interval_count": count}
        row |= {"amount": chance.choice(("100", "240", "600", "90.90")), "currency": foreign or "USD", "plan": "pro"}
        if chance.random() < 0.4 and second:
            row["currency"] = second
        if chance.random() < 0.3:
            row |= {"trial_end": (start + timedelta(days=chance.choice((0, 7, 14, 30, 60)))).isoformat()}
            row |= {"trial_start": (start - timedelta(days=chance.choice((0, 0, 3)))).isoformat()} if chance.random() < 0.5 else {}
        ended = _end(chance, row)
        rows.append(row)
        if ended is None or ended > LAST:
            break
        start = max(ended + timedelta(days=chance.choice(AFTER)), start + timedelta(days=1))
        if chance.random() < 0.3:
            interval, count = chance.choice(TERMS)
        if start > LAST:
            break
    return rows


def _end(chance: Random, row: Cells) -> date | None:
    """The row's end, on its due day, near it, or in the middle of a term; written in one of the ways that exports have."""
    parsed = _parsed(row)
    first = max(parsed.started_at, parsed.trial_end or parsed.started_at)
    due = due_day(parsed, first, chance.choice((1, 1, 2, 5)))
    while chance.random() < 0.6 and due < LAST - timedelta(days=300):
        due += timedelta(days=90)
    how = chance.random()
    running = next(day for number in range(1, 2000) if (day := due_day(parsed, first, number)) > LAST)
    if chance.random() < 0.4:
        row["current_period_end"] = (running + timedelta(days=chance.choice((0, 0, -5, 9, -400)))).isoformat()
    if how < 0.35:
        if chance.random() < 0.2:
            row |= {"status": "past_due"}
        return None
    end = due + timedelta(days=chance.choice((0, 0, 0, -1, 3, -40, -6)))
    if chance.random() < 0.4:
        end = first + timedelta(days=chance.choice((25, 40, 100, 170)))
    if end <= parsed.started_at:
        end = parsed.started_at + timedelta(days=1)
    if how < 0.8:
        row["ended_at"] = end.isoformat()
    else:
        row |= {"cancel_requested_at": min(end - timedelta(days=1), LAST).isoformat(), "current_period_end": end.isoformat()}
    return end


def _parsed(row: Cells) -> Subscription:
    return read({"subscriptions": [row]}, currency="USD", import_day=LAST).subscriptions[0]


def _short(chance: Random, name: str) -> list[Cells]:
    """A monthly customer who leaves, so that months have churn; some after a trial, some of whom never pay."""
    start = date(2025, 9, 1) + timedelta(days=chance.randint(0, 100))
    row = {"subscription_id": f"m-{name}", "customer_id": name, "started_at": start.isoformat(), "amount": "30", "currency": "USD"}
    if chance.random() < 0.5:
        row["trial_end"] = (start + timedelta(days=14)).isoformat()
    left = start + timedelta(days=chance.choice((14, 100, 130, 160, 200, 220)))
    if left <= LAST and chance.random() < 0.85:
        row["ended_at"] = left.isoformat()
    return [row]


def _billed(chance: Random, most: int) -> tuple[Cells, ...]:
    """A bill or two a month, of whomever; in some companies for two months only, in some refunded away."""
    months = chance.choice((2, 14, 14, 14, 14, 14, 14))
    refunds = chance.random() < 0.1
    rows = []
    for number in range(months * 2):
        day = date(2026, 8, 20) - timedelta(days=15 * number)
        row = {"payment_id": f"b-{number}", "customer_id": f"c-{chance.randint(1, most)}", "amount": chance.choice(("100", "400"))}
        row |= {"paid_at": day.isoformat(), "currency": "USD", "kind": chance.choice(("recurring", "one_off"))}
        rows.append(row | ({"kind": "refund"} if refunds and number % 2 else {}))
    return tuple(rows)


def _spent(chance: Random) -> tuple[Cells, ...]:
    """Costs of every month, or of two; what is sold costs little, or more than it brings."""
    months = chance.choice((2, 7, 13, 13, 13, 13))
    of_revenue, winning = chance.choice(("20", "60", "60", "90", "90", "900")), chance.choice(("60", "300", "600", "900", "1500", "3000"))
    rows = []
    for number in range(months):
        day = (date(2026, 8, 9) - timedelta(days=30 * number)).isoformat()
        rows.append({"date": day, "category": "cost_of_revenue", "amount": of_revenue, "channel": ""})
        rows.append({"date": day, "category": chance.choice(("sales", "marketing")), "amount": winning, "channel": chance.choice(CHANNELS)})
    return tuple(rows)
