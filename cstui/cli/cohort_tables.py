"""The retention table as text and as CSV rows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cstui.base.days import iso
from cstui.base.formatting import money_compact, percent
from cstui.cli.output import emit, say
from cstui.cli.tables import Column, table
from cstui.desk.cohorts import Cohorts
from cstui.desk.figures import number

CSV_TITLES = ("month", "size", "k", "value", "retention")
SHOWN = 13
"""Columns of the text table: M0 to M12. The CSV and JSON have all of them."""


def show(found: Cohorts) -> None:
    """Print the table: shares of M0, a year of them."""
    if found.as_of is None or not found.cohorts:
        say("No cohorts yet: nobody has paid. Import subscriptions, or the payments of customers who buy without one.")
        return
    if found.reason is not None:
        say(f"No cohorts of MRR: {found.reason}. Try --value revenue.")
        return
    width = min(SHOWN, max(len(cohort.customers) for cohort in found.cohorts))
    base = {"customers": "customers", "mrr": "MRR"}.get(found.value, found.value)
    columns = (Column("month"), Column(base, right=True), *(Column(f"M{k}", right=True) for k in range(width)))
    emit(table(columns, ([month, _base(found, size, cells), *_shares(shares, width)] for month, size, cells, shares in found.rows())))
    say(f"{found.currency} · data through {iso(found.as_of)} · share of M0; months not yet complete are blank")
    if found.lacking:
        say(f"n/a: {found.lacking}")


def csv_rows(found: Cohorts) -> tuple[tuple[str, ...], Iterator[tuple[str | int | float | None, ...]]]:
    """Titles and one row a cell."""
    whole = found.value == "customers"

    def rows() -> Iterator[tuple[str | int | float | None, ...]]:
        for month, size, cells, shares in found.rows():
            for k, (cell, share) in enumerate(zip(cells, shares, strict=True)):
                yield month, size, k, number(cell, whole=whole), number(share, whole=False)

    return CSV_TITLES, rows()


def _base(found: Cohorts, size: int, cells: tuple[Fraction | None, ...]) -> str:
    if found.value == "customers":
        return f"{size:,}"
    return money_compact(cells[0], found.currency) if cells and cells[0] is not None else "n/a"


def _shares(shares: tuple[Fraction | None, ...], width: int) -> list[str]:
    shown = ["n/a" if share is None else percent(share, 0) for share in shares[:width]]
    return shown + [""] * (width - len(shown))
