"""A source: what one kind of export file looks like, and what its rows become. Read from TOML, checked as it is read.

The vocabulary is small and closed (docs/sources.md). Knows the record kinds; knows no file, no header and no row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cstui.base.records import RECORDS, Kind, RecordKind, Type
from cstui.ingest.source_text import BadSource, Reader


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its header, `@field` for any header that means the field, or `/pattern/`."""

    spec: str


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in every row."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A word of the vocabulary, what it is applied to, and its options."""

    word: str
    args: tuple[Expr, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class At:
    """A column by its place: what a `Column` is once the header is known."""

    index: int


Expr = Column | Text | Call | At

USES = ("import", "lookup", "reconcile", "none")


@dataclass(frozen=True, slots=True)
class Group:
    """Several rows of a file make one record: those with the same `by`; `sum` adds up, other fields are the first row's."""

    by: tuple[str, ...]
    sum: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Also:
    """A row whose column `over` holds more than 0 is a second record too, these fields of it made otherwise."""

    over: str
    fields: Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Says:
    """What a person should know of rows that hold something in the column `where`, unless a field of `unless` is given."""

    text: str
    where: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Becomes:
    """What a row becomes: a record of one kind."""

    kind: RecordKind
    fields: Mapping[str, Expr]
    constants: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    """Columns without which the file has no such records."""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column → words: rows with another one are set aside."""
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    """Columns: rows in which one of them is blank are set aside."""
    fill: tuple[str, ...] = ()
    """Columns whose blank cells take the cell above, while `fill_by` stays the same."""
    fill_by: str = ""
    keep: tuple[str, ...] = ()
    """Headers, or patterns with `*`, of columns kept as custom attributes of a customer."""
    attribute: tuple[str, str] | None = None
    """Columns that hold the name and the value of a custom attribute."""
    group: Group | None = None
    opens: Expr | None = None
    """The day on which a snapshot's present period began."""
    note: str = ""
    """What a person should know about how the rows are read."""
    says: tuple[Says, ...] = ()
    email: Expr | None = None
    """The e-mail address of the row's customer, where no field keeps it: what `--match` goes by."""
    also: Also | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """By which headers a file is recognised."""

    headers: tuple[str, ...] = ()
    any: tuple[tuple[str, ...], ...] = ()
    """Of each of these there must be one."""
    without: tuple[str, ...] = ()
    first: str = ""
    """The first header, exactly."""
    matches: str = ""
    """A pattern that some header must match."""
    file: str = ""
    """A pattern that the file's name must match, `*` standing for anything."""

    @property
    def size(self) -> int:
        """How much it asks: of two that fit, the one that asks more is meant."""
        return 2 * (len(self.headers) + len(self.any) + bool(self.first) + bool(self.matches)) + bool(self.file) + len(self.without)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One kind of export file."""

    name: str
    label: str
    """What outcomes call it: the program it comes from."""
    title: str
    signature: Signature
    becomes: tuple[Becomes, ...]
    use: str = "import"
    why: str = ""
    """Why its rows are not imported, or what they serve, where `use` is not import."""
    utc: bool = False
    """Times without a zone of their own are in UTC."""
    dates: str | None = None
    """The order of day and month where nothing in the file tells."""
    snapshot: bool = False
    """It shows only the present: what has changed opens a new version and never rewrites the past."""
    yields_to: tuple[str, ...] = ()
    """Sources of the same call that say the same: then this one is not used."""
    own: bool = False
    """It is the user's, from their folder."""


def parse(name: str, text: str, *, own: bool = False) -> Source:
    """A source out of the text of its file. Raises BadSource."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSource(name, f"it is not TOML: {error}.") from None
    read = Reader(name)
    read.only_keys(data, _SOURCE_KEYS, "the source")
    use = read.one_of(data.get("use", "import"), USES, "use")
    signature = _signature(read, data)
    if not signature.size:
        raise BadSource(name, "nothing says how its files are recognised. Give `headers`.")
    becomes = tuple(_becomes(read, entry, number) for number, entry in enumerate(read.tables(data, "becomes"), start=1))
    if use == "import" and not becomes:
        raise BadSource(name, "nothing says what its rows become. Give a [[becomes]], or `use` and `why`.")
    if use != "import" and (becomes or not data.get("why")):
        raise BadSource(name, f"with use = “{use}” it needs a `why`, and has no [[becomes]].")
    return Source(
        name, read.text(data, "label", name), read.text(data, "title", name), signature, becomes, use, read.text(data, "why"),
        read.flag(data, "utc"), read.one_of(data.get("dates"), (None, "DMY", "MDY", "YMD", "jalali"), "dates"),
        read.flag(data, "snapshot"), read.texts(data, "yields_to"), own,
    )  # fmt: skip


_SOURCE_KEYS = frozenset("label title headers any without first matches file use why utc dates snapshot yields_to becomes".split())
_BECOMES_KEYS = frozenset("kind fields values set needs only unless filled fill keep attribute group opens note says email also".split())


def _signature(read: Reader, data: Mapping[str, Any]) -> Signature:
    choices = data.get("any", [])
    if not isinstance(choices, list) or not all(isinstance(group, list) and all(isinstance(c, str) for c in group) for group in choices):
        raise read.bad("any must be a list of lists of headers.")
    return Signature(
        read.texts(data, "headers"),
        tuple(map(tuple, choices)),
        read.texts(data, "without"),
        read.text(data, "first"),
        read.pattern(read.text(data, "matches"), "matches"),
        read.text(data, "file"),
    )


def _becomes(read: Reader, data: Mapping[str, Any], number: int) -> Becomes:
    where = f"[[becomes]] {number}"
    read.only_keys(data, _BECOMES_KEYS, where)
    kind = RECORDS[Kind(read.one_of(data.get("kind"), tuple(RECORDS), f"{where} kind"))]
    fields = {name: expression(read, value, f"{where} {name}") for name, value in read.table(data, "fields").items()}
    constants = {name: str(value) for name, value in read.table(data, "set").items()}
    also = _also(read, read.table(data, "also"), where)
    for name in (*fields, *constants, *(values := read.table(data, "values")), *(also.fields if also else ())):
        if name not in kind.names:
            raise read.bad(f"{where}: {kind.kind} has no field “{name}”. Known: {', '.join(kind.names)}.")
    for name, words in values.items():
        if name not in fields:
            raise read.bad(f"{where}: values.{name} has no column to go by.")
        fields[name] = Call("map", (fields[name],), {"words": _words(read, words, f"{where} values.{name}")})
    if "group" in data and ("keep" in data or "attribute" in data):
        raise read.bad(f"{where}: rows that are added up have no custom attributes.")
    if "group" in data and also is not None:
        raise read.bad(f"{where}: rows that are added up are no second record.")
    fill = read.table(data, "fill")
    attribute = read.table(data, "attribute")
    group = read.table(data, "group")
    return Becomes(
        kind, fields, constants, read.texts(data, "needs"), _conditions(read, data, "only"), _conditions(read, data, "unless"),
        read.texts(data, "filled"), read.texts(fill, "columns"), read.text(fill, "by"), read.texts(data, "keep"),
        (read.text(attribute, "name"), read.text(attribute, "value")) if attribute else None,
        _group(read, group, kind, where) if group else None,
        expression(read, data["opens"], f"{where} opens") if "opens" in data else None, read.text(data, "note"),
        tuple(_says(read, one, kind, where) for one in read.tables(data, "says")),
        expression(read, data["email"], f"{where} email") if "email" in data else None, also,
    )  # fmt: skip


def _says(read: Reader, data: Mapping[str, Any], kind: RecordKind, where: str) -> Says:
    read.only_keys(data, frozenset({"text", "where", "unless"}), f"{where} says")
    found = Says(read.text(data, "text"), read.text(data, "where"), read.texts(data, "unless"))
    if not found.text or not found.where:
        raise read.bad(f"{where} says needs `text` and `where`.")
    for name in found.unless:
        if name not in kind.names:
            raise read.bad(f"{where} says: {kind.kind} has no field “{name}”.")
    return found


def _also(read: Reader, data: Mapping[str, Any], where: str) -> Also | None:
    if not data:
        return None
    read.only_keys(data, frozenset({"over", "fields"}), f"{where} also")
    fields = {name: expression(read, value, f"{where} also {name}") for name, value in read.table(data, "fields").items()}
    if not read.text(data, "over") or not fields:
        raise read.bad(f"{where} also needs `over` and fields.")
    return Also(data["over"], fields)


def _words(read: Reader, words: Any, where: str) -> dict[str, str]:  # noqa: ANN401  # as TOML has it
    if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
        raise read.bad(f'{where} must be a table of words: "their word" = "ours".')
    return dict(words)


def _conditions(read: Reader, data: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    table = read.table(data, key)
    return {column: read.texts(table, column) for column in table}


def _group(read: Reader, group: Mapping[str, Any], kind: RecordKind, where: str) -> Group:
    read.only_keys(group, frozenset({"by", "sum"}), f"{where} group")
    found = Group(read.texts(group, "by"), read.texts(group, "sum"))
    for name in (*found.by, *found.sum):
        if name not in kind.names:
            raise read.bad(f"{where} group: {kind.kind} has no field “{name}”.")
    if not found.by:
        raise read.bad(f"{where} group needs `by`.")
    for name in found.sum:
        if kind.field(name).type not in {Type.MONEY, Type.COUNT, Type.NUMBER}:
            raise read.bad(f"{where} group: “{name}” can't be added up.")
    return found


_WORDS: Mapping[str, tuple[Callable[[int], bool], frozenset[str], frozenset[str]]] = {
    # word: how many things it is applied to, options it needs, options it may have
    "first": (lambda n: n >= 1, frozenset(), frozenset()),
    "join": (lambda n: n >= 1, frozenset(), frozenset({"with"})),
    "plus": (lambda n: n >= 1, frozenset(), frozenset()),
    "minus": (lambda n: n >= 2, frozenset(), frozenset()),
    "times": (lambda n: n >= 2, frozenset(), frozenset()),
    "divide": (lambda n: n == 1, frozenset({"by"}), frozenset()),
    "round": (lambda n: n == 1, frozenset(), frozenset({"to"})),
    "positive": (lambda n: n == 1, frozenset(), frozenset()),
    "minor": (lambda n: n == 1, frozenset(), frozenset({"currency"})),
    "whole": (lambda n: n == 1, frozenset(), frozenset()),
    "unix": (lambda n: n == 1, frozenset(), frozenset()),
    "minutes": (lambda n: n == 1, frozenset(), frozenset()),
    "utc": (lambda n: n == 1, frozenset(), frozenset()),
    "part": (lambda n: n == 1, frozenset({"of"}), frozenset()),
    "numbered": (lambda n: n >= 1, frozenset(), frozenset()),
    "import_day": (lambda n: n == 0, frozenset(), frozenset()),
    "map": (lambda n: n == 1, frozenset({"words"}), frozenset({"else"})),
    "when": (lambda n: n == 1, frozenset(), frozenset({"is", "matches", "then", "else"})),
    "lookup": (lambda n: n == 0, frozenset({"by", "key", "take"}), frozenset()),
}
_EXPRESSIONS = frozenset({"then", "else", "currency"})
"""Options that are expressions themselves."""


def expression(read: Reader, value: Any, where: str) -> Expr:  # noqa: ANN401  # as TOML has it
    """What a field is made of. Raises BadSource."""
    if isinstance(value, str):
        if len(value) > 2 and value[0] == value[-1] == "/":
            read.pattern(value[1:-1], where)
        return Column(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Text(str(value))
    if isinstance(value, list):
        return Call("first", tuple(expression(read, item, where) for item in value))
    if not isinstance(value, dict):
        raise read.bad(f"{where} is neither a header, a list nor a table.")
    if set(value) == {"text"} and isinstance(value["text"], str):
        return Text(value["text"])
    word = next((key for key in value if key in _WORDS), None)
    if word is None:
        raise read.bad(f"{where}: {', '.join(value) or 'an empty table'} means nothing. Known: text, {', '.join(_WORDS)}.")
    return _call(read, word, value, where)


def _call(read: Reader, word: str, value: Mapping[str, Any], where: str) -> Call:
    fits, needed, allowed = _WORDS[word]
    told = value[word]
    given = {key: item for key, item in value.items() if key != word}
    for key in given:
        if key not in needed | allowed:
            raise read.bad(f"{where}: “{word}” takes no “{key}”.")
    for key in needed:
        if key not in given:
            raise read.bad(f"{where}: “{word}” needs “{key}”.")
    items = [] if word in {"import_day", "lookup"} else told if isinstance(told, list) and word in _MANY else [told]
    args = tuple(expression(read, item, where) for item in items)
    if not fits(len(args)):
        raise read.bad(f"{where}: “{word}” can't be applied to {len(args)} things.")
    options: dict[str, Any] = {k: expression(read, v, where) if k in _EXPRESSIONS else v for k, v in given.items()}
    return Call(word, args, _checked(read, word, told, options, where))


_MANY = frozenset({"first", "join", "plus", "minus", "times", "numbered"})


def _checked(read: Reader, word: str, told: Any, options: dict[str, Any], where: str) -> dict[str, Any]:  # noqa: ANN401  # as TOML has it
    """The options, in the types that a word wants."""
    if word == "when" and ("is" in options) == ("matches" in options):
        raise read.bad(f"{where}: “when” needs either “is” or “matches”.")
    if "is" in options:
        options["is"] = read.texts(options, "is")
    for key in ("matches", "of"):
        if key in options:
            read.pattern(read.text(options, key), where)
    if word == "map":
        _words(read, options["words"], where)
    if word == "lookup":
        options["by"] = expression(read, options["by"], where)
        options["in"] = told if isinstance(told, str) else ""
        if not options["in"]:
            raise read.bad(f"{where}: “lookup” names a source or a kind.")
        options["key"], options["take"] = read.text(options, "key"), read.text(options, "take")
    if word in {"divide", "round"}:
        key = "by" if word == "divide" else "to"
        number = options.setdefault(key, 2)
        if not isinstance(number, int) or isinstance(number, bool) or number < (word == "divide"):
            raise read.bad(f"{where}: “{key}” must be a whole number.")
    return options
