"""Order does not matter, repetition changes nothing, and an undo brings back what was: facts, rollups and figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import View
from cstui.desk.figures import figures as program_figures
from cstui.desk.workspace import Workspace
from cstui.store.undo import undo
from tests.oracle.companies import IMPORT_DAY, PAYMENT_COLUMNS, SUBSCRIPTION_COLUMNS, Cells, Company, company, to_csv, with_rows
from tests.property.agreement import questions
from tests.property.program import Question, ask, bring_in, created, held, imported, seeds
from tests.worked.cases import sub

SEEDS = seeds(200, 6)
AT = "2026-09-20T13:00:00Z"


def figures(ws: Workspace, asked: Sequence[Question]) -> str:
    """Everything asked, as one text."""
    return json.dumps([ask(ws, replace(q, switches=()), span) for q in asked for span in q.spans], sort_keys=True)


def changed(made: Company, chance: Random) -> Company:
    """A later state of the same company: cells changed, rows added, customers that were stubs filled in."""
    other = company(chance, 8)
    subs = [dict(row) for row in made.subscriptions if chance.random() < 0.8]
    for row in subs:
        if chance.random() < 0.5:
            row |= {"amount": "77", "quantity": "2", "plan": "pro"}
    taken = {(row["subscription_id"], row["started_at"]) for row in subs}
    subs += [row for row in other.subscriptions if (row["subscription_id"], row["started_at"]) not in taken]
    payments = [row | {"amount": "3"} for row in made.payments] + [
        row | {"payment_id": f"late-{row['payment_id']}"} for row in other.payments
    ]
    later = Company(other.customers, tuple(subs), tuple(payments), made.currency)
    return with_rows(later, {kind: _moved_on(made.rows(kind), other.rows(kind), kind, chance) for kind in OTHER_KINDS})


OTHER_KINDS = ("usage", "interactions", "surveys", "traffic", "costs", "exchange_rates")
CHANGES = {
    "usage": {"minutes": "55"},
    "interactions": {"note": "بازبینی"},
    "surveys": {"comment": "on second thought"},
    "traffic": {"leads": "9"},
    "costs": {"amount": "3"},
    "exchange_rates": {"rate": "1.5"},
}
"""Kind → what a later file says otherwise."""


def _moved_on(rows: Sequence[Cells], more: Sequence[Cells], kind: str, chance: Random) -> tuple[Cells, ...]:
    return (*(row | CHANGES[kind] if chance.random() < 0.5 else row for row in rows if chance.random() < 0.8), *more)


def pieces(made: Company, folder: Path, chance: Random) -> list[Path]:
    """The company's rows, shuffled and spread over several files."""
    found = []
    tables = (("subscriptions", SUBSCRIPTION_COLUMNS, made.subscriptions), ("payments", PAYMENT_COLUMNS, made.payments))
    for kind, columns, rows in tables:
        mixed = chance.sample(rows, len(rows))
        for number, part in enumerate((mixed[::2], mixed[1::2])):
            if part:
                found.append(folder / f"{kind}-{number}.csv")
                found[-1].write_text(to_csv(columns, part), encoding="utf-8")
    return [*found, *(path for path in made.write(folder) if path.stem not in ("subscriptions", "payments"))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_files_rows_and_calls_does_not_matter(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = company(chance, 6)
    asked = questions(chance, made, 3)
    with imported(made, tmp_path) as ws:
        expected = figures(ws, asked)
    files = pieces(made, tmp_path, chance)
    for order in (chance.sample(files, len(files)) for _ in range(3)):
        with created(made, tmp_path, "one-call") as ws:
            bring_in(ws, *order)
            assert figures(ws, asked) == expected
        with created(made, tmp_path, "many-calls") as ws:
            for path in order:
                bring_in(ws, path)
            held(ws)
            assert figures(ws, asked) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_repeated_import_changes_nothing(seed: int, tmp_path: Path) -> None:
    made = company(Random(seed), 6)
    with imported(made, tmp_path) as ws:
        before = held(ws)
        outcome = bring_in(ws, *made.write(tmp_path))
        assert all(file.unchanged == file.read for file in outcome.files)
        assert held(ws) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_an_undo_brings_back_what_was(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = company(chance, 6)
    with created(made, tmp_path) as ws:
        empty = held(ws)
        bring_in(ws, *made.write(tmp_path))
        first = held(ws)
        bring_in(ws, *changed(made, chance).write(tmp_path))
        held(ws)
        undo(ws.path, None, AT)
        assert held(ws) == first
        undo(ws.path, None, AT)
        assert held(ws) == empty


@pytest.mark.parametrize("seed", SEEDS)
def test_undoing_the_earlier_import_first_leads_to_the_start_as_well(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    made = company(chance, 6)
    with created(made, tmp_path) as ws:
        empty = held(ws)
        first = bring_in(ws, *made.write(tmp_path)).import_id
        bring_in(ws, *changed(made, chance).write(tmp_path))
        undo(ws.path, first, AT)
        held(ws)
        undo(ws.path, None, AT)
        assert held(ws) == empty


def test_as_of_is_the_last_event_not_after_its_own_import(tmp_path: Path) -> None:
    """A scheduled end that has passed by a later import of other facts is still not an event that was seen to happen."""
    first = Company((), (sub(1, 10, "2026-01-01", "2026-07-15"),), ())
    later = Company((), (sub(2, 10, "2026-06-20"),), ())
    with created(first, tmp_path) as ws:
        bring_in(ws, *first.write(tmp_path), day=date(2026, 6, 1))
        assert as_of(ws) == "2026-01-01"
        bring_in(ws, *later.write(tmp_path))
        assert as_of(ws) == "2026-06-20"


def as_of(ws: Workspace) -> str | None:
    document: dict[str, str | None] = program_figures(ws, ["mrr"], View(), IMPORT_DAY).to_json()
    return document["as_of"]
