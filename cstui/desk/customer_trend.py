"""MRR, active days and scores of one customer by month, on one axis, with the events to mark. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cstui.base.days import month_of, month_start
from cstui.base.money import SCALE, to_major
from cstui.base.scores import parse_scale
from cstui.desk.customer_timeline import Event
from cstui.store.customer_life import SurveyRow, UseRow
from cstui.store.customers import StepRow

MONTHS = 36
"""Months drawn at most, the last ones."""
MARKS = {
    "first_paid": "●",
    "expansion": "▲",
    "contraction": "▼",
    "churned": "✕",
    "returned": "↻",
    "trial_started": "○",
    "cancel_requested": "!",
    "payment_failed": "$",
    "ticket_opened": "?",
}
"""What is marked and with what; in one month the first of this order wins."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A score in a month."""

    kind: str
    score: str
    share: Fraction
    """0 the worst, 1 the best answer of its scale."""


@dataclass(frozen=True, slots=True)
class LifeLine:
    """One axis of months, and what happened along it."""

    months: tuple[int, ...]
    """Month numbers, ascending, without a gap; empty: nothing is known."""
    mrr: tuple[Fraction | None, ...]
    """At the end of each month, in the workspace's currency at the rate of the day; None where an imported rate is missing."""
    days: tuple[int | None, ...]
    """Active days; None where nobody's use is known."""
    scores: tuple[tuple[Answer, ...], ...]
    marks: tuple[tuple[str, ...], ...]
    """`what` of the events to mark, by month."""
    money: str = "MRR"
    """What `mrr` holds: in repeat-purchase mode net revenue of each month."""


Rate = Callable[[str, int], Fraction | None]
"""What a unit of a currency is worth in the workspace's on a day; None where no imported rate says so."""


def by_purchase(line: LifeLine, events: Iterable[Event], rate: Rate) -> LifeLine:
    """The same with what was paid in each month, net, in the place of MRR; each payment at the rate of its day."""
    paid: dict[int, Fraction | None] = {}
    for event in events:
        if event.what in ("paid", "refunded") and event.currency is not None and event.amount is not None:
            month, worth = month_of(event.day), rate(event.currency, event.day)
            amount = -abs(event.amount) if event.what == "refunded" else event.amount
            held = paid.get(month, Fraction(0))
            paid[month] = None if held is None or worth is None else held + amount * worth
    return replace(line, mrr=tuple(paid.get(month, Fraction(0)) for month in line.months), money="Revenue")


def life_line(
    steps: Sequence[StepRow],
    use: Sequence[UseRow],
    used: tuple[int, int] | None,
    surveys: Sequence[SurveyRow],
    events: Iterable[Event],
    rate: Rate,
    as_of: int | None,
) -> LifeLine:
    """The last months up to the data's last day, from the first of them on which anything is known."""
    if as_of is None:
        return LifeLine((), (), (), (), ())
    last = month_of(as_of)
    happened = list(events)
    begins = [month_of(event.day) for event in happened if event.day <= as_of] + [row.month for row in use]
    if not begins:
        return LifeLine((), (), (), (), ())
    months = tuple(range(max(min(begins), last - MONTHS + 1), last + 1))
    return LifeLine(
        months,
        tuple(_mrr(steps, min(month_start(month + 1) - 1, as_of), rate) for month in months),
        tuple(_days(use, used, month) for month in months),
        tuple(tuple(answer(row) for row in surveys if month_of(row.answered_at) == month) for month in months),
        tuple(tuple(dict.fromkeys(e.what for e in happened if e.what in MARKS and month_of(e.day) == month)) for month in months),
    )


def _mrr(steps: Sequence[StepRow], day: int, rate: Rate) -> Fraction | None:
    levels: dict[str, int] = {}
    for step in steps:
        if step.day <= day:
            levels[step.currency] = step.level
    total = Fraction(0)
    for code, level in levels.items():
        worth = rate(code, day) if level else Fraction(0)
        if worth is None:
            return None
        total += worth * to_major(Fraction(level, SCALE), code)
    return total


def _days(use: Sequence[UseRow], used: tuple[int, int] | None, month: int) -> int | None:
    """Days on which any user was active."""
    if used is None or not used[0] <= month <= used[1]:
        return None
    bits = 0
    for row in use:
        if row.month == month:
            bits |= row.days
    return bits.bit_count()


def answer(row: SurveyRow) -> Answer:
    """An answer as it is drawn: mirrored where a low score means that it was easy."""
    scale = parse_scale(row.scale)
    if scale is None:
        return Answer(row.kind, row.score, Fraction(1, 2))
    low, high = scale
    share = min(Fraction(1), max(Fraction(0), (Fraction(row.score) - low) / (high - low)))
    return Answer(row.kind, row.score, 1 - share if row.direction == "low_easy" else share)
