"""What an import makes of rows: created, updated, unchanged, refused, odd."""

from __future__ import annotations

import errno
import os
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from cstui.base.errors import AllRefused, CstuiError, NothingThere, RowsRefused, UnknownKind, UnreadableFile, UsageError
from cstui.desk.import_again import again
from cstui.desk.import_request import ImportRequest, Said
from cstui.desk.import_session import Session
from cstui.desk.importing import recent_folders
from cstui.desk.workspace import open_workspace
from cstui.ingest.failures import AmbiguousDates
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, DAY, bring, content, counts, one, select

SUBS = "subscription_id,customer_id,started_at,amount,currency\n"
PAYS = "payment_id,customer_id,amount,paid_at,due_at,currency,kind,status\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


def codes(text: str, workspace: Path, header: str = SUBS) -> list[tuple[int, str | None, str, str | None]]:
    good = "ok,c,2025-01-01,1,USD" + "," * (header.count(",") - 4) if header.startswith("sub") else "ok,c,1,2025-01-01,,USD,,"
    return [(p.line, p.column, p.code, p.value) for p in one(workspace, f"{header}{good}\n{text}\n").problems]


def test_created_updated_unchanged_and_refused_add_up(workspace: Path) -> None:
    first = one(workspace, SUBS + "s1,c1,2025-01-01,49,USD\ns2,c1,2025-02-01,10,USD\n\ns3,c2,bad,10,USD\n")
    assert counts(first) == (3, 2, 0, 0, 1)
    second = one(workspace, SUBS + "s1,c1,2025-01-01,59,USD\ns2,c1,2025-02-01,10,\ns4,c9,2025-02-01,10,USD\n")
    assert counts(second) == (3, 1, 1, 1, 0)
    assert select(workspace, "SELECT subscription_id, amount, currency FROM subscription ORDER BY 1") == [
        ("s1", 5900, "USD"), ("s2", 1000, "USD"), ("s4", 1000, "USD"),
    ]  # fmt: skip


def test_rows_of_one_key_apply_in_order_and_empty_cells_leave_what_is_there(workspace: Path) -> None:
    text = "customer_id,name,plan\nc1,Ada,pro\nc1,,team\nc1,Ada,\nc2,Bo,\n"
    outcome = one(workspace, text)
    assert counts(outcome) == (4, 2, 1, 1, 0)
    assert [(o.code, o.count, o.lines) for o in outcome.oddities if o.code == "duplicate-key"] == [("duplicate-key", 1, (3,))]
    assert select(workspace, "SELECT customer_id, name, plan, line FROM customer ORDER BY 1") == [
        ("c1", "Ada", "team", 3),
        ("c2", "Bo", None, 5),
    ]
    assert counts(one(workspace, text)) == (4, 0, 0, 4, 0)


@pytest.mark.parametrize(
    ("empty", "told"), [(PAYS, "it has a header and no row"), ("[]\n", "left out: file0.csv holds no list of records.")]
)
def test_an_export_of_what_there_is_none_of_is_told_and_does_not_stop_the_others(workspace: Path, empty: str, told: str) -> None:
    """Every kind exported and all of them imported is the way from one workspace to another."""
    outcome = bring(workspace, empty, "customer_id,name\nc1,Ada\n")
    assert [counts(file) for file in outcome.files if file.kind] == [(1, 1, 0, 0, 0)]
    assert told in [odd.message for file in outcome.files for odd in file.oddities]
    with pytest.raises(NothingThere):
        bring(workspace, empty, empty)


def test_a_file_of_json_lines_may_be_empty(workspace: Path) -> None:
    """As `export` writes a kind of which there is nothing."""
    outcome = bring(workspace, "", '{"customer_id": "c1", "name": "Ada"}\n', end="ndjson")
    assert [counts(file) for file in outcome.files if file.kind] == [(1, 1, 0, 0, 0)]
    assert "left out: file0.ndjson holds no record." in [odd.message for file in outcome.files for odd in file.oddities]
    with pytest.raises(NothingThere, match="holds no record"):
        bring(workspace, "", end="ndjson")


