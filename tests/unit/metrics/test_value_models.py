"""Likelihoods, slopes and expectations of the fits, against integrals and sums taken by brute force, and fits against known answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from cstui.metrics.value import bgnbd, gamma_gamma, sbg
from cstui.metrics.value.fitting import Array, largest
from cstui.metrics.value.models import LEAST_CUSTOMERS, fit_lives

SOME = bgnbd.Parameters(0.6, 5.0, 0.8, 2.5)
CASES = [(0.0, 0.0, 30.0), (1.0, 4.0, 30.0), (3.0, 11.5, 12.0), (6.0, 25.0, 25.0)]


def one(x: float, recency: float, age: float) -> bgnbd.Customers:
    return bgnbd.Customers(np.array([x]), np.array([recency]), np.array([age]))


def integrated(p: bgnbd.Parameters, case: tuple[float, float, float], weigh: Callable[[Array, Array, Array, Array], Array]) -> float:
    """Over rates and chances of leaving: the density of a history, of one who is still there and of one who has left, weighed."""
    x, recency, age = case
    u, v = np.meshgrid((np.arange(1600) + 0.5) * 2.2 / 1600, (np.arange(1600) + 0.5) / 1600)
    rate, chance = u**4, v**4  # the priors may be infinite at 0: their fourth roots are integrated
    here = (1 - chance) ** x * rate**x * np.exp(-rate * age)
    gone = chance * (1 - chance) ** (x - 1) * rate**x * np.exp(-rate * recency) if x else np.zeros_like(here)
    prior = stats.gamma.pdf(rate, p.r, scale=1 / p.alpha) * stats.beta.pdf(chance, p.a, p.b)
    return float((prior * weigh(here, gone, rate, chance) * 16 * u**3 * v**3).sum() * 2.2 / 1600**2)


@pytest.mark.parametrize("case", CASES)
def test_bgnbd_is_the_integral_over_customers(case: tuple[float, float, float]) -> None:
    whole = integrated(SOME, case, lambda here, gone, *_: here + gone)
    assert bgnbd.log_likelihood(SOME, one(*case))[0] == pytest.approx(np.log(whole), abs=1e-5)
    there = integrated(SOME, case, lambda here, *_: here)
    assert bgnbd.alive(SOME, one(*case))[0] == pytest.approx(there / whole, abs=1e-5)
    more = integrated(SOME, case, lambda here, _, rate, chance: here * (1 - np.exp(-rate * chance * 20)) / chance)
    assert bgnbd.expected_more(SOME, one(*case), 20.0)[0] == pytest.approx(more / whole, abs=1e-4)


@pytest.mark.parametrize(
    "p", [SOME, bgnbd.Parameters(2.0, 9.0, 1.0, 1.0), bgnbd.Parameters(0.3, 4.0, 0.4, 0.6), bgnbd.Parameters(3, 9, 2.5, 8)]
)
@pytest.mark.parametrize("weeks", [0.5, 10.0, 400.0])
def test_purchases_of_a_newcomer_are_the_integral_too(p: bgnbd.Parameters, weeks: float) -> None:
    """At a = 1 and at a + b = 1, where the closed form divides by nothing, as well."""

    def density(v: float) -> float:
        chance = v**4
        return float((1 - (p.alpha / (p.alpha + chance * weeks)) ** p.r) / chance * stats.beta.pdf(chance, p.a, p.b) * 4 * v**3)

    found, _ = quad(density, 0, 1, limit=400, epsabs=1e-7, epsrel=1e-6)
    assert float(bgnbd.expected(p, weeks)) == pytest.approx(found, rel=1e-4)


def test_a_thousand_purchases_are_no_trouble() -> None:
    many = one(1500.0, 299.9, 300.0)
    assert np.isfinite(bgnbd.log_likelihood(SOME, many)[0])
    assert 0.99 < bgnbd.alive(SOME, many)[0] <= 1
    assert 45 < bgnbd.expected_more(SOME, many, 10.0)[0] < 50
    assert bgnbd.alive(SOME, one(1500.0, 100.0, 300.0))[0] == pytest.approx(0, abs=1e-9)


def test_frequencies_are_the_chances_of_each_number() -> None:
    ages = np.array([30.0, 30.0, 12.0, 0.0])
    found = bgnbd.frequencies(SOME, ages, 40)
    assert found.sum() == pytest.approx(4)
    assert found @ np.arange(41) == pytest.approx(float(bgnbd.expected(SOME, ages).sum()), rel=1e-3)
    assert found[0] == pytest.approx(1 + sum((5 / (5 + t)) ** 0.6 for t in (30.0, 30.0, 12.0)))


def slopes_agree(likelihood: Callable[[Array], tuple[float, Array]], at: Array) -> None:
    """Slopes against differences of the likelihood."""
    _, slopes = likelihood(at)
    for i in range(len(at)):
        step = np.zeros_like(at)
        step[i] = 1e-5 * at[i]
        difference = (likelihood(at + step)[0] - likelihood(at - step)[0]) / (2 * step[i])
        assert slopes[i] == pytest.approx(difference, rel=1e-4, abs=1e-5)


PARAMETER = st.floats(0.05, 20.0)


@settings(max_examples=40)
@given(st.tuples(PARAMETER, PARAMETER, PARAMETER, PARAMETER), st.sampled_from(CASES))
def test_slopes_of_bgnbd(at: tuple[float, ...], case: tuple[float, float, float]) -> None:
    def likelihood(given: Array) -> tuple[float, Array]:
        each, slopes = bgnbd._likelihoods(bgnbd.Parameters(*given), one(*case))
        return float(each[0]), slopes[:, 0]

    slopes_agree(likelihood, np.array(at))


@settings(max_examples=40)
@given(st.tuples(PARAMETER, PARAMETER, PARAMETER), st.integers(1, 30), st.floats(0.01, 500.0))
def test_slopes_of_gamma_gamma(at: tuple[float, ...], repeats: int, mean: float) -> None:
    spend = gamma_gamma.Spend(np.array([float(repeats)]), np.array([mean]))
    slopes_agree(lambda given: gamma_gamma._likelihood(gamma_gamma.Parameters(*given), spend), np.array(at))


@settings(max_examples=40)
@given(st.tuples(PARAMETER, PARAMETER), st.lists(st.integers(0, 50), min_size=3, max_size=8))
def test_slopes_of_sbg(at: tuple[float, ...], counts: list[int]) -> None:
    lives = sbg.Lives(np.array(counts, dtype=float), np.array([*counts, 7], dtype=float))
    slopes_agree(lambda given: sbg._likelihood(sbg.Parameters(*given), lives), np.array(at))


def test_gamma_gamma_is_the_integral_over_customers() -> None:
    p, q, v = given_ = gamma_gamma.Parameters(6.0, 3.7, 15.0)
    x, mean = 4.0, 22.0

    def density(rate: float, above: float) -> float:
        if above and mean > above:
            return 0.0
        return float(stats.gamma.pdf(mean, p * x, scale=1 / (rate * x)) * stats.gamma.pdf(rate, q, scale=1 / v))

    whole, _ = quad(lambda rate: density(rate, 0), 0, 10)
    spend = gamma_gamma.Spend(np.array([x]), np.array([mean]))
    assert gamma_gamma.log_likelihood(given_, spend) == pytest.approx(np.log(whole))
    share, _ = quad(lambda rate: stats.gamma.cdf(30.0, p * x, scale=1 / (rate * x)) * stats.gamma.pdf(rate, q, scale=1 / v), 0, 10)
    assert gamma_gamma.below(given_, spend, 30.0) == pytest.approx(share)
    each, _ = quad(lambda rate: density(rate, 0) * p / rate, 0, 10)
    assert gamma_gamma.expected(given_, *spend)[0] == pytest.approx(each / whole)
    assert gamma_gamma.expected(given_, np.array([0.0]), np.array([0.0]))[0] == pytest.approx(gamma_gamma.population_mean(given_))


def test_spend_is_fitted_alike_in_every_currency() -> None:
    chance = np.random.default_rng(4)
    repeats = chance.integers(1, 9, 600).astype(float)
    mean = chance.gamma(5 * repeats, 1 / (repeats * chance.gamma(4, 1 / 30, 600)))
    low, high = (gamma_gamma.fit(gamma_gamma.Spend(repeats, mean * unit)) for unit in (1.0, 600_000.0))
    assert high.parameters[:2] == pytest.approx(low.parameters[:2], rel=1e-4)
    assert high.parameters[2] == pytest.approx(600_000 * low.parameters[2], rel=1e-4)
    assert low.parameters == pytest.approx((5, 4, 30), rel=0.25)


def test_sbg_is_the_recursion_of_the_paper() -> None:
    alpha, beta = p = sbg.Parameters(0.668, 3.806)
    left = alpha / (alpha + beta)
    survived = 1 - left
    for t in range(2, 14):
        left *= (beta + t - 2) / (alpha + beta + t - 1)
        survived -= left
        assert sbg.survival(p, np.array([float(t)]))[0] == pytest.approx(survived)
        assert sbg.log_likelihood(p, sbg.Lives(np.eye(t)[-1], np.zeros(1))) == pytest.approx(np.log(left))
    ends = np.arange(1.0, 5.0)
    assert sbg.retention(p, ends) == pytest.approx(sbg.survival(p, ends) / sbg.survival(p, ends - 1))
    assert sbg.lifetime(p) is None
    q = sbg.Parameters(3.0, 8.0)
    assert sbg.lifetime(q) == pytest.approx(sbg.survival(q, np.arange(0.0, 1e6)).sum(), rel=1e-6)
    assert sbg.terms_within(q, 3, 5) == pytest.approx((sbg.survival(q, np.arange(4.0, 9.0)) / sbg.survival(q, np.array([3.0]))).sum())


@pytest.mark.slow
def test_known_shops_are_found_again() -> None:
    """Customers made by the model itself: its parameters come back, and its expectation is what they then do."""
    truth = bgnbd.Parameters(0.8, 6.0, 0.9, 3.0)
    chance = np.random.default_rng(11)
    seen, later = [], 0
    for _ in range(4000):
        rate, leaves, age = chance.gamma(truth.r, 1 / truth.alpha), chance.beta(truth.a, truth.b), chance.uniform(20, 60)
        day, bought = 0.0, []
        while (day := day + chance.exponential(1 / rate)) < age + 26:
            bought.append(day)
            if chance.random() < leaves:
                break
        inside = [one for one in bought if one <= age]
        seen.append((len(inside), inside[-1] if inside else 0.0, age))
        later += len(bought) - len(inside)
    customers = bgnbd.Customers(*np.array(seen).T)
    found = bgnbd.fit(customers)
    assert found.settled
    assert not found.limit
    assert found.parameters == pytest.approx(truth, rel=0.2)
    assert bgnbd.expected_more(bgnbd.Parameters(*found.parameters), customers, 26.0).sum() == pytest.approx(later, rel=0.06)


def test_who_all_leave_alike_are_the_limit_of_sbg() -> None:
    left = np.array([100.0, 90.0, 81.0, 72.9, 65.61])
    going = np.zeros(6)
    going[5] = 590.49
    fit = fit_lives(sbg.Lives(left, going))
    assert fit.status == "limit"
    assert fit.parameters is not None
    p = sbg.Parameters(**fit.parameters)
    assert sbg.retention(p, np.array([1.0, 5.0])) == pytest.approx([0.9, 0.9], abs=1e-3)
    assert "retention does not rise" in (fit.reason or "")


def test_two_starts_that_agree_are_enough() -> None:
    calls = []

    def hill(at: Array) -> tuple[float, Array]:
        calls.append(tuple(at))
        return -float(((at - 3) ** 2).sum()), -2 * (at - 3)

    found = largest(hill, [(1.0, 1.0), (2.0, 5.0), (9.0, 9.0)])
    assert found.parameters == pytest.approx((3, 3), rel=1e-4)
    assert (9.0, 9.0) not in {tuple(round(one, 6) for one in call) for call in calls}
    assert LEAST_CUSTOMERS >= 30
