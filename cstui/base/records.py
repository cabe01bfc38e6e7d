"""The record kinds and their fields, declared once.

The schema test, the plain templates, header mapping, row validation and the README read these declarations. They say
what a column *is*, never how it is read (`ingest`) or kept (`store`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from cstui.base import synonyms


class Kind(StrEnum):
    """A kind of record, by its name in commands, JSON and templates."""

    CUSTOMERS = "customers"
    SUBSCRIPTIONS = "subscriptions"
    PAYMENTS = "payments"
    USAGE = "usage"
    INTERACTIONS = "interactions"
    SURVEYS = "surveys"
    TRAFFIC = "traffic"
    COSTS = "costs"
    EXCHANGE_RATES = "exchange_rates"


class Type(StrEnum):
    """What a cell may hold, and what it becomes."""

    ID = "id"
    """Text, never a number: `007` and `1E+05` stay as written."""
    TEXT = "text"
    """Text, trimmed."""
    DATE = "date"
    """A day: an int, days since 1970-01-01 in the workspace's time zone."""
    MONEY = "money"
    """An amount in the row's currency: an int of minor units."""
    COUNT = "count"
    """A whole number ≥ 0."""
    NUMBER = "number"
    """A decimal number, kept as text in canonical form (`Decimal`), for quantities, scores and rates."""
    CURRENCY = "currency"
    """A three-letter ISO 4217 code."""
    CHOICE = "choice"
    """One of `Field.choices`, synonyms folded."""
    SCALE = "scale"
    """The lowest and highest score of a survey: `0-10`."""


class Field(NamedTuple):
    """One column of a record kind."""

    name: str
    type: Type = Type.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    synonyms: Mapping[str, str] | None = None
    """Other words for a choice, folded, to the choice."""
    event: bool = False
    """A date on which something happened: it may move `as_of` (metrics.md, rule 2)."""
    filter: bool = False
    """A customer field that figures can be filtered and broken down by."""


class RecordKind(NamedTuple):
    """A kind's columns, in template order, and what identifies a row."""

    kind: Kind
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    own_id: str | None = None
    """The column that only rows of this kind have: a file with it is of this kind, whatever else it lacks."""
    any_of: tuple[str, ...] = ()
    """Columns of which there must be one."""
    telling: tuple[str, ...] = ()
    """Without one of these columns, a file that has others than the required ones is not taken for this kind unasked."""
    custom: bool = False
    """Unknown columns are kept as custom attributes."""

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in template order."""
        return tuple(field.name for field in self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the required columns."""
        return tuple(field.name for field in self.fields if field.required)


_T, _D = Type.TEXT, Type.DATE

