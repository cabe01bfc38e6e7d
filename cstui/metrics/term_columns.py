"""What became of the terms of very many customers, a column at a time: the rules of `terms` once more, as the workspace's own last day
sees them. Tests hold both readings equal.

A customer with service in several currencies is left out: whoever asks works those out one by one. Arrays in, arrays out; no SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cstui.base.days import Period
from cstui.metrics.columns import Grouping, distinct, sums
from cstui.metrics.service import FOREVER, Known
from cstui.metrics.step_columns import Bools, Ints, Rows, ends_of, paying_from
from cstui.metrics.terms import TO_RENEW

RENEWED, LOST, PENDING = range(3)


class Billed(NamedTuple):
    """How often rows are billed, as columns beside `Rows`."""

    months: Ints
    """Of an interval of months; 0 where it is one of days."""
    days: Ints
    counts: Bools
    """Whether the row's terms are asked about: those of a quarter and longer, or all."""


class TermColumns(NamedTuple):
    """Terms by due day. Money in minor units × SCALE."""

    customer: Ints
    due: Ints
    currency: Ints
    level: Ints
    outcome: Ints
    renewed: Ints
    """MRR on the first day with any from the row, or from those that carry it on; 0 unless it is renewed."""


class Summed(NamedTuple):
    """Terms of one period, by group."""

    outcomes: list[list[int]]
    """How many are renewed, lost, pending."""
    money: list[dict[int, tuple[int, int, int]]]
    """By currency, of those decided: what was due, kept (each at most what was due) and renewed."""


class _Spans(NamedTuple):
    """Paid service, by customer and first paid day."""

    customer: Ints
    currency: Ints
    level: Ints
    pay: Ints
    end: Ints
    period_end: Ints
    billed: Billed


def terms_of(rows: Rows, billed: Billed, known: Known, window: Period) -> tuple[TermColumns, Ints]:
    """The terms that have begun and are due in a window; and the customers left out."""
    spans, several = _spans(rows, billed, known)
    of, due = _dues(spans, known, window)
    end, level = spans.end[of], spans.level[of]
    goes_on = due < end
    renewed_on, renewed = np.where(goes_on, due, FOREVER), np.where(goes_on, level, 0)
    over = np.flatnonzero(~goes_on & (end <= known.as_of))
    renewed_on[over], renewed[over] = _carried_on(spans, of[over], due[over], known)
    late = np.where(known.as_of >= due + TO_RENEW, LOST, PENDING)
    outcome = np.where(due > known.as_of, PENDING, np.where(renewed_on <= known.as_of, RENEWED, late))
    order = np.argsort(due, kind="stable")
    found = (spans.customer[of], due, spans.currency[of], level, outcome, np.where(outcome == RENEWED, renewed, 0))
    return TermColumns(*(column[order] for column in found)), several


def _spans(rows: Rows, billed: Billed, known: Known) -> tuple[_Spans, Ints]:
    """The service that has begun to pay, and the customers who have it in several currencies."""
    pay, end = paying_from(rows), ends_of(rows, known)
    serves = np.flatnonzero((rows.started <= known.as_of) & (pay <= known.as_of) & (pay < end) & (rows.level > 0))
    serves = serves[np.lexsort((pay[serves], rows.customer[serves]))]
    customer, currency = rows.customer[serves], rows.currency[serves]
    differs = (customer[1:] == customer[:-1]) & (currency[1:] != currency[:-1])
    several = distinct(customer[1:][differs])
    serves = serves[~np.isin(customer, several)]
    own = Billed(billed.months[serves], billed.days[serves], billed.counts[serves])
    level, period_end = rows.level[serves], rows.period_end[serves]
    return _Spans(rows.customer[serves], rows.currency[serves], level, pay[serves], end[serves], period_end, own), several


