"""What has changed since a person last looked: files that came in or were taken back, and the past figures that moved with them.

Takes a workspace; returns one frozen snapshot. Looking is a deed of its own (`looked`): reading the changes marks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cstui.base import formatting as fmt
from cstui.base.days import iso, month_name

if TYPE_CHECKING:
    from cstui.store.restated import Restatement
    from cstui.store.workspace import Workspace

_SEEN = "overview"
"""The name of the look in the table `seen`."""


class Cause(NamedTuple):
    """What moved a figure."""

    kind: str
    """`import`, `undo`, `setting` or `forget`."""
    name: str
    """The import's number or the setting's name; blank of a forgotten customer."""

    @property
    def words(self) -> str:
        """`import 12`."""
        if self.kind == "import":
            return f"import {self.name}"
        if self.kind == "undo":
            return f"import {self.name} taken back"
        if self.kind == "setting":
            return self.name.replace(".", " ")
        return "a customer was forgotten"

    def to_json(self) -> dict[str, Any]:
        """As the command writes it."""
        if self.kind in ("import", "undo"):
            return {"cause": self.kind, "import_id": int(self.name)}
        return {"cause": self.kind} | ({"name": self.name} if self.name else {})


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of a month that was over, then and now."""

    metric: str
    label: str
    unit: str
    better: str
    month: int
    before: Fraction
    after: Fraction | None
    """None: it is unknown now, or the month is no longer complete."""
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Fraction | None:
        """By how much it moved."""
        return None if self.after is None else self.after - self.before

    def words(self, currency: str) -> str:
        """`Sep 2026 MRR −410 (import 12)`."""
        unit = fmt.unit_of(self.metric, self.unit)
        moved = "unknown now" if self.difference is None else _moved(self.difference, unit, currency)
        return f"{fmt.month(self.month)} {self.label} {moved} ({', '.join(cause.words for cause in self.causes)})"


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything since the last look."""

    revision: int
    currency: str
    as_of: int | None
    seen_revision: int | None
    """None: nobody has looked yet."""
    seen_as_of: int | None
    imports: tuple[int, ...]
    """Numbers of the imports that came in since, or were made again, and stand."""
    undone: tuple[int, ...]
    """Numbers of those that were taken back since."""
    changes: tuple[Change, ...]
    """Past figures that are not what they were: MRR first, then the latest months first."""

    @property
    def news(self) -> bool:
        """Whether there is anything to say."""
        return self.seen_revision is not None and bool(self.changes or self.imports or self.undone)

    @property
    def line(self) -> str:
        """All of it in one line."""
        if self.changes:
            more = len(self.changes) - 1
            return self.changes[0].words(self.currency) + (f" and {more:,} more" if more else "")
        parts = [
            fmt.count(len(self.imports), "import") if self.imports else "",
            f"{fmt.count(len(self.undone), 'import')} taken back" if self.undone else "",
            f"data through {fmt.day(self.as_of)}" if self.as_of is not None and self.as_of != self.seen_as_of else "",
        ]
        return ", ".join(part for part in parts if part) + "; no past figure changed"

    def to_json(self) -> dict[str, Any]:
        """The document of docs/commands.md, `cstui changes --json`."""
        return {
            "schema": 1,
            "as_of": _iso(self.as_of),
            "currency": self.currency,
            "since": None if self.seen_revision is None else {"revision": self.seen_revision, "as_of": _iso(self.seen_as_of)},
            "imports": list(self.imports),
            "undone": list(self.undone),
            "changes": [_json(one) for one in self.changes],
        }


def changes(workspace: Workspace, *, everything: bool = False) -> Changes:
    """What changed since the last look; `everything`: since the beginning."""
    from cstui.store import log, restated
    from cstui.store import seen as looks

    with workspace.read() as db:
        revision, as_of = looks.stand(db)
        seen = looks.looked(db, _SEEN)
        known = {} if everything else seen
        known_imports, known_undone = int(known.get("imports", 0)), set(known.get("undone", ()))
        logged = log.numbers(db)
        return Changes(
            revision=revision,
            currency=workspace.setting("currency") or "USD",
            as_of=as_of,
            seen_revision=seen.get("revision"),
            seen_as_of=seen.get("as_of"),
            imports=tuple(number for number, gone in logged if not gone and (number > known_imports or number in known_undone)),
            undone=tuple(number for number, gone in logged if gone and number <= known_imports and number not in known_undone),
            changes=tuple(_net(restated.since(db, int(known.get("revision", 0))))),
        )


def looked(workspace: Workspace, at: int | None = None) -> None:
    """Remember that a person has seen the workspace as it is now; with `at`, only if that is still its revision.

    Changes no figure and no revision.
    """
    from cstui.store import log
    from cstui.store import seen as looks

    with workspace.write() as db:
        revision, as_of = looks.stand(db)
        if at not in (None, revision):
            return  # something came in between, which nobody has seen
        logged = log.numbers(db)
        last = max((number for number, _ in logged), default=0)
        undone = [number for number, gone in logged if gone]
        looks.look(db, _SEEN, {"revision": revision, "as_of": as_of, "imports": last, "undone": undone})


def _net(steps: Iterable[Restatement]) -> Iterator[Change]:
    """First and last value of each figure, of those that differ; a figure that was unknown before is no restatement."""
    from cstui.metrics.registry import METRICS
    from cstui.store.restated import WATCHED

    held: dict[tuple[str, int], list[Restatement]] = {}
    for step in steps:
        held.setdefault((step.metric, step.month), []).append(step)
    for metric, month in sorted(held, key=lambda key: (WATCHED.index(key[0]), -key[1])):
        own: Sequence[Restatement] = held[metric, month]
        before, after = own[0].before, own[-1].after
        if before is None or before == after:
            continue
        one = METRICS[metric]
        causes = dict.fromkeys(Cause(step.cause, step.name) for step in own)
        yield Change(metric, one.label, one.unit, one.better, month, before, after, tuple(causes))


def _moved(difference: Fraction, unit: str, currency: str) -> str:
    text = fmt.figure(abs(difference), unit, currency).lstrip("+")
    return f"{fmt.MINUS if difference < 0 else '+'}{text}"


def _json(one: Change) -> dict[str, Any]:
    from cstui.desk.figures import number

    whole = one.unit == "count"
    return {
        "metric": one.metric,
        "label": one.label,
        "unit": one.unit,
        "month": month_name(one.month),
        "before": number(one.before, whole=whole),
        "after": number(one.after, whole=whole),
        "change": number(one.difference, whole=whole),
        "causes": [cause.to_json() for cause in one.causes],
    }


def _iso(day: int | None) -> str | None:
    return None if day is None else iso(day)
