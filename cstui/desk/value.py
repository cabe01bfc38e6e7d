"""What customers are worth, by models fitted on the user's own data: the fit itself, how it holds against what happened, and each customer.

Returns one frozen snapshot; draws nothing and imports no fit before one is asked for. In repeat-purchase mode: BG/NBD for how often
customers will buy and whether they are still there, Gamma-Gamma for what a purchase is worth. By subscription: sBG for how many terms
customers stay, of each length of term. Floats, unlike figures: a likelihood has no exact maximum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cstui.base.ask import View, Where
from cstui.base.days import iso, to_day
from cstui.base.errors import UsageError

if TYPE_CHECKING:
    from cstui.store.workspace import Workspace

WEEKS = 52
"""How far ahead purchases are expected, where nobody says."""
MOST_WEEKS = 520
LIFETIME_MONTHS = 60
"""Beyond this no lifetime is counted, as in `clv`."""


ALL, TERM, RETENTION, TRACK, REPEATS, SPEND = "all", "term", "retention", "track", "repeats", "spend"


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """A place that can be explained: all of it, a term's end, a day of the track, a number of purchases, an amount of spend."""

    what: str = ALL
    months: int = 0
    """The length of the term."""
    at: int = 0
    """Which term, day, number of repeat purchases or bucket."""


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model, or why there is none."""

    name: str
    status: str
    """`ok`; `limit`: a limit of the model fits best and is shown, `reason` says which; `too_thin` or `unsettled`: there is none."""
    reason: str | None
    parameters: Mapping[str, float] | None
    log_likelihood: float | None

    @property
    def usable(self) -> bool:
        """Whether anything is expected by it."""
        return self.status in ("ok", "limit")


@dataclass(frozen=True, slots=True)
class Against:
    """A line of a table that holds a model against what happened."""

    label: str
    actual: float
    expected: float


@dataclass(frozen=True, slots=True)
class Track:
    """Repeat purchases of all customers up to a day, as they were and as the model expects them."""

    day: int
    actual: int
    expected: float
    calibration: bool
    """Inside the days that the model was fitted on."""


@dataclass(frozen=True, slots=True)
class Holdout:
    """A fit on purchases up to a day, held against those after it."""

    until: int
    weeks: float
    customers: int
    actual: int
    expected: float

    @property
    def off(self) -> float | None:
        """By how much of what came the model missed it; None where nothing came."""
        return self.expected / self.actual - 1 if self.actual else None


@dataclass(frozen=True, slots=True)
class Purchases:
    """How often customers buy, and whether they are still there: BG/NBD, time in weeks."""

    model: Model
    first: int | None
    """The first purchase of anybody."""
    until: int | None
    """The last day of calibration."""
    customers: int
    returned: int
    """Of them those who bought again."""
    repeats: int
    """Repeat purchases, on days of their own."""
    frequencies: tuple[Against, ...] = ()
    """Customers by their number of repeat purchases."""
    track: tuple[Track, ...] = ()
    holdout: Holdout | None = None
    newcomer: float | None = None
    """Repeat purchases expected of a new customer in the weeks looked ahead."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a purchase is worth: Gamma-Gamma, money in major units of the workspace's currency."""

    model: Model
    customers: int
    """Those it was fitted on: who came back for more than nothing."""
    mean: float | None
    """What a purchase of anybody is worth."""
    correlation: float | None
    """Of how often customers buy with what they spend; the model takes it for 0."""
    unpriced: int
    """Days of purchase left out: they are in a currency without a rate."""
    buckets: tuple[Against, ...] = ()
    """Customers by their mean spend."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """One customer, by repeat purchase."""

    customer: int
    customer_id: str
    name: str | None
    purchases: int
    first: int
    last: int
    alive: float
    """The probability that they will buy again at all."""
    expected: float
    """Purchases in the weeks looked ahead."""
    spend: float | None
    """Expected of one purchase."""
    value: float | None
    """Expected purchases × spend, before costs and not discounted."""


@dataclass(frozen=True, slots=True)
class Term:
    """One end of a term: of those who came to it, who renewed, and what the model says."""

    term: int
    at_risk: int
    renewed: int
    retention: float
    expected_retention: float
    survival: float
    """Of all, as the product of retentions so far."""
    expected_survival: float


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long customers with a term of one length stay: sBG, time in terms."""

    model: Model
    months: int
    """The length of a term."""
    customers: int
    left: int
    terms: tuple[Term, ...] = ()
    expected_months: float | None = None
    """That a new customer pays for, none counted beyond `LIFETIME_MONTHS`."""
    mean_months: float | None = None
    """Without that bound; None where the model has no mean: some stay for ever."""

    @property
    def off(self) -> float | None:
        """The largest distance, at the end of any term, between the share still there and the share expected; None without terms."""
        return max((abs(term.survival - term.expected_survival) for term in self.terms), default=None)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One customer, by subscription."""

    customer: int
    customer_id: str
    name: str | None
    mrr: float
    months: int
    """The length of their term."""
    renewed: int
    """Times so far."""
    renews: float
    """The probability of the next time."""
    expected_months: float
    """Still to be paid for after the running term, none counted beyond `LIFETIME_MONTHS`."""
    value: float
    """MRR × those months, before costs and not discounted."""


@dataclass(frozen=True, slots=True)
class ValueSnapshot:
    """Everything the command and the screen show of customers' worth."""

    revision: int
    workspace: str
    """The company's name, or the file's."""
    currency: str
    as_of: int | None
    """None: nothing has been imported."""
    age_days: int
    where: Where
    mode: str
    weeks: int
    purchases: Purchases | None = None
    """In repeat-purchase mode."""
    spending: Spending | None = None
    buyers: tuple[Buyer, ...] = ()
    """The most valuable first."""
    lifetimes: tuple[Lifetime, ...] = ()
    """By subscription: one for each length of term, the most customers first."""
    subscribers: tuple[Subscriber, ...] = ()
    total: int = 0
    """Customers that have an expectation, listed or not."""
    worth: float | None = None
    """What all of them together are expected to bring; who has no value (no known spend) adds nothing. None where nobody has one."""

    def to_json(self) -> dict[str, object]:
        """The document of docs/commands.md, `cstui value --json`."""
        from cstui.desk.value_json import document

        return document(self)


