"""What a customer or a subscription row is on a day, in the field's words. Shared by the list and the page; pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cstui.base.days import iso
from cstui.base.text import fold_search
from cstui.metrics.service import FOREVER, Span, SubscriptionRow

_ENDS = {
    "ended": "ended {day}",
    "period end": "cancelled, ended with its period {day}",
    "request": "ended {day} (date assumed: the day of the cancellation)",
    "delinquent": "churned {day}: past due too long",
    "paused": "paused since {day}",
    "changed": "replaced {day} by a later row",
    "trial": "in trial again since {day}",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: file and line, or the day it was entered by hand."""

    file: str | None
    line: int | None
    entered: int | None = None

    def to_json(self) -> dict[str, object]:
        """As commands.md has it."""
        if self.file is None and self.entered is not None:
            return {"entered": date(self.entered)}
        return {"file": self.file, "line": self.line}


def number(value: Fraction | None) -> float | None:
    """An exact value as JSON has it: rounded once, to 10 decimals."""
    return None if value is None else float(round(value, 10))


def date(day: int | None) -> str | None:
    """A day as JSON has it."""
    return None if day is None else iso(day)


def day_there(at: str, zone: str) -> str:
    """The day, as `YYYY-MM-DD`, that an instant falls on in a time zone; in UTC where the zone is not known here."""
    moment = datetime.fromisoformat(at)
    with suppress(ZoneInfoNotFoundError, ValueError):
        moment = moment.astimezone(ZoneInfo(zone))
    return moment.date().isoformat()


def is_lost(stage: str | None) -> bool:
    """Whether a customer's stage says that they were lost."""
    return stage is not None and fold_search(stage) == "lost"


def status_of(*, paying: bool, paid_before: bool, in_trial: bool, lost: bool) -> str:
    """A customer's status: what they pay outranks what was written about them."""
    if paying:
        return "active"
    if in_trial:
        return "trial"
    if paid_before:
        return "churned"
    return "lost" if lost else "lead"


def subscription_state(row: SubscriptionRow, span: Span | None, as_of: int, closed: tuple[int, bool] | None = None) -> str:
    """A subscription row in words, on the last day of the data; `closed`: as `metrics.service.trial_closed` has it."""
    if row.started_at > as_of:
        return f"starts {iso(row.started_at)}"
    if span is None:
        return _unpaid(row, as_of, closed)
    if span.pay > as_of:
        return f"in trial until {iso(span.pay)}"
    if span.end <= as_of:
        return _ended(span)
    if span.scheduled is not None:
        return f"paying; cancelled, ends {iso(span.scheduled)}"
    if span.how == "delinquent" and span.end == FOREVER:
        return "past due, since nobody knows when"
    if span.how == "delinquent":
        return f"past due; churns {iso(span.end)} unless it is paid"
    return "paying" if span.end == FOREVER else f"paying until {iso(span.end)}"


def _ended(span: Span) -> str:
    if span.how == "status":
        return f"cancelled {iso(span.end)}" + (" (date assumed: the last day of the data)" if span.assumed else "")
    assumed = " (date assumed: the last day of the data)" if span.assumed and span.how == "paused" else ""
    return _ENDS[span.how].format(day=iso(span.end)) + assumed


def _unpaid(row: SubscriptionRow, as_of: int, closed: tuple[int, bool] | None) -> str:
    """A row that never has MRR: a trial, a free plan, or one that was over before it began to pay."""
    trial_end, ended = row.trial_end, row.ended_at
    if closed is not None and closed[0] <= as_of:
        return f"trial lost {iso(closed[0])}" + (" (date assumed)" if closed[1] else "")
    if ended is not None and ended <= as_of:
        return f"ended {iso(ended)}, never paid"
    if row.next_start is not None and row.next_start <= as_of:
        return f"replaced {iso(row.next_start)} before it paid"
    if trial_end is not None and trial_end > as_of:
        ends = closed[0] if closed is not None else ended
        return f"in trial until {iso(trial_end)}" + (f"; ends {iso(ends)}" if ends is not None else "")
    if row.status == "trial":
        return "in trial, without an end date"
    if row.status in ("cancelled", "paused", "past_due"):
        return f"{row.status.replace('_', ' ')}, never paid"
    return "free"
