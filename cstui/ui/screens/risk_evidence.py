"""Behind one customer's risk: every reason with the rows it rests on, their files and lines, and what is not known.

A function of one `RiskRow`; asks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult

from cstui.base.text import cell, safe
from cstui.desk.at_risk import labels, shorts
from cstui.ui import commands
from cstui.ui.screens import risk_words as words
from cstui.ui.screens.base import DeskScreen, Stamp, workspace_words
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.at_risk import EvidenceRow, Reason, RiskRow, Unknown


class RiskEvidenceScreen(DeskScreen):
    """Opened with `e` on a customer at risk."""

    SCOPES: ClassVar[tuple[str, ...]] = ("evidence", "list")
    BINDINGS = commands.bindings("evidence")
    AUTO_FOCUS = "#rows"
    DEFAULT_CSS = """
    RiskEvidenceScreen #sum { padding: 1 1 0 1; }
    RiskEvidenceScreen #rows { margin-top: 1; }
    """
    ABOUT: ClassVar[str] = (
        "Where a risk score comes from: each reason with its points, which add up to the score, and the rows it rests on with the file and "
        "line they came from. 100 = most at risk. Signals without data stand last; they add nothing, and are no good sign."
    )

    def __init__(self, row: RiskRow, stamp: Stamp, today: int) -> None:
        super().__init__()
        self._row = row
        self._stamp = stamp
        self._today = today
        self._lines: list[Reason | EvidenceRow | Unknown | None] = []

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(id="sum")
        yield Rows(id="rows", empty=Text("No signal says anything of this customer.", style=self.ink.dim))
        yield KeysLine("evidence")

    def on_mount(self) -> None:
        self._say()

    def _say(self) -> None:
        from cstui.desk.at_risk import Reason, Unknown

        row, ink = self._row, self.ink
        name = cell(row.name or row.customer_id, 60)
        self.query_one(TopLine).say(workspace_words(self._stamp, ink), (Text.assemble(("Risk of ", ink.dim), (name, "bold")), Text(name)))
        total = Text.assemble((name, f"bold {ink.accent}"), (f"   risk {words.sum_words(row, shorts())}", "bold"))
        total.append(f"\n100 = most at risk · band {row.band} · plain rules, points add up to the score", ink.dim)
        self.query_one("#sum", Words).say(total)
        lines: list[Reason | EvidenceRow | Unknown | None] = []
        for reason in row.reasons:
            lines += [reason, *reason.rows, None]
        lines += row.unknown
        while lines and lines[-1] is None:
            lines.pop()
        self._lines = lines
        named = labels()

        def draw(index: int, width: int) -> Text:
            item = self._lines[index]
            if item is None:
                return Text()
            if isinstance(item, Reason):
                label = named.get(item.signal, item.signal)
                points = (f"{item.points:>+4} ", f"bold {ink.care}")
                return Text.assemble(points, (safe(item.told(self._today), 200), "bold"), (f"   {label}", ink.dim))
            if isinstance(item, Unknown):
                label = named.get(item.signal, item.signal)
                return Text.assemble(("  ?  ", ink.care), safe(item.why, 200), (f"   {label}: not known, so no good sign", ink.dim))
            return words.source_line(item, width, ink)

        self.query_one("#rows", Rows).show(len(lines), draw, skip=frozenset(i for i, item in enumerate(lines) if item is None))

    def redraw(self) -> None:
        self._say()
