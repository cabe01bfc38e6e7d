"""Taking values out of the TOML of a source, and saying what is wrong with those that are something else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cstui.base.errors import CstuiError


class BadSource(CstuiError):
    """A source description that says something the vocabulary does not have."""

    code = "bad-source"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Source “{name}”: {why}", file=f"{name}.toml")


class Reader:
    """Takes values out of TOML, and says what is wrong with those that are something else."""

    def __init__(self, name: str) -> None:
        self.name = name

    def bad(self, why: str) -> BadSource:
        return BadSource(self.name, why)

    def only_keys(self, table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        for key in table:
            if key not in known:
                raise self.bad(f"{where} has “{key}”, which means nothing. Known: {', '.join(sorted(known))}.")

    def one_of(self, value: Any, choices: Sequence[Any], what: str) -> Any:  # noqa: ANN401  # as TOML has it
        if value not in choices:
            raise self.bad(f"{what} = “{value}” is none of {', '.join(str(choice) for choice in choices if choice)}.")
        return value

    def text(self, table: Mapping[str, Any], key: str, default: str = "") -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self.bad(f"{key} must be a text.")
        return value

    def flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self.bad(f"{key} must be true or false.")
        return value

    def texts(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(f"{key} must be a list of texts.")
        return tuple(value)

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(f"{key} must be written as [[{key}]].")
        return value

    def table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.bad(f"{key} must be a table.")
        return value

    def pattern(self, text: str, what: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise self.bad(f"the pattern of {what} can't be read: {error}.") from None
        return text
