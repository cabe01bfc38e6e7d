"""What a file becomes, by its header, its name, and what the person said: one plan for each kind of record in its rows.

A source that knows the file says so first; else its columns' own names, in English, Arabic or Persian, must say it all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

from cstui.base.errors import BadFile, MissingColumn
from cstui.base.records import Type
from cstui.base.text import clean
from cstui.ingest import catalogue, headers
from cstui.ingest.derivation import Derivation, Made, Remark, Second, conditions
from cstui.ingest.headers import Plan, Wishes
from cstui.ingest.own_ids import with_own_ids
from cstui.ingest.resolving import Resolved, columns, exact, find, resolve, told
from cstui.ingest.source import At, Becomes, Call, Expr, Source, Text
from cstui.ingest.words import fold_header

_REMEMBERED = 1 << 15
"""Names that are remembered, known or not."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file is taken for."""

    plans: tuple[Plan, ...]
    source: Source | None
    unused: str = ""
    """Why its rows are not imported, where they are not."""


def known() -> Callable[[str], bool]:
    """What says whether some kind has a field of a name, or some source a column.

    The person's own sources are looked up once: a wide file asks a hundred thousand times.
    """
    of_sources = catalogue.known_headers()
    return lru_cache(_REMEMBERED)(lambda header: headers.known(header) or fold_header(header) in of_sources)


def understood(path: str, header: tuple[str, ...], wishes: Wishes) -> Understood:
    """What the columns of a file are. Raises UnknownKind, MissingColumn, DuplicateLabel, BadSource, UsageError."""
    whole = _understood(path, header, wishes)
    plans = whole.plans
    if wishes.of_kind and plans:
        said = [replace(_as_said(path, header, whole.source, plan, wishes), left_out=()) for plan in plans]
        plans = _told_once(said, header, [fold_header(cell) for cell in header])
    return replace(whole, plans=tuple(map(with_own_ids, plans)))


def _as_said(path: str, header: tuple[str, ...], source: Source | None, plan: Plan, wishes: Wishes) -> Plan:
    """The plan of a kind, with what the person said of its rows: what they did not say stays as the file's source has it."""
    said = wishes.of_kind.get(plan.record.kind.value)
    if said is None:
        return plan
    mapping, constants = {**wishes.mapping, **said.mapping}, {**wishes.constants, **said.constants}
    if source is not None and said.kind in (None, plan.record.kind.value):
        entries = [entry for entry in source.becomes if entry.kind.kind is plan.record.kind]
        own = Wishes(None, mapping, constants, wishes.addresses)
        return plans_of(source, entries, header, own, clean(Path(path).name))[0]
    return headers.plan_for(path, header, Wishes(said.kind or plan.record.kind.value, mapping, constants, wishes.addresses))


def _understood(path: str, header: tuple[str, ...], wishes: Wishes) -> Understood:
    if headers.is_template(header) and not wishes.mapping:
        return Understood((headers.plan_for(path, header, wishes),), None)
    source = catalogue.match(clean(Path(path).name), header)
    if source is None or (wishes.mapping and _meant_by_hand(source, wishes) and _fits_by_hand(path, header, wishes)):
        return Understood((headers.plan_for(path, header, wishes),), None)
    if source.use != "import":
        if wishes.kind is not None or wishes.mapping:
            return Understood((headers.plan_for(path, header, wishes),), None)
        return Understood((), source, source.why)
    becomes = [entry for entry in source.becomes if wishes.kind in (None, entry.kind.kind.value)]
    if not becomes:
        return Understood((headers.plan_for(path, header, wishes),), None)
    try:
        return Understood(plans_of(source, becomes, header, wishes, clean(Path(path).name)), source)
    except BadFile as error:
        error.file = path
        raise


def _meant_by_hand(source: Source, wishes: Wishes) -> bool:
    """Whether the person says themselves what the file is: its kind and columns, or a field that the source's kinds don't have."""
    names = {name for entry in source.becomes for name in entry.kind.names}
    return wishes.kind is not None or not wishes.mapping.keys() <= names


def _fits_by_hand(path: str, header: tuple[str, ...], wishes: Wishes) -> bool:
    try:
        headers.plan_for(path, header, wishes)
    except BadFile:
        return False
    return True


