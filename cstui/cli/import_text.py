"""What an import, the log and a refusal look like: JSON documents, tables, and sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.days import iso
from cstui.base.outcome_words import change_words, join_words, move_words, told_apart
from cstui.base.problems import OF_THE_FILE
from cstui.cli.output import Json, say
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.base.outcome import Move
    from cstui.base.problems import Problem
    from cstui.desk.importing import FileOutcome, ImportEntry, ImportOutcome, Progress

PROBLEMS_SAID = 20
"""Problems of a file that the text output names; `--json` and `--rejects` have more."""
CHANGES_SAID = 5
MOVES_SAID = 24


def import_json(outcome: ImportOutcome) -> Json:
    """An import, or a dry run's preview, as commands.md has it."""
    document: dict[str, object] = {"schema": 1, "import_id": outcome.import_id, "files": [_file_json(file) for file in outcome.files]}
    if outcome.moves is not None:
        document["moves"] = [move.to_json() for move in outcome.moves]
    before, after = outcome.last_days
    if before is not None and after is not None and before != after:
        document["last_day"] = {"before": iso(before), "after": iso(after)}
    return document


def progress_text(progress: Progress) -> str:
    """How far it is, by bytes, on one line."""
    if progress.bytes_total <= 0:
        from cstui.base.formatting import count

        return f"{progress.stage} {count(progress.rows, 'row')}"
    share = min(progress.bytes_read * 100 // progress.bytes_total, 100)
    read, total = progress.bytes_read / 1e6, progress.bytes_total / 1e6
    return f"{progress.stage} {share:3d} %  {read:,.1f} of {total:,.1f} MB  (Ctrl-C cancels)"


def _file_json(file: FileOutcome) -> Json:
    problems = [{"line": p.line, "column": p.column, "code": p.code, "value": p.value, "message": p.message} for p in file.problems]
    oddities = [{"code": o.code, "count": o.count, "message": o.message, "lines": list(o.lines)} for o in file.oddities]
    told = {"encoding": file.encoding, "problems": problems, "oddities": oddities, "changes": file.changes.to_json()}
    return {**_counts_json(file), **told, **(file.joined.to_json() if file.joined is not None else {})}


def _counts_json(file: FileOutcome) -> dict[str, object]:
    return {
        "file": file.file,
        "kind": file.kind or None,
        "source": file.source,
        "read": file.read,
        "created": file.created,
        "updated": file.updated,
        "unchanged": file.unchanged,
        "refused": file.refused,
    }


def entry_json(entry: ImportEntry) -> Json:
    """One entry of `cstui imports --json`."""
    return {
        "import_id": entry.import_id,
        "at": entry.at,
        "undone_at": entry.undone_at,
        "files": [_counts_json(file) for file in entry.files],
        "moves": [move.to_json() for move in entry.moves],
    }


def detail_json(entry: ImportEntry) -> dict[str, object]:
    """`cstui imports IMPORT --json`: an entry with all that is kept of it."""
    files = [{**_file_json(file), "why": file.why} for file in entry.files]
    return {"schema": 1, **entry_json(entry), "day": iso(entry.day), "files": files}


_COUNTS = tuple(Column(name, right=True) for name in ("read", "created", "updated", "unchanged", "refused"))


def outcome_table(files: tuple[FileOutcome, ...]) -> str:
    """What each file was taken for, and what its rows come to."""
    return table((Column("file"), Column("taken for"), Column("source"), *_COUNTS), [_counts_row(file) for file in files])


def _counts_row(file: FileOutcome) -> tuple[str, ...]:
    counts = (file.read, file.created, file.updated, file.unchanged, file.refused)
    return (Path(file.file).name, file.kind or "not used", file.source, *(f"{count:,}" for count in counts))


def log_table(entries: list[ImportEntry]) -> str:
    """The import log, a line for each file."""
    columns = (
        Column("import", right=True),
        Column("at"),
        Column("file"),
        Column("taken for"),
        Column("source"),
        *_COUNTS,
        Column("undone"),
    )
    return table(
        columns,
        [(str(entry.import_id), entry.at, *_counts_row(file), entry.undone_at or "") for entry in entries for file in entry.files],
    )


def say_problems(files: tuple[FileOutcome, ...]) -> None:
    """Name the first refused rows, and what is odd about rows that came in."""
    from cstui.base.formatting import count

    for file in files:
        for problem in file.problems[:PROBLEMS_SAID]:
            say(f"refused: {problem_text(file, problem)}")
        if file.refused > PROBLEMS_SAID:
            say(f"refused: {file.file}: {file.refused:,} rows in all; --rejects FILE writes them.")
        for oddity in file.oddities:
            where = f" (line {', '.join(map(str, oddity.lines))})" if oddity.lines else ""
            rows = f", {count(oddity.count, 'row')}" if oddity.count and oddity.code not in OF_THE_FILE else ""
            say(f"note: {file.file}: {oddity.message} [{oddity.code}{rows}]{where}")


def say_joined(files: tuple[FileOutcome, ...]) -> None:
    """Which rows join which customers, where a second key was asked for."""
    from cstui.base.formatting import count

    for file in files:
        if file.joined is None:
            continue
        say(f"joined: {file.file}: {count(file.joined.rows, 'row joins', 'rows join')} a known customer")
        for join in file.joined.first[:CHANGES_SAID]:
            say(f"joined: {file.file} line {join.line}: {join_words(join)}")


def say_changes(files: tuple[FileOutcome, ...]) -> None:
    """How the updates go: the counts by field, and the first rows from old to new."""
    from cstui.base.formatting import count

    for file in files:
        if not file.changes.rows:
            continue
        fields = ", ".join(f"{name} {rows:,}" for name, rows in file.changes.fields)
        say(f"changes: {file.file}: {count(file.changes.rows, 'row')}: {fields}")
        for row in file.changes.first[:CHANGES_SAID]:
            say(f"changes: {file.file} line {row.line}: {row.id}: {'; '.join(map(change_words, row.fields))}")


def say_last_day(before: int | None, after: int | None) -> None:
    """Where the last day of the data is another now."""
    if before is not None and after is not None and before != after:
        say(f"last day: the data went through {iso(before)}, and goes through {iso(after)} with this")


def say_moves(moves: tuple[Move, ...]) -> None:
    """Which past figures are others now, and which are known now."""
    for word, found in zip(("moved", "known"), told_apart(moves), strict=True):
        for move in found[:MOVES_SAID]:
            say(f"{word}: {move_words(move)}")
        if len(found) > MOVES_SAID:
            say(f"{word}: {len(found):,} past figures in all; --json has them.")


def problem_text(file: FileOutcome, problem: Problem) -> str:
    """Where a row was refused, why, and what to do."""
    column = "" if problem.column is None else f", {problem.column}"
    value = f" “{problem.value}”" if problem.value else ""
    return f"{file.file} line {problem.line}{column}{value}: {problem.message} [{problem.code}]"
