"""The figures of a report in blocks: the headline, what moved, voices, money, the trend. Functions of answered questions.

Says nothing of customers by name (`report_people` does), and asks no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstui.base import formatting as fmt
from cstui.base.days import Period, month_of
from cstui.desk.annotations import Annotation, marks_of
from cstui.desk.goals import Goal
from cstui.desk.overview import COMING, MOVES, comings
from cstui.desk.paper.blocks import Block, Cell, Chart, Heading, Table, Words
from cstui.metrics.compute import Answer, PeriodAnswers
from cstui.metrics.figure import INCOMPLETE, OK, SMALL_SAMPLE
from cstui.metrics.registry import METRICS, Metric

HEADLINE = (
    "mrr", "arr", "mrr_net_new", "customers_active", "customers_new", "customers_churned", "arpc", "customer_churn_rate", "grr", "nrr",
    "quick_ratio", "mrr_scheduled_churn", "leads_new", "leads_open", "lead_conversion_rate", "goal_conversion_rate",
    "trial_conversion_rate", "renewal_rate", "mau", "stickiness", "active_customer_share", "session_minutes", "nps", "csat", "ces",
    "high_effort_share", "promoters", "revenue", "costs", "profit", "gross_margin", "clv", "cac", "clv_cac_ratio", "cac_payback_months",
)  # fmt: skip
"""What the first table tells, of those that the catalogue has."""
TRENDS = ("mrr", "customer_churn_rate", "revenue", "nps")
BOUGHT_TRENDS = ("revenue", "customers_active", "customer_churn_rate", "nps")
"""The same in repeat-purchase mode, where there is no MRR."""
_TONES = {1: "good", -1: "bad", 0: ""}


@dataclass(frozen=True, slots=True)
class Told:
    """A period's answers, those of the periods before it, and what must be known of them."""

    currency: str
    period: Period
    as_of: int
    now: Mapping[str, Answer]
    """The report's own answers."""
    past: Sequence[PeriodAnswers]
    """Those of the trends, ascending; the last one is the report's."""
    notes: Mapping[str, tuple[str, ...]]
    """Metric → what was not imported."""
    bought: bool = False
    """In repeat-purchase mode."""
    noted: Sequence[Annotation] = ()
    """What happened on a day, by day."""

    def text(self, metric: str, value: Fraction | None) -> str:
        """A value of a metric as a person reads it."""
        return fmt.figure(value, fmt.unit_of(metric, METRICS[metric].unit), self.currency)


def asked() -> tuple[str, ...]:
    """Every metric that a report tells."""
    names = (*HEADLINE, *(name for _, name, _ in MOVES), *TRENDS, *COMING)
    return tuple(dict.fromkeys(name for name in names if name in METRICS))


def headline(told: Told) -> Iterator[Block]:
    """The table of figures, and beneath it those that are unknown, with why: those of one reason together."""
    yield Heading(2, "Headline figures")
    known = [name for name in HEADLINE if name in METRICS and told.now[name].figure.value is not None]
    rows = tuple(_headline_row(told, METRICS[name]) for name in known)
    yield Table(("figure", "value>", "before>", "change", "n>", "to be read with"), rows)
    unknown: dict[tuple[str, str], list[str]] = {}
    for name in HEADLINE:
        if name in METRICS and name not in known:
            figure = told.now[name].figure
            sums = (figure.parts or {}).get("by_currency")
            by_currency = sums.items() if isinstance(sums, Mapping) else ()
            held = " · ".join(fmt.money(amount, code) for code, amount in by_currency if isinstance(amount, Fraction))
            reason = fmt.reason(figure.reason) or figure.status.replace("_", " ")
            unknown.setdefault((reason, held), []).append(METRICS[name].label)
    for (reason, held), labels in unknown.items():
        yield Words(f"{', '.join(labels)}: n/a. {_sentence(reason)}", care=True)
        if held:
            yield Words(f"By currency: {held}")


def wished(told: Told, goals: Sequence[Goal]) -> Iterator[Block]:
    """Every goal that is set, and how far its figure is from it; nothing where none is."""
    if goals:
        yield Heading(2, "Goals")
        rows = tuple(_goal_row(told, goal) for goal in goals)
        yield Table(("figure", "value>", "goal>", "difference>", "how far", "to be read with"), rows)


