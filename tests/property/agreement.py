"""Holds the program's answers to the oracle's: every metric in scope, for one question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain
from random import Random

from cstui.desk.workspace import Workspace
from tests.oracle.companies import CUSTOM, FIRST, LAST, Company
from tests.oracle.facts import Facts
from tests.oracle.habits import CHANNELS
from tests.oracle.periods import Span, from_to, month, month_of, quarter, trailing, year
from tests.oracle.rates import MissingRate
from tests.oracle.raw import Answer
from tests.oracle.reading import Reading
from tests.oracle.selection import switches_of
from tests.oracle.subtotals import subtotals
from tests.property.labels import labels
from tests.property.program import Document, Question, ask, switch

Rational = Fraction | None
TOLERANCE = 1e-9
EVENTFUL = frozenset(("started_at", "ended_at", "trial_end", "status_since", "cancel_requested_at", "current_period_end"))
DATED = (("usage", "date"), ("surveys", "answered_at"), ("traffic", "date"), ("costs", "date"))
FIELDS = ("plan", "segment", "owner", "stage", "channel", "channel", CUSTOM)

PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "customers_churned": {"left_and_back": ("memo", "left_and_came_back"), "joined_and_left": ("memo", "joined_and_left")},
    "leads_new": {"without_created_at": ("without_date",)},
    "leads_open": {stage: ("by_stage", stage) for stage in ("visitor", "lead", "trial")},
    "lead_conversion_rate": {"median_days": ("median_days",)},
    "revenue_churn_rate": {"gross": ("gross",), "net": ("net",)},
    "nps": {name: ("shares", name) for name in ("promoters", "passives", "detractors")},
    "ces": {"easy_share": ("easy_share",)},
    "trial_conversion_rate": {name: (name,) for name in ("converted", "lost", "pending")},
    "renewal_rate": {name: (name,) for name in ("renewed", "lost", "pending")},
    "renewal_rate_value": {name: (name,) for name in ("gross", "net", "pending")},
    "clv": {name: (name,) for name in ("margin", "churn", "lifetime_months", "uncapped")},
}
"""Where the program's document keeps what the oracle calls by these names."""

SPLITS: Mapping[str, tuple[str, ...]] = {
    "revenue": ("by_source",),
    "costs": ("by_category",),
    "csat": ("by_touchpoint",),
    "goal_conversion_rate": ("by_channel",),
}
"""Where the document keeps a figure taken apart by the values that occur."""

NO_PREVIOUS = frozenset(("mrr_scheduled_churn",))
"""Figures of as_of alone: what came before them is not said (AMBIGUITIES B11)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure on which program and oracle disagree."""

    question: Question
    span: Span
    group: str
    metric: str
    what: str
    program: object
    oracle: object

    def __str__(self) -> str:
        """One line, for a report."""
        where = "".join(f" --where {name}={value}" for name, values in self.question.where.items() for value in values)
        as_of = f" --as-of {self.question.as_of}" if self.question.as_of else ""
        switches = "".join(f" [{name}={value}]" for name, value in self.question.switches)
        asked = f"{self.metric} --from {self.span.start} --to {self.span.last}{where}{as_of}{switches}{self.group}"
        return f"{asked}: {self.what} program {self.program!r}, oracle {self.oracle!r}"


def same(program: object, oracle: Rational | int) -> bool:
    """Whether a JSON number is the exact value, rounded once to 10 decimals."""
    if program is None or oracle is None:
        return program is None and oracle is None
    assert isinstance(program, int | float)
    return abs(program - float(oracle)) <= TOLERANCE * max(1.0, abs(float(oracle)) * 1e-6)


