"""One cell of a workbook: from how it is kept there to the text that a person reads in it.

Numbers stay the decimals that are written, dates become ISO dates by the workbook's epoch. Knows nothing of sheets and XML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from enum import Enum

_EXACT = 15
"""Digits of a number that a spreadsheet keeps; further ones come from its arithmetic."""
_LONGEST = 40
"""Digits before or after the point up to which a number is written out."""
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]*[1-9])?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_SPAN = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_COLUMN = re.compile(r"\$?([A-Za-z]{1,4})\$?[0-9]*")
_1900, _1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  # a spreadsheet has no time zone
_LAST_SERIAL = 2_958_466
_LEAP_THAT_WAS_NOT = 60
"""29 February 1900, which spreadsheets have and the calendar has not."""


class Style(Enum):
    """What a number is shown as."""

    NUMBER = "number"
    DATE = "date"
    SPAN = "span"
    """A duration: hours may pass 24."""


Fault = tuple[str, str]
"""Code and message."""


def text_of(
    kind: str, raw: str | None, rich: str | None, style: Style, strings: Sequence[str], *, from_1904: bool
) -> tuple[str, Fault | None]:
    """What a cell of that type says, and what is wrong with it."""
    if kind == "inlineStr":
        return unescaped(rich or ""), None
    if raw is None or not raw.strip():
        return "", None
    match kind:
        case "s":
            index = int(raw)
            if not 0 <= index < len(strings):
                raise ValueError(f"there is no string {index}")
            return strings[index], None
        case "str":
            return unescaped(raw), None
        case "b":
            return ("true" if raw.strip() in {"1", "true"} else "false"), None
        case "e":
            return raw, ("cell-error", f"The spreadsheet shows an error here: {raw[:20]}.")
        case "d":
            return raw.removesuffix("T00:00:00"), None
        case _:
            return _number(raw.strip(), style, from_1904=from_1904)


def column_of(where: str) -> int:
    """The number of a cell's column, from 1; 0 where it has none."""
    match = _COLUMN.fullmatch(where)
    number = 0
    for letter in match[1].upper() if match else "":
        number = number * 26 + ord(letter) - 64
    return number


def style_of(code: str) -> Style:
    """What a number format shows."""
    first = code.partition(";")[0]
    if _SPAN.search(first):
        return Style.SPAN
    bare = _QUOTED.sub("", first)
    return Style.DATE if re.search("[dmyhs]", bare, re.IGNORECASE) and bare.casefold() != "general" else Style.NUMBER


def unescaped(text: str) -> str:
    """`_x001B_` as the character it stands for. What a terminal could obey is made safe where text is cleaned."""
    return whole_characters(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def whole_characters(text: str) -> str:
    """Two halves of a character (surrogates) that belong together as that character; U+FFFD for one that stands alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def serial_date(serial: Decimal, *, from_1904: bool) -> datetime | None:
    """The moment of a serial number, to the second; None where the calendar has none."""
    if not 0 <= serial < _LAST_SERIAL or (not from_1904 and int(serial) == _LEAP_THAT_WAS_NOT):
        return None
    start = _1904 if from_1904 else _1900
    if not from_1904 and serial < _LEAP_THAT_WAS_NOT:
        start += timedelta(days=1)
    seconds = int((serial * 86400).to_integral_value(ROUND_HALF_EVEN))
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _number(raw: str, style: Style, *, from_1904: bool) -> tuple[str, Fault | None]:
    if style is Style.NUMBER and _PLAIN.fullmatch(raw) and len(raw) <= _EXACT + 1:
        return raw, None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return raw, ("not-a-number", "This is not a number, though the cell is one of numbers.")
    if not value.is_finite():
        return raw, ("not-a-number", "The cell holds no number (NaN or infinity).")
    if style is Style.DATE:
        moment = serial_date(value, from_1904=from_1904)
        if moment is None:
            return raw, ("not-a-date", "The cell is shown as a date, and its number is none.")
        return (moment.date().isoformat() if moment.time() == datetime.min.time() else moment.isoformat(" ")), None
    if style is Style.SPAN and value.adjusted() < _EXACT:
        seconds = int((value * 86400).to_integral_value(ROUND_HALF_EVEN))
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}", None
    return plain_decimal(value, raw), None


def plain_decimal(value: Decimal, raw: str) -> str:
    """A number as a spreadsheet shows it: 15 digits, no exponent, no zeros at the end."""
    if abs(value.adjusted()) > _LONGEST:
        return raw
    digits = len(value.as_tuple().digits)
    if digits > _EXACT and value != value.to_integral_value():
        value = Context(prec=_EXACT, rounding=ROUND_HALF_EVEN).plus(value)
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
