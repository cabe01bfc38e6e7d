"""The command line's contract, held on the real program: exit codes, what goes where, the shape and bytes of its JSON."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e

CUSTOMERS = """\
customer_id,name,email,created_at,segment,plan,owner,tier
c-1,شركة النور,noor@example.com,2026-01-05,smb,,Sara,gold
c-2,[/],x@example.com,2026-01-06,smb,,Omid,
c-3,پارس‌داده,,2026-02-01,mid,,Sara,gold
c-4,"=HYPERLINK(""x"")",,2026-09-15,,,,
"""
SUBSCRIPTIONS = """\
subscription_id,customer_id,started_at,amount,plan,currency,interval,ended_at,trial_end
s-1,c-1,2026-02-01,49.00,pro,USD,month,2026-06-01,
s-2,c-1,2026-06-01,99.00,team,USD,month,,
s-3,c-2,2026-03-01,240.00,basic,USD,year,2026-09-15,
s-4,c-3,2026-10-20,30.00,pro,USD,month,,2026-11-20
s-5,c-9,2026-04-01,"12,3,4",pro,USD,month,,
"""
PAYMENTS = """\
payment_id,customer_id,amount,paid_at,currency,kind,status,source
p-1,c-1,99.00,2026-10-31,USD,recurring,paid,card
p-2,c-1,9.00,2026-10-31,USD,refund,paid,card
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three files and the workspace they were imported into, `shop.db`."""
    folder = tmp_path_factory.mktemp("shop")
    for name, text in (("customers.csv", CUSTOMERS), ("subs.csv", SUBSCRIPTIONS), ("pay.csv", PAYMENTS)):
        (folder / name).write_text(text, encoding="utf-8")
    done = cstui("--db", "shop.db", "import", "subs.csv", "customers.csv", "pay.csv", "--rejects", "refused.csv", "--json", home=folder)
    assert done.status == 0, done
    (folder / "import.json").write_bytes(done.out)
    return folder


def test_import_says_what_became_of_every_row(shop: Path) -> None:
    document = json.loads((shop / "import.json").read_bytes())
    assert list(document) == ["schema", "import_id", "files", "moves"]
    assert document["schema"] == 1
    assert document["import_id"] == 1
    files = {file["kind"]: file for file in document["files"]}
    assert {kind: (file["read"], file["created"], file["refused"]) for kind, file in files.items()} == {
        "customers": (4, 4, 0),
        "subscriptions": (5, 4, 1),
        "payments": (2, 2, 0),
    }
    for file in files.values():
        assert file["read"] == file["created"] + file["updated"] + file["unchanged"] + file["refused"]
    problem = files["subscriptions"]["problems"][0]
    assert list(problem) == ["line", "column", "code", "value", "message"]
    assert (problem["line"], problem["column"], problem["code"], problem["value"]) == (6, "amount", "not-a-number", "12,3,4")
    assert "12,3,4" in (shop / "refused.csv").read_text(encoding="utf-8")
    assert stat.S_IMODE((shop / "shop.db").stat().st_mode) == 0o600


def test_importing_again_changes_nothing_and_a_dry_run_less(shop: Path) -> None:
    before = cstui("imports", "--db", "shop.db", "--json", home=shop)
    dry = cstui("import", "subs.csv", "customers.csv", "pay.csv", "--dry-run", "--json", "--db", "shop.db", home=shop)
    assert dry.status == 0
    assert dry.json["import_id"] is None
    assert {(file["created"], file["updated"]) for file in dry.json["files"]} == {(0, 0)}
    assert cstui("imports", "--db", "shop.db", "--json", home=shop).out == before.out


def test_one_import_of_the_log_with_all_that_is_kept_of_it(shop: Path) -> None:
    (shop / "change.csv").write_text("subscription_id,customer_id,started_at,amount\ns-1,c-1,2026-02-01,8.00\n", encoding="utf-8")
    told = cstui("import", "change.csv", "--db", "shop.db", "--dry-run", "--json", home=shop).json
    row = {"line": 2, "id": "s-1", "fields": [{"field": "amount", "before": "49.00", "after": "8.00"}]}
    assert told["files"][0]["changes"] == {"rows": 1, "fields": {"amount": 1}, "first": [row]}
    move = {"metric": "mrr", "unit": "money", "month": "2026-02", "before": 49, "after": 8, "delta": -41}
    assert told["moves"][0] == move
    assert [one["month"] for one in told["moves"]] == ["2026-02", "2026-03", "2026-04", "2026-05"]
    kept = cstui("imports", "1", "--rejects", "late.csv", "--db", "shop.db", "--json", home=shop)
    assert kept.json["import_id"] == 1
    assert [file["refused"] for file in kept.json["files"]] == [1, 0, 0]
    assert kept.json["files"][0]["problems"][0]["code"] == "not-a-number"
    assert (shop / "late.csv").read_bytes() == (shop / "refused.csv").read_bytes()
    assert cstui("imports", "9", "--db", "shop.db", "--json", home=shop).json["error"]["code"] == "unknown-import"


def test_the_log_and_undo_of_the_last_import(shop: Path, tmp_path: Path) -> None:
    assert cstui("backup", tmp_path / "copy.db", "--db", "shop.db", home=shop).status == 0
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    log = cstui("imports", "--db", "copy.db", "--json", home=tmp_path).json
    assert list(log) == ["schema", "imports"]
    assert list(log["imports"][0]) == ["import_id", "at", "undone_at", "files", "moves"]
    assert (log["imports"][0]["import_id"], log["imports"][0]["undone_at"]) == (1, None)
    undone = cstui("undo", "--db", "copy.db", "--json", home=tmp_path)
    assert undone.status == 0
    assert list(undone.json) == ["schema", "import_id", "reversed", "kept", "kept_why", "failed", "failed_why", "skipped"]
    assert (undone.json["import_id"], undone.json["reversed"], undone.json["kept"]) == (1, 10, 0)
    assert (undone.json["kept_why"], undone.json["failed"], undone.json["failed_why"]) == ([], 0, [])
    assert cstui("customers", "--db", "copy.db", "--json", home=tmp_path).json["total"] == 0
    assert cstui("imports", "--db", "copy.db", "--json", home=tmp_path).json["imports"][0]["undone_at"] is not None
    again = cstui("undo", "--db", "copy.db", "--json", home=tmp_path)
    assert (again.status, again.json["error"]["code"]) == (1, "unknown-import")


def test_metrics_have_the_contract_s_shape_and_the_same_bytes_twice(shop: Path) -> None:
    ask = ("metrics", "mrr", "customer_churn_rate", "revenue", "--last", "2", "--by", "plan", "--where", "segment=smb", "--json")
    one = cstui(*ask, "--db", "shop.db", home=shop)
    other = cstui("--db", "shop.db", *ask, home=shop)
    assert one.status == 0
    assert one.out == other.out
    assert one.err == ""
    document = one.json
    assert list(document) == ["schema", "as_of", "currency", "filters", "periods"]
    assert (document["as_of"], document["currency"], document["filters"]) == ("2026-10-31", "USD", {"segment": ["smb"]})
    assert [(period["start"], period["end"], period["complete"]) for period in document["periods"]] == [
        ("2026-09-01", "2026-10-01", True),
        ("2026-10-01", "2026-11-01", True),
    ]
    churn = document["periods"][0]["metrics"]["customer_churn_rate"]
    assert list(churn)[:7] == ["value", "unit", "status", "numerator", "denominator", "n", "previous"]
    assert (churn["value"], churn["numerator"], churn["denominator"], churn["status"]) == (0.5, 1, 2, "small_sample")
    assert document["periods"][1]["metrics"]["mrr"]["value"] == 99.0
    assert document["periods"][1]["metrics"]["revenue"]["value"] == 90.0
    assert [group["by"] for group in document["periods"][1]["groups"]] == ["basic", "pro", "team", None]


def test_explain_goes_down_to_file_and_line(shop: Path) -> None:
    document = cstui("explain", "customer_churn_rate", "--month", "2026-09", "--rows", "--json", "--db", "shop.db", home=shop).json
    assert {"definition", "formula", "switches", "rows"} <= set(document)
    assert sum(row["numerator"] for row in document["rows"]) == document["numerator"]
    assert sum(row["denominator"] for row in document["rows"]) == document["denominator"]
    lost = next(row for row in document["rows"] if row["numerator"])
    assert lost["customer_id"] == "c-2"
    assert set(lost["source"]) == {"file", "line"}
    without = cstui("explain", "customer_churn_rate", "--json", "--db", "shop.db", home=shop).json
    assert "rows" not in without
    composed = cstui("explain", "arpc", "--rows", "--json", "--db", "shop.db", home=shop).json
    assert set(composed["explained"]) == {"mrr", "customers_active"}


def test_customers_and_one_customer(shop: Path) -> None:
    document = cstui("customers", "--json", home=shop, CSTUI_DB="shop.db").json
    assert list(document) == ["schema", "as_of", "currency", "filters", "find", "total", "customers"]
    assert [(line["customer_id"], line["status"], line["mrr"], line["plan"]) for line in document["customers"]] == [
        ("c-1", "active", 99.0, "team"),
        ("c-2", "churned", 0.0, "basic"),
        ("c-3", "trial", 0.0, "pro"),
        ("c-4", "lead", 0.0, None),
    ]
    # Typed on an Arabic keyboard, without the joiner, found all the same.
    found = cstui("customers", "--find", "پارسداده".replace("ی", "ي"), "--json", "--db", "shop.db", home=shop).json
    assert [line["customer_id"] for line in found["customers"]] == ["c-3"]
    some = cstui("customers", "--where", "tier=gold", "--limit", "1", "--csv", "--db", "shop.db", home=shop)
    assert some.text.splitlines()[1:] == ["c-1,شركة النور,noor@example.com,team,smb,Sara,active,99.0,2026-02-01"]
    page = cstui("customer", "c-1", "--json", "--db", "shop.db", home=shop).json
    assert page["source"] == {"file": "customers.csv", "line": 2}
    assert [(line["subscription_id"], line["state"], line["source"]["line"]) for line in page["subscriptions"]] == [
        ("s-1", "ended 2026-06-01", 2),
        ("s-2", "paying", 3),
    ]
    assert [event["what"] for event in page["timeline"]][:2] == ["paid", "refunded"]
    missing = cstui("customer", "nobody", "--json", "--db", "shop.db", home=shop)
    assert (missing.status, missing.json["error"]["code"]) == (1, "unknown-customer")


def test_text_goes_to_stdout_and_what_to_know_about_it_to_stderr(shop: Path) -> None:
    done = cstui("metrics", "mrr", "--db", "shop.db", home=shop)
    assert done.text.splitlines()[0].split() == ["metric", "value", "change", "n", "status"]
    assert "data through 2026-10-31" in done.err
    assert "\x1b" not in done.text + done.err
    spreadsheet = cstui("customers", "--csv", "--db", "shop.db", home=shop)
    assert "'=HYPERLINK" in spreadsheet.text
    assert "[/]" in cstui("customers", "--db", "shop.db", home=shop).text


def test_the_doctor_finds_it_sound(shop: Path) -> None:
    done = cstui("doctor", "--json", "--db", "shop.db", home=shop)
    assert done.status == 0
    document = done.json
    assert list(document) == ["schema", "workspace", "ok", "as_of", "revision", "rebuilt", "checks", "coverage", "versions"]
    assert document["ok"]
    assert {check["status"] for check in document["checks"]} == {"ok"}
    assert document["coverage"]["customers"]["n"] == 4


def test_a_switch_changes_the_figures_that_rest_on_it(shop: Path, tmp_path: Path) -> None:
    cstui("backup", tmp_path / "copy.db", "--db", "shop.db", home=shop)
    ask = ("explain", "customer_churn_rate", "--month", "2026-03", "--json", "--db", "copy.db")
    assert cstui(*ask, home=tmp_path).json["denominator"] == 1
    assert cstui("switches", "churn_base", "start+new", "--db", "copy.db", home=tmp_path).status == 0
    after = cstui(*ask, home=tmp_path).json
    assert (after["denominator"], after["switches"]["churn_base"]) == (2, "start+new")
    assert cstui("settings", "timezone", "Asia/Tehran", "--json", "--db", "copy.db", home=tmp_path).json["settings"] == {
        "timezone": "Asia/Tehran"
    }
    assert cstui("settings", "currency", "XXX", "--db", "copy.db", home=tmp_path).status == 2


def test_a_switch_is_previewed_and_not_turned(shop: Path) -> None:
    ask = ("switches", "churn_base", "start+new", "--preview", "--db", "shop.db")
    document = cstui(*ask, "--json", home=shop).json
    assert list(document) == ["schema", "as_of", "currency", "filters", "switch", "period", "figures", "by", "customers", "total"]
    assert document["switch"] == {"name": "churn_base", "before": "start", "after": "start+new", "default": "start"}
    assert document["period"] == {"start": "2026-10-01", "end": "2026-11-01", "complete": True}
    assert document["figures"]["customer_churn_rate"]["uses"] is True
    assert document["figures"]["mrr"]["uses"] is False
    assert "nothing has been set" in cstui(*ask, home=shop).text
    assert cstui("switches", "churn_base", "--db", "shop.db", "--json", home=shop).json["switches"]["churn_base"]["value"] == "start"
    assert cstui("switches", "churn_base", "--preview", "--db", "shop.db", home=shop).status == 2
    assert cstui("switches", "churn_base", "both", "--preview", "--db", "shop.db", home=shop).status == 2


def test_what_made_the_difference(shop: Path) -> None:
    ask = ("explain", "customers_active", "--month", "2026-09", "--difference", "--db", "shop.db")
    document = cstui(*ask, "--json", home=shop).json["difference"]
    assert (document["before"], document["now"], document["value"], document["method"]) == (2, 1, -1, "sum")
    assert [(mover["customer_id"], mover["contribution"]) for mover in document["movers"]] == [("c-2", -1)]
    assert document["movers"][0]["now"] is None
    text = cstui(*ask, home=shop).text
    assert "Against Aug 2026: 2 → 1" in text
    assert "c-2" in text
    ratio = cstui("explain", "customer_churn_rate", "--month", "2026-09", "--difference", "--json", "--db", "shop.db", home=shop).json
    sides = [ratio["difference"][side] for side in ("numerator", "denominator")]
    assert [(side["before"], side["now"]) for side in sides] == [(0, 1), (2, 2)]
    assert sum(side["effect"] for side in sides) == ratio["value"] - ratio["previous"] == 0.5


@pytest.mark.parametrize("command", [["metrics"], ["customers"], ["undo"], ["imports"], ["backup", "x.db"], ["doctor"], ["settings"]])
def test_without_a_workspace_it_says_which_command_makes_one(tmp_path: Path, command: list[str]) -> None:
    done = cstui(*command, "--db", "none.db", "--json", home=tmp_path)
    assert done.status == 1
    assert done.json["error"]["code"] == "no-workspace"
    assert "cstui import" in done.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["metrics", "mmr"], "unknown-metric"),
        (["metrics", "mrr", "--by", "shoe_size"], "unknown-field"),
        (["customers", "--where", "shoe_size=9"], "unknown-field"),
        (["metrics", "--month", "October"], "usage"),
        (["backtest"], "usage"),
        (["import", "subs.csv", "--encoding", "klingon"], "usage"),
        (["import", "subs.csv", "--sheet", "Subs"], "usage"),
        (["import", "subs.csv", "--rejects", "subs.csv"], "usage"),
        ([], "usage"),
    ],
)
def test_wrong_usage_is_2(shop: Path, command: list[str], code: str) -> None:
    done = cstui(*command, "--db", "shop.db", "--json", home=shop)
    assert done.status == 2
    assert done.json["error"]["code"] == code
    assert done.err


def test_a_filter_value_nobody_has_is_no_error(shop: Path) -> None:
    done = cstui("metrics", "mrr", "customers_active", "--where", "segment=nobody", "--json", "--db", "shop.db", home=shop)
    assert done.status == 0
    assert [figure["value"] for figure in done.json["periods"][0]["metrics"].values()] == [0.0, 0]


def test_a_bad_file_is_1_and_leaves_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("customer_id,name\n,nobody\n", encoding="utf-8")
    for name, code in (("bad.csv", "all-refused"), ("not-there.csv", "unreadable")):
        done = cstui("import", name, "--db", "new.db", "--json", home=tmp_path)
        assert (done.status, done.json["error"]["code"]) == (1, code)
        assert done.err.startswith("cstui: ")


def test_strict_refuses_the_whole_call(shop: Path, tmp_path: Path) -> None:
    done = cstui("import", shop / "subs.csv", "--strict", "--db", "new.db", "--json", home=tmp_path)
    assert done.status == 1
    assert (done.json["error"]["code"], done.json["error"]["line"]) == ("rows-refused", 6)
    assert (
        cstui("customers", "--db", "new.db", "--json", home=tmp_path).status == 1
        or not cstui("customers", "--db", "new.db", "--json", home=tmp_path).json["total"]
    )


def test_help_and_version_need_nothing(tmp_path: Path) -> None:
    assert cstui("--version", home=tmp_path).text.startswith("cstui ")
    shown = cstui("--help", home=tmp_path)
    assert shown.status == 0
    assert "explain" in shown.text
    assert not list(tmp_path.iterdir())


def test_dates_and_encoding_are_said_of_one_file_or_table_by_its_name(tmp_path: Path) -> None:
    for name in ("east", "west"):
        (tmp_path / f"{name}.csv").write_text(
            f"payment_id,customer_id,amount,currency,paid_at\n{name},c,5,EUR,03/04/2026\n", encoding="utf-8"
        )
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("fa.csv", "customer_id,name\nf1,پارسي\n".encode("cp1256"))
        archive.writestr("de.csv", "customer_id,name\nw1,Müller\n".encode("cp1252"))
    files = [tmp_path / name for name in ("east.csv", "west.csv", "two.zip")]
    said = ("--dates", "DMY", "--dates", "west.csv=MDY", "--encoding", "fa.csv=cp1256", "--encoding", "two.zip › de.csv=cp1252")
    assert cstui("import", *files, *said, home=tmp_path, CSTUI_DB=str(tmp_path / "w.db")).status == 0
    with sqlite3.connect(tmp_path / "w.db") as db:
        days = dict(db.execute("SELECT payment_id, date(paid_at * 86400, 'unixepoch') FROM payment"))
        names = dict(db.execute("SELECT customer_id, name FROM customer WHERE name <> ''"))
    assert days == {"east": "2026-04-03", "west": "2026-03-04"}
    assert names == {"f1": "پارسي", "w1": "Müller"}
    assert cstui("import", "--again", home=tmp_path, CSTUI_DB=str(tmp_path / "w.db")).status == 0
    for wrong in (("--dates", "south.csv=MDY"), ("--dates", "east.csv=sometimes"), ("--dates", "DMY", "--dates", "MDY")):
        assert cstui("import", *files, *wrong, home=tmp_path, CSTUI_DB=str(tmp_path / "w.db")).status == 2


def test_a_report_is_written_and_told_as_json(shop: Path) -> None:
    done = cstui("--db", "shop.db", "report", "--month", "2026-10", "-o", "october.html", "--json", home=shop)
    assert done.status == 0
    assert done.json["document"]
    assert (shop / "october.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_trial_that_was_cancelled_says_so_and_when(shop: Path, tmp_path: Path) -> None:
    rows = (
        "s-1,c-1,2026-09-01,10,2026-10-01,2026-09-10,",
        "s-2,c-2,2026-09-01,10,2026-10-01,2026-09-10,2026-09-20",
        "s-3,c-3,2026-09-30,0,,,",
    )
    text = "subscription_id,customer_id,started_at,amount,trial_end,cancel_requested_at,current_period_end\n" + "\n".join(rows) + "\n"
    (tmp_path / "trials.csv").write_text(text, encoding="utf-8")
    assert cstui("--db", "t.db", "import", "trials.csv", "--set", "currency=USD", home=tmp_path).status == 0
    told = [cstui("--db", "t.db", "customer", one, "--json", home=tmp_path).json["subscriptions"][0] for one in ("c-1", "c-2", "c-3")]
    assert [(one["state"], one["service_end"], one["date_assumed"]) for one in told] == [
        ("trial lost 2026-09-10 (date assumed)", "2026-09-10", True),
        ("trial lost 2026-09-20", "2026-09-20", False),
        ("free", None, False),
    ]


def test_what_lacks_a_rate_makes_the_sums_of_the_risk_list_unknown(tmp_path: Path) -> None:
    text = "subscription_id,customer_id,started_at,amount,currency,plan\ns-1,c-1,2026-01-10,100,USD,a\ns-2,c-2,2026-01-10,50000,JPY,b\n"
    (tmp_path / "subs.csv").write_text(text, encoding="utf-8")
    assert cstui("--db", "w.db", "import", "subs.csv", home=tmp_path).status == 0
    assert cstui("--db", "w.db", "settings", "currency", "USD", home=tmp_path).status == 0
    found = cstui("--db", "w.db", "at-risk", "--by", "plan", "--json", home=tmp_path).json
    assert (found["mrr"], found["weighted_mrr"]) == (None, None)
    assert found["missing_rate"] == {"customers": 1, "others": {"mrr": 100.0, "weighted_mrr": 0.0}}
    assert {group["by"]: group["mrr"] for group in found["groups"]} == {"a": 100.0, "b": None}
    assert "no rate" in cstui("--db", "w.db", "at-risk", "--by", "plan", home=tmp_path).text


def test_what_nobody_is_expected_to_bring_is_unknown(shop: Path) -> None:
    found = cstui("--db", "shop.db", "value", "--json", home=shop).json
    assert (found["total"], found["expected_value"]) == (0, None)
