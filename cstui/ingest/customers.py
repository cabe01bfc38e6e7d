"""The customers that the files of one call name, numbered: an id is folded once, however many rows name it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cstui.base.text import fold_key


class Mention(NamedTuple):
    """A customer that the call names, and the place of the first accepted row that does."""

    fold: str
    raw: str
    file: int
    line: int


class _Numbers(dict[str, int]):
    """Id as written → number; an id not seen before is folded and numbered as it is looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.by_fold: dict[str, int] = {}
        self.fresh: list[tuple[str, str]] = []
        """(fold, raw) of the numbers given since this was last emptied."""

    def __missing__(self, raw: str) -> int:
        fold = fold_key(raw)
        number = self.by_fold.get(fold)
        if number is None:
            number = self.by_fold[fold] = len(self.by_fold)
            self.fresh.append((fold, raw))
        self[raw] = number
        return number


class Customers:
    """The customers of a call, numbered from 0 in order of first mention."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.addresses: dict[int, set[str]] = {}
        """Number → e-mail addresses that rows without a field for one say of the customer, where they are asked for."""
        self._numbers = _Numbers()

    def numbers(self, raws: Sequence[str], lines: Sequence[int], file: int) -> list[int]:
        """The numbers of the customers that accepted rows name."""
        found = list(map(self._numbers.__getitem__, raws))
        fresh = self._numbers.fresh
        if fresh:
            first = len(self.mentions)
            where = dict(zip(reversed(found), reversed(lines), strict=True))  # the last one written is the first row
            self.mentions += [Mention(fold, raw, file, where[number]) for number, (fold, raw) in enumerate(fresh, start=first)]
            fresh.clear()
        return found

    def again(self, mentions: Iterable[Mention]) -> list[int]:
        """The numbers of customers that were mentioned elsewhere, in this order and after those that are known here."""
        found = []
        for mention in mentions:
            number = self._numbers.by_fold.setdefault(mention.fold, len(self.mentions))
            if number == len(self.mentions):
                self.mentions.append(mention)
            found.append(number)
        return found
