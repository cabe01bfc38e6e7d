"""What reaches a terminal, what is kept, and when two names are the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.text import LRM, cell, clean, fold_key, fold_search, safe

OBEYED = [
    *range(0x20),
    *range(0x7F, 0xA0),
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xE0001,
    *range(0xE0020, 0xE0080),
]
"""Code points that a terminal, or the eye, would take for more than a letter."""

anything = st.text(st.characters(exclude_categories=()))
"""Any Python string, lone surrogates too."""
nasty = st.text(
    st.one_of(
        st.sampled_from([chr(code) for code in OBEYED]),
        st.sampled_from("aé İßŁ[/]=…·ًّٔكيىةۀئأ٠۹شركةپارس\u200c\u200d\u200e\u200f\ufeff\u0301\u0345ﻼﷺ²"),
        st.characters(exclude_categories=()),
    ),
    max_size=40,
)


@pytest.mark.parametrize("code", OBEYED)
def test_whatever_a_terminal_obeys_becomes_a_dot(code: int) -> None:
    assert safe(f"a{chr(code)}b") == "a·b"
    assert clean(f"a{chr(code)}b") == "a·b"


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x[/]", "Acme & Söhne", "شركة النور", "پارس\u200cداده", "a\u200eb", "👩\u200d💻"])
def test_names_stay_as_they_are(name: str) -> None:
    assert safe(name) == name
    assert clean(name) == name


def test_an_osc_52_and_a_c1_name_are_shown_literally() -> None:
    assert safe("\x1b]52;c;aGk=\x07\x1b[2JEvil") == "·]52;c;aGk=··[2JEvil"
    assert safe("\x9b31mred") == "·31mred"


def test_long_text_is_cut_for_display_and_kept_whole_in_storage() -> None:
    long = "x" * 10_000
    assert safe(long, 10) == "xxxxxxxxx…"
    assert len(safe(long)) == 120
    assert safe("x" * 120) == "x" * 120
    assert clean(long) == long


@given(nasty | anything, st.integers(1, 200))
def test_safe_holds_its_promise_for_any_text(text: str, limit: int) -> None:
    shown = safe(text, limit)
    assert len(shown) <= limit
    assert not any(ord(char) in OBEYED for char in shown)
    assert safe(shown, limit) == shown
    shown.encode("utf-8")


@given(nasty | anything)
def test_every_form_is_stable_and_free_of_controls(text: str) -> None:
    for form in (clean, fold_key, fold_search, cell):
        once = form(text)
        assert form(once) == once, form.__name__
        assert not any(ord(char) in OBEYED for char in once), form.__name__
        assert once.strip() == once or form is cell


@given(nasty)
def test_text_is_kept_composed(text: str) -> None:
    kept = clean(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert clean(unicodedata.normalize("NFD", kept)) == kept


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("شركة النور", True),
        ("شركة 12", True),
        ("پارس (ایران)", True),
        ("١٢٣", True),
        ("שלום", True),
        ("Acme", False),
        ("شركة Acme", False),
        ("Acme Söhne", False),
        ("12 · 3", False),
        ("", False),
    ],
)
def test_a_cell_that_ends_right_to_left_gets_one_mark(text: str, marked: bool) -> None:
    assert cell(text) == (text + LRM if marked else text)


def test_a_cut_cell_keeps_its_mark_and_its_limit() -> None:
    shown = cell("ش" * 50, 10)
    assert shown == "ش" * 9 + "…" + LRM
    assert cell(shown, 10) == shown


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("شركة كيان", "شرکة کیان"),
        ("پارس\u200cداده", "پارسداده"),
        ("\u202bكيان\u202c", "کیان"),
        ("C-١٢٣", "C-123"),
        ("C-۱۲۳", "C-123"),
        ("ﻛﻴﺎﻥ", "کیان"),
        ("\ufeffc-1 ", "c-1"),
        ("خانۀ", "خانه"),
        ("A-1", "\uff21-1"),
        ("e\u0301", "é"),
        ("ي\u0654", "ئ"),
    ],
)
def test_one_id_from_two_exports_is_one_key(left: str, right: str) -> None:
    assert fold_key(left) == fold_key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("a-1", "A-1"), ("007", "7"), ("1E+05", "100000"), ("é", "e"), ("شركة", "شركه"), ("شرکة", "شرکت")]
)
def test_different_ids_stay_different(left: str, right: str) -> None:
    assert fold_key(left) != fold_key(right)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ecole", "École"),
        ("STRASSE", "Straße"),
        ("شركه", "شَرِكَة"),
        ("شرکت", "شركة"),
        ("احمد", "أحمد"),
        ("كتاب", "کتـــاب"),
        ("مسئول", "مسیول"),
        ("istanbul", "İstanbul"),
    ],
)
def test_a_search_finds_what_was_meant(typed: str, name: str) -> None:
    assert fold_search(typed) == fold_search(name)


@pytest.mark.parametrize("typed", ["شرکت", "شركة", "شركه"])
@pytest.mark.parametrize("name", ["شركة النور", "شركتي", "شرکت‌های ایران", "شركه النور"])
def test_a_word_with_teh_marbuta_is_found_in_every_spelling(typed: str, name: str) -> None:
    assert fold_search(typed) in fold_search(name)


@given(nasty)
def test_equal_keys_are_equal_searches(text: str) -> None:
    assert fold_search(fold_key(text)) == fold_search(text)
