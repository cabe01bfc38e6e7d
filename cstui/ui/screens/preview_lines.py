"""The lines of the import preview, as text: files, columns with samples, problems and oddities, progress.

Functions of desk snapshots; draws nothing and asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.outcome import Move
from cstui.base.outcome_words import change_words, field_word, join_words, move_words, side, signed, told_apart
from cstui.base.problems import OF_THE_FILE, Problem
from cstui.base.text import cell, safe
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import ColumnPreview, FileOutcome, ImportOutcome, Oddity, Progress
from cstui.ui.screens.failure import in_keys
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import between, fit

if TYPE_CHECKING:
    from cstui.desk.import_moved import MovedBy

REASON_WIDTH = 48
"""Cells that a reason takes before it goes on in the next line: half of a wide terminal, all of a narrow one."""
_TAIL = 24
"""Cells that must be left in a file's line for its first problem to be worth beginning."""
_WIDEST, _LEAST = 30, 6
"""Cells of a column of the first rows at most, and at least where all of them have no room."""
_SAMPLED = 11
"""Cells of a column's line that are left to its samples and what stands between."""
_MOVER, _MOVER_ID, _SIDES, _CONTRIBUTION = 26, 14, 22, 12
"""Cells of who moves a figure, their id, what they add before and after, and their part of the change."""
_WHOLE = 2000
"""Characters of a cell in a window of its own."""


class Line(NamedTuple):
    """A line of a list."""

    draw: Callable[[int], Text]
    """At a width."""
    whole: Text | None = None
    """All that is known of it, to be shown in a window of its own; None: nothing that is not in the line."""
    move: Move | None = None
    """The past figure that it tells of."""


def said(text: Text, whole: Text | None = None) -> Line:
    """A line that is the same at every width."""
    return Line(lambda _width: text, whole)


def progress_words(progress: Progress, seconds: float, ink: Ink) -> Text:
    """`reading  ██████░░░░  62 %  1.2 of 2.0 MB · 120,000 rows · 85,000 rows/s   esc cancels`."""
    text = Text.assemble((f"{progress.stage}  ", "bold"))
    if progress.bytes_total:
        share = Fraction(min(progress.bytes_read, progress.bytes_total), progress.bytes_total)
        done = int(share * 24)
        text.append("█" * done, ink.line).append("░" * (24 - done), ink.faint)
        text.append(f"  {fmt.percent(share, 0)}  {fmt.size(progress.bytes_read)} of {fmt.size(progress.bytes_total)}", ink.dim)
    if progress.rows:
        text.append(f" · {fmt.count(progress.rows, 'row')}", ink.dim)
        if seconds > 0.2:
            text.append(f" · {int(progress.rows / seconds):,} rows/s", ink.dim)
    if progress.bytes_read and seconds > 1 and progress.bytes_total > progress.bytes_read:
        left = round(seconds * (progress.bytes_total - progress.bytes_read) / progress.bytes_read)
        text.append(f" · {left // 60}:{left % 60:02d} left" if left >= 60 else f" · {max(1, left)} s left", ink.dim)
    return text.append("   esc cancels", ink.faint)


