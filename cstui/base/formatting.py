"""Figures as a person reads them: money, percent, counts, changes, dates, sparklines.

Everything is exact until the one rounding (half away from zero) to what is shown. Knows nothing of colour, width or where
the text goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cstui.base.days import Period, month_of, to_date
from cstui.base.money import exponent

MINUS = "−"
UNKNOWN = "n/a"
UP, DOWN, LEVEL = "▲", "▼", "="
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "TRY": "₺"}
_TIMES = frozenset(("quick_ratio", "clv_cac_ratio"))
_MEANS = frozenset(("dau", "wau", "mau", "ces"))
_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"


def rounded(value: Fraction, digits: int = 0) -> int:
    """`value × 10^digits`, rounded half away from zero."""
    # In integers: fractions work out a common divisor at every step, which was half of a list's page.
    top, bottom = value.numerator, value.denominator
    scale: int = 10**digits
    whole = (2 * abs(top) * scale + bottom) // (2 * bottom)
    return -whole if top < 0 else whole


def number(value: Fraction, digits: int = 0) -> str:
    """Grouped by thousands with a true minus: `−1,204.50`."""
    whole = rounded(value, digits)
    sign = MINUS if whole < 0 else ""
    head, tail = divmod(abs(whole), 10**digits)
    return f"{sign}{head:,}" + (f".{tail:0{digits}d}" if digits else "")


def has_symbol(currency: str) -> bool:
    """Whether amounts say their currency by a sign; others need a code, or a heading that names it."""
    return currency in _SYMBOLS


def _with_symbol(text: str, currency: str, *, code: bool = True) -> str:
    symbol = _SYMBOLS.get(currency, f"{currency} " if code else "")
    return f"{MINUS}{symbol}{text[1:]}" if text.startswith(MINUS) else symbol + text


def money(value: Fraction, currency: str, *, exact: bool = False, code: bool = True) -> str:
    """`$182,410`; small or `exact` amounts with the currency's own decimals: `$49.50`, `KWD 1.250`.

    Without its `code`, where a heading names it, a currency that has no symbol is left out: `4,800,000`.
    """
    places = exponent(currency)
    digits = places if exact or (abs(value) < 1000 and value.denominator != 1) else 0
    return _with_symbol(number(value, digits), currency, code=code)


def scaled(value: Fraction, digits: int = 2) -> str:
    """In thousands, millions or billions with at most `digits` decimals: `4.85M`."""
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if rounded(abs(value) * 1000 / limit, digits) >= 1000 * 10**digits:  # 999,999.99 is 1M, never 1,000k
            text = number(value / limit, digits)
            return (text.rstrip("0").rstrip(".") if digits else text) + unit
    return number(value)


def money_within(value: Fraction, currency: str, room: int, *, exact: bool = False) -> str:
    """An amount for `room` cells under a heading or top line that names the currency: `$182,410`, `4,800,000`, `4.8M`.

    Where the digits have no room they are rounded to a unit that is said, and never cut: a cut number reads as another one. What
    is too long even so is given whole.
    """
    words = money(value, currency, exact=exact, code=False)
    if len(words) > room and exact:
        words = money(value, currency, code=False)
    for digits in (2, 1, 0):
        if len(words) <= room:
            break
        words = _with_symbol(scaled(value, digits), currency, code=False)
    return words


def compact(value: Fraction) -> str:
    """At most four characters and a sign: `182k`, `4.1k`, `1.3M`, `12`."""
    size = abs(value)
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if size >= limit * Fraction(9995, 10_000):  # 999,900 is 1M, never 1,000k
            digits = 1 if size < 10 * limit and rounded(value / limit, 1) % 10 else 0
            return number(value / limit, digits) + unit
    return number(value, 1 if size < 10 and value.denominator != 1 else 0)


def money_compact(value: Fraction, currency: str) -> str:
    """`$182k`, for axes and tight rows."""
    return _with_symbol(compact(value), currency)


def wish(value: Fraction, unit: str, currency: str) -> str:
    """A goal, readable as what was set and as short as that allows: `$200k`, `$10.5k`, `$10,512`, `2.25 %`, `+42.5`."""
    if unit == "money":
        limit = next((limit for limit in (10**9, 10**6, 10**3) if abs(value) >= limit), 1)
        if limit > 1 and (value * 100 / limit).denominator == 1:
            return _with_symbol(scaled(value), currency)
        return money(value, currency, exact=value.denominator != 1)
    if unit == "ratio":
        return percent(value, 1 if (value * 1000).denominator == 1 else 2)
    if unit == "score" and value.denominator != 1:
        return f"{'+' if value > 0 else ''}{number(value, 1)}"
    return figure(value, unit, currency)


def at_rate(amount: str, rate: Fraction) -> str:
    """What an amount was valued at: `EUR 225.00 at 1.12`; a small rate from its other side: `IRR 24,000,000 at 1/1,000,000`."""
    return f"{amount} at {float(rate):.6g}" if rate >= Fraction(1, 100) else f"{amount} at 1/{float(1 / rate):,.6g}"


def in_code(value: Fraction, currency: str) -> str:
    """An exact amount that names its currency by its code, whatever the workspace's: `EUR 225.00`."""
    return f"{currency} {number(value, 0 if value.denominator == 1 and abs(value) >= 1000 else exponent(currency))}"


