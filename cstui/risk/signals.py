"""The signals of risk: each a pure function of what was known of one customer on a day, each with its points and its words.

Every signal says how bad it looks (points up to its own most) or that nothing is known, which is `points=None` and never a good
sign. Knows no SQL, no clock and nothing of how points become a score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from cstui.base import formatting as fmt

RECENT, PAST = 28, 84
"""Days of use that are judged, and the days of the customer's own past before them."""
WINDOW = RECENT + PAST
ANSWER_DAYS = 180
"""How long a survey answer speaks for a customer."""
TICKET_DAYS = 90
CONTRACTION_DAYS = 90
REPEAT_DAYS = 30
SILENT_DAYS = 60
UNPAID_DAYS = 365
RENEWAL_DAYS = 60


class Signal(NamedTuple):
    """One kind of sign."""

    id: str
    label: str
    """In words, for headings and groups."""
    short: str
    """One word, for the sum."""
    family: str
    """What it rests on: `contract` (where nobody subscribes, the rhythm of purchases), `payments`, `use`, `contacts` or `voices`."""
    most: int
    """Points at the worst."""


SIGNALS: tuple[Signal, ...] = (
    Signal("scheduled_end", "cancelled, still in service", "ending", "contract", 60),
    Signal("purchase_gap", "silent longer than usual", "gap", "contract", 40),
    Signal("usage_drop", "use falling or gone", "use", "use", 35),
    Signal("nps_low", "NPS detractor", "NPS", "voices", 20),
    Signal("payment_late", "payment failed or overdue", "payment", "payments", 20),
    Signal("contraction", "paying less than before", "contraction", "contract", 15),
    Signal("ces_hard", "contacts were hard work", "effort", "voices", 12),
    Signal("ticket_reopened", "ticket reopened", "reopened", "contacts", 12),
    Signal("ticket_open", "ticket open", "open ticket", "contacts", 12),
    Signal("csat_low", "not satisfied", "CSAT", "voices", 10),
    Signal("repeat_contacts", "asks again and again", "repeats", "contacts", 10),
    Signal("no_contact", "silence", "silence", "contacts", 10),
    Signal("renewal_near", "renewal near", "renewal", "contract", 10),
)
BY_ID = {signal.id: signal for signal in SIGNALS}


class Ref(NamedTuple):
    """A stored row that a finding rests on."""

    kind: str
    id: int


class Finding(NamedTuple):
    """What one signal says of one customer."""

    signal: str
    points: int | None
    """0 to the signal's most; None: not known, which is no good sign."""
    words: Callable[..., str]
    values: tuple[object, ...] = ()
    rows: tuple[Ref, ...] = ()

    @property
    def evidence(self) -> str:
        """In words. Made when read: a hundred thousand customers are scored for the forty that are shown."""
        return self.words(*self.values)


def unknown(signal: str, why: str) -> Finding:
    """A signal without data."""
    return Finding(signal, None, str, (why,))


def _calm(signal: str) -> Finding:
    return Finding(signal, 0, str, ("nothing to see",))


CALM = {signal.id: _calm(signal.id) for signal in SIGNALS}
"""Known, and no sign of risk."""


def _scaled(most: int, share: Fraction | float) -> int:
    return max(0, min(most, int(most * share + 0.5)))


# Use


def usage_drop(mask: int, covered: int, through: int) -> Finding:
    """Active days of late against the customer's own past.

    `mask` has a bit for each of the WINDOW days that end with `through`, the last one covered by usage data, the earliest day in
    bit 0. `covered` is on how many of them the customer both paid and could have been seen.
    """
    recent = (mask >> PAST).bit_count()
    past = min(PAST, covered - RECENT)
    if past < RECENT:
        if mask or covered < RECENT:
            return unknown("usage_drop", f"only {fmt.count(max(0, covered), 'day')} of use on record, too few to compare")
        return Finding("usage_drop", 25, _never_words, (covered,))
    if not mask:
        return Finding("usage_drop", 25, _never_words, (covered,))
    before = (mask & (1 << PAST) - 1).bit_count()
    if not recent:
        return Finding("usage_drop", 35, _absent_words, (through - WINDOW + mask.bit_length(), through, before, past))
    if recent * past * 4 >= before * RECENT * 3 or before * RECENT < 2 * past:  # less than a quarter down, or hardly ever there
        return CALM["usage_drop"]
    # 25 % down is 8 points, all but gone 32: gone altogether is worse than any fall.
    return Finding("usage_drop", _scaled(32, 1 - recent * past / (before * RECENT)), _drop_words, (recent, before, past))


