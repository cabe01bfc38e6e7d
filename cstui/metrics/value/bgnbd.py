"""BG/NBD: how often a customer buys while alive, and when they have silently left (Fader, Hardie and Lee 2005).

A customer alive buys at a rate of their own, and after each purchase leaves with a probability of their own; rates are gamma (r, alpha),
probabilities beta (a, b) over customers. Time is in weeks. Everything is in logarithms, and the hypergeometric function in the form whose
arguments stay small, so that a customer with a thousand purchases is as exact as one with two. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from cstui.metrics.value.fitting import Array, Found, largest

STARTS = ((1.0, 10.0, 1.0, 1.0), (0.25, 4.0, 0.8, 2.5), (0.5, 50.0, 0.1, 5.0), (5.0, 20.0, 0.5, 10.0))


class Parameters(NamedTuple):
    """Of the rates: r, alpha (weeks); of leaving: a, b."""

    r: float
    alpha: float
    a: float
    b: float


class Customers(NamedTuple):
    """What counts of customers, an array each: repeat purchases, weeks from the first to the last one, weeks since the first."""

    repeats: Array
    recency: Array
    age: Array


def fit(customers: Customers) -> Found:
    """The parameters under which these customers are the most likely."""
    rows, counts = np.unique(np.column_stack(customers), axis=0, return_counts=True)
    alike = Customers(rows[:, 0], rows[:, 1], rows[:, 2])
    weights = counts.astype(np.float64)

    def likelihood(given: Array) -> tuple[float, Array]:
        each, slopes = _likelihoods(Parameters(*given), alike)
        return float(weights @ each), slopes @ weights

    return largest(likelihood, STARTS, together=((0, 1), (2, 3)))


def log_likelihood(given: Parameters, customers: Customers) -> Array:
    """Each customer's."""
    return _likelihoods(given, customers)[0]


def _likelihoods(given: Parameters, customers: Customers) -> tuple[Array, Array]:
    """Each customer's log-likelihood, and its slopes by the four parameters."""
    r, alpha, a, b = given
    x, recency, age = customers
    again = x > 0
    rest = np.where(again, b + x - 1, 1.0)
    here = -(r + x) * np.log(alpha + age)
    gone = np.where(again, np.log(a) - np.log(rest) - (r + x) * np.log(alpha + recency), -np.inf)
    both = np.logaddexp(here, gone)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(b + x) - gammaln(b) + gammaln(a + b) - gammaln(a + b + x)
    alive = np.exp(here - both)
    left = 1 - alive
    slopes = np.stack(
        (
            digamma(r + x) - digamma(r) + np.log(alpha) - alive * np.log(alpha + age) - left * np.log(alpha + recency),
            r / alpha - (r + x) * (alive / (alpha + age) + left / (alpha + recency)),
            digamma(a + b) - digamma(a + b + x) + left / a,
            digamma(b + x) - digamma(b) + digamma(a + b) - digamma(a + b + x) - left / rest,
        )
    )
    return common + both, slopes


def alive(given: Parameters, customers: Customers) -> Array:
    """The probability of each that they have not left (0 to 1). Who never bought again can't have been seen to leave: 1."""
    r, alpha, a, b = given
    x, recency, age = customers
    odds = np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)) + (r + x) * (np.log(alpha + age) - np.log(alpha + recency))
    return np.where(x > 0, expit(-odds), 1.0)


def expected(given: Parameters, weeks: Array | float) -> Array:
    """Repeat purchases of somebody new in their first `weeks`."""
    r, alpha, a, b = given
    return _purchases(np.float64(r), np.float64(alpha), a, np.float64(b), np.asarray(weeks, dtype=np.float64))


def expected_more(given: Parameters, customers: Customers, weeks: float) -> Array:
    """Purchases of each in the `weeks` to come."""
    r, alpha, a, b = given
    x, _, age = customers
    if_alive = _purchases(r + x, alpha + age, a, b + x, np.float64(weeks))
    return if_alive * alive(given, customers)


def _purchases(r: Array | np.float64, alpha: Array | np.float64, a: float, b: Array | np.float64, weeks: Array | np.float64) -> Array:
    """Purchases in `weeks` from now of somebody alive. At a = 1, and where a + b = 1, the limit.

    (a + b − 1) / (a − 1) × (1 − (1 − z)^r F(r, b; a + b − 1; z)) with z = t / (alpha + t), the paper's E[X(t)], where Euler's
    transformation F(r, b; c; z) = (1 − z)^(c − r − b) F(c − r, a − 1; c; z) keeps the arguments small.
    """
    if abs(a - 1) < _NEAR:
        a = 1 + _NEAR
    c = np.asarray(a + b - 1, dtype=np.float64)
    c = np.where(np.abs(c) < _NEAR, _NEAR, c)
    z = weeks / (alpha + weeks)
    shrunk = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(c - r, a - 1, c, z)
    found: Array = np.maximum(c / (a - 1) * (1 - shrunk), 0.0)
    return found


_NEAR = 1e-6


def frequencies(given: Parameters, ages: Array, most: int) -> Array:
    """How many of customers of these ages have 0, 1, … repeat purchases, and in the last place `most` or more."""
    r, alpha, a, b = given
    t, counts = np.unique(ages, return_counts=True)
    z = t / (alpha + t)
    found = np.zeros(most + 1)
    seen = np.zeros_like(t)  # the chance of fewer than x purchases of one who never leaves
    for x in range(most):
        poisson = gammaln(r + x) - gammaln(r) - gammaln(x + 1) + r * np.log1p(-z) + x * np.log(np.where(z > 0, z, 1.0))
        mass = np.where((z > 0) | (x == 0), np.exp(poisson), 0.0)
        chance = np.exp(betaln(a, b + x) - betaln(a, b)) * mass
        if x:
            chance = chance + np.exp(betaln(a + 1, b + x - 1) - betaln(a, b)) * (1 - seen)
        found[x] = float(counts @ chance)
        seen = seen + mass
    found[most] = max(0.0, float(len(ages)) - float(found[:most].sum()))
    return found
