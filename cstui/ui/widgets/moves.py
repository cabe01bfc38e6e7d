"""“What moved”: the steps from the period's start level to its end level, each with its share of the way as a bar.

The bars are a waterfall: each starts where the one before it ended. Knows nothing of how a movement is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.overview import Move, Overview
from cstui.ui.theme import Ink
from cstui.ui.widgets.rows import Rows

_WHOLE = 34
"""Cells from which names are never cut."""
_NO_CENTS = 10_000
"""A level from which movements are told without cents."""


class Moves(Rows):
    """A heading, the steps, and what is cancelled but still in service. Up from the first step goes back to the figures."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Move | None, ...] = ()

    def tell(self, overview: Overview, ink: Ink) -> None:
        """Draw this snapshot's movements from now on."""
        moves, planned, currency = overview.moves, overview.scheduled, overview.currency
        so_far = "" if overview.complete else " so far"
        heading = Text.assemble((f"What moved in {fmt.period(overview.period)}", f"bold {ink.text}"), (so_far, ink.care))
        # What can still be saved is a level on the last day of the data, whatever period is asked about.
        current = overview.as_of is not None and overview.as_of in overview.period
        self._lines = (None, *moves, *((None, planned) if planned.amount and current else ()))

        def draw(index: int, width: int) -> Text:
            if index == 0:
                return heading
            if index <= len(moves):
                return move_line(moves, index - 1, width, currency, ink)
            return scheduled_line(planned, width, currency, ink) if self._lines[index] else Text()

        skip = frozenset(index for index, move in enumerate(self._lines) if move is None)
        self.show(len(self._lines), draw, skip=skip)

    @property
    def move(self) -> Move | None:
        """The movement under the cursor."""
        return self._lines[self.cursor] if self.cursor < len(self._lines) else None

    @property
    def at_start(self) -> bool:
        """The cursor is on the start level."""
        return self.cursor == 1

    def action_up(self) -> None:
        if self.at_start:
            self.screen.focus_previous()
        else:
            super().action_up()


def scheduled_line(move: Move, width: int, currency: str, ink: Ink) -> Text:
    """What can still be saved: `still to save      5    $611.83  cancelled, in service`."""
    people = "" if move.customers is None else f"{move.customers:,}"
    amount = fmt.money_within(abs(move.amount or Fraction(0)), currency, 11)
    label = 13 if width >= 34 else 11
    line = Text.assemble(
        ("still to save"[:label].ljust(label), ink.care), (people.rjust(6), ink.dim), (amount.rjust(12), f"bold {ink.care}")
    )
    room = width - line.cell_len
    return line.append(next((words for words in ("  cancelled, in service", "  cancelled") if len(words) <= room), ""), ink.dim)


def waterfall(moves: tuple[Move, ...]) -> tuple[tuple[Fraction, Fraction], ...]:
    """From where to where each line's bar goes, in money; levels go from 0."""
    spans: list[tuple[Fraction, Fraction]] = []
    level = Fraction(0)
    for index, move in enumerate(moves):
        amount = move.amount or Fraction(0)
        if index in (0, len(moves) - 1):
            spans.append((Fraction(0), amount))
            level = amount
        else:
            spans.append((level, level + amount))
            level += amount
    return tuple(spans)


def level_of(moves: Sequence[Move]) -> Fraction:
    """The higher of the levels that the steps lead from and to."""
    return max(move.amount or Fraction(0) for move in (moves[0], moves[-1]))


def step_words(amount: Fraction, unit: str, currency: str, level: Fraction, room: int = 99) -> str:
    """A movement with its sign: in whole units beside a level so high that nobody reads cents, so that all of them align."""
    return fmt.signed_within(amount, "count" if unit == "money" and level >= _NO_CENTS else unit, currency, room)


def _amount_words(moves: tuple[Move, ...], index: int, currency: str, room: int) -> str:
    """The amount of a line for `room` cells; the top line names the currency."""
    move = moves[index]
    if move.amount is None or index in (0, len(moves) - 1):
        return fmt.figure_within(move.amount, move.unit, currency, room)
    return step_words(move.amount, move.unit, currency, level_of(moves), room)


def move_line(moves: tuple[Move, ...], index: int, width: int, currency: str, ink: Ink) -> Text:
    """One line: label, customers, amount, and, where there is room, the bar."""
    move, level = moves[index], index in (0, len(moves) - 1)
    good = ink.good if (move.amount or 0) > 0 else ink.bad if move.amount else ink.dim
    style = ink.dim if move.amount is None else f"bold {ink.text}" if level else good
    people = "" if move.customers is None else f"{move.customers:,}"
    label = 11 if width < _WHOLE else max(13, *(len(move.label) + 1 for move in moves))
    longest = max(len(_amount_words(moves, at, currency, 99)) for at in range(len(moves)))
    room = max(12, min(longest + 1, width - label - 6))
    line = Text(no_wrap=True, end="")
    line.append(safe(move.label, label).ljust(label), ink.text if level else ink.dim)
    line.append(people.rjust(6), ink.dim)
    line.append(_amount_words(moves, index, currency, room - 1).rjust(room), style)
    room = width - line.cell_len - 2
    if room >= 8 and move.amount is not None:
        line.append("  ")
        line.append_text(_bar(moves, index, room, ink))
    return line


def _bar(moves: tuple[Move, ...], index: int, room: int, ink: Ink) -> Text:
    spans = waterfall(moves)
    ends = [end for span in spans[1:-1] for end in span] + [spans[0][1], spans[-1][1]]
    low, high = min(ends), max(ends)
    # Levels dwarf movements, so the bar shows the stretch in which something moved, with some ground beneath it.
    low -= (high - low) / 4 or Fraction(1)
    reach = (high - low) or Fraction(1)
    start, end = (max(Fraction(0), (min(max(point, low), high) - low) * room / reach) for point in sorted(spans[index]))
    left, right = int(start + Fraction(1, 2)), int(end + Fraction(1, 2))
    if index in (0, len(moves) - 1):
        return Text.assemble(("≈", ink.faint), ("█" * max(1, right - 1), ink.fill))  # the axis does not start at 0
    amount = moves[index].amount or Fraction(0)
    if amount == 0:
        return Text(" " * min(left, room - 1) + "│", style=ink.faint)
    left = min(left, room - 1)
    return Text.assemble(" " * left, ("█" * max(1, right - left), ink.good if amount > 0 else ink.bad))
