"""What happened to one customer, in order: what records say, how MRR moved, what was paid, said, answered and used. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from json import loads
from typing import NamedTuple

from cstui.base.days import iso, month_start, parse_iso
from cstui.base.money import SCALE, to_major
from cstui.desk.customer_words import Source
from cstui.metrics.journey import is_ticket
from cstui.store.customer_life import ChangeRow, InteractionRow, SurveyRow, UseRow
from cstui.store.customers import PaymentRow, StepRow

GROUPS = ("contacts", "tickets", "money", "scores", "plan")
"""What the timeline can be narrowed to; use and edits by hand show only in the whole of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    day: int
    what: str
    """`created`, `lost`, `subscription_started`, `trial_started`, `cancel_requested`, `first_paid`, `expansion`, `contraction`,
    `churned`, `returned`, `paid`, `refunded`, `payment_open`, `payment_failed`, `contact`, `note`, `ticket_opened`, `ticket_solved`,
    `survey`, `used`, `edited`."""
    detail: str | None = None
    amount: Fraction | None = None
    """The payment, or MRR after the change."""
    currency: str | None = None
    group: str = "plan"
    """One of `GROUPS`, or `use` or `facts`."""
    source: Source | None = None
    """The row it was read from; None: worked out from several."""
    text: str | None = None
    """What was said or written, in full."""

    @property
    def by_hand(self) -> bool:
        """Entered by a person, not imported."""
        return self.source is not None and self.source.file is None and self.source.entered is not None


class Life(NamedTuple):
    """The rows beside subscriptions and payments."""

    contacts: Sequence[InteractionRow] = ()
    surveys: Sequence[SurveyRow] = ()
    use: Sequence[UseRow] = ()
    changes: Sequence[ChangeRow] = ()


_PAYMENT_WORDS = {"paid": "paid", "open": "payment_open", "failed": "payment_failed"}


NOBODY = Life()


def timeline(
    said: Iterable[Event], steps: Sequence[StepRow], payments: Iterable[PaymentRow], as_of: int, life: Life = NOBODY
) -> tuple[Event, ...]:
    """Everything up to `as_of`, and what was entered by hand since, newest first; of one day, records, MRR, payments, then the rest."""
    events = [*said, *_mrr_events(steps), *_payment_events(payments)]
    events += [event for row in life.contacts for event in _contact_events(row)]
    events += [
        *map(_survey_event, life.surveys),
        *_use_events(life.use),
        *(_edit_event(row) for row in life.changes if row.field != "interaction"),
    ]
    return tuple(sorted((event for event in events if event.day <= as_of or event.by_hand), key=lambda event: -event.day))


def _contact_events(row: InteractionRow) -> list[Event]:
    """A note, a contact, or a ticket's opening and its solution."""
    source = Source(row.file, row.line, row.entered)
    if not is_ticket(row.kind, row.status, row.resolved_at, row.reopens):
        what = "note" if row.kind == "note" else "contact"
        kind = None if row.kind in ("note", "contact", row.channel) else row.kind
        towards = {"in": "from them", "out": "to them"}.get(row.direction or "")
        by = row.owner and f"by {row.owner}"
        return [Event(row.at, what, _joined(row.channel, towards, kind, row.subject, by), group="contacts", source=source, text=row.note)]
    again = f"reopened {'once' if row.reopens == 1 else f'{row.reopens} times'}" if row.reopens else None
    still = "still open" if row.status == "open" else None
    subject = row.subject or row.interaction_id
    events = [Event(row.at, "ticket_opened", _joined(subject, row.channel, again, still), group="tickets", source=source, text=row.note)]
    if row.resolved_at is not None:
        events.append(Event(row.resolved_at, "ticket_solved", _joined(subject, row.owner), group="tickets", source=source))
    return events


def _survey_event(row: SurveyRow) -> Event:
    source = Source(row.file, row.line, row.entered)
    detail = _joined(f"{row.kind.upper()} {row.score} of {row.scale}", row.touchpoint, row.respondent)
    return Event(row.answered_at, "survey", detail, group="scores", source=source, text=row.comment)


def _use_events(use: Sequence[UseRow]) -> list[Event]:
    """One line a month, on its last active day."""
    events = []
    for month, group in groupby(use, key=lambda row: row.month):
        rows, bits = list(group), 0
        for row in rows:
            bits |= row.days
        if bits:
            minutes = sum(row.minutes for row in rows if row.minutes is not None)
            people = len({row.user_id for row in rows if row.user_id})
            detail = _joined(
                _counted(bits.bit_count(), "active day"),
                _counted(people, "user") if people else None,
                f"{minutes // 1000:,} min" if minutes else None,
            )
            events.append(Event(month_start(month) + bits.bit_length() - 1, "used", detail, group="use"))
    return events


def _edit_event(row: ChangeRow) -> Event:
    day = parse_iso(row.at[:10])
    before, after = (_shown(value) for value in (row.before, row.after))
    words = f"{row.field.removeprefix('pin:')} unpinned" if row.field.startswith("pin:") else f"{row.field}: {before} → {after}"
    return Event(day, "edited", words, group="facts", source=Source(None, None, day))


def _shown(state: str | None) -> str:
    value = loads(state)[0] if state else None
    if value is None:
        return "(empty)"
    return iso(value) if isinstance(value, int) else str(value)


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def _joined(*parts: str | None) -> str | None:
    return " · ".join(part for part in parts if part) or None


def _payment_events(payments: Iterable[PaymentRow]) -> list[Event]:
    events = []
    for row in payments:
        due = row.due_at if row.status != "paid" or row.paid_at is None else row.paid_at
        day = row.paid_at if due is None else due
        if day is not None:
            what = "refunded" if row.status == "paid" and row.kind == "refund" else _PAYMENT_WORDS[row.status]
            source = Source(row.file, row.line, row.entered)
            events.append(Event(day, what, row.payment_id, to_major(row.amount, row.currency), row.currency, "money", source))
    return events


def _mrr_events(steps: Sequence[StepRow]) -> list[Event]:
    """The customer's MRR changes by currency. Leaving and returning are judged over all currencies, at the end of a day."""
    events = []
    levels: dict[str, int] = {}
    paid = False
    for day, group in groupby(sorted(steps, key=lambda step: (step.day, step.currency)), key=lambda step: step.day):
        before = dict(levels)
        levels.update((step.currency, step.level) for step in group)
        for currency, level in levels.items():
            if level != before.get(currency, 0):
                what = _movement(before, levels, currency, paid)
                events.append(Event(day, what, None, to_major(Fraction(level, SCALE), currency), currency, "money"))
        paid = paid or any(levels.values())
    return events


def _movement(before: Mapping[str, int], after: Mapping[str, int], currency: str, paid: bool) -> str:
    if not any(after.values()):
        return "churned"
    if not any(before.values()):
        return "returned" if paid else "first_paid"
    return "expansion" if after[currency] > before.get(currency, 0) else "contraction"