def _dues(spans: _Spans, known: Known, window: Period) -> tuple[Ints, Ints]:
    """(span, due day) of every term that began and is due in the window, as `terms._dues`."""
    past = np.minimum(spans.end, known.as_of + 1)
    begun = np.flatnonzero(spans.billed.counts)
    begins = spans.pay[begun]
    found: list[tuple[Ints, Ints]] = [(begun[:0], begins[:0])]
    number = 0
    while len(begun):
        number += 1
        by_calendar = _due_day(spans.pay[begun], spans.billed.months[begun], spans.billed.days[begun], number)
        override = spans.period_end[begun]
        stands = (override == FOREVER) | (override <= begins) | (begins > known.own)
        stands |= (by_calendar <= known.own) & (by_calendar < spans.end[begun])
        due = np.where(stands, by_calendar, override)
        inside = (due >= window.start) & (due < window.end)
        found.append((begun[inside], due[inside]))
        goes_on = by_calendar < past[begun]
        begun, begins = begun[goes_on], by_calendar[goes_on]
    return np.concatenate([of for of, _ in found]), np.concatenate([due for _, due in found])


def _due_day(pay: Ints, months: Ints, days: Ints, number: int) -> Ints:
    """As `terms.due_day`."""
    first = pay.astype("datetime64[D]").astype("datetime64[M]")
    inside = pay - first.astype("datetime64[D]").astype(np.int64)
    month = first.astype(np.int64) + months * number
    starts, ends = (each.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for each in (month, month + 1))
    return np.where(months > 0, starts + np.minimum(inside, ends - starts - 1), pay + days * number)


def _carried_on(spans: _Spans, of: Ints, due: Ints, known: Known) -> tuple[Ints, Ints]:
    """For terms due when their row is over: the first day with MRR from rows that carry it on (`FOREVER`: none), and that MRR."""
    soonest, level = np.full(len(of), FOREVER), np.zeros(len(of), np.int64)
    term, by = _followers(spans, of, known)
    first = np.maximum(due[term], spans.pay[by])
    pays = first < spans.end[by]
    term, by, first = term[pays], by[pays], first[pays]
    np.minimum.at(soonest, term, first)
    there = spans.pay[by] <= soonest[term]
    np.add.at(level, term[there], spans.level[by[there]])
    return soonest, level


def _followers(spans: _Spans, of: Ints, known: Known) -> tuple[Ints, Ints]:
    """(place in `of`, span) of the spans that follow a span: as `terms._carried_on` finds them, and those that follow these."""
    if not len(of):
        return of, of
    low, high = int(spans.pay.min()) - TO_RENEW, known.as_of + TO_RENEW + 2
    width = high - low
    key = spans.customer * width + (spans.pay - low)
    own, end = spans.customer * width, np.minimum(spans.end, known.as_of)
    begin = np.searchsorted(key, own + np.maximum(spans.pay + 1, end - TO_RENEW) - low)
    past = np.where(spans.end <= known.as_of, np.searchsorted(key, own + end + TO_RENEW - low, side="right"), begin)
    size = len(spans.pay)
    reached = frontier = np.zeros(0, np.int64)
    term, span = np.arange(len(of)), of
    while len(term):
        n = np.maximum(past[span] - begin[span], 0)
        place = np.arange(int(n.sum())) - np.repeat(np.cumsum(n) - n, n)
        pairs = distinct(np.repeat(term, n) * size + np.repeat(begin[span], n) + place)
        frontier = pairs[~np.isin(pairs, reached, assume_unique=True)]
        reached = np.concatenate((reached, frontier))
        term, span = np.divmod(frontier, size)
    term, span = np.divmod(reached, size)
    return term, span


def summed(terms: TermColumns, periods: Sequence[Period], groups: Grouping, currencies: int) -> Iterator[Summed]:
    """Terms by the periods they are due in and by group."""
    group, size = groups.of(terms.customer), len(groups.names)
    kept = np.minimum(terms.level, terms.renewed)
    for period in periods:
        start, end = np.searchsorted(terms.due, (period.start, period.end)).tolist()
        own, outcome = group[start:end], terms.outcome[start:end]
        counts = np.bincount(own * 3 + outcome, minlength=size * 3).reshape(-1, 3).tolist()
        money: list[dict[int, tuple[int, int, int]]] = [{} for _ in groups.names]
        for currency in range(currencies):
            decided = (outcome != PENDING) & (terms.currency[start:end] == currency)
            key = own[decided]
            columns = (sums(key, column[start:end][decided], size) for column in (terms.level, kept, terms.renewed))
            for held, n, *amounts in zip(money, np.bincount(key, minlength=size).tolist(), *columns, strict=True):
                if n:
                    held[currency] = amounts[0], amounts[1], amounts[2]
        yield Summed(counts, money)