def summary(outcome: ImportOutcome, ink: Ink, request: ImportRequest) -> Text:
    """What all files together would do."""
    read = sum(file.read for file in outcome.files)
    created, updated = sum(file.created for file in outcome.files), sum(file.updated for file in outcome.files)
    same, refused = sum(file.unchanged for file in outcome.files), sum(file.refused for file in outcome.files)
    text = Text.assemble((f"{fmt.count(read, 'row')} read: ", "bold"))
    text.append(f"{created:,} create", ink.good if created else ink.dim).append(" · ", ink.faint)
    text.append(f"{updated:,} update", ink.care if updated else ink.dim).append(" · ", ink.faint)
    text.append(f"{same:,} same", ink.dim).append(" · ", ink.faint)
    text.append(f"{refused:,} refuse", ink.bad if refused else ink.dim)
    if outcome.overwritten:
        over = fmt.count(outcome.overwritten, "row overwrites", "rows overwrite")
        text.append(f"\n{over} those of other customers under the same ids: below is whose, and what keeps both.", ink.bad)
    before, after = outcome.last_days
    if before is not None and after is not None and before != after:
        text.append(f"\nThe last day of the data moves from {fmt.day(before)} to {fmt.day(after)}.", ink.care)
    for path, constants in (("", request.constants), *((place, said.constants) for place, said in request.own.items())):
        if constants:
            said = ", ".join(f"{cell(name, 30)} {cell(value, 30)}" for name, value in constants.items())
            whose = f" of {cell(Path(path).name, 40)}" if path and len(outcome.files) > 1 else ""
            text.append(f"\nOf every row{whose} without its own: {said}", ink.care).append(" · v changes", ink.faint)
    match = request.match
    if match is not None:
        joining = sum(file.joined.rows for file in outcome.files if file.joined is not None)
        by = "e-mail" if match == "email" else "e-mail or domain"
        text.append(f"\nMatched by {by}: {fmt.count(joining, 'row joins', 'rows join')} a known customer", ink.care if joining else ink.dim)
        text.append(f" · e {'also by domain' if match == 'email' else 'off'}", ink.faint)
    return text.append("\nNothing has been written. enter imports all of it or nothing.", ink.dim)


def file_line(file: FileOutcome | None, width: int, ink: Ink) -> Text:
    """One file; None is the heading."""
    name_room, each = (18, 7) if width < 100 else (28, 8)
    kind_room = 15 if width < 100 else 26
    if file is None:
        cells = ["file", "taken for", *("rows", "create", "update", "same", "refuse")]
        head = f"  {cells[0]:<{name_room}} {cells[1]:<{kind_room}}" + "".join(f"{word:>{each}}" for word in cells[2:])
        return Text(head, style=ink.dim, no_wrap=True, overflow="ellipsis")
    name = between(Path(file.file).name, name_room, "bold")
    taken = file.kind if file.source in ("", "template", file.kind) else f"{file.source} {file.kind or '(not used)'}"
    line = Text.assemble(" ", name, " ")
    if len(taken) > kind_room:
        taken = f"{file.kind or 'not used'}, {file.source}"  # what the rows are says more than whose they were
    line.append_text(fit(taken, kind_room))
    line.append(f"{_count(file.read, each):>{each}}")
    counts = ((file.created, ink.good), (file.updated, ink.care), (file.unchanged, ink.dim), (file.refused, ink.bad))
    for count, style in counts:
        line.append(f"{_count(count, each):>{each}}", style if count else ink.faint)
    if width - line.cell_len < _TAIL:
        return line
    if file.problems:
        first = file.problems[0]
        where = f"   line {first.line} {cell(first.column or '', 20)}: " if first.column else f"   line {first.line}: "
        line.append(where, ink.dim).append(safe(in_keys(first.message), 120), ink.bad)
    elif file.oddities:
        line.append(f"   {safe(in_keys(file.oddities[0].message), 120)}", ink.care)
    return line


def _count(count: int, room: int) -> str:
    """A count that leaves a blank before it: in millions where it is too long, as the line above the files has it whole."""
    return text if len(text := f"{count:,}") < room else f"{count / 1_000_000:,.1f}M"


def _odd_words(odd: Oddity, *, past: bool) -> str:
    """What is odd, with the key that may mend it while it is not `past`."""
    return safe(in_keys(odd.message), 600) + ("; e matches them by e-mail" if odd.code == "unknown-customer" and not past else "")


def _rows_of(odd: Oddity) -> str:
    """`3 rows: `, where that is what is odd."""
    return f"{fmt.count(odd.count, 'row')}: " if odd.count and odd.code not in OF_THE_FILE else ""


