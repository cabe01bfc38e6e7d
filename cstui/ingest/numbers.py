"""Numbers as people and programs write them, to exact decimals, or not at all.

`float` and `Decimal` accept what no ledger means (`nan`, `1_000`) and refuse what many write (`۱۲۳٫۵`, `(5)`, `5-`): this is
the only reader of numbers. Knows nothing of columns but the decimal mark that a caller has found in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

from cstui.ingest.failures import Bad
from cstui.ingest.money_words import code_of, marked, name_of, shared_by

LONGEST = 40
"""Characters a number may have."""


class Mark(Enum):
    """What stands before the decimals in a column."""

    POINT = "."
    COMMA = ","
    UNKNOWN = ""
    MIXED = "mixed"


DIGITS = {ord(char): str(index % 10) for index, char in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
"""Arabic-Indic and Persian digits to ASCII, for `str.translate`."""

_LETTERS = DIGITS | {
    0x2212: "-",
    0x066A: "%",
    0x2019: "'",
    0x060C: ",",
    0x00A0: " ",
    0x2009: " ",
    0x202F: " ",
    **dict.fromkeys((0x200C, 0x200E, 0x200F, 0x061C, 0xFEFF)),
}
_ALIKE = {ord(char): "0" if digit == "0" else "1" for code, digit in DIGITS.items() for char in (chr(code), digit)}
"""Digits to those by which a number's marks are told: whether the one before a mark is 0."""
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?")
_SHAPE = re.compile(
    r"(?P<lead>%?)\s*(?P<sign>[+-]?)\s*(?P<before>[^\s0-9.,'٫٬+\-()%]*)\s*(?P<inner>-?)\s*"
    r"(?P<body>[0-9](?:[0-9.,'٫٬ ]*[0-9])?|[.,٫][0-9]+)\s*(?P<percent>%?)\s*(?P<after>[^\s0-9.,'٫٬+\-()%]*)\s*(?P<trailing>-?)"
)
_SEPARATORS = re.compile(r"[.,'٫٬ ]")
_NOT_A_NUMBER = Bad("not-a-number", "This is not a number. Write it like 1234.50.")


def decimal_of(text: str, mark: Mark = Mark.UNKNOWN, *, money: bool = False) -> Decimal | Bad:
    """The number in `text`, exactly. `money` takes a currency sign, and no percentage."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    parts = _parts(text)
    if parts is None:
        return _NOT_A_NUMBER
    if (parts["before"] or parts["after"]) and not (money and _signs_known(parts)):
        return _NOT_A_NUMBER
    if parts["percent"] and money:
        return Bad("not-a-number", "A percentage is not an amount.")
    plain = _unmark(parts["body"], mark)
    if isinstance(plain, Bad):
        return plain
    value = Decimal(plain)
    if parts["percent"]:
        value /= 100
    return -value if parts["negative"] else value


def currency_in(text: str) -> str | tuple[str, ...] | None:
    """The currency that an amount's own sign, name or code stands for: `€49`, `49 KWD`, `500 تومان`; None for `49`.

    Several for a name that they share: `500 ريال`, `$49`.
    """
    found = _name_in(text)
    return (code_of(found) or shared_by(found) or None) if found else None


def unit_in(text: str) -> str:
    """What an amount calls its currency, as it may be written behind another number; blank for `49`."""
    return name_of(_name_in(text))


def currencies_of(unit: str) -> frozenset[str]:
    """The currencies that a sign, a name or a code may stand for."""
    code = code_of(unit)
    return frozenset(shared_by(unit)) if code is None else frozenset((code,))


def _name_in(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return ""
    parts = _parts(text)
    return "" if parts is None else parts["before"] or parts["after"]


def mark_of(texts: Iterable[str]) -> Mark:
    """The decimal mark that the values of a column agree on, from those that leave no doubt."""
    found = set()
    for text in {text.translate(_ALIKE) for text in texts}:
        if not _PLAIN.fullmatch(text) or "." in text:
            parts = _parts(text)
            sure = parts and _evidence(parts["body"])
            if sure:
                found.add(sure)
    if len(found) > 1:
        return Mark.MIXED
    return found.pop() if found else Mark.UNKNOWN


def canonical(value: Decimal) -> str:
    """A decimal as it is kept: no exponent, no trailing zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def _parts(text: str) -> dict[str, str] | None:
    """Sign, currency, digits and percent of a number-like text. Exactly one way of writing negative is taken."""
    text = marked(text.translate(_LETTERS).strip())
    if len(text) > LONGEST:
        return None
    bracketed = len(text) > 2 and text[0] == "(" and text[-1] == ")"
    match = _SHAPE.fullmatch(text[1:-1].strip() if bracketed else text)
    if match is None:
        return None
    parts = match.groupdict()
    signs = [bracketed, *(parts[name] != "" for name in ("sign", "inner", "trailing"))]
    if sum(signs) > 1 or (parts["before"] and parts["after"]) or (parts["lead"] and parts["percent"]):
        return None
    parts["percent"] = parts["percent"] or parts["lead"]
    parts["negative"] = "-" if any(signs) and parts["sign"] != "+" else ""
    return parts


