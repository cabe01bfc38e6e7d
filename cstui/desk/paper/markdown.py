"""A document as Markdown (CommonMark with pipe tables). Every text is escaped: no name can make a link, a tag, a cell or a heading."""

from __future__ import annotations

import re
from fractions import Fraction

from cstui.base.formatting import sparkline
from cstui.base.text import safe
from cstui.desk.paper.blocks import Block, Cell, Chart, Document, Heading, Table, Words

_LONGEST = 2000
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$^@]|(?<=[a-zA-Z]):(?=//)|(?<=[wW]{3})\.)")
"""What Markdown, its tables or a converter could read as more than a letter; a web address is no link either."""
_LEADING = re.compile(r"^([-+=:]|\d+(?=[.)]))")
"""What would begin a list, a rule or a heading at the start of a line."""


def markdown(document: Document) -> str:
    """The whole document; ends in a line end."""
    return "\n\n".join(_block(block) for block in document) + "\n"


def escape(text: str) -> str:
    """One line of text that reads as itself."""
    return _SPECIAL.sub(r"\\\1", safe(text, _LONGEST))


def _line_of(text: str) -> str:
    """A text that stands at the start of a line."""
    shown = escape(text)
    found = _LEADING.match(shown)
    if found is None:
        return shown
    return shown.replace(found[0], found[0] + "\\", 1) if found[0].isdigit() else "\\" + shown


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {escape(block.text)}"
    if isinstance(block, Words):
        return f"> {_line_of(block.text)}" if block.care else _line_of(block.text)
    return _table(block) if isinstance(block, Table) else _chart(block)


def _table(table: Table) -> str:
    titles = [escape(title.removesuffix(">")) for title in table.columns]
    rules = ["---:" if title.endswith(">") else "---" for title in table.columns]
    return "\n".join(_line(line) for line in (titles, rules, *([_cell(cell) for cell in row] for row in table.rows)))


def _cell(cell: Cell) -> str:
    return escape(cell.text)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _chart(chart: Chart) -> str:
    """A line of bars and the two ends of a series; of steps and bars, every value."""
    if chart.form == "line":
        known = [(label, text) for label, text, value in zip(chart.labels, chart.texts, chart.values, strict=True) if value is not None]
        begins = next((at for at, value in enumerate(chart.values) if value is not None), 0)
        values = [None if value is None else Fraction(value) for value in chart.values[begins:]]
        drawn = sparkline(values, len(values))  # a bar for each, none wider
        if not drawn or not known:
            return f"{escape(chart.title)}: n/a"
        ends = " → ".join(dict.fromkeys(f"{escape(label)} {escape(text)}" for label, text in (known[0], known[-1])))
        return f"{escape(chart.title)}: `{drawn[0]}` {ends}{' so far' if chart.unfinished else ''}"
    parts = (f"{escape(label)} {escape(text)}" for label, text in zip(chart.labels, chart.texts, strict=True))
    return f"{escape(chart.title)}: {' · '.join(parts)}"
