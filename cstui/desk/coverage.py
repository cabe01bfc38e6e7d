"""What has been imported, month by month and kind by kind, and which figures rest on months without any.

Takes a workspace; returns one frozen calendar. A month without a row inside a kind's first to last counts as honestly 0 (metrics.md,
rule 4); whoever reads a figure of it should know that nothing was imported for it, and `notes` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cstui.base.days import Period, iso, month_name, month_of, month_start, to_day
from cstui.base.formatting import month as month_words
from cstui.base.records import Kind

if TYPE_CHECKING:
    from cstui.store.facts import SqlFacts
    from cstui.store.workspace import Workspace

_LEDGERS: Mapping[str, tuple[Kind, ...]] = {
    "revenue": (Kind.PAYMENTS,),
    "money": (Kind.COSTS,),
    "engagement": (Kind.USAGE,),
    "satisfaction": (Kind.SURVEYS,),
    "funnel": (Kind.TRAFFIC,),
}
"""Family → the kinds whose rows its figures add up. Those of customers and subscriptions are levels: no new row in a month is no gap."""
_BESIDES: Mapping[str, tuple[Kind, ...]] = {
    "gross_margin": (Kind.PAYMENTS, Kind.COSTS),
    "active_customer_share": (Kind.USAGE,),
    "mrr_with_addons": (Kind.PAYMENTS,),
    "clv_realised": (Kind.PAYMENTS,),
}
"""Figures that add up more than their family, or another kind."""
_BY_PURCHASE = frozenset(("arpc", "active_customer_share"))
"""Figures outside the family of customers that payments tell of too, where nobody subscribes: who is active or new, and what they bring."""
_MONTHS_BACK: Mapping[str, int] = {"mrr_with_addons": 3, "clv": 12}
"""How many months back from the period's last a figure and its parts reach, where that is more than the period."""
_DAYS_BACK: Mapping[str, int] = {"wau": 6, "mau": 29, "stickiness": 29, "active_customer_share": 29}
"""How many days before the period a figure looks at too."""
LEVELS = frozenset((Kind.CUSTOMERS, Kind.SUBSCRIPTIONS))
"""Kinds whose rows begin what goes on."""
_NAMED = 3
"""More months without rows than this are counted, not named."""


class MonthRows(NamedTuple):
    """One month of one kind."""

    month: int
    rows: int
    days: int
    """Days with a row."""
    first: int | None
    last: int | None
    """The first and last day with a row; None in a month without any."""


class KindCoverage(NamedTuple):
    """One kind's calendar: every month from its first to its last."""

    kind: str
    rows: int
    undated: int
    """Rows without a day, which stand in no month."""
    months: tuple[MonthRows, ...]
    through: int | None = None
    """The last day that it covers: of what goes on the last day of the data, whenever the last one began. None without any row."""

    @property
    def first(self) -> int | None:
        """The first day with a row."""
        return self.months[0].first if self.months else None

    @property
    def last(self) -> int | None:
        """The last day with a row."""
        return self.months[-1].last if self.months else None

    @property
    def level(self) -> bool:
        """Its rows begin what goes on: a month without a new one is no gap."""
        return self.kind in LEVELS

    @property
    def missing(self) -> tuple[int, ...]:
        """Months inside without a row."""
        return tuple(one.month for one in self.months if not one.rows)

    def to_json(self) -> dict[str, Any]:
        """As the command writes it."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "undated": self.undated,
            "first": _iso(self.first),
            "last": _iso(self.last),
            "through": _iso(self.through),
            "missing": [month_name(month) for month in self.missing],
            "months": [
                {"month": month_name(one.month), "rows": one.rows, "days": one.days, "first": _iso(one.first), "last": _iso(one.last)}
                for one in self.months
            ],
        }


class Calendar(NamedTuple):
    """Every kind's coverage."""

    revision: int
    workspace: str
    """The company's name, or the file's."""
    currency: str
    as_of: int | None
    """None: nothing has been imported that happened on a day."""
    age_days: int
    kinds: tuple[KindCoverage, ...]

    @property
    def nothing(self) -> bool:
        """No kind has a row."""
        return not any(one.rows for one in self.kinds)

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last month in which any kind has a row; None where none has."""
        there = [one.months for one in self.kinds if one.months]
        return (min(months[0].month for months in there), max(months[-1].month for months in there)) if there else None

    def to_json(self) -> dict[str, Any]:
        """The document of docs/commands.md, `cstui coverage --json`."""
        return {"schema": 1, "as_of": _iso(self.as_of), "kinds": [one.to_json() for one in self.kinds]}


def coverage(workspace: Workspace, today: date) -> Calendar:
    """What has been imported, of every kind."""
    from cstui.base.ask import View
    from cstui.store.facts import SqlFacts

    with workspace.read() as db:
        facts = SqlFacts(db, View())
        return Calendar(
            revision=facts.revision,
            workspace=facts.settings.get("company", workspace.path.stem),
            currency=facts.currency,
            as_of=None if facts.empty else facts.as_of,
            age_days=0 if facts.empty else to_day(today) - facts.as_of,
            kinds=tuple(kind_coverage(kind, facts) for kind in Kind),
        )


def kind_coverage(kind: Kind, facts: SqlFacts) -> KindCoverage:
    """One kind's calendar."""
    rows = facts.held(kind)
    months = tuple(_months(facts.days_with(kind)))
    dated = sum(one.rows for one in months)
    held = max(rows, dated)
    through = facts.own if kind in LEVELS else min(months[-1].last or 0, facts.own) if months else None
    return KindCoverage(kind.value, held, max(rows - dated, 0), months, through if held else None)


