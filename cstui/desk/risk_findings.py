"""What every signal says of the customers asked about: the rows of the store given to the pure functions of `risk`.

One road for a hundred thousand customers and for one, so that the list and the page can't disagree. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.service import SubscriptionRow, past_due, span
from cstui.risk import signals
from cstui.risk.past_due import PastDue, with_past_due
from cstui.risk.signals import CALM, SIGNALS, Answer, Finding, Ref, Ticket, Unpaid, unknown
from cstui.risk.terms import next_due
from cstui.store.risk_facts import AnswerRow, Contacts, Paying, RiskFacts

_DIRECT = ("no_contact", "ticket_open", "ticket_reopened", "repeat_contacts")


class Said(NamedTuple):
    """One signal: what it says of some customers, and of all the others."""

    found: Mapping[int, Finding]
    otherwise: Finding


@dataclass(frozen=True, slots=True)
class Findings:
    """All signals of the customers asked about, as of one day."""

    paying: Mapping[int, Paying]
    said: Mapping[str, Said]
    ends: Mapping[int, int]
    """Customer → the day a cancelled service ends."""
    renews: Mapping[int, int]
    """Customer → the end of the running term, of those who pay for a quarter or longer."""
    lapses: Mapping[int, int]
    """Customer → the day they count as lapsed unless they buy, in repeat-purchase mode."""

    def of(self, customer: int) -> list[Finding]:
        """What each signal says of one customer."""
        return [said.found.get(customer, said.otherwise) for said in self.said.values()]


def findings(facts: RiskFacts, ids: Collection[int] | None, *, far: bool = True) -> Findings:
    """Judge every signal for the paying customers among `ids` (None: the view's); without `far`, terms far from their end are left out."""
    if ids is None:
        ids = facts.facts.selected()
    paying = facts.paying(ids, signals.CONTRACTION_DAYS)
    ends, scheduled = _scheduled(facts, ids, paying)
    renews, near = _renewals(facts, ids, paying, ends, far=far)
    contacts = facts.contacts(ids) if facts.covered("interactions") is not None else None
    by_purchase = facts.facts.mode == REPEAT_PURCHASE
    lapses, gaps = _gaps(facts, paying) if by_purchase else ({}, None)
    contract = (
        {"scheduled_end": scheduled, "renewal_near": near, "contraction": _contraction(paying)} if gaps is None else {"purchase_gap": gaps}
    )
    said = {
        **contract,
        "usage_drop": _usage(facts, ids, paying),
        "payment_late": _payments(facts, ids, paying),
        **_voices(facts, ids, paying, contacts),
        **_contacts(facts, ids, paying, contacts),
    }
    return Findings(paying, {signal.id: said[signal.id] for signal in SIGNALS if signal.id in said}, ends, renews, lapses)


def _scheduled(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying]) -> tuple[dict[int, int], Said]:
    ending: dict[int, list[tuple[int, Fraction | int, int]]] = {}
    for row in facts.cancelled(ids):
        service = span(row, facts.known)
        if service is not None and service.scheduled is not None and service.pay <= facts.day and row.customer_id in paying:
            level = facts.worth(service.level, row.currency) or 0
            ending.setdefault(row.customer_id, []).append((service.scheduled, level, row.id))
    found = {}
    for customer, rows in ending.items():
        whole = 0 if paying[customer].elsewhere else paying[customer].level
        refs = tuple(Ref("subscription", row) for _, _, row in rows)
        first = min(end for end, _, _ in rows)
        found[customer] = signals.scheduled_end(first, sum(level for _, level, _ in rows), whole, refs)
    return {customer: min(end for end, _, _ in rows) for customer, rows in ending.items()}, Said(found, CALM["scheduled_end"])


def _renewals(
    facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying], ends: Mapping[int, int], *, far: bool
) -> tuple[dict[int, int], Said]:
    due: dict[int, tuple[int, int]] = {}
    near = facts.day + signals.RENEWAL_DAYS
    for row in facts.terms(ids):
        customer = row.customer_id
        if customer not in paying or customer in ends:
            continue
        day = _due(row, facts)
        if (day <= near or far) and (customer not in due or (day, row.id) < due[customer]):
            service = span(row, facts.known)
            if service is not None and service.pay <= facts.day < service.end:
                due[customer] = (day, row.id)
    found = {customer: signals.renewal_near(day, facts.day, row) for customer, (day, row) in due.items() if day <= near}
    return {customer: day for customer, (day, _) in due.items()}, Said(found, CALM["renewal_near"])


