"""Gamma-Gamma: what a customer spends on a purchase (Fader and Hardie 2013). Pure.

A customer's purchases scatter around a mean of their own (gamma, shape p); means differ over customers (gamma q, v). Rests on spend that
has nothing to do with how often somebody buys: `correlation` says how far that holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, digamma, gammaln

from cstui.metrics.value.fitting import Array, Found, largest


class Parameters(NamedTuple):
    """Of a purchase: p; of the means over customers: q, v (money)."""

    p: float
    q: float
    v: float


class Spend(NamedTuple):
    """What counts of customers who came back, an array each: repeat purchases, and the mean spent on one (above 0)."""

    repeats: Array
    mean: Array


def fit(spend: Spend) -> Found:
    """The parameters under which this spend is the most likely; found in units of the median, so that every currency is alike."""
    unit = float(np.median(spend.mean))
    scaled = Spend(spend.repeats, spend.mean / unit)
    found = largest(lambda given: _likelihood(Parameters(*given), scaled), STARTS)
    p, q, v = found.parameters
    return replace(found, parameters=(p, q, v * unit), log_likelihood=found.log_likelihood - len(spend.mean) * float(np.log(unit)))


STARTS = ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5), (10.0, 2.0, 0.2), (2.0, 8.0, 4.0))


def log_likelihood(given: Parameters, spend: Spend) -> float:
    """Of all of them."""
    return _likelihood(given, spend)[0]


def _likelihood(given: Parameters, spend: Spend) -> tuple[float, Array]:
    p, q, v = given
    x, z = spend
    shape = p * x
    total = v + x * z
    each = (
        gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v) + (shape - 1) * np.log(z) + shape * np.log(x)
        - (shape + q) * np.log(total)
    )  # fmt: skip
    slopes = (
        x * (digamma(shape + q) - digamma(shape) + np.log(z) + np.log(x) - np.log(total)),
        digamma(shape + q) - digamma(q) + np.log(v) - np.log(total),
        q / v - (shape + q) / total,
    )
    return float(each.sum()), np.array([slope.sum() for slope in slopes])


def population_mean(given: Parameters) -> float | None:
    """What a purchase of anybody is worth; None where the means spread so far that they have no mean (q ≤ 1)."""
    return given.p * given.v / (given.q - 1) if given.q > 1 else None


def expected(given: Parameters, repeats: Array, mean: Array) -> Array:
    """What a purchase of each is worth: their own mean, drawn towards everybody's the fewer purchases it rests on."""
    p, q, v = given
    return (v + repeats * np.where(repeats > 0, mean, 0.0)) * p / (p * repeats + q - 1)


def below(given: Parameters, spend: Spend, amount: float) -> float:
    """How many of the customers have a mean below an amount, by the model."""
    total = spend.repeats * amount
    return float(betainc(given.p * spend.repeats, given.q, total / (given.v + total)).sum())


def correlation(spend: Spend) -> float | None:
    """Of how often customers buy with what they spend; None where one of the two does not vary."""
    if len(spend.mean) < 2 or not float(np.ptp(spend.mean)) or not float(np.ptp(spend.repeats)):
        return None
    return float(np.corrcoef(spend.repeats, spend.mean)[0, 1])
