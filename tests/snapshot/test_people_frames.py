"""Frames of the customer list, a customer's page and its dialogs: {normal, empty, error} × {80×24, 120×40}."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.snapshot.framing import SIZES, busy, framed
from tests.unit.risk import company

SCREENS: dict[str, tuple[str, ...]] = {
    "customers": ("3",),
    "customers-nobody": ("3", "/", "z", "q", "x"),
    "customer": ("3", "j", "enter"),
    "customer-facts": ("3", "j", "enter", "E"),
    "customer-log": ("3", "j", "enter", "l"),
    "customer-edit": ("3", "j", "enter", "E", "enter"),
    "customer-forget": ("3", "j", "enter", "D"),
    "customer-entry": ("3", "j", "enter", "enter"),
}


@SIZES
@pytest.mark.parametrize("screen", SCREENS)
async def test_normal(screen: str, size: tuple[int, int], tmp_path: Path) -> None:
    await framed(f"{screen}-normal", size, company.make(tmp_path / "acme.db"), SCREENS[screen])


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    await framed("customers-error", size, Path("acme.db"), ("3",), busy("listing"))
