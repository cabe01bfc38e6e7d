"""The models fitted on histories and lives, or refused with a reason where they say too little. Pure.

The floors are this program's own. Under them the largest likelihood is that of a few people's chance: a fit is refused rather than
shown with a warning, since its figures look as sure as any others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cstui.base.formatting import count
from cstui.metrics.value import bgnbd, gamma_gamma, sbg
from cstui.metrics.value.fitting import Found
from cstui.metrics.value.histories import Histories

OK, LIMIT, TOO_THIN, UNSETTLED = "ok", "limit", "too_thin", "unsettled"
LEAST_CUSTOMERS, LEAST_RETURNED, LEAST_WEEKS = 100, 30, 12
"""BG/NBD: customers, those of them who bought again, and weeks from the first purchase to the last day of calibration."""
LEAST_SPENDERS = 30
"""Gamma-Gamma: customers with a repeat purchase above nothing."""
LEAST_SUBSCRIBERS, LEAST_LEFT, LEAST_TERMS = 50, 10, 3
"""sBG: customers, those of them who left, and terms that somebody has come to the end of."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A model on one's own data, or why there is none."""

    status: str
    """`ok`; `limit`: the data fits a limit of the model best, which is shown; `too_thin`: too little data; `unsettled`: no answer."""
    reason: str | None = None
    parameters: Mapping[str, float] | None = None
    log_likelihood: float | None = None

    @property
    def usable(self) -> bool:
        """Whether anything can be expected by it."""
        return self.status in (OK, LIMIT)


def fit_purchases(held: Histories) -> Fit:
    """BG/NBD of everybody."""
    weeks = int(held.seen.age.max()) if len(held.customers) else 0
    thin = _thin(
        (len(held.customers), LEAST_CUSTOMERS, "customer who bought", "customers who bought"),
        (int(held.returned.sum()), LEAST_RETURNED, "customer who bought again", "customers who bought again"),
        (weeks, LEAST_WEEKS, "week of purchases", "weeks of purchases"),
    )
    if thin is not None:
        return thin
    found = bgnbd.fit(held.seen)
    _, _, a, b = found.parameters
    return _fitted(found, bgnbd.Parameters._fields, _NOBODY_LEAVES if a < _HARDLY * (a + b) else _ALIKE)


def fit_spend(held: Histories) -> Fit:
    """Gamma-Gamma of those who came back."""
    chosen = held.spent
    again = "who bought again for more than nothing"
    thin = _thin((int(chosen.sum()), LEAST_SPENDERS, f"customer {again}", f"customers {again}"))
    if thin is None and float(np.ptp(held.spend.mean[chosen])) <= 0:
        thin = Fit(TOO_THIN, "everybody spends the same: there is nothing to fit, and the mean is what a purchase is worth")
    if thin is not None:
        return thin
    found = gamma_gamma.fit(gamma_gamma.Spend(held.spend.repeats[chosen], held.spend.mean[chosen]))
    fit = _fitted(found, gamma_gamma.Parameters._fields, "customers' own means can't be told from chance")
    if fit.usable and fit.parameters is not None and fit.parameters["q"] <= 1:
        return Fit(
            UNSETTLED, "customers' means spread so far (q ≤ 1) that they have no mean of their own", fit.parameters, fit.log_likelihood
        )
    return fit


def fit_lives(lives: sbg.Lives) -> Fit:
    """The sBG of everybody who ever subscribed for a term of one length."""
    left, everybody = int(lives.left.sum()), int(lives.left.sum() + lives.going.sum())
    ended = np.flatnonzero(lives.left)
    reached = max(int(ended[-1]) + 1 if len(ended) else 0, int(np.flatnonzero(lives.going)[-1]) if lives.going.any() else 0)
    thin = _thin(
        (everybody, LEAST_SUBSCRIBERS, "customer with such a term", "customers with such a term"),
        (left, LEAST_LEFT, "of them who left", "of them who left"),
        (reached, LEAST_TERMS, "term that anybody came to the end of", "terms that anybody came to the end of"),
    )
    return thin or _fitted(sbg.fit(lives), sbg.Parameters._fields, "all leave alike, and retention does not rise with time")


def _thin(*floors: tuple[int, int, str, str]) -> Fit | None:
    """Refused where a number is under its floor; every such number is named: (number, floor, one of what, many of it)."""
    short = [f"{count(number, one, many)}, {least} are needed" for number, least, one, many in floors if number < least]
    return Fit(TOO_THIN, "; ".join(short)) if short else None


def _fitted(found: Found, names: tuple[str, ...], limit: str) -> Fit:
    parameters = dict(zip(names, found.parameters, strict=True))
    if not found.settled:
        return Fit(UNSETTLED, "no start led to a largest likelihood")
    if found.limit:
        return Fit(
            LIMIT,
            f"the likelihood gets ever better towards a limit, which is shown: in this data {limit}",
            parameters,
            found.log_likelihood,
        )
    return Fit(OK, None, parameters, found.log_likelihood)


_NOBODY_LEAVES = "nobody can be seen to have left, so that everybody counts as still there"
_ALIKE = "customers differ no more than chance makes them, in how often they buy or in how they leave"
_HARDLY = 1e-3
"""A mean chance of leaving under this is none."""
