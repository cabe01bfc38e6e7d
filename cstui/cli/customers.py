"""`customers` and `customer`: the list, and one customer with everything that is known of them."""

from __future__ import annotations

import argparse
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cstui.base.days import iso
from cstui.cli.options import form_options, json_option, pairs, whole, workspace_option
from cstui.cli.output import csv_text, emit, emit_json, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, facts, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cstui.desk.customer_buying import Habit
    from cstui.desk.customer_page import CustomerPage, Source
    from cstui.desk.customers import CustomerLine, CustomerList

TITLES = ("customer_id", "name", "email", "plan", "segment", "owner", "status", "mrr", "first_paid")
BOUGHT_TITLES = ("purchases", "last_purchase", "usual_gap_days", "expected_next", "lapses_on", "revenue")
"""More columns of the CSV in repeat-purchase mode."""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    many = commands.add_parser("customers", help="the customer list", description="Customers, the highest MRR first.")
    many.add_argument("--where", metavar="FIELD=VALUE", action="append", default=[], help="only these; one field OR, several AND")
    many.add_argument("--find", metavar="TEXT", help="in id, name or e-mail; any script, case or keyboard")
    many.add_argument("--limit", metavar="N", help="at most N of them")
    form_options(many)
    workspace_option(many)
    many.set_defaults(run=run_customers)

    one = commands.add_parser("customer", help="one customer", description="Facts, subscriptions, payments and timeline of one customer.")
    one.add_argument("id", metavar="ID")
    json_option(one)
    workspace_option(one)
    one.set_defaults(run=run_customer)


def run_customers(args: argparse.Namespace) -> int:
    """`cstui customers`."""
    from cstui.base.ask import View, where_of
    from cstui.desk.customers import customers

    view = View(where=where_of(pairs(args.where, "--where")))
    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    with opened(args) as workspace:
        found = customers(workspace, view, args.find, limit=limit)
    if args.json:
        emit_json(found.to_json())
    elif args.csv:
        titles = (*TITLES, *BOUGHT_TITLES) if found.by_purchase else TITLES
        more = _bought_cells if found.by_purchase else lambda _: ()
        emit(csv_text(titles, [(*_csv_row(line), *more(line)) for line in found.customers]))
    else:
        _show_list(found)
    return 0


def run_customer(args: argparse.Namespace) -> int:
    """`cstui customer`."""
    from cstui.desk.customers import customer

    with opened(args) as workspace:
        found = customer(workspace, args.id)
    if args.json:
        emit_json(found.to_json())
    else:
        emit("\n\n".join(_page(found)))
    return 0


def _csv_row(line: CustomerLine) -> tuple[str | float | None, ...]:
    mrr = None if line.mrr is None else float(round(line.mrr, 10))
    first = None if line.first_paid is None else iso(line.first_paid)
    return (line.customer_id, line.name, line.email, line.plan, line.segment, line.owner, line.status, mrr, first)


def _bought_cells(line: CustomerLine) -> tuple[str | float | None, ...]:
    if line.bought is None:
        return (None,) * len(BOUGHT_TITLES)
    one = line.bought
    gap, spent = (None if value is None else float(round(value, 10)) for value in (one.gap, one.spent))
    days = (None if day is None else iso(day) for day in (one.expected, one.lapses))
    return (one.purchases, iso(one.last), gap, *days, spent)


def _show_list(found: CustomerList) -> None:
    if found.by_purchase:
        titles = [
            *map(Column, ("customer", "name", "segment", "owner", "status")),
            Column("bought", right=True),
            Column("spent", right=True),
        ]
        emit(
            table(
                [*titles, *map(Column, ("last bought", "next expected"))], [_bought_row(line, found.currency) for line in found.customers]
            )
        )
        _say_total(found)
        return
    columns = (
        Column("customer"),
        Column("name"),
        Column("plan", limit=24),
        Column("segment", limit=24),
        Column("owner", limit=24),
        Column("status"),
        Column("MRR", right=True),
        Column("first paid"),
    )
    emit(table(columns, [_row(line, found.currency) for line in found.customers]))
    _say_total(found)


def _say_total(found: CustomerList) -> None:
    from cstui.base.formatting import count

    shown = f"{len(found.customers):,} of " if len(found.customers) < found.total else ""
    say(shown + count(found.total, "customer") + (f" · data through {iso(found.as_of)}" if found.as_of is not None else ""))


