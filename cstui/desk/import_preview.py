"""What a preview shows of a file: its columns with their fields and types, and its first rows as they will be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import loads

from cstui.base.days import iso
from cstui.base.money import exponent
from cstui.base.records import Type
from cstui.base.text import clean
from cstui.desk.importing import ColumnPreview
from cstui.ingest.customers import Mention
from cstui.ingest.faults import shown
from cstui.ingest.headers import Plan
from cstui.ingest.parsing import CLEARED

SAMPLE_ROWS = 5


def columns_of(plan: Plan, raw: Sequence[Sequence[str]]) -> tuple[ColumnPreview, ...]:
    """Each column of the file that this kind takes or nothing takes, in its order, with a few of its raw cells; then those made."""
    previews = []
    for index, name in _places(plan):
        kind = plan.record.field(name).type.value if name in plan.record.names else Type.TEXT.value
        cells = tuple(shown(row[index]) for row in raw[:SAMPLE_ROWS] if index < len(row))
        previews.append(ColumnPreview(clean(plan.header[index]), name, kind, cells, plan.origin(index) >= plan.width))
    return tuple(previews)


def rows_of(plan: Plan, rows: Sequence[Mapping[str, object]], mentions: Sequence[Mention], currency: str) -> tuple[tuple[str, ...], ...]:
    """The first staged rows as they will be kept, one cell per column of `columns_of`; a column that is left out is blank."""
    shown_rows = []
    for values in rows[:SAMPLE_ROWS]:
        code = str(values.get("currency") or currency)
        extra = loads(str(values["attributes"])) if values.get("attributes") else {}
        cells = []
        for _, name in _places(plan):
            if name in plan.record.names:
                cells.append(_cell(plan.record.field(name).type, name, values[name], code, mentions))
            else:
                cells.append("" if name is None else extra.get(name.removeprefix(_ATTRIBUTE), ""))
        shown_rows.append(tuple(cells))
    return tuple(shown_rows)


_ATTRIBUTE = "attribute:"


def _places(plan: Plan) -> list[tuple[int, str | None]]:
    """The columns shown: place in the row, and field, attribute or None where it is left out."""
    made = plan.derivation.made if plan.derivation is not None else ()
    of = {plan.width + at: column.of for at, column in enumerate(made)}
    found: list[tuple[int, int, str | None]] = []
    for name, index in plan.fields.items():
        origin = of.get(index, index)
        found.append((index if origin is None else origin, index, name))
    found += [(index, index, f"{_ATTRIBUTE}{name}") for name, index in plan.attributes.items()]
    taken = {origin for origin, _, _ in found}
    spare = [index for index in range(plan.width) if index not in taken]
    found += [(index, index, None) for index in spare if plan.recognised is None or clean(plan.header[index]) in plan.left_out]
    return [(index, name) for _, index, name in sorted(found, key=lambda place: place[:2])]


def _cell(kind: Type, name: str, value: object, currency: str, mentions: Sequence[Mention]) -> str:
    if value is None or value == CLEARED:
        return ""
    if isinstance(value, int) and name == "customer_id":
        return mentions[value].raw
    if isinstance(value, int) and kind is Type.DATE:
        return iso(value)
    if isinstance(value, int) and kind is Type.MONEY:
        digits = exponent(currency)
        sign, text = "-" if value < 0 else "", f"{abs(value):0{digits + 1}d}"
        return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
    return str(value)