def test_what_a_source_computes_of_an_amount_is_in_the_amount_s_own_currency(workspace: Path) -> None:
    """A shop's order lines, whose invoices are the sums of quantity by price."""
    head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    outcome = bring(
        workspace, f"{head}1,A,x,2,2026-01-13 10:00,€4.15,7,UK\n2,A,x,2,2026-01-13 10:00,4.15,8,UK\n3,A,x,2,2026-01-13 10:00,$4,9,UK\n"
    )
    assert select(workspace, "SELECT amount, currency FROM payment ORDER BY amount, currency") == [(830, "EUR"), (830, "GBP")]
    assert [(problem.line, problem.code) for file in outcome.files for problem in file.problems] == [(4, "not-a-currency")]


def test_a_currency_without_a_rate_is_told_before_it_comes_in(workspace: Path) -> None:
    rows = "subscription_id,customer_id,started_at,amount,currency\na,c,2026-01-01,5,USD\nb,c,2026-01-01,5,USD\nd,c,2026-02-01,7,KWD\n"
    rates = "date,from,to,rate\n2026-01-01,USD,KWD,0.3\n"
    told = [(odd.count, odd.message, odd.lines) for odd in one(workspace, rows, commit=False).oddities if odd.code == "no-rate"]
    message = "rows in KWD, from which no exchange rate leads to USD: figures that count them stay unknown until exchange_rates bring one"
    assert told == [(1, message, (4,))]
    assert "no-rate" not in {odd.code for file in bring(workspace, rows, rates, commit=False).files for odd in file.oddities}
    one(workspace, rates)
    assert "no-rate" not in {odd.code for odd in one(workspace, rows).oddities}


MIXED = "payment_id,customer_id,amount,paid_at\np1,c,€13.50,2026-01-05\np2,c,$13,2026-01-05\np3,c,500 تومان,2026-01-05\np4,c,7,2026-01-05\n"


@pytest.mark.parametrize(
    ("constants", "dollars", "bare"),
    [({}, [("p2", 1300, "USD")], "USD"), ({"currency": "CAD"}, [("p2", 1300, "CAD")], "CAD"), ({"currency": "EUR"}, [], "EUR")],
)
def test_an_amount_s_own_currency_is_the_row_s_in_a_file_without_a_column_of_currencies(
    workspace: Path, constants: dict[str, str], dollars: list[tuple[str, int, str]], bare: str
) -> None:
    """`--set` is for rows that name none; a sign that several currencies share is one of theirs, or the row is refused."""
    one(workspace, "customer_id\nc\n")
    outcome = one(workspace, MIXED, constants=constants)
    assert select(workspace, "SELECT payment_id, amount, currency FROM payment ORDER BY 1") == [
        ("p1", 1350, "EUR"), *dollars, ("p3", 500_000, "IRR"), ("p4", 700, bare),
    ]  # fmt: skip
    assert [(p.line, p.code) for p in outcome.problems] == ([] if dollars else [(3, "not-a-currency")])


@pytest.mark.parametrize("header", ["customer_id,started_at,amount,name", "رقم العميل,تاريخ البدء,المبلغ,الاسم"])
def test_a_customer_list_with_amounts_says_that_no_subscription_comes_of_it(workspace: Path, header: str) -> None:
    text = header + "\n1,2026-01-05,50,Ada\n2,2026-02-05,70,Bo\n"
    told = {odd.code: odd.message for odd in one(workspace, text).oddities}
    began, amount = header.split(",")[1:3]
    assert f"“{began}” and “{amount}” are kept as attributes" in told["as-attributes"]
    mapping = dict(zip(("customer_id", "started_at", "amount"), header.split(","), strict=False))
    both = one(workspace, text, kind="subscriptions", mapping=mapping | {"subscription_id": mapping["customer_id"]})
    assert counts(both) == (2, 2, 0, 0, 0)
    assert not [odd for odd in both.oddities if odd.code == "as-attributes"]
    assert "as-attributes" not in {odd.code for odd in one(workspace, "customer_id,amount\n3,5\n").oddities}


