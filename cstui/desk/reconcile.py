"""Another program's MRR per subscriber against ours, customer by customer and month by month, each difference with its cause.

Reads Stripe's export (`Customer ID`, `Currency`, and a column `YYYY-MM` for each month). Changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.ask import View
from cstui.base.days import Period, iso, parse_month
from cstui.base.errors import BadFile, UsageError
from cstui.base.money import SCALE, exponent
from cstui.base.text import clean, fold_key
from cstui.ingest.headers import known as known_header
from cstui.ingest.numbers import Mark, decimal_of, mark_of
from cstui.ingest.opening import Wanted, open_tables
from cstui.ingest.words import fold_header
from cstui.metrics.reconciling import Cause, cause
from cstui.metrics.service import Known, SubscriptionRow
from cstui.metrics.steps import Steps, level_on, spans_of, steps_of
from cstui.store.customers import identities
from cstui.store.facts import SqlFacts

if TYPE_CHECKING:
    from cstui.ingest.reading import Table
    from cstui.store.workspace import Workspace

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_MISSING_HERE = Cause("missing_here", "no subscription of theirs is here")
_UNREADABLE = Cause("unreadable", "the file's amount can't be read, and counts as nothing")
_MISSING_THERE = Cause("missing_there", "the file has no row of theirs")


class NotMrr(BadFile):
    """The file is no MRR per subscriber."""

    code = "not-mrr"


@dataclass(frozen=True, slots=True)
class Difference:
    """One customer and month that the two disagree on. Major units of `currency`."""

    customer_id: str
    name: str | None
    month: str
    currency: str
    theirs: Fraction
    ours: Fraction
    cause: str
    why: str
    line: int | None
    """Where the file says it."""
    number: int | None = None
    """The customer's row here, if they are here."""

    def to_json(self) -> dict[str, Any]:
        """As the document has it."""
        amounts = {name: float(round(value, 10)) for name, value in (("theirs", self.theirs), ("ours", self.ours))}
        return {
            "customer_id": self.customer_id, "name": self.name, "month": self.month, "currency": self.currency, **amounts,
            "difference": float(round(self.theirs - self.ours, 10)), "cause": self.cause, "why": self.why, "line": self.line,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """A month and currency, all customers together."""

    month: str
    currency: str
    theirs: Fraction
    ours: Fraction
    causes: tuple[tuple[str, Fraction], ...]
    """What each cause makes of the difference."""

    def to_json(self) -> dict[str, Any]:
        """As the document has it."""
        amounts = {"theirs": self.theirs, "ours": self.ours, "difference": self.theirs - self.ours}
        return {
            "month": self.month, "currency": self.currency, **{name: float(round(value, 10)) for name, value in amounts.items()},
            "causes": {name: float(round(value, 10)) for name, value in self.causes},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What comparing came to."""

    file: str
    revision: int
    """Of the workspace that was compared."""
    as_of: int
    customers: int
    """Customers with an amount on either side."""
    agreed: int
    """Customer-months on which both agree."""
    totals: tuple[MonthTotal, ...]
    differences: tuple[Difference, ...]
    unread: tuple[int, ...]
    """Lines with a cell that is no amount."""
    later: tuple[str, ...] = ()
    """Months of the file that begin after `as_of`, which are not compared."""

    def to_json(self) -> dict[str, Any]:
        """The document of `cstui reconcile --json`."""
        return {
            "schema": 1, "file": self.file, "as_of": iso(self.as_of), "customers": self.customers, "agreed": self.agreed,
            "totals": [total.to_json() for total in self.totals], "differences": [one.to_json() for one in self.differences],
            "unread": list(self.unread), "later": list(self.later),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Theirs:
    """A row of the file."""

    customer_id: str
    name: str | None
    line: int
    months: Mapping[str, Fraction]
    unreadable: frozenset[str] = frozenset()
    """Months with a cell that is no amount, which counts as nothing."""


def reconcile(workspace: Workspace, path: Path, encoding: str | None = None, month: str | None = None) -> Reconciliation:
    """Compare the file with the workspace, in all its months or in one (`YYYY-MM`). Raises BadFile, UsageError."""
    table = open_tables(path, Wanted(encoding, None), known_header)[0]
    columns, months = _columns(table)
    if month is not None:
        if month not in months:
            raise UsageError(f"--month {month}: {table.name} has no such month. It has {', '.join(sorted(months))}.")
        months = {month: months[month]}
    with workspace.read() as db:
        facts = SqlFacts(db, View())
        revision = facts.revision
        known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
        theirs, unread = _read(table, columns, months, facts.currency)
        people = identities(db)
        rows: dict[int, list[SubscriptionRow]] = {}
        for row in facts.subscriptions(None):
            rows.setdefault(row.customer_id, []).append(row)
        ours = {
            number: steps_of(found, known, facts.switches.reactivation_gap_days)
            for number in rows
            if (found := spans_of(rows[number], known))
        }
    reached = [(name, min(period.last, known.as_of)) for name, period in months.items() if period.start <= known.as_of]
    codes: dict[str, frozenset[str]] = {}
    for fold, code in theirs:
        codes[fold] = codes.get(fold, frozenset()) | {code}
    sides = _Sides(theirs, people, rows, ours, codes)
    later = tuple(sorted(months.keys() - dict(reached).keys()))
    return replace(sides.compared(table.name, reached, known, tuple(unread)), revision=revision, later=later)


def _columns(table: Table) -> tuple[Mapping[str, int], Mapping[str, Period]]:
    """The places of id, name and currency, and the months. Raises NotMrr."""
    folded = [fold_header(cell) for cell in table.header]
    wanted = {"id": ("customerid",), "name": ("customer", "customername"), "currency": ("currency",)}
    places = {name: folded.index(label) for name, labels in wanted.items() for label in labels if label in folded}
    months = {cell.strip(): parse_month(cell.strip()) for cell in table.header if _MONTH.fullmatch(cell.strip())}
    if "id" not in places or not months:
        message = f"{table.name} is no MRR per subscriber: it needs a column “Customer ID” and one for each month, “2026-01”."
        raise NotMrr(message, file=str(table.path), line=1)
    return places, months


def _read(
    table: Table, places: Mapping[str, int], months: Mapping[str, Period], currency: str
) -> tuple[dict[tuple[str, str], _Theirs], list[int]]:
    """(folded id, currency) → amounts by month, in minor units × SCALE; lines that can't be read."""
    at = {cell.strip(): index for index, cell in enumerate(table.header) if cell.strip() in months}
    rows = [(line, row) for block in table.blocks() for line, row in zip(block.lines, block.rows, strict=True)]
    mark = mark_of({row[index].strip() for _, row in rows for index in at.values() if len(row) == len(table.header)})
    found: dict[tuple[str, str], _Theirs] = {}
    unread: list[int] = []
    for line, row in rows:
        fold = fold_key(row[places["id"]]) if places["id"] < len(row) else ""
        if len(row) != len(table.header) or not fold:
            unread.append(line)
            if fold:  # their amounts can't be told apart, but the file does name them
                nothing = dict.fromkeys(at, Fraction(0))
                found.setdefault((fold, currency), _Theirs(clean(row[places["id"]]), None, line, nothing, frozenset(at)))
            continue
        code = row[places["currency"]].strip().upper() if "currency" in places else ""
        code = code or currency
        amounts = {name: _amount(row[index], mark, code) for name, index in at.items()}
        if None in amounts.values():
            unread.append(line)
        name = clean(row[places["name"]]) or None if "name" in places else None
        key = (fold, code)
        before = found.get(key) or _Theirs("", None, line, {})
        own = {month: (amount or Fraction(0)) + before.months.get(month, 0) for month, amount in amounts.items()}
        unreadable = before.unreadable | {month for month, amount in amounts.items() if amount is None}
        found[key] = _Theirs(clean(row[places["id"]]), name, before.line, own, unreadable)
    return found, unread


def _amount(cell: str, mark: Mark, currency: str) -> Fraction | None:
    """A cell in minor units × SCALE; blank is nothing, None can't be read."""
    text = clean(cell)
    if not text:
        return Fraction(0)
    value = decimal_of(text, mark, money=True)
    return Fraction(value) * 10 ** exponent(currency) * SCALE if isinstance(value, Decimal) else None


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both sides, ready to be compared."""

    theirs: Mapping[tuple[str, str], _Theirs]
    people: Mapping[int, tuple[str, str | None, str]]
    rows: Mapping[int, Sequence[SubscriptionRow]]
    ours: Mapping[int, Mapping[str, Steps]]
    codes: Mapping[str, frozenset[str]]
    """Folded id → the currencies that the file has of them."""

    def compared(self, file: str, months: Sequence[tuple[str, int]], known: Known, unread: tuple[int, ...]) -> Reconciliation:
        """Every customer, currency and month."""
        numbers = {fold: number for number, (_, _, fold) in self.people.items()}
        here = {(self.people[number][2], code) for number, steps in self.ours.items() for code in steps}
        keys = sorted(here | self.theirs.keys())
        agreed = 0
        differences: list[Difference] = []
        sums: dict[tuple[str, str], list[Fraction]] = {}
        for key in keys:
            for month, day in months:
                there = self.theirs[key].months[month] if key in self.theirs else Fraction(0)
                number = numbers.get(key[0])
                steps = self.ours.get(number, {}).get(key[1]) if number is not None else None
                own = level_on(steps, day) if steps else 0
                both = sums.setdefault((month, key[1]), [Fraction(0), Fraction(0)])
                both[0], both[1] = both[0] + there, both[1] + own
                if there == own:
                    agreed += bool(own)
                else:
                    differences.append(self._difference(key, number, (month, day), (there, own), known))
        causes: dict[tuple[str, str], dict[str, Fraction]] = {}
        for one in differences:
            made = causes.setdefault((one.month, one.currency), {})
            made[one.cause] = made.get(one.cause, Fraction(0)) + one.theirs - one.ours
        totals = tuple(_total(*key, amounts, causes.get(key, {})) for key, amounts in sorted(sums.items()))
        customers = len({fold for fold, _ in keys})
        differences.sort(key=lambda one: (one.month, -abs(one.theirs - one.ours), one.customer_id))
        return Reconciliation(file, 0, known.as_of, customers, agreed, totals, tuple(differences), unread)

    def _difference(
        self, key: tuple[str, str], number: int | None, when: tuple[str, int], amounts: tuple[Fraction, int], known: Known
    ) -> Difference:
        (fold, code), (month, day), (there, own) = key, when, amounts
        row = self.theirs.get(key)
        unreadable = row is not None and month in row.unreadable
        found = _UNREADABLE if unreadable else self._cause(fold, code, number, day, amounts, known)
        raw, name, _ = self.people[number] if number is not None else (row.customer_id if row else fold, row.name if row else None, fold)
        scale = SCALE * 10 ** exponent(code)
        line = row.line if row else None
        return Difference(raw, name, month, code, there / scale, Fraction(own, scale), found.code, found.why, line, number)

    def _cause(self, fold: str, code: str, number: int | None, day: int, amounts: tuple[Fraction, int], known: Known) -> Cause:
        rows = self.rows.get(number, ()) if number is not None else ()
        if not rows:
            return _MISSING_HERE
        theirs = self.codes.get(fold)
        if theirs is None:
            return _MISSING_THERE
        own = [row for row in rows if row.currency == code]
        elsewhere = ({row.currency for row in rows} | theirs) - {code}
        if elsewhere and (not own or (fold, code) not in self.theirs):
            return Cause("currency", f"{code} on one side only; the other has {', '.join(sorted(elsewhere))}")
        return cause(amounts[0], amounts[1], own, day, known)


def _total(month: str, code: str, amounts: Sequence[Fraction], causes: Mapping[str, Fraction]) -> MonthTotal:
    scale = SCALE * 10 ** exponent(code)
    return MonthTotal(month, code, amounts[0] / scale, amounts[1] / scale, tuple(sorted(causes.items())))


def csv_rows(found: Reconciliation) -> tuple[Sequence[str], Iterator[tuple[str | float | None, ...]]]:
    """A line for each difference, as `--csv` has it."""
    titles = ("customer_id", "name", "month", "currency", "theirs", "ours", "difference", "cause", "why", "line")
    return titles, (tuple(one.to_json().values()) for one in found.differences)
