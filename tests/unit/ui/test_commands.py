"""The table of actions: every key works on every layout, no letter means two things, and everything is explained."""

from __future__ import annotations

import inspect
import itertools
import pkgutil
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.keys import _character_to_key
from textual.screen import ModalScreen, Screen

import cstui.ui.screens
from cstui.ui import commands
from cstui.ui.keys import keys_table
from cstui.ui.layouts import SENT, key_name

INNER = ("card", "grid", "list")
"""Scopes of what a screen holds; one of them has the focus."""


def together() -> list[tuple[str, ...]]:
    """What is in front of the keyboard at the same time on any screen or dialog, innermost first."""
    modules = (import_module(f"cstui.ui.screens.{module.name}") for module in pkgutil.iter_modules(cstui.ui.screens.__path__))
    every = {one for module in modules for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, Screen)}
    found = set[tuple[str, ...]]()
    for one in every:
        scopes = getattr(one, "SCOPES", ())
        own = tuple(scope for scope in scopes if scope not in INNER)
        outer = () if issubclass(one, ModalScreen) else ("app",)
        found |= {(inner, *own, *outer) for inner in scopes if inner in INNER and own}
    return sorted(found)


def test_ids_are_unique_and_explained() -> None:
    ids = [action.id for action in commands.ACTIONS]
    assert len(ids) == len(set(ids))
    assert all(action.title and action.help.endswith(".") and action.keys for action in commands.ACTIONS)


@pytest.mark.parametrize("action", commands.ACTIONS, ids=lambda action: action.id)
def test_every_letter_key_has_what_other_layouts_send(action: commands.Action) -> None:
    for key in action.keys:
        if len(key) == 1 and key in SENT:
            assert set(map(key_name, SENT[key])) <= set(commands.bound_keys(action))


@pytest.mark.parametrize("scopes", together(), ids="-".join)
def test_no_letter_of_another_layout_means_two_things(scopes: tuple[str, ...]) -> None:
    actions = [action for scope in scopes for action in commands.of(scope)]
    for one, other in itertools.combinations(actions, 2):
        if not set(one.keys) & set(other.keys):  # the inner scope may answer to a key of the outer one
            shared = set(commands.bound_keys(one)) & set(commands.bound_keys(other))
            # The letter goes to the first; the other must have a key that every layout sends alike, an arrow for one.
            assert not shared or any(len(key) > 1 for key in other.keys), (one.id, other.id, shared)


def test_layout_letters_have_the_names_that_textual_gives_them() -> None:
    assert all(key_name(sent) == _character_to_key(sent) for layouts in SENT.values() for sent in layouts)


def test_known_keys_of_both_layouts() -> None:
    assert SENT["j"] == ("ت",)
    assert SENT["?"] == ("؟",)
    assert SENT["6"] == ("٦", "۶")
    assert SENT["d"] == ("ي", "ی")
    assert SENT["]"] == ("د", "چ")


def test_bindings_carry_id_title_and_help() -> None:
    (explain,) = [found for found in commands.bindings("overview") if isinstance(found, Binding) and found.id == "overview.explain"]
    assert explain.key == "e,ث"
    assert explain.description == "Explain the figure"
    assert explain.tooltip


def test_the_keys_table_names_every_action() -> None:
    table = keys_table()
    assert table.count("\n") == len(commands.ACTIONS) + 1
    assert "| Everywhere | `?` `F1` | Help:" in table
