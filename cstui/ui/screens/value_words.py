"""The value screen's words, lines and pictures: what customers are expected to bring, and how each model holds.

Functions of a `ValueSnapshot`, a width and the inks; draws nothing and asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.value import (
    LIFETIME_MONTHS,
    REPEATS,
    SPEND,
    TERM,
    TRACK,
    Against,
    Buyer,
    Lifetime,
    Model,
    Purchases,
    Spending,
    Subscriber,
    ValuePoint,
    ValueSnapshot,
)
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import fit

POINTS, SHARE = 0.05, 0.1
"""How far off a fit may be and still hold: of those still there, in points; of the purchases that came, in parts of them."""
CORRELATED = 0.3
"""From here on how often customers buy and what they spend go together, which the model takes for untrue."""
_MONEY, _VALUE = 8, 10
"""Cells for MRR and for value in the list of customers; the top line names the currency."""
_TERMS = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}


ALL_OF_IT = ValuePoint()


@dataclass(frozen=True, slots=True)
class Line:
    """One place of a picture: what happened there, and what was expected."""

    label: str
    actual: float
    expected: float
    n: int | None = None
    """How many the actual value rests on."""
    behind: ValuePoint = ALL_OF_IT
    """What explains it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A model held against what happened."""

    title: str
    what: str
    """What a line is about: the first column of the table."""
    lines: tuple[Line, ...]
    share: bool
    """Values are shares, else counts."""
    fitted: int | None = None
    """The last line that the model was fitted on, where there are later ones."""

    def words(self, value: float) -> str:
        """A value as it is read."""
        return fmt.percent(Fraction(value), 1) if self.share else fmt.number(Fraction(value), 0 if value == int(value) else 1)


def term_words(months: int) -> str:
    """A length of term: `monthly`."""
    return _TERMS.get(months, f"{months}-month")


# What it comes to


def summary(found: ValueSnapshot, ink: Ink) -> Text:
    """What everybody is expected to bring, and how that is meant."""
    title = Text.assemble(("Customer value", f"bold {ink.accent}"), "   ")
    if found.as_of is None:
        return title.append("nothing to fit yet: 6 imports payments or subscriptions", ink.dim)
    by_purchase = found.purchases is not None
    if not found.total:
        nobody = not by_purchase and not found.lifetimes
        why = "nobody has paid yet" if nobody else "the data is too thin: no model fits, so nothing is expected"
        return title.append(why, f"bold {ink.care}")
    title.append(fmt.count(found.total, "customer"), "bold").append(f" {'are' if found.total > 1 else 'is'} expected to bring ")
    if by_purchase and not (found.spending is not None and found.spending.model.usable):
        amount, way = "purchases", "what they spend is not known well enough to fit, so it is told in purchases"
    else:
        amount = fmt.UNKNOWN if found.worth is None else fmt.money(Fraction(round(found.worth)), found.currency)
        way = "expected purchases × spend" if by_purchase else f"MRR × the months still to come, {LIFETIME_MONTHS} at most"
    title.append(amount, "bold")
    title.append(f" in {found.weeks} weeks" if by_purchase else "")
    return title.append(f"\n{way}; before costs, not discounted", ink.dim)


def model_lines(found: ValueSnapshot, width: int, most: int, ink: Ink) -> Text:
    """One line a model: whether it holds and what it rests on, or why there is none; at most so many lines."""
    lines: list[Text] = []
    if found.purchases is not None:
        lines.append(_purchases(found.purchases, ink))
    if found.spending is not None:
        lines.append(_spending(found.spending, found.currency, ink))
    lines += [_lifetime(one, ink) for one in found.lifetimes]
    if len(lines) > most:
        lines[most - 1 :] = [Text(f"and {len(lines) - most + 1} models more: p", style=ink.dim)]
    for line in lines:
        line.truncate(max(1, width), overflow="ellipsis")
    return Text("\n").join(lines)


def _name(name: str, model: Model, ink: Ink) -> Text:
    text = Text.assemble((f"{name:<16}", "bold"))
    return text if model.usable else text.append("not fitted: ", ink.care).append(safe(model.reason or "", 200), ink.dim)


def _limit(text: Text, model: Model, ink: Ink) -> Text:
    return text.append(f" · {safe(model.reason, 200)}", ink.care) if model.reason is not None else text


def _holds(off: float, limit: float, words: str, ink: Ink) -> tuple[str, str]:
    good = abs(off) <= limit
    return f" · {'fit holds' if good else 'rough fit, read with care'}: {words}", ink.good if good else ink.care


def _lifetime(one: Lifetime, ink: Ink) -> Text:
    text = _name(f"{term_words(one.months)} terms", one.model, ink)
    if not one.model.usable:
        return text
    if one.off is not None:
        words = f"at most {fmt.points(Fraction(one.off))} off"
        holds, style = _holds(one.off, POINTS, words, ink)
        text.append(holds.removeprefix(" · "), style)
    text.append(f" · {fmt.count(one.customers, 'customer')}, {one.left:,} left", ink.dim)
    if one.expected_months is not None:
        text.append(f" · a new one pays {one.expected_months:.1f} months of {LIFETIME_MONTHS}", ink.dim)
    return _limit(text, one.model, ink)


def _purchases(one: Purchases, ink: Ink) -> Text:
    text = _name("how often", one.model, ink)
    if not one.model.usable:
        return text
    held = one.holdout
    if held is not None and held.off is not None:
        words = f"{fmt.number(Fraction(held.expected))} purchases expected, {held.actual:,} came after {fmt.day(held.until)}"
        holds, style = _holds(held.off, SHARE, f"{words} ({_signed(held.off)})", ink)
        text.append(holds.removeprefix(" · "), style)
    else:
        text.append("nothing came later to hold the fit against", ink.care)
    text.append(f" · {fmt.count(one.customers, 'customer')}, {one.returned:,} came back", ink.dim)
    return _limit(text, one.model, ink)


def _spending(one: Spending, currency: str, ink: Ink) -> Text:
    text = _name("how much", one.model, ink)
    if not one.model.usable:
        return text
    if one.mean is not None:
        text.append(f"a purchase is worth {fmt.money(Fraction(one.mean), currency)}", ink.text)
    if one.correlation is not None and abs(one.correlation) > CORRELATED:
        text.append(f" · read with care: spend goes with how often they buy (correlation {one.correlation:.2f})", ink.care)
    text.append(f" · {fmt.count(one.customers, 'customer')} who came back", ink.dim)
    if one.unpriced:
        text.append(f" · {fmt.count(one.unpriced, 'day')} of purchase without a rate left out", ink.care)
    return _limit(text, one.model, ink)


def _signed(off: float) -> str:
    return f"{'+' if off > 0 else ''}{fmt.percent(Fraction(off), 0)}"


def parameter_words(found: ValueSnapshot, ink: Ink) -> Text:
    """Every model with its parameters and likelihood, or why it was refused."""
    text = Text.assemble(("Parameters", "bold"), ("   fitted by maximum likelihood on the customers in the filter", ink.dim))
    for name, model in _models(found):
        text.append(f"\n\n{model.name}", f"bold {ink.accent}").append(f"   {name}", ink.dim)
        if not model.usable or model.parameters is None or model.log_likelihood is None:
            text.append("\nno fit: ", ink.care).append(safe(model.reason or "", 300))
            continue
        for parameter, value in model.parameters.items():
            text.append(f"\n{parameter:<16}", ink.dim).append(f"{value:,.6g}")
        text.append(f"\n{'log-likelihood':<16}", ink.dim).append(fmt.number(Fraction(model.log_likelihood), 3))
        if model.reason is not None:
            text.append(f"\n{safe(model.reason, 300)}", ink.care)
    return text


def _models(found: ValueSnapshot) -> Iterator[tuple[str, Model]]:
    if found.purchases is not None:
        yield "how often customers buy, and whether they are still there; time in weeks", found.purchases.model
    if found.spending is not None:
        yield f"what a purchase is worth, in {found.currency}", found.spending.model
    for one in found.lifetimes:
        yield f"how many {term_words(one.months)} terms customers stay", one.model


# Pictures and tables


def pictures(found: ValueSnapshot) -> tuple[Picture, ...]:
    """What there is to see of the models that fit."""
    shown = [_survival(one) for one in found.lifetimes if one.terms]
    if (one := found.purchases) is not None and one.track:
        lines = tuple(
            Line(fmt.day(point.day), float(point.actual), point.expected, None, ValuePoint(TRACK, at=point.day)) for point in one.track
        )
        last = max((index for index, point in enumerate(one.track) if point.calibration), default=len(lines) - 1)
        shown.append(Picture("Repeat purchases so far", "up to", lines, False, last if last < len(lines) - 1 else None))
        shown.append(_counted("By repeat purchases", "repeat purchases", one.frequencies, REPEATS))
    if found.spending is not None and found.spending.buckets:
        shown.append(_counted("By mean spend", f"mean spend, {found.currency}", found.spending.buckets, SPEND))
    return tuple(shown)


def _survival(one: Lifetime) -> Picture:
    lines = tuple(
        Line(str(term.term), term.survival, term.expected_survival, term.at_risk, ValuePoint(TERM, one.months, term.term))
        for term in one.terms
    )
    return Picture(f"Still there, by {term_words(one.months)} term", "term", lines, True)


def _counted(title: str, what: str, lines: tuple[Against, ...], kind: str) -> Picture:
    points = (ValuePoint(kind, at=index) for index in range(len(lines)))
    found = (Line(line.label, line.actual, line.expected, None, point) for line, point in zip(lines, points, strict=True))
    return Picture(title, what, tuple(found), False)


def _label(picture: Picture) -> int:
    """Cells of the first column: of the longest label, such as `1.2e+06 to 1.8e+06`."""
    return max(12 if picture.lines and picture.lines[0].n is not None else 16, *(len(line.label) for line in picture.lines), 0)


def table_heading(picture: Picture, ink: Ink) -> Text:
    """The table's titles."""
    n = f"{'came to it':>11}" if picture.lines and picture.lines[0].n is not None else ""
    label = _label(picture)
    return Text(f" {picture.what:<{label}.{label}}{'actual':>9}{'expected':>10}{'off':>9}{n}", style=ink.dim, no_wrap=True)


