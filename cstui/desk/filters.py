"""What a filter asks for and nobody has: its figures are zeros, which are true and seldom meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cstui.base.ask import NO_VALUE, View

if TYPE_CHECKING:
    from cstui.base.ask import Where
    from cstui.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unheld:
    """A value that no customer has."""

    field: str
    value: str
    near: tuple[str, ...]
    """Values that somebody has, the nearest first; all of them where they are few and none is near."""

    @property
    def words(self) -> str:
        """In a sentence."""
        if self.value == NO_VALUE:
            return f"no customer is without {self.field}"
        near = ", ".join(f"“{one}”" for one in self.near)
        return f"no customer has {self.field} “{self.value}”" + (f"; there is {near}" if near else "")


def unheld(workspace: Workspace, where: Where, as_of: int | None = None) -> tuple[Unheld, ...]:
    """The values of a filter that nobody has, as customers are now. Raises UnknownField."""
    from cstui.store.chosen import Chosen
    from cstui.store.customers import as_of as own_day

    with workspace.read() as db:
        own = own_day(db)
        chosen = Chosen(db, View(where=where, as_of=as_of), own if own is not None else -1)
        return tuple(Unheld(*one) for one in chosen.unheld())
