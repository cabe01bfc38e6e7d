"""A first look at a whole file: what its columns hold, so that the second look reads each column in one way.

Finds the order of day and month, the decimal mark, the currencies; proves on the way that the file is well-formed to its
end. Keeps distinct texts of typed columns only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from operator import itemgetter

from cstui.base.days import iso
from cstui.base.records import Kind, Type
from cstui.base.text import clean
from cstui.ingest.dates import Order, day_of, month_of, numbered, numeric, order_of
from cstui.ingest.expressions import Context
from cstui.ingest.failures import AmbiguousDates
from cstui.ingest.headers import Plan
from cstui.ingest.layout import Note
from cstui.ingest.money_words import TOMAN
from cstui.ingest.numbers import Mark, currency_in, mark_of
from cstui.ingest.reading import Table
from cstui.ingest.values import currency_of, kept_text

_CALENDARS = {Order.JALALI: "Solar Hijri", Order.HIJRI: "Hijri (Umm al-Qura)"}
_NUMERIC = frozenset({Type.MONEY, Type.NUMBER, Type.COUNT})


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file's columns hold."""

    rows: int
    currencies: Mapping[str, int]
    """Currency → rows that name it."""
    orders: Mapping[str, Order | None]
    """Date field → its order of day and month."""
    marks: Mapping[str, Mark]
    """Number field → its decimal mark."""
    signs: Mapping[str, str | tuple[str, ...]]
    """Cleaned money cell → the currency it names itself, or those that share the name."""
    notes: tuple[Note, ...] = ()
    """How dates are read where they are not written as most are."""
    rates: frozenset[frozenset[str]] = frozenset()
    """Pairs of currencies that an exchange rate is for."""
    months: frozenset[str] = frozenset()
    """Date fields in which a month stands for its first day."""

    def reads_like(self, other: Survey) -> bool:
        """Whether both have the columns read in the same way."""
        return (self.orders, self.marks, self.signs, self.months) == (other.orders, other.marks, other.signs, other.months)


def survey(table: Table, plan: Plan, asked: Order | None, on_block: Callable[[int, int], None] | None) -> Survey:
    """Read the file once, or without `on_block` only its first blocks, as many as it takes to tell the dates' order.

    `on_block` is told bytes and rows so far. Raises BrokenText, AmbiguousDates.
    """
    found, blocks, look = Distinct.of(plan), 0, 1
    runner = None if plan.derivation is None else plan.derivation.start(Context(strict=False))
    for block in table.blocks():
        width = len(table.header)
        whole = block.rows if set(map(len, block.rows)) == {width} else [row for row in block.rows if len(row) == width]
        found.rows += len(block.rows)
        if runner is not None:
            whole = runner.apply(whole, block.lines)[0]
        for name, index in found.typed.items():
            found.texts[name].update(map(itemgetter(index), whole))
        found.named(plan, whole)
        if on_block is not None:
            on_block(block.position, found.rows)
            continue
        blocks += 1
        if blocks == look:
            look *= 2
            with suppress(AmbiguousDates):  # rows in the order of their days: a later one has a day above 12
                return concluded(table, plan, asked, found)
    return concluded(table, plan, asked, found)


@dataclass(slots=True)
class Distinct:
    """The distinct raw cells of a file's typed columns."""

    typed: Mapping[str, int]
    """Number or date field → its column."""
    texts: Mapping[str, set[str]]
    codes: Counter[str] = field(default_factory=Counter)
    """Raw currency cell → rows."""
    pairs: set[tuple[str, str]] = field(default_factory=set)
    """Raw cells of an exchange rate's two currencies."""
    rows: int = 0

    def named(self, plan: Plan, rows: list[list[str]]) -> None:
        """Note the currencies of rows of the full width."""
        if "currency" in plan.fields:
            self.codes.update(map(itemgetter(plan.fields["currency"]), rows))
        if plan.record.kind is Kind.EXCHANGE_RATES and {"from", "to"} <= plan.fields.keys():
            self.pairs.update(map(itemgetter(plan.fields["from"], plan.fields["to"]), rows))

    @classmethod
    def of(cls, plan: Plan) -> Distinct:
        """Nothing seen yet."""
        typed = {f.name: plan.fields[f.name] for f in plan.record.fields if f.name in plan.fields and f.type in _NUMERIC | {Type.DATE}}
        return cls(typed, {name: set() for name in typed})


def concluded(table: Table, plan: Plan, asked: Order | None, found: Distinct) -> Survey:
    """What distinct cells say about how their columns are read. Raises AmbiguousDates."""
    cleaned = {name: _cleaned(raws) for name, raws in found.texts.items()}
    money = [f.name for f in plan.record.fields if f.name in found.typed and f.type is Type.MONEY]
    signs = {text: code for name in money for text in cleaned[name] if (code := currency_in(text))}
    currencies = _currencies(found.codes, signs, found.rows)
    orders = _orders(table, plan, cleaned, asked)
    notes = (*_notes(table, plan, {name: cleaned[name] for name in orders}, orders), *(() if asked else _hinted(plan, cleaned, orders)))
    pairs = (frozenset(name for raw in pair if isinstance(name := currency_of(kept_text(raw) or ""), str)) for pair in found.pairs)
    months = _months(plan, cleaned, orders)
    notes = (*notes, *_month_notes(plan, {name: cleaned[name] for name in sorted(months)}, orders))
    return Survey(found.rows, currencies, orders, _marks(plan, cleaned), signs, notes, frozenset(pairs), months)


