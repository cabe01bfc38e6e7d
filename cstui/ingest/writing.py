"""A person's mapping of a file as a source of their own, in the words that `source` reads.

Knows the vocabulary; knows no folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import dumps

from cstui.base.records import RECORDS, Kind
from cstui.base.text import clean
from cstui.ingest.words import fold_header


def slug(name: str) -> str:
    """A name as a file's: letters and digits of any script, with `_` for the rest."""
    return re.sub(r"[\W_]+", "_", clean(name).casefold()).strip("_")[:60]


def source_text(name: str, kind: Kind, mapping: Mapping[str, str], constants: Mapping[str, str], dates: str | None) -> str:
    """The source that takes the fields of `mapping` (field → header, field:word → choice) as a kind, `constants` in every row."""
    words = {key.partition(":")[::2]: text for key, text in mapping.items() if ":" in key}
    mapping = {name: header for name, header in mapping.items() if ":" not in name}
    lines = [
        f"label = {_quoted(name)}",
        f"title = {_quoted(name)}",
        f"headers = [{', '.join(_quoted(_spec(header)) for header in dict.fromkeys(mapping.values()))}]",
    ]
    if dates is not None:
        lines.append(f"dates = {_quoted(dates)}")
    lines += ["", "[[becomes]]", f"kind = {_quoted(kind.value)}"]
    if RECORDS[kind].custom:
        lines.append('keep = ["*"]')
    lines += ["[becomes.fields]", *(f"{field} = {_quoted(_spec(header))}" for field, header in mapping.items())]
    for field in dict.fromkeys(field for field, _ in words if field in mapping):
        lines.append(f"[becomes.values.{field}]")
        lines += [f"{_quoted(word)} = {_quoted(text)}" for (of, word), text in words.items() if of == field]
    if constants:
        lines += ["[becomes.set]", *(f"{field} = {_quoted(text)}" for field, text in constants.items())]
    return "\n".join(lines) + "\n"


def _spec(header: str) -> str:
    """A header as a source names it: one that would be taken for `@field` or `/pattern/` as a pattern for itself."""
    text = clean(header)
    special = text.startswith("@") or (len(text) > 2 and text[0] == text[-1] == "/")
    return f"/^{re.escape(text)}$/" if special or (not fold_header(text) and text != header.strip()) else text


def _quoted(text: str) -> str:
    return dumps(clean(text), ensure_ascii=False)
