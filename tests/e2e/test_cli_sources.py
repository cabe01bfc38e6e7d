"""Real exports of others through the command line, taken for what they are without a word of help; and `cstui sources`."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import SHARED, Done, cstui

pytestmark = [pytest.mark.e2e]
COUNTS = ("kind", "source", "read", "created", "updated", "unchanged", "refused")
PERSIAN = SHARED / "persian_arabic"


def needs(folder: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not (SHARED / folder).is_dir(), reason=f"{SHARED / folder} is not there")


def bring(home: Path, *paths: Path) -> Done:
    return cstui("import", *paths, "--db", "w.db", "--json", home=home)


def entries(done: Done) -> list[tuple[object, ...]]:
    assert done.status == 0, done.err
    for file in done.json["files"]:
        assert file["read"] == file["created"] + file["updated"] + file["unchanged"] + file["refused"]
    return [tuple(file[name] for name in COUNTS) for file in done.json["files"]]


def select(home: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(home / "w.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def rows_of(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=delimiter)


@pytest.mark.shared_data
@needs("persian_arabic")
@pytest.mark.parametrize("form", ["cp1256", "semicolon_utf8", "utf8bom_persian_digits"])
def test_persian_customer_lists_equal_their_truth_in_every_encoding(form: str, tmp_path: Path) -> None:
    done = bring(tmp_path, PERSIAN / f"constructed_customers_fa_{form}.csv")
    truth = list(rows_of(PERSIAN / "constructed_customers_truth.csv"))
    scores = sum(bool(row["nps"]) for row in truth)
    assert entries(done) == [
        ("customers", "customer list", 300, 300, 0, 0, 0),
        ("subscriptions", "customer list", 300, 300, 0, 0, 0),
        ("surveys", "customer list", scores, scores, 0, 0, 0),
    ]
    day = "date({} * 86400, 'unixepoch')"
    found = select(
        tmp_path,
        f"SELECT c.customer_id, c.name, {day.format('s.started_at')}, ifnull({day.format('s.ended_at')}, ''), "
        "s.amount, s.currency, s.status, "
        "ifnull((SELECT v.score FROM survey AS v WHERE v.customer_id = c.id), '') "
        "FROM customer AS c JOIN subscription AS s ON s.customer_id = c.id ORDER BY c.customer_id",
    )
    words = {"لغو شده": "cancelled", "فعال": "active", "آزمایشی": "trial"}
    assert [(*row[:1], letters(row[1]), *row[2:]) for row in found] == [
        (row["customer_id"], letters(row["name"]), row["start_gregorian"], row["cancel_gregorian"], int(row["monthly_rial"]) * 100, "IRR",
         words[row["status"]], row["nps"])
        for row in sorted(truth, key=lambda row: row["customer_id"])
    ]  # fmt: skip


def letters(name: str) -> str:
    """A name in the letters that cp1256 has: it knows no Persian yeh."""
    return name.replace("ی", "ي").replace("ى", "ي").replace("ک", "ك")


@pytest.mark.shared_data
@needs("ravenstack")
def test_ravenstack_comes_in_whole_and_a_second_time_unchanged(tmp_path: Path) -> None:
    files = sorted((SHARED / "ravenstack").glob("*.csv"))
    use: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    accounts = {row["subscription_id"]: row["account_id"] for row in rows_of(SHARED / "ravenstack" / "ravenstack_subscriptions.csv")}
    for row in rows_of(SHARED / "ravenstack" / "ravenstack_feature_usage.csv"):
        day = use[accounts[row["subscription_id"]], row["usage_date"]]
        day[0] += int(row["usage_count"])
        day[1] += int(row["usage_duration_secs"])
    scored = sum(bool(row["satisfaction_score"]) for row in rows_of(SHARED / "ravenstack" / "ravenstack_support_tickets.csv"))
    wanted = [
        ("customers", 500),
        ("interactions", 600),
        ("usage", len(use)),
        ("subscriptions", 5000),
        ("interactions", 2000),
        ("surveys", scored),
    ]
    assert entries(bring(tmp_path, *files)) == [(kind, "ravenstack", rows, rows, 0, 0, 0) for kind, rows in wanted]
    assert select(tmp_path, "SELECT sum(events) FROM usage") == [(sum(day[0] for day in use.values()),)]
    again = bring(tmp_path, *files)
    assert entries(again) == [(kind, "ravenstack", rows, 0, 0, rows, 0) for kind, rows in wanted]
    churn = next(file for file in again.json["files"] if file["file"] == "ravenstack_churn_events.csv")
    assert any("refund_amount_usd is not used" in odd["message"] for odd in churn["oddities"])
    mrr = cstui("metrics", "mrr", "customers_active", "--month", "2024-12", "--db", "w.db", "--json", home=tmp_path).json
    running = [
        row
        for row in rows_of(SHARED / "ravenstack" / "ravenstack_subscriptions.csv")
        if row["start_date"] < "2025-01-01" and (row["end_date"] or "9") > "2024-12-31"
    ]
    assert mrr["periods"][0]["metrics"]["mrr"]["value"] == sum(float(row["mrr_amount"]) for row in running)


@pytest.mark.shared_data
@needs("online_retail_samples")
@pytest.mark.parametrize(
    ("name", "delimiter"), [("OnlineRetail_10k_semicolon_decimalcomma.csv", ";"), ("OnlineRetail_30k_random.csv", ",")]
)
def test_order_lines_come_to_their_invoices(name: str, delimiter: str, tmp_path: Path) -> None:
    path = SHARED / "online_retail_samples" / name
    cent = Decimal("0.01")
    invoices: dict[str, Decimal] = defaultdict(Decimal)
    nobody = 0
    for row in rows_of(path, delimiter):
        if not row["CustomerID"]:
            nobody += 1
        else:
            line = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"].replace(",", "."))
            invoices[row["InvoiceNo"]] += line.quantize(cent)
    payments, customers = entries(bring(tmp_path, path))
    assert payments == ("payments", "online retail", len(invoices) + nobody, len(invoices), 0, 0, nobody)
    assert customers[0] == "customers"
    found = dict(select(tmp_path, "SELECT payment_id, amount FROM payment"))
    assert found == {number: int(amount * 100) for number, amount in invoices.items()}
    kinds = dict(select(tmp_path, "SELECT kind, count(*) FROM payment GROUP BY kind"))
    assert kinds.get("refund", 0) == sum(number.startswith("C") for number in invoices)


@pytest.mark.shared_data
@needs("cdnow")
@pytest.mark.parametrize(
    ("name", "rows", "customers"),
    [("cdnow_transactions.csv", 6919, 2357), ("CDNOW_sample.txt", 6919, 2357), ("CDNOW_master.txt", 69_659, 23_570)],
)
def test_purchases_of_cdnow(name: str, rows: int, customers: int, tmp_path: Path) -> None:
    assert entries(bring(tmp_path, SHARED / "cdnow" / name)) == [("payments", "cdnow", rows, rows, 0, 0, 0)]
    assert select(tmp_path, "SELECT count(DISTINCT customer_id), count(*) FROM payment") == [(customers, rows)]
    assert entries(bring(tmp_path, SHARED / "cdnow" / name)) == [("payments", "cdnow", rows, 0, 0, rows, 0)]


@pytest.mark.shared_data
@needs("cdnow")
def test_summaries_of_purchases_say_why_they_are_of_no_use(tmp_path: Path) -> None:
    for name in ("cdnow_customers_summary.csv", "cdnow_customers_summary_with_transactions.csv", "clv_quickstart.csv"):
        done = bring(tmp_path, SHARED / "cdnow" / name)
        assert (done.status, done.json["error"]["code"]) == (1, "unknown-kind")
        assert "import the purchases themselves" in done.json["error"]["message"]


@pytest.mark.shared_data
@needs("fivetran_stripe_seeds")
def test_stripe_s_tables_come_in_one_call_and_the_rest_says_why_not(tmp_path: Path) -> None:
    done = bring(tmp_path, *sorted((SHARED / "fivetran_stripe_seeds").glob("*.csv")))
    used = [entry for entry in entries(done) if entry[0] is not None]
    assert used == [
        ("payments", "stripe", 16, 16, 0, 0, 0),
        ("customers", "stripe", 11, 11, 0, 0, 0),
        ("subscriptions", "stripe", 14, 2, 0, 0, 12),
    ]
    for file in done.json["files"]:
        if file["kind"] is None:
            assert [odd["code"] for odd in file["oddities"]] == ["not-used"]
            assert file["oddities"][0]["message"]
    items = next(file for file in done.json["files"] if file["kind"] == "subscriptions")
    unknown = [problem for problem in items["problems"] if problem["code"] == "foreign-key"]
    assert {problem["column"] for problem in unknown} == {"subscription_id"}
    assert len(unknown) == 12
    (other,) = (problem for problem in items["problems"] if problem["code"] != "foreign-key")
    assert (other["line"], other["column"], other["value"]) == (15, "current_period_end", "9999-08-13 16:00:00")
    amounts = select(tmp_path, "SELECT amount, currency, interval, quantity FROM subscription ORDER BY subscription_id")
    assert amounts == [(150_000, "USD", "month", "1"), (150_000, "USD", "month", "2")]
    charges = list(rows_of(SHARED / "fivetran_stripe_seeds" / "charge_data.csv"))
    net = {row["id"]: int(row["amount"]) for row in charges}
    net |= {f"{row['id']}-refund": refunded for row in charges if (refunded := int(row["amount_refunded"]))}
    assert dict(select(tmp_path, "SELECT payment_id, amount FROM payment")) == net
    failed = {row["id"] for row in charges if row["status"] == "failed"}
    assert {payment for (payment,) in select(tmp_path, "SELECT payment_id FROM payment WHERE status = 'failed'")} == failed


@pytest.mark.shared_data
@needs("nps_csat_ces_mock")
@pytest.mark.parametrize(
    ("name", "kind", "scale", "rows"),
    [
        ("nps_responses.csv", "nps", "0-10", 100),
        ("nps_20k_responses.csv", "nps", "0-10", 20_000),
        ("csat_responses.csv", "csat", "1-5", 100),
        ("ces_responses.csv", "ces", "1-7", 100),
    ],
)
def test_answers_are_known_by_their_columns(name: str, kind: str, scale: str, rows: int, tmp_path: Path) -> None:
    assert entries(bring(tmp_path, SHARED / "nps_csat_ces_mock" / name)) == [("surveys", "answers", rows, rows, 0, 0, 0)]
    assert select(tmp_path, "SELECT DISTINCT kind, scale FROM survey") == [(kind, scale)]


@pytest.mark.shared_data
@needs("dbt_mrr_playbook")
def test_subscription_periods_are_known_by_their_columns(tmp_path: Path) -> None:
    path = SHARED / "dbt_mrr_playbook" / "subscription_periods.csv"
    assert entries(bring(tmp_path, path)) == [("subscriptions", "subscription periods", 121, 121, 0, 0, 0)]


def test_sources_are_listed_shown_and_checked(tmp_path: Path) -> None:
    listed = cstui("sources", "--json", home=tmp_path)
    assert listed.status == 0, listed.err
    names = [source["name"] for source in listed.json["sources"]]
    assert names == sorted(names)
    assert {"stripe_payments", "stripe_mrr", "zendesk_tickets", "customer_list"} <= set(names)
    shown = cstui("sources", "stripe_mrr", "--json", home=tmp_path).json["sources"]
    assert [(source["use"], source["kinds"]) for source in shown] == [("reconcile", [])]
    assert "Stripe payments" in cstui("sources", "stripe_payments", home=tmp_path).text
    file = tmp_path / "orders.csv"
    file.write_text("Name,Email,Financial Status,Lineitem name,Total\n#1,a@x.example,paid,Cup,5\n", encoding="utf-8")
    found = cstui("sources", "--check", file, "--json", home=tmp_path).json
    assert (found["source"], found["sources"][0]) == ("shopify_orders", {"name": "shopify_orders", "fits": True, "lacking": []})
    assert "no column “Seller" not in cstui("sources", "--check", file, home=tmp_path).text
    assert "“Seller Message”" in cstui("sources", "stripe_payments", "--check", file, home=tmp_path).text
    assert cstui("sources", "nope", home=tmp_path).status == 2
    assert cstui("sources", "--check", tmp_path / "absent.csv", home=tmp_path).status == 1


def test_a_source_of_one_s_own_is_used_and_a_broken_one_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "cstui" / "sources"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(
        'headers = ["Kunde", "Summe"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\npayment_id = { numbered = ["Kunde", "Tag"] }\n'
        'customer_id = "Kunde"\namount = "Summe"\npaid_at = "Tag"\n',
        encoding="utf-8",
    )
    file = tmp_path / "umsatz.csv"
    file.write_text("Kunde;Summe;Tag\nk1;1.020,50;13.01.2026\nk1;5,00;13.01.2026\n", encoding="utf-8")
    data = {"XDG_DATA_HOME": str(tmp_path / "data")}
    done = cstui("import", file, "--db", "w.db", "--json", home=tmp_path, **data)
    assert entries(done) == [("payments", "mine", 2, 2, 0, 0, 0)]
    assert select(tmp_path, "SELECT payment_id, amount FROM payment ORDER BY 1") == [("k1/13.01.2026/1", 102_050), ("k1/13.01.2026/2", 500)]
    (folder / "mine.toml").write_text(
        'headers = ["Kunde"]\n[[becomes]]\nkind = "payments"\n[becomes.fields]\namount = { sum = ["Summe"] }\n'
    )
    broken = cstui("import", file, "--db", "w.db", "--json", home=tmp_path, **data)
    assert (broken.status, broken.json["error"]["code"]) == (1, "bad-source")
    assert "“mine”" in broken.err
    assert f"take it away: {folder / 'mine.toml'}" in broken.err
    assert "sum means nothing" in broken.err
