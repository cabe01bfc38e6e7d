"""Numbers as people write them, and what is refused as none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstui.ingest.failures import Bad
from cstui.ingest.numbers import Mark, canonical, currency_in, decimal_of, mark_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"), ("-3.5", "-3.5"), ("1,234", "1234"), ("1.234", "1.234"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"),
        ("12,5", "12.5"), ("(5)", "-5"), ("5-", "-5"), ("\u22125", "-5"), ("+5", "5"), (".5", "0.5"), ("0,123", "0.123"),
        ("۱۲۳٫۵", "123.5"), ("١٢٣٬٤٥٦٫٧", "123456.7"), ("1 234,5", "1234.5"), ("1\u00a0234", "1234"), ("1'234.5", "1234.5"),
        ("12,34,567", "1234567"), ("53,600,000", "53600000"), ("$49", "49"), ("-$5", "-5"), ("$-5", "-5"), ("49 USD", "49"),
        ("€ 49,90", "49.90"),
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
        "1 2",
        "12 34",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert isinstance(decimal_of(text, money=True), Bad)


def test_percent_is_a_number_but_no_amount() -> None:
    assert decimal_of("12٪") == Decimal("0.12")
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
    assert [currency_in(text) for text in ("€49", "49 KWD", "$49", "49", "usd 3")] == ["EUR", "KWD", None, None, "USD"]


def test_canonical_form_has_no_exponent_and_no_trailing_zeros() -> None:
    assert [canonical(Decimal(text)) for text in ("1.50", "100", "0.00", "1E+3", "-0")] == ["1.5", "100", "0", "1000", "0"]
