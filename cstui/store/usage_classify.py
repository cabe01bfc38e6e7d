"""What each staged row of use would do to the workspace: the promises of `classify`, kept on whole columns.

Month by month: rows of one key made one, compared with what the workspace has, and what is to be written set down for the
merge. Rows that leave everything as it is are only counted.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.usage import CLEARED, CUSTOMER_SHIFT, DAY_BITS, EMPTY, USER_BITS
from cstui.store import usage_changes
from cstui.store.ahead import one_ahead
from cstui.store.usage_blocks import Blocks
from cstui.store.usage_rows import TYPES, Rows, joined
from cstui.store.usage_staging import months, set_down
from cstui.store.vectors import ints

if TYPE_CHECKING:
    from cstui.store.usage_blocks import Block
    from cstui.store.usage_rows import Bools, Counted, Ints

CREATED, UPDATED, UNCHANGED = 0, 1, 2
_USER = (1 << USER_BITS) - 1
_DAY = (1 << DAY_BITS) - 1
_RARE = 50
_CUSTOMERS = "SELECT count(DISTINCT customer_id) FROM usage_month WHERE month = ?"
AT_ONCE = 1 << 18
"""Rows of a month that are looked at together: so the memory doesn't grow with the month."""
_FEW = 4
"""Customers of a month are looked up one by one where they are less than one in so many of the month's."""

_TOGETHER = 16
"""Rows of a key, up to which those of many keys are applied together."""

Values = tuple[int, int, int]
"""Sessions, minutes, events of one row."""


class Folded(NamedTuple):
    """Keys of several rows each; values in rows of sessions, minutes, events."""

    has: Bools
    """Whether the workspace has the key."""
    before: Ints
    """What it has."""
    state: Ints
    """What the key comes to."""
    place: Ints
    """The row that this comes from."""


def classify(db: sqlite3.Connection) -> Counter[tuple[int, int]]:
    """Compare all staged rows of use with the workspace as it is now; gives (file, outcome) → rows. `s_ref.id` must be there.

    Lines that say other things of a key than the rows before them are in `s_usage_conflict` afterwards.
    """
    db.execute("DELETE FROM c_usage")
    db.execute("DELETE FROM s_usage_conflict")
    usage_changes.clear(db)
    db.execute("UPDATE s_user SET id = (SELECT u.id FROM usage_user AS u WHERE u.user_id = s_user.user_id)")
    numbering = numbers(db)
    counts: Counter[tuple[int, int]] = Counter()
    for (month, _), staged in one_ahead(partial(_staged, Blocks(db)), months(db), large):
        for rows in staged:
            counts.update(_compared(db, month, rows, numbering, part=len(staged) > 1))
    return counts


def large(month: tuple[int, list[Block]]) -> bool:
    """Whether a month has more rows than are looked at together."""
    return sum(rows for _, rows in month[1]) > AT_ONCE


def _staged(blocks: Blocks, month: tuple[int, list[Block]]) -> list[Rows]:
    """The rows of a month in key order, in the parts in which they are looked at; rows of one key are in one part."""
    rows = blocks.read(month[1])
    if not ascending(rows.key):
        rows = rows.take(_in_order(rows.key))
    return [rows.take(slice(*part)) for part in _parts(rows.key)]


def ascending(key: Ints) -> bool:
    """Whether keys are in order as they are, as those of a file that has each user's rows together mostly are."""
    return bool((key[1:] >= key[:-1]).all())


def _parts(key: Ints) -> list[tuple[int, int]]:
    """Where the parts of a month begin and end."""
    if len(key) <= AT_ONCE:
        return [(0, len(key))]
    cuts = sorted({int(np.searchsorted(key, key[at])) for at in range(AT_ONCE, len(key), AT_ONCE)} - {0})
    return list(pairwise((0, *cuts, len(key))))


def _compared(db: sqlite3.Connection, month: int, rows: Rows, numbering: tuple[Ints, Ints], *, part: bool) -> Counter[tuple[int, int]]:
    """Compare rows of a month, in key order and all of a key; what they are to write is set down."""
    whole = _Rows(rows, _old(db, month, _known(rows.key, *numbering), part=part))
    whole.fold()
    db.executemany("INSERT INTO s_usage_conflict(file, line) VALUES (?, ?)", whole.conflicts)
    for outcome, written in whole.writes():
        if outcome == UPDATED:
            usage_changes.note(db, month, written, whole.replaced())
        if len(written.key):
            set_down(db, month, outcome, written)
    return whole.counts


