"""Which letters the Arabic 101 and Persian ISIRI 9147 keyboards send where a Latin key is pressed.

Under such a layout `j` arrives as `ت`, so every single-letter key of cstui gets these as aliases. Knows nothing of actions.
"""

from __future__ import annotations

import unicodedata

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,./"
# One entry per key of _LATIN; a key that sends two characters (Arabic 101: b is lam-alef) can't be bound and is empty.
_ARABIC = "ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر - ى ة و ز ظ".split()
_PERSIAN = "ض ص ث ق ف غ ع ه خ ح ج چ ش س ی ب ل ا ت ن م ک گ ظ ط ز ر ذ د پ و . /".split()
_SHIFTED_LATIN = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
_SHIFTED_ARABIC = "َ ً ُ ٌ - إ ` ÷ × ؛ < > ِ ٍ ] [ - أ ـ ، / : \" ~ ْ } { - آ ' , . ؟".split()
_SHIFTED_PERSIAN = "ْ ٌ ٍ ً ُ ِ َ ّ ] [ } { ؤ ئ ي إ أ آ ة » « : ؛ ك ٓ ژ ٰ - ٔ ء > < ؟".split()
_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for latin, layouts in ((_LATIN, (_ARABIC, _PERSIAN)), (_SHIFTED_LATIN, (_SHIFTED_ARABIC, _SHIFTED_PERSIAN))):
        for layout in layouts:
            for key, sent in zip(latin, layout, strict=True):
                if sent != "-" and not sent.isascii() and sent not in table.setdefault(key, []):
                    table[key].append(sent)
    for digit in range(10):
        table[str(digit)] = [_ARABIC_DIGITS[digit], _PERSIAN_DIGITS[digit]]
    return {key: tuple(sent) for key, sent in table.items()}


SENT: dict[str, tuple[str, ...]] = _table()
"""Latin character → what the two layouts send for the same key press, without ASCII (which would be another key)."""


def key_name(character: str) -> str:
    """Textual's name of the key that sends a character: letters and digits are themselves, others their Unicode name."""
    if character.isalnum():
        return character
    return unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