def percent(value: Fraction, digits: int = 1) -> str:
    """A ratio as `1.9 %`."""
    return f"{number(value * 100, digits)} %"


def unit_of(metric: str, unit: str) -> str:
    """The unit a metric is read in: a ratio of like to like is a percentage, but some are read as so many times; a mean has decimals."""
    if metric == "csat":
        return "of 100"
    return "times" if metric in _TIMES else "mean" if metric in _MEANS else unit


def figure(value: Fraction | None, unit: str, currency: str) -> str:
    """A value in its unit, or `n/a`. `unit` as `unit_of` gives it."""
    if value is None:
        return UNKNOWN
    if unit == "money":
        return money(value, currency)
    if unit == "ratio":
        return percent(value)
    if unit == "times":
        return f"{number(value, 1)} ×"
    if unit == "count":
        return number(value)
    if unit == "score":
        return f"+{number(value)}" if value > 0 else number(value)
    if unit in ("mean", "of 100"):
        return number(value, 0 if abs(value) >= 1000 else 1 if unit == "of 100" or abs(value) >= 10 else 2)
    digits = 0 if value.denominator == 1 else 1
    one = unit[:-1] if value == 1 else unit
    return f"{number(value, digits)} {one}" if unit in ("months", "days", "minutes") else number(value, digits or 2)


def figure_within(value: Fraction | None, unit: str, currency: str, room: int) -> str:
    """A value in its unit for `room` cells; money as in `money_within`."""
    return money_within(value, currency, room) if value is not None and unit == "money" else figure(value, unit, currency)


def axis(value: Fraction, unit: str, currency: str) -> str:
    """A value as a short axis label."""
    if unit == "money":
        return money_compact(value, currency)
    if unit == "ratio":
        return percent(value, 0 if (value * 100).denominator == 1 else 1)
    return compact(value)


def signed(value: Fraction, unit: str, currency: str) -> str:
    """A movement with its sign and without a symbol: `+5,130`, `−980`, `0`."""
    text = number(value, 0 if unit != "money" or abs(value) >= 1000 or value.denominator == 1 else exponent(currency))
    return f"+{text}" if value > 0 else text


def signed_within(value: Fraction, unit: str, currency: str, room: int) -> str:
    """A movement as `signed` gives it, or where its digits have no room in thousands or more: `+1.8M`."""
    shorter = (f"{'+' if value > 0 else ''}{scaled(value, digits)}" for digits in (2, 1, 0))
    wordings = (signed(value, unit, currency), *shorter)
    return next((words for words in wordings if len(words) <= room), wordings[-1])


def contribution(value: Fraction, unit: str, currency: str) -> str:
    """A part of a difference with its sign, as exact as it takes to see it: `+5,130`, `−0.4 pt`, `+2.35`."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    if unit == "ratio":
        return f"{sign}{points(abs(value))}" if value else "0 pt"
    if unit == "money":
        return signed(value, unit, currency)
    size = abs(value)
    return f"{sign}{number(size, 0 if size.denominator == 1 else 2)}"


def direction(value: Fraction, previous: Fraction) -> int:
    """+1 up, −1 down, 0 level."""
    return (value > previous) - (value < previous)


def verdict(value: Fraction | None, previous: Fraction | None, better: str) -> int:
    """+1 better, −1 worse, 0 neither: what the colour of a change says."""
    if value is None or previous is None or better == "neither":
        return 0
    return direction(value, previous) * (1 if better == "higher" else -1)


def delta(value: Fraction | None, previous: Fraction | None, unit: str, better: str, currency: str) -> str:
    """The change in words: `▲ $3,204  +1.8 %`, `▲ 6`, `▼ 0.4 pt better`, `= unchanged`; empty when there is none."""
    if value is None or previous is None:
        return ""
    change = value - previous
    if change == 0:
        return f"{LEVEL} unchanged"
    arrow, size = (UP if change > 0 else DOWN), abs(change)
    if unit == "ratio":
        judged = verdict(value, previous, better)
        word = {1: " better", -1: " worse", 0: ""}[judged]
        return f"{arrow} {points(size)}{word}"
    if unit == "money":
        # Of a loss, of next to nothing, or through zero, a percentage says nothing: −$5 to $40 is no “+900 %”.
        told = previous > 0 and value >= 0 and change <= 10 * previous
        share = f"  {'+' if change > 0 else ''}{percent(change / previous)}" if told else ""
        return f"{arrow} {money(size, currency)}{share}"
    digits = 0 if size.denominator == 1 else 1 if rounded(size, 1) else 2
    return f"{arrow} {number(size, digits)}"


def delta_within(value: Fraction | None, previous: Fraction | None, unit: str, better: str, currency: str, room: int) -> str:
    """The change as `delta` words it, or as much of that as `room` cells hold; an amount is never cut.

    First the currency's code goes, then the share, then the digits of the amount.
    """
    words = delta(value, previous, unit, better, currency)
    if value is None or previous is None or not words or len(words) <= room:
        return words
    close = words.replace("  ", " ")
    if unit != "money" or value == previous:
        kept = " ".join(close.split(" ")[:2])
        wordings = [close, close.removesuffix(" better").removesuffix(" worse"), kept]
        return next((one for one in wordings if len(one) <= room), kept)
    share = words.partition("  ")[2]
    arrow, size = words[:1], abs(value - previous)
    whole = f"{arrow} {money(size, currency, code=False)}"
    short = f"{arrow} {money_within(size, currency, room - 3 - len(share))} {share}"
    alone = f"{arrow} {money_within(size, currency, room - 2)}"
    return next((one.rstrip() for one in (close, f"{whole} {share}", whole, short) if len(one.rstrip()) <= room), alone)


def points(value: Fraction) -> str:
    """A difference of two ratios as percentage points: `0.4 pt`; differences that would round to 0 keep a digit more."""
    digits = 1 if rounded(abs(value) * 100, 1) else 2
    return f"{number(value * 100, digits)} pt" if rounded(abs(value) * 100, 2) else "<0.01 pt"


def reason(text: str | None) -> str:
    """Why a figure is as it is, in words: the code that programs read at its head loses its underscores."""
    head, colon, rest = (text or "").partition(": ")
    return f"{head.replace('_', ' ')}{colon}{rest}" if " " not in head else text or ""


def count(value: int, one: str, many: str | None = None) -> str:
    """`1 file`, `1,200 files`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def span(days: Fraction) -> str:
    """How long something usually takes: `day`, `14 days`, `10.5 days`; after “every”."""
    return "day" if days == 1 else f"{number(days, 0 if days.denominator == 1 else 1)} days"


