"""One import from beginning to end, inside the child process: read, stage, compare, and on request merge.

Joins `ingest`, which knows files, with `store`, which knows the workspace. Speaks to nobody: progress goes to a callback.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from functools import partial
from json import loads
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from cstui.base import formatting as fmt
from cstui.base.errors import CstuiError, RowsRefused, UsageError
from cstui.base.outcome import Joins, Move
from cstui.base.second import Gone, Second
from cstui.desk import import_entries, rejects
from cstui.desk import import_findings as findings
from cstui.desk.import_preview import SAMPLE_ROWS, columns_of, rows_of
from cstui.desk.import_request import ImportRequest, Said, zone_of
from cstui.desk.importing import PROBLEMS_SHOWN, FileOutcome, ImportOutcome, Progress
from cstui.desk.memory import give_back
from cstui.desk.sparing import spare
from cstui.ingest import batches, job, sharing
from cstui.ingest.customers import Customers
from cstui.ingest.dates import Order
from cstui.ingest.failures import AmbiguousDates
from cstui.ingest.headers import Wishes, spoken
from cstui.ingest.job import Prepared
from cstui.ingest.opening import Wanted
from cstui.ingest.parsing import Parser
from cstui.ingest.reading import Table
from cstui.ingest.values import Settings
from cstui.store import again, merge, oddities, schema, snapshot
from cstui.store.changes import changes
from cstui.store.classify import Counts, classify
from cstui.store.joining import SECOND_KEYS
from cstui.store.last_days import LastDays, last_days
from cstui.store.staging import Staging, copy_of, path_for, remove, remove_stale
from cstui.store.workspace import Workspace

if TYPE_CHECKING:
    from cstui.desk.import_moved import MovedBy

T = TypeVar("T")
DEFAULT_CURRENCY = "USD"
READIED_FROM = 20_000
"""Rows from which on what a merge needs is loaded while they are compared."""
_SPARING_FROM = 1_000_000
"""Rows from which on, and after each of which, memory is given back: fewer would not notice."""
REHEARSED_IN_PLACE = 20_000
"""Rows that change, up to which a rehearsal of the merge is over before anybody notices the lock."""


def beside(path: Path, files: Sequence[str]) -> Second | None:
    """A second process for an import into `path`, where its files are large enough; to be called before any thread exists."""
    return sharing.beside(path_for(path, os.getpid()).parent) if sharing.worth_it(job.sizes(files)) else None


class Session:
    """A call's files, staged and compared with the workspace at `path`."""

    def __init__(self, path: Path, request: ImportRequest, tell: Callable[[Progress], None], second: Second | None = None) -> None:
        """`second`: a process that helps with what `beside` found large; it ends with the preview."""
        self._path, self._request, self._tell, self._second = path, request, tell, second
        self._total = job.sizes(request.files)
        self._staging: Staging | None = None
        self._files: list[Prepared] = []
        self._parsers: list[Parser] = []
        self._unused: list[job.Unused] = []
        self._seen: list[findings.Seen] = []
        self._outcome: ImportOutcome | None = None
        self._settings = Settings(UTC, DEFAULT_CURRENCY, None)
        self._sets_currency = False
        self._revision = 0
        self._rehearsal = merge.Rehearsal()
        self._before: dict[int, oddities.Odd] = {}
        """By file: rows that it brought before."""

    def preview(self) -> ImportOutcome:
        """Read, stage and compare everything. Raises CstuiError; nothing but the staging file is written."""
        try:
            read = self._all_read()
        finally:
            self._alone()
        self._outcome = self._compared(*read)
        return self._outcome

    def _all_read(self) -> tuple[Staging, Customers]:
        request = self._request
        exists = self._existing()
        opened = job.open_all(
            request.files,
            lambda path: Wanted(request.said_of(path).encoding, request.said_of(path).sheet, request.encodings_of(path)),
            spoken(request.kind, request.mapping, request.constants, addresses=request.match is not None),
            self._wishes_of if request.own else None,
        )
        self._unused = opened.unused
        if unknown := request.unknown_places((self._path_of(table), table.within) for table, _ in opened.tables):
            raise UsageError(f"{unknown[0]}: no file of this call, and no table in one, is called that.")
        remove_stale(self._path)
        with job.reading([table for table, _ in opened.tables]):
            try:
                read = self._understood(opened, exists=exists)
            except Gone:
                self._alone()
                read = self._understood(opened, exists=exists)
            self._refuse_hopeless(read[0])
        return read

    def _alone(self) -> None:
        """Go on without a second process."""
        if self._second is not None:
            self._second.close()
            self._second = None

    def _understood(self, opened: job.Opened, *, exists: bool) -> tuple[Staging, Customers]:
        """Stage everything. Raises Gone where a second process failed."""
        try:
            read = self._read(opened, exists=exists, whole=False)
        except AmbiguousDates:
            read = None  # the first rows leave it open; the whole column may tell
        if read is None:
            read = self._read(opened, exists=exists, whole=True)
        assert read is not None
        return read

    def _said_of(self, table: Table) -> Said:
        """What the person said of one table."""
        return self._request.said_of(self._path_of(table), table.within or None)

    def _path_of(self, table: Table) -> str:
        """As the request has it."""
        return next((name for name in self._request.files if Path(name) == table.path), str(table.path))

    def _order_of(self, table: Table) -> Order | None:
        return job.order_of(self._said_of(table).dates)

    def _wishes_of(self, table: Table) -> Wishes:
        return wishes_of(self._said_of(table), addresses=self._request.match is not None)

    def _read(self, opened: job.Opened, *, exists: bool, whole: bool) -> tuple[Staging, Customers] | None:
        """Stage everything, having surveyed the files' first rows or all of them; None where the first rows have misled."""
        self.close()
        self._files = job.survey_all(opened.files, self._order_of, self._reading if whole else None)
        staging = self._staging = Staging(path_for(self._path, os.getpid()), self._path if exists else None)
        staging.begin()
        known = staging.settings()
        self._revision = staging.revision()
        self._sets_currency = "currency" not in known
        currency = known.get("currency") or job.currency_of(self._files) or DEFAULT_CURRENCY
        zone, forgotten = zone_of(known.get("timezone", "UTC")), staging.forgotten()
        self._settings = Settings(zone, currency, None, self._request.clear, self._request.day, forgotten)
        customers = Customers()
        parsers = self._parsers = batches.parsers(self._files, self._settings, customers, self._second)
        batches.give_lookups(opened, parsers, staging.known)
        self._stage(staging, parsers, from_half=whole)
        seen = job.as_seen(self._files, parsers)
        if not whole and (seen is None or (self._sets_currency and (job.currency_of(seen) or DEFAULT_CURRENCY) != currency)):
            return None
        return staging, customers

    def _compared(self, staging: Staging, customers: Customers) -> ImportOutcome:
        rows = sum(seen.read for seen in self._seen)
        self._tell(Progress(self._total, self._total, rows, "comparing"))
        if rows > _SPARING_FROM:
            give_back()
        if rows >= READIED_FROM:  # SQLite compares without the interpreter, which loads what comes next meanwhile
            Thread(target=merge.ready, kwargs={"new": not self._path.exists()}, daemon=True).start()
        snapshot.keep_the_past(staging.db, [number for number, file in enumerate(self._files) if file.plan.snapshot], self._request.day)
        came = [findings.came(file) for file in self._files]
        self._before = again.leave(staging.db, came, [mention.fold for mention in customers.mentions])
        conflicts = staging.seal(customers.mentions, self._second_key(), customers.addresses)
        counts = classify(staging.db, len(self._files), self._settings.currency, clear=self._request.clear)
        fields = changes(staging.db, len(self._files), self._settings.currency, clear=self._request.clear)
        last = last_days(staging.db, self._request.day)
        outcome = self._described(staging, customers, counts, conflicts, last)
        files = [replace(file, changes=own) for file, own in zip(outcome.files, fields, strict=False)]
        outcome = replace(outcome, files=(*files, *outcome.files[len(files) :]))
        staging.keep()
        return outcome

    def commit(self, at: str = "") -> ImportOutcome:
        """Merge what was previewed, at that instant, making the workspace if there is none. Raises WorkspaceBusy, RowsRefused."""
        assert self._staging is not None
        assert self._outcome is not None
        outcome = self._outcome
        if self._request.strict:
            self._object(outcome)
        rows = sum(file.read for file in outcome.files)
        self._tell(Progress(self._total, self._total, rows, "merging"))
        if rows > _SPARING_FROM:
            give_back()
        new = not self._existing()
        if new:
            schema.make(self._path)
        self._staging.detach()
        try:
            merged = merge.merge(self._path, self._staging.path, self._call(outcome, at), new=new)
        except CstuiError:
            if new:
                schema.discard(self._path)
            raise
        came = tuple(
            replace(file, created=entry.created, updated=entry.updated, unchanged=entry.unchanged, changes=entry.changes)
            for file, entry in zip(outcome.files, merged.files, strict=False)
        )
        self._outcome = ImportOutcome(merged.number, (*came, *outcome.files[len(came) :]), merged.moves, outcome.last_days)
        return self._outcome

    def moves(self) -> tuple[Move, ...] | None:
        """The past figures that committing would move: exact, because it is done and rolled back. None where `hurry` was called.

        A large merge is rehearsed on a copy, so that whoever wants to write meanwhile need not wait. Raises WorkspaceBusy, SettingsMoved.
        """
        return self._rehearsed(self._rehearsal.run) if self._existing() else ()

    def moved_by(self, metric: str, month: str) -> MovedBy | None:
        """Who would move a past figure, told by rehearsing the merge once more. None where nobody can be told to, or `hurry` was called.

        Raises WorkspaceBusy, SettingsMoved.
        """
        from cstui.desk.import_moved import traced  # wanted only when somebody asks

        return self._rehearsed(partial(traced, self._rehearsal, metric, month))

    def _rehearsed(self, rehearse: Callable[[Path, Path, merge.Call], T]) -> T:
        """What a rehearsal gives: of the workspace itself where it is short, or else of a copy, whose lock holds nobody up."""
        assert self._staging is not None
        assert self._outcome is not None
        call = self._call(self._outcome)
        if sum(file.created + file.updated for file in self._outcome.files) <= REHEARSED_IN_PLACE:
            return rehearse(self._path, self._staging.path, call)
        copy = copy_of(self._staging.path)
        try:
            merge.copy_to(self._path, copy)
            return rehearse(copy, self._staging.path, call)
        finally:
            remove(self._staging.path, copy_only=True)

    def hurry(self) -> None:
        """Whatever `moves` is at is not waited for. May come from another thread."""
        self._rehearsal.stop()

    def write_rejects(self, path: Path) -> tuple[Path, ...]:
        """Write the refused rows as CSV that can be mended and imported again; one file for each that has some."""
        assert self._staging is not None
        with_some = [number for number, seen in enumerate(self._seen) if seen.refused]
        written = rejects.names_for(path, [self._files[number].table.name for number in with_some])
        for name in written:
            spare(name, self._path, *map(Path, self._request.files))
        for name, number in zip(written, with_some, strict=True):
            table = self._files[number].table
            rows = ((line, loads(cells), problems) for line, cells, problems in self._staging.refused(number))
            rejects.write(name, table.header, table.delimiter, rows)
        return written

    def close(self) -> None:
        """Take the staging away."""
        if self._staging is not None:
            self._staging.close()
            self._staging = None

    def _object(self, outcome: ImportOutcome) -> None:
        for file, came in zip(self._files, outcome.files, strict=False):
            if came.refused:
                message = f"{came.file}: {fmt.share(came.refused, came.read, 'row')} refused, so with --strict nothing was imported."
                raise RowsRefused(message, file=str(file.table.path), line=came.problems[0].line if came.problems else None)

    def _second_key(self) -> str | None:
        """What unknown customers are matched by beside their id. Raises UsageError."""
        asked = self._request.match
        if asked is not None and asked not in SECOND_KEYS:
            raise UsageError(f"--match {asked}: customers are matched by {' or '.join(SECOND_KEYS)}.")
        return asked

    def _existing(self) -> bool:
        """Whether there is a workspace, brought up to date if it was older."""
        if not self._path.exists():
            return False
        found = schema.version(self._path)
        if 0 < found < schema.VERSION:
            Workspace.open(self._path).close()
        return found > 0

    def _reading(self, position: int, rows: int) -> None:
        self._tell(Progress(min(position, self._total), self._total, rows, "reading"))

    def _stage(self, staging: Staging, parsers: Sequence[Parser], *, from_half: bool) -> None:
        self._seen = [findings.Seen() for _ in self._files]

        spared = 0

        def reading(position: int, rows: int) -> None:
            nonlocal spared
            if rows - spared >= _SPARING_FROM:
                give_back()
                spared = rows
            self._reading((self._total + position) // 2 if from_half else position, rows)

        for number, batch in batches.batches(self._files, parsers, reading, self._second):
            seen, columns = self._seen[number], parsers[number].columns
            if batch.packed is not None:
                staging.add_usage(number, batch.packed)
            elif batch.rows:
                staging.add(number, self._files[number].plan.record.kind, columns, batch.rows)
            if batch.problems:
                staging.add_refused(number, batch.problems, batch.refused)
            staging.add_opens(number, batch.opens)
            seen.read += batch.read
            seen.refused += len(batch.refused)
            if len(seen.rows) < SAMPLE_ROWS:
                seen.rows += [dict(zip(columns, row[1:], strict=True)) for row in batch.rows[:SAMPLE_ROWS]]
                seen.raw += batch.first
        for number, (seen, parser) in enumerate(zip(self._seen, parsers, strict=True)):
            if parser.again:
                staging.add_again(number, parser.again)
            seen.aside, seen.together, seen.notes = parser.aside, parser.together, parser.notes()

    def _refuse_hopeless(self, staging: Staging) -> None:
        """Object to a file that has rows, and none that is accepted for any kind."""
        by_path: dict[Path, list[int]] = {}
        for number, file in enumerate(self._files):
            by_path.setdefault(file.table.path, []).append(number)
        for numbers in by_path.values():
            seen = [self._seen[number] for number in numbers]
            if all(entry.refused == entry.read for entry in seen):
                worst = max(numbers, key=lambda number: self._seen[number].refused)
                import_entries.object_to(self._files[worst], self._seen[worst].read, staging.problems(worst, 1))

    def _described(
        self, staging: Staging, customers: Customers, counts: Sequence[Counts], conflicts: dict[int, list[int]], last: LastDays
    ) -> ImportOutcome:
        overlaps = oddities.overlaps(staging.db)
        names = [file.table.name for file in self._files]
        came = [findings.came(file) for file in self._files]
        asked = findings.Asked(self._request.day, self._request.match, self._settings.currency, names, came)
        files = []
        for number, (file, seen, count) in enumerate(zip(self._files, self._seen, counts, strict=True)):
            alone = last.alone[1] if last.alone is not None and last.alone[0] == number else None
            several = (alone, overlaps.get(number), self._before.get(number))
            odd = findings.oddities_of(staging, number, file, seen, asked, conflicts.get(number, []), several)
            joined = None if self._request.match is None else staging.joined[number].joins if number in staging.joined else Joins()
            files.append(
                FileOutcome(
                    file.table.name, file.plan.record.kind.value, file.plan.source, file.plan.why, seen.read,
                    count.created, count.updated, count.unchanged, seen.refused,
                    tuple(staging.problems(number, PROBLEMS_SHOWN)), odd,
                    columns_of(file.plan, seen.raw), rows_of(file.plan, seen.rows, customers.mentions, self._settings.currency),
                    file.table.encoding, joined=joined, path=str(file.table.path),
                )
            )  # fmt: skip
        return ImportOutcome(None, (*files, *map(import_entries.unused, self._unused)), last_days=(last.before, last.after))

    def _call(self, outcome: ImportOutcome, at: str = "") -> merge.Call:
        entries = [import_entries.entry(file, came) for file, came in zip(self._files, outcome.files, strict=False)]
        request = self._request
        has_money = any("currency" in file.plan.record.names for file in self._files)
        return merge.Call(
            at or request.at, request.day, self._settings.currency, self._sets_currency and has_money, request.clear, entries,
            self._revision, request.to_log(), [import_entries.unused_for_log(file) for file in self._unused],
        )  # fmt: skip


def wishes_of(said: Said, *, addresses: bool = False) -> Wishes:
    """What was said of a table, as its columns are understood by it."""
    of_kind = {kind: wishes_of(own, addresses=addresses) for kind, own in (said.of_kind or {}).items()}
    return spoken(said.kind, said.mapping or {}, said.constants or {}, addresses=addresses, of_kind=of_kind)
