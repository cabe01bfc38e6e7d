"""What customers say, for one period and segment: running scores, their distribution and trend, the answers, and who waits for us.

Takes a workspace and a question, returns one frozen snapshot. Recording is `cstui.desk.survey`; what a score means is `cstui.metrics`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from heapq import nsmallest

from cstui.base.ask import PeriodChoice, View, Where
from cstui.base.days import Period, month_of, months, to_day
from cstui.base.money import SCALE, to_major
from cstui.base.scores import parse_scale
from cstui.desk.answer_history import History, history_in
from cstui.desk.figures import figures
from cstui.desk.survey import Answer
from cstui.metrics.compute import Answer as Answered
from cstui.metrics.satisfaction import band
from cstui.metrics.switches import Definitions
from cstui.store import customers as customer_rows
from cstui.store import surveys as rows
from cstui.store.customers import NOTHING, Standing
from cstui.store.edits import Connection
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

MEASURES = ("nps", "csat", "ces")
TREND = 12
"""Months of the trend."""
MOST_ANSWERS = 2000
"""Answers of a list at most; its heading says how many there are."""
MOST_CHANGES = 500
"""Changes by hand of a list at most."""
SILENT_DAYS = 180
"""Customers who have answered nothing for as long should be asked."""
SCORE, EASY = "score", "easy"
BANDS = ("promoter", "passive", "detractor")


@dataclass(frozen=True, slots=True)
class Question:
    """What the screen looks at."""

    measure: str = "nps"
    """Whose distribution, trend and answers are shown."""
    month: int | None = None
    """A month number; None: that of the last answer."""
    where: Where = ()
    find: str = ""
    """In the answers of all months; blank: those of the month."""
    worst_first: bool | None = None
    """The answers by score; None: newest first."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How often each score of a scale was given, lowest first."""

    scale: str
    counts: tuple[tuple[int, int], ...]
    """(score, answers); a score between two whole ones counts with the lower."""
    bands: tuple[str, ...]
    """Of each score, for nps: `detractor`, `passive`, `promoter`; empty for the others."""

    @property
    def total(self) -> int:
        """Answers on this scale."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A part of the answers of a kind."""

    kind: str
    """`nps`, `csat` or `ces`."""
    what: str = SCORE
    """SCORE, EASY (of ces), or one of BANDS (of nps)."""
    scale: str = ""
    """Of SCORE: the scale that it was given on."""
    score: int | None = None
    """Of SCORE: the whole score; one between two whole ones counts with the lower. None: any on the scale."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer in one of the queues."""

    customer: int
    """The customer's row."""
    customer_id: str
    name: str | None
    mrr: Fraction | None
    """In the workspace's currency; None when some of it is in another."""
    day: int | None
    """When they answered last; None: never."""
    score: str
    comment: str | None
    respondent: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Customers who wait, the highest MRR first."""

    total: int
    people: tuple[Waiting, ...]
    """The first MOST_ANSWERS of them."""

    def __len__(self) -> int:
        return self.total


@dataclass(frozen=True, slots=True)
class Queues:
    """Who waits for us."""

    detractors: Queue
    """Their latest NPS answer is a detractor's, and nobody has been in contact since."""
    promoters: Queue
    """Their latest NPS answer is a promoter's, and nobody has asked them for anything since."""
    unasked: Queue
    """Paying customers who have answered nothing in the last SILENT_DAYS days that answers cover."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is the same whatever is asked about the answers of a segment."""

    revision: int
    where: Where
    day: int
    """Today."""
    last: int | None
    """The last day on which anybody answered."""
    customers: int
    answered: int
    """Answers of any kind in the workspace."""
    recorded: tuple[tuple[str, str], ...]
    """(kind, score) of what was recorded by hand today, in order."""
    queues: Queues
    touchpoints: tuple[str, ...]
    """As answers name them, the most frequent first."""
    history: History
    """What was recorded, changed and deleted by hand, the newest MOST_CHANGES."""