def table_line(picture: Picture, index: int, ink: Ink) -> Text:
    """A line of the table."""
    line = picture.lines[index]
    gap = line.expected - line.actual
    off = f"{'+' if gap > 0 else fmt.MINUS if gap < 0 else ''}{fmt.points(Fraction(abs(gap))) if picture.share else f'{abs(gap):,.1f}'}"
    label = _label(picture)
    text = Text.assemble(
        f"{line.label:<{label}.{label}}", (f"{picture.words(line.actual):>9}", "bold"), f"{picture.words(line.expected):>10}"
    )
    text.append(f"{off:>9}", ink.dim)
    text.append(f"{line.n:>11,}" if line.n is not None else "", ink.dim)
    later = picture.fitted is not None and index > picture.fitted
    return text.append("  later", ink.care) if later else text


def point_words(picture: Picture, index: int) -> str:
    """A place of the chart: `term 3: 91.8 % actual, 91.0 % expected`."""
    line = picture.lines[index]
    label = f"{picture.what.partition(',')[0]} {line.label}"
    return f"{label}: {picture.words(line.actual)} actual, {picture.words(line.expected)} expected"


def copied(picture: Picture) -> str:
    """The picture as a table for a sheet."""
    rows = [(picture.what, "actual", "expected"), *((line.label, f"{line.actual:.6g}", f"{line.expected:.6g}") for line in picture.lines)]
    return "\n".join("\t".join(row) for row in rows)


