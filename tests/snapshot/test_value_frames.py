"""Frames of customer value: {normal, table, refused, empty, error} × {80×24, 120×40}."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.snapshot.framing import SIZES, busy, framed, sample
from tests.unit.risk import company


@SIZES
@pytest.mark.parametrize("state", ["normal", "table", "refused"])
async def test_value(state: str, size: tuple[int, int], tmp_path: Path) -> None:
    path = company.make(tmp_path / "acme.db") if state == "refused" else sample(tmp_path)
    await framed(f"value-{state}", size, path, ("V", "t") if state == "table" else ("V",))


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    await framed("value-error", size, Path("acme.db"), ("V",), busy("value"))
