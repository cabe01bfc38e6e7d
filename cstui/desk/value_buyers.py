"""The repeat-purchase half of `desk.value`: BG/NBD and Gamma-Gamma on the purchases of the customers in the filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor, fsum, log10

import numpy as np

from cstui.base.days import Period, iso
from cstui.base.errors import UsageError
from cstui.desk.value import Against, Buyer, Holdout, Model, Purchases, Spending, Track, ValueSnapshot
from cstui.metrics.purchases import Buying
from cstui.metrics.value import bgnbd, gamma_gamma
from cstui.metrics.value.fitting import Array
from cstui.metrics.value.histories import WEEK, Histories, histories
from cstui.metrics.value.models import Fit, fit_purchases, fit_spend
from cstui.store.facts import SqlFacts

MOST_REPEATS = 7
"""The table of frequencies ends with so many repeat purchases and more."""
POINTS = 52
"""At most so many points of the track."""
EARLIER = 2 / 3
"""The share of the days on which a model is fitted to be held against the rest, where nobody chose a day."""
_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def buyers(found: ValueSnapshot, facts: SqlFacts, until: int | None, limit: int | None) -> ValueSnapshot:
    """The snapshot with its models of purchase."""
    buying, days = facts.buying(), _days(facts)
    if until is not None and until > buying.through:
        raise UsageError(f"Payments are known through {iso(buying.through)}, not {iso(until)}.")
    last = buying.through if until is None else until
    worth = _worth(facts)
    held = histories(days, worth, last)
    fit, spend = fit_purchases(held), fit_spend(held)
    unpriced = sum(amount is None for (customer, day), amount in worth.items() if customer in days and day <= last)
    spending = _spending(spend, held, unpriced)
    everybody = _buyers(fit, spend, held, found.weeks)
    order = sorted(range(len(everybody)), key=lambda i: (-(everybody[i][3] or 0.0), -everybody[i][1], held.customers[i]))
    return replace(
        found,
        purchases=_purchases(fit, held, days, buying, found.weeks, chosen=until is not None),
        spending=spending,
        buyers=tuple(_named(facts, held, everybody, order[:limit])),
        total=len(everybody),
        worth=fsum(values) if (values := [one[3] for one in everybody if one[3] is not None]) else None,
    )


def _days(facts: SqlFacts) -> Mapping[int, Sequence[int]]:
    """Days of purchase of the customers in the filter."""
    buying, chosen = facts.buying(), facts.selected()
    return buying.days if chosen is None else {customer: own for customer, own in buying.days.items() if customer in chosen}


def seen(facts: SqlFacts) -> tuple[Histories, Mapping[int, Sequence[int]]]:
    """What the models see, and the days of purchase it is told from."""
    days = _days(facts)
    return histories(days, _worth(facts), facts.buying().through), days


def _worth(facts: SqlFacts) -> dict[tuple[int, int], float | None]:
    """(customer, day) → what was bought that day, in the workspace's currency; None where a rate is missing."""
    found: dict[tuple[int, int], float | None] = {}
    for row in facts.payments(Period(-(2**31), facts.as_of + 1)):
        if row.kind == "refund" or row.amount < 0:
            continue
        key = (row.customer_id, row.day)
        so_far, worth = found.get(key, 0.0), facts.rates.major(row.amount, row.currency, row.day)
        found[key] = None if so_far is None or worth is None else so_far + float(worth)
    return found


def model_of(name: str, fit: Fit) -> Model:
    """A fit as the snapshot has it."""
    return Model(name, fit.status, fit.reason, fit.parameters, fit.log_likelihood)


def _parameters(fit: Fit) -> bgnbd.Parameters:
    assert fit.parameters is not None
    return bgnbd.Parameters(**fit.parameters)


def _purchases(fit: Fit, held: Histories, days: Mapping[int, Sequence[int]], buying: Buying, weeks: int, *, chosen: bool) -> Purchases:
    some = len(held.customers) > 0
    found = Purchases(
        model_of("BG/NBD", fit),
        first=int(held.first.min()) if some else None,
        until=held.until if some else None,
        customers=len(held.customers),
        returned=int(held.returned.sum()),
        repeats=int(held.seen.repeats.sum()),
    )
    if not fit.usable:
        return found
    given = _parameters(fit)
    actual = np.bincount(np.minimum(held.seen.repeats, MOST_REPEATS).astype(int), minlength=MOST_REPEATS + 1)
    expected = bgnbd.frequencies(given, held.seen.age, MOST_REPEATS)
    labels = [*map(str, range(MOST_REPEATS)), f"{MOST_REPEATS}+"]
    return replace(
        found,
        frequencies=tuple(Against(*line) for line in zip(labels, map(float, actual), map(float, expected), strict=True)),
        track=tuple(_track(given, held, days, buying.through)),
        holdout=_holdout(held, days, buying.through, fit if chosen else None),
        newcomer=float(bgnbd.expected(given, float(weeks))),
    )


