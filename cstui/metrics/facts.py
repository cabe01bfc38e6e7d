"""What the metrics may ask of the store. The store implements it; a test may fake it. No SQL here.

One `Facts` is one consistent state of the workspace for one question: its filter and `as_of` are already in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cstui.base.days import Period
from cstui.metrics.movements import Tally
from cstui.metrics.purchases import Buying
from cstui.metrics.rates import Rates
from cstui.metrics.service import SubscriptionRow
from cstui.metrics.steps import Steps
from cstui.metrics.switches import Definitions
from cstui.metrics.terms import Term, Trial

if TYPE_CHECKING:
    from cstui.metrics.columns import Grouping, ScoreColumns, StepColumns
    from cstui.metrics.term_columns import TermColumns
    from cstui.metrics.using import Month


class PaidDay(NamedTuple):
    """Paid payments of one day, currency, kind and source; refunds as positive amounts. Minor units."""

    group: str | None
    day: int
    currency: str
    kind: str
    source: str
    n: int
    amount: int


class PaymentRow(NamedTuple):
    """One paid payment. Minor units, as stored."""

    id: int
    customer_id: int
    day: int
    currency: str
    kind: str
    source: str
    amount: int


class CostRow(NamedTuple):
    """One line of the cost ledger. Minor units."""

    id: int
    day: int
    category: str
    amount: int
    currency: str
    channel: str
    """`''`: none was named."""


class TrafficRow(NamedTuple):
    """The visits of one day and channel."""

    id: int
    day: int
    channel: str
    visits: int | None
    conversions: int | None


class AnswerRow(NamedTuple):
    """One answer to a survey, as given."""

    id: int
    customer_id: int
    day: int
    score: str
    scale: str
    """`LOW-HIGH`."""
    direction: str | None
    respondent: str
    touchpoint: str


LastAnswer = tuple[int, int, int | None, int | None, int, int, str, str]
"""(day, …, …, …, id, customer, score, scale) of an answer: the later of two is the greater."""


class AnswerCount(NamedTuple):
    """How often a score was given in a month, of all customers in the filter or of a group of the breakdown."""

    group: str | None
    month: int
    scale: str
    direction: str
    touchpoint: str
    score: str
    n: int
    latest: int
    """Of them, those that are the last of their respondent in the month."""


class UsageDay(NamedTuple):
    """Distinct active users on a covered day, in the 7 and in the 30 days that end with it, of all customers."""

    day: int
    dau: int
    wau: int
    mau: int


UsageMonth = tuple[int, int, int, int]
"""(month, customer, user, days) of a month in which a user was active: bit `day of month − 1`. Plain: there may be very many."""


class UsageSum(NamedTuple):
    """Minutes (thousandths) and sessions of a user's days that name both."""

    customer_id: int
    user_id: int
    minutes: int
    sessions: int


class LeadRow(NamedTuple):
    """What is known by `as_of` of a customer record with a day of creation."""

    id: int
    created_at: int
    lost_at: int | None
    stage: str | None
    first_paid: int | None
    """Their first paid day ever, up to `as_of`."""


class ManyTerms(NamedTuple):
    """Terms of very many customers."""

    columns: TermColumns
    codes: Sequence[str]
    """Currencies, by their numbers in `columns`."""
    others: Sequence[Term]
    """Terms that need more than columns: those of customers with service in several currencies."""


