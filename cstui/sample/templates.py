"""Writes the sample company as the plain templates that anyone may write: CSV files, UTF-8, one header line each."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from cstui.base.days import iso, month_of
from cstui.sample import company
from cstui.sample.answers import Answer, answers
from cstui.sample.billing import Payment, payments
from cstui.sample.company import add_months
from cstui.sample.contacts import Contact, calls, tickets
from cstui.sample.life import Contract, Version, live
from cstui.sample.market import Cost, Traffic, costs, traffic
from cstui.sample.people import Person, people
from cstui.sample.story import Story, tell
from cstui.sample.use import Use, use

TEMPLATES = (
    "customers.csv", "subscriptions.csv", "payments.csv", "usage.csv", "interactions.csv", "surveys.csv", "traffic.csv", "costs.csv",
)  # fmt: skip
"""Names of the files, in the order in which they are imported."""

_CUSTOMERS = (
    "customer_id", "name", "email", "stage", "created_at", "lost_at", "segment", "plan", "region", "country", "industry", "owner",
    "channel", "language", "contact_preference", "goal", "seats_band", "platform",
)  # fmt: skip
_SUBSCRIPTIONS = (
    "subscription_id", "customer_id", "started_at", "amount", "plan", "currency", "interval", "interval_count", "quantity", "discount",
    "status", "trial_start", "trial_end", "status_since", "cancel_requested_at", "ended_at", "current_period_end",
)  # fmt: skip
_PAYMENTS = ("payment_id", "customer_id", "amount", "paid_at", "due_at", "currency", "kind", "status", "source")
_USAGE = ("customer_id", "date", "user_id", "sessions", "minutes")
_INTERACTIONS = (
    "interaction_id", "customer_id", "at", "channel", "direction", "kind", "subject", "status", "resolved_at", "reopens", "owner", "note",
)  # fmt: skip
_SURVEYS = (
    "customer_id", "answered_at", "kind", "score", "scale", "direction", "survey", "response_id", "respondent", "touchpoint", "comment",
)  # fmt: skip
_TRAFFIC = ("date", "channel", "visits", "conversions", "leads")
_COSTS = ("date", "category", "amount", "cost_id", "currency", "channel")
_INTERVALS = {1: "month", 3: "quarter", 12: "year"}
_BANDS = ((5, "1-5"), (15, "6-15"), (40, "16-40"))


def write(directory: Path) -> tuple[Path, ...]:
    """Writes the templates into an existing directory and returns their paths, in order of import."""
    found = people()
    lives = [(person, live(person)) for person in found]
    paid = [payment for person, contracts in lives for payment in payments(person, contracts)]
    stories = [story for person, contracts in lives if (story := tell(person, contracts)) is not None]
    contacts, said = _voices(stories)
    tables: tuple[tuple[Sequence[str], Iterable[Sequence[str]]], ...] = (
        (_CUSTOMERS, [_customer(person, contracts) for person, contracts in lives]),
        (_SUBSCRIPTIONS, _subscriptions([contract for _, contracts in lives for contract in contracts])),
        (_PAYMENTS, _payments(paid)),
        (_USAGE, _usage([line for story in stories for line in use(story)])),
        (_INTERACTIONS, _interactions(contacts)),
        (_SURVEYS, _surveys(said)),
        (_TRAFFIC, [_traffic(line) for line in traffic(found)]),
        (_COSTS, [_cost(line) for line in costs(_revenue(paid))]),
    )
    paths = tuple(directory / name for name in TEMPLATES)
    for path, (header, rows) in zip(paths, tables, strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    return paths


def _id(number: int) -> str:
    return f"c-{number}"


def _day(day: int | None) -> str:
    return "" if day is None else iso(day)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _customer(person: Person, contracts: list[Contract]) -> tuple[str, ...]:
    stage, lost = _stage(person, contracts)
    mains = [contract for contract in contracts if contract.main]
    plan = mains[-1].versions[-1].plan if mains else ""
    # The CRM knows the plan of managed accounts; for the others the latest subscription tells it.
    known = plan if plan in ("business", "enterprise") or len(mains) < len(contracts) else ""
    return (
        _id(person.number), person.name, person.email, stage,
        # A few old leads came from a spreadsheet without dates.
        "" if not contracts and person.number % 17 == 0 else iso(person.created_at),
        _day(lost), company.SEGMENT.get(plan, "small" if person.number % 3 else ""), known, person.region, person.country,
        person.industry or "", person.owner, person.channel, person.language, person.contact_preference or "", person.goal or "",
        _band(mains), person.platform,
    )  # fmt: skip


def _band(mains: list[Contract]) -> str:
    if not mains:
        return ""
    seats = mains[-1].versions[-1].seats
    return next((band for most, band in _BANDS if seats <= most), "41+")


def _stage(person: Person, contracts: list[Contract]) -> tuple[str, int | None]:
    """Where the company stands at the end of the data, and when a lead was given up."""
    chance = person.chance
    forgets, patience, given_up = chance.happens(0.2), chance.between(20, 90), chance.happens(0.8)
    mains = [contract for contract in contracts if contract.main]
    if not mains:
        lost = person.created_at + patience
        if given_up and lost <= company.THROUGH:
            return "lost", None if forgets and person.number % 5 == 0 else lost
        return ("visitor" if forgets else "lead"), None
    last = mains[-1]
    if last.trial is not None and (last.ended == last.pays_from or last.pays_from > company.THROUGH):
        lost = last.pays_from + patience // 4
        return ("lost", lost) if lost <= company.THROUGH else ("trial", None)
    return ("churned" if last.ended is not None and last.ended <= company.THROUGH else "customer"), None


def _subscriptions(contracts: list[Contract]) -> list[tuple[str, ...]]:
    numbered = sorted(contracts, key=lambda contract: (contract.versions[0].start, contract.person.number, not contract.main))
    rows = [
        (version.start, number, _subscription(f"s-{number:04d}", contract, index))
        for number, contract in enumerate(numbered, start=1)
        for index, version in enumerate(contract.versions)
    ]
    return [row for _, _, row in sorted(rows, key=lambda row: row[:2])]


def _subscription(name: str, contract: Contract, index: int) -> tuple[str, ...]:
    version = contract.versions[index]
    trial = contract.trial if index == 0 and contract.trial else (None, None)
    status, since, requested, ended, period_end = _state(contract) if version is contract.versions[-1] else ("", None, None, None, None)
    return (
        name, _id(contract.person.number), iso(version.start), _money(version.amount), version.plan, company.CURRENCY,
        _INTERVALS[version.term], "1" if version.term > 1 else "",
        str(version.seats) if contract.main or version.seats > 1 else "", _money(version.discount) if version.discount else "",
        status, _day(trial[0]), _day(trial[1]), _day(since), _day(requested), _day(ended), _day(period_end),
    )  # fmt: skip


def _state(contract: Contract) -> tuple[str, int | None, int | None, int | None, int | None]:
    """status, status_since, cancel_requested_at, ended_at, current_period_end of a contract's last version."""
    if contract.ended is not None and contract.ended <= company.THROUGH:
        return "cancelled", None, contract.requested, contract.ended, None
    if contract.ended is not None:
        # Some billing programs write the end they plan, others only that the period will be the last.
        # An end planned for the days before the import would pass for one that has happened, and move `as_of`.
        planned = contract.ended if contract.person.number % 2 and contract.ended > company.THROUGH + 3 else None
        return "active", None, contract.requested, planned, contract.ended
    if contract.unpaid_from is not None:
        return "past_due", contract.unpaid_from, None, None, contract.unpaid_from
    if contract.paused is not None:
        return "paused", contract.paused, None, None, contract.paused
    if contract.pays_from > company.THROUGH:
        return "trial", None, None, None, contract.pays_from
    return "active", None, None, None, _next_bill(contract.versions[-1])