def _track(given: bgnbd.Parameters, held: Histories, days: Mapping[int, Sequence[int]], through: int) -> Iterator[Track]:
    """Repeat purchases so far at equal steps of whole weeks, the last days of calibration and of payments among them."""
    start = int(held.first.min())
    step = WEEK * ceil((through - start + 1) / WEEK / POINTS)
    points = sorted({*range(start + step - 1, through + 1, step), held.until, through})
    repeats = np.sort(np.array([day for customer in held.customers for day in days[customer][1:]]))
    begun, counts = np.unique(held.first, return_counts=True)
    for day in points:
        there = begun <= day
        ages = (day - begun[there]) / WEEK
        yield Track(
            day,
            int(np.searchsorted(repeats, day, side="right")),
            float(counts[there] @ bgnbd.expected(given, ages)),
            day <= held.until,
        )


def _holdout(held: Histories, days: Mapping[int, Sequence[int]], through: int, fit: Fit | None) -> Holdout | None:
    """What the model expected after its last day of calibration against what came; without a day chosen, of a model of earlier days."""
    if fit is None:
        start = int(held.first.min())
        held = histories(days, {}, start + int((held.until - start) * EARLIER))
        fit = fit_purchases(held)
    weeks = (through - held.until) / WEEK
    if not fit.usable or weeks <= 0:
        return None
    expected = bgnbd.expected_more(_parameters(fit), held.seen, weeks)
    return Holdout(held.until, weeks, len(held.customers), int(held.later.sum()), float(expected.sum()))


def _spending(fit: Fit, held: Histories, unpriced: int) -> Spending:
    chosen = held.spent
    spend = gamma_gamma.Spend(held.spend.repeats[chosen], held.spend.mean[chosen])
    related = gamma_gamma.correlation(spend)
    if not fit.usable or fit.parameters is None:
        return Spending(model_of("Gamma-Gamma", fit), len(spend.mean), None, related, unpriced)
    given = gamma_gamma.Parameters(**fit.parameters)
    buckets = tuple(_buckets(given, spend))
    return Spending(model_of("Gamma-Gamma", fit), len(spend.mean), gamma_gamma.population_mean(given), related, unpriced, buckets)


def _buckets(given: gamma_gamma.Parameters, spend: gamma_gamma.Spend) -> Iterator[Against]:
    """Customers by their mean spend, between round amounts near the quantiles."""
    edges = edges_of(spend.mean)
    below = [0.0, *(float((spend.mean < edge).sum()) for edge in edges), float(len(spend.mean))]
    expected = [0.0, *(gamma_gamma.below(given, spend, edge) for edge in edges), float(len(spend.mean))]
    told = [_amount(edge) for edge in edges]
    names = [f"under {told[0]}", *(f"{low} to {high}" for low, high in pairwise(told)), f"from {told[-1]}"]
    for name, (start, end), (low, high) in zip(names, pairwise(below), pairwise(expected), strict=True):
        yield Against(name, end - start, high - low)


def edges_of(mean: Array) -> list[float]:
    """Round amounts near the quantiles."""
    return sorted({_round(float(amount)) for amount in np.quantile(mean, _QUANTILES)})


def _round(amount: float) -> float:
    """To two figures, so that a table reads well."""
    digits = 1 - floor(log10(amount))
    return round(amount, digits)


def _amount(edge: float) -> str:
    """An edge as a person reads it: `0.25`, `47`, `1,200,000`; it has two figures."""
    return f"{edge:,.0f}" if edge >= 10 else f"{edge:g}"


_Expected = tuple[float, float, float | None, float | None]
"""Alive, expected purchases, spend, value."""


def _buyers(fit: Fit, spend: Fit, held: Histories, weeks: int) -> list[_Expected]:
    """What is expected of each customer; nothing while the purchases could not be fitted."""
    if not fit.usable:
        return []
    given = _parameters(fit)
    alive, more = bgnbd.alive(given, held.seen), bgnbd.expected_more(given, held.seen, float(weeks))
    each: Array | None = None
    if spend.usable and spend.parameters is not None:
        each = gamma_gamma.expected(gamma_gamma.Parameters(**spend.parameters), held.spend.repeats, held.spend.mean)
    found: list[_Expected] = []
    for i in range(len(held.customers)):
        amount = None if each is None else float(each[i])
        found.append((float(alive[i]), float(more[i]), amount, None if amount is None else float(more[i]) * amount))
    return found


def _named(facts: SqlFacts, held: Histories, expected: Sequence[_Expected], order: Sequence[int]) -> Iterator[Buyer]:
    names = facts.names([held.customers[i] for i in order])
    for i in order:
        customer = held.customers[i]
        alive, more, spend, value = expected[i]
        public, name = names[customer]
        yield Buyer(
            customer,
            public,
            name,
            purchases=int(held.seen.repeats[i]) + 1,
            first=int(held.first[i]),
            last=int(held.last[i]),
            alive=alive,
            expected=more,
            spend=spend,
            value=value,
        )
