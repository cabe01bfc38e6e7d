"""The little that cstui takes from its surroundings: the day it is, and what the environment asks for.

Read by `cli` and `ui` only, and handed down as arguments: nothing below them asks the clock or the environment.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from cstui.base.days import parse_iso, to_date
from cstui.base.errors import UsageError


def today() -> date:
    """The local calendar day, or `CSTUI_TODAY` (YYYY-MM-DD) where it is set. Raises UsageError."""
    fixed = os.environ.get("CSTUI_TODAY")
    if not fixed:
        return date.today()  # noqa: DTZ011 - a person's own calendar day is meant
    try:
        return to_date(parse_iso(fixed))
    except UsageError as error:
        raise UsageError(f"CSTUI_TODAY: {error.message}") from None


def instant() -> str:
    """Now, as ISO 8601 in UTC to the second; the start of `CSTUI_TODAY` where it is set. Raises UsageError."""
    if os.environ.get("CSTUI_TODAY"):
        return f"{today().isoformat()}T00:00:00Z"
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
