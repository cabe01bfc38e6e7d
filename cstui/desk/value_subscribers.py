"""The subscription half of `desk.value`: sBG on the lives of the customers in the filter, by the length of their term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import fsum
from operator import attrgetter

import numpy as np

from cstui.base.money import SCALE, to_major
from cstui.desk.value import LIFETIME_MONTHS, Lifetime, Subscriber, Term, ValueSnapshot
from cstui.desk.value_buyers import model_of
from cstui.metrics.service import Known
from cstui.metrics.steps import level_on, spans_of
from cstui.metrics.value import sbg
from cstui.metrics.value.lives import Life, by_term, counted, life
from cstui.metrics.value.models import fit_lives
from cstui.store.facts import SqlFacts

MOST_TERMS = 60
"""The table of terms ends here."""


def subscribers(found: ValueSnapshot, facts: SqlFacts, limit: int | None) -> ValueSnapshot:
    """The snapshot with its models of lifetime."""
    groups = by_term(lives_of(facts))
    fitted = {months: _lifetime(months, lives) for months, lives in groups.items()}
    going = [one for months, lives in groups.items() if fitted[months].model.usable for one in lives if one.end is None]
    levels = _levels(facts)
    listed = sorted(_subscribers(going, fitted, levels), key=lambda one: (-one.value, one.customer))
    names = facts.names([one.customer for one in listed[:limit]])
    return replace(
        found,
        lifetimes=tuple(sorted(fitted.values(), key=lambda one: (-one.customers, one.months))),
        subscribers=tuple(replace(one, customer_id=names[one.customer][0], name=names[one.customer][1]) for one in listed[:limit]),
        total=len(listed),
        worth=fsum(one.value for one in listed) if listed else None,
    )


def lives_of(facts: SqlFacts) -> Iterator[Life]:
    """The lives of the customers in the filter."""
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    for _, rows in groupby(facts.subscriptions(None), key=attrgetter("customer_id")):
        one = life(spans_of(rows, known), facts.as_of, facts.switches.reactivation_gap_days)
        if one is not None:
            yield one


def _levels(facts: SqlFacts) -> dict[int, float]:
    """Customer → MRR as known, in the workspace's currency; without those whose MRR needs a rate that is missing."""
    found = {customer: float(to_major(level_on(list(steps), facts.as_of), facts.currency)) / SCALE for customer, steps in facts.steps()}
    for customer, by_currency in facts.foreign_steps().items():
        worths = [facts.rates.major(level_on(steps, facts.as_of), code, facts.as_of) for code, steps in by_currency.items()]
        if None not in worths:
            found[customer] = float(sum(worth for worth in worths if worth is not None)) / SCALE
    return {customer: level for customer, level in found.items() if level > 0}


def _lifetime(months: int, lives: Sequence[Life]) -> Lifetime:
    counts = counted(lives)
    fit = fit_lives(counts)
    found = Lifetime(model_of("sBG", fit), months, len(lives), int(counts.left.sum()))
    if not fit.usable or fit.parameters is None:
        return found
    given = sbg.Parameters(**fit.parameters)
    within = 1 + sbg.terms_within(given, 0, max(0, LIFETIME_MONTHS // months - 1))
    mean = sbg.lifetime(given)
    return replace(
        found,
        terms=tuple(_terms(given, counts)),
        expected_months=within * months,
        mean_months=None if mean is None else mean * months,
    )


def _terms(given: sbg.Parameters, counts: sbg.Lives) -> Iterator[Term]:
    """The table: who came to the end of each term, renewed or not, as long as anybody did."""
    survived = 1.0
    most = min(len(counts.left), MOST_TERMS)
    ends = np.arange(1, most + 1, dtype=np.float64)
    retention, survival = sbg.retention(given, ends), sbg.survival(given, ends)
    for k in range(1, most + 1):
        left = int(counts.left[k - 1])
        renewed = int(counts.left[k:].sum() + counts.going[k:].sum())
        if not left + renewed:
            return
        actual = renewed / (left + renewed)
        survived *= actual
        yield Term(k, left + renewed, renewed, actual, float(retention[k - 1]), survived, float(survival[k - 1]))


def _subscribers(going: Sequence[Life], fitted: Mapping[int, Lifetime], levels: Mapping[int, float]) -> Iterator[Subscriber]:
    """Those who stay, with what is expected of each; the same for all who have renewed as often."""
    known: dict[tuple[int, int], tuple[float, float]] = {}
    for one in going:
        mrr = levels.get(one.customer)
        if mrr is None:
            continue
        key = (one.months, one.terms)
        if key not in known:
            parameters = fitted[one.months].model.parameters
            assert parameters is not None
            given = sbg.Parameters(**parameters)
            renews = float(sbg.retention(given, np.array([one.terms + 1.0]))[0])
            known[key] = renews, one.months * sbg.terms_within(given, one.terms, LIFETIME_MONTHS // one.months)
        renews, months = known[key]
        yield Subscriber(one.customer, "", None, mrr, one.months, one.terms, renews, months, mrr * months)
