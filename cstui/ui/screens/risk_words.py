"""The risk list in words: its head, its columns, one customer's line, and the reasons beneath.

Functions of a snapshot, a width and the inks; draws nothing and asks nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.days import iso
from cstui.base.text import cell, safe
from cstui.desk.at_risk import HIGH, MEDIUM
from cstui.ui.screens.base import where_text

if TYPE_CHECKING:
    from cstui.desk.at_risk import AtRisk, EvidenceRow, Group, RiskRow
    from cstui.ui.theme import Ink

SORTED = {"weighted": "MRR × risk", "risk": "risk", "mrr": "MRR", "renewal": "next end or renewal"}
BOUGHT_SORTED = {"weighted": "revenue × risk", "risk": "risk", "mrr": "revenue a month", "renewal": "next lapse"}
"""The same in repeat-purchase mode."""
AT_RISK = "!"
"""Beside the score of who is at risk, so that the colour is not alone in saying it."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_BAR = 5


def head_words(ranking: AtRisk, only_new: bool, width: int, ink: Ink) -> Text:
    """What the list comes to: `13 of 365 at risk, ! is 30 or more · MRR × risk $3,312 of $148,767 MRR`."""
    rules = (f", {AT_RISK} is {MEDIUM} or more", f" {AT_RISK} {MEDIUM}+", "")
    wordings = [_head(ranking, only_new, rule, ink) for rule in rules]
    return next((text for text in wordings if text.cell_len <= width), wordings[-1])


def _head(ranking: AtRisk, only_new: bool, rule: str, ink: Ink) -> Text:
    if only_new and ranking.since is None:
        return Text("the first look: nobody can be new yet", style="bold")
    if only_new and not ranking.order:
        return Text("nobody is new at risk", style="bold")
    total = len(ranking.order)
    text = Text.assemble((f"{ranking.at_risk:,} of {total:,}", "bold"), (f" at risk{rule}", ink.dim))
    stake = "revenue a month" if ranking.by_purchase else "MRR"
    text.append(f" · {stake} × risk ", ink.dim).append(fmt.money(ranking.weighted, ranking.currency), "bold")
    text.append(f" of {fmt.money(ranking.mrr, ranking.currency)}{'' if ranking.by_purchase else ' MRR'}", ink.dim)
    if ranking.elsewhere:
        text.append(f" · {ranking.elsewhere} without a rate left out", ink.care)
    return text


def state_words(ranking: AtRisk, only_new: bool, width: int, ink: Ink, labels: dict[str, str]) -> Text:
    """How to read it, and what is chosen, in one line."""
    text = _state(ranking, only_new, " · plain rules", ink, labels)
    text = text if text.cell_len <= width else _state(ranking, only_new, "", ink, labels)
    text.truncate(max(1, width), overflow="ellipsis")
    return text


def _state(ranking: AtRisk, only_new: bool, rules: str, ink: Ink, labels: dict[str, str]) -> Text:
    order = SORTED[ranking.sort] if not ranking.by_purchase else BOUGHT_SORTED[ranking.sort]
    text = Text.assemble(("100 = most at risk", ink.care), (f"{rules} · sorted by {order}", ink.dim))
    if ranking.reason is not None:
        text.append(f" · only {labels.get(ranking.reason, ranking.reason)}", ink.accent)
    if only_new:
        text.append(" · only new", ink.accent)
    if ranking.since is None:
        return text.append(" · first look", ink.faint)
    return text.append(f" · {len(ranking.news):,} new since {ranking.since}", ink.accent if ranking.news else ink.faint)


def frame_words(ranking: AtRisk, ink: Ink) -> tuple[Text, ...]:
    """The right of the top line, longest first."""
    here = ("At risk", "bold")
    long = Text.assemble(here, "   ", where_text(ranking.where, ink))
    short = Text.assemble(here, " ", where_text(ranking.where, ink, 14))
    return long, short, Text.assemble(here)


