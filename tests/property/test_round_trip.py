"""What was exported imports back unchanged: into a new workspace every fact equal, into the same one nothing changes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.cells import guarded, quoted, unguarded
from cstui.base.records import RECORDS, Kind
from cstui.desk.export import export_records, target_of
from cstui.desk.survey import Recording, record
from cstui.desk.workspace import Workspace
from cstui.store import export
from tests.oracle.companies import company
from tests.property.program import bring_in, created, held, imported, seeds

ODD = """\
customer_id,name,email,tier,=SUM(A1),notes
007,=HYPERLINK("x"),-5,''=x,+1,"a, ""b"" c"
1E+05,'=y,@z,'plain,-,'
c-1,شركة النور,‎,۱۲۳,,[/]
"""
VALUES = ("[/]", "=1+1", "'=1+1", "''@", "-5", "+49 30 1", "007", "۱۲", "a;b", 'say "no"', "'", "tab\there", "نعم", "null", "0012.50")


def facts(ws: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Everything a file can say, kind by kind."""
    with ws.read() as db:
        return {kind.value: sorted((tuple(map(str, row)) for row in export.records(db, kind)), key=repr) for kind in RECORDS}


def exported(ws: Workspace, folder: Path, form: str) -> list[Path]:
    """A file for each kind that has rows."""
    with ws.read() as db:
        kinds = [kind for kind in RECORDS if next(export.records(db, kind), None) is not None]
    paths = [folder / f"out-{kind}.{form}" for kind in kinds]
    for kind, path in zip(kinds, paths, strict=True):
        export_records(ws, kind.value, target_of(path, None, force=True))
    return paths


def odd_cells(ws: Workspace, folder: Path, chance: Random) -> None:
    """Text that spreadsheets and parsers trip over, ids that look like numbers, answers and costs without an id, and by hand."""
    path = folder / "odd.csv"
    path.write_text(ODD, encoding="utf-8")
    costs = folder / "odd-costs.csv"
    costs.write_text("date,category,amount\n2025-05-01,sales,-5\n2025-05-01,sales,-5\n2025-05-02,other,1.5\n", encoding="utf-8")
    answers = folder / "odd-answers.csv"
    answers.write_text(
        "customer_id,answered_at,kind,score,scale,comment\n007,2025-05-01,nps,9,,=x\n007,2025-05-01,nps,9,,=x\n007,2025-05-02,ces,2,1-7,\n",
        encoding="utf-8",
    )
    usage = folder / "odd-usage.csv"
    usage.write_text(
        "customer_id,date,user_id,minutes\n007,2025-05-01,=u,1.234\n007,2025-05-02,,0.5\n1E+05,2025-05-02,012,\n", encoding="utf-8"
    )
    bring_in(ws, path, costs, answers, usage)
    notes = folder / "odd-notes.csv"
    rows = [f'i{n},007,2025-04-0{n % 9 + 1},"{value.replace(chr(34), chr(34) * 2)}"\n' for n, value in enumerate(chance.sample(VALUES, 8))]
    notes.write_text("interaction_id,customer_id,at,note\n" + "".join(rows), encoding="utf-8")
    bring_in(ws, notes)
    for score in ("9", "3"):
        record(ws, Recording("007", "nps", score, "0-10"), today=20_000, at="2024-10-04T00:00:00Z")


@pytest.mark.parametrize("seed", seeds(900, 4))
@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "xlsx"])
def test_what_was_exported_imports_back_unchanged(seed: int, form: str, tmp_path: Path) -> None:
    chance = Random(seed)
    made = company(chance, 6)
    with imported(made, tmp_path) as ws:
        odd_cells(ws, tmp_path, chance)
        files, before, everything = exported(ws, tmp_path, form), facts(ws), held(ws)
        outcome = bring_in(ws, *files)
        assert [(file.kind, file.read, file.refused) for file in outcome.files if file.unchanged != file.read] == []
        assert held(ws) == everything
        with created(made, tmp_path, "other") as other:
            came = bring_in(other, *chance.sample(files, len(files)))
            assert [(file.kind, file.problems) for file in came.files if file.refused] == []
            assert facts(other) == before
            assert [path.read_bytes() for path in files] == [path.read_bytes() for path in exported(ws, tmp_path, form)] or form == "xlsx"


def test_answers_by_hand_go_on_being_numbered_after_they_came_back(tmp_path: Path) -> None:
    made = company(Random(1), 2)
    with imported(made, tmp_path) as ws:
        odd_cells(ws, tmp_path, Random(1))
        files = exported(ws, tmp_path, "csv")
        with created(made, tmp_path, "other") as other:
            bring_in(other, *files)
            answers = len(facts(other)[Kind.SURVEYS.value])
            record(other, Recording("007", "nps", "10", "0-10"), today=20_001, at="2024-10-05T00:00:00Z")
            assert len(facts(other)[Kind.SURVEYS.value]) == answers + 1


@given(st.text(alphabet=st.sampled_from("'=+-@\t\n a1")))
def test_a_guard_comes_off_as_it_went_on(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert unguarded(quoted(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\n"))