def _due(row: SubscriptionRow, facts: RiskFacts) -> int:
    """The end of the running term: as stated, which carries no date and so speaks for the present only, or reckoned."""
    if facts.own and row.current_period_end is not None and row.current_period_end > facts.day:
        return row.current_period_end
    pay = row.trial_end if row.trial_end is not None and row.trial_end > row.started_at else row.started_at
    return next_due(pay, row.interval or "month", row.interval_count if row.interval_count is not None else 1, facts.day)


def _gaps(facts: RiskFacts, paying: Mapping[int, Paying]) -> tuple[dict[int, int], Said]:
    """Silence since the last purchase: the contract of those who have none."""
    buying = facts.facts.buying()
    last = {customer: buying.stays(customer)[-1] for customer in paying}
    lapses = {customer: stay.lapses for customer, stay in last.items() if stay.lapses is not None}
    quiet = {customer: stay for customer, stay in last.items() if stay.limit is not None and (buying.through - stay.day) * 2 > stay.limit}
    rows = facts.facts.purchase_ids([(customer, stay.day) for customer, stay in quiet.items()])
    found = {
        customer: signals.purchase_gap(stay.day, stay.limit or 0, stay.own, buying.through, rows[customer, stay.day])
        for customer, stay in quiet.items()
    }
    unknown_yet = {
        customer: unknown("purchase_gap", "nobody has bought twice yet") for customer, stay in last.items() if stay.limit is None
    }
    return lapses, Said(found | unknown_yet, CALM["purchase_gap"])


def _contraction(paying: Mapping[int, Paying]) -> Said:
    found: dict[int, Finding] = {}
    for customer, one in paying.items():
        if one.mixed or one.elsewhere:
            found[customer] = unknown("contraction", "MRR in other currencies is not compared")
        elif one.top > one.level:
            found[customer] = signals.contraction(one.level, one.top, one.fell)
    return Said(found, CALM["contraction"])


def _usage(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying]) -> Said:
    covered = facts.covered("usage")
    if covered is None:
        return Said({}, unknown("usage_drop", "no usage imported"))
    begun, through = covered
    first = through - signals.WINDOW + 1
    masks = facts.usage(ids, first, through)
    begun = max(begun, first)
    found = {}
    for customer, one in paying.items():
        days = through + 1 - (max(begun, one.since))
        finding = signals.usage_drop(masks.get(customer, 0), days, through)
        if finding.points != 0:
            found[customer] = finding
    return Said(found, CALM["usage_drop"])


def _payments(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying]) -> Said:
    late = _late(facts, ids, paying)
    held: dict[int, list[PastDue]] = {}
    undated: set[int] = set()
    for row in facts.past_due(ids):
        if row.customer_id not in paying:
            continue
        if not facts.own and row.status_since is None:
            undated.add(row.customer_id)
        elif past_due(row, facts.known):
            # Without its own date, the status began with the end of the period that was paid; one still to come says nothing of that.
            since = row.status_since if row.status_since is not None else row.current_period_end
            held.setdefault(row.customer_id, []).append(PastDue(row.id, since if since is not None and since <= facts.day else None))
    worse = {customer: with_past_due(late.found.get(customer), rows, facts.day) for customer, rows in held.items()}
    said = {**late.found, **worse}
    why = unknown("payment_late", "a status of past due carries no date: not known of a past day")
    said |= {customer: why for customer in undated if not _points(said.get(customer))}
    return Said(said, late.otherwise)


def _late(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying]) -> Said:
    covered = facts.covered("payments")
    if covered is None:
        return Said({}, unknown("payment_late", "no payments imported"))
    through = covered[1]
    late = facts.unpaid(ids, through - signals.UNPAID_DAYS, through)
    found = {
        customer: signals.payment_late([Unpaid(row, due, bool(failed)) for row, due, failed in rows], through)
        for customer, rows in late
        if customer in paying
    }
    return Said(found, CALM["payment_late"])


