"""The customer page's lines and sentences: who it is, the journey, the timeline, the facts, the reasons.

Functions of a snapshot and the inks; draws nothing and asks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.days import to_date
from cstui.base.text import cell, safe
from cstui.desk.customer_page import CustomerPage, Source
from cstui.desk.customer_timeline import Event
from cstui.ui.theme import Ink

if TYPE_CHECKING:
    from cstui.desk.at_risk import Reason, RiskRow
    from cstui.desk.customer_journey import Stage

_HEAD = ("segment", "region", "country", "industry", "language")
_DAYS = ("created_at", "lost_at")
_WHAT = {
    "created": "record created",
    "lost": "lost",
    "subscription_started": "subscription",
    "trial_started": "trial began",
    "cancel_requested": "cancelled",
    "first_paid": "first paid",
    "payment_open": "payment open",
    "payment_failed": "payment failed",
    "ticket_opened": "ticket",
    "ticket_solved": "ticket solved",
    "survey": "score",
    "used": "use",
    "edited": "by hand",
}
_GOOD = frozenset(("first_paid", "expansion", "returned", "ticket_solved"))
_BAD = frozenset(("churned", "contraction", "payment_failed", "cancel_requested", "lost"))


def status_ink(status: str, ink: Ink) -> str:
    """A status's colour."""
    return {"active": ink.good, "trial": ink.primary, "churned": ink.bad, "lapsed": ink.bad, "lost": ink.bad}.get(status, ink.dim)


def name_of(page: CustomerPage) -> str:
    """Their name, or their id."""
    return str(dict(page.facts).get("name") or page.customer_id)


def head_words(page: CustomerPage, ink: Ink, *, brief: bool = False) -> Text:
    """Who they are, as one paragraph; `brief`: without what their facts say beneath."""
    facts = dict(page.facts)
    text = Text.assemble((cell(name_of(page), 60), "bold"), ("  " + cell(page.customer_id, 30), ink.faint))
    text.append(f"   {page.status}", f"bold {status_ink(page.status, ink)}")
    mrr = " + ".join(fmt.money(amount, code) for code, amount in page.mrr_by_currency)
    parts = [f"{mrr} MRR"] if mrr else _bought_words(page)
    parts += [f"{cell(page.plan_now, 24)} plan"] if page.plan_now else []
    told = {name: cell(str(facts[name]), 24) for name in _HEAD if not brief and facts.get(name) and facts[name] != page.plan_now}
    parts += dict.fromkeys(f"language {value}" if name == "language" else value for name, value in told.items())
    parts += [f"owner {cell(str(facts['owner']), 24)}"] if facts.get("owner") else []
    parts += [f"customer since {fmt.month(_month(page.first_paid))}"] if page.first_paid is not None else []
    brought = (
        [(page.realised, page.currency)] if page.realised is not None else [(amount, code) for code, amount in page.realised_by_currency]
    )
    parts += [f"{' + '.join(fmt.money(amount, code) for amount, code in brought)} so far"] if page.payments else []
    parts += [f"prefers {cell(str(facts['contact_preference']), 24)}"] if facts.get("contact_preference") else []
    for part in parts:
        text.append(" · ", ink.faint).append(part, ink.dim)
    return text


def goal_words(page: CustomerPage, risk: RiskRow | None, width: int, ink: Ink) -> Text:
    """What they want, in one line; with `risk`, how much they are at risk, which is never cut."""
    goal = dict(page.facts).get("goal")
    beside = Text()
    if risk is not None:
        beside.append(f"   risk {risk.risk}, {risk.band}: d says why", ink.bad if risk.band == "high" else ink.dim)
    text = Text("goal: ", style=ink.dim, no_wrap=True)
    text.append(cell(str(goal), 200) if goal else "not written down yet, E writes it", ink.text if goal else ink.faint)
    text.truncate(max(1, width - beside.cell_len), overflow="ellipsis")
    return text.append_text(beside)


def _bought_words(page: CustomerPage) -> list[str]:
    """How they buy, in repeat-purchase mode."""
    habit = page.bought
    if habit is None:
        return []
    parts = [fmt.count(habit.purchases, "purchase"), f"last on {fmt.day(habit.last)}"]
    if habit.gap is not None and habit.expected is not None:
        parts += [
            f"usually every {fmt.span(habit.gap)}",
            f"next expected {fmt.day(habit.expected)}",
        ]
    if habit.lapses is not None:
        parts.append(f"{'lapsed' if habit.lapsed else 'lapses'} {fmt.day(habit.lapses)}")
    return parts


def _month(day: int) -> int:
    date = to_date(day)
    return date.year * 12 + date.month - 1


def journey_words(stages: Sequence[Stage], ink: Ink) -> Text:
    """`lead 11 Feb 2024 18 d → trial 1 Mar 14 d → customer 15 Mar 600 d (Sara → Omid)`."""
    if not stages:
        return Text("No date says when the journey began.", style=ink.faint)
    text = Text()
    for index, stage in enumerate(stages):
        now = stage.end is None
        text.append(" → " if index else "", ink.faint)
        text.append(
            stage.name, f"bold {status_ink('active' if stage.name in ('customer', 'returned') else stage.name, ink)}" if now else ink.text
        )
        text.append(f" {fmt.day(stage.start)}", ink.dim).append(f" {stage.days:,} d", ink.text if now else ink.faint)
        if stage.owners:
            text.append(f" ({' → '.join(cell(who, 16) for who in stage.owners[:4])})", ink.dim)
    return text


def groups_words(groups: Sequence[str | None], chosen: str | None, shown: int, ink: Ink) -> Text:
    """`Timeline   all  contacts  tickets …   v`."""
    text = Text.assemble(("Timeline", "bold"), ("  ", ""))
    for group in groups:
        text.append(f" {group or 'all'} ", f"reverse {ink.accent}" if group == chosen else ink.dim)
    return text.append(f"  {fmt.count(shown, 'line')}", ink.faint)