@pytest.mark.parametrize(
    ("header", "cells", "kind", "fields"),
    [
        ("customer_id,amount,paid_at", "c,5,2026-01-05", "payments", "amount as amount, paid_at as paid_at"),
        ("Invoice,Customer ID,Amount,Date", "1,c,5,2026-01-05", "payments", "Invoice as payment_id, Amount as amount, Date as paid_at"),
        ("day,customer_id,user,sessions", "2026-01-05,c,u,3", "usage", "day as date, user as user_id, sessions as sessions"),
        ("Customer ID,Submitted at,Rating", "c,2026-01-05,9", "surveys", "Submitted at as answered_at, Rating as score"),
        ("رقم العميل,تاريخ البدء,المبلغ", "c,2026-01-05,9", "subscriptions", "تاريخ البدء as started_at, المبلغ as amount"),
        (
            "Contract,Customer ID,Unit price,Start,End,State,Name",
            "s,c,9,2026-01-05,,active,Ada",
            "subscriptions",
            "Contract as subscription_id",
        ),
    ],
)
def test_a_file_that_may_hold_more_than_customers_is_asked_about(workspace: Path, header: str, cells: str, kind: str, fields: str) -> None:
    text = f"{header}\n{cells}\n"
    with pytest.raises(UnknownKind, match=f"look like {kind}: {fields}.* --as {kind} or --as customers"):
        one(workspace, text)
    assert one(workspace, text, kind="customers").created == 1


@pytest.mark.parametrize(
    "header",
    ["customer_id,health", "customer_id,start date", "customer_id,score,created at", "Customer ID,Company,Owner,Contract number,Start"],
)
def test_attributes_of_customers_are_no_reason_to_ask(workspace: Path, header: str) -> None:
    assert one(workspace, header + "\n" + ",".join(["1"] * header.count(",")) + ",2026-01-05\n").kind == "customers"


def test_who_says_the_kind_is_understood_by_other_words_too(workspace: Path) -> None:
    text = "Contract,Customer ID,Plan name,Unit price,Billing cycle,Start,End,State\ns,c,pro,120,year,2026-01-05,2026-06-01,cancelled\n"
    found = one(workspace, text, kind="subscriptions")
    assert {column.field: column.header for column in found.columns if column.field} == {
        "subscription_id": "Contract", "customer_id": "Customer ID", "plan": "Plan name", "amount": "Unit price",
        "interval": "Billing cycle", "started_at": "Start", "ended_at": "End", "status": "State",
    }  # fmt: skip
    assert "left-out" not in {odd.code for odd in found.oddities}
    # Nothing is lacking here, so nothing is taken for what its name does not say.
    plain = one(workspace, "subscription_id,customer_id,amount,started_at,users\nt,c,5,2026-01-05,3\n", kind="subscriptions")
    assert "columns that nothing takes: users" in [odd.message for odd in plain.oddities]
    with pytest.raises(UnknownKind, match="“Company ID” may: --map customer_id='Company ID'"):
        one(workspace, "Company ID,Country\n1,Iran\n")


def test_clear_empties(workspace: Path) -> None:
    one(workspace, "customer_id,name,plan,seats\nc1,Ada,pro,5\n")
    assert counts(one(workspace, "customer_id,plan,seats\nc1,,\n")) == (1, 0, 0, 1, 0)
    assert counts(one(workspace, "customer_id,plan,seats\nc1,,\n", clear=True)) == (1, 0, 1, 0, 0)
    assert select(workspace, "SELECT name, plan, attributes FROM customer") == [("Ada", None, None)]


