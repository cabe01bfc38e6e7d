"""Names that would be markup, actions or control codes show as what they are, everywhere on screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pytest
from rich.segment import Segment, Segments
from textual.color import Color

from cstui.ui.controls import KeptColumns, NoControls
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until

LONG = "n" * 10_000


async def test_names_show_literally(filled: Path) -> None:
    async with app_for(filled).run_test(notifications=True, size=WIDE) as pilot:
        text = await settled(pilot)
        assert "Acme [/] Cloud" in text
        await pilot.press("e")
        text = await until(pilot, "subs.csv:")
        assert "[/]" in text
        assert "[@click=app.quit]x[/]" in text
        assert "شركة" in text or "پارس" in text
        await pilot.press("y")
        await until(pilot, "Copied.")


async def test_values_of_a_segment_show_literally(filled: Path) -> None:
    async with app_for(filled).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("f")
        await until(pilot, "region")
        await pilot.press("down")
        await until(pilot, "شرق")


async def test_hostile_cells_in_a_preview(new: Path, folder: Path) -> None:
    rows = ["c-1,\x1b[2J\x1b]52;c;AAAA\x07", "c-2,\x9b31m", f"c-3,{LONG}", "c-4,[/a/b]", "c-5,[@click=app.quit]x[/]"]
    (folder / "hostile [b].csv").write_text("customer_id,name\n" + "\n".join(rows) + "\n", encoding="utf-8")
    app = app_for(new)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "no data yet")
        await pilot.press("6")
        await until(pilot, "hostile [b].csv")
        await pilot.press("g", "down", "down", "down", "enter")
        text = await until(pilot, "5 rows read")
        assert "[/a/b]" in text
        assert "\x1b" not in text
        assert "\x9b" not in text


def test_the_backstop_lets_no_control_character_through() -> None:
    raw = "".join(map(chr, range(32))) + "\x7f\x80\x9b\x9d\u2028\u202e\u2066x\u200e"
    (segment,) = NoControls().apply([Segment(raw)], Color(0, 0, 0))
    assert segment.text == "·" * 39 + "x\u200e"


def test_the_backstop_keeps_what_is_fine() -> None:
    segments = [Segment("MRR ▁▂▃ شركة\u200e"), Segment("plain")]
    assert NoControls().apply(segments, Color(0, 0, 0)) == segments


OPEN = re.compile("[\u0590-\u08ff][^\\w\\s\u200e]*(?:  |$)")
"""Right-to-left text before a gap or the end of a line, without the mark that closes it."""


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [("3", "enter"), ("4",), ("right", "right", "e"), ("2", "e")], ids="-".join)
async def test_right_to_left_text_keeps_to_its_column(sample: Path, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        text = await settled(pilot)
        for key in keys:
            await pilot.press(key)
            text = await settled(pilot)
        assert "\u200e" in text
        assert [line for line in text.split("\n") if OPEN.search(line)] == []


def test_columns_are_closed_wherever_their_text_was_cut() -> None:
    def kept(*texts: str) -> list[str]:
        return [segment.text for segment in KeptColumns().apply([Segment(text) for text in texts], Color(0, 0, 0))]

    assert kept("plain", "▁▂▃") == ["plain", "▁▂▃"]
    assert kept("شركة الن…  36 %") == ["شركة الن…\u200e  36 %"]
    assert kept("شركة", " النور", "   ") == ["شركة", " النور\u200e", "   "]  # one phrase in two colours stays one
    assert kept("36  شركة") == ["36  شركة\u200e"]
    assert kept("شركة\u200e  x") == ["شركة\u200e  x"]


async def test_a_crash_prints_no_local_variables(filled: Path) -> None:
    app = app_for(filled)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        local = str(len("what must not be printed") * 1_000_003)
        try:
            raise ValueError("boom")
        except ValueError:
            app._fatal_error()
        printed = "".join(segment.text for shown in app._exit_renderables for segment in cast("Segments", shown).segments)
        assert "boom" in printed
        assert local not in printed
        app._exit_renderables.clear()
