"""Text from outside, made safe to keep, to show and to match: nothing else in cstui decides what a terminal may receive.

`clean` is what import keeps, `safe` and `cell` what screen and command output show, `fold_key` and `fold_search` what
ids and searches compare. All five are pure, total (any `str`, lone surrogates too) and idempotent. Knows nothing of
Textual, of markup or of how wide a column is: what comes out of `safe` may still hold `[/]` and must be shown as plain text.
"""

from __future__ import annotations

import unicodedata
from typing import Final

DOT: Final = "·"
"""Stands where a character was that a terminal could obey."""

ELLIPSIS: Final = "…"
LRM: Final = "\u200e"
"""Left-to-right mark, width 0: keeps right-to-left cells in their own column on terminals that reorder."""

DISPLAY_LIMIT: Final = 120
"""Characters a single value may take on screen unless the caller knows better."""

_CONTROLS: Final = (
    *range(0x20),  # C0, with ESC, BEL, NUL, TAB and the line ends
    *range(0x7F, 0xA0),  # DEL and C1: U+009B is CSI, U+009D is OSC
    0x2028,  # line and paragraph separator: a second line where one was drawn
    0x2029,
    *range(0x206A, 0x2070),  # deprecated format controls (symmetric swapping, Arabic shaping)
    *range(0xD800, 0xE000),  # lone surrogates: they can't be encoded, so printing them raises
    0xE0001,  # language tag
    *range(0xE0020, 0xE0080),  # tag characters: text that can't be seen
)
_BIDI_CONTROLS: Final = (
    *range(0x202A, 0x202F),  # embeddings and overrides
    *range(0x2066, 0x206A),  # isolates
)
_BIDI_MARKS: Final = (0x200E, 0x200F, 0x061C)
_JOINERS: Final = (0x200C, 0x200D)  # ZWNJ, ZWJ
_INVISIBLE: Final = (0x200B, 0x2060, 0xFEFF, 0x00AD)  # zero-width space, word joiner, byte order mark, soft hyphen

_UNSAFE: Final = dict.fromkeys((*_CONTROLS, *_BIDI_CONTROLS), DOT)
_DROPPED: Final = dict.fromkeys(_CONTROLS, DOT) | dict.fromkeys((*_BIDI_CONTROLS, *_BIDI_MARKS, *_JOINERS, *_INVISIBLE))
_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("يى", "ی"),  # Arabic yeh and alef maksura → Persian yeh
        **dict.fromkeys("كڪ", "ک"),  # Arabic and swash kaf → keheh
        **dict.fromkeys("ہھەۀۂ", "ه"),  # heh goal, doachashmee, ae and the two with yeh or hamza above → heh
        **{arabic: str(digit) for digit, arabic in enumerate("٠١٢٣٤٥٦٧٨٩")},
        **{persian: str(digit) for digit, persian in enumerate("۰۱۲۳۴۵۶۷۸۹")},
    }
)
# Teh marbuta is typed as heh, and Persian spells the same word with teh (شركة, شركه, شرکت), before a suffix Arabic too (شركتي): one letter
# wherever it stands, because what is being typed may be a beginning. Tatweel only stretches.
_SEARCH_LETTERS: Final = _LETTERS | str.maketrans({**dict.fromkeys("ةت", "ه"), "ـ": None})

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


def safe(text: str, limit: int = DISPLAY_LIMIT) -> str:
    """`text` as it may reach a terminal: what could steer it becomes `·`, and more than `limit` characters end in `…`.

    Keeps U+200E, U+200F, ZWNJ and ZWJ, which names need. `limit` counts characters, the `…` included, and is at least 1.
    """
    if len(text) > limit:
        text = text[: limit - 1] + ELLIPSIS
    # Every character of `_UNSAFE` is unprintable to Python, so most text needs no second look.
    return text if text.isprintable() else text.translate(_UNSAFE)


def cell(text: str, limit: int = DISPLAY_LIMIT) -> str:
    """`safe(text, limit)`, and one U+200E after it where it ends in right-to-left text.

    Without it a terminal that reorders swaps two Arabic columns around the number between them. For display only:
    what is stored, copied or exported goes without.
    """
    if text.isascii():
        return safe(text, limit)
    return closed(safe(text.removesuffix(LRM), limit))


def closed(text: str) -> str:
    """`text`, and one U+200E after it where it ends in right-to-left text."""
    return text if text.isascii() or not _ends_right_to_left(text) else text + LRM


def clean(text: str) -> str:
    """`text` as import keeps it: composed (NFC), trimmed, and with `·` for every character `safe` would replace; never cut."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _trim(text).translate(_UNSAFE))
    return text.strip()


def fold_key(text: str) -> str:
    """The form in which two ids are the same id: NFKC, one yeh, kaf and heh, ASCII digits, no invisible marks, trimmed; case kept.

    Give it the raw cell, not `clean`'s: it drops the direction marks that one spreadsheet adds and another does not.
    The result holds no control character.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    composed = unicodedata.normalize("NFKC", _trim(text).translate(_DROPPED))
    return composed.translate(_LETTERS).strip()


def fold_search(text: str) -> str:
    """The form in which a search matches: `fold_key` without case, accents, Arabic vowel marks and stretching; teh is heh."""
    if text.isascii() and text.isprintable():
        return text.strip().casefold()
    bare = _without_marks(_without_marks(fold_key(text)).casefold())
    return unicodedata.normalize("NFKC", bare.translate(_SEARCH_LETTERS)).strip()


def _trim(text: str) -> str:
    """Without white space, line ends and byte order marks around it."""
    return text.strip().strip("\ufeff").strip()


class _Marks(dict[int, int | None]):
    """What `str.translate` makes of each character: nothing of one that combines with the one before it."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if unicodedata.combining(chr(code)) else code
        return found


_MARKS: Final = _Marks()


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_MARKS)


def _ends_right_to_left(text: str) -> bool:
    """Whether the last character that has a direction of its own runs right to left; numbers and signs have none."""
    for char in reversed(text):
        direction = unicodedata.bidirectional(char)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False


def fold_choice(text: str) -> str:
    """A choice without case, with one kind of space for space, hyphen and underscore."""
    return " ".join(fold_key(text).casefold().replace("_", " ").replace("-", " ").split())
