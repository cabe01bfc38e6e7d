"""The family of customer value: what a customer is worth, has brought, and costs to win. Made of figures of other families.

Every figure here names its parts; where one of them is unknown, so is the figure, for that part's reason.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import nsmallest
from itertools import accumulate, pairwise

from cstui.base.days import Period, iso, month_of, months
from cstui.base.formatting import count
from cstui.base.money import SCALE, exponent
from cstui.metrics import costs, customers, recurring
from cstui.metrics.cells import Cells, Group, Moved, Purse, Total, cached_months, frame, moved
from cstui.metrics.facts import Facts, PaymentRow
from cstui.metrics.figure import NO_DATA, Figure, Frame, Part, blamed, figure, labelled, missing_rate, no_data, ratio
from cstui.metrics.margin import Margins, positive
from cstui.metrics.movements import FIRST_PAID
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.purchasing import no_mrr
from cstui.metrics.rates import Rates
from cstui.metrics.revenue import payment_row, signed
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.steps import level_on

LIFETIME = 60
"""The most months that a customer is taken to stay."""
CHURN_MONTHS = 6
FEWEST_CHURNED = 5
_FROM_CLV = frozenset(("clv", "clv_cac_ratio", "clv_net_of_cac"))
_FROM_CAC = frozenset(("clv_cac_ratio", "clv_net_of_cac", "cac_payback_months"))
_BANDS = ((3, "healthy"), (2, "slim"))


def figures(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period, those `wanted`."""
    cells: dict[Group, list[dict[str, Figure]]] = {group: [{} for _ in periods] for group in movements}
    worth = _lifetime(facts, periods, movements) if wanted & _FROM_CLV else {}
    needed = {"cac", "gross_margin"} if "cac_payback_months" in wanted else {"cac"}
    spent = costs.figures(facts, periods, movements, needed, parts=False) if wanted & _FROM_CAC else {}
    first = _first_mrr(facts, periods, movements) if wanted & {"first_mrr", "cac_payback_months"} else {}
    brought = _realised(facts, periods, movements) if "clv_realised" in wanted else {}
    for group, own in cells.items():
        for i, period in enumerate(periods):
            one, held = frame(facts, period, facts.paying), spent[group][i] if group in spent else {}
            for name, table in (("clv", worth), ("first_mrr", first), ("clv_realised", brought)):
                if group in table:
                    own[i][name] = table[group][i]
            if "clv" in own[i] and held:
                own[i] |= _against_cost(one, own[i]["clv"], held["cac"])
            if "first_mrr" in own[i] and held:
                own[i]["cac_payback_months"] = _payback(one, held["cac"], own[i]["first_mrr"], held["gross_margin"])
    return cells


# -- what a customer is worth ---------------------------------------------------------------------------------------------


def churn_months(period: Period) -> list[Period]:
    """The six calendar months that end with the period's last."""
    last = month_of(period.last)
    return [months(month) for month in range(last - CHURN_MONTHS + 1, last + 1)]


@dataclass(frozen=True, slots=True)
class _Churn:
    """The mean of the monthly churn rates of a window."""

    figure: Figure
    churned: int