def _goal_row(told: Told, goal: Goal) -> tuple[Cell, ...]:
    one, done = goal.metric, goal.progress
    label, value = Cell(one.label), Cell(told.text(one.id, goal.value))
    care = [*_care(told.now[one.id], told.notes.get(one.id, ()))]
    if done is None or goal.value is None:
        why = fmt.reason(goal.reason)
        return label, value, Cell(told.text(one.id, goal.goal)), Cell(""), Cell(why), Cell("; ".join(care), tone="care" if care else "")
    gap = fmt.contribution(goal.value - done.goal, fmt.unit_of(one.id, one.unit), told.currency)
    tone = "" if done.reached is None else "good" if done.reached else "bad"
    far = Cell(done.words, tone=tone)
    return label, value, Cell(told.text(one.id, done.goal)), Cell(gap), far, Cell("; ".join(care), tone="care" if care else "")


def _headline_row(told: Told, one: Metric) -> tuple[Cell, ...]:
    answer = told.now[one.id]
    figure, unit = answer.figure, fmt.unit_of(one.id, one.unit)
    change = fmt.delta(figure.value, answer.previous, unit, one.better, told.currency)
    tone = _TONES[fmt.verdict(figure.value, answer.previous, one.better)]
    care = "; ".join(_care(answer, told.notes.get(one.id, ())))
    return (
        Cell(one.label),
        Cell(told.text(one.id, figure.value)),
        Cell("" if answer.previous is None else told.text(one.id, answer.previous)),
        Cell(change, tone=tone),
        Cell("" if figure.n is None else f"{figure.n:,}"),
        Cell(care, tone="care" if care else ""),
    )


def _care(answer: Answer, notes: Sequence[str]) -> Iterator[str]:
    figure = answer.figure
    if figure.status == INCOMPLETE:
        yield "so far"
    elif figure.status == SMALL_SAMPLE:
        yield "small sample"
    if figure.reason is not None and figure.status == OK:
        yield fmt.reason(figure.reason)
    yield from notes


def trends(told: Told) -> Iterator[Block]:
    """Four series that end with the period, and what somebody noted of the days in them."""
    yield Heading(2, f"The last {len(told.past)} {'months' if told.period.months == 1 else 'periods'}")
    unfinished = sum(not part.period.complete(told.as_of) for part in told.past)
    labels = tuple(fmt.month(month_of(part.period.last), short=True) for part in told.past)
    marks = marks_of(told.noted, [part.period for part in told.past])
    for name in BOUGHT_TRENDS if told.bought else TRENDS:
        values = tuple(part.metrics[name].figure.value for part in told.past)
        if any(value is not None for value in values):
            texts = tuple(told.text(name, value) for value in values)
            floats = tuple(None if value is None else float(value) for value in values)
            yield Chart("line", METRICS[name].label, labels, floats, texts, unfinished, marks)
    noted = [note for note in told.noted if any(note.day in part.period for part in told.past)]
    if noted:
        yield Table(("noted", "what happened"), tuple((Cell(fmt.day(note.day)), Cell(note.text, tone="note")) for note in noted))


def moved(told: Told) -> Iterator[Block]:
    """The roll-forward from the first MRR to the last: as steps, and as a table. In repeat-purchase mode, of active customers."""
    if told.bought:
        yield from _came(told)
        return
    mrr = told.now["mrr"]
    if mrr.figure.value is None or mrr.previous is None:
        return
    yield Heading(2, "What moved")
    lines: list[tuple[str, int | None, Fraction | None]] = [("start", None, mrr.previous)]
    for label, name, sign in MOVES:
        figure = told.now[name].figure
        if name == "mrr_fx" and not figure.value:
            continue
        lines.append((label, figure.n, None if figure.value is None else sign * figure.value))
    lines.append(("end", mrr.figure.n, mrr.figure.value))
    texts = tuple(told.text("mrr", value) if label in ("start", "end") else _signed(value, told.currency) for label, _, value in lines)
    labels = tuple(label for label, _, _ in lines)
    yield Chart("steps", "MRR from start to end", labels, tuple(float(value or 0) for _, _, value in lines), texts)
    yield Table(
        ("", "customers>", "MRR>"),
        tuple((Cell(label), Cell("" if n is None else f"{n:,}"), Cell(text)) for (label, n, _), text in zip(lines, texts, strict=True)),
    )


