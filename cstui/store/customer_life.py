"""The rows behind a customer's life: contacts, tickets, answers, use, edits by hand. Says which rows, never what they mean."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from cstui.store.sql import query


class InteractionRow(NamedTuple):
    """One contact, ticket or note. Days are day numbers."""

    id: int
    interaction_id: str
    at: int
    channel: str | None
    direction: str | None
    kind: str | None
    subject: str | None
    status: str | None
    resolved_at: int | None
    reopens: int | None
    owner: str | None
    note: str | None
    file: str | None
    line: int | None
    entered: int | None


class SurveyRow(NamedTuple):
    """One answer; the score as it was given."""

    id: int
    answered_at: int
    kind: str
    score: str
    scale: str
    direction: str | None
    survey: str | None
    respondent: str | None
    touchpoint: str | None
    comment: str | None
    file: str | None
    line: int | None
    entered: int | None


class UseRow(NamedTuple):
    """A user's month: one bit per active day, minutes in thousandths."""

    month: int
    user_id: int
    days: int
    sessions: int | None
    minutes: int | None
    events: int | None


class ChangeRow(NamedTuple):
    """An edit by hand."""

    id: int
    at: str
    field: str
    before: str | None
    after: str | None


def interactions(db: sqlite3.Connection, customer: int) -> list[InteractionRow]:
    """The customer's contacts, tickets and notes by day."""
    return [InteractionRow._make(row) for row in db.execute(query("customer_interactions"), {"id": customer})]


def surveys(db: sqlite3.Connection, customer: int) -> list[SurveyRow]:
    """The customer's answers by day."""
    return [SurveyRow._make(row) for row in db.execute(query("customer_surveys"), {"id": customer})]


def use(db: sqlite3.Connection, customer: int) -> list[UseRow]:
    """The customer's use by month and user."""
    span = used_months(db)
    if span is None:
        return []
    return [UseRow._make(row) for row in db.execute(query("customer_use"), {"id": customer, "first": span[0], "last": span[1]})]


def used_months(db: sqlite3.Connection) -> tuple[int, int] | None:
    """The first and last month that anybody's use is known of; None without any."""
    first, last = db.execute("SELECT (SELECT min(month) FROM usage_month), (SELECT max(month) FROM usage_month)").fetchone()
    return None if first is None else (int(first), int(last))


def changes(db: sqlite3.Connection, customer: int) -> list[ChangeRow]:
    """The customer's edits by hand that stand, oldest first."""
    return [ChangeRow._make(row) for row in db.execute(query("customer_changes"), {"id": customer})]