@dataclass(frozen=True, slots=True)
class Voices:
    """The surveys screen's snapshot."""

    around: Around
    workspace: str
    currency: str
    as_of: int | None
    age_days: int
    period: Period
    complete: bool
    measure: str
    now: Mapping[str, Answered]
    """nps, csat and ces in the period."""
    spreads: tuple[Spread, ...]
    """Of the measure, the scale with most answers first."""
    trend: tuple[Fraction | None, ...]
    """The measure, month by month, up to the period."""
    trend_months: tuple[int, ...]
    unfinished: int
    """How many of the trend's last months are not over."""
    total: int
    """Answers that match, shown or not."""
    answers: tuple[Answer, ...]
    bands: Mapping[int, str]
    """Of the nps answers shown, by row: `detractor`, `passive`, `promoter`."""

    @property
    def revision(self) -> int:
        """The state of the workspace that it is of."""
        return self.around.revision

    @property
    def where(self) -> Where:
        """The filter in force."""
        return self.around.where

    @property
    def queues(self) -> Queues:
        """Who waits for us."""
        return self.around.queues


def voices(ws: Workspace, question: Question, today: date, before: Voices | None = None) -> Voices:
    """The snapshot. What doesn't rest on the question is taken from `before`, while nothing has been written since. Raises UnknownField."""
    day = to_day(today)
    with ws.read() as db:
        facts = SqlFacts(db, View(where=question.where))
        ids = facts.selected()
        own = None if facts.empty else facts.as_of
        around = before.around if before is not None else None
        if around is None or (around.revision, around.where, around.day) != (facts.revision, question.where, day):
            around = _around(db, facts, question.where, day, own)
        over = own if own is not None else day - 1
        period = months(question.month if question.month is not None else month_of(around.last or own or day))
        found = figures(ws, MEASURES, View(PeriodChoice(period=period, last=TREND), question.where), today)
        start, end = (None, None) if question.find else (period.start, period.end)
        which = rows.Which(question.measure, ids, question.find, start, end, question.worst_first)
        total, answers = rows.answers(db, which, MOST_ANSWERS)
        return Voices(
            around=around,
            workspace=ws.setting("company") or ws.path.stem,
            currency=facts.currency,
            as_of=own,
            age_days=0 if own is None else max(0, day - own),
            period=period,
            complete=period.complete(over),
            measure=question.measure,
            now=found.periods[-1].metrics,
            spreads=_spreads(question.measure, _given(facts, question.measure, period), facts.switches),
            trend=tuple(one.metrics[question.measure].figure.value for one in found.periods),
            trend_months=tuple(month_of(one.period.start) for one in found.periods),
            unfinished=sum(not one.period.complete(over) for one in found.periods),
            total=total,
            answers=tuple(answers),
            bands={one.id: band(one.score, facts.switches) for one in answers if one.kind == "nps"},
        )


def _around(db: Connection, facts: SqlFacts, where: Where, day: int, own: int | None) -> Around:
    known = max(day, own or day)
    last = rows.last_day(db, known)
    return Around(
        revision=facts.revision,
        where=where,
        day=day,
        last=last,
        customers=customer_rows.count(db),
        answered=rows.count(db),
        recorded=tuple(rows.entered_on(db, day)),
        queues=_queues(db, facts, known, last),
        touchpoints=rows.touchpoints(db),
        history=history_in(db, MOST_CHANGES),
    )


