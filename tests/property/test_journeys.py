"""The journey of all customers is what their own pages say, customer by customer, counted by brute force."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random
from statistics import median

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import Period, to_day
from cstui.base.errors import UsageError
from cstui.desk.customer_journey import Stage
from cstui.desk.customer_page import customer
from cstui.desk.explain import Wanted
from cstui.desk.journey_line import JourneyLine, journey_line
from cstui.desk.journeys import JourneysSnapshot, journeys
from cstui.desk.workspace import Workspace
from tests.oracle.companies import IMPORT_DAY, Company, company, with_rows
from tests.oracle.periods import quarter
from tests.oracle.shops import shop
from tests.property.program import imported, seeds

QUARTER = quarter(2026, 1)
PERIOD = Period(to_day(QUARTER.start), to_day(QUARTER.end))


def pages(ws: Workspace, made: Company) -> list[tuple[Stage, ...]]:
    """Everybody's stages as their own pages have them."""
    return [customer(ws, one.customer_id).journey for one in made.facts().customers]


def counted(found: JourneysSnapshot) -> dict[tuple[str | None, str], tuple[int, int, float | None]]:
    return {
        (move.origin, move.target): (move.customers, move.times, None if move.median_days is None else float(move.median_days))
        for move in found.transitions
    }


def by_hand(lives: list[tuple[Stage, ...]], inside: Period | None) -> dict[tuple[str | None, str], tuple[int, int, float | None]]:
    who: dict[tuple[str | None, str], list[int]] = {}
    took: dict[tuple[str | None, str], list[int]] = {}
    for number, life in enumerate(lives):
        for index, stage in enumerate(life):
            if inside is None or stage.start in inside:
                before = life[index - 1] if index else None
                key = (before.name if before else None, stage.name)
                who.setdefault(key, []).append(number)
                took.setdefault(key, []).extend([stage.start - before.start] if before else [])
    return {key: (len(set(found)), len(found), median(took[key]) if took[key] else None) for key, found in who.items()}


@pytest.mark.parametrize("seed", seeds(700, 8))
def test_all_journeys_together_are_the_pages_counted(seed: int, tmp_path: Path) -> None:
    made = company(Random(seed), 10)
    seen = tuple(row | {"first_seen": "2025-06-01"} if n % 3 == 0 else row for n, row in enumerate(made.customers))
    with imported(with_rows(made, {"customers": seen}), tmp_path) as ws:
        lives = pages(ws, made)
        ever = journeys(ws, View(), IMPORT_DAY)
        then = journeys(ws, View(PeriodChoice(PERIOD)), IMPORT_DAY)
    assert counted(ever) == by_hand(lives, None)
    assert counted(then) == by_hand(lives, PERIOD)
    assert {line.stage: line.now for line in ever.stages} == {line.stage: 0 for line in ever.stages} | Counter(
        life[-1].name for life in lives if life
    )
    standing = [[stage for stage in life if stage.start < PERIOD.end and (stage.end or PERIOD.end) >= PERIOD.end] for life in lives]
    assert Counter({line.stage: line.now for line in then.stages if line.now}) == Counter(life[-1].name for life in standing if life)
    owned = {(line.stage, owner): count for line in ever.stages for owner, count in line.owners}
    mine = Counter(pair for life in lives for pair in {(stage.name, owner) for stage in life for owner in stage.owners})
    assert owned == mine
    assert ever.undated == sum(not life for life in lives)


def test_a_filter_narrows_whose_journeys_are_told(tmp_path: Path) -> None:
    made = company(Random(11), 10)
    with imported(made, tmp_path) as ws:
        everybody = journeys(ws, View(), IMPORT_DAY)
        some = journeys(ws, View(where=(("segment", ("smb",)),)), IMPORT_DAY)
    mine = [one for one in made.facts().customers if one.fields.get("segment") == "smb"]
    assert some.customers == len(mine) < everybody.customers


def lines(found: JourneysSnapshot) -> dict[str, tuple[int | None, int, float, dict[str, object] | None]]:
    """Every line of the table: numerator, denominator or how many are there, value, parts."""
    days = [None if one is None else float(one) for line in found.stages for one in (line.median_days, line.waiting_days)]
    told: dict[str, tuple[int | None, int, float, dict[str, object] | None]] = {}
    for line, stay, there in zip(found.stages, days[::2], days[1::2], strict=True):
        on = sum(move.times for move in found.transitions if move.origin == line.stage)
        told |= {
            line.stage: (None, line.now, line.now, {"waiting_days": there}),
            f"{line.stage}:reached": (None, line.reached, line.reached, None),
            f"{line.stage}:left": (None, on, on, {"median_days": stay}),
        }
    for move in found.transitions:
        parts: dict[str, object] = {"customers": move.customers}
        if move.origin is not None:
            parts["median_days"] = None if move.median_days is None else float(move.median_days)
        whole = move.times / move.share
        assert whole.denominator == 1
        told[f"{move.origin or ''}:{move.target}"] = (move.times, int(whole), float(move.share), parts)
    return told


