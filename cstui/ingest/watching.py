"""What a pass over a file notes of its cells beside reading them: ids that look rounded, and rows that a source has a word on.

Knows columns by their places; knows no kind and no field's meaning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cstui.base.text import clean
from cstui.ingest.derivation import Remark
from cstui.ingest.failures import Bad
from cstui.ingest.layout import LINES_TOLD, Note
from cstui.ingest.numbers import decimal_of

_ROUNDED = (
    "ids in “{}” look as if a spreadsheet had rounded them (1E+05, zeros after 15 digits), so that several may have become one. "
    "Export them again as text"
)


@dataclass(slots=True)
class Watch:
    """What one pass over a file has noted."""

    remarks: Sequence[Remark] = ()
    rounded: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Id field → lines of ids that a spreadsheet seems to have rounded."""
    _said: dict[Remark, list[int]] = field(default_factory=dict)
    _something: dict[str, bool] = field(default_factory=dict)

    def look(self, rows: Sequence[Sequence[str]], lines: Sequence[int], faulty: Mapping[int, object]) -> None:
        """Note the accepted rows that a remark is about; two records of one row stand on one line, and are accepted together."""
        if not self.remarks:
            return
        refused = {lines[at] for at in faulty}
        for remark in self.remarks:
            said = self._said.setdefault(remark, [])
            for line, row in zip(lines, rows, strict=True):
                if line not in refused and self._holds(row[remark.index]) and line not in said[-1:]:
                    said.append(line)

    def notes(self, names: Mapping[str, str | None]) -> list[Note]:
        """What there is to tell; `names` are the headers of id fields."""
        found = [Note("remark", len(lines), remark.says, tuple(lines[:LINES_TOLD])) for remark, lines in self._said.items() if lines]
        rounded = ((name, lines) for name, lines in self.rounded.items() if lines)
        return found + [
            Note("rounded-id", len(lines), _ROUNDED.format(clean(str(names.get(name)))), tuple(lines[:LINES_TOLD]))
            for name, lines in rounded
        ]

    def _holds(self, cell: str) -> bool:
        """Whether a cell holds something: neither blank nor a nought."""
        known = self._something.get(cell)
        if known is None:
            text = cell.strip()
            number = decimal_of(text, money=True) if text else 0
            known = self._something[cell] = isinstance(number, Bad) or number != 0
        return known