def _never_words(covered: int) -> str:
    return f"no use on the {fmt.count(covered, 'day')} on record"


def _absent_words(last: int, through: int, before: int, past: int) -> str:
    return f"no use for {fmt.count(through - last, 'day')}, since {fmt.day(last)}; usually {_usual(before, past)} active days in {RECENT}"


def _drop_words(recent: int, before: int, past: int) -> str:
    down = fmt.percent(1 - Fraction(recent * past, before * RECENT), 0)
    return f"use down {down}: {fmt.count(recent, 'active day')} in the last {RECENT}, usually {_usual(before, past)}"


def _usual(before: int, past: int) -> str:
    return fmt.number(Fraction(before * RECENT, past))


# Purchases, where nobody subscribes


def purchase_gap(last: int, limit: int, own: bool, through: int, row: int) -> Finding:
    """Silence since the last purchase, up to the last day that payments are known for, against what still is no lapse.

    `limit` is twice the customer's own median gap, or after a single purchase (not `own`) what nine of ten who return stay under.
    """
    silent = through - last
    if silent * 2 <= limit:
        return CALM["purchase_gap"]
    points = max(5, _scaled(40, Fraction(2 * silent - limit, limit)))
    return Finding("purchase_gap", points, _gap_words, (silent, last, limit, own), (Ref("payment", row),))


def _gap_words(silent: int, last: int, limit: int, own: bool) -> str:
    left = f"lapses on {fmt.day(last + limit + 1)}"
    since = f"no purchase for {fmt.count(silent, 'day')}, since {fmt.day(last)}"
    if own:
        return f"{since}; usually every {fmt.span(Fraction(limit, 2))}, {left}"
    return f"{since}, the only one; 9 of 10 who come back do within {fmt.count(limit, 'day')}, {left}"


# Voices


class Answer(NamedTuple):
    """One survey answer, as recorded."""

    id: int
    day: int
    score: Fraction | int
    low: int
    """The scale's ends."""
    high: int
    easy_high: bool
    """CES: a high score is the easy side."""
    respondent: str | None


def nps_low(answers: Sequence[Answer], last_contact: int | None, contacts_through: int | None, detractor: int = 6) -> Finding:
    """Detractors among those who answered, each by their latest answer; worse where nobody has been in touch since.

    `answers` ascend. `detractor` is the highest score that counts as one (nps_bands).
    """
    if len(answers) == 1 and answers[0].score > detractor:
        return CALM["nps_low"]
    latest: dict[object, Answer] = {}
    for answer in answers:
        latest[answer.respondent or answer.id] = answer
    low = [answer for answer in latest.values() if answer.score <= detractor]
    if not low:
        return CALM["nps_low"]
    final = max(low, key=lambda answer: (answer.day, answer.id))
    followed = contacts_through is None or (last_contact is not None and last_contact > final.day)
    points = max(8, _scaled(16, Fraction(len(low), len(latest)))) + (0 if followed else 4)
    rows = tuple(Ref("survey", answer.id) for answer in sorted(low, key=lambda answer: -answer.day))
    return Finding("nps_low", points, _nps_words, (final.score, final.day, len(low), len(latest), followed), rows)


def _nps_words(score: Fraction | int, day: int, low: int, asked: int, followed: bool) -> str:
    who = f", {low} of {asked} people are detractors" if asked > 1 else ""
    return f"NPS {_plain(score)} on {fmt.day(day)}{who}" + ("" if followed else ", no contact since")