def _in_order(key: Ints) -> Ints:
    """The places of keys in ascending order, equal ones as they came.

    Sorting without regard to equals is many times as fast, and where there are few of them they are put right afterwards.
    """
    order = np.argsort(key)
    ordered = key[order]
    heads = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    if (len(key) - len(heads)) * _RARE > len(key):
        return np.argsort(key, kind="stable")
    lengths = np.diff(heads, append=len(key))
    for start, length in zip(heads[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
        order[start : start + length].sort()
    return order


def numbers(db: sqlite3.Connection) -> tuple[Ints, Ints]:
    """The workspace's numbers of the call's customers and users, by the call's own; −1 for what the workspace does not have."""
    refs, users = (db.execute(f"SELECT ifnull(max({n}), 0) + 1 FROM {t}").fetchone()[0] for n, t in (("ref", "s_ref"), ("user", "s_user")))
    customers, people = np.full(refs, -1, np.int64), np.full(users, -1, np.int64)
    people[0] = 0
    for target, sql in (
        (customers, "SELECT ref, id FROM s_ref WHERE id IS NOT NULL"),
        (people, "SELECT user, id FROM s_user WHERE id IS NOT NULL"),
    ):
        found = np.fromiter(db.execute(sql), np.dtype([("at", "i8"), ("id", "i8")]))
        target[found["at"]] = found["id"]
    return customers, people


def translated(key: Ints, customers: Ints, users: Ints) -> Ints:
    """Keys of the call as keys of the workspace; negative where it lacks the customer or the user."""
    customer, user = customers[key >> CUSTOMER_SHIFT], users[(key >> DAY_BITS) & _USER]
    found: Ints = (customer << CUSTOMER_SHIFT) | (user << DAY_BITS) | (key & _DAY)
    found[(customer < 0) | (user < 0)] = -1
    return found


def _known(key: Ints, customers: Ints, users: Ints) -> Ints:
    if len(customers) and customers.max() < 0:
        return np.full(len(key), -1, np.int64)
    return translated(key, customers, users)


def _old(db: sqlite3.Connection, month: int, key: Ints, *, part: bool) -> tuple[Bools, Rows]:
    """Whether the workspace has each key, and its row there (anything where it has none). `part`: not all of the month's are asked for."""
    wanted = np.unique(key[key >= 0] >> CUSTOMER_SHIFT)
    if not len(wanted) or not db.execute("SELECT EXISTS (SELECT 1 FROM usage_month WHERE month = ?)", (month,)).fetchone()[0]:
        return _nothing(len(key))
    source = "usage AS o WHERE"
    if part or len(wanted) * _FEW < db.execute(_CUSTOMERS, (month,)).fetchone()[0]:
        db.execute("DELETE FROM s_usage_customer")
        db.executemany("INSERT INTO s_usage_customer(id) VALUES (?)", ((number,) for number in wanted.tolist()))
        source = "s_usage_customer AS w CROSS JOIN usage AS o WHERE o.customer_id = w.id AND"
    columns = db.execute(
        "SELECT group_concat(key), group_concat(sessions), group_concat(minutes), group_concat(events) FROM ("
        f"SELECT (o.customer_id << {CUSTOMER_SHIFT}) | (o.user_id << {DAY_BITS}) | o.dom AS key, ifnull(o.sessions, {EMPTY}) AS sessions, "
        f"ifnull(o.minutes, {EMPTY}) AS minutes, ifnull(o.events, {EMPTY}) AS events "
        f"FROM {source} o.month = {int(month)} ORDER BY o.customer_id, o.user_id, o.dom)"
    ).fetchone()
    if columns[0] is None:
        return _nothing(len(key))
    known, *found = map(ints, columns)
    at = np.minimum(np.searchsorted(known, key), len(known) - 1)
    place = np.zeros(len(key), np.int32)
    there_too = known[at] == key
    values = (np.where(there_too, column[at], EMPTY).astype(kind) for column, kind in zip(found, TYPES[1:4], strict=True))
    return there_too, Rows._make((key, *values, place, place))


def _nothing(count: int) -> tuple[Bools, Rows]:
    """What the workspace has where it has none of so many keys."""
    return np.broadcast_to(np.bool_(False), count), Rows._make(np.broadcast_to(kind(EMPTY), count) for kind in TYPES)


class _Rows:
    """Rows of one month, or of a part of its keys, in key order, those of one key in the order of the call."""

    def __init__(self, rows: Rows, old: tuple[Bools, Rows]) -> None:
        self._rows, (self._has, self._old) = rows, old
        self._replaced, self._all_new = self._old, not self._has.any()
        self.counts: Counter[tuple[int, int]] = Counter()
        self.conflicts: list[tuple[int, int]] = []
        self._changed: list[Folded] = []
        """Keys that several rows name and that come to something else."""

    def fold(self) -> None:
        """Make one row of those of a key; what they come to is set aside, and the rows leave the others."""
        doubled = self._rows.key[1:] == self._rows.key[:-1]
        if not doubled.any():
            return
        several = np.zeros(len(self._rows.key), bool)
        several[1:] |= doubled
        several[:-1] |= doubled
        alone = self._part(~several)
        self._rows, self._has, self._old = self._part(several)
        rows = self._rows
        doubled = rows.key[1:] == rows.key[:-1]
        repeats = doubled & np.logical_and.reduce([column[1:] == column[:-1] for column in rows.values])
        if repeats.any():
            keep = np.concatenate(([True], ~repeats))
            self._count(rows.file[~keep], UNCHANGED)
            self._rows, self._has, self._old = self._part(keep)
            rows = self._rows
        starts = np.flatnonzero(np.concatenate(([True], rows.key[1:] != rows.key[:-1])))
        lengths = np.diff(starts, append=len(rows.key))
        few = lengths <= _TOGETHER
        self._runs(rows, starts[few], lengths[few])
        for start, length in zip(starts[~few].tolist(), lengths[~few].tolist(), strict=True):
            self._run(rows, start, length)
        self._several = rows
        self._rows, self._has, self._old = alone

    def writes(self) -> Iterator[tuple[int, Rows]]:
        """(CREATED or UPDATED, rows with the values they come to): what the merge has to write, a key once."""
        rows, old, has = self._rows, self._old, self._has
        if self._all_new:
            self._count(rows.file, CREATED)
            yield CREATED, rows._replace(**{name: _settled_in(getattr(rows, name)) for name in ("sessions", "minutes", "events")})
            if (folded := self._folded(new=True)) is not None:
                yield CREATED, folded
            return
        values = [_over(new, before) for new, before in zip(rows.values, old.values, strict=True)]
        differs = np.logical_or.reduce([new != before for new, before in zip(values, old.values, strict=True)])
        self._count(rows.file[~has], CREATED)
        self._count(rows.file[has & differs], UPDATED)
        self._count(rows.file[has & ~differs], UNCHANGED)
        settled = Rows._make((rows.key, *values, rows.file, rows.line))
        yield CREATED, _with(settled.take(~has), self._folded(new=True))
        self._replaced = old.take(has & differs)
        yield UPDATED, _with(settled.take(has & differs), self._folded(new=False))

    def replaced(self) -> Rows:
        """What the rows that `writes` gave last, the updated ones, are until then; only the values count."""
        return _with(self._replaced, self._of([(one.place[one.has], one.before[:, one.has]) for one in self._changed]))

    def _part(self, which: Bools) -> tuple[Rows, Bools, Rows]:
        """Some of the rows, whether the workspace has each, and what it has."""
        rows = self._rows.take(which)
        return (rows, *_nothing(len(rows.key))) if self._all_new else (rows, self._has[which], self._old.take(which))

    def _count(self, files: Counted, outcome: int) -> None:
        counts = np.bincount(files)
        for file in np.flatnonzero(counts).tolist():
            self.counts[file, outcome] += int(counts[file])

    def _runs(self, rows: Rows, starts: Ints, lengths: Ints) -> None:
        """Rows of many keys, a few of each one after another: the first of all keys, then the second, and so on."""
        if not len(starts):
            return
        has, before = self._has[starts], np.stack([column[starts] for column in self._old.values]).astype(np.int64)
        before[:, ~has] = EMPTY
        state, place, known = before.copy(), starts.copy(), has.copy()
        said = np.full_like(state, EMPTY)
        outcomes: list[tuple[Ints, Counted, Ints]] = []
        for turn in range(int(lengths.max())):
            which = np.flatnonzero(lengths > turn)
            at = starts[which] + turn
            row = np.stack([column[at] for column in rows.values]).astype(np.int64)
            now_said = np.where(row == EMPTY, said[:, which], row) if turn else row
            if turn:
                conflict = at[(now_said != said[:, which]).any(axis=0)]
                self.conflicts += zip(rows.file[conflict].tolist(), rows.line[conflict].tolist(), strict=True)
            new = _over(row, state[:, which])
            moved = (new != state[:, which]).any(axis=0)
            outcomes.append((which, rows.file[at], np.where(~known[which], CREATED, np.where(moved, UPDATED, UNCHANGED))))
            moved |= ~known[which]
            place[which[moved]] = at[moved]
            state[:, which], said[:, which], known[which] = new, now_said, True
        changed = ~has | (state != before).any(axis=0)
        for which, files, found in outcomes:
            outcome = np.where(changed[which], found, UNCHANGED)
            for each in (CREATED, UPDATED, UNCHANGED):
                self._count(files[outcome == each], each)
        self._changed.append(Folded(has[changed], before[:, changed], state[:, changed], place[changed]))

    def _run(self, rows: Rows, start: int, length: int) -> None:
        """Rows of one key, applied one after another."""
        has = bool(self._has[start])
        before = _values(self._old, start) if has else None
        state, said, outcomes, place = before, None, list[int](), start
        for at in range(start, start + length):
            row = _values(rows, at)
            now_said = row if said is None else _patched(said, row)
            if said is not None and now_said != said:
                self.conflicts.append((int(rows.file[at]), int(rows.line[at])))
            new = _settled(state, row)
            outcomes.append(CREATED if state is None else UPDATED if new != state else UNCHANGED)
            place = at if new != state else place
            state, said = new, now_said
        assert state is not None
        if state == before:
            outcomes = [UNCHANGED] * length
        else:
            old = np.array([before or (EMPTY,) * 3], np.int64).T
            self._changed.append(Folded(np.array([has]), old, np.array([state], np.int64).T, np.array([place])))
        for at, outcome in enumerate(outcomes, start=start):
            self.counts[int(rows.file[at]), outcome] += 1

    def _folded(self, *, new: bool) -> Rows | None:
        return self._of([(one.place[one.has != new], one.state[:, one.has != new]) for one in self._changed])

    def _of(self, chosen: Sequence[tuple[Ints, Ints]]) -> Rows | None:
        """Rows of the month at these places, with these values."""
        if not sum(len(place) for place, _ in chosen):
            return None
        own = self._several.take(np.concatenate([place for place, _ in chosen]))
        sessions, minutes, events = np.concatenate([values for _, values in chosen], axis=1)
        return Rows(own.key, sessions.astype(np.int32), minutes, events.astype(np.int32), own.file, own.line)


def _over(new: Counted, old: Counted) -> Counted:
    """What staged counts make of old ones (EMPTY: none)."""
    return np.where(new == EMPTY, old, np.where(new == CLEARED, EMPTY, new)).astype(new.dtype)


def _settled_in(new: Counted) -> Counted:
    """What staged counts come to where there were none."""
    cleared = new == CLEARED
    return np.where(cleared, EMPTY, new).astype(new.dtype) if cleared.any() else new


def _with(rows: Rows, others: Rows | None) -> Rows:
    return rows if others is None else joined([rows, others])


def _values(rows: Rows, at: int) -> Values:
    return int(rows.sessions[at]), int(rows.minutes[at]), int(rows.events[at])


def _patched(said: Values, row: Values) -> Values:
    return tuple(old if new == EMPTY else new for old, new in zip(said, row, strict=True))  # type: ignore[return-value]  # three of three


def _settled(state: Values | None, row: Values) -> Values:
    """The workspace's values after a row; EMPTY for none."""
    old = state or (EMPTY, EMPTY, EMPTY)
    return tuple(before if new == EMPTY else EMPTY if new == CLEARED else new for before, new in zip(old, row, strict=True))  # type: ignore[return-value]  # three of three
