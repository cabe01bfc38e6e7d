"""A second process of this program, for work that two processors can share: forked, given a function, gone when the first is.

What the function gives is kept aside in a file without a name, so that neither process waits for the other to take it. Knows nothing of
the work.
"""

from __future__ import annotations

import os
import pickle  # both ends are this very program, forked
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NoReturn

_PLACE = struct.Struct("<qqq")
"""Where in the file an answer stands, the length of what says how long its parts are, and that of the parts."""
_SIZE = struct.Struct("<q")
_NO_MORE, _FAILED = (0, 0, 0), (0, 0, -1)
"""In place of an answer's: there are no more, or no more could be had."""


class Gone(Exception):
    """The second process has failed or ended: whoever asked does the rest alone."""


class Second:
    """A forked process that waits to be asked. Start it before any thread exists."""

    def __init__(self, child: int, asking: int, told: int, answers: IO[bytes]) -> None:
        self._child, self._asking, self._told, self._answers = child, asking, told, answers
        self._alive = True

    @classmethod
    def start(cls, folder: Path) -> Second | None:
        """Fork, where the system can and has two processors for us; None otherwise. What is kept aside stands in `folder`."""
        if not hasattr(os, "fork") or _processors() < 2:
            return None
        try:
            answers = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # it lives as long as the process
        except OSError:
            return None
        reading, asking = os.pipe()
        told, telling = os.pipe()
        try:
            child = os.fork()
        except OSError:  # there may be no more processes: what one alone does, one alone will do
            for end in (reading, asking, told, telling):
                os.close(end)
            answers.close()
            return None
        if not child:
            os.close(asking)
            os.close(told)
            _serve(reading, telling, answers.fileno())
        os.close(reading)
        os.close(telling)
        return cls(child, asking, told, answers)

    def ready(self, module: str) -> None:
        """Have a module loaded that will be wanted."""
        self._ask((None, module))

    def begin(self, work: Callable[..., Iterator[object]], *about: object) -> Iterator[Any]:
        """Have `work` begun now; gives what it gives, in order. A function of a module, and arguments that can be pickled.

        One at a time. Raises Gone, then and while its answers are taken; taken only in part, they end this process's use.
        """
        self._ask((work, about))
        return self._taken()

    def _ask(self, question: object) -> None:
        if not self._alive:
            raise Gone
        data = pickle.dumps(question)
        try:
            os.write(self._asking, _SIZE.pack(len(data)) + data)
        except BrokenPipeError:
            self.close()
            raise Gone from None

    def _taken(self) -> Iterator[Any]:
        whole = False
        try:
            while (place := self._place()) != _NO_MORE:
                yield self._read(*place)
            whole = True
        finally:
            if not whole:
                self.close()

    def _place(self) -> tuple[int, int, int]:
        data = os.read(self._told, _PLACE.size) if self._alive else b""
        if len(data) < _PLACE.size:
            raise Gone
        at, head, size = _PLACE.unpack(data)
        if (at, head, size) == _FAILED:
            raise Gone
        return at, head, size

    def _read(self, at: int, head: int, size: int) -> object:
        """An answer; arrays in it lie where they were read to."""
        data = memoryview(_read_at(self._answers.fileno(), at, head + size))
        parts, start = [], head
        for length in pickle.loads(data[:head]):  # noqa: S301  # written by our own child
            parts.append(data[start : start + length])
            start += length
        return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301  # as above

    def close(self) -> None:
        """Have it ended, whatever it does; harmless when it has."""
        if not self._alive:
            return
        self._alive = False
        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._asking)
        os.close(self._told)
        self._answers.close()


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(asked: int, telling: int, answers: int) -> NoReturn:
    """In the child: answer until nobody can ask, and be gone without running anybody's exit handlers."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)  # whoever waits for the end of these waits for the first process alone
        os.dup2(nowhere, 1)
        with os.fdopen(asked, "rb") as questions:
            while head := questions.read(_SIZE.size):
                work, about = pickle.loads(questions.read(*_SIZE.unpack(head)))  # noqa: S301  # written by our own parent
                if work is None:
                    import_module(about)
                else:
                    _work(work, about, telling, answers)
    except BrokenPipeError:
        pass  # nobody wants to know any more
    finally:
        os._exit(0)


def _work(work: Callable[..., Iterator[object]], about: tuple[object, ...], telling: int, answers: int) -> None:
    at = 0
    try:
        for answer in work(*about):
            arrays: list[pickle.PickleBuffer] = []
            body = pickle.dumps(answer, protocol=5, buffer_callback=arrays.append)
            parts: list[bytes | memoryview] = [body, *(array.raw() for array in arrays)]
            lengths = [len(part) for part in parts]
            head = pickle.dumps(lengths)
            begin = at
            for part in (head, *parts):
                at = _write_at(answers, at, part)
            os.write(telling, _PLACE.pack(begin, len(head), sum(lengths)))
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, the first process meets it again and says so
        os.write(telling, _PLACE.pack(*_FAILED))
    else:
        os.write(telling, _PLACE.pack(*_NO_MORE))


def _read_at(file: int, at: int, size: int) -> bytearray:
    """Bytes of a file, however few the system gives at once."""
    found = bytearray(size)
    left = memoryview(found)
    while left:
        done = os.preadv(file, [left], at)
        if not done:
            raise Gone
        at, left = at + done, left[done:]
    return found


def _write_at(file: int, at: int, data: bytes | memoryview) -> int:
    """Write all of it, however little the system takes at once; gives the place after it."""
    left = memoryview(data)
    while left:
        done = os.pwrite(file, left, at)
        at, left = at + done, left[done:]
    return at
