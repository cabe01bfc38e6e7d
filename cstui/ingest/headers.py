"""Which column of a file is which field, and what kind of records that makes it: by headers alone, never by values.

Knows the record kinds of `cstui.base.records`; knows nothing of files or of cleaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cstui.base.cells import unguarded
from cstui.base.errors import BadFile, MissingColumn, UnknownField, UnknownKind, UsageError
from cstui.base.records import RECORDS, Field, Kind, RecordKind, Type
from cstui.base.text import clean, fold_choice
from cstui.ingest import words
from cstui.ingest.derivation import Derivation, Remark
from cstui.ingest.failures import DuplicateLabel
from cstui.ingest.other_words import by_words, in_doubt, nobody_named, rival
from cstui.ingest.resolving import columns as columns_of
from cstui.ingest.source import Group
from cstui.ingest.words import fold_header, meanings

REJECT_COLUMNS = ("rejected_line", "rejected_column", "rejected_code", "rejected_message")
"""What a file of refused rows has beside its own columns; left out when it is imported again."""


_FIELDS: Mapping[str, frozenset[str]] = {kind: frozenset(fold_header(name) for name in record.names) for kind, record in RECORDS.items()}
_KNOWN: frozenset[str] = frozenset().union(*_FIELDS.values())
_REJECTS = frozenset(map(fold_header, REJECT_COLUMNS))


def known(header: str) -> bool:
    """Whether some kind has a field of that name."""
    return fold_header(header) in _KNOWN or bool(meanings(header))


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each column of one file."""

    record: RecordKind
    why: str
    """Why the file was taken for this kind, in words."""
    source: str
    """`template`: its own headers said it all; `mapped`: the person had to say something; `arabic`, `persian`: so are its headers;
    or the label of a source."""
    header: tuple[str, ...]
    """The file's own headers, and behind them the names of the columns that a derivation makes."""
    fields: Mapping[str, int]
    """Field → index of its column."""
    attributes: Mapping[str, int] = field(default_factory=dict)
    """Custom attribute → index of its column."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Field → text for rows that have none of their own."""
    left_out: tuple[str, ...] = ()
    """Headers of columns that nothing takes."""
    doubled: tuple[str, ...] = ()
    """Headers that came twice, the later ones left out."""
    derivation: Derivation | None = None
    """What is made of each row before it is read."""
    group: Group | None = None
    """Which rows make one record together."""
    pair: tuple[int, int] | None = None
    """The columns that hold name and value of a custom attribute."""
    exact: frozenset[str] = frozenset()
    """Fields whose numbers a derivation has written, with a point before the decimals."""
    tomans: frozenset[str] = frozenset()
    """Fields whose header says that their amounts are in tomans."""
    dates: str | None = None
    """The order of day and month where nothing else tells."""
    snapshot: bool = False
    """Its rows show only the present."""
    opens: int | None = None
    """The column with the day on which the present period began."""
    recognised: str | None = None
    """The name of the source that it was recognised as."""
    note: str = ""
    """What a person should know about how the rows are read."""
    remarks: tuple[Remark, ...] = ()
    """What they should know of some rows, where there are such."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field → the person's own words, folded, for its choices."""
    email: int | None = None
    """The column with the e-mail address of a row's customer, of a kind that keeps none, where it is asked for."""

    @property
    def width(self) -> int:
        """Columns of the file itself."""
        return len(self.header) if self.derivation is None else self.derivation.width

    def origin(self, index: int) -> int:
        """The file's own column that a made one is made of, where it is of one alone; any other as it is."""
        if self.derivation is None or index < self.width:
            return index
        of = self.derivation.made[index - self.width].of
        return index if of is None else of

    def told_of(self, index: int, row: Sequence[str]) -> int:
        """The column to name when a row's cell can't be read: of a made one, the file's own that it was made of, as far as one can tell."""
        origin = self.origin(index)
        if self.derivation is None or origin < self.width:
            return origin
        cells = {at: row[at].strip() for at in columns_of(self.derivation.made[index - self.width].expr)}
        found = [at for at, cell in cells.items() if cell and row[index].startswith(cell)]
        return found[0] if len(found) == 1 else index

    def column(self, name: str) -> str | None:
        """The file's own header of a field, or None where it has no column."""
        return self.header[self.fields[name]] if name in self.fields else None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the files of a call."""

    kind: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → column; a blank one: the field takes none."""
    constants: Mapping[str, str] = field(default_factory=dict)
    addresses: bool = False
    """Whether customers are to be matched by their e-mail addresses."""
    of_kind: Mapping[str, Wishes] = field(default_factory=dict)
    """Kind that rows are taken for without it → what holds for these alone."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field → the words of the file, folded, to what they mean."""

    def words_of(self, kind: Kind) -> Mapping[str, Mapping[str, str]]:
        """Those that hold for the rows of a kind."""
        own = self.of_kind.get(kind.value)
        return self.words if own is None else {**self.words, **own.words}


