"""The journey of all customers is what their own pages say, customer by customer, counted by brute force."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from statistics import median

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import Period, to_day
from cstui.desk.customer_journey import Stage
from cstui.desk.customer_page import customer
from cstui.desk.journeys import JourneysSnapshot, journeys
from cstui.desk.workspace import Workspace
from tests.oracle.companies import IMPORT_DAY, Company, company, with_rows
from tests.oracle.periods import quarter
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
