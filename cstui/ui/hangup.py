"""Whether the terminal has gone. Mostly a signal says so; where the program is in no terminal's session, nobody does."""

from __future__ import annotations

import select
import sys


class Terminal:
    """What the program reads its keys from."""

    def __init__(self) -> None:
        stream = sys.__stdin__
        self._file = stream.fileno() if stream is not None and not stream.closed and stream.isatty() else None

    def gone(self) -> bool:
        """Whether it has been taken away: then there is nothing to read any more, again and again, and nobody to show anything to."""
        if self._file is None or not hasattr(select, "poll"):
            return False
        watched = select.poll()
        watched.register(self._file, 0)  # that it was taken away is told unasked
        return bool(watched.poll(0))
