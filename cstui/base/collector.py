"""Python's collector of reference cycles, held back while a question is answered.

Answers about a hundred thousand customers make a million objects and not one cycle; looking for cycles among them again and again
takes a sixth of the time, and each look holds up every other thread, the one that draws included, for up to a tenth of a second.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_guard = threading.Lock()
_inside = 0
_was_on = False


@contextmanager
def held_back() -> Iterator[None]:
    """No look for cycles until the last thread inside has left. What reference counts free is freed all the same."""
    global _inside, _was_on  # noqa: PLW0603  # there is one collector in a process
    with _guard:
        if not _inside:
            _was_on = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _guard:
            _inside -= 1
            if not _inside and _was_on:
                gc.enable()
