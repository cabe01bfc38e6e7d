"""Points add up to the score exactly, and what is not known never makes a customer look safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.days import iso, parse_iso
from cstui.risk.score import score, shared
from cstui.risk.signals import CALM, SIGNALS, Finding, unknown
from cstui.risk.terms import next_due


def found(signal: str, points: int | None) -> Finding:
    return Finding(signal, points, str, ("…",))


@given(st.lists(st.integers(1, 60), max_size=12))
def test_points_add_up_to_at_most_100_and_keep_their_order(points: list[int]) -> None:
    counted = shared(points)
    assert sum(counted) == min(100, sum(points))
    assert all(0 <= a <= b for a, b in zip(counted, points, strict=True))
    assert all(counted[i] >= counted[j] for i in range(len(points)) for j in range(len(points)) if points[i] > points[j])


@given(st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=len(SIGNALS), max_size=len(SIGNALS)))
def test_the_score_is_the_sum_of_its_reasons(points: list[int | None]) -> None:
    scored = score(found(signal.id, value) for signal, value in zip(SIGNALS, points, strict=True))
    assert scored.risk == sum(value for _, value in scored.reasons) == min(100, sum(value or 0 for value in points))
    assert len(scored.unknown) == points.count(None)
    assert [one.signal for one in scored.unknown] == [signal.id for signal, value in zip(SIGNALS, points, strict=True) if value is None]


def test_without_data_nobody_is_called_low() -> None:
    silent = [unknown(signal.id, "nothing imported") if signal.family != "contract" else CALM[signal.id] for signal in SIGNALS]
    assert score(silent).band == "unknown"
    assert score(CALM.values()).band == "low"


@pytest.mark.parametrize(("points", "band"), [(29, "low"), (30, "medium"), (59, "medium"), (60, "high")])
def test_bands(points: int, band: str) -> None:
    assert score([*list(CALM.values())[1:], found("scheduled_end", points)]).band == band


@pytest.mark.parametrize(
    ("pay", "interval", "count", "day", "due"),
    [
        ("2025-11-20", "year", 1, "2026-10-31", "2026-11-20"),
        ("2024-02-29", "year", 1, "2026-01-01", "2026-02-28"),
        ("2026-01-31", "month", 3, "2026-04-30", "2026-07-31"),
        ("2026-01-31", "quarter", 1, "2026-04-29", "2026-04-30"),
        ("2026-01-01", "week", 13, "2026-04-02", "2026-07-02"),
        ("2026-01-01", "day", 90, "2026-01-01", "2026-04-01"),
    ],
)
def test_a_term_ends_on_its_anchor_day(pay: str, interval: str, count: int, day: str, due: str) -> None:
    assert iso(next_due(parse_iso(pay), interval, count, parse_iso(day))) == due
