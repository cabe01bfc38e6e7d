"""Customers' risk in words: the reasons with their points, and the file and line of every row they rest on.

Works for the few in sight; whoever ranks all of them reads `risk_findings` alone. Knows no order and no filter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstui.base.formatting import count
from cstui.base.money import SCALE, to_major
from cstui.desk.risk_findings import Findings, findings
from cstui.risk.score import MOST, Score, score
from cstui.risk.signals import CONTRACTION_DAYS, WINDOW, Ref
from cstui.store.risk_facts import Person, RiskFacts, Source

USAGE_ROWS = 60
"""Rows of use shown as evidence, the latest."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row that a reason rests on, with where it came from."""

    kind: str
    """`interaction`, `payment`, `subscription`, `survey` or `usage`."""
    id: str
    day: int | None
    note: str | None
    file: str | None
    line: int | None
    entered: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: what one signal adds to the score."""

    signal: str
    points: int
    evidence: str
    rows: tuple[EvidenceRow, ...]
    until: int | None = None
    """The day it runs out: of a cancelled service, a term, or the time a customer has to buy again."""

    def told(self, today: int) -> str:
        """The evidence with the days left from `today`. They are no part of it: the same data says the same every day."""
        if self.until is None:
            return self.evidence
        left = self.until - today
        if left < 0:
            return f"{self.evidence}, which was {count(-left, 'day')} ago"
        if not left:
            return f"{self.evidence}, which is today"
        days = count(left, "day")
        return f"{self.evidence}: {days} to save" if self.signal == "scheduled_end" else f"{self.evidence}, in {days}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A signal without data: it adds nothing, and is no good sign."""

    signal: str
    why: str


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One paying customer."""

    customer: int
    customer_id: str
    name: str | None
    mrr: Fraction | None
    """None when some of it is in a currency without a rate for the day. In repeat-purchase mode: net revenue a month of the last year."""
    risk: int
    """0 to 100, 100 = most at risk; the sum of the reasons' points."""
    band: str
    """`high`, `medium`, `low`, or `unknown`: no sign, and too little known to call that good."""
    scheduled_end: int | None
    renews_on: int | None
    """The end of a running term of a quarter or longer."""
    reasons: tuple[Reason, ...]
    """Strongest first."""
    unknown: tuple[Unknown, ...] = ()
    owner: str | None = None
    segment: str | None = None
    new: bool = False
    """At risk now, and not at the last look."""
    lapses_on: int | None = None
    """The day they count as lapsed unless they buy, in repeat-purchase mode."""

    @property
    def weighted(self) -> Fraction | None:
        """MRR × risk ÷ 100: what the list is ordered by. A rule of thumb, no expected loss: the score is no probability."""
        return None if self.mrr is None else self.mrr * self.risk / MOST


def risk_rows(facts: RiskFacts, ids: Sequence[int], news: frozenset[int]) -> tuple[RiskRow, ...]:
    """The customers of `ids` in that order, with their reasons and the rows behind them."""
    if not ids:
        return ()
    found = findings(facts, ids)
    scores = {customer: score(found.of(customer)) for customer in ids if customer in found.paying}
    rows = _evidence(facts, scores)
    people = facts.people(list(scores))
    return tuple(
        _row(people[customer], scores[customer], found, rows[customer], facts, customer in news) for customer in ids if customer in scores
    )


def _row(
    person: Person, scored: Score, found: Findings, rows: Mapping[str, tuple[EvidenceRow, ...]], facts: RiskFacts, new: bool
) -> RiskRow:
    paying = found.paying[person.id]
    until = {"scheduled_end": found.ends, "renewal_near": found.renews, "purchase_gap": found.lapses}
    return RiskRow(
        customer=person.id,
        customer_id=person.customer_id,
        name=person.name,
        mrr=None if paying.elsewhere else to_major(Fraction(paying.level, SCALE), facts.facts.currency),
        risk=scored.risk,
        band=scored.band,
        scheduled_end=found.ends.get(person.id),
        renews_on=found.renews.get(person.id),
        reasons=tuple(
            Reason(
                one.signal,
                points,
                one.evidence,
                rows.get(one.signal, ()),
                until[one.signal].get(person.id) if one.signal in until else None,
            )
            for one, points in scored.reasons
        ),
        unknown=tuple(Unknown(one.signal, one.evidence) for one in scored.unknown),
        owner=person.owner,
        segment=person.segment,
        new=new,
        lapses_on=found.lapses.get(person.id),
    )


def _evidence(facts: RiskFacts, scores: Mapping[int, Score]) -> dict[int, dict[str, tuple[EvidenceRow, ...]]]:
    """Customer → signal → its rows. Each kind of row is looked up once for all of them."""
    wanted: dict[str, set[int]] = {}
    refs: dict[tuple[int, str], tuple[Ref, ...]] = {}
    for customer, scored in scores.items():
        for one, _ in scored.reasons:
            held = one.rows
            if one.signal == "contraction":
                held = tuple(Ref("subscription", row) for row in facts.changes(customer, facts.day - CONTRACTION_DAYS))
            refs[customer, one.signal] = held
            for ref in held:
                wanted.setdefault(ref.kind, set()).add(ref.id)
    sources = {kind: facts.sources(kind, ids) for kind, ids in wanted.items()}
    found: dict[int, dict[str, tuple[EvidenceRow, ...]]] = {customer: {} for customer in scores}
    for (customer, name), held in refs.items():
        known = (sources[ref.kind].get(ref.id) for ref in held)
        found[customer][name] = tuple(_source(source) for source in known if source is not None)
        if name == "usage_drop" and (covered := facts.covered("usage")) is not None:
            through = covered[1]
            use = facts.usage_rows(customer, through - WINDOW + 1, through, USAGE_ROWS)
            found[customer][name] = tuple(_source(source) for source in use)
    return found


def _source(source: Source) -> EvidenceRow:
    return EvidenceRow(source.kind, source.id, source.day, source.note, source.file, source.line, source.entered)