def spoken(
    kind: str | None,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    *,
    addresses: bool = False,
    of_kind: Mapping[str, Wishes] | None = None,
) -> Wishes:
    """What a person said, `mapping` holding fields and words of fields: `category: Category`, `category:Hosting: cost_of_revenue`."""
    words: dict[str, dict[str, str]] = {}
    for key, text in mapping.items():
        name, colon, word = key.partition(":")
        if colon:
            words.setdefault(name, {})[fold_choice(word)] = text
    columns = {name: column for name, column in mapping.items() if ":" not in name}
    return Wishes(kind, columns, constants, addresses, of_kind or {}, words)


def check_wishes(wishes: Wishes, headers: Mapping[str, tuple[str, ...]]) -> None:
    """Raise UnknownField or UsageError where a wish can hold for none of the files (name → header)."""
    names = sorted({name for record in RECORDS.values() for name in record.names})
    for name in (*wishes.mapping, *wishes.constants, *wishes.words):
        if name not in names:
            raise UnknownField(name, tuple(names))
    for name, meanings_said in wishes.words.items():
        choices = sorted({choice for record in RECORDS.values() for one in record.fields if one.name == name for choice in one.choices})
        for word, meant in meanings_said.items():
            if meant not in choices:
                known = f"is none of {', '.join(choices)}" if choices else f"is a text like any other: {name} has no words of its own"
                raise UsageError(f"--map {name}:{word}={meant}: “{meant}” {known}.")
    if wishes.kind is not None and wishes.kind not in RECORDS:
        raise UsageError(f"There is no kind “{wishes.kind}”. Known: {', '.join(RECORDS)}.")
    for name, column in wishes.mapping.items():
        if column and not any(_find(header, column) for header in headers.values()):
            files = "; ".join(f"{file}: {', '.join(map(clean, header))}" for file, header in headers.items())
            raise UsageError(f"--map {name}={column}: no file has a column “{column}”. Columns are: {files}.")
    for own in wishes.of_kind.values():
        check_wishes(own, headers)


def is_template(header: tuple[str, ...]) -> bool:
    """Whether every column is a field of one kind under its own name, with all that its rows can't be without."""
    folded = {fold_header(cell) for cell in header} - _REJECTS
    return any(folded <= _FIELDS[kind] and not _missing(record, _has(folded)) for kind, record in RECORDS.items())


def is_reject(folded: str) -> bool:
    """Whether a folded header is one that a file of refused rows has beside its own."""
    return folded in _REJECTS


def _has(folded: set[str]) -> Has:
    return lambda names: all(fold_header(name) in folded for name in names)


def plan_for(path: str, header: tuple[str, ...], wishes: Wishes) -> Plan:
    """What the columns of a file are. Raises UnknownKind, MissingColumn, DuplicateLabel."""
    try:
        return _plan_for(clean(Path(path).name), header, wishes)
    except BadFile as error:
        error.file = path
        raise