def test_unknown_customers_are_stubs_until_their_row_comes(workspace: Path) -> None:
    one(workspace, SUBS + "s1,كريم,2025-01-01,49,USD\n")
    assert select(workspace, "SELECT stub FROM customer") == [(1,)]
    # The same id as another program spells it: Persian yeh and kaf, a direction mark.
    assert counts(one(workspace, "customer_id,name\n\u200fکریم,Karim\n")) == (1, 1, 0, 0, 0)
    assert select(workspace, "SELECT stub, name FROM customer") == [(0, "Karim")]


def test_ids_stay_text(workspace: Path) -> None:
    one(workspace, SUBS + "007,1E+05,2025-01-01,49,USD\n12345678901234567890,0,2025-01-01,1,USD\n")
    assert select(workspace, "SELECT subscription_id FROM subscription ORDER BY 1") == [("007",), ("12345678901234567890",)]
    assert select(workspace, "SELECT customer_id FROM customer ORDER BY 1") == [("0",), ("1E+05",)]


def test_what_a_row_is_refused_for(workspace: Path) -> None:
    header = "subscription_id,customer_id,started_at,amount,currency,interval,interval_count,quantity,discount,ended_at\n"
    rows = [
        "a,c,2025-02-30,1,USD,,,,,", "b,c,2025-01-01,\"12,3,4\",USD,,,,,", "d,c,2025-01-01,1.234,JPY,,,,,", "e,c,2025-01-01,1,XXQ,,,,,",
        "f,c,2025-01-01,1,USD,fortnight,,,,", "g,c,2025-01-01,1,USD,,0,,,", "h,c,2025-01-01,1,USD,,,-1,,", "i,c,2025-01-01,1,USD,,,,-5,",
        "j,c,2025-01-01,1,USD,,,,,2024-12-31", "k,,2025-01-01,1,USD,,,,,", "l,c,2025-01-01", "m,c,2025-01-01,1,USD,,,,,,x",
        "n,c,2025-01-01,99999999999999999,USD,,,,,", "o,c,2025-01-01,€5,USD,,,,,",
    ]  # fmt: skip
    assert [(line, column, code) for line, column, code, _ in codes("\n".join(rows), workspace, header)] == [
        (3, "started_at", "not-a-date"), (4, "amount", "not-a-number"), (5, "amount", "constraint-error"),
        (6, "currency", "not-a-currency"),
        (7, "interval", "not-a-choice"), (8, "interval_count", "constraint-error"), (9, "quantity", "constraint-error"),
        (10, "discount", "constraint-error"), (11, "ended_at", "constraint-error"), (12, "customer_id", "missing-value"),
        (13, "amount", "missing-cell"), (14, None, "extra-cell"), (15, "amount", "constraint-error"), (16, "amount", "constraint-error"),
    ]  # fmt: skip


def test_payments_and_their_blanks(workspace: Path) -> None:
    text = "a,c,1,,,USD,,\nb,c,1,,2025-01-01,USD,,\nd,c,1,,2025-01-01,USD,,paid\ne,c,1,,,USD,,failed\nf,c,-1,2025-01-02,,USD,Refund,\n"
    assert [(line, column, code) for line, column, code, _ in codes(text, workspace, PAYS)] == [
        (3, "paid_at", "missing-value"), (5, "paid_at", "missing-value"), (6, "due_at", "missing-value"),
    ]  # fmt: skip
    assert select(workspace, "SELECT payment_id, kind, status FROM payment ORDER BY 1") == [
        ("b", "recurring", "open"), ("f", "refund", "paid"), ("ok", "recurring", "paid"),
    ]  # fmt: skip
    assert counts(one(workspace, PAYS + "b,c,1,2025-01-05,,USD,,\n")) == (1, 0, 1, 0, 0)
    assert select(workspace, "SELECT status FROM payment WHERE payment_id = 'b'") == [("paid",)]


