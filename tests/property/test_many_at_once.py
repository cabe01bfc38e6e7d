"""Whether customers are worked out one by one or all at once, a workspace comes to hold the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cstui.base.money import LARGEST
from cstui.store import oddities, rollups
from cstui.store.undo import undo
from tests.oracle.companies import Company, company
from tests.property.program import bring_in, created, held, seeds
from tests.property.test_imports import AT, changed
from tests.worked.cases import sub

Held = dict[str, list[tuple[object, ...]]]


def lives(made: Company, later: Company, folder: Path) -> list[Held]:
    """What a workspace holds after an import, one that changes it, and taking that back."""
    found = []
    with created(made, folder) as ws:
        for files in (made, later):
            outcome = bring_in(ws, *files.write(folder))
            found.append(held(ws) | {"oddities": [(file.oddities,) for file in outcome.files]})
        undo(ws.path, None, AT)
        found.append(held(ws))
    for each in found:
        del each["_sqlite_migrations"]  # which say when
    return found


@pytest.mark.parametrize("seed", seeds(700, 12))
def test_all_at_once_and_one_by_one_come_to_the_same(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(seed)
    made = company(chance, 12)
    later = changed(made, chance)
    one_by_one = lives(made, later, tmp_path)
    monkeypatch.setattr(rollups, "MANY", 1)
    monkeypatch.setattr(oddities, "MANY", 1)
    assert lives(made, later, tmp_path) == one_by_one


def test_sums_beyond_64_bits_are_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    amount = f"{LARGEST // 100}"
    made = Company((), tuple(sub(number, amount, "2026-01-01") for number in range(1, 6)), ())
    one_by_one = lives(made, made, tmp_path)
    monkeypatch.setattr(rollups, "MANY", 1)
    assert lives(made, made, tmp_path) == one_by_one
    assert any(int(str(value)) > 2**63 for row in one_by_one[0]["mrr_month"] for value in row)
