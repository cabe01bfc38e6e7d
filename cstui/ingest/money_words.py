"""What currencies are called beside their codes: signs, abbreviations and words, in Latin and in Arabic letters.

Some names are shared by several currencies (`ريال`, `$`): those say which they may be, and which of them is meant is for the
workspace or the person to say. Knows no amounts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cstui.base.currencies import CURRENCIES
from cstui.base.text import fold_key

TOMAN = "IRT"
"""Ten rials: what people in Iran count in, and no currency of ISO 4217."""

_SURE = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₪": "ILS", "₽": "RUB", "₴": "UAH", "₩": "KRW", "₫": "VND", "zł": "PLN",
    "US$": "USD", "A$": "AUD",
    "C$": "CAD", "CA$": "CAD", "AU$": "AUD", "R$": "BRL", "euro": "EUR", "euros": "EUR", "يورو": "EUR", "یورو": "EUR",
    "تومان": TOMAN, "تومن": TOMAN, "toman": TOMAN, "tomans": TOMAN, "ریال ایران": "IRR", "ريال إيراني": "IRR",
    "ر.س": "SAR", "ر.س.": "SAR", "ريال سعودي": "SAR", "SR": "SAR", "ر.ق": "QAR", "ريال قطري": "QAR", "ر.ع": "OMR", "ر.ع.": "OMR",
    "ريال عماني": "OMR", "ر.ي": "YER", "ريال يمني": "YER", "د.إ": "AED", "د.إ.": "AED", "درهم إماراتي": "AED", "Dhs": "AED", "د.م.": "MAD",

    "د.م": "MAD", "درهم مغربي": "MAD", "د.ك": "KWD", "د.ك.": "KWD", "دينار كويتي": "KWD", "KD": "KWD", "د.ب": "BHD", "د.ب.": "BHD",
    "دينار بحريني": "BHD", "BD": "BHD", "د.ع": "IQD", "د.ع.": "IQD", "دينار عراقي": "IQD",
    "د.أ": "JOD", "د.أ.": "JOD", "دينار أردني": "JOD",
    "د.ت": "TND", "د.ت.": "TND", "دينار تونسي": "TND", "د.ج": "DZD", "د.ج.": "DZD", "دينار جزائري": "DZD", "د.ل": "LYD", "د.ل.": "LYD",
    "دينار ليبي": "LYD", "ج.م": "EGP", "ج.م.": "EGP", "جنيه مصري": "EGP", "E£": "EGP", "ج.س": "SDG", "ج.س.": "SDG", "جنيه سوداني": "SDG",
    "جنيه إسترليني": "GBP", "ل.ل": "LBP", "ل.ل.": "LBP", "ليرة لبنانية": "LBP", "ل.س": "SYP", "ل.س.": "SYP", "ليرة سورية": "SYP",
    "ليرة تركية": "TRY", "دولار أمريكي": "USD", "دلار آمریکا": "USD", "افغانی": "AFN",
}  # fmt: skip
_SHARED = {
    "$": "USD CAD AUD NZD SGD HKD TWD MXN CLP COP ARS UYU DOP BRL BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD",
    "¥": "JPY CNY", "kr": "SEK NOK DKK ISK", "دولار": "USD CAD AUD", "دلار": "USD CAD AUD",
    "﷼": "IRR SAR QAR OMR YER", "ريال": "SAR IRR QAR OMR YER", "rial": "IRR OMR YER", "rials": "IRR OMR YER", "riyal": "SAR QAR",
    "درهم": "AED MAD", "dirham": "AED MAD", "دينار": "KWD BHD IQD JOD LYD DZD TND", "dinar": "KWD BHD IQD JOD LYD DZD TND",
    "جنيه": "EGP SDG GBP", "ليرة": "LBP SYP TRY", "لیر": "TRY LBP SYP",
}  # fmt: skip

_BARE = re.compile(r"[0-9.,'٫٬ +\-()%]*")
"""A number without any name."""
_PERSIAN_RIAL = "ریال"
"""Written with the Persian letter, as only in Iran."""
_IRAN = "ایران"
_NO_HAMZA = str.maketrans(dict.fromkeys("أإآٱ", "ا"))


def _folded(text: str) -> str:
    return " ".join(fold_key(text).casefold().split())


def _spellings(word: str) -> set[str]:
    """A name as it is written, and without its hamzas; abbreviations differ by nothing else."""
    return {_folded(word)} if "." in word else {_folded(word), _folded(word).translate(_NO_HAMZA)}


CODES: Mapping[str, str] = {name: code for word, code in _SURE.items() for name in _spellings(word)}
"""Folded name → the one currency it stands for."""
SHARED: Mapping[str, tuple[str, ...]] = {name: tuple(codes.split()) for word, codes in _SHARED.items() for name in _spellings(word)}
"""Folded name → the currencies that share it."""
_WRITTEN: Mapping[str, str] = {name: word for word in _SHARED for name in _spellings(word)}
"""Folded shared name → as it is written: folding makes the Iranian one of an Arabic rial."""
_PLACE = 0xE000
_NAMES = [name for name in (*CODES, *SHARED) if not name.isascii() or not name.isalnum()]
_PHRASE = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})(?![^\W\d_])")
_PLACES = {name: chr(_PLACE + at) for at, name in enumerate(_NAMES)}
_BACK = {place: name for name, place in _PLACES.items()}


def marked(text: str) -> str:
    """The text with each name of a currency as one character, that may stand beside a number as a sign does."""
    if (text.isascii() and "$" not in text) or _BARE.fullmatch(text):
        return text
    plain = _folded(text if _IRAN in text else text.replace(_PERSIAN_RIAL, f"{_PERSIAN_RIAL} {_IRAN}"))
    return _PHRASE.sub(lambda found: _PLACES[found[0]], plain)


def code_of(sign: str) -> str | None:
    """The currency that a sign, a name or a code stands for alone; TOMAN among them."""
    if sign.upper() in CURRENCIES or sign.upper() == TOMAN:
        return sign.upper()
    return CODES.get(_BACK.get(sign) or _folded(sign))


def shared_by(sign: str) -> tuple[str, ...]:
    """The currencies that share a sign or a name; none where it stands for one, or for nothing."""
    return SHARED.get(_BACK.get(sign) or _folded(sign), ())


def name_of(sign: str) -> str:
    """What may be written beside a number for a sign or a name, of those that `marked` leaves too: a code, or a name that several share."""
    return code_of(sign) or _WRITTEN.get(_BACK.get(sign) or _folded(sign), sign)
