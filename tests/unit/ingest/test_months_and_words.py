"""Costs as people keep them: months for days, words of their own for categories; and lines of totals that are words only."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import AllRefused, UsageError
from cstui.desk.sources import save_source
from tests.unit.store.import_calls import bring, one, select

COSTS = "SELECT date(date * 86400, 'unixepoch'), category, channel, amount FROM cost ORDER BY 1, 2, 4"


@pytest.fixture(autouse=True)
def no_own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_a_list_of_costs_by_the_month_is_known_by_its_columns(tmp_path: Path) -> None:
    text = (
        "Our costs 2026\nMonth,Category,Channel,Amount\nSep-26,Hosting,,$400.00\nSep-26,Ads,google,$300.00\nOct-26,Salaries,,$900.00\n"
        'Total,,,"$1,600.00"\n'
    )
    file = one(tmp_path / "w.db", text)
    assert (file.kind, file.read, file.created, file.refused) == ("costs", 3, 3, 0)
    assert any("“Month” holds months, each read as its first day" in odd.message for odd in file.oddities)
    assert select(tmp_path / "w.db", COSTS) == [
        ("2026-09-01", "cost_of_revenue", None, 40_000),
        ("2026-09-01", "marketing", "google", 30_000),
        ("2026-10-01", "other", None, 90_000),
    ]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sep-26", "2026-09-01"),
        ("Sep 2026", "2026-09-01"),
        ("September, 2026", "2026-09-01"),
        ("2026-09", "2026-09-01"),
        ("09/2026", "2026-09-01"),
        ("9.2026", "2026-09-01"),
        ("سپتامبر ۲۰۲۶", "2026-09-01"),
        ("سبتمبر ٢٠٢٦", "2026-09-01"),
        ("مهر ۱۴۰۵", "2026-09-23"),
        ("1405/07", "2026-09-23"),
        ("2026-09-17", "2026-09-17"),
    ],
)
def test_a_month_of_costs_is_its_first_day(written: str, day: str, tmp_path: Path) -> None:
    one(tmp_path / "w.db", f'date,category,amount\n"{written}",sales,5\n2026-10-05,sales,6\n')
    assert select(tmp_path / "w.db", COSTS)[0][0] == day


def test_a_column_of_nothing_but_months_holds_days_and_a_month_among_days_is_none(tmp_path: Path) -> None:
    one(tmp_path / "a.db", "customer_id,created_at\nc1,2026-09\nc2,2026-10\n")
    assert select(tmp_path / "a.db", "SELECT date(created_at * 86400, 'unixepoch') FROM customer ORDER BY 1") == [
        ("2026-09-01",), ("2026-10-01",),
    ]  # fmt: skip
    mixed = one(tmp_path / "b.db", "customer_id,created_at\nc1,2026-09\nc2,2026-10-05\n")
    assert [(problem.line, problem.code) for problem in mixed.problems] == [(2, "not-a-date")]


@pytest.mark.parametrize("written", ["Sep-2", "13/2026", "2026-00", "Sepp 2026", "26"])
def test_what_is_no_month_is_refused(written: str, tmp_path: Path) -> None:
    file = one(tmp_path / "w.db", f"date,category,amount\n{written},sales,5\n2026-10-05,sales,6\n")
    assert (file.created, file.refused) == (1, 1)


def test_a_word_of_one_s_own_is_said_what_it_means(tmp_path: Path) -> None:
    text = "date,category,amount\n2026-09-01,Fairs,5\n2026-09-02,fairs,6\n2026-09-03,Coffee,7\n"
    with pytest.raises(AllRefused, match=r"none of sales.*--map category:WORD=sales"):
        one(tmp_path / "w.db", text)
    file = one(tmp_path / "w.db", text, mapping={"category:Fairs": "marketing"})
    assert [(problem.line, problem.value) for problem in file.problems] == [(4, "Coffee")]
    assert [row[1] for row in select(tmp_path / "w.db", COSTS)] == ["marketing", "marketing"]
    with pytest.raises(UsageError, match="“fun” is none of cost_of_revenue"):
        one(tmp_path / "w.db", text, mapping={"category:Coffee": "fun"})


def test_words_of_one_s_own_are_kept_with_a_source(tmp_path: Path) -> None:
    mapping = {"date": "When", "category": "What", "amount": "Money", "category:Fairs": "marketing"}
    save_source("books", "costs", mapping, {})
    file = bring(tmp_path / "w.db", "When,What,Money\nSep-26,Fairs,5\n").files[0]
    assert (file.source, file.created) == ("books", 1)
    assert select(tmp_path / "w.db", COSTS) == [("2026-09-01", "marketing", None, 500)]


@pytest.mark.parametrize("totals", ["Total,17 customers,", "جمع,۱۷ مشتری,", "المجموع,١٧ عميلا,٥", "Total:,,17"])
def test_a_line_of_totals_is_no_customer(totals: str, tmp_path: Path) -> None:
    file = one(tmp_path / "w.db", f"customer_id,name,seats\nc1,Acme,5\nc2,Bolt,12\n{totals}\n")
    assert (file.read, file.created) == (2, 2)
    assert any("a line of totals is no row" in odd.message for odd in file.oddities)


@pytest.mark.parametrize("row", ["Total,Total Care Ltd,4", "Total Care,17 people,", "c3,17 customers,"])
def test_a_customer_who_is_called_so_is_one(row: str, tmp_path: Path) -> None:
    assert one(tmp_path / "w.db", f"customer_id,name,seats\nc1,Acme,5\nc2,Bolt,12\n{row}\n").created == 3


def test_subscriptions_that_name_their_customers_bring_them_in(tmp_path: Path) -> None:
    text = "شناسه اشتراک;شناسه مشتری;نام مشتری;مبلغ (تومان);دوره;تاریخ شروع\nش-۱;18;گلفروشی نرگس;۲٬۴۰۰٬۰۰۰;ماهانه;۱۴۰۴/۱۱/۰۱\n"
    outcome = bring(tmp_path / "w.db", text)
    assert [(file.kind, file.created) for file in outcome.files] == [("subscriptions", 1), ("customers", 1)]
    assert select(tmp_path / "w.db", "SELECT customer_id, name FROM customer") == [("18", "گلفروشی نرگس")]
    assert select(tmp_path / "w.db", "SELECT amount, currency, interval FROM subscription") == [(2_400_000_000, "IRR", "month")]


def test_the_day_of_subscription_of_a_customer_list_is_when_the_customer_came(tmp_path: Path) -> None:
    one(tmp_path / "w.db", "رقم العميل,اسم العميل,تاريخ الاشتراك\n١,شركة النور,١٥/٠٣/٢٠٢٥\n")
    assert select(tmp_path / "w.db", "SELECT date(created_at * 86400, 'unixepoch') FROM customer") == [("2025-03-15",)]
