"""The lines of the reconcile screen, as text: what it came to, months, differences. Functions of a `Reconciliation`; asks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.days import month_of, parse_month
from cstui.base.text import cell, safe
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import fit

if TYPE_CHECKING:
    from cstui.desk.reconcile import Difference, MonthTotal, Reconciliation

_MONTH = 8
_UNREAD_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells of the columns of the differences at a width."""

    amount: int
    cause: int
    name: int
    code: int
    """For the currency, where amounts have no sign that says it."""

    @classmethod
    def of(cls, found: Reconciliation, width: int) -> Layout:
        """Names take what the rest leaves."""
        amount, cause = (13, 16) if width > 90 else (11, 14)
        code = 0 if all(fmt.has_symbol(one.currency) for one in found.totals) else 4
        return cls(amount, cause, max(8, width - _MONTH - 3 * (amount + 1) - cause - code - 2), code)


def month_words(month: str) -> str:
    """`2026-09` as `Sep 2026`."""
    return fmt.month(month_of(parse_month(month).start))


def summary(found: Reconciliation, ink: Ink) -> Text:
    """How many agree, how many do not, and what could not be read."""
    if not found.totals:
        return Text(f"No month of the file has begun by {fmt.day(found.as_of)}: nothing is compared.", style=ink.dim)
    differ = len(found.differences)
    head = fmt.count(differ, "difference") if differ else "No difference"
    text = Text.assemble((head, f"bold {ink.care if differ else ink.good}"))
    text.append(f"   {fmt.count(found.customers, 'customer')}, {fmt.count(found.agreed, 'customer-month agrees', 'customer-months agree')}")
    text.append(f" · ours as of {fmt.day(found.as_of)}", ink.dim)
    if found.later:
        text.append(
            f"\nNot compared, as the data ends before: {fmt.count(len(found.later), 'month')} from {month_words(found.later[0])} on.",
            ink.care,
        )
    if found.unread:
        shown = ", ".join(map(str, found.unread[:_UNREAD_SHOWN])) + ("…" if len(found.unread) > _UNREAD_SHOWN else "")
        text.append(f"\nNo amount in line {shown}: counted as nothing.", ink.care)
    return text


def totals_heading(width: int, ink: Ink) -> Text:
    """Over the months."""
    room = _total_room(width)
    return Text(f" {'month':<{_MONTH}} {'in':<4}{'theirs':>{room}}{'ours':>{room}}{'difference':>{room}}", style=ink.dim, no_wrap=True)


def total_line(one: MonthTotal, width: int, ink: Ink) -> Text:
    """A month and currency of both sides."""
    room = _total_room(width)
    gap = one.theirs - one.ours
    line = Text.assemble(f"{month_words(one.month):<{_MONTH}} ", (fit(one.currency, 4, ink.dim)))
    for amount in (one.theirs, one.ours):
        line.append(f"{fmt.money_within(amount, one.currency, room - 1, exact=True):>{room}}")
    return line.append(f"{_signed_within(gap, one.currency, room - 1):>{room}}", ink.care if gap else ink.good)


def _total_room(width: int) -> int:
    return max(11, min(16, (width - _MONTH - 6) // 3))


def cause_words(one: MonthTotal, ink: Ink) -> Text:
    """What each cause makes of a month's difference, the largest first."""
    if not one.causes:
        return Text("Both agree on this month.", style=ink.good)
    causes = sorted(one.causes, key=lambda cause: (-abs(cause[1]), cause[0]))
    words = " · ".join(f"{name.replace('_', ' ')} {_signed(amount, one.currency)}" for name, amount in causes)
    return Text.assemble((f"{month_words(one.month)}  ", "bold"), (words, ink.dim))


def differences_heading(found: Reconciliation, width: int, ink: Ink) -> Text:
    """Over the differences."""
    layout = Layout.of(found, width)
    amounts = "".join(f"{name:>{layout.amount}} " for name in ("theirs", "ours", "difference"))
    return Text(
        f" {'month':<{_MONTH}} {'customer':<{layout.name}}{'in'[: layout.code]:<{layout.code}}{amounts} cause", style=ink.dim, no_wrap=True
    )


def difference_line(one: Difference, found: Reconciliation, width: int, ink: Ink) -> Text:
    """Month, customer, theirs, ours, the difference and its cause. Amounts without room for decimals are rounded to whole ones."""
    layout = Layout.of(found, width)
    line = Text.assemble((f"{month_words(one.month):<{_MONTH}} ", ink.dim), fit(one.name or one.customer_id, layout.name))
    line.append_text(fit(one.currency, layout.code, ink.dim))
    for amount in (one.theirs, one.ours):
        words = fmt.money_within(amount, one.currency, layout.amount, exact=True)
        line.append(f"{words:>{layout.amount}} ", "" if amount else ink.faint)
    line.append(f"{_signed_within(one.theirs - one.ours, one.currency, layout.amount):>{layout.amount}} ", ink.care)
    return line.append_text(fit(f" {one.cause.replace('_', ' ')}", layout.cause, ink.accent if one.cause != "unknown" else ink.bad))


def difference_words(one: Difference, ink: Ink) -> Text:
    """All of a difference: whose, the cause in words, and where the file says it."""
    name = f"{cell(one.name, 80)} · " if one.name else ""
    place = f" · line {one.line} of the file" if one.line is not None else ""
    return Text.assemble((f"{name}{cell(one.customer_id, 80)}", "bold"), f"  {safe(one.why, 300)}", (place, ink.dim))


def copied(one: Difference) -> str:
    """The line as words, cause and all."""
    amounts = ", ".join(
        f"{word} {fmt.money(amount, one.currency, exact=True)}" for word, amount in (("theirs", one.theirs), ("ours", one.ours))
    )
    gap = _signed(one.theirs - one.ours, one.currency)
    return f"{one.month} {cell(one.customer_id, 200)} {cell(one.name or '', 200)}: {amounts}, {gap}: {one.cause}, {safe(one.why, 300)}"


def _signed_within(amount: Fraction, currency: str, room: int) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return sign + fmt.money_within(abs(amount), currency, room - len(sign), exact=True)


def _signed(amount: Fraction, currency: str) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return sign + fmt.money(abs(amount), currency, exact=True)