def file_words(file: FileOutcome, ink: Ink, *, past: bool = False) -> Text:
    """Everything about a file at once: what it is taken for and why, and all that is odd about it."""
    text = Text.assemble((safe(file.file, 400), "bold"), (_read_as(file), ink.dim), f"\n{safe(file.why, 800)}")
    if file.refused:
        text.append(f"\n\n{fmt.count(file.refused, 'row')} refused", f"bold {ink.bad}")
    for problem in file.problems:
        column = f", {cell(problem.column, 200)}" if problem.column else ""
        value = f" “{cell(problem.value, 200)}”" if problem.value else ""
        text.append(f"\nLine {problem.line}{column}{value}: ", ink.dim).append(safe(in_keys(problem.message), 800), ink.bad)
    if (rest := file.refused - len(file.problems)) > 0:
        text.append(f"\nand {rest:,} more: w writes them all to a file", ink.dim)
    for odd in file.oddities if file.kind else ():
        text.append(f"\n\n{_rows_of(odd)}{_odd_words(odd, past=past)}", ink.care)
    return text


def column_lines(file: FileOutcome, ink: Ink) -> list[Line]:
    """Why it was taken for this kind, then each column: header → field, type, samples."""
    about = Text(f"{safe(file.file, 400)}{_read_as(file)}\n{safe(file.why, 800)}")
    lines = [
        said(Text.assemble(("Columns", "bold"), (f"   {safe(Path(file.file).name, 60)}{_read_as(file)}", ink.dim)), about),
        said(Text(safe(file.why, 200), style=ink.dim), about),
    ]
    needs = _needs(file.columns)
    lines += [_column(column, needs, ink) for column in file.columns]
    if file.samples:
        lines.append(said(Text("")))
        lines.append(said(Text("First rows, as they will be kept", style="bold")))
        kept = [(at, column.field.removeprefix("attribute:")) for at, column in enumerate(file.columns) if column.field]
        rows = [[(name, row[at]) for at, name in kept if at < len(row)] for row in file.samples]
        widths = [max(cell_len(value) for _, value in values) for values in zip(*rows, strict=False)]
        lines += [_sample(row, widths, ink) for row in rows]
    return lines


def _read_as(file: FileOutcome) -> str:
    """What the file was read as, where it was told."""
    return f", read as {cell(file.encoding, 20)}" if file.encoding else ""


def _needs(columns: Sequence[ColumnPreview]) -> tuple[int, int, int]:
    """Cells of the longest header, field and type."""
    texts = [(column.header, _field_name(column), column.type) for column in columns]
    header, name, kind = (max(map(cell_len, one), default=0) for one in zip(*texts, strict=True)) if texts else (0, 0, 0)
    return header, name, kind


def _field_name(column: ColumnPreview) -> str:
    """Where a column goes; one that is kept under its own name need not say that twice."""
    name = (column.field or "left out").removeprefix("attribute:")
    return "kept as it is" if name == column.header and name != column.field else name


def _column(column: ColumnPreview, needs: tuple[int, int, int], ink: Ink) -> Line:
    def draw(width: int) -> Text:
        header, field, kind = needs
        while header + field > max(2 * _LEAST, width - kind - _SAMPLED):  # headers and fields whole, as far as there is room
            header, field = (header - 1, field) if header >= field else (header, field - 1)
        style = ink.faint if column.field is None else ink.care if column.field.startswith("attribute:") else ink.primary
        line = Text.assemble(between(column.header, header), (" → ", ink.faint), between(_field_name(column), field, style), " ")
        line.append_text(fit(column.type, kind, ink.dim)).append(" ")
        return line.append_text(
            fit(
                ", ".join(cell(sample, 40) for sample in column.samples if sample.strip()) or "(empty)",
                max(0, width - line.cell_len),
                ink.dim,
            )
        )

    goes = f"goes to {column.field}, {column.type}" if column.field else "is left out"
    whole = Text.assemble((safe(column.header, 200), "bold"), f" {safe(goes, 200)}. Its first cells:")
    for sample in column.samples:
        whole.append(f"\n{cell(sample, _WHOLE) or '(empty)'}")
    return Line(draw, whole)


def _rooms(needs: Sequence[int], width: int) -> list[int]:
    """What each column of the first rows gets: all it needs, or the widest give way to the others, down to a few letters."""
    rooms = [max(1, min(_WIDEST, need)) for need in needs]
    while sum(rooms) + 2 * len(rooms) > width and max(rooms) > _LEAST:
        rooms[rooms.index(max(rooms))] -= 1
    return rooms