# Customers


def people_heading(found: ValueSnapshot, width: int, ink: Ink) -> Text:
    """The columns' names, over `buyer_line` or `subscriber_line`."""
    if found.purchases is not None:
        cells = _columns(width, "bought", "last bought", "alive", "to come", "value")
    else:
        cells = _columns(width, "MRR", "renewed", "renews", "to come", "value")
    name = max(8, width - sum(map(len, cells)))
    return Text(" " + "customer".ljust(name) + "".join(cells), style=ink.dim, no_wrap=True)


def _columns(width: int, *cells: str) -> list[str]:
    """Five cells after the name; where there is little room the second is left out."""
    sizes = (9, 13, 8, 9, 11) if width >= 66 else (9, 0, 8, 9, 11)
    return [f"{text[: size - 1]:>{size}}" for text, size in zip(cells, sizes, strict=True) if size]


def subscriber_line(one: Subscriber, currency: str, width: int, ink: Ink) -> Text:
    """name, MRR, times renewed, the chance of the next time, months to come, value."""
    cells = _columns(
        width,
        fmt.money_within(Fraction(round(one.mrr)), currency, _MONEY),
        f"{one.renewed} ×",
        fmt.percent(Fraction(one.renews), 0),
        f"{one.expected_months:.1f} mo",
        fmt.money_within(Fraction(round(one.value)), currency, _VALUE),
    )
    return _person(one.name or one.customer_id, cells, width, ink)


def buyer_line(one: Buyer, currency: str, width: int, ink: Ink) -> Text:
    """name, purchases, the last, whether they are still there, purchases to come, value."""
    value = fmt.UNKNOWN if one.value is None else fmt.money_within(Fraction(round(one.value)), currency, _VALUE)
    cells = _columns(width, f"{one.purchases:,} ×", fmt.day(one.last), fmt.percent(Fraction(one.alive), 0), f"{one.expected:.2f} ×", value)
    return _person(one.name or one.customer_id, cells, width, ink)


def _person(name: str, cells: list[str], width: int, ink: Ink) -> Text:
    room = max(8, width - sum(map(len, cells)))
    return Text.assemble(fit(name, room), ("".join(cells[:-1]), ink.dim), (cells[-1], "bold"))


def total_words(found: ValueSnapshot) -> str:
    """`all 231 together   $2,634,371`."""
    amount = fmt.money(Fraction(round(found.worth)), found.currency) if found.worth else ""
    return f"all {found.total:,} together   {amount}".strip()


def worked_out(one: Subscriber | Buyer, currency: str) -> str:
    """How a customer's value is worked out: `$679 MRR × 37.6 months to come = $25,506`."""
    if isinstance(one, Subscriber):
        mrr, value = (fmt.money(Fraction(round(amount)), currency) for amount in (one.mrr, one.value))
        return f"{mrr} MRR × {one.expected_months:.1f} months to come = {value}"
    spend, value = (fmt.UNKNOWN if x is None else fmt.money(Fraction(round(x)), currency) for x in (one.spend, one.value))
    return f"{one.expected:.2f} purchases to come × {spend} each = {value}"
