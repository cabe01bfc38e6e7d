"""The shipped sample.db is what the program builds today, small, private when copied, and looks like life."""

from __future__ import annotations

import sqlite3
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import parse_month, parse_quarter
from cstui.base.paths import sample_workspace
from cstui.desk.at_risk import at_risk
from cstui.desk.figures import figures
from cstui.desk.sample import build, private_copy
from cstui.desk.voices import Question, voices
from cstui.desk.workspace import Workspace, open_workspace

TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A private copy of the shipped company, open."""
    opened = open_workspace(private_copy(tmp_path_factory.mktemp("copy")))
    yield opened
    opened.close()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's definition and rows, sorted; SQLite's own statistics left out."""
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"):
        found[name] = [(sql,)]
        if sql.startswith("CREATE TABLE"):
            found[name] += sorted(db.execute(f'SELECT * FROM "{name}"'), key=repr)
    db.close()
    return found


def values(workspace: Workspace, view: View, *metrics: str) -> list[dict[str, Any]]:
    """Per period: metric → value; with a breakdown, per group of the only period."""
    periods = figures(workspace, metrics, view, TODAY).to_json()["periods"]
    cells = periods if view.by is None else periods[0]["groups"]
    return [{"by": cell.get("by"), **{name: figure["value"] for name, figure in cell["metrics"].items()}} for cell in cells]


@pytest.mark.slow
def test_the_shipped_file_is_what_the_program_builds(tmp_path: Path) -> None:
    built = tmp_path / "built.db"
    build(built)
    now, shipped = contents(built), contents(sample_workspace())
    assert list(now) == list(shipped)
    for name, rows in now.items():
        assert rows == shipped[name], f"{name} differs: run `python -m cstui.desk.sample sample.db`"


def test_it_is_small_and_carries_no_trace_of_the_machine() -> None:
    shipped = sample_workspace()
    assert shipped.stat().st_size <= 3_000_000
    assert str(Path.home()).encode() not in shipped.read_bytes()
    files = contents(shipped)["import_file"]
    assert all("/tmp" not in str(cell) and "cstui-sample" not in str(cell) for row in files[1:] for cell in row)  # noqa: S108


def test_a_private_copy_is_its_owners_only(tmp_path: Path) -> None:
    copy = private_copy(tmp_path)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        private_copy(tmp_path)


def test_thirty_months_look_like_life(workspace: Workspace) -> None:
    months = values(
        workspace,
        View(PeriodChoice(last=30)),
        "mrr",
        "arpc",
        "customers_active",
        "customers_new",
        "customer_churn_rate",
        "nrr",
        "quick_ratio",
    )
    assert len(months) == 30
    assert 300 <= months[-1]["customers_active"] <= 420
    assert 110_000 <= months[-1]["mrr"] <= 200_000
    assert all(120 <= month["arpc"] <= 450 for month in months)
    calm = [month["customer_churn_rate"] for month in (*months[8:17], *months[20:])]
    assert 0.015 <= sum(calm) / len(calm) <= 0.03
    assert all(month["mrr"] > before["mrr"] for before, month in pairwise(months))
    new = [month["customers_new"] for month in months]
    assert sum(new[10:12]) < sum(new[8:10]), "Ramadan and Nowruz are slow"
    assert sum(new[28:30]) > 1.2 * sum(new[26:28]), "autumn is strong"


def test_a_year_keeps_and_grows_its_revenue(workspace: Workspace) -> None:
    year = values(workspace, View(PeriodChoice(trailing=12)), "nrr", "grr")[0]
    assert 0.98 <= year["nrr"] <= 1.10
    assert 0.75 <= year["grr"] <= 0.92


def test_the_bad_quarter_shows_and_the_breakdown_says_where(workspace: Workspace) -> None:
    bad = parse_quarter("2025-Q4")
    months = [
        values(workspace, View(PeriodChoice(parse_month(name))), "customer_churn_rate")[0] for name in ("2025-10", "2025-11", "2025-12")
    ]
    assert 0.045 <= sum(month["customer_churn_rate"] for month in months) / 3 <= 0.075
    regions = {cell["by"]: cell for cell in values(workspace, View(PeriodChoice(bad), by="region"), "customer_churn_rate", "nrr")}
    others = [cell["customer_churn_rate"] for region, cell in regions.items() if region != "Gulf"]
    assert regions["Gulf"]["customer_churn_rate"] > 2 * max(others)
    assert regions["Gulf"]["nrr"] == min(cell["nrr"] for cell in regions.values())


def test_the_screens_say_why_the_quarter_was_bad(workspace: Workspace) -> None:
    regions = {
        cell["by"]: cell for cell in values(workspace, View(PeriodChoice(parse_quarter("2025-Q4")), by="region"), "csat", "nps", "ces")
    }
    for metric in ("csat", "nps", "ces"):
        others = [cell[metric] for region, cell in regions.items() if region != "Gulf" and cell[metric] is not None]
        assert regions["Gulf"][metric] < min(others), metric
    gulf = View(PeriodChoice(parse_month("2025-11")), where=(("region", ("Gulf",)),))
    csat = figures(workspace, ("csat",), gulf, TODAY).to_json()["periods"][0]["metrics"]["csat"]
    assert csat["parts"]["by_touchpoint"]["checkout"]["value"] < 30


def test_use_voices_and_money_lie_in_believable_ranges(workspace: Workspace) -> None:
    ranges = {
        "nps": (20, 60),
        "csat": (60, 92),
        "ces": (4.3, 6.5),
        "stickiness": (0.12, 0.35),
        "session_minutes": (5, 15),
        "active_customer_share": (0.9, 1.0),
        "goal_conversion_rate": (0.02, 0.08),
        "gross_margin": (0.65, 0.88),
        "cac": (1_000, 4_500),
        "profit": (0, 120_000),
    }
    for month in values(workspace, View(PeriodChoice(last=8)), *ranges):
        for metric, (low, high) in ranges.items():
            assert low <= month[metric] <= high, (metric, month[metric])
    worst = values(workspace, View(PeriodChoice(parse_quarter("2025-Q4"))), "nps", "profit")[0]
    assert worst["nps"] < 0
    assert worst["profit"] < 0


def test_the_lists_have_somebody_on_them(workspace: Workspace) -> None:
    found = at_risk(workspace, View(PeriodChoice()), TODAY)
    bands = Counter(row.band for row in found.customers)
    assert 5 <= bands["high"] <= 30
    assert 10 <= bands["medium"] <= 60
    assert {reason.signal for row in found.customers for reason in row.reasons} >= {
        "scheduled_end", "usage_drop", "nps_low", "payment_late", "contraction", "ces_hard", "ticket_reopened", "ticket_open", "csat_low",
        "repeat_contacts", "no_contact", "renewal_near",
    }  # fmt: skip
    queues = voices(workspace, Question(), TODAY).queues
    assert all(len(queue) >= 3 for queue in (queues.detractors, queues.promoters, queues.unasked))