def plans_of(source: Source, becomes: Sequence[Becomes], header: tuple[str, ...], wishes: Wishes, file: str) -> tuple[Plan, ...]:
    """A plan for each kind that the rows become. Raises MissingColumn where a required column is not there for any."""
    folded = [fold_header(cell) for cell in header]
    found: list[Plan] = []
    lacking: MissingColumn | None = None
    for entry in becomes:
        if any(find(spec, header, folded) is None for spec in entry.needs):
            continue
        plan = _Planner(source, entry, header, folded, wishes).plan()
        try:
            headers.require(file, plan.record, header, plan.fields, plan.constants)
        except MissingColumn as error:
            lacking = lacking or error
            continue
        found.append(plan)
    if not found:
        raise lacking or _nothing(source, file, header)
    if lacking is not None:
        found[0] = replace(found[0], note=" ".join(filter(None, (found[0].note, lacking.message))))
    return _told_once(found, header, folded)


def _nothing(source: Source, file: str, header: Sequence[str]) -> MissingColumn:
    needs = ", ".join(dict.fromkeys(spec for entry in source.becomes for spec in entry.needs))
    shown = ", ".join(map(clean, header))
    return MissingColumn(
        f"{file} is taken for {source.title}, and has none of the columns it is read by: {needs}. Its columns: {shown}.", file=file, line=1
    )


def _told_once(plans: list[Plan], header: tuple[str, ...], folded: list[str]) -> tuple[Plan, ...]:
    """Columns that no plan takes are told with the first of them."""
    used: set[int | None] = set()
    for plan in plans:
        used.update(index for index in (*plan.fields.values(), *plan.attributes.values(), *(plan.pair or ()), plan.email))
        used.update(plan.derivation.taken if plan.derivation else ())
        used.update(remark.index for remark in plan.remarks)
    spare = tuple(clean(cell) for at, cell in enumerate(header) if at not in used and folded[at] and not headers.is_reject(folded[at]))
    return (replace(plans[0], left_out=spare), *plans[1:])


