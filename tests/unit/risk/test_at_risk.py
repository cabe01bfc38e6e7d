"""The list and one customer's risk, from imported files to snapshot: who is on it, why, and on what rows."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cstui.base.ask import View
from cstui.base.days import iso, parse_iso
from cstui.base.errors import UnknownCustomer, UnknownField, UsageError
from cstui.desk.at_risk import AtRisk, Choice, RiskRow, at_risk, customer_risk, more
from cstui.desk.workspace import Workspace, open_workspace
from tests.unit.risk import company
from tests.unit.store.import_calls import bring

TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company.make(tmp_path_factory.mktemp("risk") / "acme.db")


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> Workspace:
    copy = tmp_path / "acme.db"
    with sqlite3.connect(made) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    return open_workspace(copy)


def row(ranking: AtRisk, customer_id: str) -> RiskRow:
    return next(one for one in ranking.customers if one.customer_id == customer_id)


def points(one: RiskRow) -> dict[str, int]:
    return {reason.signal: reason.points for reason in one.reasons}


def test_the_signals_of_every_customer(ws: Workspace) -> None:
    found = at_risk(ws, View(), TODAY)
    assert {one.customer_id: points(one) for one in found.customers} == {
        "c-1": {"usage_drop": 29, "nps_low": 20},
        "c-2": {"scheduled_end": 60, "usage_drop": 25},
        "c-3": {
            "usage_drop": 25,
            "ticket_reopened": 12,
            "ces_hard": 10,
            "csat_low": 10,
            "ticket_open": 9,
            "renewal_near": 8,
            "repeat_contacts": 6,
        },
        "c-4": {"usage_drop": 25, "contraction": 14},
        "c-5": {"usage_drop": 35, "no_contact": 10},
        "c-6": {"usage_drop": 25, "payment_late": 20, "no_contact": 10},
        "c-7": {},
        "c-8": {},
    }
    assert all(one.risk == sum(points(one).values()) for one in found.customers)


def test_the_list_is_by_mrr_times_score(ws: Workspace) -> None:
    found = at_risk(ws, View(), TODAY)
    weights = [one.weighted for one in found.customers]
    assert weights == sorted(weights, key=lambda value: -(value or 0))
    assert found.customers[0].weighted == Fraction(490) * 49 / 100
    assert found.weighted == sum(value or 0 for value in weights)
    assert found.mrr == 1260


def test_every_reason_names_its_rows(ws: Workspace) -> None:
    found = at_risk(ws, View(), TODAY)
    for one in found.customers:
        for reason in one.reasons:
            absent = reason.evidence.startswith(("no use on", "no contact on record"))
            assert bool(reason.rows) is not absent, reason
            assert all(source.file and source.line for source in reason.rows)
    late = next(reason for reason in row(found, "c-6").reasons if reason.signal == "payment_late")
    assert [(source.kind, source.id, source.file, source.line) for source in late.rows] == [
        ("payment", "p-2", "file2.csv", 3),
        ("payment", "p-1", "file2.csv", 2),
    ]
    less = next(reason for reason in row(found, "c-4").reasons if reason.signal == "contraction")
    assert [source.id for source in less.rows] == ["s-4", "s-4b"]


def test_a_contraction_is_told_from_the_day_of_the_fall(ws: Workspace) -> None:
    bring(
        ws.path,
        "subscription_id,customer_id,started_at,amount,interval,currency,ended_at\n"
        "s-7,c-7,2025-01-20,90,month,USD,2026-09-20\ns-7b,c-7,2026-09-20,50,month,USD,2026-10-10\ns-7c,c-7,2026-10-10,60,month,USD,\n",
    )
    one = row(at_risk(ws, View(), TODAY), "c-7")
    assert [reason.evidence for reason in one.reasons] == ["MRR down 33 % since 20 Sep 2026"]


def test_a_failed_payment_that_was_made_good_is_none(ws: Workspace) -> None:
    assert "payment_late" not in points(row(at_risk(ws, View(), TODAY), "c-7"))


def test_windows_are_the_list(ws: Workspace) -> None:
    whole = at_risk(ws, View(), TODAY)
    first = at_risk(ws, View(), TODAY, 3)
    assert first.customers == whole.customers[:3]
    assert first.order == whole.order
    assert more(ws, first, 3, 3) == whole.customers[3:6]
    assert more(ws, first, 6, 30) == whole.customers[6:]
    assert at_risk(ws, View(), TODAY, 2, 5).customers == whole.customers[5:7]


def test_one_customer_is_as_in_the_list(ws: Workspace) -> None:
    for one in at_risk(ws, View(), TODAY).customers:
        assert customer_risk(ws, one.customer_id) == one
    with pytest.raises(UnknownCustomer):
        customer_risk(ws, "nobody")


def test_what_has_not_been_imported_says_so(tmp_path: Path) -> None:
    path = company.make(tmp_path / "bare.db", company.CUSTOMERS, company.SUBSCRIPTIONS)
    found = at_risk(open_workspace(path), View(), TODAY)
    whys = {one.signal: one.why for one in row(found, "c-7").unknown}
    assert whys == {
        "usage_drop": "no usage imported",
        "nps_low": "no NPS answers imported",
        "csat_low": "no CSAT answers imported",
        "ces_hard": "no CES answers imported",
        "payment_late": "no payments imported",
        **dict.fromkeys(("ticket_open", "ticket_reopened", "repeat_contacts", "no_contact"), "no interactions imported"),
    }
    assert row(found, "c-7").band == "unknown"


def test_an_empty_workspace_has_an_empty_list(tmp_path: Path) -> None:
    found = at_risk(open_workspace(tmp_path / "new.db", create=True), View(), TODAY, look=True)
    assert found.as_of is None
    assert found.customers == ()
    assert found.since is None


def test_the_past_knows_only_what_was_known(ws: Workspace) -> None:
    then = at_risk(ws, View(as_of=parse_iso("2026-09-10")), TODAY)
    assert iso(then.as_of or 0) == "2026-09-10"
    assert "nps_low" not in points(row(then, "c-1"))
    assert "scheduled_end" not in points(row(then, "c-2"))
    assert row(then, "c-4").mrr == 200
    assert not {"ticket_reopened", "ticket_open"} & points(row(then, "c-3")).keys()
    assert points(row(then, "c-6")) == {"usage_drop": 25, "no_contact": 10}  # no payment is known of after the day it was due
    later = at_risk(ws, View(as_of=parse_iso("2026-10-10")), TODAY)
    assert points(row(later, "c-6"))["payment_late"] == 20


def test_the_reopen_count_has_no_date_and_says_nothing_of_the_past(ws: Workspace) -> None:
    then = at_risk(ws, View(as_of=parse_iso("2026-10-25")), TODAY)
    assert "ticket_reopened" not in points(row(then, "c-3"))
    assert points(row(then, "c-3"))["ticket_open"] == 9


def test_silence_is_measured_to_the_last_contact_that_is_on_record(tmp_path: Path) -> None:
    old = "interaction_id,customer_id,at,direction\ni-1,c-1,2026-02-01,out\ni-2,c-2,2026-03-01,out\n"
    path = company.make(tmp_path / "old.db", company.CUSTOMERS, company.SUBSCRIPTIONS, old)
    found = at_risk(open_workspace(path), View(), TODAY)
    assert all("no_contact" not in points(one) for one in found.customers)


def test_a_contact_logged_by_hand_ends_the_silence(ws: Workspace) -> None:
    assert "no_contact" in points(row(at_risk(ws, View(), TODAY), "c-5"))
    with ws.write() as db:
        db.execute(
            "INSERT INTO interaction(interaction_id, customer_id, at, kind, direction, entered)"
            " SELECT 'hand-1', id, 20760, 'contact', 'out', 20760 FROM customer WHERE customer_id = 'c-5'"
        )
        db.execute(
            "INSERT INTO interaction(interaction_id, customer_id, at, kind, entered)"
            " SELECT 'hand-2', id, 20760, 'note', 20760 FROM customer WHERE customer_id = 'c-6'"
        )
    found = at_risk(ws, View(), TODAY)
    assert "no_contact" not in points(row(found, "c-5"))
    assert "no_contact" in points(row(found, "c-6"))  # a note is no contact


def test_filters_reasons_and_orders(ws: Workspace) -> None:
    sara = View(where=(("owner", ("Sara",)),))
    assert {one.customer_id for one in at_risk(ws, sara, TODAY).customers} == {"c-1", "c-3", "c-7", "c-8"}
    silent = at_risk(ws, View(), TODAY, choice=Choice(reason="no_contact"))
    assert {one.customer_id for one in silent.customers} == {"c-5", "c-6"}
    assert [one.risk for one in at_risk(ws, View(), TODAY, choice=Choice(sort="risk")).customers][:3] == [85, 80, 55]
    assert at_risk(ws, View(), TODAY, choice=Choice(sort="mrr")).customers[0].customer_id == "c-1"
    first = at_risk(ws, View(), TODAY, choice=Choice(sort="renewal")).customers[:2]
    assert {one.customer_id for one in first} == {"c-2", "c-3"}
    with pytest.raises(UsageError):
        at_risk(ws, View(), TODAY, choice=Choice(reason="moon"))
    with pytest.raises(UsageError):
        at_risk(ws, View(), TODAY, choice=Choice(sort="moon"))
    with pytest.raises(UnknownField):
        at_risk(ws, View(), TODAY, choice=Choice(by="moon"))


def test_groups_are_the_list_counted(ws: Workspace) -> None:
    found = at_risk(ws, View(), TODAY, choice=Choice(by="owner"))
    assert {group.value: (group.customers, group.at_risk) for group in found.groups} == {"Sara": (4, 2), "Omid": (3, 3), None: (1, 1)}
    assert sum(group.weighted for group in found.groups) == found.weighted
    by_reason = at_risk(ws, View(), TODAY, choice=Choice(by="reason")).groups
    for group in by_reason:
        if group.value is not None:
            assert group.customers == len(at_risk(ws, View(), TODAY, choice=Choice(reason=group.value)).order)


class TestNews:
    def test_the_first_look_has_nothing_to_compare_with(self, ws: Workspace) -> None:
        found = at_risk(ws, View(), TODAY, look=True)
        assert found.since is None
        assert not found.news

    def test_who_came_at_risk_since_the_last_look(self, ws: Workspace) -> None:
        at_risk(ws, View(), TODAY, look=True)
        bring(ws.path, "customer_id,answered_at,kind,score,scale\nc-7,2026-10-30,nps,0,0-10\n")
        bring(ws.path, "interaction_id,customer_id,at,direction,status,reopens\ni-90,c-7,2026-10-30,in,open,3\n")
        for _ in range(2):  # looking twice takes no news away
            found = at_risk(ws, View(), TODAY, look=True)
            assert found.since == "2026-11-02"
            assert [one.customer_id for one in found.customers if one.new] == ["c-7"]
        only = at_risk(ws, View(), TODAY, choice=Choice(only_new=True))
        assert [one.customer_id for one in only.customers] == ["c-7"]
        later = at_risk(ws, View(), date(2026, 11, 3), look=True)
        assert not later.news

    def test_a_filtered_look_is_no_look(self, ws: Workspace) -> None:
        at_risk(ws, View(where=(("owner", ("Sara",)),)), TODAY, look=True)
        assert at_risk(ws, View(), date(2026, 11, 9), look=True).since is None

    def test_looking_changes_no_revision(self, ws: Workspace) -> None:
        before = ws.revision()
        at_risk(ws, View(), TODAY, look=True)
        assert ws.revision() == before

    def test_news_is_of_the_present(self, ws: Workspace) -> None:
        with pytest.raises(UsageError):
            at_risk(ws, View(as_of=20_000), TODAY, choice=Choice(only_new=True))


def test_the_document_is_the_contracts(ws: Workspace) -> None:
    document = at_risk(ws, View(), TODAY, 1).to_json()
    assert json.loads(json.dumps(document)) == document
    assert document["direction"] == "100 = most at risk"
    assert document["method"] == {"kind": "rules"}
    assert isinstance(document["customers"], list)
    (one,) = document["customers"]
    assert list(one)[:10] == [
        *("customer_id", "name", "mrr", "risk", "churn_probability", "expected_loss", "band", "scheduled_end", "renews_on", "reasons"),
    ]
    assert one["churn_probability"] is None
    assert one["expected_loss"] is None
    assert one["weighted_mrr"] == 240.1
    assert one["reasons"][0].keys() == {"signal", "points", "evidence", "rows"}


def test_money_in_another_currency_is_never_guessed(ws: Workspace) -> None:
    bring(ws.path, "subscription_id,customer_id,started_at,amount,interval,currency\ns-9,c-9,2026-01-01,100,month,KWD\n")
    found = at_risk(ws, View(), TODAY)
    one = row(found, "c-9")
    assert one.mrr is None
    assert one.weighted is None
    assert found.elsewhere == 1
    assert found.mrr == 1260


def test_money_in_another_currency_counts_at_the_rate_of_the_day(ws: Workspace) -> None:
    bring(
        ws.path,
        "subscription_id,customer_id,started_at,amount,interval,currency,cancel_requested_at,current_period_end\n"
        "s-9,c-9,2026-01-01,100,month,KWD,2026-10-20,2026-11-20\n",
        "date,from,to,rate\n2026-10-30,KWD,USD,3.25\n",
    )
    found = at_risk(ws, View(), TODAY)
    one = row(found, "c-9")
    assert one.mrr == 325
    assert found.mrr == 1260 + 325
    assert found.elsewhere == 0
    assert points(one)["scheduled_end"] == 60
    assert found.customers[0] == one