def share(value: int, of: int, one: str) -> str:
    """`1 of 3 rows is`, `2 of 3 rows are`: a part of some things, with its verb."""
    return f"{value:,} of {count(of, one)} {'is' if value == 1 else 'are'}"


def age(days: int) -> str:
    """How old the data is: `today`, `1 day old`, `21 days old`, `in the future` never: ages below 0 read `today`."""
    return "today" if days <= 0 else f"{count(days, 'day')} old"


def day(value: int) -> str:
    """A day number as `31 Oct 2026`."""
    date = to_date(value)
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def month(number_: int, *, short: bool = False) -> str:
    """A month number as `Oct 2026`, or `Oct 26`."""
    year = number_ // 12
    return f"{_MONTHS[number_ % 12]} {year % 100:02d}" if short else f"{_MONTHS[number_ % 12]} {year}"


def period(value: Period) -> str:
    """`Oct 2026`, `2026-Q3`, `2026`, `Aug–Oct 2026`, `3 Oct – 9 Nov 2026`."""
    months = value.months
    if months is None:
        return f"{day(value.start)} – {day(value.last)}"
    first, last = month_of(value.start), month_of(value.last)
    if months == 1:
        return month(first)
    if months == 12 and first % 12 == 0:
        return str(first // 12)
    if months == 3 and first % 3 == 0:
        return f"{first // 12}-Q{first % 12 // 3 + 1}"
    return f"{_MONTHS[first % 12]}–{month(last)}" if first // 12 == last // 12 else f"{month(first)} – {month(last)}"


def sparkline(values: Sequence[Fraction | None], width: int, rows: int = 1) -> list[str]:
    """The last `width` values as bars from the first known, between their own least and most, in `rows` lines; `·` is a gap."""
    first = next((index for index, value in enumerate(values) if value is not None), len(values))
    values = values[first:]
    each = max(1, width // max(1, len(values)))  # few values are drawn wider
    shown = [value for value in values for _ in range(each)][-width:] if width > 0 else []
    known = [value for value in shown if value is not None]
    if not known or rows < 1:
        return []
    low, span, steps = min(known), max(known) - min(known), 8 * rows

    def column(value: Fraction | None) -> list[str]:
        if value is None:
            return [" "] * (rows - 1) + [_GAP]
        filled = 1 + min(steps - 1, int((value - low) * steps / span)) if span else steps // 2
        return [_BARS[min(8, filled - 8 * row) - 1] if filled > 8 * row else " " for row in reversed(range(rows))]

    return ["".join(line) for line in zip(*map(column, shown), strict=True)]


def size(bytes_: int) -> str:
    """A file's size: `812 B`, `12 kB`, `3.4 MB`."""
    if bytes_ < 1000:
        return f"{bytes_} B"
    for limit, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if bytes_ >= limit:
            value = Fraction(bytes_, limit)
            return f"{number(value, 1 if value < 10 else 0)} {unit}"
    return f"{bytes_} B"
