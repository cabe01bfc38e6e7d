"""The vocabulary of sources: what each word makes of a row, and what is said of a source that has something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.records import RECORDS
from cstui.ingest.catalogue import shipped
from cstui.ingest.derivation import Derivation, Made, conditions
from cstui.ingest.expressions import CellFault, Context, compiled
from cstui.ingest.numbers import Mark
from cstui.ingest.resolving import find, lookups, resolve
from cstui.ingest.source import parse
from cstui.ingest.source_text import BadSource
from cstui.ingest.words import currency_of, fold_header, meanings

HEADER = ("A", "B", "First Name", "Last Name", "Currency", "When")


def made(written: str, *cells: str, context: Context | None = None) -> str:
    """What an expression makes of a row."""
    text = f'headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\nsource = {written}\n'
    expr = parse("x", text).becomes[0].fields["source"]
    found = resolve(expr, HEADER, [fold_header(cell) for cell in HEADER])
    assert found is not None
    return compiled(found, context or Context())([*cells, *[""] * (len(HEADER) - len(cells))])


@pytest.mark.parametrize(
    ("written", "cells", "result"),
    [
        ('"a"', (" x ",), "x"),
        ('["Absent", "A", "B"]', ("", "y"), "y"),
        ('{ join = ["First Name", "Last Name"] }', ("", "", "Ada", "Byron"), "Ada Byron"),
        ('{ join = ["A", "B"], with = "-" }', ("1", ""), "1"),
        ('{ minus = ["A", "B"] }', ("1,020.50", "20.50"), "1000.00"),
        ('{ minus = ["A", "B"] }', ("5", ""), "5"),
        ('{ minus = ["A", "B"] }', ("", "5"), ""),
        ('{ minus = ["A", "Absent"] }', ("5",), "5"),
        ('{ plus = ["A", "B"] }', ("", "2.5"), "2.5"),
        ('{ times = ["A", 10] }', ("۱۲۳٫۵",), "1235.0"),
        ('{ times = ["A", "B"] }', ("3", ""), ""),
        ('{ divide = "A", by = 60 }', ("90",), "1.5"),
        ('{ round = { times = ["A", "B"] }, to = 2 }', ("3", "0.125"), "0.38"),
        ('{ positive = "A" }', ("(5)",), "5"),
        ('{ round = { times = ["A", "B"] }, to = 2 }', ("3", "€1.25"), "3.75 EUR"),
        ('{ minus = ["A", "B"] }', ("5 EUR", "€ 2"), "3 EUR"),
        ('{ positive = "A" }', ("-$7",), "7 $"),
        ('{ minor = "A", currency = "Currency" }', ("4950", "", "", "", "usd"), "49.50"),
        ('{ minor = "A", currency = "Currency" }', ("4950", "", "", "", "jpy"), "4950"),
        ('{ minor = "A", currency = "Currency" }', ("4950", "", "", "", "KWD"), "4.950"),
        ('{ times = ["A", "B"] }', ("2", "€4.15"), "8.30 EUR"),
        ('{ round = { times = ["A", "B"] }, to = 1 }', ("3", "0,125 €"), "0.4 EUR"),
        ('{ minus = ["A", "B"] }', ("$5", "1 usd"), "4 USD"),
        ('{ plus = ["A", "B"] }', ("۵۰۰ تومان", "100"), "600 IRT"),
        ('{ divide = "A", by = 10 }', ("50 ريال",), "5 ريال"),
        ('{ whole = "A" }', ("12923.0",), "12923"),
        ('{ whole = "A" }', ("1.5",), "1.5"),
        ('{ unix = "A" }', ("1777629600",), "2026-05-01 10:00:00+00:00"),
        ('{ unix = "A" }', ("1777629600000",), "2026-05-01 10:00:00+00:00"),
        ('{ unix = "A" }', ("2026-05-01",), "2026-05-01"),
        ('{ minutes = "A" }', ("1m 30s",), "1.5"),
        ('{ minutes = "A" }', ("1:01:30",), "61.5"),
        ('{ minutes = "A" }', ("90",), "1.5"),
        ('{ utc = "A" }', ("2026-05-01 23:30",), "2026-05-01 23:30 UTC"),
        ('{ utc = "A" }', ("2026-05-01 23:30+02:00",), "2026-05-01 23:30+02:00"),
        ('{ utc = "A" }', ("2026-05-01",), "2026-05-01"),
        ('{ utc = "A" }', ("5/1/2026 11:30 PM",), "5/1/2026 11:30 PM UTC"),
        ("{ part = \"A\", of = '^[A-Z]+-(\\d+)' }", ("INV-77",), "77"),
        ('{ map = "A", words = { "Closed" = "solved" }, else = { text = "open" } }', ("closed",), "solved"),
        ('{ map = "A", words = { "Closed" = "solved" }, else = { text = "open" } }', ("Waiting",), "open"),
        ('{ map = "A", words = { "Closed" = "solved" } }', ("Waiting",), "Waiting"),
        ('{ when = "A", is = ["TRUE"], then = "B", else = { text = "no" } }', ("true", "yes"), "yes"),
        ('{ when = "A", matches = \'^C\', then = "B" }', ("536", "x"), ""),
        ('{ when = "Absent", is = [""], then = "A", else = "B" }', ("x", "y"), "y"),
        ("{ import_day = true }", (), "2026-11-21"),
    ],
)
def test_what_each_word_makes(written: str, cells: tuple[str, ...], result: str) -> None:
    assert made(written, *cells, context=Context(day=20_778)) == result


def test_rows_without_an_id_are_numbered_among_equals() -> None:
    text = 'headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\npayment_id = { numbered = ["A", "B"] }\n'
    found = resolve(parse("x", text).becomes[0].fields["payment_id"], ("A", "B"), ["a", "b"])
    assert found is not None
    number = compiled(found, Context())
    assert [number(row) for row in (["1", "x"], ["1", "y"], ["1", "x"])] == ["1/x/1", "1/y/1", "1/x/2"]


def test_a_lookup_finds_by_the_folded_key_or_says_what_is_not_known() -> None:
    written = '{ lookup = "customers", by = "A", key = "email", take = "customer_id" }'
    context = Context(lookups={("customers", "email", "customer_id"): {"ک1": "c1"}})
    assert made(written, "ك۱", context=context) == "c1"
    assert made(written, "", context=context) == ""
    with pytest.raises(CellFault, match="No row of customers with this email is in the call or the workspace"):
        made(written, "ک2", context=context)
    assert made(f'[{written}, "A"]', "ک2", context=context) == "ک2"


def test_a_number_that_is_none_says_which_cell() -> None:
    with pytest.raises(CellFault) as fault:
        made('{ times = ["A", "B"] }', "3", "many")
    assert (fault.value.bad.code, fault.value.index) == ("not-a-number", 1)


def test_amounts_in_two_currencies_are_not_added_up() -> None:
    with pytest.raises(CellFault, match="One amount says EUR, the other USD") as fault:
        made('{ minus = ["A", "B"] }', "5 €", "1 USD")
    assert (fault.value.bad.code, fault.value.index) == ("constraint-error", 0)


@given(st.decimals("-1e9", "1e9", places=3), st.decimals("-1e9", "1e9", places=3))
def test_a_difference_is_exact_whatever_the_decimal_mark(one: object, other: object) -> None:
    marks = Context(marks={0: Mark.COMMA, 1: Mark.COMMA})
    texts = [str(number).replace(".", ",") for number in (one, other)]
    assert made('{ minus = ["A", "B"] }', *texts, context=marks) == format(one - other, "f")  # type: ignore[operator]  # both are decimals


def test_rows_are_filled_down_set_aside_and_counted() -> None:
    wanted = tuple(conditions(("Name", "Paid"), {"Paid": 1}, {}, {}, ["Paid"]))
    runner = Derivation(2, (), wanted, (1,), 0).start(Context())
    rows, lines, faults = runner.apply([["#1", "yes"], ["#1", ""], ["#2", ""], ["#3", "no"]], [2, 3, 4, 5])
    assert (rows, list(lines), faults) == ([["#1", "yes"], ["#1", "yes"], ["#3", "no"]], [2, 3, 5], [])
    assert dict(runner.aside) == {"no Paid": 1}


def test_a_cell_that_can_t_be_used_is_the_row_s_fault_at_its_own_column() -> None:
    text = 'headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { minus = ["A", "B"] }\n'
    expr = resolve(parse("x", text).becomes[0].fields["amount"], HEADER[:2], ["a", "b"])
    assert expr is not None
    runner = Derivation(2, (Made("amount", "A − B", expr),)).start(Context())
    rows, _, faults = runner.apply([["5", "x"], ["5", "1"]], [2, 3])
    assert rows == [["5", "x", ""], ["5", "1", "4"]]
    assert [(row, field, bad.code, bad.at) for row, field, bad in faults] == [(0, "amount", "not-a-number", 1)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("headers = [", "it is not TOML"),
        ('title = "x"\n', "nothing says how its files are recognised"),
        ('headers = ["A"]\n', "nothing says what its rows become"),
        ('headers = ["A"]\nuse = "none"\n', "needs a `why`"),
        ('headers = ["A"]\nuse = "maybe"\nwhy = "x"\n', "“maybe” is none of import, lookup, reconcile, none"),
        ('headers = "A"\n', "headers must be a list of texts"),
        ('headers = ["A"]\ncolour = 1\n', "“colour”, which means nothing"),
        ('headers = ["A"]\nmatches = "("\nuse = "none"\nwhy = "x"\n', "the pattern of matches can't be read"),
        ('headers = ["A"]\n[becomes]\nkind = "payments"\n', r"becomes must be written as \[\[becomes\]\]"),
        ('headers = ["A"]\n[[becomes]]\nkind = "orders"\n', "“orders” is none of customers"),
        ('headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\ncolour = "A"\n', "payments has no field “colour”"),
        ('headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { sum = ["A"] }\n', "sum means nothing"),
        ('headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { minus = ["A"] }\n', "can't be applied to 1 things"),
        ('headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { divide = "A" }\n', "“divide” needs “by”"),
        (
            'headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { divide = "A", by = 0 }\n',
            "must be a whole number",
        ),
        (
            'headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { when = "A", then = "A" }\n',
            "either “is” or “matches”",
        ),
        ('headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.values.status]\n"a" = "paid"\n', "values.status has no column"),
        ('headers = ["A"]\n[[becomes]]\nkind = "payments"\n[becomes.group]\nby = ["source"]\nsum = ["source"]\n', "can't be added up"),
        ('headers = ["A"]\n[[becomes]]\nkind = "customers"\nkeep = ["*"]\n[becomes.group]\nby = ["name"]\n', "have no custom attributes"),
    ],
)
def test_a_source_that_says_something_else_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadSource, match=why) as error:
        parse("mine", text)
    assert "“mine”" in error.value.message


def test_every_source_that_comes_with_cstui_looks_up_what_there_is() -> None:
    names = {source.name for source in shipped()}
    looked_up = set[str]()
    for source in shipped():
        assert set(source.yields_to) <= names
        assert source.title
        assert source.label
        exprs = [expr for entry in source.becomes for expr in entry.fields.values()]
        looked_up |= {where for expr in exprs for where, *_ in lookups(expr)}
    assert looked_up
    assert looked_up <= names | set(RECORDS)


@pytest.mark.parametrize(
    ("header", "names", "currency"),
    [
        ("رقم العميل", ("customer_id",), None),
        ("کد مشتری", ("customer_id",), None),
        ("كود العميل (ID)", ("customer_id",), None),
        ("تاريخ الالغاء", ("ended_at",), None),
        ("تاریخ لغو", ("ended_at",), None),
        ("مبلغ ماهانه (ریال)", ("monthly_amount",), "IRR"),
        ("مبلغ (تومان)", ("amount",), "TOMAN"),
        ("المبلغ (SAR)", ("amount",), "SAR"),
        ("التاريخ", ("paid_at", "answered_at", "at", "date"), None),
        ("امتیاز NPS", ("nps",), None),
        ("Amount", (), None),
        ("Betrag (EUR)", (), "EUR"),
        ("Amount USD", (), "USD"),
        ("Price [CHF]", (), "CHF"),
        ("Total (£)", (), "GBP"),
        ("Total ($)", (), None),
        ("Amount (all)", (), None),
        ("Total ALL", (), None),
    ],
)
def test_what_arabic_and_persian_headers_mean(header: str, names: tuple[str, ...], currency: str | None) -> None:
    assert meanings(header) == names
    assert currency_of(header) == currency


def test_a_column_is_found_exactly_before_alike() -> None:
    header = ("_id", "id", "E-Mail Address", "How likely are you to recommend us?")
    folded = [fold_header(cell) for cell in header]
    assert [find(spec, header, folded) for spec in ("id", "ID", "/recommend/", "/^e-?mail/", "@email", "none")] == [1, 0, 3, 2, None, None]
