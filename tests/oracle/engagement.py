"""Use: who was there on a day, in the 7 and in the 30 days that end with it. The catalogue's section *Engagement*."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from tests.oracle.facts import Use
from tests.oracle.periods import Span
from tests.oracle.raw import Raw
from tests.oracle.selection import ZERO, NoData, Selection
from tests.oracle.service import DAY

User = tuple[str, str]
"""Customer and user id, "" where there is none: then the customer is the user."""


class Engagement(Selection):
    """Figures of use."""

    @cached_property
    def use(self) -> list[Use]:
        """What the selected customers did, as far as is known."""
        return [use for use in self.facts.usage if use.customer_id in self.ids and use.day <= self.as_of]

    @cached_property
    def users_on(self) -> dict[date, set[User]]:
        """Day → the users who were there."""
        found: dict[date, set[User]] = {}
        for use in self.use:
            found.setdefault(use.day, set()).add((use.customer_id, use.user_id))
        return found

    @cached_property
    def windows(self) -> dict[int, dict[date, int]]:
        """Length → covered day → distinct users of as many days that end with it. No day before the first covered one has any."""
        found: dict[int, dict[date, int]] = {1: {}, 7: {}, 30: {}}
        if "usage" not in self.coverage:
            return found
        day, last = self.coverage["usage"]
        seen: dict[User, date] = {}
        while day <= last:
            seen |= dict.fromkeys(self.users_on.get(day, ()), day)
            ages = [(day - latest).days for latest in seen.values()]
            for length, counts in found.items():
                counts[day] = sum(1 for age in ages if age < length)
            day += DAY
        return found

    def _covered(self, length: int, span: Span) -> list[int]:
        return [count for day, count in self.windows[length].items() if span.start <= day < span.end]

    def _mean(self, length: int, span: Span) -> Raw:
        counts = self._covered(length, span)
        if not counts:
            raise NoData
        return Raw(Fraction(sum(counts), len(counts)))

    def dau(self, span: Span) -> Raw:
        return self._mean(1, span)

    def wau(self, span: Span) -> Raw:
        return self._mean(7, span)

    def mau(self, span: Span) -> Raw:
        return self._mean(30, span)

    def stickiness(self, span: Span) -> Raw:
        return Raw(Fraction(sum(self._covered(1, span))), Fraction(sum(self._covered(30, span))))

    def active_customer_share(self, span: Span) -> Raw:
        active = {move.customer_id for move in self.moves(span) if move.end}
        if "usage" not in self.coverage:
            raise NoData
        end = min(span.last, self.coverage["usage"][1])
        seen = {use.customer_id for use in self.use if end - timedelta(days=29) <= use.day <= end}
        return Raw(Fraction(len(active & seen)), Fraction(len(active)), len(active))

    def session_minutes(self, span: Span) -> Raw:
        rows = [use for use in self.known(self.facts.usage, span) if use.customer_id in self.ids]
        both = [(use.minutes, use.sessions) for use in rows if use.minutes is not None and use.sessions is not None]
        if not both:
            raise NoData
        return Raw(sum((minutes for minutes, _ in both), ZERO), Fraction(sum(sessions for _, sessions in both)))