def _sample(row: list[tuple[str, str]], needs: Sequence[int], ink: Ink) -> Line:
    """A row as it will be kept: field and value."""

    def draw(width: int) -> Text:
        line = Text()
        for (_, value), room in zip(row, _rooms(needs, width), strict=False):
            line.append_text(fit(value, room, ink.text)).append("  ")
        return line

    parts = [Text.assemble((f"{cell(name, 40)}  ", ink.dim), cell(value, _WHOLE)) for name, value in row if value]
    return Line(draw, Text("\n").join(parts))


def _problem(problem: Problem, ink: Ink) -> list[Line]:
    """Where and what on one line, why on the next."""
    column = cell(problem.column, 30) if problem.column else "the row"
    value = f"  “{cell(problem.value, 40)}”" if problem.value else ""
    where = Text.assemble((f"{problem.line:>6}  ", ink.dim), column, (value, ink.care))
    reasons = [Text(f"        {line}", style=ink.bad) for line in wrap(safe(in_keys(problem.message), 300), REASON_WIDTH)]
    whole = Text.assemble((f"Line {problem.line}, {cell(problem.column, 200) if problem.column else 'the row'}", "bold"))
    whole.append(f"   {problem.code}", ink.dim)
    if problem.value:
        whole.append(f"\n“{cell(problem.value, _WHOLE)}”", ink.care)
    whole.append(f"\n{safe(in_keys(problem.message), 800)}", ink.bad)
    return [said(text, whole) for text in (where, *reasons)]


def _odd(odd: Oddity, ink: Ink, *, past: bool) -> list[Line]:
    """How many rows, and what is odd about them."""
    where = ", ".join(map(str, odd.lines[:3])) + ("…" if odd.lines and odd.count > 3 else "")
    words = _odd_words(odd, past=past)
    first, *rest = wrap(words + (f" (line {where})" if where else ""), REASON_WIDTH)
    whole = Text.assemble(
        (fmt.count(odd.count, "row") if odd.count and odd.code not in OF_THE_FILE else "The file", "bold"), (f"   {odd.code}", ink.dim)
    )
    whole.append(f"\n{words}")
    if odd.lines:
        whole.append(
            f"\n{'Line' if odd.count == 1 else 'Lines'} {', '.join(map(str, odd.lines))}{'…' if odd.count > len(odd.lines) else ''}"
        )
    number = f"{odd.count:>6,}  " if odd.count and odd.code not in OF_THE_FILE else " " * 8
    return [said(Text.assemble((number, ink.dim), first), whole), *(said(Text(f"        {line}"), whole) for line in rest)]


def finding_lines(file: FileOutcome, ink: Ink, *, past: bool = False) -> list[Line]:
    """Refused rows with their reason, then what is odd about rows that come in; `past`: that came in."""
    if not file.kind:
        why = [said(Text(f"        {line}")) for line in wrap(safe(file.why, 600), REASON_WIDTH)]
        return [said(Text("Not imported", style=f"bold {ink.care}")), *why]
    lines: list[Line] = []
    if file.refused:
        head = (f"{fmt.count(file.refused, 'row')} refused", f"bold {ink.bad}")
        lines.append(said(Text.assemble(head, ("   line, column, value, reason", ink.dim))))
        for problem in file.problems:
            lines += _problem(problem, ink)
        if file.refused > len(file.problems):
            rest = file.refused - len(file.problems)
            lines.append(said(Text(f"        and {rest:,} more: w writes them all to a file", style=ink.dim)))
    if file.oddities:
        came = "Odd, but came in" if past else "Odd, but coming in"
        lines.append(said(Text.assemble((came, f"bold {ink.care}"), ("   rows, what", ink.dim))))
        for odd in file.oddities:
            lines += _odd(odd, ink, past=past)
    if not lines:
        nothing = "No row was refused, and nothing was odd." if past else "No row is refused, and nothing is odd."
        lines.append(said(Text(nothing, style=ink.good)))
    return lines + _join_lines(file, ink) + _change_lines(file, ink)


