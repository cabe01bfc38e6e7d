"""Published worked examples, imported as small companies and asked through the program. What is out of scope: `cases.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.property.program import Question, ask, imported, switch
from tests.worked.cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_program_gives_the_published_figure(case: Case, tmp_path: Path) -> None:
    with imported(case.company, tmp_path) as ws:
        switch(ws, tuple((case.switches or {}).items()))
        found = ask(ws, Question((case.span,)), case.span, list(case.expected))["metrics"]
    for metric, expected in case.expected.items():
        assert found[metric]["value"] == pytest.approx(expected, rel=0, abs=case.tolerance + 1e-9), metric