def _months(plan: Plan, cleaned: Mapping[str, set[str]], orders: Mapping[str, Order | None]) -> frozenset[str]:
    """The date fields whose cells may be months: costs are kept by the month, and a column of nothing else says so itself."""
    if plan.record.kind is Kind.USAGE:
        return frozenset()
    whole = {name for name in orders if cleaned[name] and all(month_of(text, orders[name]) is not None for text in cleaned[name])}
    return frozenset(whole | ({"date"} & orders.keys() if plan.record.kind is Kind.COSTS else set()))


def _month_notes(plan: Plan, dates: Mapping[str, set[str]], orders: Mapping[str, Order | None]) -> Iterator[Note]:
    for name, texts in dates.items():
        found = ((text, day) for text in sorted(texts) if (day := month_of(text, orders[name])) is not None)
        for text, day in islice(found, 1):
            yield Note("dates", 0, f"“{clean(str(plan.column(name)))}” holds months, each read as its first day: {text} is {iso(day)}")


def _cleaned(raws: set[str]) -> set[str]:
    """The cells as they are kept, without empty ones. Most columns hold plain ones only, which need no look at each."""
    joined = f"|{'|'.join(raws)}|"
    if joined.isascii() and joined.isprintable() and "'" not in joined and "| " not in joined and " |" not in joined:
        return raws - {""}
    return {text for raw in raws if (text := kept_text(raw))}


def _notes(table: Table, plan: Plan, dates: Mapping[str, set[str]], orders: Mapping[str, Order | None]) -> Iterator[Note]:
    """Which calendar, or which count of days or seconds, a column is read by."""
    for name, texts in dates.items():
        order, column = orders[name], clean(str(plan.column(name)))
        if order in _CALENDARS:
            days = ((text, day_of(text, order, UTC)) for text in sorted(texts))
            for text, day in days:
                if isinstance(day, int):
                    yield Note("dates", 0, f"“{column}” is read by the {_CALENDARS[order]} calendar: {text} is {iso(day)}")
                    break
        counted = min((text for text in texts if "-" not in text and text[:1].isdigit() and numeric(text)), default=None)
        if counted is not None and isinstance(day := day_of(counted, order, UTC, from_1904=table.from_1904), int):
            read = numeric(counted, from_1904=table.from_1904)
            yield Note("dates", 0, f"“{column}” holds numbers, read as {read}: {counted} is {iso(day)}")


def _hinted(plan: Plan, cleaned: Mapping[str, set[str]], orders: Mapping[str, Order | None]) -> Iterator[Note]:
    """Columns whose order nothing in the file decides, read as the program that wrote it usually does."""
    for name, order in orders.items():
        written = order_of(cleaned[name]) if plan.dates is not None else None
        if order is not None and isinstance(written, str) and isinstance(day := day_of(written, order, UTC), int):
            column, other = clean(str(plan.column(name))), "MDY" if order == Order("DMY") else "DMY"
            said = f"“{column}” could be read day first or month first: read as this program usually writes it, {written} is {iso(day)}"
            yield Note("dates", 0, f"{said}; --dates {other} reads it the other way")


def _currencies(codes: Counter[str], signs: Mapping[str, str | tuple[str, ...]], rows: int) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for raw, count in codes.items():
        code = currency_of(kept_text(raw) or "")
        if isinstance(code, str):
            found["IRR" if code == TOMAN else code] += count
    named = {"IRR" if code == TOMAN else code for code in signs.values() if isinstance(code, str)}
    if not found and len(named) == 1:
        found[named.pop()] = rows
    return found


def _orders(table: Table, plan: Plan, cleaned: Mapping[str, set[str]], asked: Order | None) -> Mapping[str, Order | None]:
    dates = [f.name for f in plan.record.fields if f.type is Type.DATE and f.name in cleaned]
    if asked is not None:
        return dict.fromkeys(dates, asked)
    found: dict[str, Order | None] = {}
    for name in dates:
        order = order_of(cleaned[name])
        if isinstance(order, Order) or order is None:
            found[name] = order
        elif isinstance(order, str) and plan.dates is not None:
            found[name] = Order(plan.dates)
        else:
            raise _undecided(table, str(plan.column(name)), order)
    return found


def _undecided(table: Table, column: str, found: str | tuple[str, str]) -> AmbiguousDates:
    if isinstance(found, tuple) and all(map(numbered, found)):
        message = f"{table.name}, column “{column}”: “{found[0]}” looks like a Solar Hijri year and “{found[1]}” like a Hijri one. "
        message += "Say --dates jalali or --dates hijri."
    else:
        what = f"“{found}” could be read day first or month first, and no other date of the column tells"
        if not isinstance(found, str):
            what = f"“{found[0]}” has the day first and “{found[1]}” the month"
        message = f"{table.name}, column “{column}”: {what}. Say --dates DMY or --dates MDY."
    error = AmbiguousDates(message, file=str(table.path), column=column)
    error.table = table.within
    return error


def _marks(plan: Plan, cleaned: Mapping[str, set[str]]) -> Mapping[str, Mark]:
    """Each number column's own decimal mark, or that of the file's other number columns where it proves none itself."""
    numeric = [f.name for f in plan.record.fields if f.name in cleaned and f.type in _NUMERIC]
    own = {name: mark_of(cleaned[name]) for name in numeric if name not in plan.exact}
    sure = {mark for mark in own.values() if mark is not Mark.UNKNOWN}
    others = sure.pop() if len(sure) == 1 else Mark.UNKNOWN
    found = {name: others if mark is Mark.UNKNOWN else mark for name, mark in own.items()}
    return found | {name: Mark.POINT for name in numeric if name in plan.exact}
