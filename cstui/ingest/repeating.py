"""Customers out of rows that are of something else besides, one of their subscriptions each: most say again what one before has said.

A row that says nothing new is counted and not read into values: as an update it would change nothing. Knows no file but through `Parser`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from operator import itemgetter

from cstui.base.records import Kind
from cstui.base.text import fold_key
from cstui.ingest.customers import Customers
from cstui.ingest.faults import told
from cstui.ingest.headers import Plan
from cstui.ingest.parsing import Batch, Parser
from cstui.ingest.reading import Block, Table
from cstui.ingest.survey import Survey
from cstui.ingest.typed import Checked, Faults, Raw, Typed
from cstui.ingest.values import Settings, kept_text


def may_repeat(plan: Plan) -> bool:
    """Whether rows say all they say of a customer in cells of their own, so that equal cells say the same."""
    alone = plan.derivation is None or plan.derivation.second is None
    return plan.record.kind is Kind.CUSTOMERS and "customer_id" in plan.fields and plan.opens is None and alone


class _Folds(dict[str, str]):
    """Id as written → folded: two spellings are one customer, who has one last row."""

    def __missing__(self, raw: str) -> str:
        self[raw] = fold = fold_key(kept_text(raw) or "")
        return fold


class RepeatingParser(Parser):
    """Reads one file's blocks; of rows that say the same of a customer, one after another, the first alone."""

    def __init__(self, table: Table, plan: Plan, survey: Survey, settings: Settings, customers: Customers, file: int) -> None:
        super().__init__(table, plan, survey, settings, customers, file)
        others = {*plan.fields.values(), *plan.attributes.values(), *(plan.pair or ())}
        self._cells = itemgetter(plan.fields["customer_id"], *sorted(others))
        self._last: dict[str, tuple[str, ...]] = {}
        """Customer's folded id → what the last row of theirs says, unless it was refused."""
        self._folds = _Folds()
        self._after: defaultdict[int, list[tuple[Raw, int]]] = defaultdict(list)
        """Row of the block that is read → (row, line) of those of the block that repeat it."""
        self._repeated = 0
        """Rows of the block that repeat one."""
        self._met: set[str] | None = None
        """Folded ids of customers met in the part of the file that is read here, where that is not its first."""
        self._meeting: dict[int, tuple[str, tuple[str, ...]]] = {}
        """Line → folded id, and what the row says, of those of the block that are the first of theirs."""

    def continues(self) -> None:
        self._met = set()

    def checked(self, block: Block) -> Checked:
        self._after.clear()
        self._repeated, self._meeting = 0, {}
        found = super().checked(block)
        found.again, found.met = self._repeated, self._meeting
        return found

    def joined(self, found: Checked) -> Batch:
        """The same, without rows that say again what the last of their customer before that part has said."""
        repeated = {line for line, (customer, said) in found.met.items() if self._last.get(customer) == said}
        return super().joined(_without(found, repeated) if repeated else found)

    def _derived(self, rows: list[Raw], lines: Sequence[int]) -> tuple[list[Raw], Sequence[int], Faults]:
        rows, lines, faults = super()._derived(rows, lines)
        last, folds, here, kept = self._last, self._folds, dict[str, int](), list[int]()
        for at, said in enumerate(map(self._cells, rows)):
            customer = folds[said[0]]
            if last.get(customer) != said or at in faults:
                last[customer] = said
                here[customer] = len(kept)
                kept.append(at)
            elif customer in here:  # whether that row is refused, and this one with it, is not known yet
                self._after[here[customer]].append((rows[at], lines[at]))
        self._repeated = len(rows) - len(kept)
        if self._met is not None:
            self._meet(self._met, [rows[at] for at in kept], [lines[at] for at in kept])
        if len(kept) == len(rows):
            return rows, lines, faults
        place = {at: new for new, at in enumerate(kept)}
        moved: Faults = defaultdict(list, {place[at]: found for at, found in faults.items()})
        return [rows[at] for at in kept], [lines[at] for at in kept], moved

    def _meet(self, met: set[str], rows: list[Raw], lines: Sequence[int]) -> None:
        """Note the rows that are their customer's first here: whoever reads what is before them knows whether they say anything new."""
        for said, line in zip(map(self._cells, rows), lines, strict=True):
            customer = self._folds[said[0]]
            if customer not in met:
                met.add(customer)
                self._meeting[line] = customer, said

    def _finished(self, typed: Typed) -> Checked:
        width, read = self._plan.width, 0
        for row, found in typed.faults.items():
            self._last.pop(self._folds[typed.raw[self._plan.fields["customer_id"]][row]], None)
            for cells, line in self._after.get(row, ()):
                self._repeated -= 1
                if any(map(str.strip, cells[:width])):
                    typed.problems.extend(self._problem(cells, line, *fault) for fault in told(found))
                    typed.refused.append((line, cells[:width]))
                    read += 1
        checked = super()._finished(typed)
        checked.read += self._repeated + read
        return checked


def _without(found: Checked, lines: set[int]) -> Checked:
    """A block without some of its accepted rows, which are counted."""
    keep = [line not in lines for line in found.lines]
    return replace(
        found,
        lines=list(compress(found.lines, keep)),
        columns={name: list(compress(column, keep)) for name, column in found.columns.items()},
        rounded={name: [line for line in own if line not in lines] for name, own in found.rounded.items()},
        again=found.again + len(lines),
    )
