"""What turning a switch would do, as paragraphs and tables of plain text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cstui.base.formatting import contribution, count, figure, unit_of
from cstui.base.formatting import period as period_text
from cstui.base.text import safe
from cstui.cli.tables import Column, table
from cstui.desk.switching import Preview, Turned, moving_words

FEW = 40
"""Customers that plain text names at most."""
MOST_WORDS = 4
"""Figures named for each."""


def preview_text(found: Preview) -> Iterator[str]:
    """A preview in paragraphs. Nothing was set, and it says so."""
    yield f"{found.switch}: {found.before} → {found.after}   {period_text(found.period)}   nothing has been set"
    yield safe(found.definition, 1000)
    columns = (Column("figure", limit=40), *(Column(name, right=True) for name in ("before", "after", "change")), Column("", limit=100))
    yield table(columns, [_figure_row(turned, found.currency) for turned in found.figures])
    if found.by is None:
        yield "Nobody moves."
        return
    shown = found.customers[:FEW]
    yield f"{count(found.total, 'customer')} would count otherwise, the largest change of {found.leading} first:"
    columns = (Column("customer"), Column("name"), Column("what changes", limit=300))
    yield table(columns, [(one.customer_id, one.name, "; ".join(moving_words(one, found, MOST_WORDS))) for one in shown])
    if len(shown) < found.total:
        yield f"{len(shown):,} of {found.total:,}; --limit and --json give more"


def _figure_row(turned: Turned, currency: str) -> tuple[str | None, ...]:
    one, before, after = turned.metric, turned.before, turned.after
    unit = unit_of(one.id, one.unit)
    change = "" if before.value is None or after.value is None else _changed(after.value - before.value, unit, currency)
    reason = after.reason if after.value is None else before.reason if before.value is None else None
    return one.label, *(figure(side.value, unit, currency) for side in (before, after)), change, reason


def _changed(change: Fraction, unit: str, currency: str) -> str:
    return contribution(change, unit, currency) if change else "="
