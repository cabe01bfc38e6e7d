"""A column at a time comes to what row by row and customer by customer does."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cstui.base.days import months
from cstui.metrics.columns import NOBODY, sweep
from cstui.metrics.movements import sweep as one_after_another
from cstui.metrics.service import FOREVER, Known, SubscriptionRow, monthly
from cstui.metrics.step_columns import STATUSES, Rows, Steps, on_day, paid_on, steps_of
from cstui.metrics.steps import Steps as OwnSteps
from cstui.metrics.steps import level_on, spans_of
from cstui.metrics.steps import steps_of as steps_by_customer
from cstui.metrics.terms import paid_on as paid_on_in

FIRST = 24_300
"""A month a good year before `AS_OF`."""
AS_OF = months(FIRST + 15).start + 11
KNOWN = Known(AS_OF, AS_OF, 30)
CURRENCIES = ("EUR", "USD")

days = st.integers(months(FIRST).start, AS_OF + 60)
maybe = st.none() | days
rows = st.builds(
    SubscriptionRow,
    id=st.just(0),
    customer_id=st.integers(1, 4),
    subscription_id=st.just("s"),
    started_at=days,
    amount=st.sampled_from((0, 500, 900, -100)),
    currency=st.sampled_from(CURRENCIES),
    interval=st.sampled_from((None, "month", "year")),
    interval_count=st.sampled_from((None, 1, 7)),
    quantity=st.sampled_from((None, "3", "0.5")),
    discount=st.sampled_from((None, 0, 450)),
    status=st.sampled_from((None, "active", *STATUSES)),
    trial_end=maybe,
    status_since=maybe,
    cancel_requested_at=maybe,
    ended_at=maybe,
    current_period_end=maybe,
    next_start=maybe,
)


def as_columns(given_rows: list[SubscriptionRow]) -> Rows:
    def column(name: str) -> list[int]:
        return [FOREVER if (value := getattr(row, name)) is None else value for row in given_rows]

    level = [monthly(row.amount, row.quantity, row.discount, row.interval, row.interval_count) for row in given_rows]
    status = [STATUSES.index(row.status) if row.status in STATUSES else len(STATUSES) for row in given_rows]
    currency = [CURRENCIES.index(row.currency) for row in given_rows]
    dates = ("status_since", "cancel_requested_at", "ended_at", "current_period_end", "next_start")
    columns = (column("customer_id"), currency, level, column("started_at"), column("trial_end"), status, *map(column, dates))
    return Rows(*(np.array(values, np.int64) for values in columns))


def one_by_one(given_rows: list[SubscriptionRow]) -> dict[tuple[int, str], OwnSteps]:
    found: dict[tuple[int, str], OwnSteps] = {}
    for customer, own in groupby(sorted(given_rows, key=lambda row: row.customer_id), key=lambda row: row.customer_id):
        spans = spans_of(own, KNOWN)
        found |= {(customer, code): steps for code, steps in sorted(steps_by_customer(spans, KNOWN, 1).items()) if spans}
    return found


def grouped(steps: Steps) -> dict[tuple[int, str], OwnSteps]:
    found = {}
    for customer, code, begin, size in zip(*(column.tolist() for column in steps[:4]), strict=True):
        own = slice(begin, begin + size)
        found[customer, CURRENCIES[code]] = list(zip(steps.day[own].tolist(), steps.level[own].tolist(), strict=True))
    return found


@given(st.lists(rows, max_size=12))
@settings(max_examples=400, deadline=None)
def test_steps_movements_standings_and_trials_are_the_same(given_rows: list[SubscriptionRow]) -> None:
    steps, expected = steps_of(as_columns(given_rows), KNOWN), one_by_one(given_rows)
    assert grouped(steps) == expected
    assert list(grouped(steps)) == list(expected)

    names = [customer for customer, _ in expected]
    assert steps.alone.tolist() == [names.count(customer) == 1 for customer in names]
    alone = {key: own for key, own in expected.items() if names.count(key[0]) == 1}
    assert grouped(steps.chosen(steps.alone)) == alone

    periods = [months(month) for month in range(FIRST, FIRST + 16)]
    assert sweep(steps.chosen(steps.alone).columns, periods, AS_OF, NOBODY) == one_after_another(enumerate(alone.values()), periods, AS_OF)

    standing = on_day(steps, AS_OF)
    for own, level, first, following in zip(expected.values(), *(column.tolist() for column in standing), strict=True):
        assert level == level_on(own, AS_OF)
        assert first == next((day for day, _ in own if day <= AS_OF), FOREVER)
        assert following == next((day for day, _ in own if day > AS_OF), FOREVER)

    ends = [(group, day) for group in range(len(expected)) for day in range(periods[0].start - 1, AS_OF + 70, 13)]
    group, day = (np.array(column, np.int64) for column in (zip(*ends, strict=True) if ends else ((), ())))
    wanted = [paid_on_in({"": own}, end) for own in expected.values() for end in range(periods[0].start - 1, AS_OF + 70, 13)]
    assert paid_on(steps, group, day).tolist() == [FOREVER if first is None else first for first in wanted]
