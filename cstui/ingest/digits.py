"""Cells of digits as numbers, by arithmetic on whole columns: counts, decimals, days, as they are mostly written.

Says of each cell whether it is sure; what is written in any other way is for a reader of texts. Knows nothing of files and fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.usage import DAY_BITS, MINUTE
from cstui.ingest.dates import FIRST_YEAR, LAST_YEAR
from cstui.ingest.numbered import WORD, words_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Words = NDArray[np.uint64]
    Bytes = NDArray[np.uint8]

_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)
_ZEROS = np.uint64(int.from_bytes(b"0" * WORD))
_POINT, _OTHER_POINT, _BYTE = (np.uint64(byte) for byte in (ord(".") ^ ord("0"), 0xFF ^ ord("0"), 0xFF))
"""A point, and `٫`, of which `narrowed` makes a byte that no text has."""
_BITS, _PAIR = np.uint64(8), np.uint64(0xFFFF)
_DASHES, _DASHED = (np.uint64(byte << 8 * 4 | byte << 8 * 7) for byte in (ord("-") ^ ord("0"), 0xFF))
"""What stands between year, month and day, and where in the first word."""
_PAST_NINE, _HIGHEST = np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_PAIRS = ((10, 8, 0x00FF00FF00FF00FF), (100, 16, 0x0000FFFF0000FFFF), (10_000, 32, 0x00000000FFFFFFFF))
"""How neighbours become one: the first's weight, the bits that the second is away, what the results take."""
_PERSIAN, _ARABIC = 0xDB, 0xD9
"""What their digits begin with in UTF-8; in the latter case the decimal mark too."""
_PERSIAN_ZERO, _ARABIC_ZERO, _ARABIC_POINT = 0xB0, 0xA0, 0xAB


class Read(NamedTuple):
    """A column as numbers."""

    value: Ints
    sure: Bools
    pointed: Bools
    """Where a point of ASCII stands before decimals."""


class Digits(NamedTuple):
    """One column of a block: where its cells begin and end."""

    buffer: Bytes
    """Padded."""
    start: Ints
    end: Ints

    def counts(self) -> Read:
        """Whole numbers."""
        value, sure = _whole(*self._last())
        return Read(value, sure, np.zeros(len(value), np.bool_))

    def thousandths(self) -> Read:
        """Numbers with at most two decimals, in thousandths."""
        digits, sure = self._last()
        length = self.end - self.start
        after, pointed = np.zeros(len(length), np.int64), np.zeros(len(length), np.bool_)
        for place in (1, 2):
            byte = (digits >> np.uint64(8 * (WORD - 1 - place))) & _BYTE
            here = ((byte == _POINT) | (byte == _OTHER_POINT)) & (length > place + 1) & (after == 0)
            after[here] = place
            pointed |= here & (byte == _POINT)
            low = np.uint64((1 << 8 * (WORD - 1 - place)) - 1)
            digits[here] = (digits[here] & ~(low << np.uint64(8) | _BYTE)) | ((digits[here] & low) << np.uint64(8))
        value, sure = _whole(digits, sure)
        return Read(value * np.array([MINUTE, MINUTE // 10, MINUTE // 100])[after], sure, pointed)

    def _last(self) -> tuple[Words, Bools]:
        """The cells as words, the last digit in the highest byte, zeros before the first; and where that is all of a cell."""
        length = self.end - self.start
        digits = words_at(self.buffer, self.start) ^ _ZEROS
        digits <<= ((WORD - np.clip(length, 1, WORD)) * 8).astype(np.uint64)
        return digits, (length > 0) & (length <= WORD)

    def dates(self) -> Read:
        """YYYY-MM-DD, as month << DAY_BITS | day of the month."""
        digits, last = (words_at(self.buffer, self.start + at) ^ zeros for at, zeros in ((0, _ZEROS ^ _DASHES), (WORD, _ZEROS)))
        last &= _PAIR
        sure = (self.end - self.start == 10) & (_not_digits(digits) | (digits & _DASHED) | _not_digits(last) == 0)
        twice = digits * np.uint64(10)
        years, months = twice + (digits >> _BITS), (twice >> _BITS) + (digits >> np.uint64(2 * WORD))
        year = ((years & _BYTE) * np.uint64(100) + ((years >> np.uint64(2 * WORD)) & _BYTE)).astype(np.int64)
        month = np.where(sure, (months >> np.uint64(4 * WORD)) & _BYTE, np.uint64(0)).astype(np.int64)
        day = ((last & _BYTE) * np.uint64(10) + (last >> _BITS)).astype(np.int64)
        leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        sure &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= _MONTH_DAYS[month] + leap) & (year >= FIRST_YEAR) & (year <= LAST_YEAR)
        return Read(((year * 12 + month - 1) << DAY_BITS) | day, sure, np.zeros(len(year), np.bool_))


FORMS: Mapping[str, Callable[[Digits], Read]] = {"count": Digits.counts, "thousandths": Digits.thousandths, "date": Digits.dates}


def _not_digits(digits: Words) -> Words:
    """Not zero where a byte of a word is more than nine."""
    found: Words = ((digits + _PAST_NINE) | digits) & _HIGHEST
    return found


def _whole(digits: Words, sure: Bools) -> tuple[Ints, Bools]:
    """Eight digits in a word as a number, the first in the lowest byte; sure where there is nothing else."""
    sure = sure & (_not_digits(digits) == 0)
    for weight, apart, mask in _PAIRS:
        digits = (digits * np.uint64(weight) + (digits >> np.uint64(apart))) & np.uint64(mask)
    return digits.astype(np.int64), sure


class Narrowed(NamedTuple):
    """Bytes of a text whose digits are all of ASCII."""

    buffer: Bytes
    """Padded."""
    gone: NDArray[np.int32] | None
    """How many bytes fewer there are before each place of the text; None where it is as it was."""

    def digits(self, start: Ints, end: Ints) -> Digits:
        """The cells that lie there in the text."""
        if self.gone is None:
            return Digits(self.buffer, start, end)
        return Digits(self.buffer, start - self.gone[start], end - self.gone[end])


def as_it_is(buffer: Bytes) -> Narrowed:
    """A text that has no other digits."""
    return Narrowed(buffer, None)


def narrowed(buffer: Bytes, size: int) -> Narrowed:
    """UTF-8, `padded`, of so many bytes, with Persian and Arabic digits as those of ASCII."""
    first, second = buffer[:-1], buffer[1:]
    persian = (first == _PERSIAN) & (second - np.uint8(_PERSIAN_ZERO) <= 9)
    arabic = (first == _ARABIC) & ((second - np.uint8(_ARABIC_ZERO) <= 9) | (second == _ARABIC_POINT))
    wide = persian | arabic
    if not wide.any():
        return as_it_is(buffer)
    plain = buffer.copy()
    plain[1:][persian] -= np.uint8(_PERSIAN_ZERO - ord("0"))
    plain[1:][arabic] = np.where(second[arabic] == _ARABIC_POINT, 0xFF, second[arabic] - np.uint8(_ARABIC_ZERO - ord("0")))
    gone = np.concatenate(([0], np.cumsum(wide[:size], dtype=np.int32)))
    return Narrowed(plain[np.append(~wide, True)], gone)
