"""The surveys screen's words and drawings: running scores, a distribution, lines of answers and of those who wait.

Functions of a `Voices` snapshot, a size and the inks; asks nothing and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.days import parse_iso
from cstui.base.text import cell, safe
from cstui.desk.answer_history import AnswerChange
from cstui.desk.survey import Answer
from cstui.desk.voices import EASY, Spread, Voices, Waiting
from cstui.ui.theme import Ink
from cstui.ui.widgets.answer_form import KIND_NAMES

TOUCHPOINT = "touchpoint"
Mark = tuple[str, str]
"""A figure of `running`: (measure, "") for its score, ("nps", band), ("ces", EASY), (TOUCHPOINT, its name)."""
_BARS = " ▁▂▃▄▅▆▇█"
_SHARES = (("promoter", "promoters"), ("passive", "passives"), ("detractor", "detractors"))

EMPTY: Mapping[str, str] = {
    "answers": "Nothing has been answered yet. a records an answer; 6 imports survey exports.",
    "detractors": "No detractor waits: somebody has been in contact with each since they answered.",
    "promoters": "No promoter waits to be asked.",
    "history": "Nothing has been recorded, changed or deleted by hand.",
    "unasked": "Every paying customer has been asked in the last 180 days that answers cover.",
}
"""What stands in a list that holds nothing."""


def band_ink(band: str, ink: Ink) -> str:
    """The colour of a promoter, passive or detractor."""
    return {"promoter": ink.good, "passive": ink.dim, "detractor": ink.bad}.get(band, ink.line)


def measure_text(measure: str, value: Fraction | None) -> str:
    """A score as it is read: `+28`, `82 %`, `5.4`."""
    if value is None:
        return fmt.UNKNOWN
    if measure == "nps":
        return fmt.figure(value, "score", "")
    return f"{fmt.number(value)} %" if measure == "csat" else fmt.number(value, 1)


def _under(mark: object, place: object) -> str:
    """What is added to the style of the figure under the keyboard."""
    return " reverse" if mark is not None and mark == place else ""


def _part(parts: object, *names: str) -> object:
    for name in names:
        parts = parts.get(name) if isinstance(parts, Mapping) else None
    return parts


def running(voices: Voices, width: int, height: int, ink: Ink, mark: Mark | None = None) -> Text:
    """NPS with its split, CES with the easy share, CSAT by touchpoint: at most `height` lines. The figure under `mark` stands out."""
    if not voices.around.answered:
        lines = [Text.assemble((f"{KIND_NAMES[measure]:<5}", "bold"), (fmt.UNKNOWN, ink.dim)) for measure in ("nps", "ces", "csat")]
        return Text("\n", no_wrap=True).join(lines[:height])
    lines = [*_nps(voices, width, ink, mark), _ces(voices, width, ink, mark)]
    lines += _csat(voices, width, max(1, height - len(lines)), ink, mark)
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n", no_wrap=True).join(lines[:height])


def _head(voices: Voices, measure: str, width: int, ink: Ink, after: str = "", mark: Mark | None = None) -> Text:
    answered = voices.now[measure]
    figure, under = answered.figure, _under(mark, (measure, ""))
    value = measure_text(measure, figure.value) + after
    shown = Text.assemble((f"{KIND_NAMES[measure]:<5}", "bold"), (value, f"bold {ink.accent}{under}"))
    if figure.value is None:
        why = f"  {safe(fmt.reason(figure.reason), 120)}"
        why = why if 8 + len(why) <= width else "  no answers" if not figure.n else why
        return Text.assemble((f"{KIND_NAMES[measure]:<5}", "bold"), (fmt.UNKNOWN, f"{ink.care}{under}"), (why, ink.dim))
    shown.append(f"  n {figure.n or 0:,}", ink.dim)
    if answered.previous is not None:
        judged = fmt.verdict(figure.value, answered.previous, "higher")
        words = fmt.delta(figure.value, answered.previous, "score", "higher", "") if judged else fmt.LEVEL
        shown.append(f"  {words}", {1: ink.good, -1: ink.bad, 0: ink.dim}[judged])
    if figure.status == "small_sample":
        shown.append("  small sample" if shown.cell_len + 14 <= width else "  small", ink.care)
    elif figure.status == "incomplete":
        shown.append("  so far", ink.care)
    return shown


def _nps(voices: Voices, width: int, ink: Ink, mark: Mark | None) -> list[Text]:
    head = _head(voices, "nps", width, ink, mark=mark)
    figure = voices.now["nps"].figure
    counts = band_counts(voices)
    total = sum(counts.values())
    if figure.value is None or not total:
        return [head]
    bar = Text("     ")
    room = max(6, min(width - 6, 40))
    for name, _ in _SHARES:
        bar.append("▇" * round(room * counts[name] / total), band_ink(name, ink))
    split = _split(counts, width, ink, mark)
    return [head, bar, split if split.cell_len <= width else _split(counts, width, ink, mark, short=True)]


def _split(counts: Mapping[str, int], width: int, ink: Ink, mark: Mark | None, *, short: bool = False) -> Text:
    """`13 promoters  6 passives  6 detractors`; short: thousands as `2k`."""
    split = Text("     " if width >= 46 else "")
    for name, plural in _SHARES:
        number = f"{fmt.compact(Fraction(counts[name]))} {plural}" if short else fmt.count(counts[name], name)
        split.append(number, f"{band_ink(name, ink)}{_under(mark, ('nps', name))}").append("  " if width >= 46 else " ")
    split.rstrip()
    return split


def _count(value: object) -> int:
    return int(value) if isinstance(value, int | Fraction) else 0


def _ces(voices: Voices, width: int, ink: Ink, mark: Mark | None) -> Text:
    figure = voices.now["ces"].figure
    scales = _part(figure.parts, "by_scale")
    top = next(iter(scales)).partition("-")[2] if isinstance(scales, Mapping) and len(scales) == 1 else ""
    head = _head(voices, "ces", width, ink, f" of {top}" if top and figure.value is not None else "", mark)
    if (share := easy_share(voices)) is not None:
        easy, under = f"{fmt.percent(share, 0)} easy", _under(mark, ("ces", EASY))
        if under and head.cell_len + len(easy) + 2 > width:
            head = Text.assemble((f"{KIND_NAMES['ces']:<5}", "bold"))  # there is room for it while it is looked at
        if head.cell_len + len(easy) + 2 <= width:
            head.append("  " if head.cell_len > 5 else "").append(easy, f"{ink.dim}{under}")
    return head


def band_counts(voices: Voices) -> Mapping[str, int]:
    """Promoters, passives and detractors in the period."""
    parts = voices.now["nps"].figure.parts
    return {name: _count(_part(parts, "counts", plural)) for name, plural in _SHARES}


def easy_share(voices: Voices) -> Fraction | None:
    """The share of CES answers on the easy side, where CES is known."""
    figure = voices.now["ces"].figure
    share = _part(figure.parts, "easy_share")
    return Fraction(share) if isinstance(share, Fraction | int) and figure.value is not None else None


def by_touchpoint(voices: Voices) -> Sequence[tuple[str, Fraction, int]]:
    """(touchpoint, CSAT there, answers) in the period, the most answers first."""
    touchpoints = _part(voices.now["csat"].figure.parts, "by_touchpoint")
    found = touchpoints if isinstance(touchpoints, Mapping) else {}
    rows = [(name, _part(one, "value"), _count(_part(one, "n"))) for name, one in found.items()]
    return sorted(((name, value, n) for name, value, n in rows if isinstance(value, Fraction)), key=lambda row: (-row[2], row[0]))


def touchpoint_line(name: str, value: Fraction | None, ink: Ink, n: int | None = None) -> Text:
    """A touchpoint to choose: `onboarding   82 %  n 31`."""
    line = Text(cell(name, 60))
    line.truncate(28, overflow="ellipsis", pad=True)
    line.append(f"{measure_text('csat', value):>6}", "bold")
    return line if n is None else line.append(f"   n {n:,}", ink.dim)


def _csat(voices: Voices, width: int, room: int, ink: Ink, mark: Mark | None) -> list[Text]:
    known = by_touchpoint(voices)
    head = _head(voices, "csat", width, ink, mark=mark)
    if len(known) > 1:
        head.append("  all touchpoints, mixed" if width >= 46 else "  mixed", ink.faint)
    bars = max(4, min(24, width - 30))
    shown = known[: room - 1] if len(known) < room else known[: max(0, room - 2)]
    at = next((index for index, (name, _, _) in enumerate(known) if mark == (TOUCHPOINT, name)), 0)
    if at >= len(shown):  # the list follows the keyboard
        shown = known[at + 1 - max(1, len(shown)) : at + 1]
    lines = [head]
    for name, value, n in shown:
        label = Text(cell(name or "no touchpoint", 40))
        label.truncate(14, overflow="ellipsis", pad=True)
        shade = f"{ink.text}{_under(mark, (TOUCHPOINT, name))}"
        filled = round(bars * value / 100)
        style = ink.good if value >= 80 else ink.care if value >= 60 else ink.bad
        bar = Text.assemble(("▇" * filled, style), ("·" * (bars - filled), ink.faint))
        lines.append(Text.assemble("  ", (label.plain, shade), " ", bar, (f" {fmt.number(value):>3} %", ink.text), (f"  {n:,}", ink.dim)))
    if len(known) > len(shown) and room > 1:
        lines.append(Text(f"  and {len(known) - len(shown)} touchpoints more", style=ink.faint))
    return lines


def spread(spreads: Sequence[Spread], measure: str, width: int, height: int, ink: Ink, mark: int | None = None) -> Text:
    """The distribution as bars over the scores, titled; other scales are named. What `mark` counts to stands out: bars, then scales."""
    if not spreads:
        return Text.assemble((f"{KIND_NAMES[measure]} scores", "bold"), ("\nno answers in this month", ink.dim))
    one, rest = spreads[0], spreads[1:]
    scale = one.scale.replace("-", "–")
    beyond = None if mark is None else mark - len(one.counts)
    title = Text.assemble((f"{KIND_NAMES[measure]} scores", "bold"), "  ")
    title.append(f"{scale}, n {one.total:,}", f"{ink.dim}{_under(beyond, 0)}")
    for index, other in enumerate(rest, 1):
        title.append("  · ", ink.care).append(f"{other.total:,} on {other.scale.replace('-', '–')}", f"{ink.care}{_under(beyond, index)}")
    title.truncate(width, overflow="ellipsis")
    each = max(2, min(6, width // max(1, len(one.counts))))
    rows = max(1, min(10, height - 3))
    most = max(count for _, count in one.counts) or 1
    inks = [band_ink(band, ink) for band in one.bands] or [ink.line] * len(one.counts)
    lines = [title]
    for row in reversed(range(rows)):
        line = Text()
        for (_, count), style in zip(one.counts, inks, strict=True):
            filled = min(8, max(0, -(-count * rows * 8 // most) - row * 8))
            line.append((_BARS[filled] * (each - 1)) + " ", style)
        lines.append(line)
    labels, numbers = Text(), Text()
    for index, ((score, count), style) in enumerate(zip(one.counts, inks, strict=True)):
        under = _under(mark, index)
        labels.append(f"{score}".center(each - 1), f"{style}{under}").append(" ")
        numbers.append((f"{fmt.compact(Fraction(count))}" if count else "").center(each - 1)[: each - 1], f"{ink.dim}{under}").append(" ")
    lines += [labels, numbers] if height > rows + 2 else [labels]
    return Text("\n", no_wrap=True).join(lines[:height])


def today_line(voices: Voices, ink: Ink) -> Text:
    """`today 7 recorded: 9 9 3 10 7 8 6`."""
    if not voices.around.recorded:
        return Text("nothing recorded today", style=ink.faint)
    line = Text.assemble(("today ", ink.dim), (f"{len(voices.around.recorded)} recorded", "bold"), (": ", ink.dim))
    last = voices.around.recorded[-12:]
    if len(last) < len(voices.around.recorded):
        line.append("… ", ink.dim)
    for kind, score in last:
        line.append(f"{safe(score, 5)} ", ink.text if kind == "nps" else ink.dim)
    return line


def answer_line(answer: Answer, band: str, width: int, ink: Ink) -> Text:
    """Day, score, customer, comment, and what it was about."""
    style = band_ink(band, ink) if band else ink.text
    line = Text.assemble((f"{fmt.day(answer.answered_at):>11} ", ink.dim), (f" {safe(answer.score, 5):>3} ", f"bold {style}"))
    about = " · ".join(cell(text, 24) for text in (answer.touchpoint, answer.respondent) if text)
    name = Text(cell(answer.name or answer.customer_id, 60), style=ink.text)
    name.truncate(18 if width < 90 else 26, overflow="ellipsis", pad=True)
    said = Text(f" {cell(answer.comment, 400)}" if answer.comment else " –", style=ink.text if answer.comment else ink.faint)
    tail = Text(f"  {about}" if about else "", style=ink.dim)
    if answer.file is None:
        tail.append("  by hand", ink.primary)
    tail.truncate(min(34, max(0, width - line.cell_len - name.cell_len - 12)), overflow="ellipsis")
    said.truncate(max(4, width - line.cell_len - name.cell_len - tail.cell_len), overflow="ellipsis", pad=True)
    return Text.assemble(line, name, said, tail)


def waiting_line(one: Waiting, queue: str, last: int | None, width: int, currency: str, ink: Ink) -> Text:
    """MRR, customer, and what they said when."""
    mrr = "no rate" if one.mrr is None else fmt.money(one.mrr, currency)
    name = Text(cell(one.name or one.customer_id, 60), style=ink.text)
    name.truncate(22 if width < 90 else 32, overflow="ellipsis", pad=True)
    line = Text.assemble((f"{mrr:>9}  ", ink.text), name)
    if queue == "unasked":
        asked = "never answered" if one.day is None else f"last answered {fmt.day(one.day)}"
        ago = "" if one.day is None or last is None else f", {fmt.count(last - one.day, 'day')} before the last answer of anybody"
        return line.append(f"  {asked}{ago if width >= 90 else ''}", ink.dim)
    style = band_ink("detractor" if queue == "detractors" else "promoter", ink)
    line.append(f"  {safe(one.score, 5):>3}", f"bold {style}").append(f"  {'' if one.day is None else fmt.day(one.day)}", ink.dim)
    if one.comment:
        line.append(f"  {cell(one.comment, 300)}", ink.text)
    elif one.respondent:
        line.append(f"  {cell(one.respondent, 40)}", ink.dim)
    return line


_DONE = {"record": "recorded", "edit": "changed", "delete": "deleted"}


def change_line(one: AnswerChange, width: int, ink: Ink) -> Text:
    """When, what was done to which answer, whose, and what it was before."""
    shade = {"record": ink.good, "edit": ink.care, "delete": ink.bad}[one.action]
    line = Text.assemble((f"{fmt.day(parse_iso(one.at[:10])):>11} {one.at[11:16]} ", ink.dim), (f"{_DONE[one.action]:<8} ", shade))
    line.append(f"{KIND_NAMES[one.kind]:<4} {safe(one.score, 5):>3}  ", "bold")
    name = Text(cell(one.name or one.customer_id, 60), style=ink.text)
    name.truncate(18 if width < 90 else 26, overflow="ellipsis", pad=True)
    line.append_text(name)
    told = [f"{field.replace('_', ' ')} {cell(old or '–', 60)} → {cell(new or '–', 60)}" for field, old, new in one.fields if old or new]
    told += ["of another customer before" for field, old, new in one.fields if not old and not new]
    return line.append("  taken back" if one.undone else "", ink.care).append(f"  {'; '.join(told)}" if told else "", ink.dim)


def whole_words(one: Answer | Waiting | AnswerChange, ink: Ink) -> Text:
    """All that is known of a line, and every word of the comment."""
    who = Text.assemble((cell(one.name or one.customer_id, 400), "bold"), (f"   {cell(one.customer_id, 120)}" if one.name else "", ink.dim))
    if isinstance(one, AnswerChange):
        line = Text.assemble(who, f"\n{KIND_NAMES[one.kind]} {safe(one.score, 5)}", (f"   {_DONE[one.action]}", ink.dim))
        line.append(f" {fmt.day(parse_iso(one.at[:10]))}, {one.at[11:16]} UTC{', taken back' if one.undone else ''}", ink.dim)
        for field, old, new in one.fields:
            line.append(f"\n\n{field.replace('_', ' ')}: ", ink.dim).append(f"{_all(old)} → {_all(new)}")
        return line
    if isinstance(one, Waiting):
        day = "never answered" if one.day is None else f"answered {fmt.day(one.day)}"
        about = " · ".join(_all(text) for text in (day, one.respondent) if text)
        score = Text(safe(one.score, 5), style="bold")
    else:
        by = "by hand" if one.file is None else f"{_all(one.file)}, line {one.line}"
        about = " · ".join(_all(text) for text in (fmt.day(one.answered_at), one.touchpoint, one.respondent, by) if text)
        score = Text(f"{KIND_NAMES[one.kind]} {safe(one.score, 5)} of {safe(one.scale, 9).replace('-', '–')}", style="bold")
    line = Text.assemble(who, "\n", score, ("   " if score.plain else "") + about)
    return line.append(f"\n\n{_all(one.comment)}" if one.comment else "\n\nNo comment.", ink.text if one.comment else ink.faint)


def _all(text: str | None) -> str:
    return cell(text or "–", 100_000)