RECORDS: Mapping[Kind, RecordKind] = {
    record.kind: record
    for record in (
        RecordKind(
            Kind.CUSTOMERS,
            (
                Field("customer_id", Type.ID, required=True),
                Field("name"),
                Field("email"),
                Field("stage", filter=True),
                Field("created_at", _D, event=True),
                Field("lost_at", _D, event=True),
                Field("segment", filter=True),
                Field("plan", filter=True),
                Field("region", filter=True),
                Field("country", filter=True),
                Field("industry", filter=True),
                Field("owner", filter=True),
                Field("channel", filter=True),
                Field("language", filter=True),
                Field("contact_preference", filter=True),
                Field("goal"),
            ),
            key=("customer_id",),
            custom=True,
        ),
        RecordKind(
            Kind.SUBSCRIPTIONS,
            (
                Field("subscription_id", Type.ID, required=True),
                Field("customer_id", Type.ID, required=True),
                Field("started_at", _D, required=True, event=True),
                Field("amount", Type.MONEY, required=True),
                Field("plan"),
                Field("currency", Type.CURRENCY),
                Field("interval", Type.CHOICE, choices=("day", "week", "month", "quarter", "year"), synonyms=synonyms.INTERVALS),
                Field("interval_count", Type.COUNT),
                Field("quantity", Type.NUMBER),
                Field("discount", Type.MONEY),
                Field(
                    "status",
                    Type.CHOICE,
                    choices=("active", "trial", "past_due", "paused", "cancelled"),
                    synonyms=synonyms.SUBSCRIPTION_STATUS,
                ),
                Field("trial_start", _D, event=True),
                Field("trial_end", _D),
                Field("status_since", _D, event=True),
                Field("cancel_requested_at", _D, event=True),
                Field("ended_at", _D, event=True),
                Field("current_period_end", _D),
            ),
            key=("subscription_id", "started_at"),
            own_id="subscription_id",
        ),
        RecordKind(
            Kind.PAYMENTS,
            (
                Field("payment_id", Type.ID, required=True),
                Field("customer_id", Type.ID, required=True),
                Field("amount", Type.MONEY, required=True),
                Field("paid_at", _D, event=True),
                Field("due_at", _D),
                Field("currency", Type.CURRENCY),
                Field("kind", Type.CHOICE, choices=("recurring", "one_off", "refund"), synonyms=synonyms.PAYMENT_KIND),
                Field("status", Type.CHOICE, choices=("paid", "open", "failed"), synonyms=synonyms.PAYMENT_STATUS),
                Field("source"),
            ),
            key=("payment_id",),
            own_id="payment_id",
            any_of=("paid_at", "due_at"),
        ),
        RecordKind(
            Kind.USAGE,
            (
                Field("customer_id", Type.ID, required=True),
                Field("date", _D, required=True, event=True),
                Field("user_id", Type.ID),
                Field("sessions", Type.COUNT),
                Field("minutes", Type.NUMBER),
                Field("events", Type.COUNT),
            ),
            key=("customer_id", "date", "user_id"),
            telling=("user_id", "sessions", "minutes", "events"),
        ),
        RecordKind(
            Kind.INTERACTIONS,
            (
                Field("interaction_id", Type.ID, required=True),
                Field("customer_id", Type.ID, required=True),
                Field("at", _D, required=True, event=True),
                Field("channel"),
                Field("direction", Type.CHOICE, choices=("in", "out"), synonyms=synonyms.DIRECTION),
                Field("kind"),
                Field("subject"),
                Field("status", Type.CHOICE, choices=("open", "solved"), synonyms=synonyms.TICKET_STATUS),
                Field("resolved_at", _D, event=True),
                Field("reopens", Type.COUNT),
                Field("owner"),
                Field("note"),
            ),
            key=("interaction_id",),
            own_id="interaction_id",
        ),
        RecordKind(
            Kind.SURVEYS,
            (
                Field("customer_id", Type.ID, required=True),
                Field("answered_at", _D, required=True, event=True),
                Field("kind", Type.CHOICE, required=True, choices=("nps", "csat", "ces"), synonyms=synonyms.SURVEY_KIND),
                Field("score", Type.NUMBER, required=True),
                Field("scale", Type.SCALE),
                Field("direction", Type.CHOICE, choices=("high_easy", "low_easy"), synonyms=synonyms.EFFORT),
                Field("survey"),
                Field("response_id", Type.ID),
                Field("respondent"),
                Field("touchpoint"),
                Field("comment"),
            ),
            key=("survey", "kind", "response_id"),
            own_id="response_id",
        ),
        RecordKind(
            Kind.TRAFFIC,
            (
                Field("date", _D, required=True, event=True),
                Field("channel"),
                Field("visits", Type.COUNT),
                Field("conversions", Type.COUNT),
                Field("leads", Type.COUNT),
            ),
            key=("date", "channel"),
            any_of=("visits", "conversions", "leads"),
        ),
        RecordKind(
            Kind.COSTS,
            (
                Field("date", _D, required=True, event=True),
                Field(
                    "category",
                    Type.CHOICE,
                    required=True,
                    choices=("sales", "marketing", "cost_of_revenue", "service", "other"),
                    synonyms=synonyms.CATEGORY,
                ),
                Field("amount", Type.MONEY, required=True),
                Field("cost_id", Type.ID),
                Field("currency", Type.CURRENCY),
                Field("channel"),
            ),
            key=("cost_id",),
            own_id="cost_id",
        ),
        RecordKind(
            Kind.EXCHANGE_RATES,
            (
                Field("date", _D, required=True),
                Field("from", Type.CURRENCY, required=True),
                Field("to", Type.CURRENCY, required=True),
                Field("rate", Type.NUMBER, required=True),
            ),
            key=("date", "from", "to"),
        ),
    )
}

FILTER_FIELDS: tuple[str, ...] = tuple(f.name for f in RECORDS[Kind.CUSTOMERS].fields if f.filter)
"""Declared customer fields that figures can be filtered and broken down by; custom attributes come on top."""
