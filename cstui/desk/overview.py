"""The overview: how the customer base is doing in one period, against the one before.

Returns one frozen snapshot; draws nothing. The engine is imported when a snapshot is asked for: whoever draws one needs only
its shape, and the first frame is waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cstui.base.ask import View, Where
from cstui.base.days import Period, month_of, months, series, to_day

if TYPE_CHECKING:
    from cstui.desk.annotations import Annotation
    from cstui.metrics.compute import Answer, PeriodAnswers
    from cstui.store.facts import SqlFacts
    from cstui.store.workspace import Workspace

CARDS = ("mrr", "customers_active", "customer_churn_rate", "nrr", "nps", "revenue")
"""The cards while nobody has chosen others with the setting `cards`."""
BOUGHT_CARDS = ("revenue", "customers_active", "customer_churn_rate", "arpc", "nps", "customers_new")
"""The same in repeat-purchase mode, where there is no MRR."""
TREND_MONTHS = 24
MOVES = (
    ("new", "mrr_new", 1),
    ("expansion", "mrr_expansion", 1),
    ("returned", "mrr_reactivation", 1),
    ("contraction", "mrr_contraction", -1),
    ("churned", "mrr_churned", -1),
    ("exchange rates", "mrr_fx", 1),
)
"""(label, metric, sign) of the lines between a period's first MRR and its last."""
COMING = ("customers_active", "customers_returned", "customers_churned", "customers_new")
"""What the roll-forward is made of where nothing recurs: active customers."""
STAYED = "new, stayed"
"""The step of new customers who are still there at the end."""
MOVING = ("mrr", *(name for _, name, _ in MOVES))
"""What the roll-forward is made of."""


class Card(NamedTuple):
    """One figure with what it needs to be read honestly."""

    metric: str
    label: str
    unit: str
    """money, ratio, count, months, days, minutes, score."""
    better: str
    """`higher`, `lower` or `neither`."""
    value: Fraction | None
    status: str
    reason: str | None
    """Why the value is missing or to be read with care, in words, with what would mend it."""
    previous: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    n: int | None
    series: tuple[Fraction | None, ...]
    """The same figure over the trend's periods, oldest first, for the sparkline."""
    definition: str = ""
    """What the metric means, in words."""
    year_before: Fraction | None = None
    """The same figure in the same period a year earlier."""
    goal: Fraction | None = None
    """What it should be in this period; None: no goal has been set, or none for a period of this length."""
    goal_set: Fraction | None = None
    """The goal for a month, as it was set."""
    coverage: tuple[str, ...] = ()
    """What was not imported for the months that the figure rests on, in words."""
    subtotals: tuple[tuple[str, Fraction], ...] = ()
    """Where an exchange rate is missing: what there is in each currency, in its own major units."""


class Move(NamedTuple):
    """A line of “what moved”: customers and MRR in major units, signed."""

    label: str
    metric: str
    customers: int | None
    amount: Fraction | None
    unit: str = "money"
    """`count` in repeat-purchase mode: customers, in the place of MRR."""


class Trend(NamedTuple):
    """One metric over the months that end with the period."""

    metric: str
    label: str
    unit: str
    periods: tuple[Period, ...]
    values: tuple[Fraction | None, ...]
    complete: tuple[bool, ...]


class Segment(NamedTuple):
    """A field customers can be filtered by, and the values there are, by code point."""

    field: str
    values: tuple[str, ...]


class Overview(NamedTuple):
    """Everything the overview screen shows."""

    revision: int
    workspace: str
    """The company's name, or the file's."""
    currency: str
    as_of: int | None
    """None: nothing has been imported yet."""
    age_days: int
    period: Period
    complete: bool
    where: Where
    cards: tuple[Card, ...]
    trend: Trend
    moves: tuple[Move, ...]
    scheduled: Move
    """MRR that has been cancelled and can still be saved."""
    annotations: tuple[Annotation, ...] = ()
    """What a person noted about days, by day."""
    undated: int = 0
    """While nothing has happened on a day: the rows that have been imported all the same."""


def overview(workspace: Workspace, view: View, today: date, *, cards: Sequence[str] | None = None, trend: str | None = None) -> Overview:
    """The overview of the last period that `view` asks for; with none chosen, of the last *complete* month.

    `cards` are metrics; None: those of the workspace's setting, or `CARDS`. `trend` is one; None: MRR, or revenue where there is none.

    Raises UnknownField, UnknownMetric, UsageError.
    """
    from cstui.desk.annotations import Annotation
    from cstui.desk.coverage import notes as missing
    from cstui.desk.goals import held
    from cstui.metrics.compute import compute
    from cstui.store import notes
    from cstui.store.facts import SqlFacts

    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        chosen = facts.settings.get("cards")
        bought = facts.paying == "payments"
        shown = tuple(cards if cards is not None else chosen.split(",") if chosen else BOUGHT_CARDS if bought else CARDS)
        trend = trend or ("revenue" if bought else "mrr")
        asked = tuple(dict.fromkeys((*shown, trend, *MOVING, "mrr_scheduled_churn", *(COMING if bought else ()))))
        period = period_of(facts, view, today)
        periods = series(period, TREND_MONTHS)
        answers = compute(facts, asked, periods, parts=False)
        now = answers[-1]
        earlier = _earlier(facts, shown, answers)
        goals = held(notes.goals(db))
        gaps = missing(facts, shown, period)
        return Overview(
            revision=facts.revision,
            workspace=facts.settings.get("company", workspace.path.stem),
            currency=facts.currency,
            as_of=None if facts.empty and view.as_of is None else facts.as_of,
            age_days=0 if facts.empty else to_day(today) - facts.as_of,
            period=period,
            complete=period.complete(facts.as_of),
            where=view.where,
            cards=tuple(_compared(_card(name, answers, gaps.get(name, ())), earlier, goals, period) for name in shown),
            trend=_trend(trend, answers, facts.as_of),
            moves=comings(now.metrics) if bought else moves_of(now.metrics),
            scheduled=_move("cancelled, still in service", "mrr_scheduled_churn", now.metrics["mrr_scheduled_churn"], -1),
            annotations=tuple(Annotation(*row) for row in notes.annotated(db)),
            undated=facts.undated_rows,
        )


