"""Each export of shared/exports.md by its header line: recognised, and its rows become what they should, to the cell.

The files of tests/data/sources are written for these tests. What is asked of an outcome is what a person would see in the workspace.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from cstui.base.errors import MissingColumn
from cstui.base.records import RECORDS
from cstui.ingest import catalogue, headers
from tests.unit.store.import_calls import bring, select

pytestmark = pytest.mark.usefixtures("no_own_sources")


@pytest.fixture
def no_own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


FOLDER = Path(__file__).parents[2] / "data" / "sources"


class Export(NamedTuple):
    """What an export of tests/data/sources becomes, and what SQL finds of it in the workspace."""

    kinds: tuple[str, ...]
    sql: str
    rows: list[tuple[object, ...]]


ID = "(SELECT c.customer_id FROM customer AS c WHERE c.id = t.customer_id)"
PAYMENT = f"SELECT payment_id, {ID}, amount, currency, status, kind, date(paid_at * 86400, 'unixepoch') FROM payment AS t ORDER BY 1"
SUBSCRIPTION = (
    f"SELECT subscription_id, {ID}, amount, currency, interval, quantity, status, date(started_at * 86400, 'unixepoch'), "
    "date(ended_at * 86400, 'unixepoch') FROM subscription AS t ORDER BY 1, 8"
)
CUSTOMER = "SELECT customer_id, name, email, date(created_at * 86400, 'unixepoch'), attributes FROM customer ORDER BY 1"
INTERACTION = (
    f"SELECT interaction_id, {ID}, date(at * 86400, 'unixepoch'), status, subject, owner, reopens, note FROM interaction AS t ORDER BY 1"
)
SURVEY = f"SELECT {ID}, date(answered_at * 86400, 'unixepoch'), kind, score, scale, response_id, comment FROM survey AS t ORDER BY 1"

EXPORTS = {
    "stripe_payments": Export(
        ("payments",),
        PAYMENT,
        [
            ("ch_1", "cus_1", 102_000, "USD", "paid", "recurring", "2026-07-02"),
            ("ch_1-refund", "cus_1", 2000, "USD", "paid", "refund", "2026-07-02"),
            ("ch_2", "b@x.example", 4900, "USD", "failed", "one_off", None),
        ],
    ),
    "stripe_customers": Export(
        ("customers",),
        CUSTOMER,
        [
            (
                "cus_1",
                "Shop",
                "a@x.example",
                "2026-08-13",
                (
                    '{"Delinquent":"false","Dispute Losses":"0.00","Payment Count":"3","Refunded Volume":"0.00",'
                    '"Total Spend":"120.00","tag":"gold"}'
                ),
            )
        ],
    ),
    "stripe_subscriptions": Export(
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [("sub_1", "cus_1", 2000, "EUR", "month", "3", "active", "2026-01-05", None)],
    ),
    "chargebee_subscriptions": Export(
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [
            ("s1", "c1", 990, "USD", "month", "2", "active", "2026-01-01", None),
            ("s2", "c2", 990, "USD", "month", "1", "cancelled", "2026-01-01", "2026-09-01"),
        ],
    ),
    "chargebee_customers": Export(
        ("customers",),
        CUSTOMER,
        [("c1", "Ada Byron", "ada@x.example", None, '{"Card Status":"Valid"}')],
    ),
    "recurly_subscriptions": Export(
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [("u1", "acc1", 3000, "USD", "month", "1", "active", "2026-02-01", "2026-11-01")],
    ),
    "hubspot_companies": Export(
        ("customers",),
        CUSTOMER,
        [("11", "Acme", None, "2026-03-01", '{"Company Domain Name":"acme.example"}')],
    ),
    "hubspot_contacts": Export(
        ("customers",),
        CUSTOMER,
        [("contact-11", "Ada Byron", "ada@x.example", "2026-03-01", None)],
    ),
    "hubspot_deals": Export(
        ("interactions",),
        INTERACTION,
        [("deal-5", "Acme", "2026-03-01", None, "Renewal: Closed won", "Sara", None, "900")],
    ),
    "hubspot_tickets": Export(
        ("interactions",),
        INTERACTION,
        [("7", "11", "2026-03-01", "open", "Login", "Sara", None, None), ("8", "11", "2026-03-01", "solved", "Bill", "Sara", None, None)],
    ),
    "salesforce_accounts": Export(
        ("customers",),
        CUSTOMER,
        [("001A", "Acme", None, "2026-01-02", '{"AnnualRevenue":"100000","NumberOfEmployees":"12","Tier":"gold"}')],
    ),
    "salesforce_opportunities": Export(
        ("subscriptions",),
        SUBSCRIPTION,
        [
            ("001A", "001A", 1_200_000, "USD", "year", None, None, "2025-03-01", None),
            ("001A", "001A", 1_500_000, "USD", "year", None, None, "2026-03-01", None),
        ],
    ),
    "salesforce_cases": Export(
        ("interactions",),
        INTERACTION,
        [("00001", "001A", "2026-05-01", "solved", "Broken", None, None, None)],
    ),
    "salesforce_report": Export(
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [("Acme", "Acme", 120_000, "USD", "year", None, None, "2026-03-01", None)],
    ),
    "sugarcrm_accounts": Export(
        ("customers",),
        CUSTOMER,
        [("a1", "Acme", "a@x.example", "2026-03-14", '{"Annual Revenue":"100","Employees":"12","Website":"acme.example"}')],
    ),
    "zoho_accounts": Export(
        ("customers",),
        CUSTOMER,
        [("zcrm_1", "Acme", None, "2026-03-01", None)],
    ),
    "zendesk_tickets": Export(
        ("interactions", "surveys"),
        INTERACTION,
        [
            ("41", "c1", "2026-05-01", "solved", "Login fails", "Sara", 2, "3 groups"),
            ("42", "b@x.example", "2026-05-02", "open", "Bill", "Sara", 0, None),
        ],
    ),
    "intercom_users": Export(
        ("customers",),
        CUSTOMER,
        [("u1", "Ada", "ada@x.example", "2026-01-02", '{"Last seen":"2026-05-01","Web sessions":"12"}')],
    ),
    "intercom_conversations": Export(
        ("interactions",),
        INTERACTION,
        [("77", "u1", "2026-05-01", "solved", None, "Sara", None, None)],
    ),
    "ga4": Export(
        ("traffic",),
        "SELECT date(date * 86400, 'unixepoch'), channel, visits, conversions FROM traffic ORDER BY 2",
        [("2026-05-01", "", 7, 0), ("2026-05-01", "Organic Search", 1500, 15)],
    ),
    "typeform": Export(
        ("surveys",),
        SURVEY,
        [("ada@x.example", "2026-05-01", "nps", "9", "0-10", "r1", "Fast")],
    ),
    "surveymonkey": Export(
        ("surveys",),
        SURVEY,
        [("c1", "2026-05-13", "nps", "8", "0-10", "114", None)],
    ),
    "delighted": Export(
        ("surveys",),
        SURVEY,
        [
            ("ada@x.example", "2026-05-01", "nps", "10", "0-10", "1", "Great"),
            ("bo@x.example", "2026-05-01", "csat", "4", "1-5", "2", None),
        ],
    ),
    "shopify_orders": Export(
        ("payments", "customers"),
        PAYMENT,
        [
            ("#1001", "ada@x.example", 5000, "USD", "paid", "one_off", "2026-05-01"),
            ("#1001-refund", "ada@x.example", 500, "USD", "paid", "refund", "2026-05-01"),
            ("#1002", "bo@x.example", 900, "USD", "open", "one_off", None),
        ],
    ),
    "shopify_customers": Export(
        ("customers",),
        CUSTOMER,
        [
            (
                "ada@x.example",
                "Ada Byron",
                "ada@x.example",
                None,
                '{"Accepts Email Marketing":"yes","Total Orders":"2","Total Spent":"70.00"}',
            )
        ],
    ),
    "chartmogul_customers": Export(
        ("customers",),
        CUSTOMER,
        [("c1", "Acme", "ada@x.example", "2020-08-13", '{"City":"London"}')],
    ),
    "chartmogul_invoices": Export(
        ("payments",),
        PAYMENT,
        [("in1", "c1", 4950, "USD", "paid", "recurring", "2020-08-13")],
    ),
    "profitwell_traits": Export(
        ("customers",),
        CUSTOMER,
        [("ada@x.example", None, "ada@x.example", None, '{"Role":"Owner","Team size":"10-50"}')],
    ),
    "subscription_periods": Export(
        ("subscriptions",),
        SUBSCRIPTION,
        [("1", "2", 5000, "USD", "month", None, None, "2026-01-01", "2026-03-01")],
    ),
    "online_retail": Export(
        ("payments", "customers"),
        PAYMENT,
        [
            ("536365", "17850", 3564, "GBP", "paid", "one_off", "2010-12-01"),
            ("C536379", "17850", -2750, "GBP", "paid", "refund", "2010-12-01"),
        ],
    ),
    "cdnow_transactions": Export(
        ("payments",),
        PAYMENT,
        [
            ("1/19970101/1", "1", 2933, "USD", "paid", "one_off", "1997-01-01"),
            ("1/19970101/2", "1", 900, "USD", "paid", "one_off", "1997-01-01"),
            ("2/19970112/1", "2", 500, "USD", "paid", "one_off", "1997-01-12"),
        ],
    ),
    "answers_ces": Export(
        ("surveys",),
        SURVEY,
        [("C1", "2025-04-07", "ces", "6", "1-7", "1", "Fine")],
    ),
    "ravenstack_tickets": Export(
        ("interactions", "surveys"),
        SURVEY,
        [("A-1", "2024-10-17", "csat", "4", "1-5", "T-2", None)],
    ),
    "customer_list": Export(
        ("customers", "subscriptions", "surveys"),
        SUBSCRIPTION,
        [
            ("C-1", "C-1", 5_360_000_000, "IRR", "month", None, "cancelled", "2022-01-14", "2022-08-30"),
            ("C-2", "C-2", 1_144_000_000, "IRR", "month", None, "active", "2024-11-07", None),
        ],
    ),
}


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.csv").read_bytes().decode()


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_becomes_what_it_says(name: str, tmp_path: Path) -> None:
    export = EXPORTS[name]
    header = tuple(next(iter(text_of(name).splitlines())).replace('"', "").split(";" if name in SEMICOLONS else ","))
    found = catalogue.match("export.csv", header)
    assert found is not None
    assert found.name == name
    outcome = bring(tmp_path / "w.db", text_of(name))
    assert tuple(file.kind for file in outcome.files) == export.kinds
    for file in outcome.files:
        assert file.read == file.created + file.updated + file.unchanged + file.refused
        assert (file.refused, file.source) == (0, found.label), file.problems
    assert select(tmp_path / "w.db", export.sql) == export.rows


SEMICOLONS = frozenset({"online_retail", "customer_list", "salesforce_accounts"})


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_imported_again_changes_nothing(name: str, tmp_path: Path) -> None:
    bring(tmp_path / "w.db", text_of(name))
    again = bring(tmp_path / "w.db", text_of(name))
    assert [(file.kind, file.created, file.updated) for file in again.files] == [(file.kind, 0, 0) for file in again.files]


@pytest.mark.parametrize("kind", RECORDS)
def test_no_template_is_taken_for_another_program_s_export(kind: str) -> None:
    assert catalogue.match("export.csv", RECORDS[kind].names) is None  # type: ignore[index]  # a Kind is a str
    assert headers.is_template(RECORDS[kind].names)  # type: ignore[index]  # the same


def test_of_two_sources_that_fit_the_one_that_asks_more_is_meant() -> None:
    header = ("id", "customer_id", "amount", "amount_refunded", "captured", "_fivetran_synced")
    found = catalogue.match("charge.csv", header)
    assert found is not None
    assert found.name == "stripe_api_charges"
    assert catalogue.lacking(found, "charge.csv", header) == ()


DASHBOARD = "id,Created (UTC),Amount,Amount Refunded,Currency,Captured,Mode,Status,Customer ID,Seller Message,PaymentIntent ID"


@pytest.mark.parametrize(
    "header",
    [
        DASHBOARD,
        DASHBOARD.replace("Created (UTC)", "Created date (UTC)"),
        "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Fee,Tax,Mode,Status,Customer ID,Captured",
    ],
)
def test_what_stripe_s_dashboard_exports_is_not_taken_for_what_its_interface_has(header: str) -> None:
    names = tuple(header.split(","))
    found = catalogue.match("payments.csv", names)
    assert found is not None
    assert found.name == "stripe_payments"
    (charges,) = (source for source in catalogue.shipped() if source.name == "stripe_api_charges")
    assert catalogue.lacking(charges, "payments.csv", names)


def test_a_refund_is_a_payment_of_its_own_on_its_own_day(tmp_path: Path) -> None:
    """What was paid stays whole, what was paid back is a refund: revenue is what it was, and a full refund can be seen."""
    rows = [
        "ch_1,2026-10-02 09:20,225.00,25.00,eur,true,Live,Partial refund,cus_1,,pi_1,2026-11-05 10:00",
        "ch_2,2026-10-03 09:20,398.00,398.00,eur,true,Live,Refunded,cus_2,,pi_2,",
        "ch_3,2026-10-04 09:20,10.00,0.00,eur,true,Live,Paid,cus_2,,pi_3,",
    ]
    text = "\n".join([f"{DASHBOARD},Refunded date (UTC)", *rows, ""])
    outcome = bring(tmp_path / "w.db", text)
    assert [(file.kind, file.read, file.created, file.refused) for file in outcome.files] == [("payments", 5, 5, 0)]
    assert any("a refund of its own, on its day" in odd.message for odd in outcome.files[0].oddities)
    assert select(tmp_path / "w.db", PAYMENT) == [
        ("ch_1", "cus_1", 22_500, "EUR", "paid", "recurring", "2026-10-02"),
        ("ch_1-refund", "cus_1", 2500, "EUR", "paid", "refund", "2026-11-05"),
        ("ch_2", "cus_2", 39_800, "EUR", "paid", "recurring", "2026-10-03"),
        ("ch_2-refund", "cus_2", 39_800, "EUR", "paid", "refund", "2026-10-03"),
        ("ch_3", "cus_2", 1000, "EUR", "paid", "recurring", "2026-10-04"),
    ]


def test_a_payment_that_is_refused_is_refused_once_with_its_refund(tmp_path: Path) -> None:
    rows = [
        "ch_1,2026-13-02 09:20,225.00,25.00,eur,true,Live,Partial refund,cus_1,,pi_1",
        "ch_2,2026-10-03 09:20,many,5.00,eur,true,Live,Paid,cus_2,,pi_2",
        "ch_3,2026-10-04 09:20,10.00,few,eur,true,Live,Paid,cus_2,,pi_3",
    ]
    file = bring(tmp_path / "w.db", "\n".join([DASHBOARD, *rows, ""])).files[0]
    assert (file.read, file.created, file.refused) == (4, 1, 3)
    assert [(problem.line, problem.column, problem.code) for problem in file.problems] == [
        (2, "Created (UTC)", "not-a-date"),
        (3, "Amount", "not-a-number"), (4, "Amount Refunded", "not-a-number"),
    ]  # fmt: skip
    assert select(tmp_path / "w.db", "SELECT payment_id FROM payment") == [("ch_3",)]


def test_an_order_s_lines_are_refused_together(tmp_path: Path) -> None:
    text = text_of("online_retail").replace("536365;2;Pot;6;", "536365;2;Pot;many;")
    outcome = bring(tmp_path / "w.db", text)
    payments = outcome.files[0]
    assert (payments.read, payments.created, payments.refused) == (3, 1, 2)
    assert [(p.line, p.column, p.code) for p in payments.problems] == [(2, None, "incomplete-group"), (3, "Quantity", "not-a-number")]
    assert select(tmp_path / "w.db", "SELECT payment_id FROM payment") == [("C536379",)]


LINES_SOURCE = """
headers = ["Invoice", "Client", "Price", "Curr", "Day"]
[[becomes]]
kind = "payments"
fields = { payment_id = "Invoice", customer_id = "Client", amount = "Price", currency = "Curr", paid_at = "Day" }
group = { by = ["payment_id"], sum = ["amount"] }
"""


def test_an_invoice_in_two_currencies_is_refused_whole_and_one_line_of_it_never_stands_for_all(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "cstui" / "sources"
    folder.mkdir(parents=True)
    (folder / "lines.toml").write_text(LINES_SOURCE, encoding="utf-8")
    head = "Invoice,Client,Price,Curr,Day\n"
    lines = "1,c1,10,USD,2026-01-02\n1,c1,5,EUR,2026-01-02\n2,c1,7,USD,2026-01-02\n1,c1,1,USD,2026-01-02\n3,c1,1,USD,2026-01-02\n"
    more = "3,c1,2,XQZ,2026-01-02\n4,c1,8,,2026-01-03\n4,c1,1,USD,2026-01-03\n"
    file = bring(tmp_path / "w.db", head + lines + more).files[0]
    assert (file.read, file.created, file.refused) == (7, 2, 5)
    assert [(problem.line, problem.code) for problem in file.problems] == [
        (2, "mixed-currencies"), (3, "mixed-currencies"), (5, "mixed-currencies"), (6, "incomplete-group"), (7, "not-a-currency"),
    ]  # fmt: skip
    assert "Line 2 is in USD and line 3, of the same record, in EUR" in file.problems[0].message
    paid = select(tmp_path / "w.db", "SELECT payment_id, amount, currency FROM payment ORDER BY 1")
    assert paid == [("2", 700, "USD"), ("4", 900, "USD")]


@pytest.mark.parametrize("spoilt", ["536365;2;Pot;6", "536365;2;Pot;6;1/12/2010 08:26;2,55;17850;United Kingdom;more"])
def test_an_order_with_a_line_of_another_shape_is_not_added_up_without_it(spoilt: str, tmp_path: Path) -> None:
    lines = text_of("online_retail").splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("536365;2;Pot;6;"))
    text = "\n".join([*lines[:place], spoilt, *lines[place + 1 :], ""])
    payments = bring(tmp_path / "w.db", text).files[0]
    assert (payments.read, payments.created, payments.refused) == (3, 1, 2)
    assert [problem.code for problem in payments.problems] == ["incomplete-group", "extra-cell" if "more" in spoilt else "missing-cell"]
    assert select(tmp_path / "w.db", "SELECT payment_id FROM payment") == [("C536379",)]


def test_the_same_purchases_in_three_forms_are_taken_once(tmp_path: Path) -> None:
    master = "customer_id,date,number_of_cds,dollar_value\n00004,19970101,2,29.33\n00005,19970101,1,5.00\n"
    part = "_id,id,date,cds_bought,spent\n4,1,19970101,2,29.33\n"
    outcome = bring(tmp_path / "w.db", part, master)
    assert [(file.kind, file.created, file.why) for file in outcome.files] == [
        ("payments", 2, "it looks like the CDNOW purchases: customer_id, date, number_of_cds, dollar_value"),
        ("", 0, "the same is in file1.csv of this call: counted twice it would be wrong"),
    ]


def test_why_a_file_was_taken_for_what_it_is_names_its_own_headers(tmp_path: Path) -> None:
    rows = "کد مشتری,نام مشتری,تاریخ شروع,مبلغ ماهانه (ریال)\nC-1,آراد,1403/01/13,100\n"
    assert bring(tmp_path / "w.db", rows).files[0].why.endswith(": کد مشتری, تاریخ شروع, مبلغ ماهانه (ریال)")


def test_a_column_mapped_by_hand_is_in_the_currency_that_its_header_names(tmp_path: Path) -> None:
    rows = "payment_id,customer_id,Betrag (EUR),paid_at\np1,c1,10,2026-04-03\np2,c1,£5,2026-04-03\n"
    bring(tmp_path / "w.db", "payment_id,customer_id,amount,paid_at\np0,c1,1,2026-04-03\n")
    outcome = bring(tmp_path / "w.db", rows, mapping={"amount": "Betrag (EUR)"})
    assert not any(odd.code == "currency-assumed" for odd in outcome.files[0].oddities)
    paid = select(tmp_path / "w.db", "SELECT payment_id, amount, currency FROM payment ORDER BY 1")
    assert paid == [("p0", 100, "USD"), ("p1", 1000, "EUR"), ("p2", 500, "GBP")]
    bring(tmp_path / "w.db", rows, mapping={"amount": "Betrag (EUR)"}, constants={"currency": "CHF"})
    assert select(tmp_path / "w.db", "SELECT currency FROM payment WHERE payment_id = 'p1'") == [("CHF",)]


def test_rials_and_tomans_are_one_currency_and_the_first_file_s(tmp_path: Path) -> None:
    rows = "payment_id,customer_id,amount,paid_at\np1,c1,1000 تومان,2026-04-03\np2,c1,5000 ریال,2026-04-04\np3,c1,700,2026-04-04\n"
    bring(tmp_path / "w.db", rows)
    paid = select(tmp_path / "w.db", "SELECT payment_id, amount, currency FROM payment ORDER BY 1")
    assert paid == [("p1", 1_000_000, "IRR"), ("p2", 500_000, "IRR"), ("p3", 70_000, "IRR")]


def test_payments_that_were_disputed_are_told(tmp_path: Path) -> None:
    head = "id,Created date (UTC),Amount,Currency,Status,Customer ID,PaymentIntent ID,Disputed Amount,Dispute Status\n"
    rows = "py_1,2026-07-02,100.00,usd,Paid,c1,pi_1,100.00,lost\npy_2,2026-07-02,100.00,usd,Paid,c1,pi_2,,\n"
    told = [odd for odd in bring(tmp_path / "w.db", head + rows).files[0].oddities if odd.code == "remark"]
    assert [(odd.count, odd.lines, odd.message.partition(":")[0]) for odd in told] == [(1, (2,), "payments that were disputed")]


def test_of_an_order_paid_in_part_only_what_was_paid_counts(tmp_path: Path) -> None:
    head = "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem name,Outstanding Balance\n"
    rows = "#1,a@x.com,partially_paid,,USD,100.00,2026-03-01,Cup,60.00\n#2,b@x.com,pending,,USD,50.00,2026-03-01,Cup,50.00\n"
    file = bring(tmp_path / "w.db", head + rows + "#3,c@x.com,paid,2026-03-02,USD,20.00,2026-03-01,Cup,0.00\n").files[0]
    assert [(odd.code, odd.count) for odd in file.oddities if odd.code == "remark"] == [("remark", 2)]
    paid = select(tmp_path / "w.db", "SELECT payment_id, amount, status FROM payment ORDER BY 1")
    assert paid == [("#1", 4000, "paid"), ("#2", 5000, "open"), ("#3", 2000, "paid")]


def test_lines_that_name_a_currency_are_in_it_and_not_in_the_source_s_own(tmp_path: Path) -> None:
    head = "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID,Currency\n"
    told = [
        ("1,2", "US$10.00", ""),
        ("2,2", "10.00", ""),
        ("3,1", "10.00", "EUR"),
        ("4,1", "€3.00", ""),
        ("4,2", "1.00", ""),
        ("5,1", "$1", ""),
    ]
    rows = [f"{invoice},2026-01-14,{price},c1,{currency}\n" for invoice, price, currency in told]
    file = bring(tmp_path / "w.db", head + "".join(rows)).files[0]
    assert [(problem.line, problem.code) for problem in file.problems] == [
        (5, "mixed-currencies"), (6, "mixed-currencies"), (7, "not-a-currency"),
    ]  # fmt: skip
    paid = select(tmp_path / "w.db", "SELECT payment_id, amount, currency FROM payment ORDER BY 1")
    assert paid == [("1", 2000, "USD"), ("2", 2000, "GBP"), ("3", 1000, "EUR")]


def test_a_file_that_is_known_and_of_no_use_says_why(tmp_path: Path) -> None:
    cards = "id,_fivetran_synced,brand\npm_1,2021-01-24,visa\n"
    customers = "customer_id,name\nc1,Acme\n"
    outcome = bring(tmp_path / "w.db", cards, customers)
    assert [(file.kind, file.read, file.created) for file in outcome.files] == [("customers", 1, 1), ("", 0, 0)]
    assert "no customer, subscription or payment" in outcome.files[1].why


def test_use_finds_its_customer_through_subscriptions_of_the_call_or_of_the_workspace(tmp_path: Path) -> None:
    subscriptions = (
        "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,billing_frequency\n"
        "S-1,A-1,2023-01-01,,Pro,9,100,1200,FALSE,annual\n"
    )
    usage = (
        "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count\n"
        "U-1,S-1,2023-07-27,f1,9,90,0\nU-2,S-1,2023-07-27,f2,1,30,0\nU-3,S-1,2023-07-28,f2,1,60,0\nU-4,S-9,2023-07-28,f2,1,60,0\n"
    )
    for calls in ((usage, subscriptions),), ((subscriptions,), (usage,)):
        path = tmp_path / f"{len(calls)}.db"
        outcomes = [bring(path, *contents) for contents in calls]
        use = next(file for outcome in outcomes for file in outcome.files if file.kind == "usage")
        assert (use.read, use.created, use.refused) == (3, 2, 1)
        assert [(p.line, p.column, p.code) for p in use.problems] == [(5, "subscription_id", "foreign-key")]
        assert select(path, "SELECT dom, minutes, events FROM usage ORDER BY dom") == [(27, 2000, 10), (28, 1000, 1)]
        assert select(path, "SELECT amount, interval FROM subscription") == [(120_000, "year")]


def test_a_list_that_shows_the_present_never_rewrites_the_past(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    header = "کد مشتری,تاریخ شروع,مبلغ ماهانه (ریال),وضعیت,امتیاز NPS\n"
    bring(path, header + "C-1,2026-01-10,500,فعال,9\n")
    changed = bring(path, header + "C-1,2026-01-10,700,فعال,6\n")
    assert [(file.kind, file.created, file.updated) for file in changed.files] == [
        ("customers", 0, 0), ("subscriptions", 1, 0), ("surveys", 0, 1),
    ]  # fmt: skip
    versions = "SELECT date(started_at * 86400, 'unixepoch'), amount FROM subscription ORDER BY 1"
    assert select(path, versions) == [("2026-01-10", 50_000), ("2026-11-21", 70_000)]
    again = bring(path, header + "C-1,2026-01-10,700,فعال,6\n")
    assert [(file.created, file.updated) for file in again.files] == [(0, 0)] * 3


def test_a_snapshot_s_change_begins_with_its_period(tmp_path: Path) -> None:
    path, text = tmp_path / "w.db", text_of("stripe_subscriptions")
    bring(path, text)
    bring(path, text.replace(",3,eur", ",5,eur"))
    versions = "SELECT date(started_at * 86400, 'unixepoch'), quantity FROM subscription ORDER BY 1"
    assert select(path, versions) == [("2026-01-05", "3"), ("2026-10-05", "5")]


def test_a_person_s_word_comes_before_a_source_s(tmp_path: Path) -> None:
    outcome = bring(tmp_path / "w.db", text_of("subscription_periods"), constants={"currency": "EUR"})
    assert [file.source for file in outcome.files] == ["subscription periods"]
    assert select(tmp_path / "w.db", "SELECT currency FROM subscription") == [("EUR",)]


PLAIN = {
    "persian subscriptions": (
        "شناسه اشتراک,کد مشتری,تاریخ شروع,تاریخ پایان,مبلغ (تومان),طرح,دوره,وضعیت\nS-1,C-1,1403/01/05,,۱۲۰٬۰۰۰,ویژه,سالانه,فعال\n",
        ("subscriptions", "persian"),
        (
            f"SELECT subscription_id, {ID}, amount, currency, plan, interval, status, date(started_at * 86400, 'unixepoch') "
            "FROM subscription AS t"
        ),
        [("S-1", "C-1", 120_000_000, "IRR", "ویژه", "year", "active", "2024-03-24")],
    ),
    "arabic payments": (
        "رقم الفاتورة;رقم العميل;تاريخ الدفع;المبلغ (SAR);الحالة\nF-1;C-1;٢٠٢٦-٠٣-٠١;١٬٢٣٤٫٥٠;مدفوعة\n",
        ("payments", "arabic"),
        PAYMENT,
        [("F-1", "C-1", 123_450, "SAR", "paid", "recurring", "2026-03-01")],
    ),
    "persian tickets": (
        "شناسه تیکت,عنوان,وضعیت,کد مشتری,تاریخ ایجاد\nT-1,ورود,در حال انجام,C-1,۱۴۰۳/۱۱/۱۲ ۱۵:۰۲\n",
        ("interactions", "persian"),
        INTERACTION,
        [("T-1", "C-1", "2025-01-31", "open", "ورود", None, None, None)],
    ),
    "arabic answers": (
        "رقم العميل,التاريخ,درجة NPS,التعليق\nC-1,2026-03-01,٩,ممتاز\n",
        ("surveys", "arabic"),
        SURVEY,
        [("C-1", "2026-03-01", "nps", "9", "0-10", None, "ممتاز")],
    ),
    "arabic customers": (
        "معرف العميل,اسم العميل,البريد الإلكتروني,المنطقة,المسؤول,السقف الائتماني (YER)\nC-1,أحمد,a@x.example,صنعاء,سارة,500\n",
        ("customers", "arabic"),
        "SELECT customer_id, name, email, region, owner, attributes FROM customer",
        [("C-1", "أحمد", "a@x.example", "صنعاء", "سارة", '{"السقف الائتماني (YER)":"500"}')],
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_files_with_arabic_and_persian_headers_need_no_help(name: str, tmp_path: Path) -> None:
    text, taken_for, sql, rows = PLAIN[name]
    (file,) = bring(tmp_path / "w.db", text).files
    assert (file.kind, file.source, file.problems) == (*taken_for, ())
    assert select(tmp_path / "w.db", sql) == rows


VERSIONS = (
    "SELECT date(started_at * 86400, 'unixepoch'), status, date(ended_at * 86400, 'unixepoch'), quantity "
    "FROM subscription ORDER BY started_at"
)


def test_a_snapshot_s_dated_end_is_the_end_of_its_version_and_an_undated_status_a_new_one(tmp_path: Path) -> None:
    text = text_of("stripe_subscriptions")
    ended = text.replace("20.00,active,", "20.00,canceled,").replace(
        "2026-11-05 10:00,,,,\n", "2026-11-05 10:00,,,2026-10-20 09:00,2026-10-21 09:00\n", 1
    )
    bring(tmp_path / "a.db", text)
    bring(tmp_path / "a.db", ended)
    assert select(tmp_path / "a.db", VERSIONS) == [("2026-01-05", "cancelled", "2026-10-21", "3")]
    bring(tmp_path / "b.db", text)
    bring(tmp_path / "b.db", text.replace("20.00,active,", "20.00,paused,"))
    assert select(tmp_path / "b.db", VERSIONS) == [("2026-01-05", "active", None, "3"), ("2026-10-05", "paused", None, "3")]


def test_a_ticket_finds_its_customer_by_e_mail(tmp_path: Path) -> None:
    bring(tmp_path / "w.db", "customer_id,name,email\nk-1,Bolt,b@x.example\nk-2,Acme,\n")
    bring(tmp_path / "w.db", text_of("zendesk_tickets").replace(",c1,", ",,"))
    assert select(tmp_path / "w.db", f"SELECT interaction_id, {ID} FROM interaction AS t ORDER BY 1") == [("41", "k-2"), ("42", "k-1")]


def test_invoices_are_left_to_the_charges_of_the_same_call(tmp_path: Path) -> None:
    invoices = "id,customer_id,amount_due,amount_paid,amount_remaining,currency,period_end,status\n"
    invoices += "in_1,c1,1000,1000,0,usd,2026-05-01 10:00:00,paid\n"
    charges = "id,amount,amount_refunded,captured,created,currency,customer_id,invoice_id,status\n"
    charges += "ch_1,1000,200,true,2026-05-01 10:00:00,usd,c1,in_1,succeeded\n"
    alone = bring(tmp_path / "a.db", invoices)
    assert [(file.kind, file.created) for file in alone.files] == [("payments", 1)]
    both = bring(tmp_path / "b.db", invoices, charges)
    assert [(file.kind, file.created) for file in both.files] == [("payments", 2), ("", 0)]
    assert both.files[1].why == "the same is in file1.csv of this call: counted twice it would be wrong"
    assert select(tmp_path / "b.db", PAYMENT) == [
        ("ch_1", "c1", 1000, "USD", "paid", "recurring", "2026-05-01"),
        ("ch_1-refund", "c1", 200, "USD", "paid", "refund", "2026-05-01"),
    ]


def test_a_kind_whose_columns_are_not_there_is_told(tmp_path: Path) -> None:
    text = (
        "subscriptions.id,subscriptions.plan_id,subscriptions.start_date,customers.id,customers.email\ns1,basic,2026-01-01,c1,a@x.example\n"
    )
    (file,) = bring(tmp_path / "w.db", text).files
    assert (file.kind, file.created) == ("customers", 1)
    assert any("no column for amount of subscriptions" in odd.message for odd in file.oddities)


def test_as_takes_one_kind_of_an_export(tmp_path: Path) -> None:
    outcome = bring(tmp_path / "w.db", text_of("shopify_orders"), kind="customers")
    assert [(file.kind, file.source) for file in outcome.files] == [("customers", "shopify")]


def test_a_column_mapped_by_hand_replaces_the_source_s(tmp_path: Path) -> None:
    outcome = bring(tmp_path / "w.db", text_of("stripe_payments"), mapping={"source": "Description"})
    assert [(file.kind, file.created) for file in outcome.files] == [("payments", 3)]
    assert select(tmp_path / "w.db", "SELECT source FROM payment ORDER BY payment_id") == [("Pro",), ("Pro",), (None,)]


@pytest.mark.parametrize("cell", ["۱۲۰٬۰۰۰", "۱۲۰٬۰۰۰ تومان", "تومان 120000", "120000 toman"])
def test_tomans_are_ten_rials_once_whoever_says_so(tmp_path: Path, cell: str) -> None:
    """The header says it, and each cell may say it again."""
    header = "شناسه اشتراک,کد مشتری,تاریخ شروع,مبلغ (تومان)\n"
    file = bring(tmp_path / "w.db", f"{header}S-1,C-1,1403/01/05,{cell}\nS-2,C-1,1403/01/05,120000\n").files[0]
    assert (file.created, file.refused) == (2, 0)
    assert select(tmp_path / "w.db", "SELECT DISTINCT amount, currency FROM subscription") == [(120_000_000, "IRR")]


@pytest.mark.parametrize("cell", ["500 ریال", "﷼ 500", "IRR 500", "500 rial", "500 USD"])
def test_another_unit_under_a_header_that_says_tomans_is_refused(tmp_path: Path, cell: str) -> None:
    header = "payment_id,customer_id,مبلغ (تومان),paid_at\n"
    file = bring(tmp_path / "w.db", f"{header}p1,c1,{cell},2026-01-02\np2,c1,500,2026-01-02\n").files[0]
    assert (file.created, file.refused) == (1, 1)
    (problem,) = file.problems
    assert (problem.line, problem.column, problem.code) == (2, "مبلغ (تومان)", "constraint-error")
    assert "the column's header tomans" in problem.message
    assert ("A toman is ten rials" in problem.message) == ("USD" not in cell)
    assert select(tmp_path / "w.db", "SELECT payment_id, amount, currency FROM payment") == [("p2", 500_000, "IRR")]


def test_a_header_that_says_tomans_beside_a_column_of_currencies(tmp_path: Path) -> None:
    """Tomans are kept in rials, which a currency column may say; one that says tomans does not say it twice."""
    header = "payment_id,customer_id,مبلغ (تومان),currency,paid_at\n"
    rows = "p1,c1,500,تومان,2026-01-02\np2,c1,500,IRR,2026-01-02\np3,c1,500,,2026-01-02\np4,c1,500,USD,2026-01-02\n"
    file = bring(tmp_path / "w.db", header + rows).files[0]
    assert [(problem.line, problem.message) for problem in file.problems] == [
        (5, "The column's header says tomans, the row's currency USD.")
    ]
    assert select(tmp_path / "w.db", "SELECT payment_id, amount, currency FROM payment ORDER BY 1") == [
        ("p1", 500_000, "IRR"), ("p2", 500_000, "IRR"), ("p3", 500_000, "IRR"),
    ]  # fmt: skip


GA4 = (
    "# ----\n# Free form\n# Start date: 20260901\n# End date: 20260930\n# ----\n\n"
    "Town/City,Active users,New users,Engagement rate,Key events\nBerlin,\"1,200\",300,55.5%,12\n(not set),20,3,0.5,1\n"
)  # fmt: skip


def test_a_report_without_days_says_which_option_gives_them(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn) as found:
        bring(tmp_path / "w.db", GA4)
    assert "from 2026-09-01 to 2026-09-30: --set date=2026-09-30" in found.value.message
    assert (found.value.kind, found.value.suggested, found.value.encoding) == ("traffic", ("date", "2026-09-30"), "utf-8")
    bring(tmp_path / "w.db", GA4, constants={"date": "2026-09-30"})
    assert select(tmp_path / "w.db", "SELECT date(date * 86400, 'unixepoch'), visits, conversions FROM traffic") == [
        ("2026-09-30", 1220, 13)
    ]


def test_a_report_that_names_its_days_in_one_line_offers_the_last_of_them(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match="from 2026-09-01 to 2026-09-30: --set date=2026-09-30"):
        bring(tmp_path / "w.db", GA4.replace("# Start date: 20260901\n# End date: 20260930\n", "# 20260901-20260930\n"))


def test_a_report_of_several_months_says_that_its_months_would_not_be_true(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match="more than one month"):
        bring(tmp_path / "w.db", GA4.replace("20260901", "20260801"))
    with pytest.raises(MissingColumn, match=r"or --set date=YYYY-MM-DD") as found:
        bring(tmp_path / "w.db", GA4.replace("End date: 20260930", "End date: 20260931"))
    assert found.value.suggested == ("date", "")