def csat_low(answers: Sequence[Answer], thresholds: Mapping[int, int]) -> Finding:
    """The latest satisfaction answer below its scale's threshold, or, for a scale without one, on its lower side.

    `thresholds`: a scale's highest score → the least score that is satisfied.
    """
    answer = answers[-1]
    least = thresholds.get(answer.high, (answer.low + answer.high) // 2 + 1)
    if answer.score >= least:
        return CALM["csat_low"]
    points = 10 if 4 * (answer.score - answer.low) <= answer.high - answer.low else 7
    return Finding("csat_low", points, _score_words, ("CSAT", answer.score, answer.high, answer.day, ""), (Ref("survey", answer.id),))


def ces_hard(answers: Sequence[Answer]) -> Finding:
    """The latest effort answer on the hard side of the scale's middle."""
    answer = answers[-1]
    ease = answer.score if answer.easy_high else answer.low + answer.high - answer.score
    short = answer.low + answer.high - 2 * ease  # of the middle, in halves
    if short <= 0:
        return CALM["ces_hard"]
    points = 6 + _scaled(6, Fraction(short) / (answer.high - answer.low))
    values = ("effort score", answer.score, answer.high, answer.day, ", the hard side")
    return Finding("ces_hard", points, _score_words, values, (Ref("survey", answer.id),))


def _score_words(what: str, score: Fraction | int, high: int, day: int, more: str) -> str:
    return f"{what} {_plain(score)} of {high} on {fmt.day(day)}{more}"


def _plain(value: Fraction | int) -> str:
    value = Fraction(value)
    return fmt.number(value, 0 if value.denominator == 1 else 1)


# Contacts


class Ticket(NamedTuple):
    """One contact, as known on the day."""

    id: int
    day: int
    inbound: bool
    open: bool
    reopens: int
    """0 where that is not known: the count carries no date, so it says nothing of the past."""


def ticket_open(tickets: Sequence[Ticket], day: int) -> Finding:
    """Tickets without a solution, and for how long: an open one is so on the day asked about, whenever others were last heard of."""
    held = [ticket for ticket in tickets if ticket.open]
    if not held:
        return CALM["ticket_open"]
    oldest = min(ticket.day for ticket in held)
    points = min(12, 3 + 3 * len(held) + (3 if day - oldest > 14 else 0))
    return Finding("ticket_open", points, _open_words, (len(held), oldest, day), tuple(Ref("interaction", ticket.id) for ticket in held))


def _open_words(count: int, oldest: int, day: int) -> str:
    return f"{fmt.count(count, 'ticket')} open, the oldest since {fmt.day(oldest)} ({fmt.count(day - oldest, 'day')})"


def ticket_reopened(tickets: Sequence[Ticket]) -> Finding:
    """Tickets that were solved and were not."""
    held = [ticket for ticket in tickets if ticket.reopens]
    if not held:
        return CALM["ticket_reopened"]
    times = sum(ticket.reopens for ticket in held)
    rows = tuple(Ref("interaction", ticket.id) for ticket in held)
    return Finding("ticket_reopened", 8 if times == 1 else 12, _reopened_words, (len(held), times), rows)


def _reopened_words(count: int, times: int) -> str:
    often = "once" if times == 1 else "twice" if times == 2 else f"{times} times"
    return f"{fmt.count(count, 'ticket')} reopened {often} in {TICKET_DAYS} days"


def repeat_contacts(tickets: Sequence[Ticket], through: int) -> Finding:
    """They had to come back three times or more in a month."""
    asked = [ticket for ticket in tickets if ticket.inbound and ticket.day > through - REPEAT_DAYS]
    if len(asked) < 3:
        return CALM["repeat_contacts"]
    rows = tuple(Ref("interaction", ticket.id) for ticket in asked)
    return Finding("repeat_contacts", min(10, 2 * len(asked)), _repeat_words, (len(asked),), rows)


def _repeat_words(count: int) -> str:
    return f"contacted us {count} times in {REPEAT_DAYS} days"


def no_contact(last: tuple[int, int] | None, since: int, through: int) -> Finding:
    """Silence: days without a contact, up to the last day that contacts are known for.

    `last` is the day and row of the latest contact; `since` the day from which one could have been recorded.
    """
    silent = through - (since if last is None else last[0])
    if silent < SILENT_DAYS:
        return CALM["no_contact"]
    points = 5 if silent < 90 else 8 if silent < 180 else 10
    if last is None:
        return Finding("no_contact", points, _never_heard_words, (since, silent))
    return Finding("no_contact", points, _silent_words, (last[0], silent), (Ref("interaction", last[1]),))


def _never_heard_words(since: int, silent: int) -> str:
    return f"no contact on record in {silent} days, since {fmt.day(since)}"


def _silent_words(day: int, silent: int) -> str:
    return f"no contact for {silent} days, since {fmt.day(day)}"


# Payments and contract


class Unpaid(NamedTuple):
    """A payment that was due and not paid on the day."""

    id: int
    due: int
    failed: bool


def payment_late(unpaid: Sequence[Unpaid], through: int) -> Finding:
    """Failed, or past its due day, up to the last day that payments are known for."""
    if not unpaid:
        return CALM["payment_late"]
    oldest, failed = min(item.due for item in unpaid), sum(item.failed for item in unpaid)
    late = through - oldest
    if not failed and late < 3:
        return CALM["payment_late"]  # a transfer may be on its way
    return Finding(
        "payment_late",
        late_points(len(unpaid), late),
        _late_words,
        (len(unpaid), failed, oldest, late),
        tuple(Ref("payment", item.id) for item in unpaid),
    )


def late_points(count: int, late: int) -> int:
    """Points of so many dues unpaid, the oldest for `late` days."""
    return min(20, 10 + 3 * (count - 1) + (4 if late > 14 else 0) + (4 if late > 30 else 0))


def _late_words(count: int, failed: int, oldest: int, late: int) -> str:
    if failed == count:
        which = "the first" if count > 1 else "due"
        return f"{fmt.count(count, 'payment')} failed, {which} {fmt.day(oldest)}"
    return f"{fmt.count(count, 'invoice')} unpaid" + (f" ({failed} failed)" if failed else "") + f", {fmt.count(late, 'day')} overdue"


def contraction(now: Fraction | int, before: Fraction | int, day: int) -> Finding:
    """They pay at least a twentieth less than at some time in the last 90 days: `before`, until `day`. Any one unit for both."""
    if now * 20 > before * 19 or now <= 0:
        return CALM["contraction"]
    share = 1 - Fraction(now) / before
    return Finding("contraction", max(4, _scaled(15, share * Fraction(3, 2))), _contraction_words, (share, day))


def _contraction_words(share: Fraction, day: int) -> str:
    return f"MRR down {fmt.percent(share, 0)} since {fmt.day(day)}"


def renewal_near(due: int, day: int, row: int) -> Finding:
    """A term of a quarter or longer comes up for renewal."""
    left = due - day
    if left > RENEWAL_DAYS:
        return CALM["renewal_near"]
    points = 10 if left <= 14 else 8 if left <= 30 else 5
    return Finding("renewal_near", points, _renewal_words, (due,), (Ref("subscription", row),))


def _renewal_words(due: int) -> str:
    return f"renews on {fmt.day(due)}"


def scheduled_end(end: int, ending: Fraction | int, whole: Fraction | int, rows: tuple[Ref, ...]) -> Finding:
    """Cancelled and still in service: `ending` of the `whole` MRR, from `end` on."""
    share = Fraction(min(ending, whole)) / whole if whole > 0 else Fraction(1)
    return Finding("scheduled_end", max(20, _scaled(60, share)), _scheduled_words, (end, share), rows)


def _scheduled_words(end: int, share: Fraction) -> str:
    part = "" if share == 1 else f"{fmt.percent(share, 0)} of it "
    return f"cancelled, {part}ends {fmt.day(end)}"
