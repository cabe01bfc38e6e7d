"""The family of terms and trials: who paid after a trial, who renewed, and what for. Counted from trials and from terms.

What is not decided yet is pending: shown apart, in no numerator and no denominator.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import TypeVar

from cstui.base.days import Period, iso
from cstui.metrics.cells import Cells, Group, Total, by_group, frame, major
from cstui.metrics.facts import Facts, ManyTerms
from cstui.metrics.figure import Figure, Frame, figure, missing_rate, ratio
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.purchasing import no_mrr
from cstui.metrics.rates import Rates
from cstui.metrics.registry import METRICS
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.terms import CONVERTED, LOST, PENDING, RENEWED, TO_CONVERT, Term, Trial

TRIALS = "trial_conversion_rate"
RENEWALS = frozenset(("renewal_rate", "renewal_rate_value"))
_Dated = TypeVar("_Dated", Term, Trial)


@dataclass(slots=True)
class Tally:
    """What became of the terms of one period and group. Money in minor units × SCALE."""

    outcomes: Counter[str] = field(default_factory=Counter)
    money: dict[str, list[int]] = field(default_factory=dict)
    """Currency → what was due, kept (each at most what was due) and renewed, of terms renewed in their own currency or lost."""
    mixed: list[Term] = field(default_factory=list)
    """Those renewed in another currency: what they kept needs a rate."""

    def add(self, term: Term, as_of: int) -> None:
        """Count a term."""
        outcome = term.outcome(as_of)
        self.outcomes[outcome] += 1
        if outcome == PENDING:
            return
        renewed, currency, due, now = term.renewed if outcome == RENEWED else (), term.currency, term.level, 0
        for code, level in renewed:
            if code != currency:
                self.mixed.append(term)
                return
            now += level
        sums = self.money.get(currency)
        if sums is None:
            sums = self.money[currency] = [0, 0, 0]
        sums[0] += due
        sums[1] += min(due, now)
        sums[2] += now

    def include(self, other: Tally) -> None:
        """Count all the terms of another tally."""
        self.outcomes.update(other.outcomes)
        self.mixed += other.mixed
        for code, sums in other.money.items():
            self.money[code] = [a + b for a, b in zip(self.money.get(code, (0, 0, 0)), sums, strict=True)]

    @property
    def decided(self) -> int:
        """Terms renewed or lost."""
        return self.outcomes[RENEWED] + self.outcomes[LOST]


def figures(facts: Facts, periods: Sequence[Period], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period."""
    groups: tuple[Group, ...] = (*facts.groups(), Total.ALL) if facts.grouped else (Total.ALL,)
    cells: dict[Group, list[dict[str, Figure]]] = {group: [{} for _ in periods] for group in groups}
    if facts.mode == REPEAT_PURCHASE:
        return {group: [dict.fromkeys((TRIALS, *RENEWALS), no_mrr()) for _ in periods] for group in groups}
    frames = [frame(facts, period, "subscriptions") for period in periods]
    if TRIALS in wanted:
        day = trial_day(facts)
        for group, trials in by_group(facts, facts.trials(), lambda trial: trial.customer).items():
            ordered = sorted(trials, key=day)
            for one, cell in zip(frames, cells[group], strict=True):
                cell[TRIALS] = _conversion(one, _within(ordered, one.period, day))
    if wanted & RENEWALS:
        for group, tallies in _tallies(facts, periods).items():
            for one, cell, tally in zip(frames, cells[group], tallies, strict=True):
                cell["renewal_rate"], cell["renewal_rate_value"] = _renewal(one, tally), _value(one, tally, facts.rates)
    return cells


def _tallies(facts: Facts, periods: Sequence[Period]) -> Mapping[Group, Sequence[Tally]]:
    """What became of the terms of each period, by group."""
    hull = Period(min(period.start for period in periods), max(period.end for period in periods))
    found: dict[Group, list[Tally]] = {name: [Tally() for _ in periods] for name in (*facts.groups(), Total.ALL)}
    many = facts.many_terms(hull)
    if many is not None:
        _count(facts, periods, many, found)
    terms = sorted(facts.terms(hull) if many is None else many.others, key=attrgetter("due"))
    group = facts.group_of().get
    for i, period in enumerate(periods):
        total, own = found[Total.ALL][i], {name: found[name][i] for name in facts.groups()}
        for term in _within(terms, period, attrgetter("due")):
            (own[group(term.customer)] if own else total).add(term, facts.as_of)
        for part in own.values():
            total.include(part)
    return found


def _count(facts: Facts, periods: Sequence[Period], many: ManyTerms, found: Mapping[Group, Sequence[Tally]]) -> None:
    """Add terms that are held as columns to the tallies of their groups; without groups, to those of all."""
    from cstui.metrics.term_columns import summed  # brings numpy along

    grouping = facts.grouping
    names: Sequence[Group] = grouping.names if facts.grouped else (Total.ALL,)
    outcomes = (RENEWED, LOST, PENDING)
    for i, sums in enumerate(summed(many.columns, periods, grouping, len(many.codes))):
        for name, counts, money in zip(names, sums.outcomes, sums.money, strict=True):
            if any(counts):
                found[name][i].outcomes.update(dict(zip(outcomes, counts, strict=True)))
                found[name][i].money.update({many.codes[currency]: list(amounts) for currency, amounts in money.items()})