def _shape(width: int) -> tuple[int, int, int, int]:
    """Widths of MRR × risk, MRR, when and name; 0: left out. The reasons take what is left."""
    if width >= 110:
        return 10, 10, 16, 24
    return (0, 8, 10, 18) if width >= 64 else (0, 8, 0, 16)


def heading(width: int, ink: Ink, *, by_purchase: bool = False) -> Text:
    """The columns' names, over `risk_line`."""
    stake, long, short = ("a month", "lapses", "lapses") if by_purchase else ("MRR", "ends, renews", "due")
    weighted, mrr, when, name = _shape(width - 1)
    parts = [" risk".ljust(_BAR + 5)]
    parts += [("× risk" if by_purchase else "MRR × risk").rjust(weighted) + " "] if weighted else []
    parts.append(stake.rjust(mrr) + " ")
    parts += [(long if when > 12 else short).ljust(when) + " "] if when else []
    parts += ["customer".ljust(name) + " ", "why, strongest first"]
    return Text("".join(parts), style=ink.dim, no_wrap=True)


def shade(risk: int, ink: Ink) -> str:
    """The colour of a score."""
    return ink.bad if risk >= HIGH else ink.care if risk >= MEDIUM else ink.dim


def bar(risk: int, room: int = _BAR) -> str:
    """A score as a bar of `room` cells at 100."""
    whole, part = divmod(risk * room * 8 // 100, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(room)[:room]


def _scored(risk: int) -> str:
    """A score, with the mark where it is one of those at risk."""
    return f"{risk:>3}{AT_RISK if risk >= MEDIUM else ' '}"


def waiting_line(risk: int, ink: Ink) -> Text:
    """A customer whose row is being read: the score is known."""
    return Text.assemble((f"{_scored(risk)}{bar(risk)} ", shade(risk, ink)), ("…", ink.faint))


def risk_line(row: RiskRow, ranking: AtRisk, width: int, ink: Ink) -> Text:
    """One customer: score, money, when, who, why."""
    weighted, mrr, when, name = _shape(width)
    text = Text(no_wrap=True, end="")
    text.append(_scored(row.risk), f"bold {shade(row.risk, ink)}").append(f"{bar(row.risk)} ", shade(row.risk, ink))
    if weighted:
        amount = fmt.UNKNOWN if row.weighted is None else fmt.money_within(row.weighted, ranking.currency, weighted)
        text.append(f"{amount:>{weighted}} ", ink.text if row.weighted else ink.dim)
    amount = "no rate" if row.mrr is None else fmt.money_within(row.mrr, ranking.currency, mrr)
    text.append(f"{amount:>{mrr}} ", ink.dim)
    if when:
        text.append_text(fit(_when(row, ranking.today, when, ink), when)).append(" ")
    who = Text(cell(row.name or row.customer_id, 60), style="bold")
    text.append_text(fit(Text.assemble(("● " if row.new else "", ink.accent), who), name)).append(" ")
    return text.append_text(why_words(row, ranking.today, ink))


def why_words(row: RiskRow, today: int, ink: Ink) -> Text:
    """The reasons in one line; without any, whether that is good or not known."""
    if row.reasons:
        first, *rest = (safe(reason.told(today), 120) for reason in row.reasons)
        return Text.assemble(first, *((f" · {more}", ink.dim) for more in rest))
    if row.band == "unknown":
        return Text("no sign, but too little is known", style=ink.care)
    return Text("no sign", style=ink.faint)


def _when(row: RiskRow, today: int, width: int, ink: Ink) -> Text:
    if row.lapses_on is not None:
        days = row.lapses_on - today
        words = f"in {days} d" if days >= 0 else f"{-days} d ago"
        return Text(f"{'lapses ' if width > 12 else ''}{words}", style=ink.bad if days <= 7 else ink.dim)
    day = row.scheduled_end if row.scheduled_end is not None else row.renews_on
    if day is None:
        return Text("–", style=ink.faint)
    ending = row.scheduled_end is not None
    style, left = (ink.bad if ending else ink.dim), f"{abs(day - today)} d"
    if day < today:
        return Text(f"{'ended ' if ending and width > 12 else 'due ' if width > 12 else ''}{left} ago", style=style)
    if width > 12:
        return Text(f"{'ends' if ending else 'renews'} in {left}", style=style)
    return Text(f"end {left}" if ending else f"in {left}", style=style)


def sum_words(row: RiskRow, shorts: dict[str, str]) -> str:
    """`83 = use 31 + NPS 24 + …`."""
    parts = " + ".join(f"{shorts.get(one.signal, one.signal)} {one.points}" for one in row.reasons)
    return f"{row.risk} = {parts}" if parts else "0"


def detail_words(row: RiskRow, today: int, width: int, lines: int, shorts: dict[str, str], ink: Ink) -> Text:
    """The customer under the cursor: the sum, every reason with its points, and what is not known. At most `lines` lines."""
    about = " · ".join(cell(value, 24) for value in (row.customer_id, row.owner, row.segment) if value)
    top = Text.assemble((cell(row.name or row.customer_id, 40), f"bold {ink.accent}"), (f"  risk {sum_words(row, shorts)}", "bold"))
    top.append(f"   {about}", ink.dim)
    found = [top]
    room = max(1, lines - 1 - bool(row.unknown))
    for reason in row.reasons[: room if len(row.reasons) <= room else room - 1]:
        rows = f"  {fmt.count(len(reason.rows), 'row')}" if reason.rows else ""
        found.append(Text.assemble((f"{reason.points:>+4}  ", ink.care), safe(reason.told(today), 160), (rows, ink.faint)))
    if len(row.reasons) > room:
        found.append(Text(f"      and {len(row.reasons) - room + 1} more: e shows all, with their rows", style=ink.dim))
    if not row.reasons:
        found.append(why_words(row, today, ink))
    if row.unknown:
        found.append(Text.assemble(("not known, so no good sign: ", ink.care), (unknown_words(row), ink.dim)))
    for line in found:
        line.no_wrap = True
        line.truncate(max(1, width), overflow="ellipsis")
    return Text("\n").join(found[:lines])


def unknown_words(row: RiskRow) -> str:
    """What has no data, each reason once; those that differ in their second word alone as one: `no NPS, CES or CSAT answer`."""
    alike: dict[tuple[str, str], list[str]] = {}
    for why in dict.fromkeys(safe(one.why, 80) for one in row.unknown):
        first, _, more = why.partition(" ")
        word, _, rest = more.partition(" ")
        alike.setdefault((first, rest), []).append(word)
    return ", ".join(f"{first} {' or '.join(', '.join(words).rsplit(', ', 1))} {rest}".rstrip() for (first, rest), words in alike.items())


def source_line(row: EvidenceRow, width: int, ink: Ink) -> Text:
    """A row of evidence: its day, kind and id, what it says, and the file and line."""
    place = "entered by hand" if row.file is None else f"{cell(Path(row.file).name, 60)}:{row.line}"
    room = min(34, max(12, cell_len(place)))
    day = "" if row.day is None else fmt.day(row.day)
    known = row.day is not None and row.id == iso(row.day)  # a day of use has no other id
    left = Text.assemble("   ", (f"{day:>11} ", ink.dim), (f"{row.kind} ", ink.dim), "" if known else cell(row.id, 30))
    if row.note:
        left.append(f"  {cell(row.note, 120)}", ink.dim)
    return Text.assemble(fit(left, max(1, width - room - 1)), " ", fit(Text(place, style=ink.dim), room))


def group_line(group: Group, label: str, currency: str, width: int, ink: Ink) -> Text:
    """One owner or reason: customers, of them at risk, MRR × risk."""
    left = fit(Text(label, style="" if group.value is not None else ink.dim), max(8, width - 38))
    share = f"{group.at_risk:,} of {group.customers:,}"
    return Text.assemble(
        left, (share.rjust(15), ink.care if group.at_risk else ink.dim), fmt.money_within(group.weighted, currency, 13).rjust(14)
    )


def fit(text: Text, width: int) -> Text:
    """Cut or filled to `width` cells."""
    text.truncate(width, overflow="ellipsis", pad=True)
    return text
