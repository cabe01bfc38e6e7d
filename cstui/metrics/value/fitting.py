"""The parameters of the largest likelihood, all of them positive: sought in logarithms, from several starts, the best taken. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
REACH = (1e-4, 1e5)
"""Parameters are looked for between these."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the likelihood is largest."""

    parameters: tuple[float, ...]
    log_likelihood: float
    settled: bool
    """The slope is flat there, but for parameters at the end of their reach."""
    limit: bool
    """Some parameter is at the end of its reach: the likelihood has no maximum, and gets ever better towards a limit of the model."""


Likelihood = Callable[[Array], tuple[float, Array]]
"""Parameters → log-likelihood and its slope by each of them."""


def largest(likelihood: Likelihood, starts: Sequence[Sequence[float]], together: Sequence[Sequence[int]] = ()) -> Found:
    """The best of the maxima reached from `starts`; two starts that agree are enough.

    `together`: places of parameters that grow without end at a fixed ratio, towards a limit of the model. The likelihood is so flat
    there that where a search stops depends on the machine; so their end is tried, and taken where it is as likely.
    """
    from scipy.optimize import minimize

    def down(logs: Array) -> tuple[float, Array]:
        parameters = np.exp(logs)
        value, slope = likelihood(parameters)
        return -value, -slope * parameters

    bounds = [(np.log(REACH[0]), np.log(REACH[1]))] * len(starts[0])
    best: Array | None = None
    value = np.inf
    for start in starts:
        tried = minimize(down, np.log(np.asarray(start)), jac=True, method="L-BFGS-B", bounds=bounds, options=_OPTIONS)
        if not np.isfinite(tried.fun):
            continue
        agreed = abs(tried.fun - value) <= _SAME * max(1.0, abs(value))
        if tried.fun < value:
            best, value = tried.x, float(tried.fun)
        if agreed:
            break
    if best is None:
        return Found(tuple(float("nan") for _ in starts[0]), float("nan"), settled=False, limit=False)
    for places in map(list, together):
        end = best.copy()
        end[places] += bounds[0][1] - best[places].max()
        if (there := down(end)[0]) <= value + _AS_LIKELY * max(1.0, abs(value)):
            best, value = end, float(there)
    _, slope = down(best)
    inside = (best > bounds[0][0] + _EDGE) & (best < bounds[0][1] - _EDGE)
    flat = np.abs(slope) <= _FLAT * max(1.0, abs(value))
    return Found(tuple(float(one) for one in np.exp(best)), -value, settled=bool(np.all(flat | ~inside)), limit=not bool(np.all(inside)))


_OPTIONS = {"maxiter": 2000, "maxfun": 20_000, "ftol": 1e-14, "gtol": 1e-7}
_EDGE = 1e-6
_FLAT = 1e-5
_SAME = 1e-10
_AS_LIKELY = 1e-8
"""What logarithms of gamma lose at large parameters is less, and data that could tell so little apart are not to be had."""
