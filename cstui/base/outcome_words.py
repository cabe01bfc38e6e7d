"""What an import changes, in a person's words: `Sep 2026 MRR −410 (12,500 → 12,090)`. The screens and the commands say the same."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cstui.base import formatting as fmt
from cstui.base.outcome import FieldChange, Join, Move
from cstui.base.text import cell

_LABELS = {
    "mrr": "MRR",
    "customers_active": "active customers",
    "customers_new": "new customers",
    "customers_churned": "churned customers",
    "nps": "NPS",
}
_LONGEST = 40


def told_apart(moves: Sequence[Move]) -> tuple[list[Move], list[Move]]:
    """The past figures that move, and those that become known: for these an exchange rate was missing."""
    return [move for move in moves if move.before is not None], [move for move in moves if move.before is None]


def move_words(move: Move) -> str:
    """A past figure that is another now, or that is known now. Money is in the workspace's currency, and so without a sign."""
    year, month = move.month.split("-")
    when = fmt.month(int(year) * 12 + int(month) - 1)
    label = _LABELS.get(move.metric, move.metric)
    if move.before is None and move.after is not None:
        return f"{when} {label} {_number(move.after)}"
    if move.delta is None or move.after is None or move.before is None:
        return f"{when} {label} {fmt.UNKNOWN} (was {fmt.UNKNOWN if move.before is None else _number(move.before)})"
    sign = "+" if move.delta > 0 else ""
    return f"{when} {label} {sign}{_number(move.delta)} ({_number(move.before)} → {_number(move.after)})"


def join_words(join: Join) -> str:
    """Whom a row joins, and why: `ann@acme.com joins c-1 (same domain: acme.com)`."""
    why = "same e-mail" if join.by == "email" else "same domain"
    return f"{cell(join.id, _LONGEST)} joins {cell(join.customer_id, _LONGEST)} ({why}: {cell(join.value, _LONGEST)})"


def field_word(name: str) -> str:
    """A field as a person calls it: a custom attribute by its own name."""
    return cell(name.removeprefix("attribute:"), _LONGEST)


def change_words(change: FieldChange) -> str:
    """A field from old to new."""
    return f"{field_word(change.field)} {_value(change.before)} → {_value(change.after)}"


def signed(value: Fraction) -> str:
    """A change with its sign: `+50`, `−12.50`."""
    return f"{'+' if value > 0 else ''}{_number(value)}"


def side(value: Fraction | None) -> str:
    """What somebody adds to a sum, or that nothing of theirs counts."""
    return "–" if value is None else _number(value)


def _value(text: str | None) -> str:
    return "(empty)" if text is None else cell(text, _LONGEST)


def _number(value: Fraction) -> str:
    return fmt.number(value, 0 if value.denominator == 1 else 2)
