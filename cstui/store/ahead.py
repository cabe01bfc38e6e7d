"""Work that needs no interpreter, done for the next of some things by a thread while this one is used. Knows nothing of the work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def one_ahead(work: Callable[[T], R], things: Iterable[T], large: Callable[[T], bool]) -> Iterator[tuple[T, R]]:
    """Each with what comes of it, in order; a `large` one only when it is asked for, so that memory doesn't hold it beside another."""
    waiting: deque[tuple[T, Future[R]]] = deque()
    with ThreadPoolExecutor(1) as pool:
        for thing in things:
            alone = large(thing)
            if not alone:
                waiting.append((thing, pool.submit(work, thing)))
            while len(waiting) > (not alone):
                earlier, found = waiting.popleft()
                yield earlier, found.result()
                del found
            if alone:
                yield thing, work(thing)
        for earlier, found in waiting:
            yield earlier, found.result()
