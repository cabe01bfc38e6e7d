"""Several currencies, by metrics.md rule 3: never a guess, subtotals where a rate is missing, what rates did down to the rows."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from rich.text import Text

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import month_name, parse_month
from cstui.cli.explanations import explanation
from cstui.desk.customer_list import lines, listing
from cstui.desk.customers import customer, customers
from cstui.desk.explain import explain
from cstui.desk.figures import figures
from cstui.desk.overview import overview
from cstui.desk.settings import set_setting
from cstui.desk.workspace import Workspace, open_workspace
from cstui.ui.screens.explain_words import meaning
from cstui.ui.theme import INKS
from cstui.ui.widgets.card import status_text
from tests.unit.store.import_calls import bring, one

TODAY = date(2026, 11, 21)
SUBSCRIPTIONS = (
    "subscription_id,customer_id,started_at,amount,currency\ns1,c1,2026-06-01,100,USD\ns2,c2,2026-06-01,30.50,EUR\n"
    "s3,c3,2026-06-01,1.250,KWD\ns4,c4,2026-06-01,1200,JPY\ns9,c9,2026-10-31,1,USD\n"
)
RATES = (
    "date,from,to,rate\n2026-06-30,EUR,USD,1.1\n2026-07-31,EUR,USD,1.2\n2026-06-30,KWD,USD,3\n2026-07-31,KWD,USD,3.2\n"
    "2026-06-30,JPY,USD,0.01\n2026-07-31,JPY,USD,0.01\n"
)
JULY = View(PeriodChoice(period=parse_month("2026-07")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workspace = tmp_path / "w.db"
    made = open_workspace(workspace, create=True)
    set_setting(made, "currency", "USD")
    made.close()
    bring(workspace, SUBSCRIPTIONS)
    return workspace


def test_without_rates_there_is_no_sum_but_subtotals_in_each_currencys_own_units(ws: Workspace) -> None:
    mrr = figures(ws, ["mrr"], JULY, TODAY).to_json()["periods"][0]["metrics"]["mrr"]
    assert (mrr["value"], mrr["status"], mrr["n"]) == (None, "missing_rate", 4)
    assert mrr["parts"]["by_currency"] == {"EUR": 30.5, "JPY": 1200.0, "KWD": 1.25, "USD": 100.0}
    assert "EUR, JPY, KWD" in mrr["reason"]


def test_a_currency_without_a_sign_is_named_once(ws: Workspace) -> None:
    """It was told as “KWD KWD 1.250”."""
    found = explain(ws, "mrr", JULY, TODAY)
    for told in ("\n".join(explanation(found)), meaning(found, INKS["cstui-dark"]).plain):
        assert "KWD 1.250" in told
        assert "KWD KWD" not in told
        assert "KWD  KWD" not in told


def test_the_list_the_queues_and_the_page_value_what_is_paid_in_other_currencies(ws: Workspace, path: Path) -> None:
    bring(path, "date,from,to,rate\n2026-10-31,EUR,USD,1.12\n2026-10-31,KWD,USD,3.25\n")
    mrr = {line.customer_id: line.mrr for line in customers(ws, View()).customers}
    assert mrr == {"c4": None, "c1": 100, "c2": Fraction("34.16"), "c3": Fraction("4.0625"), "c9": 1}
    assert list(mrr) == ["c4", "c1", "c2", "c3", "c9"], "what can't be compared first, then the most"
    ranking = listing(ws, View(), "mrr", TODAY)
    assert [(line.customer_id, line.mrr) for line in ranking.first] == list(mrr.items())
    assert {line.customer_id: line.mrr for line in lines(ws, ranking.numbers).values()} == mrr
    assert {one: customer(ws, one).mrr for one in mrr} == mrr


def test_a_card_shows_the_subtotals(ws: Workspace) -> None:
    (card,) = overview(ws, JULY, TODAY, cards=("mrr",)).cards
    assert dict(card.subtotals) == {"EUR": Fraction(61, 2), "JPY": 1200, "KWD": Fraction(5, 4), "USD": 100}
    shown = status_text(card, INKS["cstui-dark"])
    assert isinstance(shown, Text)
    assert shown.plain.startswith("€30.50 + ¥1,200 + KWD 1.250 + $100: no exchange rate")


def test_an_explanation_names_every_row_without_a_rate(ws: Workspace) -> None:
    found = explain(ws, "mrr", JULY, TODAY)
    assert found.rows is not None
    noted = {row.id: row.note for row in found.rows if row.numerator is None}
    assert noted == {"s2": "EUR 30.50, no exchange rate", "s3": "KWD 1.250, no exchange rate", "s4": "JPY 1,200, no exchange rate"}
    assert sum(row.numerator or 0 for row in found.rows) == 100


def test_with_rates_the_sum_is_exact(path: Path, ws: Workspace) -> None:
    bring(path, RATES)
    mrr = figures(ws, ["mrr"], JULY, TODAY).periods[0].metrics["mrr"].figure
    assert mrr.value == 100 + Fraction("30.5") * Fraction("1.2") + Fraction("1.25") * Fraction("3.2") + 12


def test_what_rates_did_is_explained_to_the_rows(path: Path, ws: Workspace) -> None:
    bring(path, RATES)
    found = explain(ws, "mrr_fx", JULY, TODAY)
    value = found.answer.figure.value
    assert value == Fraction("3.05") + Fraction("0.25")  # the yen stood still
    assert found.rows is not None
    assert {row.id: row.numerator for row in found.rows} == {"s2": Fraction("3.05"), "s3": Fraction("0.25")}
    assert sum(row.numerator or 0 for row in found.rows) == value
    assert all(row.file and row.line for row in found.rows)


def test_the_movements_and_the_rates_add_up(path: Path, ws: Workspace) -> None:
    bring(path, RATES)
    names = ("mrr", "mrr_new", "mrr_expansion", "mrr_reactivation", "mrr_contraction", "mrr_churned", "mrr_fx")
    now = figures(ws, names, JULY, TODAY).periods[0].metrics
    start, moved = now["mrr"].previous, {name: now[name].figure.value for name in names}
    assert start is not None
    gained = sum(moved[name] or 0 for name in ("mrr_new", "mrr_expansion", "mrr_reactivation", "mrr_fx"))
    assert start + gained - sum(moved[name] or 0 for name in ("mrr_contraction", "mrr_churned")) == moved["mrr"]


@pytest.mark.parametrize(("code", "amount"), [("JPY", "10.5"), ("KWD", "1.2345"), ("USD", "1.005"), ("CLF", "1.23456")])
def test_more_decimals_than_a_currency_has_are_refused(tmp_path: Path, code: str, amount: str) -> None:
    rows = f"subscription_id,customer_id,started_at,amount,currency\ns1,c1,2026-06-01,{amount},{code}\ns2,c2,2026-06-01,1,{code}\n"
    found = one(tmp_path / "w.db", rows)
    assert (found.created, found.refused) == (1, 1)


@pytest.mark.parametrize("code", ["HRK", "BGN", "DEM", "CLF", "UYW", "XCG", "VED"])
def test_a_currency_is_known_while_files_still_name_it(tmp_path: Path, code: str) -> None:
    rows = f"subscription_id,customer_id,started_at,amount,currency\ns1,c1,2026-06-01,10,{code}\n"
    assert one(tmp_path / "w.db", rows).created == 1


def test_a_customer_s_line_is_in_the_workspace_s_currency_and_unknown_without_a_rate(path: Path, ws: Workspace) -> None:
    """It read 0 where the customer paid in another currency."""

    def line(customer_id: str) -> dict[str, Fraction | None]:
        trend = customer(ws, customer_id).trend
        return dict(zip(map(month_name, trend.months), trend.mrr, strict=True))

    assert line("c1")["2026-07"] == 100
    assert line("c2")["2026-07"] is None
    bring(path, RATES)
    assert (line("c2")["2026-06"], line("c2")["2026-07"]) == (Fraction("33.55"), Fraction("36.6"))
    assert line("c2")["2026-08"] is None


def test_what_was_paid_in_another_currency_is_in_a_shop_s_line(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    bring(path, "payment_id,customer_id,amount,currency,paid_at\np1,c1,10,EUR,2026-06-30\np2,c1,5,USD,2026-07-31\np3,c1,3,EUR,2026-08-31\n")
    bring(path, RATES)
    ws = open_workspace(path)
    set_setting(ws, "currency", "USD")
    trend = customer(ws, "c1").trend
    assert trend.money == "Revenue"
    assert list(trend.mrr) == [Fraction(11), Fraction(5), None]
    ws.close()


def test_only_the_currencies_that_have_no_rate_are_asked_for(path: Path, ws: Workspace) -> None:
    """It named every foreign currency, those with rates too."""
    bring(path, "".join(line + "\n" for line in RATES.split("\n") if line and "JPY" not in line))
    bring(path, "payment_id,customer_id,amount,currency,paid_at\np1,c4,5,EUR,2026-07-15\np2,c4,5,GBP,2026-07-20\np3,c4,5,GBP,2026-07-10\n")
    found = figures(ws, ["mrr", "mrr_fx", "mrr_net_new", "nrr", "arpc", "revenue"], JULY, TODAY).to_json()["periods"][0]["metrics"]
    assert (
        found["mrr"]["reason"]
        == "no exchange rate from JPY to USD on 2026-07-31 or the 7 days before: import exchange_rates; see the subtotals by currency"
    )
    assert found["arpc"]["reason"] == found["mrr"]["reason"]
    assert found["mrr_fx"]["reason"] == "no exchange rate from JPY to USD on 2026-06-30 or the 7 days before: import exchange_rates"
    assert "parts" not in found["mrr_fx"], "subtotals of 0 say nothing"
    assert (
        found["nrr"]["reason"]
        == "no exchange rate from JPY to USD on 2026-06-30 or the 7 days before: import exchange_rates; see the subtotals by currency"
    )
    assert (
        found["revenue"]["reason"]
        == "no exchange rate from GBP to USD on 2026-07-10 or the 7 days before: import exchange_rates; see the subtotals by currency"
    )
