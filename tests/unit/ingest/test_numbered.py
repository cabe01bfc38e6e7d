"""Texts with numbers, found by their bytes: what was added is found, nothing else is, however the texts arrive."""

from __future__ import annotations

import random

import numpy as np
import pytest

from cstui.ingest.numbered import LONGEST, Numbered, Texts, padded, texts_at


def _texts(words: list[str]) -> Texts:
    raws = [word.encode() for word in words]
    length = np.array([len(raw) for raw in raws], np.int64)
    return texts_at(padded(b"".join(raws)), np.cumsum(length) - length, length)


def _some(chance: random.Random, letters: str, count: int) -> list[str]:
    return list({"".join(chance.choices(letters, k=chance.choice((0, 1, 2, 7, 8, 9, 15, 16)))) for _ in range(count)})


@pytest.mark.parametrize("letters", ["ab", "abcdefghijkl-0123456789", "نور é𝔞"])
def test_what_was_added_bit_by_bit_is_found_and_nothing_else(letters: str) -> None:
    chance = random.Random(letters)
    words = _some(chance, letters, 900)
    held, others = words[: len(words) // 2], words[len(words) // 2 :]
    numbered, at = Numbered(), 0
    while at < len(held):
        some = held[at : at + chance.choice((1, 5, 60))]
        numbered.add(some, range(at, at + len(some)))
        at += len(some)
    assert numbered.find(_texts(held)).tolist() == list(range(len(held)))
    assert numbered.find(_texts(others)).tolist() == [-1] * len(others)


def test_a_text_is_the_same_beside_long_ones_and_alone() -> None:
    numbered = Numbered()
    numbered.add(["a", "b" * LONGEST], [1, 2])
    assert numbered.find(_texts(["a"])).tolist() == [1]
    assert numbered.find(_texts(["c" * LONGEST, "a", "b" * LONGEST])).tolist() == [-1, 1, 2]


def test_zeros_at_the_end_make_another_text() -> None:
    numbered = Numbered()
    numbered.add(["a"], [1])
    assert numbered.find(_texts(["a\0", "\0", ""])).tolist() == [-1, -1, -1]


def test_one_too_long_to_be_looked_up_is_left_out() -> None:
    numbered = Numbered()
    numbered.add(["x" * (LONGEST + 1), "x"], [1, 2])
    assert numbered.find(_texts(["x", "x" * LONGEST])).tolist() == [2, -1]


def test_a_half_of_a_pair_of_surrogates_is_no_text_of_a_file() -> None:
    numbered = Numbered()
    numbered.add(["\ud800"], [1])
    assert numbered.find(_texts(["é"])).tolist() == [-1]
