"""Who is active in repeat-purchase mode, by brute force: every customer, every day, from the catalogue's section of that name.

Stands in the place of `service.Levels` where nobody subscribes: a level is "there" or not, without money.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil
from statistics import median

from tests.oracle.facts import Facts
from tests.oracle.service import Money

THERE: Money = {"": Fraction(1)}
DAY = timedelta(days=1)


def is_repeat(facts: Facts, mode: str) -> bool:
    """`auto`: subscriptions present → subscription. Without payments as well there is nothing to buy by (AMBIGUITIES H1)."""
    if mode == "auto":
        return not facts.subscriptions and bool(facts.payments)
    return mode == "repeat_purchase"


class Purchases:
    """Active or lapsed, of every customer on every day through `as_of`."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        dates = [day for p in facts.payments if (day := p.paid_at or p.due_at) and day <= as_of]
        self.as_of = as_of
        self.through = max(dates, default=as_of)
        bought: dict[str, set[date]] = {c.customer_id: set() for c in facts.customers}
        for p in facts.payments:
            if p.status == "paid" and p.kind != "refund" and p.amount >= 0 and p.paid_at and p.paid_at <= as_of:
                bought[p.customer_id].add(p.paid_at)
        self.bought = {name: sorted(days) for name, days in bought.items()}
        gaps = sorted((after - before).days for days in self.bought.values() for before, after in pairwise(days))
        self.typical = gaps[ceil(Fraction(9, 10) * len(gaps)) - 1] if gaps else None
        self.days: dict[str, dict[date, Money]] = {name: self._life(days) for name, days in self.bought.items()}

    def _life(self, bought: list[date]) -> dict[date, Money]:
        if not bought:
            return {}
        days = [bought[0] + n * DAY for n in range((self.through - bought[0]).days + 1)]
        return {day: THERE for day in days if not self._lapsed([b for b in bought if b <= day], day)}

    def _lapsed(self, bought: list[date], day: date) -> bool:
        """`bought` are the purchases up to the day."""
        silent = (day - bought[-1]).days
        if len(bought) == 1:
            return self.typical is not None and silent > self.typical
        return silent > 2 * Fraction(median((after - before).days for before, after in pairwise(bought)))

    def level(self, customer_id: str, day: date) -> Money:
        """`{}` is lapsed, or not yet there. After the last day that payments are known for, as on that day."""
        return self.days[customer_id].get(min(day, self.as_of, self.through), {})

    def first_paid(self, customer_id: str) -> date | None:
        """The day of the first purchase."""
        return min(self.bought[customer_id], default=None)

    def paid_within(self, customer_id: str, first: date, last: date) -> list[bool]:
        """Active or not on each day from `first` to `last`, but no further than `as_of`."""
        found, day = [], first
        while day <= min(last, self.as_of):
            found.append(bool(self.level(customer_id, day)))
            day += DAY
        return found