def compared(metric: str, found: Document, answer: Answer, *, outside: bool) -> Iterator[tuple[str, object, object]]:
    """What differs between a metric's document and the oracle's answer, as (what, program, oracle).

    Of a period `outside` everything imported there is no figure that could miss a rate: either reason will do.
    """
    unknown = {"missing_rate", "no_data"}
    if found["status"] != answer.status and not (outside and {found["status"], answer.status} == unknown):
        yield "status", found["status"], answer.status
    if not same(found["value"], answer.value):
        yield "value", found["value"], answer.value
    if metric not in NO_PREVIOUS and not same(found["previous"], answer.previous):
        yield "previous", found["previous"], answer.previous
    if answer.denominator is not None and (answer.value is not None or answer.status == "zero_base"):
        for what, mine in (("numerator", answer.numerator), ("denominator", answer.denominator)):
            if not same(found[what], mine):
                yield what, found[what], mine
        if answer.n is not None and found["n"] != answer.n:
            yield "n", found["n"], answer.n
    if answer.value is not None:
        yield from _parts(metric, found.get("parts") or {}, answer.parts or {})


def _parts(metric: str, found: Document, parts: Mapping[str, Rational]) -> Iterator[tuple[str, object, object]]:
    places = PARTS.get(metric, {})
    if metric in SPLITS:
        places = {name: (*SPLITS[metric], name) for name in parts}
    for name, place in places.items():
        theirs: object = found
        for step in place:
            theirs = theirs.get(step, None if step == "median_days" else 0) if isinstance(theirs, Mapping) else None
        if isinstance(theirs, Mapping):
            theirs = theirs["value"]
        if not same(theirs, parts.get(name)):
            yield f"part {name}", theirs, parts.get(name)


def reading(facts: Facts, question: Question) -> Reading:
    """The oracle for a question."""
    return Reading(facts, where=question.where, as_of=question.as_of, switches=switches_of(dict(question.switches)))


def differences(ws: Workspace, facts: Facts, question: Question) -> Iterator[Difference]:
    """Every disagreement over one question: totals and groups, every metric, every period."""
    oracle = reading(facts, question)
    metrics = list(oracle.catalogue())
    switch(ws, question.switches)
    for span in question.spans:
        found = ask(ws, question, span, metrics)
        outside = oracle.outside(("subscriptions",), span)
        if found["complete"] != (span.end <= oracle.as_of + timedelta(days=1)):
            yield Difference(question, span, "", "period", "complete", found["complete"], not found["complete"])
        for group, one, theirs in _groups(oracle, question, found):
            if theirs is None:
                yield Difference(question, span, group, "groups", "is there", None, group)
                continue
            for metric in metrics:
                if theirs[metric]["status"] == "missing_rate" and not outside:
                    yield from _by_currency(question, span, group, metric, theirs[metric], one)
                found_so = compared(metric, theirs[metric], one.ask(metric, span), outside=outside)
                for what, program, mine in chain(found_so, labels(metric, theirs[metric], one, span)):
                    yield Difference(question, span, group, metric, what, program, mine)


def _by_currency(question: Question, span: Span, group: str, metric: str, found: Document, oracle: Reading) -> Iterator[Difference]:
    try:
        mine = subtotals(oracle, metric, span)
    except MissingRate:
        return
    theirs = {name: amount for name, amount in (found.get("parts") or {}).get("by_currency", {}).items() if amount != 0}
    if mine is not None and (set(mine) != set(theirs) or not all(same(theirs[name], mine[name]) for name in mine)):
        yield Difference(question, span, group, metric, "by_currency", theirs, mine)


def _groups(oracle: Reading, question: Question, found: Document) -> Iterator[tuple[str, Reading, Document | None]]:
    yield "", oracle, found["metrics"]
    if question.by is None:
        return
    theirs: dict[str | None, Document] = {group["by"]: group["metrics"] for group in found["groups"]}
    order = [group["by"] for group in found["groups"]]
    values: list[str | None] = [*oracle.values(question.by)]
    if None in theirs or any(oracle.value_of(c, question.by) is None for c in oracle.facts.customers):
        values.append(None)
    if order != values:
        yield f" --by {question.by}: order {order} not {values}", oracle, None
    for value in values:
        mine = _and(oracle, question.by, value or "")
        yield f" --by {question.by} = {value!r}", mine, theirs.get(value)


