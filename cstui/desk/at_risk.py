"""Who is at risk and why: reasons first, their points the score, the most money at stake on top.

Returns frozen snapshots. The ranking is an array of ids; the rows in sight are looked up by `more`, with their words and the
file and line behind them. Amounts are exact Fractions in major units, days are day numbers, `to_json` is the command's document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cstui.base.ask import View, Where
from cstui.base.collector import held_back
from cstui.base.days import to_day
from cstui.base.errors import UnknownCustomer, UsageError, WorkspaceBusy
from cstui.base.money import SCALE, to_major
from cstui.desk.risk_rows import EvidenceRow, Reason, RiskRow, Unknown, risk_rows
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.risk.score import DIRECTION, HIGH, MEDIUM, METHOD, MOST
from cstui.risk.signals import BY_ID, SIGNALS

if TYPE_CHECKING:
    from cstui.desk.risk_findings import Findings
    from cstui.store.risk_facts import Paying, RiskFacts
    from cstui.store.workspace import Workspace

SORTS = ("weighted", "risk", "mrr", "renewal")
"""MRR × risk, risk alone, MRR alone, or the nearest end or renewal first."""
__all__ = [
    "HIGH",
    "MEDIUM",
    "AtRisk",
    "Choice",
    "EvidenceRow",
    "Group",
    "Reason",
    "RiskRow",
    "Unknown",
    "at_risk",
    "customer_risk",
    "labels",
    "more",
    "shorts",
]
_SEEN = "at_risk"


@dataclass(frozen=True, slots=True)
class Choice:
    """How the list is to be: in which order, and narrowed to what."""

    sort: str = SORTS[0]
    """One of SORTS."""
    reason: str | None = None
    """Only those with this signal."""
    by: str | None = None
    """Count them by a field, or by `reason` (each of theirs)."""
    only_new: bool = False
    """Only those at risk now who were not at the last look."""


@dataclass(frozen=True, slots=True)
class Group:
    """The customers of one owner, segment or reason; a customer has several reasons, and counts under each."""

    value: str | None
    """None: those without one."""
    customers: int
    at_risk: int
    """Of them at medium or high risk."""
    mrr: Fraction
    weighted: Fraction
    elsewhere: int
    """Customers left out of these sums, as in the list's own."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The ranked list: everybody's place, and the rows of one window."""

    revision: int
    workspace: str
    """The company's name, or the file's."""
    as_of: int | None
    today: int
    """From which days left are counted: today, or the past day asked about."""
    age_days: int
    currency: str
    direction: str
    """Which way the score goes, in words."""
    method: Mapping[str, object]
    view: View
    sort: str
    reason: str | None
    order: tuple[int, ...] = field(repr=False)
    """Internal ids of all customers listed, in order."""
    risks: tuple[int, ...] = field(repr=False)
    """Their scores, in the same order."""
    at_risk: int
    """How many are at medium or high risk."""
    mrr: Fraction
    weighted: Fraction
    """Σ MRR × risk ÷ 100 over all listed."""
    elsewhere: int
    """Customers left out of these sums: some of their MRR is in a currency without a rate."""
    since: str | None
    """The day of the look that “new” compares with; None before there was one."""
    news: frozenset[int] = field(repr=False)
    groups: tuple[Group, ...]
    offset: int
    customers: tuple[RiskRow, ...]
    by_purchase: bool = False
    """Repeat-purchase mode: money is net revenue a month of the last year, or since the first purchase, in the place of MRR."""
    undated: int = 0
    """While nothing has happened on a day: the rows that have been imported all the same."""

    @property
    def where(self) -> Where:
        """The filter in force."""
        return self.view.where

    def to_json(self) -> dict[str, object]:
        """The document of `cstui at-risk --json`."""
        from cstui.desk.risk_json import list_json

        return list_json(self)


@held_back()
def at_risk(
    ws: Workspace, view: View, today: date, limit: int | None = None, offset: int = 0, *, choice: Choice | None = None, look: bool = False
) -> AtRisk:
    """The paying customers in the view's filter by risk, and the rows of one window.

    `look` keeps who is at risk now, to compare with next time. Raises UnknownField, UsageError.
    """
    from cstui.desk.risk_findings import findings
    from cstui.store import risk_facts as rows
    from cstui.store.seen import looked

    choice = choice or Choice()
    sort, reason, by = choice.sort, choice.reason, choice.by
    if choice.only_new and view.as_of is not None:
        raise UsageError("What is new is told of the present: leave the day out.")
    if reason is not None and reason not in BY_ID:
        raise UsageError(f"There is no risk signal “{reason}”. There are: {', '.join(BY_ID)}.")
    everybody = not view.where and view.as_of is None
    with ws.read() as db:
        facts = rows.RiskFacts(db, view)
        if by is not None and by != "reason":
            by = facts.facts.field(by)
        found = findings(facts, None, far=sort == "renewal")
        risks = _totals(found)
        stored, imports = looked(db, _SEEN), rows.imports(db)
        before = _before(stored, today, imports)
        now = sorted(customer for customer, risk in risks.items() if risk >= MEDIUM)
        news = frozenset(now) - frozenset(before["ids"]) if before else frozenset()
        listed = _listed(found, risks, reason, news if choice.only_new else None)
        order = _ordered(listed, found, risks, sort, facts)
        sums = _Sums(found.paying, risks, facts.facts.currency)
        mrr, weighted = sums.of(order)
        scores = tuple(risks[customer] for customer in order)
        answer = AtRisk(
            revision=facts.facts.revision,
            workspace=facts.company or ws.path.stem,
            age_days=0 if facts.facts.empty else to_day(today) - facts.facts.own,
            today=facts.day if view.as_of is not None else max(facts.day, to_day(today)),
            as_of=None if facts.facts.empty and view.as_of is None else facts.day,
            currency=facts.facts.currency,
            direction=DIRECTION,
            method=METHOD,
            view=view,
            sort=sort,
            reason=reason,
            order=tuple(order),
            risks=scores,
            at_risk=sum(score >= MEDIUM for score in scores),
            mrr=mrr,
            weighted=weighted,
            elsewhere=sums.lacking(order),
            since=before["day"] if before else None,
            news=news,
            groups=() if by is None else _groups(by, order, found, risks, sums, facts),
            offset=offset,
            customers=risk_rows(facts, order[offset : None if limit is None else offset + limit], news),
            by_purchase=facts.facts.mode == REPEAT_PURCHASE,
            undated=facts.facts.undated_rows,
        )
    if look and everybody and not facts.facts.empty:
        _keep(ws, stored, {"day": today.isoformat(), "import": imports, "ids": now, "before": before})
    return answer


def more(ws: Workspace, ranking: AtRisk, offset: int, limit: int) -> tuple[RiskRow, ...]:
    """The rows of another window of the same ranking. Those who pay nothing any more by now are left out."""
    from cstui.store.risk_facts import RiskFacts

    with ws.read() as db:
        return risk_rows(RiskFacts(db, View(as_of=ranking.view.as_of)), ranking.order[offset : offset + limit], ranking.news)


def customer_risk(ws: Workspace, customer_id: str, view: View | None = None) -> RiskRow | None:
    """One customer's score with its reasons; None for one who pays nothing. Raises UnknownCustomer."""
    from cstui.store.risk_facts import RiskFacts

    with ws.read() as db:
        facts = RiskFacts(db, View(as_of=view.as_of if view else None))
        customer = facts.internal(customer_id)
        if customer is None:
            raise UnknownCustomer(customer_id)
        return next(iter(risk_rows(facts, [customer], frozenset())), None)


