"""Numbers as people write them, and what is refused as none."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from cstui.base.text import fold_key, fold_search
from cstui.ingest.failures import Bad
from cstui.ingest.money_words import TOMAN
from cstui.ingest.numbers import Mark, canonical, currency_in, decimal_of, mark_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"), ("-3.5", "-3.5"), ("1,234", "1234"), ("1.234", "1.234"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"),
        ("12,5", "12.5"), ("(5)", "-5"), ("5-", "-5"), ("\u22125", "-5"), ("+5", "5"), (".5", "0.5"), ("0,123", "0.123"),
        ("۱۲۳٫۵", "123.5"), ("١٢٣٬٤٥٦٫٧", "123456.7"), ("1 234,5", "1234.5"), ("1\u00a0234", "1234"), ("1'234.5", "1234.5"),
        ("12,34,567", "1234567"), ("53,600,000", "53600000"), ("$49", "49"), ("-$5", "-5"), ("$-5", "-5"), ("49 USD", "49"),
        ("€ 49,90", "49.90"), ("۵۰٬۰۰۰ تومان", "50000"), ("ر.س 500", "500"), ("500 ر.س.", "500"), ("1٬234٫50 د.ك", "1234.50"),
        ("(5 ﷼)", "-5"),
        ("جنيه مصري 5", "5"), ("١٢،٥", "12.5"), ("۱،۲۳۴", "1234"), ("5 zł", "5"), ("-5 د.إ", "-5"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    assert decimal_of(text, money=True) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1_000",
        "1e5",
        "1E+05",
        "12,3,4",
        "1.2.3",
        "--5",
        "(-5)",
        "-5-",
        "5.",
        ".",
        ",",
        "-",
        "0x10",
        "12abc",
        "١٢٣م",
        "5 هزار تومان",
        "5 ريال تومان",
        "5 abc",
        "% 5 %",
        "1 2",
        "12 34",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert isinstance(decimal_of(text, money=True), Bad)


def test_percent_is_a_number_but_no_amount() -> None:
    assert decimal_of("12٪") == decimal_of("٪12") == Decimal("0.12")
    assert isinstance(decimal_of("12%", money=True), Bad)
    assert isinstance(decimal_of("$12"), Bad)


def test_the_column_decides_what_a_lone_mark_means() -> None:
    assert mark_of(["1,234", "12,50"]) is Mark.COMMA
    assert mark_of(["1,234", "12.50"]) is Mark.POINT
    assert mark_of(["1,234"]) is Mark.UNKNOWN
    assert mark_of(["1,50", "1.50"]) is Mark.MIXED
    assert mark_of(["1,234,567"]) is Mark.POINT
    assert mark_of(["12,3,4"]) is Mark.UNKNOWN
    assert decimal_of("1,234", Mark.COMMA) == Decimal("1.234")
    assert decimal_of("1.234", Mark.COMMA) == Decimal(1234)
    assert decimal_of("1,234", Mark.POINT) == Decimal(1234)
    assert isinstance(decimal_of("1,234", Mark.MIXED), Bad)


def test_an_amount_may_name_its_currency() -> None:
    assert [currency_in(text) for text in ("€49", "49 KWD", "49", "usd 3")] == ["EUR", "KWD", None, "USD"]
    assert "CAD" in (currency_in("$49") or ())


def test_a_name_that_several_currencies_share_says_which_they_are() -> None:
    for text, expected in (
        ("500 تومان", TOMAN), ("500 ریال", "IRR"), ("ريال سعودي 500", "SAR"), ("د.إ 5", "AED"), ("د.أ 5", "JOD"), ("5 دينار كويتي", "KWD"),
        ("5 درهم اماراتي", "AED"), ("5 ج.م", "EGP"),
    ):  # fmt: skip
        assert currency_in(text) == expected, text
    assert set(currency_in("500 ريال") or ()) >= {"SAR", "IRR", "QAR"}
    assert set(currency_in("5 جنيه") or ()) >= {"EGP", "SDG"}


@pytest.mark.shared_data
def test_every_digit_and_letter_pair_is_one_key(shared_data: Path) -> None:
    for name, fold in (("digit_pairs.csv", fold_key), ("ar_fa_character_pairs.csv", fold_search)):
        with (shared_data / "persian_arabic" / name).open(encoding="utf-8") as file:
            pairs = list(csv.DictReader(file))
        assert len(pairs) > 10
        for row in pairs:
            assert fold(row["input"]) == fold(row["expected"]), row
            if row["input"].strip().isdecimal():
                assert decimal_of(row["input"]) == decimal_of(row["expected"])


def test_canonical_form_has_no_exponent_and_no_trailing_zeros() -> None:
    assert [canonical(Decimal(text)) for text in ("1.50", "100", "0.00", "1E+3", "-0")] == ["1.5", "100", "0", "1000", "0"]