def value(
    ws: Workspace, view: View, today: date, *, until: int | None = None, weeks: int = WEEKS, limit: int | None = None
) -> ValueSnapshot:
    """The models of the customers in the view's filter, as known; the `limit` most valuable customers.

    `until` is the last day of calibration: the model sees nothing later, and is held against it. Raises UnknownField, UsageError.
    """
    from cstui.desk.value_buyers import buyers
    from cstui.desk.value_subscribers import subscribers
    from cstui.store.facts import SqlFacts

    if not 1 <= weeks <= MOST_WEEKS:
        raise UsageError(f"Purchases are expected for 1 to {MOST_WEEKS} weeks, not {weeks}.")
    with ws.read() as db:
        facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        empty = facts.empty and view.as_of is None
        company = ws.setting("company")
        found = ValueSnapshot(
            revision=facts.revision,
            workspace=company or ws.path.stem,
            currency=facts.currency,
            as_of=None if empty else facts.as_of,
            age_days=0 if facts.empty else to_day(today) - facts.as_of,
            where=view.where,
            mode=facts.mode,
            weeks=weeks,
        )
        if empty:
            return found
        if facts.paying == "payments":
            return buyers(found, facts, until, limit)
        if until is not None:
            raise UsageError(
                f"A last day of calibration ({iso(until)}) is for repeat purchases; subscriptions are fitted as known (--as-of)."
            )
        return subscribers(found, facts, limit)