def _lifetime(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> dict[Group, list[Figure]]:
    levels = recurring.levels(facts, periods, movements)
    churn = _Monthly(facts, periods)
    margins = Margins(facts, periods)
    return {
        group: [
            _clv(frame(facts, period, facts.paying), levels[group][i], margins.figure(group, period), churn.mean(group, period))
            for i, period in enumerate(periods)
        ]
        for group in movements
    }


class _Monthly:
    """Customer churn month by month, over every month that some period's window reaches."""

    def __init__(self, facts: Facts, periods: Sequence[Period]) -> None:
        reached = {month_of(month.start) for period in periods for month in churn_months(period)}
        self._first = min(reached)
        self._months = [months(month) for month in range(self._first, max(reached) + 1)]
        self._cells = customers.figures(facts, self._months, moved(facts, self._months))

    def mean(self, group: Group, period: Period) -> _Churn:
        """The mean over a period's window; months without a base are left out."""
        window = churn_months(period)
        cells = [self._cells[group][month_of(month.start) - self._first] for month in window]
        rates = [rate for cell in cells if (rate := cell["customer_churn_rate"].value) is not None]
        churned = sum(int(cell["customers_churned"].value or 0) for cell in cells)
        when = f"from {iso(window[0].start)} to {iso(window[-1].last)}"
        if churned < FEWEST_CHURNED:
            reason = f"too_few_churned: {count(churned, 'customer')} left {when}; under {FEWEST_CHURNED} say nothing of a lifetime"
            return _Churn(Figure(None, NO_DATA, reason, n=churned), churned)
        return _Churn(Figure(sum(rates, Fraction(0)) / len(rates), "ok", n=churned), churned)


def _clv(one: Frame, level: Figure, margin: Figure, churn: _Churn) -> Figure:
    wrong = blamed((level, margin, churn.figure))
    parts: dict[str, Part] = {"margin": margin.value, "churn": churn.figure.value, "churned": churn.churned}
    if wrong is not None:
        return _unknown(wrong, parts)
    if one.outside:
        return Figure(None, NO_DATA, no_data(one))
    assert level.value is not None
    assert margin.value is not None
    assert churn.figure.value is not None
    lasts = 1 / churn.figure.value
    life = min(Fraction(LIFETIME), lasts)
    parts |= {"lifetime_months": life, "capped": lasts > LIFETIME, "uncapped": level.value * margin.value * lasts}
    cap = f"lifetime capped at {LIFETIME} months: 1 ÷ churn is {float(round(lasts, 1)):g}" if lasts > LIFETIME else None
    found = figure(one, level.value * margin.value * life, n=level.n, parts=parts)
    return labelled(labelled(found, margin.reason), cap)


def _unknown(wrong: Figure, parts: Mapping[str, Part] | None = None) -> Figure:
    """A figure that a part of it leaves without a value."""
    by_currency = {"by_currency": found} if (found := (wrong.parts or {}).get("by_currency")) is not None else {}
    return Figure(None, wrong.status, wrong.reason, n=wrong.n, parts={**(parts or {}), **by_currency} or None)


def _against_cost(one: Frame, worth: Figure, cost: Figure) -> dict[str, Figure]:
    """Value over cost, and value less cost."""
    wrong = blamed((worth, cost))
    if wrong is not None:
        return {"clv_cac_ratio": _unknown(wrong), "clv_net_of_cac": _unknown(wrong)}
    assert worth.value is not None
    assert cost.value is not None
    parts = {"band": band(worth.value / cost.value)} if cost.value > 0 else None
    net = figure(one, worth.value - cost.value, parts={"clv": worth.value, "cac": cost.value})
    share = ratio(one, worth.value, cost.value, n=cost.n or 0, floor=0, base="winning customers cost nothing", parts=parts)
    return {name: labelled(found, worth.reason) for name, found in (("clv_cac_ratio", share), ("clv_net_of_cac", net))}


def band(share: Fraction) -> str:
    """What a ratio of value to cost says: 3 and more is healthy, from 2 slim, above 1 poor, 1 and less loses money."""
    return next((word for least, word in _BANDS if share >= least), "poor" if share > 1 else "losing money")


# -- what a new customer pays, and when it has paid for itself ------------------------------------------------------------


def _first_mrr(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> dict[Group, list[Figure]]:
    """Mean MRR on the first paid day, at that day's rate."""
    if facts.mode == REPEAT_PURCHASE:
        return {group: [no_mrr() for _ in periods] for group in movements}
    frames = [frame(facts, period, "subscriptions") for period in periods]
    sums = _firsts(facts, periods)
    found: dict[Group, list[Figure]] = {}
    for group in movements:
        own = sums.get(group, [Purse(facts.rates) for _ in periods])
        found[group] = [
            _mean_first(one, purse, customers.first_paid_n(part)) for one, purse, part in zip(frames, own, movements[group], strict=True)
        ]
    return found


def _mean_first(one: Frame, purse: Purse, new: int) -> Figure:
    if purse.worth is None:
        return missing_rate(purse.subtotals, new, purse.currency, purse.lacking)
    return ratio(one, purse.worth, new, n=new, floor=0, base="no customer was won in the period")


def _firsts(facts: Facts, periods: Sequence[Period]) -> dict[Group, list[Purse]]:
    """What the customers won in each period paid on their first paid day."""
    own: dict[Group, dict[tuple[int, str], int]] = {}
    for one, day, code, level in _first_amounts(facts, Period(min(p.start for p in periods), max(p.end for p in periods))):
        for group in (one, Total.ALL) if facts.grouped else (Total.ALL,):
            held = own.setdefault(group, {})
            held[day, code] = held.get((day, code), 0) + level
    return {group: list(_first_purses(facts, held, periods)) for group, held in own.items()}


def _first_amounts(facts: Facts, span: Period) -> Iterator[tuple[Group, int, str, int]]:
    """(group, first paid day, currency, MRR on it in minor units × SCALE) of those whom a span won, those of one group and day together."""
    of = facts.group_of().get
    steps = facts.step_columns
    if steps is None:
        for customer, day, levels in first_levels(facts, span):
            yield from ((of(customer), day, code, level) for code, level in levels.items())
        return
    from cstui.metrics.columns import won

    known = Period(span.start, max(span.start, min(span.end, facts.as_of + 1)))
    yield from ((group, day, facts.currency, level) for group, day, level in won(steps, known, facts.grouping))
    for customer, by_currency in facts.foreign_steps().items():
        day = min(steps[0][0] for steps in by_currency.values())
        if day in known:
            yield from ((of(customer), day, code, level) for code, own in by_currency.items() if (level := level_on(own, day)))


def _first_purses(facts: Facts, held: Mapping[tuple[int, str], int], periods: Sequence[Period]) -> Iterator[Purse]:
    """First levels of each period's days."""
    days = sorted(held)
    for period in periods:
        purse = Purse(facts.rates)
        for day, code in days[bisect_left(days, (period.start, "")) : bisect_left(days, (period.end, ""))]:
            purse.add(Fraction(held[day, code], SCALE), code, day)
        yield purse


def first_levels(facts: Facts, span: Period) -> Iterator[tuple[int, int, Mapping[str, int]]]:
    """(customer, first paid day, MRR on it by currency in minor units × SCALE) of those whom a span won."""
    first = facts.first_paid(span)
    steps = facts.steps_of(first.keys())
    for customer, day in first.items():
        yield customer, day, {code: level for code, own in steps[customer].items() if (level := level_on(own, day))}


def _first_foreign(facts: Facts) -> Iterator[int]:
    """First paid days of customers who pay, or paid, in another currency."""
    for by_currency in facts.foreign_steps().values():
        day = min(steps[0][0] for steps in by_currency.values())
        if day <= facts.as_of:
            yield day


def _payback(one: Frame, cost: Figure, first: Figure, margin: Figure) -> Figure:
    wrong = blamed((cost, first, positive(margin)))
    if wrong is not None:
        return _unknown(wrong)
    assert cost.value is not None
    assert first.value is not None
    assert margin.value is not None
    return ratio(one, cost.value, first.value * margin.value, n=cost.n or 0, floor=0, base="new customers pay nothing")


# -- what customers have brought ------------------------------------------------------------------------------------------


def _realised(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> dict[Group, list[Figure]]:
    """Net revenue to date ÷ customers who ever paid."""
    frames = [(frame(facts, period, "payments"), frame(facts, period, facts.paying)) for period in periods]
    sums, ever = _to_date(facts, periods), _ever_paid(facts, periods)
    found: dict[Group, list[Figure]] = {}
    for group in movements:
        own = sums.get(group, [Purse(facts.rates) for _ in periods])
        counts = ever.get(group, [0] * len(periods))
        found[group] = [_brought(billed, paying, purse, n) for (billed, paying), purse, n in zip(frames, own, counts, strict=True)]
    return found


def _brought(billed: Frame, paying: Frame, purse: Purse, n: int) -> Figure:
    if purse.worth is None:
        return missing_rate(purse.subtotals, n, purse.currency, purse.lacking)
    one = paying if paying.outside else billed
    return ratio(one, purse.worth, n, n=n, floor=0, base=f"nobody had paid by {iso(billed.end)}")


def _to_date(facts: Facts, periods: Sequence[Period]) -> dict[Group, list[Purse]]:
    """What had been paid, net, by each period's end."""
    last = max(period.end for period in periods)
    first, _ = facts.coverage("payments")
    if first is None:
        return {}
    ends = sorted({period.end for period in periods})
    held: dict[Group, list[Purse]] = {}
    for paid in facts.paid_days(Period(first, max(first, last))):
        for group in (paid.group, Total.ALL) if facts.grouped else (Total.ALL,):
            stretches = held.get(group)
            if stretches is None:
                stretches = held[group] = [Purse(facts.rates) for _ in ends]
            stretches[bisect_right(ends, paid.day)].add(signed(paid.kind, paid.amount), paid.currency, paid.day, paid.n)
    for stretches in held.values():
        for before, after in pairwise(stretches):
            after.include(before)
    place = {end: i for i, end in enumerate(ends)}
    return {group: [stretches[place[period.end]] for period in periods] for group, stretches in held.items()}


def _ever_paid(facts: Facts, periods: Sequence[Period]) -> dict[Group, list[int]]:
    """How many customers had paid by each period's end."""
    cached = cached_months(facts, periods)
    if cached is not None:
        before, inside = cached
        counts = accumulate((tally[FIRST_PAID] for tally in inside), initial=sum(tally[FIRST_PAID] for tally in before))
        strangers = list(_first_foreign(facts))
        return {Total.ALL: [n + sum(day < p.end for day in strangers) for n, p in zip(list(counts)[1:], periods, strict=True)]}
    first = facts.first_paid()
    days: dict[Group, list[int]] = {Total.ALL: list(first.values())} if first else {}
    if facts.grouped:
        of = facts.group_of().get
        own: defaultdict[Group, list[int]] = defaultdict(list)
        for customer, day in first.items():
            own[of(customer)].append(day)
        days |= own
    return {group: [bisect_left(own, period.end) for period in periods] for group, unsorted in days.items() for own in (sorted(unsorted),)}


def realised(paid: Iterable[tuple[int, str, int, str]], rates: Rates, as_of: int) -> Purse:
    """What one customer has brought by a day: (day, kind, minor units, currency) of paid payments, each at the rate of its day."""
    purse = Purse(rates)
    for day, kind, amount, currency in paid:
        if day <= as_of:
            purse.add(signed(kind, amount), currency, day)
    return purse


# -- rows -----------------------------------------------------------------------------------------------------------------


def rows(asked: Asked) -> Iterator[Evidence]:
    """The rows of `first_mrr` and `clv_realised`."""
    facts, name, period = asked
    if name == "clv_realised":
        yield from (_brought_row(facts, paid) for paid in facts.payments(_so_far(facts, period)))
        for customer, day in facts.first_paid().items():
            if day < period.end:
                yield _payer_row(customer, day)
    elif facts.mode != REPEAT_PURCHASE:
        yield from _first_rows(facts, period)


def largest_brought(asked: Asked, limit: int) -> tuple[list[Evidence], bool]:
    """Of the rows of `clv_realised` those among which the first `limit` are, and whether they are all of them."""
    facts, _, period = asked
    found = [_brought_row(facts, paid) for paid in facts.largest_payments(_so_far(facts, period), limit)]
    first = facts.first_paid()
    payers = nsmallest(limit, (customer for customer, day in first.items() if day < period.end))
    return found + [_payer_row(customer, first[customer]) for customer in payers], max(len(found), len(payers)) < limit


def told_apart(first: Facts, then: Facts, periods: tuple[Period, Period]) -> set[int]:
    """The customers who may add otherwise to `clv_realised` in the second of two readings: most have not paid since."""
    paid, paid_then = (facts.first_paid() for facts in (first, then))
    before, now = (_so_far(facts, period) for facts, period in zip((first, then), periods, strict=True))
    between = Period(min(before.end, now.end), max(before.end, now.end))
    found = {one for one in paid.keys() | paid_then.keys() if paid.get(one) != paid_then.get(one)}
    found |= first.first_paid(between).keys() | then.first_paid(between).keys()
    return found | {payment.customer_id for payment in then.payments(between)}


def brought_by(facts: Facts, period: Period, customers: Collection[int]) -> tuple[dict[int, tuple[int, int]], list[Evidence]]:
    """What some customers add to `clv_realised`, × the minor units of one: of those who paid in other currencies too, their rows."""
    paid = list(facts.payments_of(customers, _so_far(facts, period)))
    strangers = {one.customer_id for one in paid if one.currency != facts.currency}
    payers = {customer: day for customer, day in facts.first_paid().items() if day < period.end and customer in customers}
    own = dict.fromkeys(payers.keys() - strangers, (0, 10 ** exponent(facts.currency)))
    for one in paid:
        if one.customer_id not in strangers:
            top, bottom = own.get(one.customer_id, (0, 0))
            own[one.customer_id] = top + signed(one.kind, one.amount), bottom
    rows = [_brought_row(facts, one) for one in paid if one.customer_id in strangers]
    return own, rows + [_payer_row(customer, day) for customer, day in payers.items() if customer in strangers]


def _so_far(facts: Facts, period: Period) -> Period:
    first, _ = facts.coverage("payments")
    return Period(period.start if first is None else min(first, period.start), period.end)


def _brought_row(facts: Facts, paid: PaymentRow) -> Evidence:
    return replace(payment_row(facts, paid), denominator=Fraction(0))


def _payer_row(customer: int, day: int) -> Evidence:
    return Evidence("customer", customer, customer, Fraction(0), Fraction(1), f"first paid {iso(day)}")


def _first_rows(facts: Facts, period: Period) -> Iterator[Evidence]:
    """Customers won in the period, with what they paid on their first paid day."""
    for customer, day, levels in first_levels(facts, period):
        amounts = [facts.rates.major(Fraction(level, SCALE), code, day) for code, level in levels.items()]
        worth = None if None in amounts else sum((amount for amount in amounts if amount is not None), Fraction(0))
        note = f"first paid {iso(day)}" if worth is not None else f"first paid {iso(day)}, no exchange rate"
        yield Evidence("customer", customer, customer, worth, Fraction(1), note)
