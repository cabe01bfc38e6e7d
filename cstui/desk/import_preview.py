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
from cstui.ingest.headers import Plan
from cstui.ingest.parsing import CLEARED, shown

SAMPLE_ROWS = 5


def columns_of(plan: Plan, raw: Sequence[Sequence[str]]) -> tuple[ColumnPreview, ...]:
    """Each column of the file, in its order, with a few of its raw cells."""
    fields = {index: name for name, index in plan.fields.items()}
    attributes = {index: name for name, index in plan.attributes.items()}
    previews = []
    for index, header in enumerate(plan.header):
        name = fields.get(index) or (f"attribute:{attributes[index]}" if index in attributes else None)
        kind = plan.record.field(fields[index]).type.value if index in fields else Type.TEXT.value
        cells = tuple(shown(row[index]) for row in raw[:SAMPLE_ROWS] if index < len(row))
        previews.append(ColumnPreview(clean(header), name, kind, cells))
    return tuple(previews)


def rows_of(plan: Plan, rows: Sequence[Mapping[str, object]], mentions: Sequence[Mention], currency: str) -> tuple[tuple[str, ...], ...]:
    """The first staged rows as they will be kept, one cell per column of the file; a column that is left out is blank."""
    fields = {index: name for name, index in plan.fields.items()}
    attributes = {index: name for name, index in plan.attributes.items()}
    shown_rows = []
    for values in rows[:SAMPLE_ROWS]:
        code = str(values.get("currency") or currency)
        extra = loads(str(values["attributes"])) if values.get("attributes") else {}
        cells = []
        for index in range(len(plan.header)):
            if index in fields:
                cells.append(_cell(plan.record.field(fields[index]).type, fields[index], values[fields[index]], code, mentions))
            else:
                cells.append(extra.get(attributes[index], "") if index in attributes else "")
        shown_rows.append(tuple(cells))
    return tuple(shown_rows)


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
