"""Figures and explanations as text tables and CSV rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cstui.base.days import iso
from cstui.base.formatting import delta, figure, unit_of
from cstui.base.formatting import period as period_text
from cstui.base.formatting import reason as in_words
from cstui.base.text import cell
from cstui.cli.output import emit, say
from cstui.cli.tables import Column, table
from cstui.desk.figures import Figures, Row, answer_json

FEW = 6
"""With no more metrics than this, a series runs down the page; with more, across it."""

CSV_TITLES = (
    "period_start",
    "period_end",
    "complete",
    "scope",
    "group",
    "metric",
    "value",
    "unit",
    "status",
    "numerator",
    "denominator",
    "n",
    "previous",
    "reason",
)

_MARKS = {"incomplete": " so far", "small_sample": " *"}


def csv_rows(found: Figures) -> tuple[Sequence[str], Iterator[tuple[str | int | float | None, ...]]]:
    """Titles, and one row for each figure. `scope` is `all`, or `group` for a value of the breakdown (blank: those without)."""
    return CSV_TITLES, (_csv_row(row, found.as_of) for row in found.rows())


def _csv_row(row: Row, as_of: int | None) -> tuple[str | int | float | None, ...]:
    answer = answer_json(row.metric, row.answer)
    complete = as_of is not None and row.period.complete(as_of)
    head = (iso(row.period.start), iso(row.period.end), "true" if complete else "false", "group" if row.grouped else "all", row.group)
    values = (answer[name] for name in ("value", "unit", "status", "numerator", "denominator", "n", "previous"))
    return (*head, row.metric.id, *values, answer.get("reason"))


def show(found: Figures) -> None:
    """Print the figures as a table, and what must be known to read them honestly as messages."""
    rows = list(found.rows())
    if found.as_of is not None:
        where = "; ".join(f"{field} = {' or '.join(one or '(none)' for one in values)}" for field, values in found.where)
        say(f"{found.currency} · data through {iso(found.as_of)}" + (f" · {where} (as they are now)" if where else ""))
    if found.by is not None:
        emit("\n\n".join(_groups(found, rows)))
    elif len(found.periods) == 1:
        say(period_text(found.periods[0].period))
        emit(_single(found, rows))
    else:
        emit(_series(found, rows))
    _say_reasons(rows)
    said: dict[str, list[str]] = {}
    for notes in found.notes.values():
        for name, words in notes.items():
            for note in words:
                said.setdefault(note, []).append(name)
    for note, names in said.items():
        say(f"{note}: {', '.join(dict.fromkeys(names))}")


def _single(found: Figures, rows: Sequence[Row]) -> str:
    columns = (
        Column("metric"),
        Column("value", right=True),
        Column("change"),
        Column("n", right=True),
        Column("status"),
        Column("", limit=120),
    )
    return table(
        columns,
        [
            (
                row.metric.id,
                _value(row, found.currency),
                _change(row, found.currency),
                "" if row.answer.figure.n is None else f"{row.answer.figure.n:,}",
                row.answer.figure.status,
                in_words(row.answer.figure.reason) or None,
            )
            for row in rows
        ],
    )


def _series(found: Figures, rows: Sequence[Row]) -> str:
    return _pivot(rows, "period", lambda row: period_text(row.period), found.currency)


def _groups(found: Figures, rows: Sequence[Row]) -> Iterator[str]:
    def name(row: Row) -> str:
        return ("without one" if row.group is None else row.group) if row.grouped else "all"

    for answers in found.periods:
        inside = [row for row in rows if row.period == answers.period]
        yield f"{period_text(answers.period)}\n{_pivot(inside, found.by or '', name, found.currency)}"


def _pivot(rows: Sequence[Row], title: str, key: Callable[[Row], str], currency: str) -> str:
    """Figures by key and metric: keys down the page for a few metrics, across it for many."""
    keys = list(dict.fromkeys((key(row), row.grouped) for row in rows))
    metrics = list(dict.fromkeys(row.metric.id for row in rows))
    shown = {(key(row), row.grouped, row.metric.id): _value(row, currency) + _MARKS.get(row.answer.figure.status, "") for row in rows}
    if len(metrics) <= FEW:
        columns = [Column(title), *(Column(name, right=True) for name in metrics)]
        return table(columns, [[name, *(shown[name, grouped, one] for one in metrics)] for name, grouped in keys])
    columns = [Column("metric"), *(Column(cell(name, 40), right=True) for name, _ in keys)]
    return table(columns, [[one, *(shown[name, grouped, one] for name, grouped in keys)] for one in metrics])


def _value(row: Row, currency: str) -> str:
    return figure(row.answer.figure.value, unit_of(row.metric.id, row.metric.unit), currency)


def _change(row: Row, currency: str) -> str:
    return delta(row.answer.figure.value, row.answer.previous, unit_of(row.metric.id, row.metric.unit), row.metric.better, currency)


def _say_reasons(rows: Sequence[Row]) -> None:
    """In a pivot there is no room for reasons: name each once."""
    if len({(row.period, row.group, row.grouped) for row in rows}) == 1:
        return
    said: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        answer = row.answer.figure
        if answer.reason is not None and answer.status != "small_sample":
            said.setdefault((answer.status, answer.reason), []).append(row.metric.id)
    for (status, reason), names in said.items():
        say(f"{status}: {', '.join(dict.fromkeys(names))}: {in_words(reason)}")
    if any(row.answer.figure.status == "small_sample" for row in rows):
        say("* small sample")