class _Planner:
    """Makes the plan of one kind of record from a source and a header."""

    def __init__(self, source: Source, entry: Becomes, header: tuple[str, ...], folded: list[str], wishes: Wishes) -> None:
        self._source, self._entry, self._wishes = source, entry, wishes
        self._own, self._folded = header, folded
        self._fields: dict[str, int] = {}
        self._constants = dict(entry.constants)
        self._made: list[Made] = []
        self._exact: set[str] = set()
        self._second: Second | None = None

    def plan(self) -> Plan:
        """The plan; whether it has all it needs is not looked at."""
        entry, source, wishes = self._entry, self._source, self._wishes
        mapped = {
            name: at for name, column in wishes.mapping.items() if column and (at := find(column, self._own, self._folded)) is not None
        }
        for name in entry.kind.names:
            if name in mapped:
                self._fields[name] = mapped[name]
            elif name in entry.fields and wishes.mapping.get(name) != "":
                self._take(name, entry.fields[name])
        self._second = self._again(mapped)
        opens = self._opens(entry.opens) if entry.opens is not None else None
        email = resolve(entry.email, self._own, self._folded) if entry.email is not None and wishes.addresses else None
        address = None if email is None else email.index if isinstance(email, At) else self._make("", email)
        constants = {name: text for name, text in wishes.constants.items() if name in entry.kind.names}
        attributes, pair = self._attributes()
        plan = Plan(
            entry.kind, self._why(), source.label, self._header(), self._fields, attributes, self._constants | constants,
            derivation=self._derivation(), group=entry.group, pair=pair, exact=frozenset(self._exact), dates=source.dates,
            snapshot=source.snapshot, opens=opens, recognised=source.name, note=entry.note,
            remarks=tuple(self._remarks(constants)), email=address,
        )  # fmt: skip
        return headers.in_words_of_headers(plan)

    def _remarks(self, constants: Mapping[str, str]) -> Iterator[Remark]:
        for one in self._entry.says:
            at = find(one.where, self._own, self._folded)
            if at is not None and not any(name in self._fields or name in constants for name in one.unless):
                yield Remark(at, one.text)

    def _why(self) -> str:
        asked = self._source.signature
        groups = ((name,) for name in (*asked.headers, *filter(None, (asked.first,))))
        by = [self._first_of(group) for group in (*groups, *asked.any)]
        return f"it looks like {self._source.title}: {', '.join(filter(None, by)) or asked.matches}"

    def _first_of(self, group: Sequence[str]) -> str:
        """The file's own header that the first of some names finds."""
        found = (find(name, self._own, self._folded) for name in group)
        return next((clean(self._own[at]) for at in found if at is not None), "")

    def _header(self) -> tuple[str, ...]:
        return (*self._own, *(made.name for made in self._made))

    def _take(self, name: str, expr: Expr) -> None:
        found = resolve(expr, self._own, self._folded)
        if found is None:
            return
        if isinstance(found, Text):
            self._constants.setdefault(name, found.text)
            return
        if self._source.utc and self._entry.kind.field(name).type is Type.DATE:
            found = Call("utc", (found,))
        if isinstance(found, At):
            self._fields[name] = found.index
        else:
            self._fields[name] = self._make(name, found)

    def _make(self, name: str, expr: Resolved) -> int:
        used = set(columns(expr))
        numeric = name in self._entry.kind.names and self._entry.kind.field(name).type in {Type.MONEY, Type.NUMBER, Type.COUNT}
        if numeric and exact(expr):
            self._exact.add(name)
        self._made.append(Made(name, told(expr, self._own), expr, used.pop() if len(used) == 1 else None))
        return len(self._own) + len(self._made) - 1

    def _again(self, mapped: Mapping[str, int]) -> Second | None:
        """The second record that a row may be; none where the file lacks its column, or where a person maps what makes it another."""
        also = self._entry.also
        over = find(also.over, self._own, self._folded) if also is not None else None
        if also is None or over is None or mapped.keys() & also.fields.keys():
            return None
        made: dict[str, Made] = {}
        for name, expr in also.fields.items():
            if (found := resolve(expr, self._own, self._folded)) is None:
                return None
            if self._source.utc and self._entry.kind.field(name).type is Type.DATE:
                found = Call("utc", (found,))
            first = self._fields.get(name)
            if first is None:  # nothing, or the same in every row: it needs a column for the second to be another
                self._fields[name] = self._make(name, Text(self._constants.pop(name, "")))
            elif first < len(self._own):
                self._fields[name] = self._make(name, Call("first", (At(first),)))
            made[name] = Made(name, told(found, self._own), found)
        return Second(over, tuple(made.get(one.field) for one in self._made))

    def _opens(self, expr: Expr) -> int | None:
        found = resolve(expr, self._own, self._folded)
        if found is None:
            return None
        return self._make("", Call("utc", (found,)) if self._source.utc else found)

    def _derivation(self) -> Derivation | None:
        entry = self._entry
        at: Mapping[str, int | None] = {
            spec: find(spec, self._own, self._folded)
            for spec in (*entry.only, *entry.unless, *entry.filled, *entry.fill, entry.fill_by)
            if spec
        }
        wanted = tuple(conditions(self._own, at, entry.only, entry.unless, entry.filled))
        fill = tuple(index for spec in entry.fill if (index := at[spec]) is not None)
        if not (self._made or wanted or fill):
            return None
        second = self._second and Second(self._second.over, (*self._second.made, *[None] * (len(self._made) - len(self._second.made))))
        return Derivation(len(self._own), tuple(self._made), wanted, fill, at.get(entry.fill_by), second)

    def _attributes(self) -> tuple[dict[str, int], tuple[int, int] | None]:
        entry = self._entry
        if entry.attribute is not None:
            name, value = (find(spec, self._own, self._folded) for spec in entry.attribute)
            return {}, (name, value) if name is not None and value is not None else None
        taken = {*self._fields.values(), *(index for other in self._source.becomes for index in self._taken_by(other))}
        kept: dict[str, int] = {}
        for index, cell in enumerate(self._own):
            header = clean(cell)
            if index in taken or not self._folded[index] or headers.is_reject(self._folded[index]):
                continue
            pattern = next((p for p in entry.keep if fnmatch(header.casefold(), p.casefold())), None)
            if pattern is not None:
                kept.setdefault(_attribute_name(header, pattern), index)
        return kept, None

    def _taken_by(self, entry: Becomes) -> set[int]:
        """The columns that another kind takes from the same rows."""
        resolved = (resolve(expr, self._own, self._folded) for expr in entry.fields.values())
        specs = (find(spec, self._own, self._folded) for spec in (*entry.only, *entry.unless))
        return {index for expr in resolved for index in columns(expr)} | {index for index in specs if index is not None}


def _attribute_name(header: str, pattern: str) -> str:
    """What `*` stands for, in a pattern with more than that; else the header."""
    before, star, after = pattern.partition("*")
    return header[len(before) : len(header) - len(after)].strip() or header if star and (before or after) else header
