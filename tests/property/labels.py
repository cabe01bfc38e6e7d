"""What a document says beside its value, held to the oracle: what is mixed, what each scale and channel comes to, why there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from tests.oracle.periods import Span, trailing
from tests.oracle.reading import Reading
from tests.oracle.satisfaction import agreement, latest
from tests.oracle.selection import NoData
from tests.oracle.worth import band, cac_by_segment
from tests.property.program import Document

Found = Iterator[tuple[str, object, object]]
UNFILTERABLE = frozenset(
    "costs profit profit_per_customer gross_margin cac goal_conversion_rate clv_cac_ratio clv_net_of_cac cac_payback_months".split()
)
SET_ANYWAY = "gross_margin"
"""What a person has set needs no costs, whatever the filter."""


def labels(metric: str, found: Document, oracle: Reading, span: Span) -> Found:
    """What differs, as (what, program, oracle)."""
    if metric in UNFILTERABLE and not (metric == SET_ANYWAY and oracle.switches.gross_margin is not None):
        yield from _why_not(found, oracle)
    if found["value"] is not None and metric in CHECKS:
        yield from CHECKS[metric](found, oracle, span)


def _why_not(found: Document, oracle: Reading) -> Found:
    try:
        oracle.channels()
        mine = False
    except NoData:
        mine = True
    theirs = str(found.get("reason", "")).startswith("not_filterable")
    if theirs != mine:
        yield "reason not_filterable", found.get("reason"), mine


def _nps(found: Document, oracle: Reading, span: Span) -> Found:
    counts: dict[str, int] = {}
    for answer in latest(oracle.answers("nps", span), by_customer=False):
        scale = f"{answer.low}-{answer.high}"
        counts[scale] = counts.get(scale, 0) + 1
    if found["parts"]["by_scale"] != counts:
        yield "by_scale", found["parts"]["by_scale"], counts
    if ("mixed" in found.get("reason", "")) != (len(counts) > 1):
        yield "mixed scales", found.get("reason"), counts


def _csat(found: Document, oracle: Reading, span: Span) -> Found:
    touchpoints = {answer.touchpoint for answer in oracle.answers("csat", span)}
    if ("mixed" in found["parts"]) != (len(touchpoints) > 1):
        yield "mixed touchpoints", found["parts"].get("mixed"), touchpoints


def _ces(found: Document, oracle: Reading, span: Span) -> Found:
    scores: dict[str, list[Fraction]] = {}
    for answer in oracle.answers("ces", span):
        scores.setdefault(f"{answer.low}-{answer.high}", []).append(agreement(answer))
    mine = {scale: (round(float(sum(found) / len(found)), 8), len(found)) for scale, found in scores.items()}
    theirs = {scale: (round(one["value"], 8), one["n"]) for scale, one in found["parts"]["by_scale"].items()}
    if theirs != mine:
        yield "by_scale", theirs, mine


def _cac(found: Document, oracle: Reading, span: Span) -> Found:
    for channel, value in found["parts"]["by_channel"].items():
        mine = oracle.narrowed({"channel": (channel,)}).ask("cac", span).value
        if (value is None) != (mine is None) or (mine is not None and abs(value - float(mine)) > 1e-7):
            yield f"by_channel {channel!r}", value, mine
    theirs = {name: round(value, 6) for name, value in found["parts"]["by_segment"].items()}
    segments = {name: round(float(value), 6) for name, value in cac_by_segment(oracle, span).items()}
    if theirs != segments:
        yield "by_segment", theirs, segments


def _clv(found: Document, oracle: Reading, span: Span) -> Found:
    parts = found["parts"]
    capped = parts["lifetime_months"] == 60 < 1 / parts["churn"]
    if (parts["capped"], "lifetime capped" in found.get("reason", "")) != (capped, capped):
        yield "cap", (parts["capped"], found.get("reason")), capped
    computed = oracle.switches.gross_margin is None
    free = computed and not oracle.known(oracle.facts.costs, trailing(12, span.last))
    if ("before costs" in found.get("reason", "")) != free:
        yield "before costs", found.get("reason"), free


def _ratio(found: Document, oracle: Reading, span: Span) -> Found:
    answer = oracle.ask("clv_cac_ratio", span)
    assert answer.value is not None
    if found["parts"]["band"] != band(answer.value):
        yield "band", found["parts"]["band"], band(answer.value)


CHECKS: dict[str, Callable[[Document, Reading, Span], Found]] = {
    "nps": _nps,
    "csat": _csat,
    "ces": _ces,
    "cac": _cac,
    "clv": _clv,
    "clv_cac_ratio": _ratio,
}