def _queues(db: Connection, facts: SqlFacts, known: int, last: int | None) -> Queues:
    """Who waits, as known on a day; `last` is the last day by it on which anybody answered."""
    ids = facts.selected()
    standing = customer_rows.standings(db, ids, day=None if facts.empty else facts.as_of, rates=facts.rates)
    spoken = _spoken(rows.unfollowed(db, "nps", known), facts.switches, ids)
    silent = _silent(rows.last_asked(db, known), standing, last)
    first = [_first(people, standing) for people in (*spoken, silent)]
    names = rows.named(db, {customer for people in first for customer in people})
    said = rows.said(db, {queue[customer] for queue, shown in zip(spoken, first, strict=False) for customer in shown})

    def waiting(customer: int, said: rows.SaidRow | None, day: int | None) -> Waiting:
        held = standing.get(customer, NOTHING)
        mrr = None if held.elsewhere else to_major(Fraction(held.mrr, SCALE), facts.currency)
        if said is None:
            return Waiting(customer, *names[customer], mrr, day, "", None, None)
        return Waiting(customer, *names[customer], mrr, said.answered_at, said.score, said.comment, said.respondent)

    detractors, promoters = (
        Queue(len(queue), tuple(waiting(customer, said[queue[customer]], None) for customer in shown))
        for queue, shown in zip(spoken, first, strict=False)
    )
    return Queues(detractors, promoters, Queue(len(silent), tuple(waiting(customer, None, silent[customer]) for customer in first[2])))


def _first(people: Collection[int], standing: Mapping[int, Standing]) -> list[int]:
    """The first to be shown: those whose MRR is unknown, then the highest, then as they came into the workspace."""

    def rank(customer: int) -> tuple[bool, Fraction | int, int]:
        held = standing.get(customer, NOTHING)
        return not held.elsewhere, -held.mrr, customer

    return nsmallest(MOST_ANSWERS, people, key=rank)


def _spoken(
    latest: Iterable[tuple[int, int, str]], switches: Definitions, ids: Collection[int] | None
) -> tuple[dict[int, int], dict[int, int]]:
    """Detractors and promoters among (customer, row, score): customer → row."""
    bands: dict[str, dict[int, int]] = {"detractor": {}, "passive": {}, "promoter": {}}
    known: dict[str, dict[int, int]] = {}
    for customer, row, score in latest:
        if ids is None or customer in ids:
            if score not in known:
                known[score] = bands[band(score, switches)]
            known[score][customer] = row
    return bands["detractor"], bands["promoter"]


def _silent(asked: Mapping[int, int], standing: Mapping[int, Standing], last: int | None) -> dict[int, int | None]:
    """Customers who pay, and have for long enough to be asked, with the last day they answered: none in the days up to `last`."""
    if last is None:
        return {}
    since = last - SILENT_DAYS
    return {
        customer: asked.get(customer)
        for customer, held in standing.items()
        if (held.mrr > 0 or held.elsewhere)
        and held.first_paid is not None
        and held.first_paid <= since
        and asked.get(customer, since) <= since
    }


def _given(facts: SqlFacts, measure: str, period: Period) -> list[tuple[str, str, int]]:
    """How often each (scale, score) was given in a month, as far as it is known: of the very answers that the figures count."""
    month, held = month_of(period.start), Counter[tuple[str, str]]()
    counts = facts.answer_counts(measure, month, month)
    if counts is None:
        held.update((row.scale, row.score) for row in facts.answers(measure, period))
    else:
        for one in counts:
            held[one.scale, one.score] += one.n
    return [(scale, score, n) for (scale, score), n in held.items()]


def _spreads(measure: str, counts: Iterable[tuple[str, str, int]], switches: Definitions) -> tuple[Spread, ...]:
    """Every scale that was answered on, each score of it counted."""
    by_scale: dict[str, dict[int, int]] = {}
    for scale, score, count in counts:
        held = by_scale.setdefault(scale, {})
        whole = int(Fraction(score))
        held[whole] = held.get(whole, 0) + count
    found = []
    for scale, held in by_scale.items():
        low, high = parse_scale(scale) or (min(held), max(held))
        scores = range(low, high + 1)
        bands = tuple(band(str(score), switches) for score in scores) if measure == "nps" else ()
        found.append(Spread(scale, tuple((score, held.get(score, 0)) for score in scores), bands))
    return tuple(sorted(found, key=lambda one: (-one.total, one.scale)))