def test_money_is_in_minor_units_of_the_row(workspace: Path) -> None:
    one(workspace, SUBS + 'a,c,2025-01-01,1.5,KWD\nb,c,2025-01-01,1500,JPY\nd,c,2025-01-01,"1,234.50",USD\ne,c,2025-01-01,€7,\n')
    assert select(workspace, "SELECT amount, currency FROM subscription ORDER BY subscription_id") == [
        (1500, "KWD"), (1500, "JPY"), (123450, "USD"), (700, "EUR"),
    ]  # fmt: skip


def test_the_currency_of_the_first_import(workspace: Path) -> None:
    outcome = one(workspace, SUBS + "a,c,2025-01-01,1,EUR\nb,c,2025-01-01,2,EUR\nd,c,2025-01-01,3,USD\ne,c,2025-01-01,4,\n")
    assert select(workspace, "SELECT value FROM setting WHERE name = 'currency'") == [("EUR",)]
    assert select(workspace, "SELECT currency FROM subscription WHERE subscription_id = 'e'") == [("EUR",)]
    assert [(o.count, o.lines) for o in outcome.oddities if o.code == "currency-assumed"] == [(1, (5,))]
    undo(workspace, None, AT)
    assert select(workspace, "SELECT count(*) FROM setting") == [(0,)]


@pytest.mark.parametrize(
    ("more", "currency"),
    [("", "EUR"), ("2025-01-01,JPY,USD,0.007\n", "USD"), ("2025-01-01,eur,jpy,160\n", "EUR")],
    ids=["most rows", "all rows have a rate into it", "rates the other way round"],
)
def test_the_currency_that_the_first_imports_rates_lead_to(workspace: Path, more: str, currency: str) -> None:
    rows = SUBS + "a,c,2025-01-01,1,EUR\nb,c,2025-01-01,2,EUR\nd,c,2025-01-01,3,JPY\ne,c,2025-01-01,4,USD\n"
    bring(workspace, rows, "date,from,to,rate\n2025-01-01,EUR,USD,1.1\n" + more)
    assert select(workspace, "SELECT value FROM setting WHERE name = 'currency'") == [(currency,)]


def test_custom_attributes_come_together(workspace: Path) -> None:
    one(workspace, "customer_id,Seats,رتبه\nc1,5,طلا\n")
    one(workspace, "customer_id,Churn flag\nc1,TRUE\n")
    assert select(workspace, "SELECT attributes FROM customer") == [('{"Churn flag":"TRUE","Seats":"5","رتبه":"طلا"}',)]


def test_dates_are_decided_for_the_whole_column(workspace: Path) -> None:
    with pytest.raises(AmbiguousDates, match="--dates"):
        one(workspace, SUBS + "a,c,03/04/2025,1,USD\n")
    assert not workspace.exists()
    one(workspace, SUBS + "a,c,03/04/2025,1,USD\n", dates="DMY")
    one(workspace, SUBS + "b,c,03/04/2025,1,USD\nd,c,25/04/2025,1,USD\n")
    assert select(workspace, "SELECT date(started_at * 86400, 'unixepoch') FROM subscription ORDER BY subscription_id") == [
        ("2025-04-03",), ("2025-04-03",), ("2025-04-25",),
    ]  # fmt: skip


def test_constants_fill_blanks_and_are_checked_first(workspace: Path) -> None:
    one(
        workspace,
        SUBS + "a,c,2025-01-01,1,\nb,c,2025-01-01,1,EUR\n",
        constants={"currency": "usd", "interval": "monthly", "discount": "0.50"},
    )
    assert select(workspace, "SELECT currency, interval, discount FROM subscription ORDER BY subscription_id") == [
        ("USD", "month", 50), ("EUR", "month", 50),
    ]  # fmt: skip
    with pytest.raises(UsageError, match="interval=never"):
        one(workspace, SUBS + "a,c,2025-01-01,1,\n", constants={"interval": "never"})
    answers = "response_id,customer_id,answered_at,score\nr1,c,2025-01-01,9\n"
    with pytest.raises(UsageError, match=r"--set kind=ticket does not fit the surveys of file1\.csv: This is none of nps"):
        bring(workspace, "interaction_id,customer_id,at,channel\ni1,c,2025-01-01,chat\n", answers, constants={"kind": "ticket"})
    with pytest.raises(UsageError):
        one(workspace, "customer_id\n1\n", constants={"interval": "month"})


