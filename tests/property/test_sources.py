"""Known exports with spoilt cells: every row is still accounted for, and nothing falls over."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstui.base.errors import BadFile
from tests.unit.store.import_calls import bring

FOLDER = Path(__file__).parents[1] / "data" / "sources"
NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))
SPOILT = st.sampled_from(
    ["", " ", "nan", "-", "1e9", "12,3,4", "2026-13-45", "۱۲٫۵", "[/]", "\x1b]0;x\x07", "true", "0", "-5", "9" * 30, "C1", "مدفوع"]
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=3)
@given(data=st.data())
def test_every_row_of_a_spoilt_export_is_accounted_for(name: str, data: st.DataObject) -> None:
    text = (FOLDER / f"{name}.csv").read_bytes().decode()
    delimiter = ";" if text.splitlines()[0].count(";") > text.splitlines()[0].count(",") else ","
    header, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows = data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=6).map(lambda some: [list(row) for row in some]))
    for _ in range(data.draw(st.integers(0, 5))):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(SPOILT)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    with tempfile.TemporaryDirectory() as folder:
        try:
            outcome = bring(Path(folder) / "w.db", out.getvalue())
        except BadFile:
            return  # it says why, and nothing came in
        for file in outcome.files:
            assert file.read == file.created + file.updated + file.unchanged + file.refused
            assert len({problem.line for problem in file.problems}) == file.refused
        again = bring(Path(folder) / "w.db", out.getvalue())
        assert [(file.created, file.refused) for file in again.files] == [(0, file.refused) for file in outcome.files]
