"""A column's texts to values: one memo per column, so that each distinct text is understood once.

What a text means depends on the column it stands in (order of day and month, decimal mark), never on its row; money alone
also depends on the row's currency. Knows nothing of files or rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from cstui.base.cells import unguarded
from cstui.base.money import LARGEST, exponent, to_minor
from cstui.base.records import Field, Type
from cstui.base.scores import parse_scale, scale_text
from cstui.base.text import clean, fold_choice, fold_key
from cstui.ingest.dates import Order, day_of
from cstui.ingest.failures import FORGOTTEN, Bad
from cstui.ingest.money_words import TOMAN, code_of, marked, shared_by
from cstui.ingest.numbers import Mark, canonical, decimal_of

LONGEST_CELL = 131_072
"""Characters a cell may have; a row with a longer one is refused."""
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}|[0-9]{15}0+(?:\.0+)?")
_EXPONENT_SOMEWHERE = re.compile(r"[eE](?<=[0-9].)\+?[0-9]")
_LONG_SOMEWHERE = re.compile(r"[0-9]{15}0")
_LEAST_LONG = 16
_FEW = 7
_LARGEST_COUNT = 1_000_000_000
_LARGEST_SCALE = 100
NAMING = frozenset(("customer_id", "email", "respondent"))
"""Fields that may name a customer who was forgotten."""
FORGOTTEN_ROW = Bad(FORGOTTEN, "This customer was forgotten, and is not brought back unasked.")
_TEN_RIALS = "A toman is ten rials, so it could be ten times as much. Write both in the same unit."
_TOO_LONG = Bad("constraint-error", f"The cell has more than {LONGEST_CELL:,} characters.")

Reader = Callable[[str], object]
"""A cleaned, not empty text to its value, or to a Bad."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What reading needs to know of the workspace and the request."""

    zone: tzinfo
    currency: str
    """For rows that name none."""
    order: Order | None
    """`--dates`."""
    clear: bool = False
    day: int = 0
    """The day of the import."""
    forgotten: Callable[[str], bool] | None = None
    """Whether an id or an e-mail address is of a customer who was forgotten; None where nobody was."""
    from_1904: bool = False
    """Whether a table's serial dates count from 1904."""

    def gone(self, text: str) -> bool:
        """Whether an id or an e-mail address is of a customer who was forgotten."""
        return self.forgotten is not None and self.forgotten(text)


class Memo(dict[str, object]):
    """Raw cell → value (None for an empty one, a Bad for one that can't be). `bad` is set once there is a Bad among the values."""

    def __init__(self, reader: Reader) -> None:
        super().__init__({"": None})
        self._reader = reader
        self.bad = False

    def __missing__(self, raw: str) -> object:
        text = kept_text(raw)
        value = None if text is None else _TOO_LONG if len(raw) > LONGEST_CELL else self._reader(text)
        self.bad = self.bad or isinstance(value, Bad)
        self[raw] = value
        return value


def kept_text(raw: str) -> str | None:
    """A cell as it is kept: without the quote that guards a spreadsheet formula, cleaned, or None when nothing is left."""
    return clean(unguarded(raw) if raw[:1] == "'" else raw) or None


def texts(column: tuple[str, ...], memo: Memo) -> list[object]:
    """A whole column of text. Most columns are plain ASCII and need no look at each cell."""
    return [cell or None for cell in column] if all_plain(column) else list(map(memo.__getitem__, column))


def all_plain(cells: Sequence[str]) -> bool:
    """Whether each cell is short ASCII that is kept as it stands; an empty one is."""
    joined = "".join(cells)
    plain = joined.isascii() and joined.isprintable() and " " not in joined and "'" not in joined
    return plain and (len(joined) <= LONGEST_CELL or max(map(len, cells)) <= LONGEST_CELL)


def plain(cell: str) -> bool:
    """Whether a cell is ASCII that is kept as it stands; an empty one is. `all_plain` tells of many in less time."""
    return cell.isascii() and cell.isprintable() and " " not in cell and "'" not in cell and len(cell) <= LONGEST_CELL


def rounded(column: Iterable[str]) -> list[int]:
    """The rows of a column of ids whose id looks as if a spreadsheet had taken it for a number and rounded it."""
    cells = list(column)
    together = "\n".join(cells)
    long = max(map(len, cells), default=0) >= _LEAST_LONG and _LONG_SOMEWHERE.search(together)
    exponent_sign = "E" in together or "e" in together  # most columns have neither, and a search takes ten times as long
    if not long and not (exponent_sign and _EXPONENT_SOMEWHERE.search(together)):
        return []
    return [row for row, cell in enumerate(cells) if looks_rounded(cell)]


def looks_rounded(cell: str) -> bool:
    """`1E+05`, and more than 15 digits of which those beyond are zeros."""
    return _ROUNDED.fullmatch(cell.strip()) is not None


