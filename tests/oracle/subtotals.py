"""What a sum of money comes to in each currency, where a missing rate leaves it without a value: rule 3 of the catalogue."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.ledger import signed
from tests.oracle.periods import Span, add_months, month_of
from tests.oracle.reading import Reading
from tests.oracle.selection import Move, added
from tests.oracle.service import Money


def subtotals(reading: Reading, metric: str, span: Span) -> Money | None:
    """Per currency, for the figures that are sums of money; None for the others. Raises MissingRate where a customer's currencies part."""
    moves = reading.moves(span)
    end, start = [m.end for m in moves], [m.start for m in moves]
    if metric in ("mrr", "arr"):
        return added(end, Fraction(12 if metric == "arr" else 1))
    if metric == "mrr_net_new":
        return added([added(end), added(start, Fraction(-1))])
    if metric == "mrr_with_addons":
        last = month_of(span.last).end
        once = reading.one_off(Span(add_months(last, -3), last))
        return added([*end, added(({p.currency: p.amount} for p in once), Fraction(1, 3))])
    if metric == "mrr_scheduled_churn":
        return added({s.row.currency: s.mrr(reading.as_of)} for s in reading.scheduled())
    if metric in ("revenue", "one_off_revenue"):
        return added(signed(p) for p in (reading.paid_in(span) if metric == "revenue" else reading.one_off(span)))
    if metric == "costs":
        return added({c.currency: c.amount} for c in reading.spent(span))
    if metric == "profit":
        spent = added({c.currency: -c.amount} for c in reading.spent(span))
        return added([spent, *(signed(p) for p in reading.paid_in(span))])
    return _movement(reading, metric, span, moves)


def _movement(reading: Reading, metric: str, span: Span, moves: list[Move]) -> Money | None:
    stayed = [m for m in moves if m.start and m.end]
    joined = [m for m in moves if not m.start and m.end]
    chosen = {
        "mrr_new": [m for m in joined if not m.paid_before],
        "mrr_reactivation": [m for m in joined if m.paid_before],
        "mrr_churned": [m for m in moves if m.start and not m.end],
    }
    if metric in ("mrr_expansion", "mrr_contraction"):
        chosen[metric] = [m for m in stayed if reading.direction(m, span) == (1 if metric == "mrr_expansion" else -1)]
    if metric not in chosen:
        return None
    sign = -1 if metric in ("mrr_contraction", "mrr_churned") else 1
    return added((m.change for m in chosen[metric]), Fraction(sign))
