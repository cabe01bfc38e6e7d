"""The calendars of Iran and of the Islamic world: their dates as Gregorian ones, and months by their names.

Solar Hijri (Jalali) years follow the official leap years; Hijri ones the Umm al-Qura calendar. Knows nothing of columns or of
how a date is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from cstui.base.text import fold_search


class Calendar(StrEnum):
    """Whose years are counted."""

    GREGORIAN = "gregorian"
    JALALI = "jalali"
    HIJRI = "hijri"


FIRST, LAST = 1200, 1599
"""Years that are none of Gregorian dates in a company's files, but of the other two calendars."""
JALALI_UNTIL = 1420
"""Without other evidence years up to this are Jalali (2041), as Hijri ones they would lie before 2000."""
HIJRI_FROM = 1411

_JALALI_EPOCH = date(622, 3, 22).toordinal()
_OFFICIAL = range(1206, 1500)
"""Years whose first day is known from the official leap years, which a cycle of 33 years gives; others are of the cycle of 2,820."""
_TABLED = (1343, 1500)
"""Years that the Umm al-Qura tables hold."""
_HIJRI_EPOCH = date(622, 7, 18).toordinal()


def jalali(year: int, month: int, day: int) -> date:
    """A day of the Solar Hijri calendar. Raises ValueError where it has none such."""
    if not (1 <= month <= 12 and 1 <= day <= _jalali_days(year, month)):
        raise ValueError(f"{year}/{month}/{day}")
    before = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
    return date.fromordinal(_new_year(year) + before + day - 1)


def hijri(year: int, month: int, day: int) -> date:
    """A day of the Umm al-Qura calendar, or of the arithmetic one in years that it does not cover. Raises ValueError, OverflowError."""
    if _TABLED[0] <= year <= _TABLED[1]:
        from hijridate import Hijri

        found = Hijri(year, month, day).to_gregorian()
        return date(found.year, found.month, found.day)
    long = 30 if month % 2 or (month == 12 and (11 * year + 14) % 30 < 11) else 29
    if not (1 <= month <= 12 and 1 <= day <= long):
        raise ValueError(f"{year}/{month}/{day}")
    before = 354 * (year - 1) + (11 * year + 3) // 30 + 29 * (month - 1) + month // 2
    return date.fromordinal(_HIJRI_EPOCH) + timedelta(days=before + day - 1)


def is_leap(year: int) -> bool:
    """Whether a Jalali year has 366 days."""
    return _new_year(year + 1) - _new_year(year) == 366


def date_in(calendar: Calendar, year: int, month: int, day: int) -> date:
    """A day of any of the calendars. Raises ValueError, OverflowError."""
    return {Calendar.JALALI: jalali, Calendar.HIJRI: hijri, Calendar.GREGORIAN: date}[calendar](year, month, day)


def _jalali_days(year: int, month: int) -> int:
    return 31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29


def _new_year(year: int) -> int:
    """The first day of a Jalali year, as a date's ordinal."""
    if year in _OFFICIAL:
        return _JALALI_EPOCH + 365 * (year - 1) + (8 * year + 21) // 33 - 1
    cycles, within = divmod(year - 474, 2820)
    return _JALALI_EPOCH + 365 * (within + 473) + ((within + 474) * 682 - 110) // 2816 + cycles * 1_029_983


class Month(NamedTuple):
    """A month of a calendar, by its number."""

    calendar: Calendar
    number: int


_NAMES = {
    Calendar.GREGORIAN: """
        january jan يناير كانون الثاني جانفي ژانویه|february feb فبراير شباط فيفري فوریه|march mar مارس آذار
        |april apr أبريل إبريل نيسان أفريل آوریل|may مايو أيار ماي مه می|june jun يونيو يونيه حزيران جوان ژوئن
        |july jul يوليو يوليه تموز جويلية يوليوز ژوئیه جولای|august aug أغسطس آب أوت غشت اوت آگوست
        |september sep sept سبتمبر أيلول شتنبر سپتامبر|october oct أكتوبر تشرين الأول اکتبر|november nov نوفمبر تشرين الثاني نونبر نوامبر
        |december dec ديسمبر كانون الأول دجنبر دسامبر
    """,
    Calendar.JALALI: """
        فروردین حمل farvardin|اردیبهشت ثور ordibehesht|خرداد جوزا khordad|تیر سرطان tir
        |مرداد امرداد اسد mordad amordad|شهریور سنبله shahrivar
        |مهر میزان mehr|آبان عقرب aban|آذر قوس azar|دی جدی dey dei day|بهمن دلو bahman|اسفند حوت esfand
    """,
    Calendar.HIJRI: """
        محرم محرم_الحرام muharram moharram|صفر صفر_المظفر safar|ربيع_الأول ربيع_أول rabi_al_awwal rabi_alawwal rabi_i
        |ربيع_الثاني ربيع_الآخر rabi_al_thani rabi_al_akhir rabi_ii|جمادى_الأولى جمادى_الأول jumada_al_ula jumada_al_awwal jumada_i
        |جمادى_الآخرة جمادى_الثانية جمادى_الثاني jumada_al_akhirah jumada_al_akhira jumada_al_thani jumada_ii|رجب rajab|شعبان shaban
        |رمضان ramadan ramazan|شوال shawwal|ذو_القعدة ذي_القعدة ذو_القعده dhu_al_qadah dhu_al_qidah dhul_qadah
        |ذو_الحجة ذي_الحجة dhu_al_hijjah dhu_al_hijja dhul_hijjah
    """,
}
_TWO_WORDS = ("كانون الثاني", "كانون الأول", "تشرين الأول", "تشرين الثاني")
_WEEKDAYS = """
    mon monday tue tues tuesday wed wednesday thu thurs thursday fri friday sat saturday sun sunday
    السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة شنبه یکشنبه دوشنبه سه_شنبه چهارشنبه پنجشنبه جمعه
    of the th st nd rd de م هـ هجري ه_ش هجری شمسی قمری يوم روز
"""
_LETTERS = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ؤ": "و", "ئ": "ی", "ء": None})


def folded(text: str) -> str:
    """Letters of a name in one form, nothing else."""
    return "".join(char for char in fold_search(text).translate(_LETTERS) if char.isalpha())


def _months() -> Mapping[str, Month]:
    found: dict[str, Month] = {}
    for calendar, names in _NAMES.items():
        joined = reduce(lambda text, two: text.replace(two, two.replace(" ", "_")), _TWO_WORDS, names)
        for number, words in enumerate(joined.split("|"), start=1):
            found |= {folded(word): Month(calendar, number) for word in words.split()}
    return found


MONTHS = _months()
"""Folded name → month. No name is of two calendars."""
_PASSED_OVER = frozenset(map(folded, _WEEKDAYS.split()))


def month_named(words: list[str]) -> Month | None:
    """The month that words name, with weekdays and the like among them; None where they say anything else."""
    kept = [word for word in map(folded, words) if word and word not in _PASSED_OVER]
    return MONTHS.get("".join(kept))