def _came(told: Told) -> Iterator[Block]:
    """Active customers from the period's start to its end."""
    lines = [(move.label, move.amount) for move in comings(told.now)]
    if any(amount is None for _, amount in lines):
        return
    yield Heading(2, "What moved")
    ends = ("start", "end")
    texts = tuple(fmt.number(v or Fraction(0)) if label in ends else fmt.signed(v or Fraction(0), "count", "") for label, v in lines)
    labels = tuple(label for label, _ in lines)
    yield Chart("steps", "Active customers from start to end", labels, tuple(float(value or 0) for _, value in lines), texts)
    yield Table(("", "customers>"), tuple((Cell(label), Cell(text)) for label, text in zip(labels, texts, strict=True)))


def voices(told: Told) -> Iterator[Block]:
    """NPS by band, CSAT by touchpoint, CES by scale: how many answered, and how far to trust it."""
    answered = [name for name in ("nps", "csat", "ces") if told.now[name].figure.n]
    if not answered:
        return
    yield Heading(2, "What customers say")
    for name in answered:
        figure = told.now[name].figure
        small = ", small sample" if figure.status == SMALL_SAMPLE else ", so far" if figure.status == INCOMPLETE else ""
        yield Words(f"{METRICS[name].label} {told.text(name, figure.value)} of {fmt.count(figure.n or 0, 'answer')}{small}.")
        yield from _split(name, figure.parts or {}, told)


def _split(name: str, parts: Mapping[str, object], told: Told) -> Iterator[Block]:
    counts, shares = parts.get("counts"), parts.get("shares")
    if isinstance(counts, Mapping) and isinstance(shares, Mapping):
        share = {band: fmt.percent(value) if isinstance(value := shares.get(band), Fraction) else "" for band in counts}
        yield Table(("band", "answers>", "share>"), tuple((Cell(band), Cell(f"{n:,}"), Cell(share[band])) for band, n in counts.items()))
    by = parts.get("by_touchpoint" if name == "csat" else "by_scale")
    if isinstance(by, Mapping) and name in ("csat", "ces"):
        rows = []
        for key, own in by.items():
            if isinstance(own, Mapping):
                value, n = own.get("value"), own.get("n")
                small = "small sample" if own.get("status") == SMALL_SAMPLE else ""
                text = told.text(name, value if isinstance(value, Fraction) else None)
                rows.append((Cell(str(key) or "(none)"), Cell(text), Cell(f"{n}"), Cell(small, tone="care" if small else "")))
        yield Table(("touchpoint" if name == "csat" else "scale", f"{name.upper()}>", "answers>", ""), tuple(rows))


def money(told: Told) -> Iterator[Block]:
    """Revenue by source, costs by category, and what is left."""
    rows = []
    for name, part in (("revenue", "by_source"), ("costs", "by_category"), ("profit", "")):
        answer = told.now.get(name)
        if answer is None or answer.figure.value is None:
            continue
        before = "" if answer.previous is None else told.text(name, answer.previous)
        rows.append((Cell(METRICS[name].label), Cell(told.text(name, answer.figure.value)), Cell(before)))
        split = (answer.figure.parts or {}).get(part)
        if isinstance(split, Mapping):
            rows += [
                (Cell(f"– {str(key).replace('_', ' ') or '(no source)'}"), Cell(told.text(name, value)), Cell(""))
                for key, value in split.items()
                if isinstance(value, Fraction)
            ]
    if rows:
        yield Heading(2, "Money")
        yield Table(("", "amount>", "before>"), tuple(rows))


def _signed(value: Fraction | None, currency: str) -> str:
    return fmt.UNKNOWN if value is None else fmt.signed(value, "money", currency)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