def _bought_row(line: CustomerLine, currency: str) -> tuple[str | None, ...]:
    one = line.bought
    who = (line.customer_id, line.name, line.segment, line.owner, line.status)
    if one is None:
        return (*who, None, None, None, None)
    return (*who, f"{one.purchases:,}", _money(one.spent, currency), iso(one.last), None if one.expected is None else iso(one.expected))


def _row(line: CustomerLine, currency: str) -> tuple[str | None, ...]:
    first = None if line.first_paid is None else iso(line.first_paid)
    return (line.customer_id, line.name, line.plan, line.segment, line.owner, line.status, _money(line.mrr, currency), first)


def _money(amount: Fraction | None, currency: str) -> str:
    from cstui.base.formatting import money

    return "no rate" if amount is None else money(amount, currency, exact=True)


def _page(page: CustomerPage) -> Iterator[str]:
    name = dict(page.facts)["name"]
    yield f"{page.customer_id}" if name is None else f"{page.customer_id}  {_cell(str(name))}"
    mrr = " + ".join(_money(amount, code) for code, amount in page.mrr_by_currency) or _money(Fraction(0), page.currency)
    yield facts(
        [
            ("status", page.status),
            *([("MRR", mrr)] if page.bought is None else _bought_facts(page.bought, page.currency)),
            ("plan", page.plan_now),
            ("first paid", _day(page.first_paid)),
            ("revenue so far", _money(page.realised, page.currency) if page.payments else None),
            *((name, _fact(value)) for name, value in page.facts if name not in ("name", "plan")),
            *page.attributes,
            ("record", "only mentioned so far, first in " + _where(page.source) if page.stub else _where(page.source)),
        ]
    )
    if page.subscriptions:
        yield "Subscriptions\n" + _subscriptions(page)
    if page.payments:
        yield "Payments\n" + _payments(page)
    if page.timeline:
        yield "Timeline\n" + _timeline(page)


def _bought_facts(one: Habit, currency: str) -> list[tuple[str, str | None]]:
    """How a customer buys, in repeat-purchase mode."""
    return [
        ("purchases", f"{one.purchases:,}, {_money(one.spent, currency)} together"),
        ("last purchase", iso(one.last)),
        ("usual gap", None if one.gap is None else f"{float(one.gap):g} days"),
        ("next expected", _day(one.expected)),
        ("lapsed" if one.lapsed else "lapses", _day(one.lapses)),
    ]


def _subscriptions(page: CustomerPage) -> str:
    columns = (
        Column("subscription"),
        Column("plan"),
        Column("billed", right=True),
        Column("started"),
        Column("pays from"),
        Column("ends"),
        Column("MRR", right=True),
        Column("state", limit=80),
        Column("from"),
    )
    rows = [
        (
            line.subscription_id,
            line.plan,
            f"{_money(line.amount, line.currency)} × {_plain(line.quantity)} / {_every(line.interval_count, line.interval)}"
            + (f" − {_money(line.discount, line.currency)}" if line.discount else ""),
            iso(line.started_at),
            _day(line.paying_from),
            _day(line.service_end),
            _money(line.mrr, line.currency),
            line.state,
            _where(line.source),
        )
        for line in page.subscriptions
    ]
    return table(columns, rows)


def _payments(page: CustomerPage) -> str:
    columns = (Column("payment"), Column("amount", right=True), *map(Column, ("kind", "status", "paid", "due", "via", "from")))
    rows = [
        (
            line.payment_id,
            _money(line.amount, line.currency),
            line.kind,
            line.status,
            _day(line.paid_at),
            _day(line.due_at),
            line.via,
            _where(line.source),
        )
        for line in page.payments
    ]
    return table(columns, rows)


def _timeline(page: CustomerPage) -> str:
    columns = (Column("day"), Column("what"), Column("amount", right=True), Column("", limit=60))
    rows = [
        (
            iso(event.day),
            event.what.replace("_", " "),
            None if event.amount is None or event.currency is None else _money(event.amount, event.currency),
            event.detail,
        )
        for event in page.timeline
    ]
    return table(columns, rows)


def _fact(value: str | int | None) -> str | None:
    return iso(value) if isinstance(value, int) else value


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)


def _every(count: int, interval: str) -> str:
    return interval if count == 1 else f"{count} {interval}s"


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _where(source: Source) -> str:
    if source.file is None:
        return "by hand" if source.entered is None else f"by hand {iso(source.entered)}"
    return f"{source.file}:{source.line}"


def _cell(text: str) -> str:
    from cstui.base.text import cell

    return cell(text)
