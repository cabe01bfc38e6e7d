"""The customer list of the screen: a ranking as numbers, the lines in sight when they are asked for, and a finder.

What a hundred thousand customers need: only numbers are put in order, and the finder folds every name once. Frozen snapshots.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cstui.base.ask import View, Where
from cstui.base.days import to_day
from cstui.base.text import fold_search
from cstui.desk.customer_buying import ranked
from cstui.desk.customers import CustomerLine, bought_lines, line_of
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.store import customers as rows
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

SORTS = ("mrr", "name", "newest", "id")
"""Orders of the list: the highest MRR, by name, the latest to begin to pay, by id."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The ranking, without a word about any customer."""

    revision: int
    workspace: str
    as_of: int | None
    age_days: int
    currency: str
    where: Where
    sort: str
    total: int
    """Customers in the workspace, in the filter or not."""
    numbers: tuple[int, ...]
    """Every customer of the filter, in order."""
    first: tuple[CustomerLine, ...]
    """The lines of the first of them."""
    by_purchase: bool = False
    """Repeat-purchase mode: revenue and the last purchase stand in the place of MRR."""


class Finder:
    """Every id, name and e-mail, folded, as one text: finds a part of any in any script, case or keyboard."""

    def __init__(self, revision: int, folded: Sequence[tuple[int, str]]) -> None:
        self.revision = revision
        self._numbers = [number for number, _ in folded]
        self._text = "\x00".join(words for _, words in folded)
        self._starts = [0]
        for _, words in folded:
            self._starts.append(self._starts[-1] + len(words) + 1)

    def find(self, text: str) -> frozenset[int]:
        """The customers one of whose words holds `text`."""
        wanted, whole, starts = fold_search(text), self._text, self._starts
        if not wanted:
            return frozenset(self._numbers)
        found = []
        at = whole.find(wanted)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            found.append(self._numbers[index])
            at = whole.find(wanted, starts[index + 1])
        return frozenset(found)


def listing(ws: Workspace, view: View, sort: str, today: date, *, shown: int = 64) -> Listing:
    """The list in the view's filter. Raises UnknownField."""
    with ws.read() as db:
        facts = SqlFacts(db, View(where=view.where))
        ids, total = facts.selected(), rows.count(db)
        by_purchase = facts.mode == REPEAT_PURCHASE
        ranking = ranked(facts, ids, sort) if by_purchase and sort in ("mrr", "newest") else rows.order(db, ids, sort, rates=facts.rates)
        numbers = tuple(ranking)
        as_of, settings = rows.as_of(db), ws.settings()
        window = rows.window(db, numbers[:shown], day=as_of, rates=facts.rates)
        return Listing(
            revision=facts.revision,
            workspace=settings.get("company", ws.path.stem),
            as_of=as_of,
            age_days=0 if as_of is None else to_day(today) - as_of,
            currency=facts.currency,
            where=view.where,
            sort=sort,
            total=total,
            numbers=numbers,
            first=_lines(facts, window, as_of),
            by_purchase=by_purchase,
        )


def lines(ws: Workspace, numbers: Sequence[int]) -> dict[int, CustomerLine]:
    """The lines of these customers; one who is gone by now is left out."""
    with ws.read() as db:
        as_of, facts = rows.as_of(db), SqlFacts(db, View())
        window = rows.window(db, numbers, day=as_of, rates=facts.rates)
        found = _lines(facts, window, as_of)
        return {row.id: line for (row, _), line in zip(window, found, strict=True)}


def _lines(facts: SqlFacts, window: Sequence[tuple[rows.ListRow, rows.Standing]], as_of: int | None) -> tuple[CustomerLine, ...]:
    if facts.mode == REPEAT_PURCHASE:
        return bought_lines(facts, window, as_of)
    return tuple(line_of(row, standing, as_of, facts.currency) for row, standing in window)


def finder(ws: Workspace) -> Finder:
    """A finder over every customer of the workspace as it is now."""
    with ws.read() as db:
        return Finder(ws.revision(), rows.folded(db))
