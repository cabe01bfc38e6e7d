"""A terminal for tests: starts the real program in a pty, presses keys, waits for text, and keeps every byte received.

It knows nothing of cstui but how to start it. Waiting is always for something (text on the screen, the end of the
program), never for time; what does not come within the limit fails with the screen as it stood.
"""

from __future__ import annotations

import os
import re
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Self

import pexpect
import pyte

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE: Final = 30.0
"""Seconds until something that should appear is missed; generous, because nothing waits longer than it must."""

KEYS: Final[Mapping[str, bytes]] = {
    "enter": b"\r",
    "tab": b"\t",
    "esc": b"\x1b",
    "backspace": b"\x7f",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "ctrl+c": b"\x03",
    "ctrl+p": b"\x10",
    "ctrl+r": b"\x12",
}
"""Keys by Textual's names; anything else is sent as the text it is."""

# What a program that took the terminal must give back, by what it took.
_GIVEN_BACK: Final[Mapping[bytes, bytes]] = {
    b"\x1b[?1049h": b"\x1b[?1049l",  # the alternate screen
    b"\x1b[?25l": b"\x1b[?25h",  # the cursor
    b"\x1b[?1000h": b"\x1b[?1000l",  # mouse reports, of four kinds
    b"\x1b[?1003h": b"\x1b[?1003l",
    b"\x1b[?1015h": b"\x1b[?1015l",
    b"\x1b[?1006h": b"\x1b[?1006l",
    b"\x1b[?1004h": b"\x1b[?1004l",  # focus reports
    b"\x1b[?2004h": b"\x1b[?2004l",  # bracketed paste
    b"\x1b[?7l": b"\x1b[?7h",  # line wrap
    b"\x1b[>": b"\x1b[<u",  # the kitty keyboard protocol, whatever its flags
}
_KITTY: Final = re.compile(rb"\x1b\[[<>=][0-9;]*u")  # pyte would draw the `u`
_NO_WIDTH: Final = re.compile(rb"\xe2\x80[\x8b-\x8f]")  # U+200B…U+200F; pyte drops the line's rest after one
_UNFINISHED: Final = re.compile(rb"(?:\x1b(?:\[[0-9;<>=?]*)?|\xe2\x80?)$")


def cstui(*arguments: str) -> tuple[str, ...]:
    """The command that starts this checkout's program."""
    return (sys.executable, "-m", "cstui", *arguments)


class Display:
    """What a terminal of a given size shows after the bytes that it was fed."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._pending = b""

    @property
    def text(self) -> str:
        """What stands on the screen, line by line, without trailing blanks."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def cells(self) -> list[dict[int, object]]:
        """The same with its colours, line by line."""
        return [dict(self._screen.buffer[row]) for row in range(self._screen.lines)]

    def feed(self, data: bytes) -> None:
        """Draw what has come, without characters of no width; an escape sequence may be cut anywhere."""
        data = self._pending + data
        cut = found.start() if (found := _UNFINISHED.search(data)) else len(data)
        self._pending = data[cut:]
        self._stream.feed(_NO_WIDTH.sub(b"", _KITTY.sub(b"", data[:cut])))


class Terminal:
    """One program in one terminal. A context manager: leaving it ends a program that still runs."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None, cwd: str | None = None
    ) -> None:
        """Start `command` at the given size; `env` is added to this process's environment."""
        surroundings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        self._display = Display(columns, rows)
        self.raw = bytearray()
        """Every byte the program sent."""
        self.started = time.perf_counter()
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            command[0],
            list(command[1:]),
            env=surroundings,
            cwd=cwd,
            dimensions=(rows, columns),
            timeout=PATIENCE,
        )
        self.child.delaybeforesend = None
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.child.close(force=True)

    @property
    def text(self) -> str:
        """What stands on the screen, line by line, without trailing blanks."""
        return self._display.text

    def press(self, *keys: str) -> None:
        """Send keys, by Textual's names or as text. After `esc`, wait for what it does: with the next key it would be one alt+key."""
        for key in keys:
            self.child.send(KEYS.get(key) or key.encode())

    def wait_for(self, wanted: str | Callable[[str], bool], *, seconds: float = PATIENCE) -> float:
        """Read until `wanted` is on the screen (or true of its text). Returns the seconds since the program's start.

        Raises AssertionError with the screen where it does not come, or the program ends first.
        """
        appeared = wanted if callable(wanted) else lambda text: wanted in text
        limit = time.perf_counter() + seconds
        while not appeared(self.text):
            left = limit - time.perf_counter()
            alive = self._read(left) if left > 0 else False
            if not alive and not appeared(self.text):
                what = wanted if isinstance(wanted, str) else "what was waited for"
                raise AssertionError(f"{what!r} did not appear; the screen:\n{self.text}")
        return time.perf_counter() - self.started

    def wait_gone(self, unwanted: str, *, seconds: float = PATIENCE) -> float:
        """Read until `unwanted` is no longer on the screen."""
        return self.wait_for(lambda text: unwanted not in text, seconds=seconds)

    def finish(self, *, seconds: float = PATIENCE) -> int:
        """Read until the program has ended. Returns its exit status, or minus the signal that ended it.

        Raises AssertionError with the screen where it does not end.
        """
        limit = time.perf_counter() + seconds
        while self.child.isalive() or not self._ended:
            if self._ended:
                time.sleep(0.001)  # closed its terminal, and is about to be gone
            elif (left := limit - time.perf_counter()) > 0:
                self._read(left)
            if time.perf_counter() > limit:
                raise AssertionError(f"the program did not end; the screen:\n{self.text}")
        status, signal = self.child.exitstatus, self.child.signalstatus
        return status if status is not None else -(signal or 0)

    def assert_restored(self) -> None:
        """The program has given back all that it took of the terminal: modes, cursor, screen, echo and line editing."""
        raw = bytes(self.raw)
        kept = [taken for taken, given in _GIVEN_BACK.items() if raw.rfind(taken) > raw.rfind(given)]
        assert not kept, f"never given back: {kept}"
        local = termios.tcgetattr(self.child.child_fd)[3]
        assert local & termios.ECHO, "echo is off"
        assert local & termios.ICANON, "line editing is off"
        assert local & termios.ISIG, "Ctrl-C is off"

    def _read(self, seconds: float) -> bool:
        """Take what has come, waiting at most `seconds` for it. False once the program has closed the terminal, or nothing came."""
        try:
            data: bytes = self.child.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            self._ended = True
            return False
        self.raw += data
        self._display.feed(data)
        return True
