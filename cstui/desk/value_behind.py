"""What is behind customers' expected value: all of it by customer, and each place where a model is held against what happened.

Returns an `Explanation`, in the words and rows of any other figure. What models expect has no rows: its formula is told instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import iso, month_of, months
from cstui.base.errors import UsageError
from cstui.desk.difference import Difference
from cstui.desk.explain import Explanation, Wanted, sourced
from cstui.desk.value import ALL, REPEATS, RETENTION, SPEND, TERM, TRACK, ValuePoint, ValueSnapshot, value
from cstui.desk.value_buyers import MOST_REPEATS, edges_of, seen
from cstui.desk.value_subscribers import lives_of
from cstui.metrics.compute import Answer
from cstui.metrics.figure import OK, Figure, Part
from cstui.metrics.registry import Metric
from cstui.metrics.rows import Evidence
from cstui.metrics.value.lives import by_term
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_BARE = "Before costs, not discounted."
_NO_BEFORE = "a model is fitted on all that is known, so there is no period before"


def value_behind(workspace: Workspace, point: ValuePoint, view: View, today: date, wanted: Wanted) -> Explanation:
    """What a place of the value screen rests on. Raises UnknownField, UsageError."""
    with workspace.read() as db:
        found = value(workspace, view, today)
        facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        if found.as_of is None:
            raise UsageError("Nothing has been imported that a model could be fitted on.")
        return _SAID[point.what](_Behind(facts, found, wanted), point)


def part_of(point: ValuePoint, explained: Explanation) -> ValuePoint:
    """A part of the share that is still there: one term's end, which its label names last."""
    return ValuePoint(RETENTION, point.months, int(explained.metric.label.rpartition(" ")[2]))


class _Behind:
    """One question: the facts, the models fitted on them, and how much is wanted."""

    def __init__(self, facts: SqlFacts, found: ValueSnapshot, wanted: Wanted) -> None:
        self.facts, self.found, self.wanted = facts, found, wanted

    def told(
        self, one: Metric, figure: Figure, rows: list[Evidence] | None = None, explained: Mapping[str, Explanation] | None = None
    ) -> Explanation:
        """As any explanation; `rows` are put in order, the largest first."""
        period = months(month_of(self.facts.as_of))
        counted = rows is not None
        first = sorted(rows or (), key=lambda row: (-(row.numerator or 0), row.customer or 0))[: self.wanted.limit]
        return Explanation(
            self.facts.revision,
            self.facts.as_of,
            self.facts.currency,
            self.found.where,
            period,
            one,
            Answer(figure, None),
            {switch: self.facts.in_force[switch] for switch in one.switches},
            explained or {},
            tuple(sourced(self.facts, first, period)) if counted and self.wanted.rows else None,
            len(rows) if rows is not None else None,
            Difference.unknown(period.previous, None, figure.value, _NO_BEFORE),
            counted=counted,
        )


def _metric(label: str, unit: str, definition: str, formula: str, family: str = "customers") -> Metric:
    return Metric("expected_value", label, unit, "neither", family, definition, formula, switches=("mode", "reactivation_gap_days"))


def _all(asked: _Behind, _: ValuePoint) -> Explanation:
    """What everybody is expected to bring, by customer: money, or purchases where what they spend could not be fitted."""
    found, rows = asked.found, []
    in_money = found.purchases is None or (found.spending is not None and found.spending.model.usable)
    for buyer in found.buyers:
        bought = f"{buyer.expected:.2f} purchases to come"
        note = bought if buyer.spend is None else f"{bought} × {fmt.money(Fraction(buyer.spend), found.currency)}"
        brings = Fraction(buyer.value or 0) if in_money else Fraction(buyer.expected)
        rows.append(Evidence("customer", buyer.customer, buyer.customer, brings, None, note))
    for one in found.subscribers:
        note = f"{fmt.money(Fraction(one.mrr), found.currency)} × {one.expected_months:.1f} months to come"
        rows.append(Evidence("customer", one.customer, one.customer, Fraction(one.value), None, note))
    total = sum((row.numerator or Fraction(0) for row in rows), Fraction(0))
    return asked.told(_everybody(found, in_money=in_money), Figure(total, OK, n=len(rows)), rows)


def _everybody(found: ValueSnapshot, *, in_money: bool) -> Metric:
    """The sum over all customers as a metric of its own."""
    if found.purchases is None:
        words = "What all customers are expected to pay after their running term: MRR × the months still to come (sBG), 60 at most. "
        return _metric("Expected of all customers", "money", f"{words}{_BARE}", "sum(MRR × months to come)", "value")
    ahead = fmt.count(found.weeks, "week")
    if not in_money:
        words = f"How often all customers are expected to buy in the next {ahead} (BG/NBD). What they spend could not be fitted."
        return _metric("Purchases expected", "count", words, "sum(purchases to come)")
    words = f"What all customers are expected to spend in the next {ahead}: purchases to come (BG/NBD) × what each is worth (Gamma-Gamma). "
    return _metric("Expected of all customers", "money", f"{words}{_BARE}", "sum(purchases to come × spend)", "value")