def trial_day(facts: Facts) -> Callable[[Trial], int]:
    """Which day of a trial says what period it belongs to."""
    return attrgetter("ends" if facts.switches.trial_basis == "ended" else "began")


def _within(ordered: Sequence[_Dated], period: Period, day: Callable[[_Dated], int]) -> Sequence[_Dated]:
    return ordered[bisect_left(ordered, period.start, key=day) : bisect_left(ordered, period.end, key=day)]


def _conversion(one: Frame, trials: Iterable[Trial]) -> Figure:
    outcomes = Counter(trial.outcome(one.as_of) for trial in trials)
    return _share(one, TRIALS, outcomes, CONVERTED, "no trial of the period is decided")


def _renewal(one: Frame, tally: Tally) -> Figure:
    return _share(one, "renewal_rate", tally.outcomes, RENEWED, "no term due in the period is decided")


def _share(one: Frame, name: str, outcomes: Mapping[str, int], good: str, base: str) -> Figure:
    decided = outcomes.get(good, 0) + outcomes.get(LOST, 0)
    parts = {outcome: outcomes.get(outcome, 0) for outcome in (good, LOST, PENDING)}
    return ratio(one, outcomes.get(good, 0), decided, n=decided, floor=METRICS[name].floor, base=base, parts=parts)


def _value(one: Frame, tally: Tally, rates: Rates) -> Figure:
    """Renewed MRR ÷ due MRR, at the rates of the period's start, as all that moves is."""
    eve, total = one.period.start - 1, [Fraction(0)] * 3
    codes = {*tally.money, *(code for term in tally.mixed for code in (term.currency, *(code for code, _ in term.renewed)))}
    lacking = {code: eve for code in codes if rates.on(code, eve) is None}
    if lacking:
        return missing_rate(_due_by_currency(tally), tally.decided, rates.currency, lacking)
    for code, sums in tally.money.items():
        total = [held + (rates.on(code, eve) or 0) * major(amount, code) for held, amount in zip(total, sums, strict=True)]
    for term in tally.mixed:
        worth = term_worth(term, rates, eve, renewed=True) or (Fraction(0), Fraction(0))
        total = [held + amount for held, amount in zip(total, (worth[0], min(worth), worth[1]), strict=True)]
    due, kept, renewed = total
    parts = {"gross": kept / due if due else None, "net": renewed / due if due else None, "pending": tally.outcomes[PENDING]}
    floor = METRICS["renewal_rate_value"].floor
    value = kept / due if due else None
    return figure(
        one, value, numerator=kept, denominator=due, n=tally.decided, floor=floor, parts=parts, base="no term due in the period is decided"
    )


def term_worth(term: Term, rates: Rates, eve: int, *, renewed: bool) -> tuple[Fraction, Fraction] | None:
    """(due, renewed) MRR of a term in major units of the workspace's currency; None where a rate is missing."""
    amounts = [(term.currency, term.level), *(term.renewed if renewed else ())]
    values = []
    for code, level in amounts:
        rate = rates.on(code, eve)
        if rate is None:
            return None
        values.append(rate * major(level, code))
    return values[0], sum(values[1:], Fraction(0))


def _due_by_currency(tally: Tally) -> dict[str, Fraction]:
    found = {code: major(sums[0], code) for code, sums in tally.money.items()}
    for term in tally.mixed:
        found[term.currency] = found.get(term.currency, Fraction(0)) + major(term.level, term.currency)
    return found


def rows(asked: Asked) -> Iterator[Evidence]:
    """The family's rows: subscriptions, one for each trial and each term. What is pending adds nothing, and says so."""
    facts, name, period = asked
    if facts.mode == REPEAT_PURCHASE:
        return
    if name == TRIALS:
        day = trial_day(facts)
        yield from (_trial_row(trial, facts.as_of) for trial in facts.trials() if day(trial) in period)
    else:
        yield from (_term_row(facts, name, term, period) for term in facts.terms(period))


def _trial_row(trial: Trial, as_of: int) -> Evidence:
    outcome = trial.outcome(as_of)
    span = f"trial {iso(trial.began)} to {iso(trial.ends)}"
    last = iso(trial.ends + TO_CONVERT - 1)
    notes = {CONVERTED: f"paid {iso(trial.paid_on or 0)}", LOST: f"not paid by {last}", PENDING: f"pending until {last}"}
    top, bottom = Fraction(outcome == CONVERTED), Fraction(outcome != PENDING)
    return Evidence("subscription", trial.row, trial.customer, top, bottom, f"{span}, {notes[outcome]}")


def _term_row(facts: Facts, name: str, term: Term, period: Period) -> Evidence:
    outcome = term.outcome(facts.as_of)
    by = f"by {', '.join(term.by)}" if term.by else "itself"
    how = {RENEWED: f"renewed {by}", LOST: "not renewed", PENDING: "pending"}[outcome]
    note = f"due {iso(term.due)}, {how}"
    if name == "renewal_rate":
        return Evidence("subscription", term.row, term.customer, Fraction(outcome == RENEWED), Fraction(outcome != PENDING), note)
    if outcome == PENDING:
        return Evidence("subscription", term.row, term.customer, Fraction(0), Fraction(0), note)
    worth = term_worth(term, facts.rates, period.start - 1, renewed=outcome == RENEWED)
    if worth is None:
        return Evidence("subscription", term.row, term.customer, None, None, f"{note}, {term.currency}, no exchange rate")
    return Evidence("subscription", term.row, term.customer, min(worth), worth[0], note)
