"""A figure: a value with everything needed to read it honestly. And the order in which the reasons to doubt it count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cstui.base.days import Period, iso
from cstui.metrics.rates import OLDEST

Part: TypeAlias = "Fraction | int | str | Mapping[str, Part] | None"
Parts = Mapping[str, Part]

MISSING_RATE, NO_DATA, ZERO_BASE, INCOMPLETE, SMALL_SAMPLE, OK = (
    "missing_rate",
    "no_data",
    "zero_base",
    "incomplete",
    "small_sample",
    "ok",
)

NOT_FILTERABLE = "not_filterable"
"""What the reason begins with where costs or traffic can't follow a filter."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric in one period for one set of customers. Money in major units of the workspace's currency, exact."""

    value: Fraction | None
    status: str
    reason: str | None = None
    """In words, where the status is not `ok`."""
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    n: int | None = None
    parts: Parts | None = None


class Frame(NamedTuple):
    """The period a figure is for, and what the facts it rests on cover."""

    period: Period
    as_of: int
    kind: str
    """The kind of fact, in words: `subscriptions`."""
    first: int | None
    """First covered day, None when there is no such fact at all."""
    last: int | None
    """Last covered day."""

    @property
    def outside(self) -> bool:
        """Whether the period lies outside what is covered."""
        return self.first is None or self.last is None or self.period.end <= self.first or self.period.start > self.last

    @property
    def end(self) -> int:
        """The day whose level is the period's end level: its last, or `as_of` while it is incomplete."""
        return min(self.period.last, self.as_of)


def figure(  # noqa: PLR0913  # what a figure has, each by name
    frame: Frame,
    value: Fraction | int | None,
    *,
    numerator: Fraction | int | None = None,
    denominator: Fraction | int | None = None,
    n: int | None = None,
    floor: int = 0,
    parts: Parts | None = None,
    base: str = "",
) -> Figure:
    """A figure with its status worked out. `base` says in words what a denominator of 0 means."""
    if frame.outside:
        return Figure(None, NO_DATA, no_data(frame))
    top, bottom = _fraction(numerator), _fraction(denominator)
    if bottom is not None and bottom <= 0:
        return Figure(None, ZERO_BASE, base, top, bottom, n, parts)
    status, reason = OK, None
    if not frame.period.complete(frame.as_of):
        status, reason = INCOMPLETE, f"so far: the data ends on {iso(frame.as_of)}"
    elif n is not None and n < floor:
        status, reason = SMALL_SAMPLE, f"only {n} in the base; under {floor} a rate says little"
    return Figure(_fraction(value), status, reason, top, bottom, n, parts)


def ratio(
    frame: Frame, numerator: Fraction | int, denominator: Fraction | int, *, n: int, floor: int, base: str, parts: Parts | None = None
) -> Figure:
    """A figure that is one sum over another."""
    value = Fraction(numerator) / Fraction(denominator) if denominator else None
    return figure(frame, value, numerator=numerator, denominator=denominator, n=n, floor=floor, parts=parts, base=base)


def missing_rate(subtotals: Mapping[str, Fraction], n: int | None, currency: str, lacking: Mapping[str, int]) -> Figure:
    """Money in currencies that no imported rate turns into the workspace's: subtotals, never a guess.

    `lacking`: those currencies, each with a day on which a rate is wanted and missing.
    """
    held = {code: amount for code, amount in sorted(subtotals.items()) if amount}
    days = sorted(set(lacking.values()))
    if len(days) == 1:
        wanted = f"{', '.join(sorted(lacking))} to {currency} on {iso(days[0])} or the {OLDEST} days before"
    else:
        wanted = f"{', '.join(f'{code} ({iso(day)})' for code, day in sorted(lacking.items()))} to {currency}, or the {OLDEST} days before"
    reason = f"no exchange rate from {wanted}: import exchange_rates{'; see the subtotals by currency' if held else ''}"
    return Figure(None, MISSING_RATE, reason, n=n, parts={"by_currency": held} if held else None)


def not_filterable(kind: str) -> Figure:
    """Under a filter or breakdown that a kind of fact without customers can't follow."""
    return Figure(
        None,
        NO_DATA,
        f"{NOT_FILTERABLE}: {kind} {_verb(kind, 'have', 'has')} no customer, so that only a channel can narrow {_verb(kind, 'them', 'it')}",
    )


def labelled(found: Figure, label: str | None) -> Figure:
    """A figure that says beside its status what must be known to read it: what it mixes, what it leaves out."""
    if label is None or found.value is None:
        return found
    return replace(found, reason=label if found.reason is None else f"{found.reason}; {label}")


def blamed(parts: Iterable[Figure]) -> Figure | None:
    """Why a figure made of others is unknown: of its unknown parts, the one whose reason comes first; None where all are known.

    What no filter can follow comes before a rate that is missing: no rate would give it a value.
    """
    unknown = [part for part in parts if part.value is None]
    return min(unknown, key=_precedence, default=None)


def _precedence(part: Figure) -> int:
    if (part.reason or "").startswith(NOT_FILTERABLE):
        return 0
    return 1 + (MISSING_RATE, NO_DATA, ZERO_BASE).index(part.status)


def no_data(frame: Frame) -> str:
    """Why there is nothing to say about a period, and what would mend it."""
    if (frame.first is None or frame.last is None) and frame.kind == "customers":  # there may be customers, without a day
        return "no customer record says when it was created: import customers with created_at"
    if frame.first is None or frame.last is None:
        return f"no {frame.kind} imported yet: import {frame.kind}"
    return f"the {frame.kind} imported {_verb(frame.kind, 'cover', 'covers')} {iso(frame.first)} to {iso(frame.last)}"


def _verb(kind: str, many: str, one: str) -> str:
    """The form that goes with a kind's name."""
    return many if kind.endswith("s") else one


def _fraction(value: Fraction | int | None) -> Fraction | None:
    return value if value is None or isinstance(value, Fraction) else Fraction(value)