def test_what_is_said_of_one_file_holds_for_it_alone_also_when_it_is_repeated(workspace: Path) -> None:
    mine, other = (str(workspace.parent / f"file{number}.csv") for number in (0, 1))
    own = {other: Said(mapping={"amount": "fee"}, constants={"currency": "EUR"})}
    texts = (SUBS + "a,c,2025-01-01,1,\n", "subscription_id,customer_id,started_at,amount,currency,fee\nb,c,2025-01-01,1,,7\n")
    bring(workspace, *texts, constants={"currency": "GBP"}, own=own)
    found = "SELECT subscription_id, currency, amount FROM subscription ORDER BY 1"
    assert select(workspace, found) == [("a", "GBP", 100), ("b", "EUR", 700)]
    with closing(open_workspace(workspace)) as opened:
        asked = again(opened, DAY + 1, AT)
    assert asked.said_of(mine) == Said(None, {}, {"currency": "GBP"})
    assert asked.said_of(other) == Said(None, {"amount": "fee"}, {"currency": "EUR"})
    repeated = Session(workspace, asked, lambda _: None)
    try:
        assert [counts(file) for file in repeated.preview().files] == [(1, 0, 0, 1, 0)] * 2
    finally:
        repeated.close()
    with pytest.raises(UsageError, match=r"file1\.csv has no records with “score”") as failed:
        bring(workspace, *texts, own={other: Said(constants={"score": "1"})})
    assert failed.value.file == other
    with pytest.raises(UsageError, match="no file has a column “tariff”"):
        bring(workspace, *texts, own={mine: Said(mapping={"plan": "tariff"})})


def test_what_is_said_of_one_table_of_a_file_holds_for_it_alone(workspace: Path) -> None:
    path = workspace.parent / "both.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.csv", SUBS + "a,c,2025-01-01,1,\n")
        archive.writestr("b.csv", SUBS + "b,c,2025-01-01,1,\n")
    own = {f"{path} › b.csv": Said(constants={"currency": "EUR"}), str(path): Said(constants={"currency": "GBP"})}
    session = Session(workspace, ImportRequest((str(path),), day=DAY, at=AT, own=own), lambda _: None)
    try:
        session.preview()
        session.commit()
    finally:
        session.close()
    assert select(workspace, "SELECT subscription_id, currency FROM subscription ORDER BY 1") == [("a", "GBP"), ("b", "EUR")]


def test_a_call_fails_whole(workspace: Path) -> None:
    good = SUBS + "a,c,2025-01-01,1,USD\n"
    for bad, error in ((SUBS + "a,c,never,1,USD\n", AllRefused), ("", NothingThere), ('customer_id,name\n1,"x\n', CstuiError)):
        with pytest.raises(error):
            bring(workspace, good, bad)
    with pytest.raises(RowsRefused):
        bring(workspace, good, SUBS + "b,c,2025-01-01,1,USD\nd,c,never,1,USD\n", strict=True)
    assert not workspace.exists()


def test_a_dry_run_makes_no_file(workspace: Path) -> None:
    before = set(workspace.parent.iterdir())
    assert bring(workspace, SUBS + "a,c,2025-01-01,1,USD\n", commit=False).import_id is None
    assert {path.name for path in set(workspace.parent.iterdir()) - before} == {"file0.csv"}


