"""What a person asks of an import: the files, and how they are to be read, all of them or one alone. Reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cstui.base.errors import UsageError

ORDERS = ("DMY", "MDY", "YMD", "jalali", "hijri")
"""Ways to write dates, by their names in `--dates`."""


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
    sheet: str | None = None
    """The only table of the file that is read, said of the file; in place of the call's."""


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
    """Path, `path › table`, or `› table` of any of the files → what holds for this one alone, before what the call says."""
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
        own = {name if name.startswith(_OF_ANY) else str(Path(name).absolute()): said for name, said in kept.get("own", {}).items()}
        return {**kept, "files": [str(Path(name).absolute()) for name in self.files], **({"own": own} if own else {})}

    def said_of(self, path: str, table: str | None = None) -> Said:
        """What holds for a file, or for one table in it: what was said of a workbook's sheet holds for every table on it."""
        found = [self.own[place] for place in self._places(path, table) if place in self.own]
        call = Said(self.kind, self.mapping, self.constants, self.dates, self.encoding, sheet=self.sheet)
        names = tuple(one.name for one in fields(Said))
        return Said(
            **{name: next((value for said in (*found, call) if (value := getattr(said, name)) is not None), None) for name in names}
        )

    def encodings_of(self, path: str) -> dict[str, str]:
        """Members of an archive → the encodings that were said of these."""
        within = [place.removeprefix(start) for start in (_OF_ANY, f"{path} {_OF_ANY}") for place in self.own if place.startswith(start)]
        found = {member: self.said_of(path, member).encoding for member in within}
        return {member: encoding for member, encoding in found.items() if encoding is not None}

    def unknown_places(self, tables: Iterable[tuple[str, str]]) -> list[str]:
        """What something was said of by a table's name alone, where no file has such a table; `tables` are paths with tables in them."""
        there = {place for path, table in tables for place in self._places(path, table)}
        return [place.removeprefix(_OF_ANY) for place in self.own if place.startswith(_OF_ANY) and place not in there]

    def _places(self, path: str, table: str | None) -> Iterator[str]:
        """Where something may be said of a table, what says most of it first."""
        parts = table.split(_WITHIN) if table else []
        for length in range(len(parts), 0, -1):
            yield table_place(path, _WITHIN.join(parts[:length]))
        for length in range(len(parts), 0, -1):
            yield _OF_ANY + _WITHIN.join([Path(path).name, *parts[:length]])
            yield _OF_ANY + _WITHIN.join(parts[:length])
        yield path
        yield _OF_ANY + Path(path).name


_WITHIN = " › "
_OF_ANY = "› "


def any_place(table: str) -> str:
    """What `ImportRequest.own` calls a table, or a file, by its name alone."""
    return _OF_ANY + table


def table_place(path: str, table: str | None) -> str:
    """What `ImportRequest.own` calls a file, or a table of one that has several."""
    return f"{path}{_WITHIN}{table}" if table else path


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