def event_line(events: Sequence[Event], index: int, ink: Ink) -> Text:
    """One event; its day stands on the first of that day."""
    event = events[index]
    first = index == 0 or events[index - 1].day != event.day
    text = Text(f"{fmt.day(event.day):<12}" if first else " " * 12, style=ink.dim)
    shade = ink.good if event.what in _GOOD else ink.bad if event.what in _BAD else ink.primary
    text.append(f"{_WHAT.get(event.what, event.what):<14} ", shade)
    if event.amount is not None and event.currency is not None:
        text.append(fmt.money(event.amount, event.currency, exact=True), ink.text).append(" ")
    text.append(cell(event.detail or "", 120), ink.text if event.amount is None else ink.dim)
    if event.text:
        text.append(" · " if event.detail else "", ink.faint).append(cell(event.text, 200), ink.dim)
    return text


def event_words(event: Event, ink: Ink) -> Text:
    """An event in full: what, when, every word, and where it came from."""
    text = Text.assemble((_WHAT.get(event.what, event.what), f"bold {ink.accent}"), (f"   {fmt.day(event.day)}", ink.dim))
    if event.amount is not None and event.currency is not None:
        text.append(f"\n\n{fmt.money(event.amount, event.currency, exact=True)}")
    if event.detail:
        text.append(f"\n\n{safe(event.detail, 400)}")
    if event.text:
        text.append(f"\n\n{safe(event.text, 20_000)}")
    where = source_words(event.source) if event.source is not None else "worked out from several rows; e explains their figures"
    return text.append(f"\n\n{where}", ink.dim)


def source_words(source: Source) -> str:
    """`customers.csv:18`, or `by hand 2 Nov 2026`."""
    if source.file is not None:
        return f"{cell(Path(source.file).name, 60)}:{source.line}"
    return "by hand" if source.entered is None else f"by hand {fmt.day(source.entered)}"


class Fact(NamedTuple):
    """One line of the facts."""

    name: str
    value: str | None
    where: str
    editable: bool
    pinned: bool


def fact_list(page: CustomerPage) -> list[Fact]:
    """The declared fields, then the custom ones; those edited by hand say so, the others are the record's."""
    edited = dict(page.edited)
    found = []
    for name, value in page.facts:
        shown = None if value is None else fmt.day(value) if name in _DAYS and isinstance(value, int) else str(value)
        pinned = name in page.pinned
        where = f"by hand {edited[name]}" if pinned and name in edited else "by hand" if pinned else ""
        found.append(Fact(name, shown, where, editable=True, pinned=pinned))
    found += [Fact(name, value, "", editable=False, pinned=False) for name, value in page.attributes]
    return found


def fact_line(fact: Fact, width: int, ink: Ink) -> Text:
    """Name, value, where it was read."""
    room = max(8, width - 19 - (len(fact.where) + 1 if fact.where else 0))
    text = Text(f"{cell(fact.name.replace('_', ' '), 17):<18} ", style=ink.dim)
    value = Text(cell(fact.value, 200) if fact.value else "–", style=ink.text if fact.value else ink.faint)
    value.truncate(room, overflow="ellipsis", pad=True)
    return text.append_text(value).append(f" {fact.where}" if fact.where else "", ink.care)


def facts_words(page: CustomerPage, ink: Ink) -> Text:
    """The facts' heading: the row of a file that they were read from."""
    mentioned = "only mentioned so far, first in " if page.stub else ""
    return Text.assemble(("Facts", "bold"), (f"   {mentioned}{source_words(page.source)}", ink.dim))


def risk_words(risk: RiskRow | None, trouble: str, ink: Ink) -> Text:
    """`Risk 83 high   100 = most at risk`, and what it is the sum of."""
    if trouble:
        return Text(safe(trouble, 300), style=ink.bad)
    if risk is None:
        return Text.assemble(("Risk", "bold"), ("   they pay nothing now, so they are not ranked", ink.dim))
    shade = {"high": ink.bad, "medium": ink.care}.get(risk.band, ink.dim)
    text = Text.assemble((f"Risk {risk.risk}", f"bold {shade}"), (f" {risk.band}", shade), ("   100 = most at risk", ink.dim))
    if risk.scheduled_end is not None:
        text.append(f"\ncancelled, ends {fmt.day(risk.scheduled_end)}", ink.bad)
    if risk.renews_on is not None:
        text.append(f"\nrenews {fmt.day(risk.renews_on)}", ink.dim)
    return text


def reason_line(points: int | None, evidence: str, ink: Ink) -> Text:
    """`31 active days 4 in the last 28, 15 in the 28 before`; None: unknown, which adds nothing and is no good sign."""
    lead = f"{points:>3} " if points is not None else "  ? "
    return Text.assemble((lead, f"bold {ink.bad}" if points else ink.faint), (safe(evidence, 300), ink.text if points else ink.dim))


def reason_words(reason: Reason, today: int, ink: Ink) -> Text:
    """A reason in full: its evidence, and the rows it rests on."""
    text = Text.assemble((f"{reason.points} points", f"bold {ink.bad}"), f"   {safe(reason.told(today), 600)}\n")
    for row in reason.rows:
        day = "" if row.day is None else fmt.day(row.day)
        where = source_words(Source(row.file, row.line, row.entered))
        text.append(f"\n{day:<12}", ink.dim).append(f"{row.kind} {cell(row.id, 40)}").append(f"  {where}", ink.dim)
        if row.note:
            text.append(f"\n            {safe(row.note, 300)}", ink.dim)
    return text