class Facts(Protocol):
    """Facts of the customers in the filter, as known on `as_of`."""

    as_of: int
    own: int
    """The workspace's own as_of."""
    currency: str
    switches: Definitions
    mode: str
    """`subscription` or `repeat_purchase`: the switch, or what `auto` comes to in this workspace."""
    paying: str
    """The kind of fact that who is active rests on: `subscriptions`, or `payments` in repeat-purchase mode."""
    rates: Rates
    """Exchange rates into the workspace's currency, as known."""
    grouped: bool
    """A breakdown was asked for."""
    by_channel: bool
    """The breakdown asked for is by channel: the only one that costs and traffic know."""
    beyond_channel: bool
    """A filter other than by channel is in force: costs and traffic can't follow it."""
    filtered: bool
    """Some filter is in force."""

    @property
    def step_columns(self) -> StepColumns | None:
        """What `steps` gives, as columns; None where customers are few or their steps are worked out when asked for."""

    @property
    def grouping(self) -> Grouping:
        """The breakdown's groups as columns; one of everybody without a breakdown."""

    def coverage(self, kind: str) -> tuple[int | None, int | None]:
        """First and last covered day of a kind, before filters; (None, None) when there is no such fact."""

    def groups(self) -> Sequence[str | None]:
        """The breakdown's groups in order, those without a value last; empty without a breakdown."""

    def group_of(self) -> Mapping[int, str]:
        """Customer → value of the breakdown's field."""

    def month_tallies(self, months: Period) -> tuple[Sequence[Tally], Sequence[Tally]] | None:
        """Tallies of (every month before, each month inside), or None where the cache does not answer this question."""

    def steps(self) -> Iterable[tuple[int, Iterable[tuple[int, int]]]]:
        """(customer, steps) of the customers with all their MRR in the workspace's currency. Steps may be read only once.

        In repeat-purchase mode of everybody who ever bought: level 1 while active, 0 while lapsed.
        """

    def levels(self, before: int, after: int) -> Iterable[tuple[int, int, int, int]]:
        """(customer, level on day `before`, on day `after`, first paid day) of those in `steps` who pay on either or began between."""

    def foreign_steps(self) -> Mapping[int, Mapping[str, Steps]]:
        """Customers with MRR in another currency: their steps by currency."""

    def buying(self) -> Buying:
        """In repeat-purchase mode: on which days everybody bought, the filter notwithstanding."""

    def purchase_ids(self, pairs: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], int]:
        """(customer, day) of purchases → the first payment that says so."""

    def selected(self) -> frozenset[int] | None:
        """The customers in the filter; None for all of them."""

    def subscriptions(self, customers: Sequence[int] | None) -> Iterable[SubscriptionRow]:
        """Subscription rows, each customer's together; None for all customers in the filter."""

    def trials(self) -> Iterable[Trial]:
        """Every trial that had begun by `as_of`, of the customers in the filter, each with the day it was followed by pay."""

    def terms(self, span: Period) -> Iterable[Term]:
        """Terms that began by `as_of` and are due in a span, of the customers in the filter."""

    def many_terms(self, span: Period) -> ManyTerms | None:
        """What `terms` says of a long span, as columns; None where only the rows one by one can answer, or where they are few."""

    def cancelled(self) -> Iterable[SubscriptionRow]:
        """Subscription rows that carry an end or a request to cancel, of the customers in the filter."""

    def paid_days(self, span: Period) -> Iterable[PaidDay]:
        """Paid payments in a span, summed by day; by group where a breakdown was asked for."""

    def paid_by(self, groups: Mapping[int, str], span: Period) -> Iterable[PaidDay]:
        """Paid payments in a span of the customers who have a group, summed by day and group."""

    def payments(self, span: Period) -> Iterable[PaymentRow]:
        """Paid payments in a span, one by one."""

    def payments_of(self, customers: Collection[int], span: Period) -> Iterable[PaymentRow]:
        """Paid payments of some customers in a span."""

    def largest_payments(self, span: Period, most: int) -> Iterable[PaymentRow]:
        """Of `payments` those among which the largest are: the first by amount in the workspace's currency, and all in others."""

    def leads(self, span: Period, eve: int) -> Iterable[LeadRow]:
        """Records in the filter created in a span, and those created before its end that had not paid by a day."""

    def undated(self) -> Sequence[int]:
        """The customers in the filter without a day of creation."""

    def first_paid(self, span: Period | None = None) -> Mapping[int, int]:
        """Customer → first paid day ever, up to `as_of`; of those alone for whom it is in a span, where one is given."""

    def steps_of(self, customers: Collection[int]) -> Mapping[int, Mapping[str, Steps]]:
        """The steps of some customers, by currency."""

    def values_of(self, field: str, customers: Collection[int]) -> Mapping[int, str]:
        """Customer → their value of a field, of those of some customers who have one."""

    def costs(self, span: Period) -> Iterable[CostRow]:
        """Costs in a span, of the channels in the filter."""

    def cost_days(self) -> Sequence[int]:
        """Every day with a cost, ascending, before filters."""

    def traffic(self, span: Period) -> Iterable[TrafficRow]:
        """Traffic in a span, of the channels in the filter."""

    def answer_counts(self, kind: str, first: int, last: int) -> Iterable[AnswerCount] | None:
        """Answers of a kind counted by month, of the month numbers `first` to `last`; None where only the rows can answer."""

    def answers(self, kind: str, span: Period) -> Iterable[AnswerRow]:
        """Answers of a kind (`nps`, `csat`, `ces`) in a span, by day; those of one day in the order they were given."""

    def last_answers(self, kind: str, scales: Collection[str], ends: Sequence[int]) -> Sequence[Mapping[int, LastAnswer]]:
        """For each of some days, every customer's last answer of a kind on one of some scales before it."""

    def answers_of(self, ids: Iterable[int]) -> Iterable[AnswerRow]:
        """Answers by their ids."""

    def scores(self, kind: str, end: int) -> ScoreColumns | None:
        """What `answers` says before a day, as columns; None where answers are few."""

    def usage_days(self, span: Period) -> Iterable[UsageDay]:
        """Active users by covered day, of all customers; only where nothing is filtered or broken down."""

    def usage_months(self, span: Period, customers: Collection[int] | None = None) -> Iterable[UsageMonth]:
        """Active days of every user, month by month, of the months that a span touches; of these customers alone where they are given."""

    def customers_using(self, span: Period) -> set[int]:
        """The customers with use in a span."""

    def usage_columns(self, span: Period) -> Sequence[Month] | None:
        """Use month by month as columns, of the months that a span touches; None where there is little of it."""

    def usage_sums(self, span: Period) -> Iterable[UsageSum]:
        """Minutes and sessions by user in a span, of the days that name both."""

    def usage_total(self, span: Period) -> tuple[int, int] | None:
        """Minutes (thousandths) and sessions of everybody in a span, of the days that name both; None where none does."""

    def usage_longest(self, span: Period, most: int) -> Sequence[UsageSum]:
        """As `usage_sums`, the first by minutes, then sessions, customer, user."""
