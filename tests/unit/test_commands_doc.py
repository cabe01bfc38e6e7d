"""docs/commands.md names every command, every long option and every error code that there is."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import cstui
from cstui.base.errors import BadFile, CstuiError
from cstui.cli.parser import build

_UNSAID = frozenset({"--help", "--version", "--output"})
"""What every program has, and the long form of `-o`."""


def commands(parser: argparse.ArgumentParser, path: str = "cstui") -> Iterator[tuple[str, list[str]]]:
    """Each command with its long options."""
    yield path, [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from commands(inner, f"{path} {name}")


def codes(error: type[CstuiError]) -> Iterator[str]:
    """The codes of an error's leaves."""
    for leaf in error.__subclasses__():
        if leaf is not BadFile:
            yield leaf.code
        yield from codes(leaf)


def test_every_command_and_option_is_described(root: Path) -> None:
    text = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    found = dict(commands(build()))
    assert [name for name in found if name not in text] == []
    assert sorted({option for options in found.values() for option in options if option not in text} - _UNSAID) == []


def test_every_error_code_is_listed(root: Path) -> None:
    for module in pkgutil.walk_packages(cstui.__path__, "cstui."):
        if not module.name.startswith(("cstui.ui", "cstui.__main__")):
            importlib.import_module(module.name)
    text = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    listed = re.findall(r"`([a-z-]+)`", text[text.index("`code` is one of") : text.index("**The day.**")])
    assert sorted({*codes(CstuiError)} - {*listed}) == []
