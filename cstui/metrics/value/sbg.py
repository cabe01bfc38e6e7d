"""Shifted beta-geometric: how many terms a subscription lasts (Fader and Hardie 2007, 2010). Pure.

At the end of each term a customer leaves with a probability of their own, and these are beta (alpha, beta) over customers. Those
who leave easily go first, so that the retention of those who are left rises with every term.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaln, digamma

from cstui.metrics.value.fitting import Array, Found, largest

STARTS = ((1.0, 1.0), (0.5, 5.0), (5.0, 50.0), (2.0, 0.5))


class Parameters(NamedTuple):
    """Of the probabilities of leaving."""

    alpha: float
    beta: float


class Lives(NamedTuple):
    """What counts of customers: how many left after 1, 2, … terms, and how many stay."""

    left: Array
    going: Array
    """In place k, from 0: those who have renewed k times so far."""


def fit(lives: Lives) -> Found:
    """The parameters under which these lives are the most likely."""
    return largest(lambda given: _likelihood(Parameters(*given), lives), STARTS, together=((0, 1),))


def log_likelihood(given: Parameters, lives: Lives) -> float:
    """Of all of them."""
    return _likelihood(given, lives)[0]


def _likelihood(given: Parameters, lives: Lives) -> tuple[float, Array]:
    alpha, beta = given
    t = np.arange(1, len(lives.left) + 1, dtype=np.float64)
    k = np.arange(len(lives.going), dtype=np.float64)
    value = lives.left @ (betaln(alpha + 1, beta + t - 1) - betaln(alpha, beta)) + lives.going @ (
        betaln(alpha, beta + k) - betaln(alpha, beta)
    )
    own, other = digamma(alpha), digamma(beta)
    both = digamma(alpha + beta)
    slopes = (
        lives.left @ (digamma(alpha + 1) - digamma(alpha + beta + t) - own + both)
        + lives.going @ (both - digamma(alpha + beta + k)),
        lives.left @ (digamma(beta + t - 1) - digamma(alpha + beta + t) - other + both)
        + lives.going @ (digamma(beta + k) - digamma(alpha + beta + k) - other + both),
    )  # fmt: skip
    return float(value), np.array(slopes)


def survival(given: Parameters, terms: Array) -> Array:
    """The share that renews at least so many times."""
    found: Array = np.exp(betaln(given.alpha, given.beta + terms) - betaln(given.alpha, given.beta))
    return found


def retention(given: Parameters, terms: Array) -> Array:
    """Of those in their 1st, 2nd, … term the share that renews at its end."""
    return (given.beta + terms - 1) / (given.alpha + given.beta + terms - 1)


def lifetime(given: Parameters) -> float | None:
    """Terms that a new customer lasts; None where that has no mean (alpha ≤ 1): some stay for ever."""
    return (given.alpha + given.beta - 1) / (given.alpha - 1) if given.alpha > 1 else None


def terms_within(given: Parameters, renewed: int, most: int) -> float:
    """Terms still to be paid for by somebody who has renewed so many times, among the next `most`."""
    ahead = np.arange(1, most + 1, dtype=np.float64)
    log = betaln(given.alpha, given.beta + renewed + ahead) - betaln(given.alpha, given.beta + renewed)
    return float(np.exp(log).sum())