def _join_lines(file: FileOutcome, ink: Ink) -> list[Line]:
    """Which rows join which customers by a second key."""
    if file.joined is None or not file.joined.rows:
        return []
    head = Text.assemble((fmt.count(file.joined.rows, "row joins", "rows join") + " a known customer", f"bold {ink.care}"))
    lines = [head.append("   line, who joins whom", ink.dim)]
    for join in file.joined.first:
        first, *rest = wrap(join_words(join), REASON_WIDTH)
        lines.append(Text.assemble((f"{join.line:>6}  ", ink.dim), first))
        lines += [Text(f"        {line}") for line in rest]
    if file.joined.rows > len(file.joined.first):
        lines.append(Text(f"        and {file.joined.rows - len(file.joined.first):,} more", style=ink.dim))
    return [said(line) for line in lines]


def _change_lines(file: FileOutcome, ink: Ink) -> list[Line]:
    """How the updates go: counts by field, then the first rows from old to new."""
    changes = file.changes
    if not changes.rows:
        return []
    head = Text.assemble((f"{fmt.count(changes.rows, 'row')} updated", f"bold {ink.care}"), ("   line, what, old → new", ink.dim))
    counts = ", ".join(f"{field_word(name)} {rows:,}" for name, rows in changes.fields)
    lines = [head, *(Text(f"        {line}", style=ink.dim) for line in wrap(f"by field: {counts}", REASON_WIDTH))]
    for row in changes.first:
        lines.append(Text.assemble((f"{row.line:>6}  ", ink.dim), cell(row.id, 40)))
        lines += [Text(f"        {line}", style=ink.care) for change in row.fields for line in wrap(change_words(change), REASON_WIDTH)]
    if changes.rows > len(changes.first):
        lines.append(Text(f"        and {changes.rows - len(changes.first):,} more", style=ink.dim))
    return [said(line) for line in lines]


_MOVES = (("past figure moves", "past figures move"), ("past figure becomes known", "past figures become known"))
_MOVED = (("past figure moved", "past figures moved"), ("past figure became known", "past figures became known"))


def move_lines(moves: tuple[Move, ...] | None, ink: Ink, *, looking: bool = False, past: bool = False) -> list[Line]:
    """The past figures that would move, or that nobody knows yet; `past`: that moved."""
    if moves is None:
        return [said(Text("Past figures: working out which would move…", style=ink.dim))] if looking else []
    if not moves:
        return [said(Text("No past figure moved." if past else "No past figure moves.", style=ink.dim))]
    moved, learned = told_apart(moves)
    lines: list[Line] = []
    words = _MOVED if past else _MOVES
    for found, (one, many) in zip((moved, learned), words, strict=True):
        if found:
            who = "" if past or found is learned else "   enter on one: who moves it"
            lines.append(said(Text.assemble((fmt.count(len(found), one, many), f"bold {ink.care}"), (who, ink.dim))))
            lines += [said(Text(f"        {move_words(move)}"))._replace(move=move) for move in found]
    return lines


def mover_words(move: Move, found: MovedBy | None, ink: Ink) -> Text:
    """A past figure with who would move it: from what they add to what they would, and their part of the change."""
    text = Text.assemble((move_words(move), f"bold {ink.care}"))
    if found is None or not found.movers:
        why = "was not known before, or would not be then" if move.delta is None else "has the same rows as before"
        return text.append(f"\nNobody can be told to move it: it {why}.", ink.dim)
    who = "customer" if all(one.customer_id is not None for one in found.movers) else "row"
    text.append(f"\nMoved by {fmt.count(found.total, who)}, largest first: before → after, and their part of it.\n", ink.dim)
    for one in found.movers:
        name = one.name or one.customer_id or one.what or "(no customer)"
        text.append("\n").append_text(fit(name, _MOVER)).append_text(fit((one.name and one.customer_id) or "", _MOVER_ID, ink.dim))
        sides = f"{side(one.before)} → {side(one.after)}" if one.before is not None or one.after is not None else ""
        text.append(f"{sides:>{_SIDES}}", ink.dim).append(f"{signed(one.contribution):>{_CONTRIBUTION}}")
    if found.total > len(found.movers):
        text.append(f"\nand {found.total - len(found.movers):,} more, together {signed(found.rest)}", ink.dim)
    return text
