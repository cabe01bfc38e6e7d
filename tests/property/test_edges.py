"""Edges that random companies seldom hit exactly: floors, windows, the age of a rate, the first and last day. Program against oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.oracle.companies import Cells, Company
from tests.oracle.periods import Span, from_to, month, quarter
from tests.property.agreement import differences
from tests.property.program import Question, imported
from tests.worked.cases import asked, sub

MARCH, APRIL = month(2026, 3), month(2026, 4)
LATER = sub(99, 0, "2026-08-31")
BASE = Company((), (sub(1, 10, "2026-01-01"), sub(2, 30, "2026-03-01"), LATER), ())
EURO = Company((), (sub(1, 10, "2026-01-01", currency="EUR"), sub(2, 7, "2026-03-31", currency="EUR"), LATER), ())


def rates(*days: str) -> tuple[Cells, ...]:
    return tuple({"date": day, "from": "EUR", "to": "USD", "rate": f"1.{n}5"} for n, day in enumerate(days))


def use(*rows: tuple[int, str, str]) -> tuple[Cells, ...]:
    return tuple({"customer_id": f"c-{n}", "user_id": user, "date": day, "sessions": "1", "minutes": "2.5"} for n, user, day in rows)


def traffic(visits: int, conversions: int) -> tuple[Cells, ...]:
    row = {"date": "2026-03-31", "channel": "إعلانات", "visits": str(visits), "conversions": str(conversions)}
    return (row, row | {"date": "2026-04-01", "channel": ""})


def costs(*days: str) -> tuple[Cells, ...]:
    row = {"category": "marketing", "amount": "10", "channel": "إعلانات"}
    return tuple(row | {"date": day} for day in days)


def paid(amount: str, day: str, **more: str) -> Cells:
    return {"payment_id": f"p-{day}-{amount}", "customer_id": "c-1", "amount": amount, "paid_at": day} | more


PEOPLE = ({"customer_id": "c-1", "channel": "إعلانات", "segment": "مؤسسات"}, {"customer_id": "c-2", "channel": "ads"})

CASES: dict[str, tuple[Company, Span]] = {
    "a rate of seven days": (replace(EURO, exchange_rates=rates("2026-03-02", "2026-03-24", "2026-02-21", "2026-02-03")), MARCH),
    "a rate of eight days": (replace(EURO, exchange_rates=rates("2026-03-02", "2026-03-23", "2026-02-21", "2026-02-03")), MARCH),
    "a start rate of eight days": (replace(EURO, exchange_rates=rates("2026-03-31", "2026-03-23", "2026-02-20", "2026-02-03")), MARCH),
    "a month's only rate, dated after the day": (
        replace(EURO, exchange_rates=rates("2026-03-31", "2026-02-28")),
        from_to(*[date(2026, 3, 4)] * 2),
    ),
    "a month's only rate beside a fresh one": (replace(EURO, exchange_rates=rates("2026-03-31", "2026-02-27", "2026-02-28")), MARCH),
    "two rates of one month, none before the day": (
        replace(EURO, exchange_rates=rates("2026-03-30", "2026-03-31")),
        from_to(*[date(2026, 3, 4)] * 2),
    ),
    "nine answers": (asked("nps", "0-10", {9: 4, 8: 1, 6: 4}), MARCH),
    "ten answers": (asked("nps", "1-10", {9: 4, 8: 1, 6: 4, 10: 1}), MARCH),
    "nine of ces": (asked("ces", "1-7", {4: 4, 5: 5}, direction="low_easy"), MARCH),
    "ten of csat": (asked("csat", "1-7", {4: 4, 5: 6}, touchpoint="پشتیبانی"), MARCH),
    "twenty-nine visits": (replace(BASE, traffic=traffic(29, 0)), MARCH),
    "thirty visits": (replace(BASE, traffic=traffic(30, 30)), MARCH),
    "no visits": (replace(BASE, traffic=traffic(0, 0)), MARCH),
    "the thirtieth day": (replace(BASE, usage=use((1, "", "2026-03-02"), (2, "a", "2026-03-31"))), MARCH),
    "the thirty-first day": (replace(BASE, usage=use((1, "", "2026-03-01"), (2, "a", "2026-03-31"))), MARCH),
    "the seventh and the eighth day": (
        replace(BASE, usage=use((1, "", "2026-03-01"), (2, "", "2026-03-07"), (1, "", "2026-03-08"))),
        MARCH,
    ),
    "use on both sides of a month's end": (
        replace(BASE, usage=use((1, "u", "2026-02-28"), (1, "", "2026-03-01"), (1, "u", "2026-04-01"))),
        MARCH,
    ),
    "the month after the last use": (replace(BASE, usage=use((1, "u", "2026-03-31"))), APRIL),
    "one user of two customers": (replace(BASE, usage=use((1, "u", "2026-03-09"), (2, "u", "2026-03-09"))), MARCH),
    "costs on the first and last day": (replace(BASE, costs=costs("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")), MARCH),
    "costs on either side, none within": (
        replace(BASE, costs=costs("2026-02-28", "2026-04-01"), payments=(paid("9", "2026-03-01"),)),
        MARCH,
    ),
    "more given back than taken": (replace(BASE, costs=costs("2026-03-02"), payments=(paid("9", "2026-03-01", kind="refund"),)), MARCH),
    "nothing taken": (replace(BASE, costs=costs("2026-03-02"), payments=(paid("9", "2026-02-01"), paid("9", "2026-04-01"))), MARCH),
    "costs before the lag": (replace(BASE, costs=costs("2025-12-01", "2025-11-30", "2026-02-28")), quarter(2026, 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_figures_equal_the_oracle_at_the_edge(name: str, tmp_path: Path) -> None:
    made, span = CASES[name]
    made = replace(made, customers=PEOPLE)
    spans = (span, span.previous)
    questions = (
        Question(spans, by="channel"),
        Question(spans, where={"segment": ("مؤسسات",)}),
        Question(spans, as_of=span.last, where={"channel": ("إعلانات",)}),
        Question(spans, switches=(("nps_bands", "article"),)),
        Question(spans, switches=(("cac_lag_months", "1"),)),
    )
    with imported(made, tmp_path) as ws:
        found = [str(difference) for question in questions for difference in differences(ws, made.facts(), question)]
    assert found == [], "\n".join(found[:12])