def _plan_for(file: str, header: tuple[str, ...], wishes: Wishes) -> Plan:
    mapped = {name: found[0] for name, column in wishes.mapping.items() if column and (found := _find(header, column))}
    without = {name for name, column in wishes.mapping.items() if not column}
    folded = [fold_header(cell) for cell in header]
    meant = _meant(header, folded)
    said = [name for names in meant for name in names]
    if any("nps" in meanings(cell) for cell, names in zip(header, meant, strict=True) if names):
        said.append("kind")
    available = set(folded) | {fold_header(name) for name in (*mapped, *wishes.constants, *said)}
    record, why = _kind_of(file, header, available, wishes.kind)
    fields = _fields_of(file, record, header, folded, mapped)
    fields |= _fields_meant(record, meant, fields)
    if wishes.kind is not None:
        fields |= by_words(record, header, {**fields, **wishes.constants, **dict.fromkeys(without)}, set(fields.values()))
    elif record.kind is Kind.CUSTOMERS and not wishes.mapping and (other := rival(header)) is not None:
        raise in_doubt(file, header, other)
    fields = {name: index for name, index in fields.items() if name not in without}
    constants = {name: text for name, text in wishes.constants.items() if name in record.names}
    if record.kind is Kind.SURVEYS and "kind" not in fields and "score" in fields and "nps" in meanings(header[fields["score"]]):
        constants.setdefault("kind", "nps")
    require(file, record, header, fields, constants)
    taken = set(fields.values())
    spare = [i for i, name in enumerate(folded) if i not in taken and name and name not in _REJECTS]
    attributes: dict[str, int] = {}
    doubled: list[str] = []
    if record.custom:
        own = _FIELDS[record.kind]
        for index in (i for i in spare if folded[i] not in own):
            name = clean(unguarded(header[index]))
            if name in attributes:
                doubled.append(name)
            else:
                attributes[name] = index
    email = next((i for i in spare if wishes.addresses and "email" not in record.names and _means_email(header[i], folded[i])), None)
    used = taken | set(attributes.values()) | {email}
    left_out = tuple(clean(header[i]) for i in spare if i not in used)
    by_hand = bool(wishes.constants.keys() & set(record.names)) or any(name in record.names for name in mapped)
    source = "mapped" if by_hand else _tongue([header[index] for index in fields.values() if meant[index]]) or "template"
    plan = Plan(record, why, source, header, fields, attributes, constants, left_out, tuple(doubled), email=email)
    return in_words_of_headers(plan)


def _means_email(header: str, folded: str) -> bool:
    return folded == "email" or "email" in (*meanings(header), *words.english().get(folded, ()))


def _meant(header: tuple[str, ...], folded: list[str]) -> list[tuple[str, ...]]:
    """For each column the fields that its Arabic or Persian header may mean; none where it is a field's own name."""
    return [
        () if fold in _KNOWN or cell.isascii() else tuple(_PART_OF.get(name, name) for name in meanings(cell))
        for cell, fold in zip(header, folded, strict=True)
    ]


_PART_OF: Mapping[str, str] = {"monthly_amount": "amount", "nps": "score"}
"""What a header means that says more than the field's name."""


def _fields_meant(record: RecordKind, meant: list[tuple[str, ...]], fields: Mapping[str, int]) -> dict[str, int]:
    """The fields that no header names, by headers that mean them; a header serves one field."""
    found: dict[str, int] = {}
    taken = set(fields.values())
    for index, names in enumerate(meant):
        if index in taken:
            continue
        for name in names:
            if name in record.names and name not in fields and name not in found:
                found[name] = index
                break
    return found


def _tongue(headers: list[str]) -> str | None:
    """Which language the headers are in, by the letters that only Persian has; None where there are none."""
    if not headers:
        return None
    return "persian" if set("پچژگکی").intersection("".join(headers)) else "arabic"


def in_words_of_headers(plan: Plan) -> Plan:
    """The plan with what its headers say beside the field: the currency of an amount, that it is a month's."""
    constants, tomans = dict(plan.constants), set(plan.tomans)
    for name in [f.name for f in plan.record.fields if f.type is Type.MONEY and f.name in plan.fields]:
        index = plan.fields[name]
        code = words.currency_of(plan.header[index]) if index < plan.width else None
        if code is not None and "currency" not in plan.fields:
            constants.setdefault("currency", "IRR" if code == words.TOMAN else code)
        if code == words.TOMAN:
            tomans.add(name)
        if plan.record.kind is Kind.SUBSCRIPTIONS and "interval" not in plan.fields and "monthly_amount" in meanings(plan.header[index]):
            constants.setdefault("interval", "month")
    return replace(plan, constants=constants, tomans=frozenset(tomans))


def _find(header: tuple[str, ...], column: str) -> list[int]:
    """Columns that a person means by `column`: exactly so named, or else alike after folding."""
    exact = [i for i, cell in enumerate(header) if cell.strip() == column.strip()]
    wanted = fold_header(column)
    return exact or [i for i, cell in enumerate(header) if wanted and fold_header(cell) == wanted]


