"""Frames of the risk list and its evidence: {normal, empty, error} × {80×24, 120×40}, on a company of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.snapshot.framing import SIZES, busy, framed
from tests.unit.risk import company

SCREENS = {"at-risk": ("2",), "risk-evidence": ("2", "j", "e"), "by-owner": ("2", "w"), "by-reason": ("2", "r")}


@SIZES
@pytest.mark.parametrize("screen", SCREENS)
async def test_normal(screen: str, size: tuple[int, int], tmp_path: Path) -> None:
    await framed(f"{screen}-normal", size, company.make(tmp_path / "acme.db"), SCREENS[screen])


@SIZES
async def test_nothing_imported_but_customers(size: tuple[int, int], tmp_path: Path) -> None:
    await framed("at-risk-empty", size, company.make(tmp_path / "acme.db", company.CUSTOMERS), ("2",))


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    await framed("at-risk-error", size, Path("acme.db"), ("2",), busy("at_risk"))
