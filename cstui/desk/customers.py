"""The customer list, and the way to one customer's page.

Returns frozen snapshots; amounts are exact Fractions in major units, days are day numbers, `to_json` is the command's document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cstui.base.ask import View, Where
from cstui.base.money import SCALE, to_major
from cstui.desk.customer_buying import Habit, habits, ranked
from cstui.desk.customer_page import CustomerPage, customer
from cstui.desk.customer_words import date, is_lost, number, status_of
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.store import customers as rows
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

__all__ = ["CustomerLine", "CustomerList", "CustomerPage", "customer", "customers"]


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One customer of the list, as of the last day of the data."""

    customer_id: str
    name: str | None
    email: str | None
    plan: str | None
    """Their own, or that of their latest subscription row."""
    segment: str | None
    owner: str | None
    status: str
    """`lead`, `trial`, `active`, `churned` or `lost`; `lapsed` in repeat-purchase mode."""
    mrr: Fraction | None
    """In the workspace's currency; None when some of it is in one without a rate, and in repeat-purchase mode."""
    first_paid: int | None
    """The first day ever with MRR, or of a purchase."""
    bought: Habit | None = None
    """Their purchases, in repeat-purchase mode."""


@dataclass(frozen=True, slots=True)
class CustomerList:
    """A window of the list, the highest MRR first, then by id."""

    revision: int
    as_of: int | None
    currency: str
    where: Where
    find: str | None
    total: int
    """Customers that match, shown or not."""
    customers: tuple[CustomerLine, ...]
    by_purchase: bool = False
    """Repeat-purchase mode: the highest revenue first."""

    def to_json(self) -> dict[str, object]:
        """The document of `cstui customers --json`."""
        return {
            "schema": 1,
            "as_of": date(self.as_of),
            "currency": self.currency,
            "filters": {field: list(values) for field, values in self.where},
            "find": self.find,
            "total": self.total,
            "customers": [_line_json(line) for line in self.customers],
        }


def customers(ws: Workspace, view: View, find: str | None = None, *, limit: int | None = None, offset: int = 0) -> CustomerList:
    """The customers in the view's filter whose id, name or e-mail contains `find` (any script). Raises UnknownField.

    Says what is true on the last day of the data: a period or `as_of` in the view changes nothing.
    """
    with ws.read() as db:
        facts = SqlFacts(db, View(where=view.where))
        as_of, currency = rows.as_of(db), facts.currency
        ids = facts.selected()
        if find is not None and find.strip():
            found = rows.matching(db, find)
            ids = found if ids is None else ids & found
        if facts.mode == REPEAT_PURCHASE:
            window = ranked(facts, ids, "mrr")[offset : None if limit is None else offset + limit]
            found_lines = bought_lines(facts, rows.window(db, window, day=as_of, rates=facts.rates), as_of)
        else:
            lines = rows.page(db, ids, day=as_of, rates=facts.rates, limit=limit, offset=offset)
            found_lines = tuple(line_of(row, standing, as_of, currency) for row, standing in lines)
        return CustomerList(
            revision=facts.revision,
            as_of=as_of,
            currency=currency,
            where=view.where,
            find=find,
            total=rows.count(db) if ids is None else len(ids),
            customers=found_lines,
            by_purchase=facts.mode == REPEAT_PURCHASE,
        )


def bought_lines(facts: SqlFacts, window: Sequence[tuple[rows.ListRow, rows.Standing]], as_of: int | None) -> tuple[CustomerLine, ...]:
    """Customers of the list in repeat-purchase mode."""
    habit = habits(facts, [row.id for row, _ in window])
    return tuple(_bought_line(row, habit.get(row.id), as_of, facts.currency) for row, _ in window)


def _bought_line(row: rows.ListRow, habit: Habit | None, as_of: int | None, currency: str) -> CustomerLine:
    line = line_of(row, rows.NOTHING, as_of, currency)
    if habit is None:
        return replace(line, mrr=None)
    return replace(line, mrr=None, first_paid=habit.first, bought=habit, status="lapsed" if habit.lapsed else "active")


def line_of(row: rows.ListRow, standing: rows.Standing, as_of: int | None, currency: str) -> CustomerLine:
    """A customer of the list as the snapshot has it."""
    return CustomerLine(
        customer_id=row.customer_id,
        name=row.name,
        email=row.email,
        plan=row.plan,
        segment=row.segment,
        owner=row.owner,
        status=status_of(
            paying=standing.mrr > 0 or standing.elsewhere,
            paid_before=standing.first_paid is not None,
            in_trial=bool(row.in_trial),
            lost=(row.lost_at is not None and as_of is not None and row.lost_at <= as_of) or is_lost(row.stage),
        ),
        mrr=None if standing.elsewhere else to_major(Fraction(standing.mrr, SCALE), currency),
        first_paid=standing.first_paid,
    )


def _line_json(line: CustomerLine) -> dict[str, object]:
    return {
        "customer_id": line.customer_id,
        "name": line.name,
        "email": line.email,
        "plan": line.plan,
        "segment": line.segment,
        "owner": line.owner,
        "status": line.status,
        "mrr": number(line.mrr),
        "first_paid": date(line.first_paid),
        **({} if line.bought is None else {"purchases": line.bought.to_json()}),
    }