def test_files_in_any_order(tmp_path: Path) -> None:
    customers = "customer_id,name,created_at\nc1,Ada,2025-02-01\nc2,Bo,\n"
    subs = SUBS + "s1,c1,2025-01-01,49,USD\ns2,c3,2025-02-01,9,USD\n"
    payments = PAYS + "p1,c1,49,2025-01-02,,USD,,\np2,c4,9,,2025-02-01,USD,,failed\n"
    contents = []
    for name, order in (("a", (customers, subs, payments)), ("b", (payments, subs, customers))):
        workspace = tmp_path / name / "desk.db"
        workspace.parent.mkdir()
        for text in order:
            one(workspace, text)
        contents.append(content(workspace))
    together = tmp_path / "c" / "desk.db"
    together.parent.mkdir()
    bring(together, subs, customers, payments)
    assert contents[0] == contents[1] == content(together)


@pytest.mark.parametrize("word", ["refunded", "مسترد", "برگشتی"])
def test_a_payment_that_is_said_to_be_refunded_is_a_payment_and_its_refund(workspace: Path, word: str) -> None:
    payments = (
        "payment_id,customer_id,amount,paid_at,status\n"
        f"p1,c1,100,2026-10-01,paid\np2,c1,40,2026-10-02,{word}\np3,c1,-7,2026-10-03,{word}\np4,c1,9,,{word}\np5,c1,9,,partially refunded\n"
    )
    found = one(workspace, payments)
    assert counts(found) == (6, 4, 0, 0, 2)
    assert [(problem.line, problem.code) for problem in found.problems] == [(5, "missing-value"), (6, "not-a-choice")]
    assert [(odd.code, odd.count, odd.lines) for odd in found.oddities if "refund" in odd.code] == [("refund-assumed", 1, (3,))]
    kept = select(workspace, "SELECT payment_id, amount, kind, status FROM payment ORDER BY payment_id")
    assert kept == [
        ("p1", 10000, "recurring", "paid"),
        ("p2", 4000, "recurring", "paid"),
        ("p2-refunded", 4000, "refund", "paid"),
        ("p3", -700, "refund", "paid"),
    ]
    again = one(workspace, payments)
    assert counts(again) == (6, 0, 0, 4, 2)


def test_oddities_are_counted(workspace: Path) -> None:
    header = "subscription_id,customer_id,started_at,amount,currency,trial_end,ended_at,status\n"
    rows = [
        "a,c,2025-01-01,0,USD,,,", "b,c,2024-12-01,5,USD,2025-01-15,2025-01-10,", "d,c,2025-01-01,5,USD,,,cancelled",
        "e,x,2027-01-01,5,USD,,,",
    ]  # fmt: skip
    outcome = bring(workspace, "customer_id,created_at\nc,2025-01-01\n", header + "\n".join(rows)).files[1]
    found = {odd.code: (odd.count, odd.lines) for odd in outcome.oddities}
    assert found["zero-amount"] == (1, (2,))
    assert found["trial-lost"] == (1, (3,))
    assert found["starts-before-customer"] == (1, (3,))
    assert found["cancelled-undated"] == (1, (4,))
    assert found["future-date"] == (1, (5,))
    assert found["unknown-customer"] == (1, (5,))
    assert found["overlapping"][0] == 2


def test_control_characters_do_not_come_in(workspace: Path) -> None:
    one(workspace, "customer_id,name\nc\x1b1,\x1b]52;c;eA==\x07 [/] \u202eevil\n")
    assert select(workspace, "SELECT customer_id, name FROM customer") == [("c·1", "·]52;c;eA==· [/] ·evil")]


def _locked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Whatever is in the folder can't even be asked for, as where one may not look into it: root, as which tests run, always may."""
    asked = Path.stat

    def stat(self: Path, **wishes: bool) -> os.stat_result:
        if folder in self.parents:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return asked(self, **wishes)

    monkeypatch.setattr(Path, "stat", stat)


