"""The family of revenue: what was paid, less what was refunded. Counted from payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period
from cstui.base.formatting import at_rate, in_code
from cstui.base.money import to_major
from cstui.metrics.cells import Cells, Group, Purse, Total, frame
from cstui.metrics.facts import Facts, PaidDay, PaymentRow
from cstui.metrics.figure import Figure, Frame, Parts, figure, missing_rate
from cstui.metrics.rates import Rates
from cstui.metrics.rows import Evidence


class Paid(NamedTuple):
    """What was paid in one period, of one group."""

    net: Purse
    one_off: Purse
    by_source: dict[str, Purse]


def revenue(facts: Facts, periods: Sequence[Period]) -> Cells:
    """Every figure of the family, by group and period."""
    frames = [frame(facts, period, "payments") for period in periods]
    return {
        group: [
            {"revenue": _revenue(one, paid, facts.currency), "one_off_revenue": purse_figure(one, paid.one_off, facts.currency)}
            for one, paid in zip(frames, own, strict=True)
        ]
        for group, own in paid_in(facts, periods).items()
    }


def one_off(facts: Facts, windows: Sequence[Period]) -> Mapping[Group, Sequence[tuple[Figure, Purse]]]:
    """One-off revenue of each window, by group, and the money it is made of."""
    frames = [frame(facts, window, "payments") for window in windows]
    return {
        group: [(purse_figure(one, paid.one_off, facts.currency), paid.one_off) for one, paid in zip(frames, own, strict=True)]
        for group, own in paid_in(facts, windows).items()
    }


def signed(kind: str, amount: int) -> int:
    """What a paid payment adds to revenue: a refund takes its absolute value away, whatever its sign."""
    return -abs(amount) if kind == "refund" else amount


def paid_in(facts: Facts, periods: Sequence[Period], *, apart: bool = True) -> dict[Group, list[Paid]]:
    """What was paid in each period by group, from one pass over the paid days; `Total.ALL` is always there, and alone where not `apart`."""
    first = min(period.start for period in periods)
    inside: list[list[int]] = [[] for _ in range(max(period.end for period in periods) - first)]
    for i, period in enumerate(periods):
        for day in range(period.start - first, period.end - first):
            inside[day].append(i)

    def empty() -> list[Paid]:
        return [Paid(Purse(facts.rates), Purse(facts.rates), {}) for _ in periods]

    apart = apart and facts.grouped
    found: dict[Group, list[Paid]] = {group: empty() for group in facts.groups()} if apart else {}
    total = empty()
    for paid in facts.paid_days(Period(first, first + len(inside))):
        if apart and paid.group not in found:
            found[paid.group] = empty()
        own = (total, found[paid.group]) if apart else (total,)
        for i in inside[paid.day - first]:
            for held in own:
                _add(held[i], paid, facts.rates)
    return found | {Total.ALL: total}


def _add(held: Paid, paid: PaidDay, rates: Rates) -> None:
    amount = signed(paid.kind, paid.amount)
    held.net.add(amount, paid.currency, paid.day, paid.n)
    if (source := held.by_source.get(paid.source)) is None:
        source = held.by_source[paid.source] = Purse(rates)
    source.add(amount, paid.currency, paid.day, paid.n)
    if paid.kind == "one_off":
        held.one_off.add(paid.amount, paid.currency, paid.day, paid.n)


def payment_row(facts: Facts, row: PaymentRow) -> Evidence:
    """What a payment adds to revenue."""
    amount = facts.rates.major(signed(row.kind, row.amount), row.currency, row.day)
    note = row.kind
    if row.currency != facts.currency:
        rate = facts.rates.on(row.currency, row.day)
        own = in_code(to_major(Fraction(signed(row.kind, row.amount)), row.currency), row.currency)
        note = f"{own}, no exchange rate" if rate is None else f"{row.kind}, {at_rate(own, rate)}"
    return Evidence("payment", row.id, row.customer_id, amount, None, note)


def purse_figure(one: Frame, purse: Purse, currency: str, parts: Parts | None = None) -> Figure:
    """A sum of money as a figure."""
    if purse.worth is None:
        return missing_rate(purse.subtotals, purse.n, currency, purse.lacking)
    return figure(one, purse.worth, n=purse.n, parts=parts)


def _revenue(one: Frame, paid: Paid, currency: str) -> Figure:
    by_source = {source: purse.worth for source, purse in sorted(paid.by_source.items())}
    return purse_figure(one, paid.net, currency, {"by_source": by_source} if by_source else None)