def reader_of(field: Field, settings: Settings, order: Order | None, mark: Mark) -> Reader:
    """How a cell of the field is read in its column. Money is read to a Decimal: its currency is the row's."""
    if settings.forgotten is not None and field.name in NAMING:
        return _unforgotten(settings.forgotten, _id if field.type is Type.ID else _text)
    readers: Mapping[Type, Reader] = {
        Type.ID: _id,
        Type.DATE: lambda text: day_of(text, order, settings.zone, from_1904=settings.from_1904),
        Type.MONEY: lambda text: decimal_of(text, mark, money=True),
        Type.NUMBER: lambda text: _number(text, mark),
        Type.COUNT: lambda text: _count(text, mark),
        Type.CURRENCY: lambda text: currency_of(text, settings.currency),
        Type.SCALE: _scale,
    }
    return _chooser(field) if field.type is Type.CHOICE else readers.get(field.type, _text)


def minor_of(value: object, currency: str) -> object:
    """A Decimal of major units as an int of minor ones, or why not; anything else as it is."""
    if not isinstance(value, Decimal):
        return value
    if currency == TOMAN:
        value, currency = value * 10, "IRR"
    whole = to_minor(value, currency)
    if whole is None:
        return Bad("constraint-error", f"{currency} has {exponent(currency)} decimals, and this has more.")
    if abs(whole) > LARGEST:
        return Bad("constraint-error", "The amount is out of range.")
    return whole


def currency_of(text: str, own: str | None = None) -> object:
    """A currency code, or a name that stands for one alone, or that the workspace's own shares; TOMAN too."""
    sign = marked(text)
    code = code_of(sign)
    if code is None and own in shared_by(sign):
        code = own
    if code is None and shared_by(sign):
        return Bad("not-a-currency", f"Several currencies are called so: write which, like {' or '.join(shared_by(sign)[:2])}.")
    return code or Bad("not-a-currency", "This is not a currency code of ISO 4217. Write it like USD.")


def contradiction(one: str, its: object, other: str, others: object) -> Bad:
    """Why an amount of which two units are said is refused."""
    said, told = ("tomans" if code == TOMAN else code[0] if isinstance(code, tuple) else code for code in (its, others))
    rial = "IRR" in {its, others} or (isinstance(its, tuple) and "IRR" in its)
    if not (rial and TOMAN in {its, others}):
        return Bad("constraint-error", f"The {one} says {said}, the {other} {told}.")
    said, told = ("tomans", "rials") if its == TOMAN else ("rials", "tomans")
    return Bad("constraint-error", f"The {one} says {said}, the {other} {told}. {_TEN_RIALS}")


def shared_name(codes: Sequence[str]) -> Bad:
    """Why an amount whose currency several are called by is refused."""
    said, more = " or ".join(f"--set currency={code}" for code in codes[:2]), " …" if len(codes) > _FEW else ""
    return Bad("not-a-currency", f"Several currencies are called so: {', '.join(codes[:_FEW])}{more}. Say which is meant: {said}.")


def out_of_toman(currencies: list[object]) -> list[object]:
    """Currencies of rows whose amounts have been read: what is counted in tomans is kept in rials."""
    return ["IRR" if code == TOMAN else code for code in currencies] if TOMAN in currencies else currencies


def constant_of(field: Field, text: str, settings: Settings) -> object:
    """The value of `--set FIELD=TEXT`; a Bad where the text can't be one. Money stays a Decimal."""
    cleaned = kept_text(text)
    if cleaned is None:
        return Bad("missing-value", "It is empty.")
    return reader_of(field, settings, settings.order, Mark.UNKNOWN)(cleaned)


def _scale(text: str) -> object:
    found = parse_scale(text)
    if found is None or found[1] > _LARGEST_SCALE:
        return Bad("not-a-choice", "A scale is its lowest and its highest score. Write it like 0-10.")
    return scale_text(found)


def _unforgotten(forgotten: Callable[[str], bool], reader: Reader) -> Reader:
    def read(text: str) -> object:
        return FORGOTTEN_ROW if forgotten(text) else reader(text)

    return read


def _text(text: str) -> object:
    return text


def _id(text: str) -> object:
    return text if fold_key(text) else Bad("missing-value", "The id has no character that can be seen.")


def _chooser(field: Field) -> Reader:
    words: Mapping[str, str] = {fold_choice(choice): choice for choice in field.choices} | {
        fold_choice(word): choice for word, choice in (field.synonyms or {}).items()
    }
    how = f"Say what it means: --map {field.name}:WORD={field.choices[0]}, or w where columns are mapped."
    bad = Bad("not-a-choice", f"This is none of {', '.join(field.choices)}. {how}")
    return lambda text: words.get(fold_choice(text), bad)


def _number(text: str, mark: Mark) -> object:
    value = decimal_of(text, mark)
    if isinstance(value, Bad):
        return value
    return canonical(value) if value >= 0 else Bad("constraint-error", "The number is negative.")


def _count(text: str, mark: Mark) -> object:
    value = decimal_of(text, mark)
    if isinstance(value, Bad):
        return value
    if value < 0:
        return Bad("constraint-error", "The count is negative.")
    if value != int(value):
        return Bad("not-a-number", "A count is a whole number.")
    return int(value) if value <= _LARGEST_COUNT else Bad("constraint-error", "The count is out of range.")