def _voices(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying], contacts: Contacts | None) -> dict[str, Said]:
    contacts_through = through[1] if (through := facts.covered("interactions")) is not None else None
    names = {"nps": "nps_low", "csat": "csat_low", "ces": "ces_hard"}
    missing = {
        kind: f"no {kind.upper()} answer in {signals.ANSWER_DAYS} days" if facts.asked(kind) else f"no {kind.upper()} answers imported"
        for kind in names
    }
    found: dict[str, dict[int, Finding]] = {kind: {} for kind in names}
    detractor, thresholds = facts.facts.switches.detractor, facts.facts.switches.thresholds
    for customer, rows in facts.answers(ids, facts.day - signals.ANSWER_DAYS):
        if customer not in paying:
            continue
        by_kind: dict[str, list[Answer]] = {rows[0][2]: [_answer(rows[0])]}
        for row in rows[1:]:
            by_kind.setdefault(row[2], []).append(_answer(row))
        for kind, answers in by_kind.items():
            if kind == "nps":
                sent = contacts[customer][2] if contacts is not None and customer in contacts else None
                found[kind][customer] = signals.nps_low(answers, sent, contacts_through, detractor)
            elif kind == "csat":
                found[kind][customer] = signals.csat_low(answers, thresholds)
            elif kind == "ces":
                found[kind][customer] = signals.ces_hard(answers)
    return {names[kind]: Said(found[kind], unknown(names[kind], missing[kind])) for kind in names}


def _answer(row: AnswerRow) -> Answer:
    _, number, _, day, score, scale, direction, respondent = row
    return Answer(number, day, int(score) if score.isdecimal() else Fraction(score), *_ends(scale), direction != "low_easy", respondent)


@cache
def _ends(scale: str) -> tuple[int, int]:
    low, _, high = scale.partition("-")
    return int(low), int(high)


def _contacts(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying], contacts: Contacts | None) -> dict[str, Said]:
    covered = facts.covered("interactions")
    if covered is None or contacts is None:
        return {name: Said({}, unknown(name, "no interactions imported")) for name in _DIRECT}
    begun, through = covered
    found: dict[str, dict[int, Finding]] = {name: {} for name in _DIRECT}
    for customer, rows in facts.tickets(ids, through - signals.TICKET_DAYS, through - signals.REPEAT_DAYS):
        if customer not in paying:
            continue
        tickets = [Ticket(row, day, bool(inbound), bool(held), reopens) for row, day, inbound, held, reopens in rows]
        found["ticket_open"][customer] = signals.ticket_open(tickets, facts.day)
        found["ticket_reopened"][customer] = signals.ticket_reopened(tickets)
        found["repeat_contacts"][customer] = signals.repeat_contacts(tickets, through)
    recently = through - signals.SILENT_DAYS
    for customer, one in paying.items():
        latest = contacts.get(customer)
        if latest is None:
            finding = signals.no_contact(None, max(begun, one.since), through)
        elif latest[0] > recently:
            continue
        else:
            finding = signals.no_contact(latest[:2], begun, through)
        if finding.points:
            found["no_contact"][customer] = finding
    return {name: Said(found[name], CALM[name]) for name in _DIRECT} | _undated(facts, ids, paying, found["ticket_open"])


def _undated(facts: RiskFacts, ids: Collection[int] | None, paying: Mapping[int, Paying], held: Mapping[int, Finding]) -> dict[str, Said]:
    """What is not known of tickets: of a past day how often one was reopened, and whether one was open that was solved without a date."""
    if facts.own:
        return {} if facts.reopens_recorded() else {"ticket_reopened": Said({}, unknown("ticket_reopened", "no reopenings imported"))}
    why = unknown("ticket_open", "a ticket was solved, nobody knows when: not known of a past day")
    solved = {customer: why for customer in facts.solved_undated(ids) if customer in paying and not _points(held.get(customer))}
    return {
        "ticket_reopened": Said({}, unknown("ticket_reopened", "reopenings carry no date: not known of a past day")),
        "ticket_open": Said({**held, **solved}, CALM["ticket_open"]),
    }


def _points(finding: Finding | None) -> int:
    return 0 if finding is None else finding.points or 0
