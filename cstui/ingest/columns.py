"""How a cell of one column is read: by its field's type, by what its column's survey found, and by the person's own words for it."""

from __future__ import annotations

from cstui.base.records import Field
from cstui.base.text import fold_choice
from cstui.ingest.dates import month_of
from cstui.ingest.headers import Plan
from cstui.ingest.numbers import Mark
from cstui.ingest.survey import Survey
from cstui.ingest.values import Reader, Settings, reader_of


def reader_for(field: Field, plan: Plan, survey: Survey, settings: Settings) -> Reader:
    """What makes a value of a cleaned, not empty text of the field's column."""
    order = survey.orders.get(field.name, settings.order)
    read = reader_of(field, settings, order, survey.marks.get(field.name, Mark.UNKNOWN))
    if field.name in survey.months:

        def first_day(text: str) -> object:
            day = month_of(text, order)
            return read(text) if day is None else day

        return first_day
    if words := plan.words.get(field.name):
        return lambda text: read(words.get(fold_choice(text), text))
    return read