def _retention(asked: _Behind, point: ValuePoint) -> Explanation:
    """Of those who came to the end of a term, who renewed."""
    rows = []
    for one in by_term(lives_of(asked.facts)).get(point.months, []):
        renewed = one.terms >= point.at if one.end is None else one.terms > point.at
        if renewed or (one.end is not None and one.terms == point.at):
            note = f"since {iso(one.start)}" + ("" if renewed or one.end is None else f", left {iso(one.end)}")
            rows.append(Evidence("customer", one.customer, one.customer, Fraction(renewed), Fraction(1), note))
    top, bottom = Fraction(sum(row.numerator == 1 for row in rows)), Fraction(len(rows))
    term = next((term for one in asked.found.lifetimes if one.months == point.months for term in one.terms if term.term == point.at), None)
    expected = "" if term is None else f"The model (sBG) expects {fmt.percent(Fraction(term.expected_retention))}. "
    definition = (
        f"{expected}Of the customers with a term of {fmt.count(point.months, 'month')} who came to the end of term {point.at}, those who "
        "renewed. A life is a customer's first unbroken paid service; who left inside a term did not renew at its end."
    )
    metric = _metric(f"Renewed after term {point.at}", "ratio", definition, "renewed / came to the end of the term")
    return asked.told(metric, Figure(top / bottom if bottom else None, OK, None, top, bottom, len(rows)), rows)


def _term(asked: _Behind, point: ValuePoint) -> Explanation:
    """Of all, who is still there after a term."""
    explained = {f"term {at}": _retention(asked, ValuePoint(RETENTION, point.months, at)) for at in range(1, point.at + 1)}
    there = Fraction(1)
    for part in explained.values():
        there *= part.answer.figure.value or 0
    term = next((term for one in asked.found.lifetimes if one.months == point.months for term in one.terms if term.term == point.at), None)
    expected = "" if term is None else f"The model (sBG) expects {fmt.percent(Fraction(term.expected_survival))}. "
    definition = (
        f"{expected}Of all customers with a term of {fmt.count(point.months, 'month')}, the share still there after term {point.at}: the "
        "product of the shares that renewed at the end of each term so far, so that who has not come that far yet counts as far as they "
        f"came. The model expects B(alpha, beta + {point.at}) / B(alpha, beta)."
    )
    metric = _metric(f"Still there after term {point.at}", "ratio", definition, "product of the shares that renewed")
    return asked.told(metric, Figure(there, OK, n=explained[f"term {point.at}"].answer.figure.n), explained=explained)


def _buying(asked: _Behind, label: str, definition: str, expected: float | None, rows: Iterator[Evidence], formula: str) -> Explanation:
    found = list(rows)
    total = sum((row.numerator or Fraction(0) for row in found), Fraction(0))
    parts: dict[str, Part] | None = None if expected is None else {"expected": Fraction(expected)}
    return asked.told(_metric(label, "count", definition, formula), Figure(total, OK, n=len(found), parts=parts), found)


def _track(asked: _Behind, point: ValuePoint) -> Explanation:
    """Repeat purchases up to a day."""
    held, days = seen(asked.facts)
    purchases = asked.found.purchases
    expected = next((one.expected for one in purchases.track if one.day == point.at), None) if purchases is not None else None

    def rows() -> Iterator[Evidence]:
        for customer in held.customers:
            if again := [day for day in days[customer][1:] if day <= point.at]:
                yield Evidence("customer", customer, customer, Fraction(len(again)), None, f"the last {iso(again[-1])}")

    definition = (
        f"Purchases up to {iso(point.at)} but everybody's first; those of one day are one. The model (BG/NBD) expects as many of each "
    )
    definition += "customer as of one who began when they did."
    return _buying(asked, f"Repeat purchases up to {iso(point.at)}", definition, expected, rows(), "sum(repeat purchases)")


def _repeats(asked: _Behind, point: ValuePoint) -> Explanation:
    """Customers with so many repeat purchases."""
    held, _ = seen(asked.facts)
    purchases = asked.found.purchases
    expected = purchases.frequencies[point.at].expected if purchases is not None and purchases.frequencies else None
    many = f"{point.at} or more repeat purchases" if point.at == MOST_REPEATS else fmt.count(point.at, "repeat purchase")

    def rows() -> Iterator[Evidence]:
        for customer, repeats, last in zip(held.customers, held.seen.repeats, held.last, strict=True):
            if min(int(repeats), MOST_REPEATS) == point.at:
                yield Evidence(
                    "customer", customer, customer, Fraction(1), None, f"{int(repeats)} after the first, the last {iso(int(last))}"
                )

    definition = f"Customers with {many}, after their first, by {iso(held.until)}; those of one day are one."
    return _buying(asked, f"With {many}", definition, expected, rows(), "count(customers)")


def _spend(asked: _Behind, point: ValuePoint) -> Explanation:
    """Customers who spent so much on average when they came back."""
    held, _ = seen(asked.facts)
    edges, spending = edges_of(held.spend.mean[held.spent]), asked.found.spending
    bucket = spending.buckets[point.at] if spending is not None and point.at < len(spending.buckets) else None
    low, high = (edges[point.at - 1] if point.at else 0.0), (edges[point.at] if point.at < len(edges) else float("inf"))

    def rows() -> Iterator[Evidence]:
        for customer, mean, chosen in zip(held.customers, held.spend.mean, held.spent, strict=True):
            if chosen and low <= mean < high:
                note = f"{fmt.money(Fraction(float(mean)), asked.facts.currency)} on average"
                yield Evidence("customer", customer, customer, Fraction(1), None, note)

    label = bucket.label if bucket is not None else ""
    definition = (
        f"Customers whose purchases after the first were worth {label} {asked.facts.currency} on average; those of one day are one."
    )
    return _buying(asked, f"Mean spend {label}", definition, None if bucket is None else bucket.expected, rows(), "count(customers)")


_SAID: Mapping[str, Callable[[_Behind, ValuePoint], Explanation]] = {
    ALL: _all, TERM: _term, RETENTION: _retention, TRACK: _track, REPEATS: _repeats, SPEND: _spend,
}  # fmt: skip