@pytest.mark.parametrize("seed", seeds(720, 4))
def test_a_line_is_what_its_rows_come_to(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = shop(chance, 10) if seed % 2 else company(chance, 10)
    with imported(made, tmp_path) as ws:
        for view in (View(), View(PeriodChoice(PERIOD)), View(where=(("segment", ("smb", "enterprise")),))):
            table = lines(journeys(ws, view, IMPORT_DAY))
            period = view.choice.period
            before = lines(journeys(ws, view.on(period.previous), IMPORT_DAY)) if period is not None else {}
            for name, (top, bottom, value, parts) in table.items():
                found = json.loads(json.dumps(journey_line(ws, JourneyLine.parse(name), view, Wanted(difference=True)).to_json()))
                assert found["value"] == pytest.approx(value)
                assert found.get("parts") == (None if parts is None else pytest.approx(parts))
                sides = [sum(row[side] or 0 for row in found["rows"]) for side in ("numerator", "denominator")]
                assert sides == ([bottom, 0] if top is None else [top, bottom])
                assert all(row["source"]["file"].endswith(".csv") and row["note"] for row in found["rows"])
                difference = found["difference"]
                if period is None:
                    assert difference["value"] is None
                elif name in before:
                    assert found["previous"] == difference["before"] == pytest.approx(before[name][2])
                    moved = sum(mover["contribution"] for mover in difference["movers"])
                    assert moved == pytest.approx(difference["value"], abs=1e-6)
                first = journey_line(ws, JourneyLine.parse(name), view, Wanted(limit=2)).rows or ()
                assert [row.customer_id for row in first] == [row["customer_id"] for row in found["rows"][:2]]


def test_rows_say_what_put_a_customer_there(tmp_path: Path) -> None:
    """The very rows of a life that is short enough to see."""
    subscription = {"customer_id": "c-1", "currency": "USD", "interval": "month", "amount": "10"}
    made = Company(
        customers=({"customer_id": "c-1", "created_at": "2025-01-01"}, {"customer_id": "c-2", "created_at": "2025-01-05"}),
        subscriptions=(
            subscription | {"subscription_id": "s-1", "started_at": "2025-02-01", "trial_end": "2025-02-15", "ended_at": "2025-05-01"},
            subscription | {"subscription_id": "s-2", "started_at": "2025-08-01"},
        ),
        payments=(),
    )
    with imported(made, tmp_path) as ws:

        def rows(name: str) -> list[tuple[str, str, str | None]]:
            return [(row.kind, row.id, row.note) for row in journey_line(ws, JourneyLine.parse(name), View()).rows or ()]

        stays = [(one.name, one.days) for one in customer(ws, "c-1").journey]
        assert stays[:-1] == [("lead", 31), ("trial", 14), ("customer", 75), ("churned", 92)]
        assert rows("lead:trial")[0] == ("subscription", "s-1", "after 31 days, 2025-02-01")
        assert rows("lead:trial")[1][:2] == ("customer", "c-2")
        assert rows("trial:customer") == [("subscription", "s-1", "after 14 days, 2025-02-15")]
        assert rows("customer:churned") == [("subscription", "s-1", "after 75 days, 2025-05-01")]
        assert rows("churned:returned") == [("subscription", "s-2", "after 92 days, 2025-08-01")]
        assert rows("returned") == [("subscription", "s-2", "1 day, since 2025-08-01")]
        assert rows("churned:left") == [("subscription", "s-2", "after 92 days, 2025-08-01 → returned")]
        assert rows("returned:reached") == [("subscription", "s-2", "2025-08-01")]
        assert rows(":lead") == [("customer", "c-1", "2025-01-01"), ("customer", "c-2", "2025-01-05")]


@pytest.mark.parametrize("text", ["", ":", "trial:", "trials", ":reached", "trial:customers", "trial:customer:churned"])
def test_a_line_is_a_stage_or_a_way(text: str) -> None:
    with pytest.raises(UsageError):
        JourneyLine.parse(text)
