"""What customers answer. The catalogue's section *Satisfaction*, and `high_effort_share` of *Engagement*."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tests.oracle.facts import Scored
from tests.oracle.periods import Span
from tests.oracle.raw import Raw
from tests.oracle.selection import ZERO, NoData, Selection

FLOOR = 10
"""Below so many answers a survey figure is a small sample."""
PROMOTER = 9


def latest(answers: Iterable[Scored], *, by_customer: bool) -> list[Scored]:
    """The latest answer of each respondent (a blank one is its own), or of each customer; on one day the later line."""
    found: dict[tuple[object, ...], Scored] = {}
    for answer in sorted(answers, key=lambda one: (one.day, one.line)):
        who: tuple[object, ...] = (answer.customer_id, answer.respondent)
        if by_customer:
            who = (answer.customer_id,)
        elif not answer.respondent:
            who = (answer.customer_id, "", answer.line)
        found[who] = answer
    return list(found.values())


def agreement(answer: Scored) -> Fraction:
    """How far one agrees that it was easy: a hard-high scale read from its other end."""
    return answer.low + answer.high - answer.score if answer.direction == "low_easy" else answer.score


def middle(answer: Scored) -> Fraction:
    return Fraction(answer.low + answer.high, 2)


class Satisfaction(Selection):
    """Figures of answers."""

    def answers(self, kind: str, span: Span) -> list[Scored]:
        """The selected customers' answers of a kind in the period, as far as is known."""
        return [a for a in self.known(self.facts.scores, span) if a.kind == kind and a.customer_id in self.ids]

    def nps(self, span: Span) -> Raw:
        counted = latest(self.answers("nps", span), by_customer=False)
        promoters = len([a for a in counted if a.score >= PROMOTER])
        detractors = len([a for a in counted if a.score <= self.switches.detractors_up_to])
        n = len(counted)
        each = {"promoters": promoters, "passives": n - promoters - detractors, "detractors": detractors}
        shares: dict[str, Fraction | None] = {name: Fraction(count, n) for name, count in each.items()} if n else {}
        return Raw(Fraction(promoters - detractors), Fraction(n), n, FLOOR, shares, 100)

    def promoters(self, span: Span) -> Raw:
        ever = Span(min((a.day for a in self.facts.scores), default=span.start), span.end)
        last = latest(self.answers("nps", ever), by_customer=True)
        found = [a for a in last if a.score >= PROMOTER]
        return Raw(Fraction(len(found)), n=len(found))

    def _satisfied(self, answer: Scored) -> bool:
        threshold = {5: 4, 7: 5, 10: self.switches.csat_ten}[answer.high]
        return answer.score >= threshold

    def csat(self, span: Span) -> Raw:
        counted = self.answers("csat", span)
        each: dict[str, Fraction | None] = {}
        for touchpoint in sorted({a.touchpoint for a in counted}):
            there = [a for a in counted if a.touchpoint == touchpoint]
            each[touchpoint] = Fraction(100 * len([a for a in there if self._satisfied(a)]), len(there))
        satisfied = len([a for a in counted if self._satisfied(a)])
        return Raw(Fraction(satisfied), Fraction(len(counted)), len(counted), FLOOR, each, 100)

    def ces(self, span: Span) -> Raw:
        counted = self.answers("ces", span)
        chosen = self.switches.ces_scale
        if chosen is not None:
            counted = [a for a in counted if (a.low, a.high) == chosen]
        if len({(a.low, a.high) for a in counted}) > 1:
            raise NoData  # two scales are never averaged together
        easy = len([a for a in counted if agreement(a) > middle(a)])
        shares: dict[str, Fraction | None] = {"easy_share": Fraction(easy, len(counted))} if counted else {}
        return Raw(sum((agreement(a) for a in counted), ZERO), Fraction(len(counted)), len(counted), FLOOR, shares)

    def high_effort_share(self, span: Span) -> Raw:
        counted = self.answers("ces", span)
        hard = [a for a in counted if agreement(a) < middle(a)]
        return Raw(Fraction(len(hard)), Fraction(len(counted)), len(counted), FLOOR)