def _kind_of(file: str, header: tuple[str, ...], available: set[str], asked: str | None) -> tuple[RecordKind, str]:
    if asked is not None:
        return RECORDS[Kind(asked)], f"you said that its rows are {asked.replace('_', ' ')}"

    def has(names: Iterable[str]) -> bool:
        return all(fold_header(name) in available for name in names)

    def fits(record: RecordKind) -> bool:
        told = not record.telling or any(has([name]) for name in record.telling) or len(available) == len(record.required)
        return told and not _missing(record, has)

    fitting = [record for record in RECORDS.values() if fits(record)]
    # A row with an id of its own kind is of that kind, even where columns it needs have other names.
    if any(_owns(record, has) for record in RECORDS.values()):
        fitting = [record for record in fitting if _owns(record, has)]
    if not fitting:
        raise _no_kind(file, header, has)

    def rank(record: RecordKind) -> tuple[bool, bool, int, int]:
        known_columns = sum(fold_header(name) in available for name in record.names)
        whole = known_columns == len(record.names) > len(record.required)  # as cstui exports it, whatever attributes come after
        return (whole, record.kind is not Kind.CUSTOMERS and has(record.key), len(record.required), known_columns)

    best = max(fitting, key=rank)
    return best, f"it has {', '.join(best.required)}"


Has = Callable[[Iterable[str]], bool]
"""Whether the file, and what the person said of it, has all of these fields."""


def _owns(record: RecordKind, has: Has) -> bool:
    return record.own_id is not None and has([record.own_id])


def _missing(record: RecordKind, has: Has) -> list[str]:
    """Fields that rows of the kind can't be without, and that the file has no column for."""
    missing = [name for name in record.required if not has([name])]
    if record.any_of and not any(has([name]) for name in record.any_of):
        missing.append(record.any_of[0])
    return missing


def _no_kind(file: str, header: tuple[str, ...], has: Has) -> MissingColumn | UnknownKind:
    columns = ", ".join(clean(cell) for cell in header)
    for record in RECORDS.values():
        if _owns(record, has):
            return _lacking(file, record, _missing(record, has), columns)
    nobody = "" if has(["customer_id"]) else nobody_named(header)
    return UnknownKind(
        f"{file}: its columns fit no kind of record: {columns}.{nobody} Say what they are with --as KIND and --map FIELD=COLUMN.",
        file=file,
        line=1,
    )


def _lacking(file: str, record: RecordKind, missing: list[str], columns: str) -> MissingColumn:
    options = " ".join(_option(record.field(name)) for name in missing)
    whose = f" Each row of {record.kind} belongs to a customer, and no column says to which." if "customer_id" in missing else ""
    message = f"{file} has no column for {', '.join(missing)} of {record.kind}. Its columns: {columns}.{whose} Say which it is: {options}."
    error = MissingColumn(message, file=file, line=1)
    error.kind = record.kind.value
    if len(missing) == 1 and record.field(missing[0]).type is Type.DATE:
        error.suggested = (missing[0], "")
    return error


def _option(one: Field) -> str:
    """How a person says where a field's values are."""
    if one.choices:
        return f"--set {one.name}={'|'.join(one.choices)}"
    shared = f" (or --set {one.name}=YYYY-MM-DD, where every row is of one day)" if one.type is Type.DATE else ""
    return f"--map {one.name}=COLUMN{shared}"


def _fields_of(file: str, record: RecordKind, header: tuple[str, ...], folded: list[str], mapped: Mapping[str, int]) -> dict[str, int]:
    fields: dict[str, int] = {}
    for name in record.names:
        if name in mapped:
            fields[name] = mapped[name]
            continue
        found = [i for i, cell in enumerate(folded) if cell == fold_header(name)]
        if len(found) > 1:
            shown = " and ".join(f"“{clean(header[i])}” ({i + 1}.)" for i in found)
            raise DuplicateLabel(f"{file}: the columns {shown} are both {name}. Rename one of them.", file=file, line=1, column=name)
        if found:
            fields[name] = found[0]
    return fields


def require(file: str, record: RecordKind, header: tuple[str, ...], fields: Mapping[str, int], constants: Mapping[str, str]) -> None:
    """Raise MissingColumn where rows of the kind would lack what they can't be without."""
    given = {*fields, *constants}
    missing = _missing(record, given.issuperset)
    if missing:
        raise _lacking(file, record, missing, ", ".join(map(clean, header)))
