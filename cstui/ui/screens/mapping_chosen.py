"""What the screen of a file's mapping is asked with, and what it answers: which column is which field, and how the file is read.

Knows no screens and no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is which, as the person said."""

    kind: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → column, and `field:word` → what a word of the field means."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Field → text of every row that has none of its own."""
    made: Mapping[str, str] = field(default_factory=dict)
    """Field → of what it is made, where that is no column of the file alone."""
    used: bool = True
    """Whether the file is to be read with it; else only the kind is remembered."""

    def unlike(self, known: Chosen) -> dict[str, str]:
        """Field → column, of the fields that take another than in what was known; blank where they take none any more."""
        if self.kind != known.kind:
            return dict(self.mapping)
        found = {name: column for name, column in self.mapping.items() if known.mapping.get(name) != column}
        had = (*known.mapping, *known.made)
        return {**found, **{name: "" for name in had if name not in (*self.mapping, *self.made)}}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is read: what its mapping is tried on."""

    path: str
    dates: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    known: Chosen | None = None
    """What the file is taken for already; None where it is not."""
    several: bool = False
    """Whether its rows give several kinds, of which this is one."""