def _months(days: Iterable[tuple[int, int]]) -> Iterator[MonthRows]:
    """Every month from the first day's to the last's."""
    held: MonthRows | None = None
    for day, rows in days:
        month = month_of(day)
        if held is not None and held.month == month:
            held = MonthRows(month, held.rows + rows, held.days + 1, held.first, day)
            continue
        if held is not None:
            yield held
            yield from (MonthRows(empty, 0, 0, None, None) for empty in range(held.month + 1, month))
        held = MonthRows(month, rows, 1, day, day)
    if held is not None:
        yield held


def notes(facts: SqlFacts, metrics: Sequence[str], period: Period) -> dict[str, tuple[str, ...]]:
    """Metric → what must be known of the months its figure rests on, of those where something must: `no payments imported for Aug 2026`."""
    known: dict[tuple[Kind, Period], str | None] = {}
    found: dict[str, tuple[str, ...]] = {}
    for name in metrics:
        said = []
        for kind, span in rests_on(facts, name, period):
            if (kind, span) not in known:
                known[kind, span] = _note(facts, kind, span)
            if (note := known[kind, span]) is not None:
                said.append(note)
        if said:
            found[name] = tuple(dict.fromkeys(said))
    return found


def rests_on(facts: SqlFacts, name: str, period: Period) -> tuple[tuple[Kind, Period], ...]:
    """The kinds whose rows a figure of a period adds up, each with the days that it reads them of; its parts' included."""
    from cstui.metrics.registry import METRICS

    one, span = METRICS[name], _reach(facts, name, period)
    if name == "gross_margin" and facts.switches.gross_margin != "computed":
        return ()
    own = _BESIDES.get(name) or (() if one.composed else _LEDGERS.get(one.family, ()))
    if facts.paying == Kind.PAYMENTS and (one.family == "customers" or name in _BY_PURCHASE):
        own = (*own, Kind.PAYMENTS)
    found = dict.fromkeys((kind, span) for kind in own)
    for part in one.composed:
        if (part := part.partition(".")[0]) in METRICS:
            found |= dict.fromkeys(rests_on(facts, part, span))
    return tuple(found)


def _reach(facts: SqlFacts, name: str, period: Period) -> Period:
    """The days that a figure of a period reads."""
    if name == "cac":
        from cstui.metrics.costs import lagged

        return lagged(period, facts.switches.cac_lag_months)
    if name == "clv_realised":
        first, _ = facts.coverage(Kind.PAYMENTS.value)
        return period if first is None else Period(min(first, period.start), period.end)
    start = period.start - _DAYS_BACK.get(name, 0)
    if name in _MONTHS_BACK:
        start = min(start, month_start(month_of(period.last) - _MONTHS_BACK[name] + 1))
    return Period(start, period.end)


def _note(facts: SqlFacts, kind: Kind, period: Period) -> str | None:
    first, last = facts.coverage(kind.value)
    if first is None or last is None or period.end <= first or period.start > last:
        return None  # the figure is unknown, and its reason says why
    inside = range(month_of(max(period.start, first)), month_of(min(period.last, last)) + 1)
    empty = [month for month in inside if not facts.any_on(kind, Period(month_start(month), month_start(month + 1)))]
    if not empty:
        return None
    named = " and ".join(map(month_words, empty)) if len(empty) <= _NAMED else f"{len(empty)} of {len(inside)} months"
    return f"no {kind.value.replace('_', ' ')} imported for {named}"


def _iso(day: int | None) -> str | None:
    return None if day is None else iso(day)
