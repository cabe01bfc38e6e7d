"""Terms and trials on rows short enough to see: anchor days, overrides, who carries a row on, and when it is decided."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from cstui.base.days import to_day
from cstui.metrics.service import FOREVER, Known, Span, SubscriptionRow
from cstui.metrics.terms import due_day, firsts, is_long, paid_on, terms_of
from cstui.metrics.worth import band

NUMBERS = iter(range(1, 10**6))


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


def paid(first: str, end: str = "", *, interval: str = "year", count: int = 1, level: int = 100, until: str = "") -> Span:
    """A row's paid service; `until` is its current_period_end."""
    number = next(NUMBERS)
    row = SubscriptionRow(
        number, 7, f"s-{number}", day(first), 1, "USD", interval, count, None, None, None, None, None, None, None,
        day(until) if until else None, None,
    )  # fmt: skip
    return Span(row, day(first), day(end) if end else FOREVER, level, "open", False, None)


def outcomes(as_of: str, *spans: Span, own: str = "") -> list[tuple[str, str]]:
    """(due day, outcome) of the first row's terms."""
    known = Known(day(as_of), day(own or as_of), 30)
    found = [term for term in terms_of(spans, known, every=False) if term.row == spans[0].row.id]
    return [(date.fromordinal(term.due + date(1970, 1, 1).toordinal()).isoformat(), term.outcome(known.as_of)) for term in found]


def test_the_anchor_day_is_kept_and_clipped_to_the_months_end() -> None:
    start = day("2024-01-31")
    assert [due_day(start, "month", 1, n) for n in (1, 2, 3)] == [day("2024-02-29"), day("2024-03-31"), day("2024-04-30")]
    assert due_day(day("2024-02-29"), "year", 1, 1) == day("2025-02-28")
    assert due_day(start, "week", 2, 3) == start + 42


@pytest.mark.parametrize(("interval", "count", "long"), [
    ("year", 1, True), ("quarter", 1, True), ("month", 3, True), ("month", 2, False), ("week", 13, True), ("week", 12, False),
    ("day", 92, True), ("day", 91, False),
])  # fmt: skip
def test_which_terms_are_a_quarter_and_longer(interval: str, count: int, long: bool) -> None:
    assert is_long(interval, count) is long


def test_every_term_that_began_counts_on_its_due_day_cancelled_inside_it_or_not() -> None:
    assert outcomes("2026-08-31", paid("2024-05-10", "2026-01-03")) == [("2025-05-10", "renewed"), ("2026-05-10", "lost")]
    assert outcomes("2026-08-31", paid("2024-05-10", "2025-05-10")) == [("2025-05-10", "lost")]


def test_it_is_pending_for_thirty_days_and_before_it_is_due() -> None:
    row = paid("2025-05-10", "2026-05-10")
    assert outcomes("2026-05-09", row) == [("2026-05-10", "pending")]
    assert outcomes("2026-06-08", row) == [("2026-05-10", "pending")]
    assert outcomes("2026-06-09", row) == [("2026-05-10", "lost")]


@pytest.mark.parametrize(("starts", "outcome"), [
    ("2026-05-10", "renewed"), ("2026-06-09", "renewed"), ("2026-06-10", "lost"), ("2026-04-10", "renewed"), ("2026-04-09", "lost"),
])  # fmt: skip
def test_a_row_within_thirty_days_of_its_end_carries_it_on(starts: str, outcome: str) -> None:
    assert outcomes("2026-08-31", paid("2025-05-10", "2026-05-10"), paid(starts)) == [("2026-05-10", outcome)]


def test_a_chain_carries_on_and_a_row_that_began_before_does_not() -> None:
    first = paid("2025-05-10", "2025-09-01")
    assert outcomes("2026-08-31", first, paid("2025-09-01", "2026-02-01"), paid("2026-02-20")) == [("2026-05-10", "renewed")]
    assert outcomes("2026-08-31", paid("2025-05-10", "2025-05-25"), paid("2025-05-01")) == [("2026-05-10", "lost")]


def test_current_period_end_overrides_the_running_term_only_where_it_is_known() -> None:
    row = paid("2024-05-10", until="2026-06-01")
    assert outcomes("2026-05-01", row) == [("2025-05-10", "renewed"), ("2026-06-01", "pending")]
    assert outcomes("2026-05-01", row, own="2026-05-02") == [("2025-05-10", "renewed"), ("2026-05-10", "pending")]
    stale = paid("2024-05-10", until="2024-06-01")
    assert outcomes("2026-05-01", stale)[-1] == ("2026-05-10", "pending")


def test_a_renewal_is_worth_what_carries_it_on() -> None:
    known = Known(day("2026-08-31"), day("2026-08-31"), 30)
    spans = [paid("2025-05-10", "2026-05-10"), paid("2026-05-10", level=250), paid("2026-05-10", level=50)]
    term = next(terms_of(spans, known, every=False))
    assert (term.level, term.renewed, len(term.by)) == (100, (("USD", 300),), 2)


def test_a_trial_is_followed_by_pay_on_one_of_its_fourteen_days() -> None:
    assert paid_on({"USD": [(5, 10), (20, 0)]}, 5) == 5
    assert paid_on({"USD": [(18, 10)]}, 5) == 18
    assert paid_on({"USD": [(19, 10)]}, 5) is None
    assert paid_on({"USD": [(1, 10), (5, 0)], "EUR": [(9, 1)]}, 5) == 9
    assert paid_on({}, 5) is None


def test_trials_with_one_end_are_one() -> None:
    assert firsts([(3, 7, 10, 20), (1, 7, 5, 20), (2, 7, 5, 30)]) == {(7, 20): (5, 1), (7, 30): (5, 2)}


def test_the_bands_of_value_against_cost() -> None:
    shares = ("3", "29/10", "2", "19/10", "11/10", "1", "0")
    assert [band(Fraction(share)) for share in shares] == ["healthy", "slim", "slim", "poor", "poor", "losing money", "losing money"]
