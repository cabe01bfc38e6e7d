"""The sources there are: those that come with cstui, and the user's own, which come first; and which of them a file is.

Goes by headers and by the file's name, never by values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path

from cstui.base.errors import CstuiError
from cstui.base.paths import data_folder
from cstui.base.text import clean
from cstui.ingest.resolving import find
from cstui.ingest.source import Call, Column, Source, parse
from cstui.ingest.source_text import BadSource
from cstui.ingest.words import fold_header


def own_folder() -> Path:
    """Where the user's own sources are."""
    return data_folder() / "sources"


def sources() -> tuple[Source, ...]:
    """All sources, the user's own first. Raises BadSource."""
    return (*own(), *shipped())


@cache
def shipped() -> tuple[Source, ...]:
    """The sources that come with cstui, by name."""
    folder = files("cstui.ingest").joinpath("sources")
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return tuple(parse(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8")) for entry in found)


def own() -> tuple[Source, ...]:
    """The user's own sources, by name. Raises BadSource."""
    folder = own_folder()
    try:
        return _parsed(tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.toml"))))
    except OSError as error:
        raise CstuiError(f"{folder} can't be read: {error.strerror or error}.", file=str(folder)) from error


@cache
def _parsed(found: tuple[tuple[Path, int], ...]) -> tuple[Source, ...]:
    return tuple(_own(path) for path, _ in found)


def _own(path: Path) -> Source:
    """One of the user's own. Raises BadSource, which says where it is: until it is mended or gone, nothing is imported."""
    try:
        return parse(path.stem, path.read_text(encoding="utf-8-sig"), own=True)
    except UnicodeDecodeError as error:
        raise BadSource(path.stem, f"it is not UTF-8: {error.reason}. Mend it or take it away: {path}") from None
    except BadSource as error:
        error.file, error.message = str(path), f"{error.message} Mend it or take it away: {path}"
        error.args = (error.message,)
        raise


def match(file: str, header: Sequence[str]) -> Source | None:
    """The source that a file of this name with this header is of: the user's own before ours, the one that asks most first."""
    folded = [fold_header(cell) for cell in header]
    fitting = [source for source in sources() if next(_lacking(source, file, header, folded), None) is None]
    return max(fitting, key=lambda source: (source.own, source.signature.size), default=None)


def lacking(source: Source, file: str, header: Sequence[str]) -> tuple[str, ...]:
    """What keeps a file from being of the source, in words; nothing where it is."""
    return tuple(_lacking(source, file, header, [fold_header(cell) for cell in header]))


def known_headers() -> frozenset[str]:
    """The folded headers that some source goes by or takes."""
    return _headers_of(sources())


@cache
def _headers_of(found: tuple[Source, ...]) -> frozenset[str]:
    specs: set[str] = set()
    for source in found:
        signature = source.signature
        specs.update(signature.headers, *signature.any, (signature.first,))
        for becomes in source.becomes:
            for expr in becomes.fields.values():
                specs.update(_specs(expr))
    return frozenset(map(fold_header, (spec for spec in specs if not spec.startswith(("@", "/"))))) - {""}


def _specs(expr: object) -> Iterator[str]:
    if isinstance(expr, Column):
        yield expr.spec
    if isinstance(expr, Call):
        for part in (*expr.args, *expr.options.values()):
            yield from _specs(part)


def _lacking(source: Source, file: str, header: Sequence[str], folded: Sequence[str]) -> Iterator[str]:
    asked = source.signature

    def has(spec: str) -> bool:
        return find(spec, header, folded) is not None

    yield from (f"no column “{spec}”" for spec in asked.headers if not has(spec))
    for choice in asked.any:
        if not any(map(has, choice)):
            yield f"none of the columns {', '.join(f'“{spec}”' for spec in choice)}"
    yield from (f"a column “{spec}”, which it never has" for spec in asked.without if has(spec))
    if asked.first and [cell.strip() for cell in header[:1]] != [asked.first]:
        yield f"the first column is not “{asked.first}”"
    if asked.matches and not any(re.search(asked.matches, clean(cell)) for cell in header):
        yield f"no column like {asked.matches}"
    if asked.file and not fnmatch(file.casefold(), asked.file.casefold()):
        yield f"the file's name is not like {asked.file}"