def _next_bill(version: Version) -> int:
    term = 0
    while (day := add_months(version.anchor, term)) <= company.THROUGH:
        term += version.term
    return day


def _payments(found: list[Payment]) -> list[tuple[str, ...]]:
    ordered = sorted(found, key=lambda payment: (payment.day, payment.customer, payment.kind, payment.amount, payment.status))
    return [(f"p-{number:05d}", *_payment(payment)) for number, payment in enumerate(ordered, start=1)]


def _payment(payment: Payment) -> tuple[str, ...]:
    return (
        _id(payment.customer), _money(payment.amount), _day(payment.paid_at), _day(payment.due_at), company.CURRENCY, payment.kind,
        payment.status, payment.source,
    )  # fmt: skip


def _revenue(paid: list[Payment]) -> dict[int, int]:
    """Month → cents that came in."""
    found: Counter[int] = Counter()
    for payment in paid:
        if payment.paid_at is not None and payment.kind != "refund":
            found[month_of(payment.paid_at)] += payment.amount
    return found


def _voices(stories: list[Story]) -> tuple[list[Contact], list[Answer]]:
    """What was asked and said by all customers. Answers follow tickets, and some calls follow answers."""
    contacts: list[Contact] = []
    said: list[Answer] = []
    for story in stories:
        asked = tickets(story)
        told = answers(story, asked)
        contacts += [*asked, *calls(story, [answer.day for answer in told if answer.kind == "nps" and answer.score <= 6])]
        said += told
    return contacts, said


def _usage(lines: list[Use]) -> list[tuple[str, ...]]:
    return [
        (_id(line.customer), iso(line.day), f"u{line.user}" if line.user else "", str(line.sessions), str(line.minutes))
        for line in sorted(lines, key=lambda line: (line.day, line.customer, line.user))
    ]


def _interactions(contacts: list[Contact]) -> list[tuple[str, ...]]:
    ordered = sorted(contacts, key=lambda contact: (contact.at, contact.customer, contact.direction, contact.subject))
    return [(f"i-{number:04d}", *_interaction(contact)) for number, contact in enumerate(ordered, start=1)]


def _interaction(contact: Contact) -> tuple[str, ...]:
    return (
        _id(contact.customer), iso(contact.at), contact.channel, contact.direction, contact.kind, contact.subject, contact.status,
        _day(contact.resolved_at), "" if contact.reopens is None else str(contact.reopens), contact.owner, contact.note,
    )  # fmt: skip


def _surveys(said: list[Answer]) -> list[tuple[str, ...]]:
    ordered = sorted(said, key=lambda answer: (answer.day, answer.customer, answer.kind, answer.touchpoint, answer.respondent))
    return [_answer(f"r-{number:04d}", answer) for number, answer in enumerate(ordered, start=1)]


def _answer(name: str, answer: Answer) -> tuple[str, ...]:
    direction = "high_easy" if answer.kind == "ces" else ""
    return (
        _id(answer.customer), iso(answer.day), answer.kind, str(answer.score), answer.scale, direction, answer.survey, name,
        answer.respondent, answer.touchpoint, answer.comment,
    )  # fmt: skip


def _traffic(line: Traffic) -> tuple[str, ...]:
    return iso(line.day), line.channel, str(line.visits), str(line.conversions), str(line.leads)


def _cost(line: Cost) -> tuple[str, ...]:
    name = f"{iso(line.day)[:7]} {line.name}" + (f" {line.channel}" if line.category == "marketing" else "")
    return iso(line.day), line.category, _money(line.amount), name, company.CURRENCY, line.channel
