"""What a person asks of an import: the files, and how they are to be read, all of them or one alone. Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cstui.base.errors import UsageError


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said of one file alone."""

    kind: str | None = None
    mapping: Mapping[str, str] | None = None
    """cstui field → file column, in place of the call's; None: as the call says."""
    constants: Mapping[str, str] | None = None
    """cstui field → value for every row that has none of its own, in place of the call's; None: as the call says."""
    dates: str | None = None
    encoding: str | None = None
    """Of the whole file, whatever table it is said of; both in place of the call's."""
    of_kind: Mapping[str, Said] | None = None
    """Kind that rows of the file are taken for → what holds for these: kind, mapping and constants; its other kinds come in as they are."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the person asked for, with everything the child process needs to know."""

    files: tuple[str, ...]
    """Paths, in the order given."""
    kind: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    """cstui field → file column (`--map`)."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """cstui field → value for every row that has none of its own (`--set`)."""
    own: Mapping[str, Said] = field(default_factory=dict)
    """Path, or `path › table` → what holds for this one alone, before what the call says."""
    dates: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    """`--sheet`: of a workbook or an archive only this table."""
    clear: bool = False
    """Empty cells empty what is there."""
    strict: bool = False
    match: str | None = None
    """`email` or `domain`: rows whose customer's id is not known join the one customer who has their address, or its domain."""
    day: int = 0
    """The day of the import; `at` its instant, ISO 8601 UTC."""
    at: str = ""

    def to_log(self) -> dict[str, Any]:
        """What the log keeps of it, so that it can be asked again: all but when, with the files' whole paths."""
        kept = {name: value for name, value in asdict(self).items() if name not in {"day", "at"} and value not in (None, False, {}, "")}
        own = {str(Path(name).absolute()): said for name, said in kept.get("own", {}).items()}
        return {**kept, "files": [str(Path(name).absolute()) for name in self.files], **({"own": own} if own else {})}

    def said_of(self, path: str, table: str | None = None) -> Said:
        """What holds for a file, or for one table in it."""
        found = [self.own[place] for place in (table_place(path, table), path) if place in self.own]
        call = Said(self.kind, self.mapping, self.constants, self.dates, self.encoding)
        names = tuple(one.name for one in fields(Said))
        return Said(
            **{name: next((value for said in (*found, call) if (value := getattr(said, name)) is not None), None) for name in names}
        )


def table_place(path: str, table: str | None) -> str:
    """What `ImportRequest.own` calls a file, or a table of one that has several."""
    return f"{path} › {table}" if table else path


def request_from(data: Mapping[str, Any]) -> ImportRequest:
    """A request out of JSON; what this version doesn't know of is passed over."""
    known = {name: data[name] for name in (one.name for one in fields(ImportRequest)) if name in data}
    own = {place: _said_from(said) for place, said in data.get("own", {}).items()}
    return ImportRequest(**{**known, "files": tuple(data["files"]), "own": own})


def _said_from(data: Mapping[str, Any]) -> Said:
    of_kind = data.get("of_kind")
    return Said(**{**data, "of_kind": of_kind and {kind: _said_from(said) for kind, said in of_kind.items()}})


def zone_of(name: str) -> tzinfo:
    """The workspace's time zone by its name. Raises UsageError where this machine does not know it."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"The workspace's time zone “{name}” is not known here. Set it to one like Europe/Berlin.") from error
