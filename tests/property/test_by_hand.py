"""Whatever a person does by hand between imports, undos and redos, and whomever they forget: nothing breaks, and the file stays whole."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from cstui.base.errors import CstuiError
from cstui.desk import answer_turns, survey
from cstui.desk.customer_edit import Entry, edit_field, enter, forget, redo, undo
from cstui.desk.workspace import Workspace, open_workspace
from cstui.store import redo as imports_again
from cstui.store import undo as imports_back
from cstui.store.doctor import OK, examine
from tests.property.program import seeds
from tests.unit.store.import_calls import AT, DAY, bring, select
from tests.unit.store.test_undo import some_files


def deed(chance: random.Random, ws: Workspace) -> Callable[[], object]:
    """Something that a person may do now."""
    customer = chance.choice([row[0] for row in select(ws.path, "SELECT customer_id FROM customer ORDER BY id LIMIT 2")] or ["nobody"])
    number = chance.choice([None, *(row[0] for row in select(ws.path, "SELECT id FROM import"))])
    given = survey.check(survey.Recording(customer, "nps", str(chance.randrange(11))), DAY)
    deeds: list[Callable[[], object]] = [
        partial(bring, ws.path, *some_files(chance)),
        partial(imports_back.undo, ws.path, number, AT),
        partial(imports_again.redo, ws.path, number),
        *[partial(enter, ws, customer, Entry(kind, "said"), DAY, AT) for kind in ("note", "contact")] * 2,
        partial(edit_field, ws, customer, chance.choice(["owner", "created_at"]), chance.choice(["", "2025-05-01"]), AT),
        *[partial(turn, ws, customer) for turn in (undo, redo)] * 4,
        partial(survey.record, ws, given, today=DAY, at=AT),
        partial(survey.record, ws, replace(given, customer_id=f"n{chance.randrange(3)}"), today=DAY, at=AT, new=True),
        *[partial(turn, ws) for turn in (answer_turns.undo, answer_turns.redo)] * 2,
        partial(forget, ws.path, customer, AT),
    ]
    return chance.choice(deeds)


@pytest.mark.parametrize("seed", seeds(0, 8))
def test_the_file_stays_whole_whatever_is_done(seed: int, tmp_path: Path) -> None:
    chance, path = random.Random(seed), tmp_path / "desk.db"
    bring(path, "customer_id,name,owner\nc0,Zero,Ann\nc1,One,\n")
    ws = open_workspace(path)
    for _ in range(30):
        with suppress(CstuiError):  # an import that is none, a customer who is gone: said, and nothing done
            deed(chance, ws)()
        assert {(check.check, check.status, check.message) for check in examine(path).checks if check.status != OK} == set()
    ws.close()
