"""Every case of the collection of worked examples is tested by a module beside this one, or said there to have no numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.mark.shared_data
def test_no_case_is_left_out(shared_data: Path) -> None:
    document = json.loads((shared_data / "worked_examples.json").read_text(encoding="utf-8"))
    beside = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py") if path != Path(__file__)]
    said = {case["id"] for case in document["cases"] if any(case["id"] in text for text in beside)}
    assert said == {case["id"] for case in document["cases"]}
