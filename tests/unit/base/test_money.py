"""Minor units of every currency, against the standard's own lists written down here a second time."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.currencies import CURRENCIES, described
from cstui.base.money import exponent, mrr_scaled, to_major, to_minor

NO_DECIMALS = set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
THREE_DECIMALS = set("BHD IQD JOD KWD LYD OMR TND".split())
FOUR_DECIMALS = set("CLF UYW".split())
OLD_WITHOUT_DECIMALS = set("ADP BEF BYB BYR ESP GRD ITL LUF MGF PTE TRL".split())


def test_every_active_currency_has_the_standards_minor_unit() -> None:
    active = {code: one.digits for code, one in CURRENCIES.items() if not one.retired}
    assert {code for code, digits in active.items() if digits == 0} == NO_DECIMALS
    assert {code for code, digits in active.items() if digits == 3} == THREE_DECIMALS
    assert {code for code, digits in active.items() if digits == 4} == FOUR_DECIMALS
    assert set(active.values()) == {0, 2, 3, 4}
    assert len(active) >= 160


def test_the_retired_ones_that_files_still_name() -> None:
    retired = {code for code, one in CURRENCIES.items() if one.retired}
    assert set("HRK BGN ANG CUC DEM FRF ITL ESP SLL ZWL VEF LTL LVL EEK TRL".split()) <= retired
    assert {code for code in retired if exponent(code) == 0} == OLD_WITHOUT_DECIMALS


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_every_code_is_three_letters_with_a_name(code: str) -> None:
    assert len(code) == 3
    assert code.isalpha()
    assert code.isupper()
    assert CURRENCIES[code].name
    assert code in described(code)


@pytest.mark.parametrize(
    ("code", "major", "minor"),
    [("JPY", "1200", 1200), ("USD", "12.34", 1234), ("KWD", "1.250", 1250), ("CLF", "1.2345", 12345), ("ITL", "5000", 5000)],
)
def test_major_units_become_minor_ones(code: str, major: str, minor: int) -> None:
    assert to_minor(Decimal(major), code) == minor
    assert to_major(minor, code) == Fraction(major)


@pytest.mark.parametrize(("code", "major"), [("JPY", "1.5"), ("USD", "1.234"), ("KWD", "1.2345"), ("CLF", "1.23456")])
def test_more_decimals_than_the_currency_knows_are_none_of_its_amounts(code: str, major: str) -> None:
    assert to_minor(Decimal(major), code) is None


@given(code=st.sampled_from(sorted(CURRENCIES)), minor=st.integers(-(10**12), 10**12))
def test_there_and_back(code: str, minor: int) -> None:
    major = to_major(minor, code)
    assert major * 10 ** CURRENCIES[code].digits == minor
    assert to_minor(Decimal(minor).scaleb(-CURRENCIES[code].digits), code) == minor


def test_the_rial_says_how_it_is_to_the_toman() -> None:
    assert described("IRR") == "IRR, Iranian rial (10 rial are 1 toman)"
    assert described("HRK") == "HRK, Croatian kuna (retired)"
    assert described("???") == "???"


def test_mrr_of_four_decimals_is_exact() -> None:
    assert mrr_scaled(12_0000, "year", 1) * 12 == 12_0000 * 332_640
