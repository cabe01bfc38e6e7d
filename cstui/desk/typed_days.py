"""Days and months as a person types them, read as imports read theirs: any digits, Jalali and Hijri years, months in words."""

from __future__ import annotations

import re

from cstui.base.days import iso, parse_iso, to_day
from cstui.base.errors import UsageError
from cstui.base.text import fold_key

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PART = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?", re.ASCII)


def typed_day(text: str) -> int:
    """A typed day. Raises UsageError."""
    written = fold_key(text).replace("−", "-")
    if _ISO.fullmatch(written) and not "1200" <= written[:4] <= "1599":  # the years that are of other calendars
        return parse_iso(written)
    from datetime import UTC

    from cstui.ingest.dates import Order, day_of, order_of
    from cstui.ingest.failures import Bad

    found = (
        Bad("", "")
        if written.isdecimal() and len(written) != 8
        else day_of(written, order if isinstance(order := order_of([written]), Order) else None, UTC)
    )
    if isinstance(found, Bad):
        if found.code == "constraint-error":
            raise UsageError(f"“{text.strip()}”: {found.message[0].lower()}{found.message[1:]}")
        raise UsageError(f"“{text.strip()}” is not a date; write it as YYYY-MM-DD, for example 2026-10-31, or as 1405-08-09.")
    return found


def refuse_jalali(text: str, option: str) -> None:
    """Figures go by Gregorian months: say which days a Jalali month or year is, and how to ask for them. Raises UsageError."""
    found = _PART.fullmatch(fold_key(text).replace("−", "-"))
    if found is None or not 1200 <= int(found[1]) <= 1599:
        return
    from cstui.ingest.calendars import JALALI_UNTIL, Calendar, date_in

    year, month = int(found[1]), int(found[2] or 1)
    if year > JALALI_UNTIL or not 1 <= month <= 12:
        return
    after = (year + 1, 1) if found[2] is None or month == 12 else (year, month + 1)
    first, last = to_day(date_in(Calendar.JALALI, year, month, 1)), to_day(date_in(Calendar.JALALI, *after, 1)) - 1
    what = "month" if found[2] else "year"
    raise UsageError(
        f"{option} {text}: figures go by Gregorian months, and this Jalali {what} is {iso(first)} to {iso(last)}. "
        f"Ask for these days with --from {iso(first)} --to {iso(last)}."
    )