def segments(workspace: Workspace) -> tuple[Segment, ...]:
    """Every field that customers can be filtered by and that somebody has, with its values."""
    from cstui.base.records import FILTER_FIELDS
    from cstui.store.facts import SqlFacts

    with workspace.read() as db:
        facts = SqlFacts(db, View())
        found = ((name, facts.distinct(name)) for name in (*FILTER_FIELDS, *facts.attributes))
        return tuple(Segment(name, values) for name, values in found if values)


def period_of(facts: SqlFacts, view: View, today: date) -> Period:
    """The last period that a view asks for; with none chosen, the last complete month."""
    if facts.empty and view.as_of is None:
        return view.choice.period or months(month_of(to_day(today)) - 1)
    choice = view.choice
    if choice.period is None and choice.trailing is None:
        month = months(month_of(facts.as_of))
        return month if month.complete(facts.as_of) else month.previous
    return choice.resolve(facts.as_of)[-1]


def _card(name: str, answers: Sequence[PeriodAnswers], notes: Sequence[str]) -> Card:
    from cstui.metrics.registry import metric

    one, answer = metric(name), answers[-1].metrics[name]
    figure = answer.figure
    by_currency = (figure.parts or {}).get("by_currency") if figure.value is None else None
    return Card(
        metric=name,
        label=one.label,
        unit=one.unit,
        better=one.better,
        value=figure.value,
        status=figure.status,
        reason=figure.reason,
        previous=answer.previous,
        numerator=figure.numerator,
        denominator=figure.denominator,
        n=figure.n,
        series=tuple(part.metrics[name].figure.value for part in answers),
        definition=one.definition,
        coverage=tuple(notes),
        subtotals=tuple((code, amount) for code, amount in by_currency.items() if isinstance(amount, Fraction))
        if isinstance(by_currency, Mapping)
        else (),
    )


def _earlier(facts: SqlFacts, shown: Sequence[str], answers: Sequence[PeriodAnswers]) -> Mapping[str, Answer]:
    """The cards' figures a year before: among the answers as a rule, else asked for."""
    from cstui.metrics.compute import compute

    wanted = answers[-1].period.year_before
    found = next((part for part in answers if part.period == wanted), None)
    return (found or compute(facts, shown, [wanted])[0]).metrics


def _compared(card: Card, earlier: Mapping[str, Answer], goals: Mapping[str, Fraction], period: Period) -> Card:
    """With what it may be compared with besides the period before."""
    from cstui.desk.goals import in_period
    from cstui.metrics.registry import metric

    goal = goals.get(card.metric)
    wished = None if goal is None else in_period(card.metric, goal, period)
    year_before = None if metric(card.metric).timeless else earlier[card.metric].figure.value
    return card._replace(year_before=year_before, goal=wished, goal_set=goal)


def _trend(name: str, answers: Sequence[PeriodAnswers], as_of: int) -> Trend:
    from cstui.metrics.registry import metric

    one = metric(name)
    return Trend(
        name,
        one.label,
        one.unit,
        tuple(part.period for part in answers),
        tuple(part.metrics[name].figure.value for part in answers),
        tuple(part.period.complete(as_of) for part in answers),
    )


def moves_of(now: Mapping[str, Answer]) -> tuple[Move, ...]:
    """The roll-forward from the start's MRR to the end's; exchange rates only where they moved anything."""
    found = [_move(label, name, now[name], sign) for label, name, sign in MOVES]
    if found[-1].amount == 0:
        del found[-1]
    mrr = now["mrr"]
    start = Move("start", "mrr", None, mrr.previous)
    return (start, *found, Move("end", "mrr", mrr.figure.n, mrr.figure.value))


def comings(now: Mapping[str, Answer]) -> tuple[Move, ...]:
    """The roll-forward of customers where there is no MRR; who came and lapsed inside the period is in neither step."""
    active, returned, lapsed = (now[name] for name in COMING[:3])
    start, end = active.previous or Fraction(0), active.figure.value
    back, gone = returned.figure.value or Fraction(0), lapsed.figure.value or Fraction(0)
    new = None if end is None else end - start - back + gone
    return (
        Move("start", "customers_active", None, start, "count"),
        Move(STAYED, "customers_new", None, new, "count"),
        Move("returned", "customers_returned", None, None if end is None else back, "count"),
        Move("lapsed", "customers_churned", None, None if end is None else -gone, "count"),
        Move("end", "customers_active", None, end, "count"),
    )


def _move(label: str, name: str, answer: Answer, sign: int) -> Move:
    figure = answer.figure
    return Move(label, name, figure.n, None if figure.value is None else sign * figure.value)
