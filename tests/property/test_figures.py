"""Every figure equals the oracle's: random companies, imported, asked about any period, filter, breakdown, day and switch."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import parse_month, parse_quarter, parse_year
from cstui.desk.figures import catalogue, figures
from cstui.store import columns, facts, usage_columns
from tests.oracle.companies import IMPORT_DAY, Company, companies, company
from tests.oracle.periods import Span, month, quarter, trailing, year
from tests.oracle.reading import Reading
from tests.property.agreement import compared, differences, questions
from tests.property.program import EXAMPLES, imported, seeds
from tests.worked.cases import sub

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking, which takes minutes here: `soak.smaller` finds the smallest company in seconds."""


def check(made: Company, chance: Random, folder: Path, count: int) -> None:
    with imported(made, folder) as ws:
        for question in questions(chance, made, count):
            found = [str(difference) for difference in differences(ws, made.facts(), question)]
            assert found == [], "\n".join([*found[:12], repr(made)])


@pytest.mark.slow
@settings(max_examples=EXAMPLES or 20, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(made=companies(4), chance=st.randoms(use_true_random=False))
def test_figures_equal_the_oracle(made: Company, chance: Random, tmp_path: Path) -> None:
    assume(made.facts().own_as_of is not None)
    check(made, chance, tmp_path, 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(0, 20))
def test_figures_equal_the_oracle_seeded(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    check(company(chance, 6), chance, tmp_path, 4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(0, 12))
def test_figures_of_many_customers_equal_the_oracle_too(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as columns, as a workspace of many customers is; every other one's use from the columns that are kept."""
    monkeypatch.setattr(columns, "MANY", 0)
    monkeypatch.setattr(facts, "_WIDE", 0)
    if seed % 2:
        monkeypatch.setattr(usage_columns, "FEW", 0)
    chance = Random(seed)
    check(company(chance, 6), chance, tmp_path, 4)


@pytest.mark.slow
@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("seed", seeds(40, 6))
def test_a_period_reads_the_same_alone_and_among_others(seed: int, many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if many:
        monkeypatch.setattr(columns, "MANY", 0)
    made = company(Random(seed), 8)
    with imported(made, tmp_path) as ws:
        for choice in (PeriodChoice(last=18), PeriodChoice(trailing=3, last=8), PeriodChoice(period=parse_quarter("2026-Q1"), last=6)):
            for view in (View(choice), View(choice, by="plan")):
                together = figures(ws, None, view, IMPORT_DAY)
                for found in together.periods:
                    assert figures(ws, None, view.on(found.period), IMPORT_DAY).periods == (found,)


def test_the_oracle_reads_every_metric_of_the_registry() -> None:
    made = Company((), (sub(1, 10, "2026-01-01"),), ())
    assert {metric.id for metric in catalogue()} == set(Reading(made.facts()).catalogue())


CHOICES = (
    (PeriodChoice(), (month(2026, 7),)),
    (PeriodChoice(last=3), (month(2026, 5), month(2026, 6), month(2026, 7))),
    (PeriodChoice(period=parse_month("2025-12"), last=2), (month(2025, 11), month(2025, 12))),
    (PeriodChoice(period=parse_quarter("2026-Q1"), last=2), (quarter(2025, 4), quarter(2026, 1))),
    (PeriodChoice(period=parse_year("2025")), (year(2025),)),
    (PeriodChoice(trailing=3), (trailing(3, date(2026, 7, 9)),)),
    (PeriodChoice(trailing=12, last=2), (trailing(12, date(2026, 6, 1)), trailing(12, date(2026, 7, 9)))),
    (PeriodChoice(period=parse_month("2026-02"), trailing=6), (Span(date(2025, 9, 1), date(2026, 3, 1)),)),
)


@pytest.mark.parametrize(("choice", "spans"), CHOICES)
def test_the_periods_asked_for_are_those_of_the_catalogue(choice: PeriodChoice, spans: tuple[Span, ...], tmp_path: Path) -> None:
    """`as_of` is in July 2026; the current month is July, and `previous` is the figure of the period before."""
    rows = [sub(n, 10 + n, f"2025-{n:02d}-03", "2026-07-09" if n % 3 == 0 else "") for n in range(1, 13)]
    made = Company((), tuple(rows), ())
    with imported(made, tmp_path) as ws:
        document = figures(ws, ["mrr", "mrr_churned"], View(choice), IMPORT_DAY).to_json()
    oracle = Reading(made.facts())
    assert document["as_of"] == "2026-07-09"
    assert [(p["start"], p["end"]) for p in document["periods"]] == [(s.start.isoformat(), s.end.isoformat()) for s in spans]
    for period, span in zip(document["periods"], spans, strict=True):
        for metric, found in period["metrics"].items():
            assert list(compared(metric, found, oracle.ask(metric, span), outside=False)) == []
