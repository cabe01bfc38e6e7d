"""The customers of a report in blocks: who moved the MRR, who came, went and returned, who is at risk, and the cohorts.

Every cell that names a customer carries their id, so that forgetting them finds it in reports that were kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import Period, month_of, to_date
from cstui.desk.paper.blocks import Block, Cell, Heading, Table, Words
from cstui.metrics.difference import reading
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.revenue import signed

if TYPE_CHECKING:
    from cstui.store.facts import SqlFacts
    from cstui.store.workspace import Workspace

LARGEST = 5
"""Customers named behind each movement."""
NAMED = 10
"""Customers named in a list."""
COHORTS = 12
"""The latest cohorts, and the months after that are shown of each."""

_EVER = -(2**31)
Sums = Mapping[int, Fraction]
"""Customer → what they add to a figure."""


class People:
    """The customers behind a period's figures, each looked up once."""

    def __init__(self, facts: SqlFacts, period: Period, currency: str) -> None:
        self._facts = facts
        self._period = period
        self.currency = currency
        self._sums: dict[str, Sums] = {}
        self._names: dict[int, tuple[str, str | None]] = {}

    def sums(self, metric: str) -> Sums:
        """Customer → what all their rows add to a counted metric; without a rate, nothing."""
        if metric not in self._sums:
            found = reading(self._facts, metric, self._period)
            converted = {customer: adds for (customer, _), (adds, _) in found.rest.items() if customer is not None}
            self._sums[metric] = {customer: Fraction(adds, found.scale) for customer, (adds, _) in found.own.items()} | converted
        return self._sums[metric]

    def spent(self, customers: Collection[int]) -> Sums:
        """Customer → what they have paid, net, by the period's end; without a rate, nothing."""
        found = dict.fromkeys(customers, Fraction(0))
        for row in self._facts.paid_by({customer: str(customer) for customer in customers}, Period(_EVER, self._period.end)):
            worth = self._facts.rates.major(signed(row.kind, row.amount), row.currency, row.day)
            found[int(row.group or 0)] += worth or 0
        return found

    @property
    def bought(self) -> bool:
        """In repeat-purchase mode, where nobody has any MRR."""
        return self._facts.mode == REPEAT_PURCHASE

    def names(self, customers: list[int]) -> Mapping[int, tuple[str, str | None]]:
        """(id, name) of customers."""
        missing = [customer for customer in customers if customer not in self._names]
        if missing:
            self._names |= self._facts.named(missing)
        return self._names

    def largest(self, sums: Sums, most: int) -> list[int]:
        """The customers with the largest amounts, by id where they are equal."""
        names = self.names(list(sums))
        return sorted(sums, key=lambda customer: (-abs(sums[customer]), names[customer][0]))[:most]

    def cells(self, customer: int) -> tuple[Cell, Cell]:
        """Name and id."""
        public, name = self.names([customer])[customer]
        return Cell(name or public, who=public), Cell(public, who=public)


def movers(people: People, moves: tuple[tuple[str, str, int], ...]) -> Iterator[Block]:
    """Who is behind each movement of MRR; nobody in repeat-purchase mode."""
    if people.bought:
        return
    rows: list[tuple[Cell, ...]] = []
    for label, metric, sign in moves:
        if metric == "mrr_fx":
            continue
        sums = people.sums(metric)
        rows += [
            (Cell(label), *people.cells(customer), Cell(fmt.signed(sign * sums[customer], "money", people.currency)))
            for customer in people.largest(sums, LARGEST)
            if sums[customer]
        ]
    if rows:
        yield Heading(3, "The largest behind it")
        yield Table(("movement", "customer", "id", "MRR>"), tuple(rows))


def came_and_went(people: People) -> Iterator[Block]:
    """Customers who are new, who left and who returned, the largest first."""
    yield Heading(2, "Who came, left and returned")
    for title, counted, money in (
        ("New customers", "customers_new", "mrr_new"),
        ("Churned customers", "customers_churned", "mrr_churned"),
        ("Returned customers", "customers_returned", "mrr_reactivation"),
    ):
        everybody = people.sums(counted)
        worth = people.spent(everybody.keys()) if people.bought else people.sums(money)
        sums = {customer: worth.get(customer, Fraction(0)) for customer in everybody}
        yield Heading(3, f"{title}: {len(sums):,}")
        if not sums:
            yield Words("Nobody.")
            continue
        shown = people.largest(sums, NAMED)
        yield Table(
            ("customer", "id", "spent so far>" if people.bought else "MRR>"),
            tuple((*people.cells(customer), Cell(fmt.money(sums[customer], people.currency))) for customer in shown),
        )
        if len(sums) > len(shown):
            yield Words(f"and {len(sums) - len(shown):,} more.")


def at_risk(workspace: Workspace, view: View, own: int, day: int, currency: str) -> Iterator[Block]:
    """The top of the risk list on a day, with the reasons."""
    from cstui.desk.at_risk import MEDIUM
    from cstui.desk.at_risk import at_risk as listed

    asked = View(where=view.where, as_of=None if day == own and view.as_of is None else day)
    found = listed(workspace, asked, to_date(day), NAMED)
    if not found.order:
        return
    yield Heading(2, f"At risk on {fmt.day(day)}")
    counted = f"{found.at_risk:,} of {len(found.order):,} paying customers at medium or high risk, which is {MEDIUM} or more"
    stake = "revenue a month" if found.by_purchase else "MRR"
    yield Words(f"{counted}; the most {stake} × risk first. {found.direction}.")
    missing = [{unknown.why for unknown in one.unknown} for one in found.customers]
    if everywhere := sorted(set.intersection(*missing)):
        yield Words(f"Not known of any of them, so no good sign: {'; '.join(everywhere)}.")
    rows = []
    for one in found.customers:
        if not one.risk:
            continue
        reasons = " · ".join(f"{reason.told(found.today)} ({reason.points})" for reason in one.reasons)
        mrr = fmt.figure(one.mrr, "money", currency)
        who = one.customer_id
        level = Cell(one.band, tone="care" if one.risk >= MEDIUM else "")
        rows.append((Cell(f"{one.risk}"), level, Cell(mrr), Cell(one.name or who, who=who), Cell(who, who=who), Cell(reasons, who=who)))
    if rows:
        yield Table(("risk>", "level", f"{stake}>", "customer", "id", "why, with points"), tuple(rows))


def cohorts(workspace: Workspace, view: View, period: Period) -> Iterator[Block]:
    """Retention of the latest cohorts to the end of the period, in customers."""
    from cstui.desk.cohorts import cohorts as table_of

    last = month_of(period.last)
    found = table_of(workspace, "customers", view, since=last - COHORTS + 1)
    rows = []
    for cohort in found.cohorts:
        month = month_of(cohort.month.start)
        if last - COHORTS < month <= last:
            shares = found.retention(cohort)[1 : last - month + 1]
            cells = [_share(shares[k]) if k < len(shares) else Cell("") for k in range(COHORTS - 1)]
            rows.append((Cell(fmt.month(month)), Cell(f"{cohort.size:,}"), *cells))
    if rows:
        yield Heading(2, "Cohorts: who is still active")
        yield Words("By month of the first paid day; each column is the end of one month more. A customer who returns counts again.")
        yield Table(("first paid", "customers>", *(f"M{k}" for k in range(1, COHORTS))), tuple(rows))


def _share(share: Fraction | None) -> Cell:
    return Cell("") if share is None else Cell(fmt.percent(share, 0), heat=min(100, fmt.rounded(share * 100)))