def labels() -> dict[str, str]:
    """Every signal's id and what it is called, the weightiest first."""
    return {signal.id: signal.label for signal in SIGNALS}


def shorts() -> dict[str, str]:
    """Every signal's id and its one word in the sum."""
    return {signal.id: signal.short for signal in SIGNALS}


def _totals(found: Findings) -> dict[int, int]:
    """Every paying customer's score. The same sum as `score` gives, for a hundred thousand of them."""
    totals = dict.fromkeys(found.paying, 0)
    for said in found.said.values():
        for customer, finding in said.found.items():
            if finding.points:
                totals[customer] += finding.points
    return {customer: min(MOST, total) for customer, total in totals.items()}


def _listed(found: Findings, risks: Mapping[int, int], reason: str | None, news: frozenset[int] | None) -> Collection[int]:
    chosen: Collection[int] = risks.keys()
    if reason is not None:
        chosen = [customer for customer, finding in found.said[reason].found.items() if finding.points] if reason in found.said else ()
    return chosen if news is None else [customer for customer in chosen if customer in news]


def _ordered(listed: Collection[int], found: Findings, risks: Mapping[int, int], sort: str, facts: RiskFacts) -> list[int]:
    """In order; equals by customer id. Whoever's MRR can't be compared stands before the rest if at risk, else after them."""
    names, paying = facts.names(), found.paying
    far = 2**62

    def unlike(customer: int) -> int:
        return 1 if not paying[customer].elsewhere else 0 if risks[customer] >= MEDIUM else 2

    keys: dict[str, Callable[[int], tuple[Any, ...]]] = {
        "weighted": lambda c: (unlike(c), -paying[c].level * risks[c], -risks[c], names[c]),
        "risk": lambda c: (-risks[c], -paying[c].level, names[c]),
        "mrr": lambda c: (unlike(c), -paying[c].level, names[c]),
        "renewal": lambda c: (found.lapses.get(c, found.ends.get(c, found.renews.get(c, far))), -risks[c], -paying[c].level, names[c]),
    }
    if sort not in keys:
        raise UsageError(f"The list sorts by {', '.join(SORTS)}, not by “{sort}”.")
    return sorted(listed, key=keys[sort])


