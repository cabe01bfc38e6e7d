"""What customers are worth as text and as CSV rows: models, tables of actual against expected, customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cstui.base.days import iso
from cstui.base.formatting import count, money, percent
from cstui.cli.output import emit, say
from cstui.cli.tables import Column, table
from cstui.desk.value import LIFETIME_MONTHS, Against, Buyer, Lifetime, Model, Purchases, Spending, Subscriber, Track, ValueSnapshot

BUYER_TITLES = ("customer_id", "name", "purchases", "first", "last", "alive", "expected_purchases", "expected_spend", "expected_value")
SUBSCRIBER_TITLES = ("customer_id", "name", "mrr", "term_months", "renewed", "renews", "expected_months", "expected_value")
POINTS = 14
"""Lines of the track that the text shows."""
TERMS = 12
Cell = str | int | float | None


def show(found: ValueSnapshot) -> None:
    """Print every model with its tables, then the customers."""
    if found.as_of is None:
        say("Nothing to fit yet: import payments or subscriptions.")
        return
    parts = [*_buying(found)] if found.purchases is not None else [*_subscribing(found)]
    emit("\n\n".join(parts))
    say(f"{found.currency} · data through {iso(found.as_of)} · expectations are before costs and not discounted")


def csv_rows(found: ValueSnapshot) -> tuple[Sequence[str], Iterator[tuple[Cell, ...]]]:
    """Titles and one row a customer."""
    if found.mode == "subscription":
        return SUBSCRIBER_TITLES, (
            (one.customer_id, one.name, one.mrr, one.months, one.renewed, _r(one.renews), _r(one.expected_months), _r(one.value))
            for one in found.subscribers
        )
    return BUYER_TITLES, (
        (
            *(one.customer_id, one.name, one.purchases, iso(one.first), iso(one.last)),
            *(_r(one.alive), _r(one.expected), _r(one.spend), _r(one.value)),
        )
        for one in found.buyers
    )


def _r(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def model_text(one: Model) -> str:
    """A model in a line: its parameters, or why there are none."""
    if not one.usable or one.parameters is None or one.log_likelihood is None:
        return f"{one.name}: no fit. {one.reason}"
    parameters = ", ".join(f"{name} {value:.4g}" for name, value in one.parameters.items())
    found = f"{one.name}: {parameters}; log-likelihood {one.log_likelihood:,.2f}"
    return found if one.reason is None else f"{found}\n{one.reason}"


def _buying(found: ValueSnapshot) -> Iterator[str]:
    assert found.purchases is not None
    assert found.spending is not None
    yield from _purchases(found.purchases, found.weeks)
    yield from _spending(found.spending, found.currency)
    if found.buyers:
        yield f"Most valuable over the next {found.weeks} weeks, {len(found.buyers):,} of {found.total:,}\n" + _buyers(found.buyers, found)


def _purchases(one: Purchases, weeks: int) -> Iterator[str]:
    lines = ["PURCHASES", model_text(one.model)]
    if one.first is not None and one.until is not None:
        lines.append(
            f"{count(one.customers, 'customer')} who first bought from {iso(one.first)} on, {one.returned:,} of them again, "
            f"{one.repeats:,} repeat purchases by {iso(one.until)}; time in weeks"
        )
    if one.newcomer is not None:
        lines.append(f"a new customer is expected to buy {one.newcomer:.2f} times more in their first {weeks} weeks")
    yield "\n".join(lines)
    if one.frequencies:
        yield _against("repeat purchases", "customers", one.frequencies)
    if one.track:
        yield _track(one.track)
    if (held := one.holdout) is not None:
        off = "" if not held.actual else f" ({held.expected / held.actual - 1:+.0%})"
        yield (
            f"Held against what came: by purchases up to {iso(held.until)}, {count(held.customers, 'customer')}\n"
            f"were expected to buy {held.expected:,.1f} times in the {held.weeks:.1f} weeks after; they did {held.actual:,} times{off}"
        )


def _against(label: str, what: str, lines: Sequence[Against]) -> str:
    columns = (Column(label), Column(f"{what} actual", right=True), Column("expected", right=True))
    return table(columns, [(line.label, f"{line.actual:,.0f}", f"{line.expected:,.1f}") for line in lines])


def _track(points: Sequence[Track]) -> str:
    step = -(-len(points) // POINTS)
    shown = [point for i, point in enumerate(points) if (len(points) - 1 - i) % step == 0]
    columns = (Column("repeat purchases by"), Column("actual", right=True), Column("expected", right=True), Column(""))
    rows = [(iso(p.day), f"{p.actual:,}", f"{p.expected:,.1f}", "" if p.calibration else "after calibration") for p in shown]
    return table(columns, rows)


def _spending(one: Spending, currency: str) -> Iterator[str]:
    lines = ["SPEND", model_text(one.model), f"{count(one.customers, 'customer')} who came back for more than nothing"]
    if one.mean is not None:
        lines.append(f"a purchase is worth {_money(one.mean, currency)} on the whole")
    if one.correlation is not None:
        weight = "; the model takes it for 0, so read values with care" if abs(one.correlation) > 0.3 else ""
        lines.append(f"correlation of how often customers buy with what they spend: {one.correlation:.2f}{weight}")
    if one.unpriced:
        lines.append(f"{count(one.unpriced, 'day')} of purchase left out: no exchange rate")
    yield "\n".join(lines)
    if one.buckets:
        yield _against(f"mean spend ({currency})", "customers", one.buckets)


def _buyers(buyers: Sequence[Buyer], found: ValueSnapshot) -> str:
    columns = (
        *(Column("customer"), Column("name"), Column("bought", right=True), Column("last"), Column("alive", right=True)),
        *(Column("expected", right=True), Column("spend", right=True), Column("value", right=True)),
    )
    rows = [
        (
            *(one.customer_id, one.name, f"{one.purchases:,}", iso(one.last), percent(Fraction(one.alive), 0), f"{one.expected:.2f}"),
            *("–" if amount is None else _money(amount, found.currency) for amount in (one.spend, one.value)),
        )
        for one in buyers
    ]
    return table(columns, rows)


def _subscribing(found: ValueSnapshot) -> Iterator[str]:
    if not found.lifetimes:
        yield "LIFETIME\nNobody has paid for a subscription yet."
    for one in found.lifetimes:
        yield from _lifetime(one)
    if found.subscribers:
        yield f"Most valuable, {len(found.subscribers):,} of {found.total:,}\n" + _subscribers(found.subscribers, found.currency)


def _lifetime(one: Lifetime) -> Iterator[str]:
    term = {1: "monthly", 3: "quarterly", 12: "yearly"}.get(one.months, f"{one.months}-month")
    lines = [f"LIFETIME, {term} terms", model_text(one.model), f"{count(one.customers, 'customer')}, {one.left:,} of them left"]
    if one.expected_months is not None:
        mean = "no mean without that bound: some stay for ever" if one.mean_months is None else f"{one.mean_months:,.1f} without that bound"
        lines.append(f"a new customer pays for {one.expected_months:.1f} months of the first {LIFETIME_MONTHS} ({mean})")
    yield "\n".join(lines)
    if one.terms:
        yield _terms(one)


def _terms(one: Lifetime) -> str:
    columns = (
        *(Column("term", right=True), Column("came to its end", right=True), Column("renewed", right=True), Column("expected", right=True)),
        *(Column("still there", right=True), Column("expected", right=True)),
    )
    rows = [
        (
            *(str(term.term), f"{term.at_risk:,}", _share(term.retention), _share(term.expected_retention)),
            *(_share(term.survival), _share(term.expected_survival)),
        )
        for term in one.terms[:TERMS]
    ]
    more = f"\n… {len(one.terms) - TERMS} more terms with --json" if len(one.terms) > TERMS else ""
    return table(columns, rows) + more


def _subscribers(subscribers: Sequence[Subscriber], currency: str) -> str:
    columns = (
        *(Column("customer"), Column("name"), Column("MRR", right=True), Column("renewed", right=True), Column("renews", right=True)),
        *(Column("months to come", right=True), Column("value", right=True)),
    )
    rows = [
        (
            *(one.customer_id, one.name, _money(one.mrr, currency), f"{one.renewed}×", _share(one.renews)),
            *(f"{one.expected_months:.1f}", _money(one.value, currency)),
        )
        for one in subscribers
    ]
    return table(columns, rows)


def _share(value: float) -> str:
    return percent(Fraction(value), 1)


def _money(value: float, currency: str) -> str:
    return money(Fraction(value), currency)
