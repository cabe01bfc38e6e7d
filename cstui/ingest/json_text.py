"""JSON values one after another out of a text of any length, with the line each begins on, and numbers as they are written.

Holds one value at a time, and refuses those that no memory holds. Knows nothing of records and tables.
"""

from __future__ import annotations

import json
from json.decoder import JSONDecodeError
from typing import Any, TextIO

_CHUNK = 1 << 18
_LONGEST = 1 << 22
"""Characters that one value may have."""
_NEAR = 1 << 16
"""So near to the end of what was read an error may only mean that the rest is still to come."""
_SPACE = " \t\r\n"


class Pairs(list[tuple[str, Any]]):
    """An object's members in their order, those that come twice too."""


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class NoNumber(str):
    """`NaN`, `Infinity`: what JSON does not have and programs write."""

    __slots__ = ()


class BrokenJson(Exception):
    """What is wrong, and on which line."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why, self.line = why, line


_DECODER = json.JSONDecoder(object_pairs_hook=Pairs, parse_float=Number, parse_int=Number, parse_constant=NoNumber)


def decoded(text: str) -> Any:  # noqa: ANN401  # whatever a document holds
    """One value that is all of a text. Raises BrokenJson."""
    try:
        return _DECODER.decode(text)
    except JSONDecodeError as error:
        raise BrokenJson(error.msg, error.lineno) from error
    except RecursionError as error:
        raise BrokenJson(TOO_DEEP, 1) from error


TOO_DEEP = "values are nested too deeply"


class Scanner:
    """A place in a text, and what begins there."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer, self._at, self._line, self._ended = "", 0, 1, False

    @property
    def line(self) -> int:
        """The line of the place."""
        return self._line + self._buffer.count("\n", 0, self._at)

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._buffer) or not self._more():
                return self._buffer[self._at : self._at + 1]

    def take(self, wanted: str) -> bool:
        """Step over the next character if it is that one."""
        if self.peek() == wanted:
            self._at += 1
            return True
        return False

    def expect(self, wanted: str) -> None:
        """Step over a character that must come next. Raises BrokenJson."""
        if not self.take(wanted):
            found = self.peek()
            raise BrokenJson(f"“{wanted}” was expected" + (f", not “{found}”" if found.isprintable() and found else ""), self.line)

    def value(self) -> Any:  # noqa: ANN401
        """The value that begins here. Raises BrokenJson."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except JSONDecodeError as error:
                if len(self._buffer) - self._at > _LONGEST:
                    raise BrokenJson(f"the value that begins here has more than {_LONGEST:,} characters", self.line) from error
                if not self._cut(error) or not self._more():
                    raise BrokenJson(error.msg, self._line + self._buffer.count("\n", 0, error.pos)) from error
            except RecursionError as error:
                raise BrokenJson(TOO_DEEP, self.line) from error
            else:
                if end < len(self._buffer) or not self._more():
                    self._at = end
                    return value

    def _cut(self, error: JSONDecodeError) -> bool:
        """Whether the value may only be cut off."""
        return error.pos >= len(self._buffer) - _NEAR or error.msg.startswith("Unterminated")

    def _more(self) -> bool:
        if self._ended:
            return False
        self._line += self._buffer.count("\n", 0, self._at)
        kept = self._buffer[self._at :]
        read = self._text.read(max(_CHUNK, len(kept)))
        self._buffer, self._at, self._ended = kept + read, 0, not read
        return not self._ended