class _Sums:
    """MRR and MRR × risk of many, exactly, without those whose MRR is in another currency."""

    def __init__(self, paying: Mapping[int, Paying], risks: Mapping[int, int], currency: str) -> None:
        self._paying, self._risks, self._currency = paying, risks, currency

    def lacking(self, ids: Collection[int]) -> int:
        """How many the sums leave out."""
        return sum(self._paying[customer].elsewhere for customer in ids)

    def of(self, ids: Collection[int]) -> tuple[Fraction, Fraction]:
        """MRR, and MRR × risk ÷ 100."""
        paying, risks = self._paying, self._risks
        whole: Fraction | int = 0
        weighted: Fraction | int = 0
        for customer in ids:
            held = paying[customer]
            if not held.elsewhere:
                whole += held.level
                weighted += held.level * risks[customer]
        return to_major(Fraction(whole, SCALE), self._currency), to_major(Fraction(weighted, SCALE * MOST), self._currency)


def _groups(by: str, order: Sequence[int], found: Findings, risks: Mapping[int, int], sums: _Sums, facts: RiskFacts) -> tuple[Group, ...]:
    """The most at stake first. By reason, a customer counts under each of theirs."""
    held: dict[str | None, list[int]] = {}
    if by == "reason":
        listed = frozenset(order)
        for name, said in found.said.items():
            if ids := [customer for customer, finding in said.found.items() if finding.points and customer in listed]:
                held[name] = ids
        if without := [customer for customer in order if not risks[customer]]:
            held[None] = without
    else:
        of = dict(facts.facts.values(by))
        for customer in order:
            held.setdefault(of.get(customer), []).append(customer)
    groups = (Group(value, len(ids), sum(risks[c] >= MEDIUM for c in ids), *sums.of(ids), sums.lacking(ids)) for value, ids in held.items())
    return tuple(sorted(groups, key=lambda group: (-group.weighted, -group.customers, group.value is None, group.value or "")))


def _before(stored: Mapping[str, Any], today: date, imports: int) -> Mapping[str, Any] | None:
    """The look to compare with: the last one of an earlier day, or before the last import. Looking twice takes no news away."""
    if not stored:
        return None
    same = stored["day"] == today.isoformat() and stored["import"] == imports
    found: Mapping[str, Any] | None = stored["before"] if same else {"day": stored["day"], "ids": stored["ids"]}
    return found


def _keep(ws: Workspace, stored: Mapping[str, Any], value: Mapping[str, Any]) -> None:
    from cstui.store.seen import look

    if stored == value:
        return
    try:
        with ws.write() as db:
            look(db, _SEEN, value)
    except WorkspaceBusy:
        return  # an import is writing just now: the next look is kept instead, and nothing of the list depends on it
