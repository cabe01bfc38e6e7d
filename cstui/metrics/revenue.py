"""The family of revenue: what was paid, less what was refunded. Counted from payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cstui.base.days import Period
from cstui.base.money import to_major
from cstui.metrics.cells import Cells, Group, Total, frame
from cstui.metrics.facts import Facts, PaidDay
from cstui.metrics.figure import Figure, Frame, figure, missing_rate

Sums = dict[tuple[str, str], list[int]]
"""(currency, source) → [net, payments, one-off, one-off payments]; money in minor units."""


def revenue(facts: Facts, periods: Sequence[Period]) -> Cells:
    """Every figure of the family, by group and period."""
    frames = [frame(facts, period, "payments") for period in periods]
    return {
        group: [
            {"revenue": _revenue(one, sums, facts.currency), "one_off_revenue": _one_off(one, sums, facts.currency)}
            for one, sums in zip(frames, own, strict=True)
        ]
        for group, own in _by_group(facts, periods).items()
    }


def one_off(facts: Facts, windows: Sequence[Period]) -> Mapping[Group, Sequence[Figure]]:
    """One-off revenue of each window, by group."""
    frames = [frame(facts, window, "payments") for window in windows]
    return {
        group: [_one_off(one, sums, facts.currency) for one, sums in zip(frames, own, strict=True)]
        for group, own in _by_group(facts, windows).items()
    }


def signed(kind: str, amount: int) -> int:
    """What a paid payment adds to revenue: a refund takes its absolute value away, whatever its sign."""
    return -abs(amount) if kind == "refund" else amount


def _by_group(facts: Facts, periods: Sequence[Period]) -> dict[Group, list[Sums]]:
    """Sums of each period by group, from one pass over the paid days; integers until the very end."""
    first = min(period.start for period in periods)
    inside: list[list[int]] = [[] for _ in range(max(period.end for period in periods) - first)]
    for i, period in enumerate(periods):
        for day in range(period.start - first, period.end - first):
            inside[day].append(i)
    found: dict[Group, list[Sums]] = {group: [{} for _ in periods] for group in facts.groups()} if facts.grouped else {}
    total: list[Sums] = [{} for _ in periods]
    for paid in facts.paid_days(Period(first, first + len(inside))):
        own = (total, found.setdefault(paid.group, [{} for _ in periods])) if facts.grouped else (total,)
        for i in inside[paid.day - first]:
            for sums in own:
                _add(sums[i], paid)
    return found | {Total.ALL: total}


def _add(sums: Sums, paid: PaidDay) -> None:
    held = sums.setdefault((paid.currency, paid.source), [0, 0, 0, 0])
    held[0] += signed(paid.kind, paid.amount)
    held[1] += paid.n
    if paid.kind == "one_off":
        held[2] += paid.amount
        held[3] += paid.n


def _money(sums: Sums, amount: int, count: int) -> tuple[dict[str, Fraction], int]:
    """Major units by currency of the sums under index `amount`, and how many payments made them (`count`)."""
    minor: dict[str, int] = {}
    for (currency, _), held in sums.items():
        if held[count]:
            minor[currency] = minor.get(currency, 0) + held[amount]
    return {currency: to_major(value, currency) for currency, value in minor.items()}, sum(held[count] for held in sums.values())


def _revenue(one: Frame, sums: Sums, currency: str) -> Figure:
    money, n = _money(sums, 0, 1)
    if any(code != currency for code in money):
        return missing_rate(money, n, currency)
    by_source = {source: to_major(held[0], currency) for (_, source), held in sorted(sums.items())}
    return figure(one, money.get(currency, 0), n=n, parts={"by_source": by_source} if by_source else None)


def _one_off(one: Frame, sums: Sums, currency: str) -> Figure:
    money, n = _money(sums, 2, 3)
    if any(code != currency for code in money):
        return missing_rate(money, n, currency)
    return figure(one, money.get(currency, 0), n=n)
