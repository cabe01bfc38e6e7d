"""Cells of use as numbers: a column that was parsed, what its texts stand for, and the users that a call names.

What `usage` reads with, and `plain` gives in its own way. Knows no field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

import numpy as np

from cstui.base.text import fold_key
from cstui.base.usage import EMPTY
from cstui.ingest import plain
from cstui.ingest.failures import Bad
from cstui.ingest.numbered import Numbered
from cstui.ingest.plain import Ids
from cstui.ingest.values import LONGEST_CELL, all_plain, kept_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

BAD = -3
"""In a column of numbers: the cell can't be understood."""
TOO_LONG = Bad("constraint-error", f"The cell has more than {LONGEST_CELL:,} characters.")


class Users:
    """The users that the files of a call name, numbered from 1; 0 is none."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        """Id, folded or as a file has it, → number. No id that folding changes is a folded one, so the two don't meet."""
        self._names: list[str] = []
        self._taken = 0

    def add(self, raws: Sequence[str], texts: Sequence[str]) -> None:
        """Number the users of raw cells, whose kept ids are `texts`; a blank one is none."""
        numbers, names = self.numbers, self._names
        for raw, fold in zip(raws, texts if all_plain(texts) else map(fold_key, texts), strict=True):
            found = numbers.get(fold) if fold else 0
            if found is None:
                names.append(fold)
                found = numbers[fold] = len(names)
            numbers[raw] = found

    def again(self, folds: Sequence[str]) -> list[int]:
        """The numbers of folded ids, those that have none numbered in their order."""
        self.add(folds, folds)
        return [self.numbers[fold] for fold in folds]

    def name(self, number: int) -> str | None:
        """The id of a number, folded; None for none."""
        return self._names[number - 1] if number else None

    def taken(self) -> list[str]:
        """Ids numbered since this was last asked."""
        fresh, self._taken = self._names[self._taken :], len(self._names)
        return fresh


class Column(Protocol):
    """One column's cells."""

    def text(self, row: int) -> str:
        """A cell as it stands."""

    def read(self, codes: Mapping[str, int], form: str) -> Numbers:
        """All cells in the numbers of `codes`."""

    def distinct(self, known: Numbered) -> Ids:
        """The texts, each once; those that are `known` need not be given as texts."""


class Parsed(NamedTuple):
    """A column of cells that were parsed."""

    cells: tuple[str, ...]

    def text(self, row: int) -> str:
        return self.cells[row]

    def read(self, codes: Mapping[str, int], form: str) -> Numbers:  # noqa: ARG002  # `Places` looks at the form
        return np.fromiter(map(codes.__getitem__, self.cells), np.int64, len(self.cells))

    def distinct(self, known: Numbered) -> Ids:  # noqa: ARG002  # texts they are already
        return plain.distinct(self.cells)


class Codes(dict[str, int]):
    """Raw cell → the number it stands for, EMPTY, or BAD with the reason in `faults`."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self.faults: dict[str, Bad] = {}
        self.read = read

    def __missing__(self, raw: str) -> int:
        text = kept_text(raw)
        value = EMPTY if text is None else TOO_LONG if len(raw) > LONGEST_CELL else self.read(text)
        if isinstance(value, Bad):
            self.faults[raw] = value
            value = BAD
        self[raw] = found = cast("int", value)
        return found