def _signs_known(parts: dict[str, str]) -> bool:
    found = parts["before"] or parts["after"]
    return code_of(found) is not None or bool(shared_by(found))


def _evidence(body: str) -> Mark | None:
    """The decimal mark that one number proves, or None. `1,234` proves nothing; `1,234,567` proves that it is the point."""
    marks = _SEPARATORS.findall(body)
    if not marks or marks[-1] not in ".,":
        return None
    last = marks[-1]
    if isinstance(_unmark(body, Mark.UNKNOWN), Bad):
        return None
    if marks.count(last) > 1:
        return Mark.POINT if last == "," else Mark.COMMA
    if len(marks) == 1 and _could_be_thousands(body, last):
        return None
    return Mark.POINT if last == "." else Mark.COMMA


def _could_be_thousands(body: str, mark: str) -> bool:
    before, _, after = body.partition(mark)
    return len(after) == 3 and 1 <= len(before) <= 3 and before != "0"


def _unmark(body: str, mark: Mark) -> str | Bad:
    """Digits with a point for decimals, thousands taken out where they stand right."""
    marks = _SEPARATORS.findall(body)
    if not marks:
        return body
    last = marks[-1]
    if last in "' ٬" or marks.count(last) > 1:
        return _ungroup(body, last) if set(marks) == {last} and last != "٫" else _NOT_A_NUMBER
    if len(marks) == 1 and last in ".," and _could_be_thousands(body, last):
        if mark is Mark.MIXED:
            return Bad("not-a-number", f"“{last}” could stand before decimals or thousands: the column has both. Write it like 1234.50.")
        if mark.value != last and (last == "," or mark is not Mark.UNKNOWN):
            return _ungroup(body, last)
    whole, _, decimals = body.rpartition(last)
    others = set(marks[:-1])
    if len(others) > 1:
        return _NOT_A_NUMBER
    plain = _ungroup(whole, others.pop()) if others else whole
    return plain if isinstance(plain, Bad) else f"{plain}.{decimals}"


def _ungroup(body: str, mark: str) -> str | Bad:
    """Without thousands marks, where every group is whole: three digits, or two before the last three as in India."""
    first, *rest = body.split(mark)
    western = 1 <= len(first) <= 3 and all(len(group) == 3 for group in rest)
    indian = mark == "," and 1 <= len(first) <= 2 and len(rest[-1]) == 3 and all(len(group) == 2 for group in rest[:-1])
    if not (western or indian):
        return Bad("not-a-number", f"The groups between “{mark}” are not thousands. Write it like 1234.50.")
    return first + "".join(rest)
