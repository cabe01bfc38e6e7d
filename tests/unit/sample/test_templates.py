"""The sample company as it is written: the same every time, coherent in itself, and as varied as the screens need it."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from cstui.base.days import iso, parse_iso
from cstui.base.records import RECORDS, Kind
from cstui.sample import TEMPLATES, write
from cstui.sample.company import ADDONS, BAD_FROM, BAD_REGION, BAD_UNTIL, RECOVERY, THROUGH

Rows = list[dict[str, str]]
LAST = iso(THROUGH)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Rows of each template, by the file's stem."""
    found: dict[str, Rows] = {}
    for path in write(tmp_path_factory.mktemp("company")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def test_written_twice_it_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert [path.name for path in write(first)] == list(TEMPLATES)
    write(second)
    for name in TEMPLATES:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_columns_are_those_of_the_plain_templates(company: dict[str, Rows]) -> None:
    for kind in map(Kind, company):
        unknown = set(company[kind.value][0]) - set(RECORDS[kind].names)
        assert unknown == ({"seats_band", "platform"} if kind is Kind.CUSTOMERS else set())


def test_names_and_ids_are_nobody_elses(company: dict[str, Rows]) -> None:
    for stem, key in (
        ("customers", "customer_id"),
        ("customers", "name"),
        ("payments", "payment_id"),
        ("interactions", "interaction_id"),
        ("surveys", "response_id"),
        ("costs", "cost_id"),
    ):
        values = [row[key] for row in company[stem]]
        assert len(values) == len(set(values))
    keys = [(row["subscription_id"], row["started_at"]) for row in company["subscriptions"]]
    assert len(keys) == len(set(keys))
    assert all(row["email"].endswith(".example") for row in company["customers"])


def test_three_scripts_and_all_languages_are_there(company: dict[str, Rows]) -> None:
    names = [row["name"] for row in company["customers"]]
    persian = [name for name in names if re.search("[پچژگکی\u200c]", name)]
    arabic = [name for name in names if re.search("[\u0621-\u064a]", name) and name not in persian]
    assert len(persian) > 80
    assert len(arabic) > 150
    assert len(names) - len(persian) - len(arabic) > 200
    assert {row["language"] for row in company["customers"]} == {"ar", "de", "en", "fa", "fr"}
    assert any(not row["owner"].isascii() for row in company["customers"])


def test_nothing_has_happened_after_the_last_day(company: dict[str, Rows]) -> None:
    happened = {
        "customers": ("created_at", "lost_at"),
        "subscriptions": ("started_at", "trial_start", "status_since", "cancel_requested_at"),
        "payments": ("paid_at",),
        "usage": ("date",),
        "interactions": ("at", "resolved_at"),
        "surveys": ("answered_at",),
        "traffic": ("date",),
        "costs": ("date",),
    }
    for stem, columns in happened.items():
        assert max(row[column] for row in company[stem] for column in columns) <= LAST
    assert max(row["paid_at"] for row in company["payments"]) == LAST
    for row in company["subscriptions"]:
        assert row["ended_at"] <= LAST or row["cancel_requested_at"], "an end ahead is one that was asked for"


def test_dates_and_status_of_a_subscription_agree(company: dict[str, Rows]) -> None:
    versions: dict[str, Rows] = defaultdict(list)
    for row in company["subscriptions"]:
        versions[row["subscription_id"]].append(row)
    for rows in versions.values():
        starts = [row["started_at"] for row in rows]
        assert starts == sorted(starts)
        assert len({row["customer_id"] for row in rows}) == 1
        assert all(not row["status"] and not row["ended_at"] for row in rows[:-1])
        _check_last(rows[-1])


def _check_last(row: dict[str, str]) -> None:
    ended = row["ended_at"]
    assert not ended or ended > row["started_at"]
    assert not row["cancel_requested_at"] or row["cancel_requested_at"] >= row["started_at"]
    assert (row["status"] == "cancelled") == (bool(ended) and ended <= LAST)
    assert row["status"] != "trial" or row["trial_end"] > LAST
    if row["status"] == "active":
        assert row["current_period_end"] > LAST
    if row["status"] in ("past_due", "paused"):
        assert row["status_since"] == row["current_period_end"] <= LAST


def test_every_state_a_screen_must_show_is_there(company: dict[str, Rows]) -> None:
    subscriptions, payments, customers = company["subscriptions"], company["payments"], company["customers"]
    assert {row["status"] for row in subscriptions} == {"", "active", "trial", "past_due", "paused", "cancelled"}
    assert {row["interval"] for row in subscriptions} == {"month", "quarter", "year"}
    assert {(row["kind"], row["status"]) for row in payments} >= {
        ("recurring", "paid"),
        ("recurring", "failed"),
        ("recurring", "open"),
        ("one_off", "paid"),
        ("refund", "paid"),
    }
    assert {row["stage"] for row in customers} == {"visitor", "lead", "trial", "customer", "churned", "lost"}
    scheduled = [row for row in subscriptions if row["status"] == "active" and row["cancel_requested_at"]]
    assert len(scheduled) >= 4
    assert any(row["ended_at"] for row in scheduled)
    assert any(not row["ended_at"] for row in scheduled)


def test_money_is_received_only_while_there_is_service(company: dict[str, Rows]) -> None:
    first: dict[str, str] = {}
    for row in company["subscriptions"]:
        start = row["trial_end"] or row["started_at"]
        first[row["customer_id"]] = min(first.get(row["customer_id"], "9999"), start)
    for row in company["payments"]:
        assert (row["paid_at"] or row["due_at"]) >= first[row["customer_id"]]
        assert (row["status"] == "paid") == bool(row["paid_at"])
        assert float(row["amount"]) > 0


def test_contacts_and_answers_are_as_varied_as_life(company: dict[str, Rows]) -> None:
    contacts, answers = company["interactions"], company["surveys"]
    assert {row["kind"] for row in contacts} == {"ticket", "call", "email", "message", "meeting"}
    assert {row["status"] for row in contacts} == {"", "open", "solved"}
    assert {row["direction"] for row in contacts} == {"in", "out"}
    assert all(row["resolved_at"] >= row["at"] for row in contacts if row["status"] == "solved")
    assert 10 <= sum(row["status"] == "open" for row in contacts) <= 60
    assert sum(int(row["reopens"] or 0) > 0 for row in contacts) > 100
    assert {(row["kind"], row["scale"]) for row in answers} == {("nps", "0-10"), ("csat", "1-5"), ("ces", "1-7")}
    assert {row["touchpoint"] for row in answers} == {"", "support", "onboarding", "billing", "checkout"}
    for row in answers:
        low, high = map(int, row["scale"].split("-"))
        assert low <= int(row["score"]) <= high
    comments = [row["comment"] for row in answers if row["comment"]]
    assert len(comments) > 0.2 * len(answers)
    assert min(Counter(map(_script, comments)).values()) > 30
    assert all(re.fullmatch(r"\w+ \w\.", row["respondent"]) for row in answers), "a given name and an initial"


def _script(text: str) -> str:
    return "latin" if text.isascii() else "persian" if re.search("[پچژگکی\u200c]", text) else "arabic"


def test_use_falls_before_most_leave_and_not_before_some_do(company: dict[str, Rows]) -> None:
    days: dict[str, list[int]] = defaultdict(list)
    for row in company["usage"]:
        days[row["customer_id"]].append(parse_iso(row["date"]))
    kept = []
    for customer, told in _leavers(company):
        recent = sum(told - 28 <= day < told for day in days[customer])
        usual = sum(told - 112 <= day < told - 28 for day in days[customer]) / 3
        if usual >= 3:
            kept.append(recent / usual)
    fell = sum(share < 0.75 for share in kept)
    assert len(kept) > 25
    assert 0.5 < fell / len(kept) < 0.85
    stay = [row for row in company["subscriptions"] if row["status"] == "active" and not row["cancel_requested_at"]]
    last = THROUGH + 1
    falling = [
        row["customer_id"]
        for row in stay
        if (usual := sum(last - 112 <= day < last - 28 for day in days[row["customer_id"]]) / 3) >= 4
        and sum(last - 28 <= day < last for day in days[row["customer_id"]]) < 0.6 * usual
    ]
    assert 10 <= len(falling) <= 45, "some of those who are with us use it less"


def _leavers(company: dict[str, Rows]) -> list[tuple[str, int]]:
    """Who cancelled since the recovery, with the day on which they said so."""
    return [
        (row["customer_id"], parse_iso(row["cancel_requested_at"]))
        for row in company["subscriptions"]
        if row["cancel_requested_at"] >= iso(RECOVERY) and row["plan"] not in dict(ADDONS)
    ]


def test_some_write_again_and_again_before_they_leave(company: dict[str, Rows]) -> None:
    asked: dict[str, list[int]] = defaultdict(list)
    for row in company["interactions"]:
        if row["direction"] == "in":
            asked[row["customer_id"]].append(parse_iso(row["at"]))
    repeats = [sum(told - 45 <= day < told for day in asked[customer]) >= 3 for customer, told in _leavers(company)]
    assert 0.1 < sum(repeats) / len(repeats) < 0.6
    heard = {row["customer_id"] for row in company["interactions"] if row["at"] >= iso(THROUGH - 120)}
    active = {row["customer_id"] for row in company["subscriptions"] if row["status"] == "active"}
    assert 25 <= len(active - heard) <= 120, "some are silent"


def test_the_bad_quarter_left_its_marks_in_the_gulf(company: dict[str, Rows]) -> None:
    gulf = {row["customer_id"] for row in company["customers"] if row["region"] == BAD_REGION}
    first, past = iso(BAD_FROM + 10), iso(BAD_UNTIL)

    def split(stem: str, column: str) -> tuple[Rows, Rows]:
        rows = [row for row in company[stem] if first <= row[column] < past]
        return [row for row in rows if row["customer_id"] in gulf], [row for row in rows if row["customer_id"] not in gulf]

    def share(rows: Rows, wanted: list[bool]) -> float:
        return sum(wanted) / len(rows)

    here, elsewhere = split("surveys", "answered_at")
    for rows, low, high in ((here, 0.0, 0.35), (elsewhere, 0.5, 1.0)):
        checkout = [row for row in rows if row["touchpoint"] == "checkout"]
        assert len(checkout) >= 10
        assert low <= share(checkout, [int(row["score"]) >= 4 for row in checkout]) <= high
    here, elsewhere = ([row for row in rows if row["kind"] == "ticket"] for rows in split("interactions", "at"))
    reopened = [share(rows, [row["reopens"] > "0" for row in rows]) for rows in (here, elsewhere)]
    assert reopened[0] > 0.25 > reopened[1]
    assert any("move" in row["subject"] for row in here)
    here, elsewhere = split("payments", "due_at")
    assert sum(row["status"] == "failed" for row in here) > 2 * sum(row["status"] == "failed" for row in elsewhere)
    used = Counter((row["customer_id"] in gulf, row["date"][:7]) for row in company["usage"])
    assert used[True, "2025-11"] < 0.65 * used[True, "2025-09"]
    assert used[False, "2025-11"] > 0.9 * used[False, "2025-09"]


def test_costs_and_traffic_follow_the_company(company: dict[str, Rows]) -> None:
    costs, traffic = company["costs"], company["traffic"]
    assert {row["category"] for row in costs} == {"sales", "marketing", "cost_of_revenue", "service", "other"}
    assert len({row["date"][:7] for row in costs}) == 30
    assert all(row["channel"] for row in costs if row["category"] == "marketing")
    assert {row["channel"] for row in traffic} == {row["channel"] for row in company["customers"]}
    assert all(int(row["leads"]) <= int(row["conversions"]) <= int(row["visits"]) for row in traffic)
