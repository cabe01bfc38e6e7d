"""What the person has said of files, for as long as the program runs: a file that is opened again starts from it.

A file that is another by now, by its size or its time, starts anew. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cstui.desk.import_request import ImportRequest, Said, table_place

_Stamp = tuple[int, int]


class Answers:
    """Path → what was said of the file and of the tables in it, and what the file was then."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[_Stamp, Mapping[str, Said]]] = {}

    def keep(self, request: ImportRequest) -> None:
        """Remember what is said of each file."""
        for path in request.files:
            within = table_place(path, "-")[:-1]
            said = {place: one for place, one in request.own.items() if place == path or place.startswith(within)}
            if (stamp := _stamp(path)) is not None:
                self._kept[path] = stamp, said

    def of(self, paths: Iterable[str]) -> dict[str, Said]:
        """What was said of files that are still what they were."""
        kept = ((path, self._kept[path]) for path in paths if path in self._kept)
        return {place: one for path, (stamp, said) in kept if stamp == _stamp(path) for place, one in said.items() if one != Said()}


def _stamp(path: str) -> _Stamp | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
