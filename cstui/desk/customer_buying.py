"""How a customer buys, in repeat-purchase mode: their rhythm, whether they have lapsed, what they have spent. For lists, pages and risk.

Takes the facts of one workspace; returns frozen habits. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstui.base.days import iso
from cstui.base.formatting import count
from cstui.base.money import to_major
from cstui.desk.customer_timeline import Event
from cstui.metrics.purchases import Stay
from cstui.store.facts import SqlFacts


@dataclass(frozen=True, slots=True)
class Habit:
    """One customer's purchases, as known on the last day that payments are known for."""

    purchases: int
    """Days with a purchase."""
    first: int
    last: int
    gap: Fraction | None
    """The median of their gaps, in days; None after a single purchase."""
    expected: int | None
    """The day of the next purchase, if they keep to their rhythm; None after a single one."""
    lapses: int | None
    """The day from which they count as lapsed, if they buy nothing until then; None: nothing is known to hold their silence against."""
    lapsed: bool
    spent: Fraction | None
    """Net revenue to date in the workspace's currency; None where a rate is missing."""

    def to_json(self) -> dict[str, object]:
        """The `purchases` of commands.md."""
        return {
            "count": self.purchases,
            "first": iso(self.first),
            "last": iso(self.last),
            "usual_gap_days": None if self.gap is None else float(self.gap),
            "expected_next": None if self.expected is None else iso(self.expected),
            "lapses_on": None if self.lapses is None else iso(self.lapses),
            "lapsed": self.lapsed,
            "revenue": None if self.spent is None else float(round(self.spent, 10)),
        }


def habits(facts: SqlFacts, ids: Collection[int] | None) -> dict[int, Habit]:
    """The habits of those in `ids` (None: all) who ever bought."""
    buying = facts.buying()
    chosen = [customer for customer in (buying.days if ids is None else ids) if customer in buying.days]
    spent = revenues(facts, None if ids is None else chosen)
    return {customer: _habit(buying.stays(customer), buying.through, spent.get(customer)) for customer in chosen}


def _habit(stays: Sequence[Stay], through: int, spent: Fraction | None) -> Habit:
    last = stays[-1]
    gap = Fraction(last.limit, 2) if last.own and last.limit is not None else None
    return Habit(
        purchases=len(stays),
        first=stays[0].day,
        last=last.day,
        gap=gap,
        expected=None if gap is None else last.day - (-gap.numerator // gap.denominator),
        lapses=last.lapses,
        lapsed=last.lapses is not None and last.lapses <= through,
        spent=spent,
    )


def revenues(facts: SqlFacts, ids: Collection[int] | None) -> dict[int, Fraction | None]:
    """Customer → net revenue to date in the workspace's currency, of those in `ids` (None: all); None where a rate is missing."""
    sums, foreign = facts.paid_sums(ids)
    found: dict[int, Fraction | None] = {customer: to_major(amount, facts.currency) for customer, amount in sums.items()}
    for customer, rows in foreign.items():
        worths = [facts.rates.major(amount, code, day) for day, code, amount in rows]
        own = found.get(customer) or Fraction(0)
        found[customer] = None if None in worths else own + sum((worth for worth in worths if worth is not None), Fraction(0))
    return found


def ranked(facts: SqlFacts, ids: Collection[int] | None, sort: str) -> list[int]:
    """Every customer in `ids` (None: all), the highest revenue first, or the latest to begin to buy; then by id."""
    names = facts.public_ids()
    chosen = names if ids is None else {customer: names[customer] for customer in ids}
    if sort == "newest":
        days = facts.buying().days
        return sorted(chosen, key=lambda customer: (-days[customer][0] if customer in days else 2**40, chosen[customer]))
    sums, foreign = facts.paid_sums(ids)
    worth: Mapping[int, Fraction | int | None] = revenues(facts, ids) if foreign else sums  # whole numbers sort ten times as fast

    def rank(customer: int) -> tuple[bool, Fraction | int, str]:
        spent = worth.get(customer, 0)
        return spent is not None, -(spent or 0), chosen[customer]

    return sorted(chosen, key=rank)


def events(facts: SqlFacts, customer: int) -> Iterator[Event]:
    """First purchase, lapses and returns, as a timeline has them."""
    buying = facts.buying()
    held = buying.stays(customer)
    followed = (*(stay.day for stay in held[1:]), None)
    for index, (stay, following) in enumerate(zip(held, followed, strict=False)):
        if not index:
            yield Event(stay.day, "first_paid", "first purchase", group="money")
        lapses = stay.lapses
        if lapses is not None and lapses <= buying.through and (following is None or lapses < following):
            yield Event(lapses, "churned", f"no purchase for more than {count(stay.limit or 0, 'day')}", group="money")
            if following is not None:
                yield Event(following, "returned", f"bought again after {count(following - stay.day, 'day')}", group="money")