def _and(oracle: Reading, field: str, value: str) -> Reading:
    """The customers of a filter who have a value in a field besides."""
    found = oracle.narrowed({**oracle.where, field: (value,)})
    if field in oracle.where and value not in oracle.where[field]:
        found = oracle.narrowed({**oracle.where, field: ("\0nobody",)})
    return found


def questions(chance: Random, company: Company, count: int) -> list[Question]:
    """Questions about a company: every kind of period, filters, breakdowns, earlier days, switches."""
    return [_question(chance, company) for _ in range(count)]


def _question(chance: Random, company: Company) -> Question:
    own = company.facts().own_as_of
    assert own is not None
    days = [date.fromisoformat(cell) for row in company.subscriptions for name, cell in row.items() if name in EVENTFUL and cell]
    for kind, name in DATED:
        rows = company.rows(kind)
        days += [date.fromisoformat(row[name]) for row in chance.sample(rows, min(3, len(rows)))]
    found = Question((*(_span(chance, days) for _ in range(3)), month_of(own)))
    people = list(company.customers)
    fields = [name for name in FIELDS if name != CUSTOM or any(row.get(CUSTOM) for row in people)]
    if chance.random() < 0.35:
        names = ["channel"] if chance.random() < 0.4 else chance.sample(sorted(set(fields)), chance.randint(1, 2))
        found = replace(found, where={name: _values(chance, name, people) for name in names})
    if chance.random() < 0.4:
        found = replace(found, by=chance.choice(fields))
    if chance.random() < 0.5:
        day = own - timedelta(days=chance.choice((0, 1, 30, 45, 90, 180, 300)))
        found = replace(found, as_of=day, spans=(*found.spans, month_of(day)))
    if chance.random() < 0.4:
        found = replace(found, switches=(_switch(chance),))
    return found


SWITCHES: Mapping[str, tuple[str, ...]] = {
    "past_due_days": ("0", "5", "90"),
    "reactivation_gap_days": ("2", "5", "31", "90"),
    "churn_base": ("start+new",),
    "nps_bands": ("article",),
    "csat_threshold": ("5:4,7:5,10:9",),
    "ces_scale": ("1-7", "1-5"),
    "cac_lag_months": ("1", "3"),
    "trial_basis": ("started",),
    "renewal_terms": ("all",),
    "gross_margin": ("0.8", "0"),
}
"""Switches other than at their defaults."""


def _switch(chance: Random) -> tuple[str, str]:
    name = chance.choice(list(SWITCHES))
    return name, chance.choice(SWITCHES[name])


def _values(chance: Random, name: str, rows: list[dict[str, str]]) -> tuple[str, ...]:
    known = set(CHANNELS) - {""} if name == "channel" else {row[name] for row in rows if row.get(name)}
    values = sorted(known | {"pro", "nobody", ""})
    return tuple(chance.sample(values, min(len(values), chance.randint(1, 2))))


def _span(chance: Random, days: list[date]) -> Span:
    """Mostly a period in which something happens to a subscription."""
    first = FIRST + timedelta(days=chance.randint(-60, (LAST - FIRST).days + 60))
    if days and chance.random() < 0.75:
        first = min(chance.choice(days), LAST) - timedelta(days=chance.choice((0, 0, 1, 20)))
    kind = chance.randint(0, 5)
    if kind == 0:
        return quarter(first.year, (first.month + 2) // 3)
    if kind == 1:
        return year(first.year)
    if kind == 2:
        return trailing(chance.choice((3, 6, 12)), first)
    if kind == 3:
        return from_to(first, first + timedelta(days=chance.choice((0, 1, 6, 29, 30, 45, 100))))
    return month(first.year, first.month)
