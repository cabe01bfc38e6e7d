"""Texts that have their numbers, found by their bytes: a column of ids understood without making a text of every cell.

Works on whole columns. Knows nothing of files, fields or what an id may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Bytes = NDArray[np.uint8]

LONGEST = 64
"""Bytes of the longest text that is looked at this way."""
WORD = 8
"""Bytes of a word."""
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(WORD + 1)], np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF, _ODD = np.uint64(32), np.uint64(2)


class Texts(NamedTuple):
    """Texts as words of eight bytes, and a mixture of these by which they are sorted and looked up. Equal mixtures prove nothing."""

    length: Ints
    words: tuple[Words, ...]
    """The first eight bytes of each, the next eight, and so on; zeros after a text's end."""
    mixed: Words

    def take(self, which: Ints) -> Texts:
        """Some of them, or all in another order."""
        return Texts(self.length[which], tuple(word[which] for word in self.words), self.mixed[which])

    def same(self, other: Texts) -> NDArray[np.bool_]:
        """Where the texts of both are equal, place by place."""
        equal: NDArray[np.bool_] = (self.mixed == other.mixed) & (self.length == other.length)
        for at in range(max(len(self.words), len(other.words))):
            equal &= self.word(at) == other.word(at)
        return equal

    def word(self, at: int) -> Words | np.uint64:
        """One word of each; 0 where none is that long."""
        return self.words[at] if at < len(self.words) else np.uint64(0)


def padded(data: bytes) -> Bytes:
    """Bytes, and so many more that a word can begin at the end of the longest text."""
    return np.frombuffer(data + bytes(WORD + LONGEST), np.uint8)


def words_at(buffer: Bytes, places: Ints) -> Words:
    """The eight bytes from each place on, the first the lowest."""
    found: Words = np.ndarray((len(buffer) - WORD + 1,), "<u8", buffer, strides=(1,))[places]
    return found


def texts_at(buffer: Bytes, start: Ints, length: Ints) -> Texts:
    """The texts that lie in `padded` bytes where it says. None may be longer than LONGEST."""
    longest = int(length.max(initial=1))
    words = tuple(words_at(buffer, start + at) & _MASKS[np.clip(length - at, 0, WORD)] for at in range(0, longest, WORD))
    mixed = length.astype(np.uint64) * _MIX
    factor = _MIX
    for word in words:  # a word of zeros adds nothing, so that a mixture doesn't depend on how long the others are
        part = word * factor
        mixed += (part ^ (part >> _HALF)) * _MIX
        factor += _ODD
    return Texts(length, words, mixed ^ (mixed >> _HALF))


class Numbered:
    """Texts with their numbers. Grows; what is looked up often has been sorted once or twice."""

    def __init__(self) -> None:
        self._parts: list[tuple[Texts, Ints]] = []
        """Each sorted by mixture, and at least twice as long as the next."""

    def add(self, texts: Sequence[str], numbers: Sequence[int]) -> None:
        """Keep the numbers of some texts. One that is there already has the same number."""
        found = [
            (raw, number) for text, number in zip(texts, numbers, strict=True) if len(raw := text.encode(errors="surrogatepass")) <= LONGEST
        ]
        if not found:
            return
        raws = [raw for raw, _ in found]
        length = np.fromiter(map(len, raws), np.int64, len(raws))
        new = texts_at(padded(b"".join(raws)), np.cumsum(length) - length, length)
        self._parts.append(_sorted(new, np.array([number for _, number in found], np.int64)))
        while len(self._parts) > 1 and 2 * len(self._parts[-1][1]) > len(self._parts[-2][1]):
            (late, late_numbers), (early, early_numbers) = self._parts.pop(), self._parts.pop()
            self._parts.append(_sorted(_joined(early, late), np.concatenate((early_numbers, late_numbers))))

    def find(self, texts: Texts) -> Ints:
        """The number of each text, −1 where it has none. Fastest where they are in the order of their mixtures."""
        found = np.full(len(texts.length), -1, np.int64)
        for known, numbers in self._parts:
            at = np.minimum(np.searchsorted(known.mixed, texts.mixed), len(numbers) - 1)
            here = known.take(at).same(texts)
            found[here] = numbers[at[here]]
        return found


def _sorted(texts: Texts, numbers: Ints) -> tuple[Texts, Ints]:
    order = np.argsort(texts.mixed)
    return texts.take(order), numbers[order]


def _joined(one: Texts, other: Texts) -> Texts:
    def column(texts: Texts, at: int) -> Words:
        return texts.words[at] if at < len(texts.words) else np.zeros(len(texts.length), np.uint64)

    words = (np.concatenate((column(one, at), column(other, at))) for at in range(max(len(one.words), len(other.words))))
    return Texts(np.concatenate((one.length, other.length)), tuple(words), np.concatenate((one.mixed, other.mixed)))