def test_files_in_a_folder_that_cannot_be_looked_into_are_told(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locked" / "inner"
    folder.mkdir(parents=True)
    path = folder / "c.csv"
    path.write_text("customer_id,name\nc1,Ada\n", encoding="utf-8")
    request = ImportRequest((str(path),), day=DAY, at=AT)
    session = Session(workspace, request, lambda _: None)
    session.preview()
    session.commit()
    session.close()
    _locked(monkeypatch, folder.parent)
    with pytest.raises(UnreadableFile, match="Permission denied"), closing(Session(workspace, request, lambda _: None)) as second:
        second.preview()
    with closing(open_workspace(workspace)) as opened:
        assert recent_folders(opened) == ()
        with pytest.raises(UnreadableFile, match="Permission denied"):
            again(opened, DAY + 1, AT)


def test_refused_rows_can_be_mended_and_imported_again(workspace: Path) -> None:
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.import_session import Session

    source = workspace.parent / "in.csv"
    source.write_text("customer_id,name,created_at\nc1,=1+1,2025-01-01\nc2,=cmd(),never\nc3,-5,later\n", encoding="utf-8")
    session = Session(workspace, ImportRequest((str(source),), day=1, at=AT), lambda _: None)
    session.preview()
    (written,) = session.write_rejects(workspace.parent / "rejects.csv")
    session.commit()
    session.close()
    text = written.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "customer_id,name,created_at,rejected_line,rejected_column,rejected_code,rejected_message"
    assert "c2,'=cmd(),never,3,created_at,not-a-date" in text
    assert "c3,-5,later" in text
    one(workspace, text.replace("never", "2025-01-01").replace("later", "2025-01-02"))
    assert select(workspace, "SELECT name, attributes FROM customer ORDER BY customer_id") == [
        ("=1+1", None),
        ("=cmd()", None),
        ("-5", None),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["03/04/2025,5,USD", "03/04/2025,5,USD", "25/04/2025,5,USD"], [("2025-04-03", 500, "USD"), ("2025-04-25", 500, "USD")]),
        (["2025-01-01,5,USD"] * 2 + ["03/04/2025,5,USD", "13/04/2025,5,USD"], [("2025-01-01", 500, "USD"), ("2025-04-03", 500, "USD")]),
        (['2025-01-01,"1,234",KWD'] * 2 + ['2025-01-01,"1,50",KWD'], [("2025-01-01", 1234, "KWD"), ("2025-01-01", 1500, "KWD")]),
        (["2025-01-01,5,", "2025-01-01,5,JPY"] + ["2025-01-02,5,USD"] * 2, [("2025-01-01", 500, "USD"), ("2025-01-01", 5, "JPY")]),
        (["2025-01-01,5,", "2025-01-01,5,", "2025-01-02,€5,"], [("2025-01-01", 500, "EUR"), ("2025-01-02", 500, "EUR")]),
    ],
)  # fmt: skip
def test_what_only_later_rows_tell_holds_for_the_first_ones_too(
    rows: list[str], expected: list[tuple[str, int, str]], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cstui.ingest.reading.BLOCK", 2)
    outcome = one(workspace, SUBS + "\n".join(f"s{index},c,{row}" for index, row in enumerate(rows)) + "\n")
    assert counts(outcome) == (len(rows), len(rows), 0, 0, 0)
    found = select(workspace, "SELECT date(started_at * 86400, 'unixepoch'), amount, currency FROM subscription ORDER BY subscription_id")
    assert all(row in found for row in expected)


def test_rows_of_a_later_block_that_contradict_ask_for_the_order(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cstui.ingest.reading.BLOCK", 2)
    with pytest.raises(AmbiguousDates):
        one(workspace, SUBS + "a,c,25/04/2025,1,USD\nb,c,25/04/2025,1,USD\nd,c,04/25/2025,1,USD\n")
    outcome = one(workspace, SUBS + "a,c,25/04/2025,1,USD\nb,c,25/04/2025,1,USD\nd,c,04/25/2025,1,USD\n", dates="DMY")
    assert counts(outcome) == (3, 2, 0, 0, 1)
