"""The oracle on use, answers, costs and rates: cases worked by hand from the catalogue's sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tests.oracle.companies import Cells, Company
from tests.oracle.periods import Span, from_to, month
from tests.oracle.raw import Answer
from tests.oracle.reading import Reading
from tests.oracle.selection import switches_of
from tests.worked.cases import sub

MARCH = month(2026, 3)
LATER = sub(99, 0, "2026-08-31")
BASE = Company((), (sub(1, 10, "2026-01-01"), sub(2, 30, "2026-01-01"), LATER), ())


def ask(made: Company, metric: str, span: Span = MARCH, as_of: date | None = None, **switches: str) -> Answer:
    return Reading(made.facts(), as_of=as_of, switches=switches_of(switches)).ask(metric, span)


def used(number: int, day: str, user: str = "", **more: str) -> Cells:
    return {"customer_id": f"c-{number}", "user_id": user, "date": day} | more


def answer(kind: str, score: int, day: str = "2026-03-05", number: int = 1, **more: str) -> Cells:
    return {"customer_id": f"c-{number}", "answered_at": day, "kind": kind, "score": str(score), "scale": "0-10"} | more


def spent(category: str, amount: int, day: str, channel: str = "", **more: str) -> Cells:
    return {"date": day, "category": category, "amount": str(amount), "channel": channel} | more


def paid(amount: int, day: str, **more: str) -> Cells:
    return {"payment_id": f"p-{day}-{amount}", "customer_id": "c-1", "amount": str(amount), "paid_at": day} | more


def asked(*rows: Cells) -> Company:
    return replace(BASE, surveys=rows)


def test_windows_begin_on_the_first_covered_day_and_days_without_use_count() -> None:
    made = replace(BASE, usage=(used(1, "2026-03-01"), used(2, "2026-03-03", "a"), used(2, "2026-03-03", "b"), used(1, "2026-03-08")))
    assert ask(made, "dau").value == Fraction(4, 8)
    assert ask(made, "mau").value == Fraction(1 + 1 + 3 * 6, 8)
    assert ask(made, "wau").value == Fraction(1 + 1 + 3 * 6, 8)  # on the 8th, the one of the 1st has just come back
    assert ask(made, "stickiness").value == Fraction(4, 20)
    assert ask(made, "dau", month(2026, 4)).status == "no_data"
    assert ask(made, "dau", as_of=date(2026, 3, 3)).value == 1


def test_silence_is_measured_against_the_usage_there_is() -> None:
    made = replace(BASE, usage=(used(1, "2026-02-02"), used(2, "2026-03-03")))
    assert ask(made, "active_customer_share").value == 1  # of the 30 days that end on 3 March, 99 pays nothing
    assert ask(replace(BASE, usage=(used(1, "2026-02-01"), used(2, "2026-03-03"))), "active_customer_share").value == Fraction(1, 2)


def test_session_minutes_need_both() -> None:
    made = replace(BASE, usage=(used(1, "2026-03-01", sessions="2", minutes="10"), used(2, "2026-03-02", minutes="99")))
    assert ask(made, "session_minutes").value == 5
    assert ask(replace(BASE, usage=(used(2, "2026-03-02", minutes="99"),)), "session_minutes").status == "no_data"


def test_nps_takes_the_latest_answer_of_a_respondent_and_every_blank_one() -> None:
    rows = [answer("nps", 0, "2026-03-04", respondent="ana"), answer("nps", 2, respondent="ana"), answer("nps", 10, respondent="ana")]
    assert ask(asked(*rows), "nps").value == 100
    assert ask(asked(*rows, answer("nps", 1), answer("nps", 1)), "nps").value == Fraction(-100, 3)
    assert ask(asked(*rows, answer("nps", 1, number=2, respondent="ana")), "nps").value == 0  # another company's Ana
    assert ask(asked(*rows), "nps").status == "small_sample"
    assert ask(asked(answer("csat", 1, scale="1-5")), "nps").status == "zero_base"


def test_the_bands_of_article_004() -> None:
    rows = (answer("nps", 6), answer("nps", 9))
    assert ask(asked(*rows), "nps").value == 0
    assert ask(asked(*rows), "nps", nps_bands="article").value == 50


def test_promoters_are_customers_by_their_latest_answer_whenever_it_was() -> None:
    rows = (answer("nps", 9, "2026-01-05", respondent="ana"), answer("nps", 9, "2026-01-05", 2), answer("nps", 3, "2026-03-05", 2))
    assert ask(asked(*rows), "promoters").value == 1
    assert ask(asked(*rows), "promoters", month(2026, 1)).value == 2


def test_csat_has_a_threshold_for_each_scale_and_counts_every_answer() -> None:
    five = [answer("csat", score, scale="1-5", touchpoint="support", respondent="ana") for score in (3, 4)]
    rest = [answer("csat", 5, scale="1-7", touchpoint="support"), answer("csat", 6, scale="1-10"), answer("csat", 5, scale="1-10")]
    found = ask(asked(*five, *rest), "csat")
    assert found.value == 60
    assert found.parts == {"": 50, "support": Fraction(200, 3)}
    assert ask(asked(*five, *rest), "csat", csat_threshold="10:9").value == 40


def test_ces_reads_both_directions_as_agreement_and_never_averages_two_scales() -> None:
    easy = answer("ces", 7, scale="1-7", direction="high_easy")
    rows = (easy, answer("ces", 1, scale="1-7", direction="low_easy"), answer("ces", 4, scale="1-7"))
    assert ask(asked(*rows), "ces").value == 6
    assert ask(asked(*rows), "ces").parts == {"easy_share": Fraction(2, 3)}
    assert ask(asked(*rows), "high_effort_share").value == 0
    mixed = asked(*rows, answer("ces", 1, scale="1-5"))
    assert ask(mixed, "ces").status == "no_data"
    assert ask(mixed, "ces", ces_scale="1-7").value == 6
    assert ask(mixed, "high_effort_share").value == Fraction(1, 4)


def test_profit_needs_costs() -> None:
    made = replace(BASE, payments=(paid(100, "2026-02-03"), paid(100, "2026-03-03"), paid(100, "2026-05-03")))
    made = replace(
        made, costs=(spent("cost_of_revenue", 20, "2026-03-31"), spent("sales", 30, "2026-03-01"), spent("other", 1, "2026-05-01"))
    )
    assert ask(made, "profit").value == 50
    assert ask(made, "gross_margin").value == Fraction(4, 5)
    assert ask(made, "profit_per_customer").value == 25
    assert ask(made, "costs", month(2026, 4)).value == 0
    assert ask(made, "profit", month(2026, 4)).status == "no_data"
    assert Reading(made.facts(), where={"plan": ("pro",)}).ask("costs", MARCH).status == "no_data"
    assert Reading(made.facts(), where={"channel": ("ads",)}).ask("costs", MARCH).value == 0


def test_cac_by_channel_and_with_a_lag() -> None:
    customers = ({"customer_id": "c-3", "channel": "ads"},)
    costs = (spent("marketing", 60, "2026-02-03", "ads"), spent("sales", 30, "2026-03-03"), spent("service", 7, "2026-03-03"))
    made = replace(BASE, customers=customers, subscriptions=(*BASE.subscriptions, sub(3, 10, "2026-03-02"), sub(4, 10, "2026-03-02")))
    made = replace(made, costs=costs)
    assert ask(made, "cac").value == 15
    assert ask(made, "cac", cac_lag_months="1").value == 30
    assert ask(made, "cac", cac_lag_months="2").status == "no_data"
    lagged = Reading(made.facts(), where={"channel": ("ads",)}, switches=switches_of({"cac_lag_months": "1"}))
    assert lagged.ask("cac", MARCH).value == 60


def test_goal_conversion_by_channel() -> None:
    row = {"date": "2026-03-03", "visits": "40", "conversions": "2"}
    made = replace(BASE, traffic=(row | {"channel": "ads"}, row | {"visits": "10"}))
    found = ask(made, "goal_conversion_rate")
    assert (found.value, found.status, found.n) == (Fraction(4, 50), "ok", 50)
    assert found.parts == {"": Fraction(1, 5), "ads": Fraction(1, 20)}


def rate(day: str, worth: str) -> Cells:
    return {"date": day, "from": "EUR", "to": "USD", "rate": worth}


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([rate("2026-03-24", "2")], 20),  # a month's single rate
        ([rate("2026-03-01", "2"), rate("2026-03-24", "3")], 30),  # 7 days old
        ([rate("2026-03-01", "2"), rate("2026-03-23", "3")], None),
        ([rate("2026-03-01", "2"), rate("2026-03-30", "3"), rate("2026-03-31", "4")], 40),
        ([rate("2026-04-01", "2")], None),
    ],
)
def test_foreign_money_is_worth_the_latest_rate(rates: list[Cells], expected: int | None) -> None:
    made = Company((), (sub(1, 10, "2026-01-01", currency="EUR"), LATER), (), exchange_rates=tuple(rates))
    assert ask(made, "mrr").value == expected


def test_a_change_of_rates_is_a_movement_of_its_own() -> None:
    rows = (sub(1, 10, "2026-01-01", currency="EUR"), sub(1, 15, "2026-03-10", currency="EUR"), LATER)
    made = Company((), rows, (), exchange_rates=(rate("2026-02-15", "2"), rate("2026-03-15", "3")))
    found = {name: ask(made, name).value for name in ("mrr", "mrr_expansion", "mrr_fx", "mrr_net_new", "nrr")}
    assert found == {"mrr": 45, "mrr_expansion": 10, "mrr_fx": 15, "mrr_net_new": 25, "nrr": Fraction(3, 2)}


def test_use_and_answers_move_as_of() -> None:
    assert replace(BASE, usage=(used(1, "2026-09-02"),)).facts().own_as_of == date(2026, 9, 2)
    assert asked(answer("nps", 1, "2026-09-03")).facts().own_as_of == date(2026, 9, 3)
    assert replace(BASE, exchange_rates=(rate("2026-09-03", "2"),)).facts().own_as_of == date(2026, 8, 31)
    assert ask(BASE, "nps", from_to(date(2026, 3, 1), date(2026, 3, 2))).status == "no_data"
