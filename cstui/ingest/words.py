"""What the words of a header mean: folded for comparison, and the fields and currencies that Arabic and Persian headers name.

The words themselves are data (words.toml). Knows nothing of a file's other columns, nor of values.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cstui.base.text import fold_key
from cstui.ingest.money_words import TOMAN as IRT
from cstui.ingest.money_words import code_of

TOMAN = "TOMAN"
"""Ten rials: what people count in, and no currency of ISO 4217."""
_DATES = ("paid_at", "answered_at", "at", "date")
"""Fields that a header which only says “date” may mean, one in each kind."""
_BRACKETS = re.compile(r"\s*[(\[（]([^)\]）]*)[)\]）]\s*")
_LETTERS = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ؤ": "و", "ئ": "ی", "ـ": None, **dict.fromkeys(map(chr, range(0x64B, 0x653)))}
)


def fold_header(text: str) -> str:
    """A header without case, space and punctuation, in one form of each letter."""
    folded = fold_key(text).casefold()
    if not folded.isascii():
        folded = folded.translate(_LETTERS)
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNM")


def meanings(header: str) -> tuple[str, ...]:
    """The fields that an Arabic or Persian header may mean, the likeliest first; empty for others."""
    if header.isascii() and fold_header(header) != "nps":
        return ()
    known = _words()
    bare = _BRACKETS.sub(" ", header)
    for text in (header, bare, *_shorter(bare)):
        if found := known.get(fold_header(text)):
            return found
    return ()


def currency_of(header: str) -> str | None:
    """The currency that a header names in brackets or as its last words, TOMAN among them; None where it names none."""
    words = list(_BRACKETS.findall(header))
    bare = _BRACKETS.sub(" ", header).split()
    words += [" ".join(bare[-2:]), *bare[-1:]] if len(bare) > 1 else []
    known = _currencies()
    found = next((known[fold_header(word) or word] for word in words if (fold_header(word) or word) in known), None)
    return found or next((code for word in _BRACKETS.findall(header) if (code := _code(word.strip())) is not None), None)


def _code(word: str) -> str | None:
    """The currency of a code or a sign in brackets; none of a sign that several share: which is meant is for the workspace to say."""
    code = code_of(word) if word.isupper() or not word.isalpha() else None
    return TOMAN if code == IRT else code


def _shorter(header: str) -> list[str]:
    """The header without a currency that it ends with: `مبلغ به ریال`."""
    words = [word for word in header.split() if word not in {"به", "بال", "ب"}]
    known = _currencies()
    return [" ".join(words[:-n]) for n in (2, 1) if len(words) > n and fold_header(" ".join(words[-n:])) in known]


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("cstui.ingest").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, words in _data()["headers"].items():
        for word in words:
            fold = fold_header(word)
            found[fold] = (*found.get(fold, ()), *(_DATES if name == "date" else (name,)))
    return found


@cache
def _currencies() -> Mapping[str, str]:
    return {fold_header(word) or word: code for code, words in _data()["currencies"].items() for word in words}


@cache
def english() -> Mapping[str, tuple[str, ...]]:
    """Folded English headers to the fields they may mean: guesses only."""
    found: dict[str, tuple[str, ...]] = {}
    for name, words in _data()["english"].items():
        for word in words if name != "_number" else ():
            found[fold_header(word)] = (*found.get(fold_header(word), ()), name)
    return found


@cache
def numbers() -> frozenset[str]:
    """Folded headers that only say that the rows are numbered."""
    return frozenset(map(fold_header, _data()["english"]["_number"]))
