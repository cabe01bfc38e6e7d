"""Names that would be markup, actions or control codes show as what they are, everywhere on screen."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from rich.segment import Segment, Segments
from textual.color import Color

from cstui.ui.controls import NoControls
from tests.pilot.driving import WIDE, app_for, settled, until

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
