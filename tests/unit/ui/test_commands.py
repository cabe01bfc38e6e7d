"""The table of actions: every key works on every layout, no letter means two things, and everything is explained."""

from __future__ import annotations

import itertools

import pytest
from textual.binding import Binding
from textual.keys import _character_to_key

from cstui.ui import commands
from cstui.ui.keys import keys_table
from cstui.ui.layouts import SENT, key_name

# What is in front of the keyboard at the same time, innermost first.
TOGETHER = [
    ("card", "overview", "app"),
    ("list", "overview", "app"),
    ("list", "explain", "app"),
    ("list", "trend", "app"),
    ("grid", "breakdown", "app"),
    ("grid", "cohorts", "app"),
    ("list", "waterfall", "app"),
    ("grid", "waterfall", "app"),
    ("list", "members", "app"),
    ("list", "journeys", "app"),
    ("list", "cards"),
    ("list", "pick"),
    ("list", "import", "app"),
    ("list", "preview", "app"),
    ("list", "mapping", "app"),
    ("list", "segment", "app"),
    ("list", "dialog", "app"),
    ("list", "first_run", "app"),
]


def test_ids_are_unique_and_explained() -> None:
    ids = [action.id for action in commands.ACTIONS]
    assert len(ids) == len(set(ids))
    assert all(action.title and action.help.endswith(".") and action.keys for action in commands.ACTIONS)


@pytest.mark.parametrize("action", commands.ACTIONS, ids=lambda action: action.id)
def test_every_letter_key_has_what_other_layouts_send(action: commands.Action) -> None:
    for key in action.keys:
        if len(key) == 1 and key in SENT:
            assert set(map(key_name, SENT[key])) <= set(commands.bound_keys(action))


@pytest.mark.parametrize("scopes", TOGETHER, ids="-".join)
def test_no_letter_of_another_layout_means_two_things(scopes: tuple[str, ...]) -> None:
    actions = [action for scope in scopes for action in commands.of(scope)]
    for one, other in itertools.combinations(actions, 2):
        if not set(one.keys) & set(other.keys):  # the inner scope may answer to a key of the outer one
            assert not set(commands.bound_keys(one)) & set(commands.bound_keys(other)), (one.id, other.id)


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
