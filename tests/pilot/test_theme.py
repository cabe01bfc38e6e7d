"""The other theme: nothing keeps a colour of the one before, on the screen in sight, behind it and under other digits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cstui.ui.theme import INKS
from tests.pilot.driving import WIDE, app_for, settled

if TYPE_CHECKING:
    from textual.app import App

DARK, LIGHT = (set(INKS[name]) for name in ("cstui-dark", "cstui-light"))


def left_over(app: App[None]) -> list[str]:
    """What is written in a colour that only the dark theme has."""
    found = []
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            color = segment.style.color if segment.style else None
            if segment.text.strip() and color is not None and color.triplet is not None and color.triplet.hex in DARK - LIGHT:
                found.append(segment.text)
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), ()),
        (("3",), ("1",)),
        (("2", "e"), ("escape",)),
        (("6",), ()),
        (("6", "enter"), ()),
        (("v",), ("escape",)),
        (("3", "enter"), ("escape", "4")),
    ],
    ids=lambda keys: "-".join(keys) or "here",
)
async def test_every_screen_takes_the_inks_of_the_theme(
    sample: Path, folder: Path, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    app = app_for(sample)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for key in (*before, "ctrl+t", *after):
            await pilot.press(key)
            await settled(pilot)
        assert left_over(app) == []


async def test_the_first_screen_too(tmp_path: Path) -> None:
    app = app_for(tmp_path / "new.db")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert left_over(app)
        await pilot.press("ctrl+t", "down", "enter")
        await settled(pilot)
        assert left_over(app) == []
