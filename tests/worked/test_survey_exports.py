"""Survey exports that others published: imported by the command line, figures as in the collection of worked examples.

Reads `../shared/data/nps_csat_ces_mock`, which is no part of the repository; skipped where it is absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

Document = dict[str, Any]

pytestmark = [pytest.mark.shared_data, pytest.mark.e2e]
DATES = ("--map", "answered_at=date")
WHOLE = ("--from", "2025-04-01", "--to", "2025-05-31")


def cstui(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cstui", *arguments], check=False, capture_output=True, text=True, env=dict(os.environ))


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    found = shared_data / "nps_csat_ces_mock"
    if not found.is_dir():
        pytest.skip("../shared/data/nps_csat_ces_mock is not here")
    return found


def figures(file: Path, workspace: Path, rows: int, options: Sequence[str], metrics: Sequence[str]) -> Document:
    """What the metrics come to over both months, after an import that refuses nothing."""
    done = cstui("--db", str(workspace), "import", str(file), "--as", "surveys", *options, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (entry,) = json.loads(done.stdout)["files"]
    assert (entry["read"], entry["created"], entry["refused"]) == (rows, rows, 0)
    shown = cstui("--db", str(workspace), "metrics", *metrics, *WHOLE, "--json")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    document: Document = json.loads(shown.stdout)["periods"][0]["metrics"]
    return document


NPS = (*DATES, "--map", "comment=feedback", "--set", "kind=nps")


@pytest.mark.parametrize(
    ("name", "counts", "value"),
    [("nps_responses.csv", (41, 33, 26), 15.0), ("nps_20k_responses.csv", (3957, 4025, 12018), -40.305)],
)
def test_nps(name: str, counts: tuple[int, int, int], value: float, folder: Path, tmp_path: Path) -> None:
    """nps-07, nps-06. Customers recur among the 20,000, respondents are blank: every answer is its own respondent's."""
    promoters, _, detractors = counts
    rows = sum(counts)
    found = figures(folder / name, tmp_path / "w.cstui", rows, NPS, ["nps"])["nps"]
    assert found["value"] == pytest.approx(value, abs=1e-9)
    assert (found["numerator"], found["denominator"], found["n"]) == (promoters - detractors, rows, rows)
    shares = {band: count / rows for band, count in zip(("promoters", "passives", "detractors"), counts, strict=True)}
    assert found["parts"]["shares"] == pytest.approx(shares)


def test_csat(folder: Path, tmp_path: Path) -> None:
    """csat-02."""
    options = (*DATES, "--map", "touchpoint=interaction_type", "--set", "kind=csat", "--set", "scale=1-5")
    found = figures(folder / "csat_responses.csv", tmp_path / "w.cstui", 100, options, ["csat"])["csat"]
    assert (found["value"], found["numerator"], found["n"]) == (63.0, 63, 100)
    each = found["parts"]["by_touchpoint"].values()
    assert sum(one["n"] for one in each) == 100
    assert sum(one["value"] * one["n"] for one in each) == pytest.approx(6300)


def test_ces(folder: Path, tmp_path: Path) -> None:
    """ces-01."""
    options = (*DATES, "--map", "touchpoint=task_type", "--set", "kind=ces", "--set", "scale=1-7", "--set", "direction=high_easy")
    found = figures(folder / "ces_responses.csv", tmp_path / "w.cstui", 100, options, ["ces", "high_effort_share"])
    assert (found["ces"]["value"], found["ces"]["n"]) == (4.78, 100)
    assert found["ces"]["parts"]["easy_share"] == pytest.approx(0.59)
    assert found["high_effort_share"]["value"] <= 1 - 0.59


@pytest.mark.parametrize("name", ["NPS_webinar_1to10.csv", "csat_aggregated_data.csv"])
def test_answers_without_customers_say_why_they_cannot_come_in(name: str, folder: Path, tmp_path: Path) -> None:
    for kind in ((), ("--as", "surveys")):
        done = cstui("--db", str(tmp_path / "w.cstui"), "import", str(folder / name), *kind)
        assert done.returncode == 1
        assert "customer" in done.stderr
    assert not (tmp_path / "w.cstui").exists()
