"""Surveys: answers recorded, found, changed, taken back and listed, by keys alone; and who waits for us."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Key, Paste

from cstui.base.days import parse_iso
from cstui.base.errors import NotAWorkspace
from cstui.cli.entry import main
from cstui.desk.survey import Answers, Recording, answers, record
from cstui.desk.workspace import open_workspace
from cstui.ui.doors import Desk
from cstui.ui.layouts import SENT
from tests.pilot.answered import company
from tests.pilot.driving import NARROW, WIDE, app_for, frame, settled, until, until_gone
from tests.pilot.fakes import FakeDesk

if TYPE_CHECKING:
    from datetime import date

    from textual.pilot import Pilot

    from cstui.desk.survey import Recorded
    from cstui.desk.voices import Question, Voices
    from cstui.desk.workspace import Workspace

TODAY = parse_iso("2026-11-21")


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    """A workspace with answers, and a call to one of the two detractors."""
    return company(tmp_path / "answered.db")


def held(path: Path) -> Answers:
    workspace = open_workspace(path)
    try:
        return answers(workspace)
    finally:
        workspace.close()


async def surveys(pilot: Pilot[None]) -> str:
    """Go to the screen, and wait until it and whom one can find are there."""
    await until(pilot, "6 import" if "Nothing has been imported" in frame(pilot.app) else "MRR")  # type: ignore[arg-type]
    await pilot.press("4")
    text = await until(pilot, ", newest")
    await settled(pilot)
    return text


async def typed(pilot: Pilot[None], *keys: str) -> int:
    """Press keys as a person would, one after the other; how many."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    return len(keys)


async def test_an_answer_takes_few_keys_and_the_next_follows_at_once(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        spent = await typed(pilot, "a")
        await typed(pilot, *"پارس")
        await until(pilot, "▸ پارس")
        spent += await typed(pilot, "enter", "9")
        await typed(pilot, *"fine")
        spent += await typed(pilot, "enter")
        assert spent <= 8
        await until(pilot, "recorded: NPS 9")
        await typed(pilot, *"c-2")
        await until(pilot, "▸ شركة النور")
        assert await typed(pilot, "enter", "c", "4", "enter") <= 8
        await until(pilot, lambda text: "recorded: CSAT 4" in text and "2 recorded: 9 4" in text)
    found = held(filled).answers
    assert [(one.customer_id, one.kind, one.score, one.scale, one.comment) for one in found] == [
        ("c-2", "csat", "4", "1-5", None),
        ("c-4", "nps", "9", "0-10", "fine"),
    ]
    assert all(one.file is None and one.entered == TODAY and one.answered_at == TODAY for one in found)


@pytest.mark.parametrize(("key", "score"), [("7", "7"), ("٧", "7"), ("۷", "7"), ("0", "0"), ("٠", "0"), ("t", "10"), (SENT["t"][0], "10")])
async def test_a_score_is_one_key_in_three_scripts(filled: Path, key: str, score: str) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"شركه")  # a heh where the name has a teh marbuta
        await until(pilot, "▸ شركة النور")
        await typed(pilot, "enter", key, "enter")
        await until(pilot, f"recorded: NPS {score}")
    assert [(one.customer_id, one.score) for one in held(filled).answers] == [("c-2", score)]


@pytest.mark.parametrize("zero", ["0", "٠", "۰"])
async def test_ten_typed_as_one_and_nought_is_ten(filled: Path, zero: str) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-2")
        await until(pilot, "▸ شركة النور")
        await typed(pilot, "enter", "n", "1", zero)
        await until(pilot, "NPS 10, typed as 1 and 0, of شركة النور")
        await typed(pilot, *"07", "enter")  # a nought after it is the comment's
        await until(pilot, "recorded: NPS 10")
    assert [(one.customer_id, one.score, one.comment) for one in held(filled).answers] == [("c-2", "10", "07")]


async def test_ten_at_one_stroke_is_ten(filled: Path) -> None:
    """Both keys reach the program before the comment has the keyboard."""
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-2")
        await until(pilot, "▸ شركة النور")
        await typed(pilot, "enter")
        pilot.app.post_message(Key("1", "1"))
        pilot.app.post_message(Key("0", "0"))
        await until(pilot, "NPS 10, typed as 1 and 0")


async def test_a_nought_that_is_no_part_of_ten_is_what_it_was(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-2")
        await until(pilot, "▸ شركة النور")
        await typed(pilot, "enter", "n", "1", "space", *"0 hope", "enter")
        await until(pilot, "recorded: NPS 1")
        await typed(pilot, *"c-2", "enter", "c", "1", *"0 of 5", "enter")  # a scale without ten
        await until(pilot, "recorded: CSAT 1")
        await typed(pilot, *"c-2", "enter", "n", "1", "shift+tab", "0")  # back in the score field: another score
        await until(pilot, "NPS 0 of")
        await typed(pilot, *"0", "enter")
        await until(pilot, "recorded: NPS 0")
    found = [(one.kind, one.score, one.comment) for one in held(filled).answers]
    assert sorted(found) == [("csat", "1", "0 of 5"), ("nps", "0", "0"), ("nps", "1", "0 hope")]


async def test_all_the_lines_pasted_into_the_comment_are_recorded(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-2")
        await until(pilot, "▸ شركة النور")
        await typed(pilot, "enter", "n", "9")
        pilot.app.screen.post_message(Paste("They wrote:\r\n\r\n\tlove it,\n  all \x1b[2Jof it\n"))
        await until(pilot, "They wrote:")
        await typed(pilot, *"!", "enter")
        await until(pilot, "recorded: NPS 9")
    assert [one.comment for one in held(filled).answers] == ["They wrote: love it, all ·[2Jof it!"]


async def test_digits_choose_screens_but_in_the_score_field(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "1")
        await until(pilot, "What moved")
        await typed(pilot, "4", "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "1")
        assert "customer" in frame(pilot.app)  # type: ignore[arg-type]
        await typed(pilot, "escape", "1")
        await until(pilot, "What moved")


async def test_a_score_off_the_scale_is_refused(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "c", "9")
        await until(pilot, "9 is not on the scale from 1 to 5")
        await typed(pilot, "5", "enter")
        await until(pilot, "recorded: CSAT 5")


async def test_what_is_missing_is_said_and_nothing_is_recorded(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", "tab", "tab", "tab", "tab", "tab", "tab", "9", "enter")
        await until(pilot, "Choose the customer first")
        await typed(pilot, *"nobody at all")
        await until(pilot, "Nobody is found by that")
        await typed(pilot, "ctrl+n", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "shift+tab", *["backspace"] * 10, *"2027-01-01", "enter", "8", "enter")
        await until(pilot, "2027-01-01 has not come yet")
    assert held(filled).total == 0


async def test_the_keys_named_are_those_of_the_field(filled: Path) -> None:
    """In the customer field letters are typed: no letter is named as a key there."""
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a")
        keys = (await until(pilot, "tab next field")).splitlines()[-1]
        assert "esc list" in keys
        assert not any(word in keys for word in ("q quit", "? help", "score", "n NPS"))
        await typed(pilot, "q", "t")
        await until(pilot, "customer  qt")
        await typed(pilot, "ctrl+n", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter")
        keys = (await until(pilot, "0 to 9 score")).splitlines()[-1]
        assert all(word in keys for word in ("t ten", "n NPS", "q quit"))
        await typed(pilot, "c")
        keys = (await until(pilot, "1 to 5 score")).splitlines()[-1]
        assert "t ten" not in keys
        await typed(pilot, "shift+tab", "shift+tab")
        await until(pilot, lambda text: "▸respondent" in text and "enter score" in text.splitlines()[-1])
        await typed(pilot, "enter", "4")
        text = await until(pilot, "CSAT 4 of [/]. Now a comment, or none: enter saves it.")
        assert "▸comment" in text
        assert "enter save" in text.splitlines()[-1]
        await typed(pilot, "shift+tab")
        await until(pilot, lambda text: "▸score" in text and "enter save" in text.splitlines()[-1])
        await typed(pilot, "ctrl+n", *"nobody")
        keys = (await until(pilot, "↓ new customer")).splitlines()[-1]
        assert "take" not in keys
        await typed(pilot, "ctrl+n", "escape", "/")
        keys = (await until(pilot, "search off")).splitlines()[-1]
        assert "a record" not in keys
        await typed(pilot, "escape")
        await until(pilot, "a record")


async def test_a_customer_without_any_is_told_from_one_not_found(new: Path) -> None:
    async with app_for(new).run_test(size=WIDE) as pilot:
        await until(pilot, "6 import")
        await typed(pilot, "4", "a", *"acme")
        await until(pilot, "There are no customers yet: esc 6 imports them.")


async def test_undo_and_redo(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "3", "enter")
        await until(pilot, "NPS answers 1")
        await typed(pilot, "escape", "u")
        await until(pilot, lambda text: "taken back: recorded NPS 3  [/]" in text and "NPS answers 0" in text)
        await typed(pilot, "u")
        await until(pilot, "There is nothing to undo")
        await typed(pilot, "ctrl+r")
        await until(pilot, lambda text: "made again" in text and "NPS answers 1" in text)
    assert [one.score for one in held(filled).answers] == ["3"]


async def test_the_month_goes_back_with_the_only_answer_in_it(answered: Path) -> None:
    """The data ends in October; today is in November."""
    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-4")
        await until(pilot, "▸ پارس")
        await typed(pilot, "enter", "3", "enter")
        await until(pilot, lambda text: "in Nov 2026" in text and "‹ Nov 2026 so far ›" in text and "NPS answers 1" in text)
        await typed(pilot, *"c-2")
        await until(pilot, "▸ شركة")
        await typed(pilot, "enter", "9", "enter")
        await until(pilot, "NPS answers 2")
        await typed(pilot, "escape", "u")
        await until(pilot, lambda text: "taken back: recorded NPS 9" in text and "NPS answers 1" in text and "‹ Nov 2026 so far ›" in text)
        await typed(pilot, "u")
        await until(pilot, lambda text: "taken back: recorded NPS 3" in text and "‹ Oct 2026 so far ›" in text and "NPS answers 3" in text)


async def test_where_nobody_has_answered_the_month_goes_back_once(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "3", "enter")
        await until(pilot, "‹ Nov 2026 so far ›")
        await typed(pilot, "escape", "u")
        await until(pilot, lambda text: "taken back: recorded NPS 3" in text and "‹ Oct 2026 so far ›" in text)
        await settled(pilot)


async def test_a_filter_that_nobody_answered_in_stays_after_a_recording_moved_the_month(answered: Path) -> None:
    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-4")
        await until(pilot, "▸ پارس")
        await typed(pilot, "enter", "3", "enter")
        await until(pilot, "‹ Nov 2026 so far ›")
        await typed(pilot, "escape", "f")
        await until(pilot, "space marks")
        await typed(pilot, "enter", "space", "enter")
        await settled(pilot)
        text = frame(pilot.app)  # type: ignore[arg-type]
        assert "‹ Nov 2026 so far ›" in text
        assert "all customers" not in text


class Unready(Desk):
    """A desk in which recording fails as nobody foresaw."""

    def record(self, workspace: Workspace, given: Recording, today: int, *, answer: int | None, new: bool) -> Recorded:
        raise ZeroDivisionError


async def test_a_write_that_fails_as_nobody_foresaw_is_no_answer_recorded(filled: Path) -> None:
    async def recording() -> None:
        app = app_for(filled, Unready())
        async with app.run_test(size=WIDE) as pilot:
            await surveys(pilot)
            await typed(pilot, "a", *"c-1")
            await until(pilot, "▸ [/]")
            await typed(pilot, "enter", "3", "enter")
            await until(pilot, lambda _: not app.is_running)

    with pytest.raises(ZeroDivisionError):
        await recording()
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await until(pilot, "An answer was begun here")


async def test_what_another_window_recorded_is_taken_back_only_when_that_is_meant(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "3", "enter")
        await until(pilot, "NPS answers 1")
        workspace = open_workspace(filled)
        record(workspace, Recording("c-3", "nps", "1", comment="elsewhere"), today=TODAY, at="2026-11-21T12:34:56Z")
        workspace.close()
        await until(pilot, "elsewhere")
        await typed(pilot, "escape", "u")
        await until(pilot, lambda text: "taken back: recorded NPS 3" in text and "elsewhere" in text)
        await typed(pilot, "u")
        text = await until(pilot, "Take back what this window did not do?")
        assert "Recorded on 21 Nov 2026 at 12:34 UTC" in text
        await typed(pilot, "enter")
        await until_gone(pilot, "Take back what this window did not do?")
        assert [one.score for one in held(filled).answers] == ["1"]
        await typed(pilot, "ctrl+r")
        await until(pilot, "made again: recorded NPS 3")
        await typed(pilot, "u")
        await until(pilot, "taken back: recorded NPS 3")
        await typed(pilot, "u")
        await until(pilot, "Take back what this window did not do?")
        await typed(pilot, "down", "enter")
        await until(pilot, "taken back: recorded NPS 1")
        assert held(filled).total == 0
        await typed(pilot, "ctrl+r")
        await until(pilot, "made again: recorded NPS 1")
        assert [one.comment for one in held(filled).answers] == ["elsewhere"]
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "u")
        await until(pilot, "Take back what this window did not do? NPS 1 of")
        await typed(pilot, "down", "enter")
        await until(pilot, "taken back: recorded NPS 1")
        await typed(pilot, "u")
        await until(pilot, "There is nothing to undo")


async def test_a_customer_who_does_not_exist_yet_is_the_last_line_and_never_taken_unasked(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-")
        text = await until(pilot, "new customer “c-”")
        assert "▸ new customer" not in text
        await typed(pilot, "9")
        text = await until(pilot, lambda text: "Nobody is found by that." in text and "new customer “c-9”" in text)
        assert "▸ new customer" not in text
        await typed(pilot, "enter")
        await until(pilot, "↓ enter records it for a new customer")
        await typed(pilot, "down")
        await until(pilot, "▸ new customer “c-9”")
        await typed(pilot, "enter")
        await until(pilot, lambda text: "“c-9” will be a new customer" in text and "▸score" in text)
        await typed(pilot, "8", "enter")
        await until(pilot, "recorded: NPS 8  c-9, a new customer")
        assert [one.customer_id for one in held(filled).answers] == ["c-9"]
        await typed(pilot, *"c-9")
        await until(pilot, lambda text: "▸ –" in text and "new customer “" not in text)
        await typed(pilot, "ctrl+n", "escape", "u")
        await until(pilot, "taken back: recorded NPS 8  c-9, the new customer too")
        await typed(pilot, "a", *"c-9")
        await until(pilot, "Nobody is found by that.")
        await typed(pilot, "ctrl+n", "escape", "ctrl+r")
        await until(pilot, "made again: recorded NPS 8  c-9")
        assert [one.customer_id for one in held(filled).answers] == ["c-9"]


async def test_an_answer_is_edited_and_deleted_from_the_list(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "3", *"meh", "enter")
        await until(pilot, "NPS answers 1")
        await typed(pilot, *"half a na", "escape")
        await typed(pilot, "E")
        await until(pilot, "Editing: enter in the comment saves it")
        await typed(pilot, "8", *"diocre", "enter")
        await until(pilot, "changed: NPS 8")
        await until(pilot, lambda text: "half a na" in text and "mehdiocre" in text)
        await typed(pilot, "delete")
        await until(pilot, lambda text: "deleted: NPS 8" in text and "NPS answers 0" in text)
        await typed(pilot, "u", "u")
        await until(pilot, lambda text: "NPS answers 1" in text and "meh" in text and "mehdiocre" not in text)
        await settled(pilot)
        await typed(pilot, "v", "v", "v", "v")
        text = await until(pilot, "changes by hand 3")
        lines = [line for line in text.splitlines() if any(f" {word} " in line for word in ("deleted", "changed", "recorded"))][-3:]
        assert ["taken back" in line for line in lines] == [True, True, False]
        assert "score 3 → 8; comment meh → mehdiocre" in lines[1]
    assert [(one.score, one.comment) for one in held(filled).answers] == [("3", "meh")]


async def test_the_trend_of_a_measure_can_be_read_as_text(answered: Path) -> None:
    async with app_for(answered).run_test(size=WIDE, notifications=True) as pilot:
        await surveys(pilot)
        await pilot.press("t")
        text = await until(pilot, "month before")
        assert re.search(r"^ *NPS ", text, re.MULTILINE), text
        await pilot.press("e")
        await until(pilot, "rows")
        await pilot.press("escape", "escape")
        await until(pilot, ", newest")


async def test_an_answer_from_a_file_is_mended_in_the_file(answered: Path) -> None:
    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "delete")
        await until(pilot, "surveys.csv, line 4")
    assert held(answered).total == 6


async def test_what_was_begun_outlives_leaving(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-4")
        await until(pilot, "▸ پارس")
        await typed(pilot, "enter", "6", *"so far so g", "escape", "q")
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await until(pilot, lambda text: "An answer was begun here" in text and "so far so g" in text and "پارس" in text)
        await typed(pilot, "a", *"ood", "enter")
        await until(pilot, "recorded: NPS 6")
    assert [(one.customer_id, one.comment) for one in held(filled).answers] == [("c-4", "so far so good")]


async def test_touchpoint_kind_and_scale_are_remembered_and_the_respondent_by_customer(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "c", "shift+tab", "shift+tab", "shift+tab", *"support", "tab", *"Ann", "enter", "4", "enter")
        await until(pilot, "recorded: CSAT 4")
        await settled(pilot)
        await typed(pilot, *"c-2")
        await until(pilot, "▸ شركة")
        await typed(pilot, "enter", "5", "enter")
        await until(pilot, "recorded: CSAT 5")
        await settled(pilot)
        await typed(pilot, *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "1", "enter")
        await until(pilot, "recorded: CSAT 1")
    found = [(one.customer_id, one.kind, one.touchpoint, one.respondent) for one in reversed(held(filled).answers)]
    assert found == [("c-1", "csat", "support", "Ann"), ("c-2", "csat", "support", None), ("c-1", "csat", "support", "Ann")]


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60), (50, 16), (20, 5)])
async def test_the_screen_stands_at_every_size(answered: Path, size: tuple[int, int]) -> None:
    async with app_for(answered).run_test(size=size) as pilot:
        await settled(pilot)
        await typed(pilot, "4")
        text = await settled(pilot)
        assert text.strip()
        if size[0] >= 80:
            for said in (
                "customer",
                "‹ Oct 2026 so far ›",
                "NPS  −33",
                "1 promoter",
                "2 detractors",
                "CES  6.0 of 7",
                "support",
                "NPS scores",
            ):
                assert said in text
            assert all(said in text for said in ("NPS answers 3", "detractors 1", "promoters", "not asked", "12 months", "a record"))


async def test_the_trend_is_whole_on_a_small_terminal(root: Path, tmp_path: Path) -> None:
    """Its lower half, and its months, lay outside of its place."""
    copy = Path(shutil.copy(root / "sample.db", tmp_path / "sample.db"))
    async with app_for(copy).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await typed(pilot, "4")
        await until(pilot, lambda text: "Nov 25" in text and "Oct 26" in text and "50┤" in text)


async def test_a_detractor_waits_until_somebody_is_in_contact(answered: Path) -> None:
    async with app_for(answered).run_test(size=WIDE) as pilot:
        text = await surveys(pilot)
        assert "detractors 1" in text  # c-4 was called since
        await typed(pilot, "v")
        text = await until(pilot, "Too slow [/]")
        assert "دیر جواب دادید" not in text
        await typed(pilot, "v")
        await until(pilot, "شركة النور")
        await typed(pilot, "a")
        await until(pilot, lambda text: "respondent  سارا" in text.replace("\u200e", ""))


async def test_comments_are_searched_in_any_script_and_sorted_by_score(answered: Path) -> None:
    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "/", *"پشتيباني")  # Arabic yehs where the comment has Persian ones
        await until(pilot, "NPS answers 1 ")
        assert "Too slow" not in frame(pilot.app)  # type: ignore[arg-type]
        await typed(pilot, "escape")
        await until(pilot, "NPS answers 3")
        await typed(pilot, "s")
        text = await until(pilot, "lowest first")
        assert text.index("Too slow") < text.index("دیر") < text.index("عالی")


async def test_the_answers_listed_are_those_of_the_month_and_a_search_goes_through_all(answered: Path) -> None:
    async with app_for(answered).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "[")
        text = await until(pilot, "No NPS answers in Sep 2026")
        assert "NPS answers 0" in text
        await typed(pilot, "/", *"slow")
        await until(pilot, lambda text: "NPS answers 1" in text and "all months" in text)


async def test_a_line_is_read_whole(answered: Path) -> None:
    said = "Since the move the checkout stays empty. " * 8 + "We lose orders."
    more = answered.with_name("more.csv")
    more.write_text(
        f"customer_id,answered_at,kind,score,scale,response_id,touchpoint,comment\nc-2,2026-10-12,nps,1,0-10,q1,checkout,{said}\n"
    )
    assert main(["--db", str(answered), "import", str(more)]) == 0
    async with app_for(answered).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        assert "We lose orders." not in await until(pilot, "Since the m")
        await typed(pilot, "d")
        text = await until(pilot, "We lose orders.")
        assert "NPS 1 of 0–10" in text
        assert "more.csv, line 2" in " ".join(text.split())
        await typed(pilot, "escape", "v", "G", "d")  # the detractors, who wait for somebody
        await until(pilot, "We lose orders.")


async def test_a_change_is_rounded_as_on_the_overview(answered: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.csv"
    before.write_text("customer_id,answered_at,kind,score,scale,response_id\nc-1,2026-09-03,nps,9,0-10,q1\nc-2,2026-09-04,nps,7,0-10,q2\n")
    assert main(["--db", str(answered), "import", str(before)]) == 0
    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        assert "▼ 83.3" in await until(pilot, "NPS answers 3")


async def test_measures_months_and_the_explanation(answered: Path) -> None:
    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "e")
        text = await until(pilot, "surveys.csv:")
        assert "÷" in text or "nps" in text.lower()
        await typed(pilot, "escape", "m")
        await until(pilot, "CSAT answers 2")
        await typed(pilot, "left_square_bracket")
        await until(pilot, "‹ Sep 2026 ›")
        await typed(pilot, "right_square_bracket", "right_square_bracket", "right_square_bracket")
        await until(pilot, "That month has not begun")


@pytest.mark.parametrize("layout", [0, 1], ids=["arabic", "persian"])
async def test_keys_work_under_other_layouts(answered: Path, layout: int) -> None:
    def sent(key: str) -> str:
        return SENT[key][min(layout, len(SENT[key]) - 1)]

    async with app_for(answered).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, sent("m"))
        await until(pilot, "CSAT answers 2")
        await typed(pilot, sent("a"), *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", sent("n"), sent("8"), "enter")
        await until(pilot, "recorded: NPS 8")
        await typed(pilot, "escape", sent("u"))
        await until(pilot, "taken back")


async def test_recording_for_one_customer_keeps_what_was_begun(filled: Path) -> None:
    from cstui.ui.screens.surveys import record_for

    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"c-1")
        await until(pilot, "▸ [/]")
        await typed(pilot, "enter", "3", "escape", "1")
        await until(pilot, "What moved")
        record_for(pilot.app, "c-2")  # type: ignore[arg-type]
        await until(pilot, "customer  شركة النور")
        await typed(pilot, "9", "enter")
        await until(pilot, lambda text: "recorded: NPS 9" in text and "customer  [/]" in text)
    assert [one.customer_id for one in held(filled).answers] == ["c-2"]


async def test_another_program_records_and_it_shows(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await surveys(pilot)
        workspace = open_workspace(filled)
        record(workspace, Recording("c-3", "nps", "1", comment="elsewhere"), today=TODAY, at="2026-11-21T00:00:00Z")
        workspace.close()
        await until(pilot, "elsewhere")


async def test_an_empty_workspace_says_what_to_do(new: Path) -> None:
    async with app_for(new).run_test(size=NARROW) as pilot:
        await until(pilot, "Nothing has been imported")
        await typed(pilot, "4")
        text = await until(pilot, "Nothing has been answered yet")
        assert "n/a" in text
        await typed(pilot, "v", "v", "v", "v")
        text = await until(pilot, "Nothing has been recorded, changed or deleted by hand.")
        assert "changes by hand 0…" not in text
        await typed(pilot, "m", "s", "E", "delete", "enter", "y", "e", "f", "u", "ctrl+r")
        await until(pilot, "There is nothing to redo")


class Failing(FakeDesk):
    """A desk whose answers can't be read."""

    def voices(self, workspace: Workspace, question: Question, today: date, before: Voices | None) -> Voices:
        raise NotAWorkspace(workspace.path, "it is damaged")

    def draft(self, workspace: Workspace) -> str | None:
        raise NotAWorkspace(workspace.path, "it is damaged")


async def test_an_error_is_said_and_the_screen_stays(tmp_path: Path) -> None:
    async with app_for(tmp_path / "acme.db", Failing()).run_test(size=WIDE) as pilot:
        await until(pilot, "MRR")
        await typed(pilot, "4")
        await until(pilot, "damaged")  # the path before it may wrap the line anywhere
        await typed(pilot, "1")
        await until_gone(pilot, "damaged")


async def test_tab_goes_round_the_form_and_never_out_of_it(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a")
        seen = []
        for _ in range(9):
            assert pilot.app.screen.focused is not None
            seen.append(pilot.app.screen.focused.id)
            await typed(pilot, "tab")
        assert seen == ["whom", "kind", "scale", "touchpoint", "respondent", "day", "score", "comment", "whom"]
        await typed(pilot, "shift+tab", "shift+tab")
        assert pilot.app.screen.focused is not None
        assert pilot.app.screen.focused.id == "comment"


async def test_that_nobody_is_found_goes_with_the_form(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await typed(pilot, "a", *"zzzz")
        await until(pilot, "Nobody is found by that")
        await typed(pilot, "escape")
        await until(pilot, lambda text: "Nobody is found by that" not in text and "a record" in text)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_every_figure_of_the_screen_is_gone_to_and_explained(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        await surveys(pilot)
        await pilot.press("right")
        await until(pilot, "NPS +48   e or enter explains it")
        await pilot.press("down")
        await until(pilot, "12 promoters of 23   e or")
        await pilot.press("e")
        text = await until(pilot, "NPS, promoters   12")
        assert "surveys.csv:" in await until(pilot, "12 rows")
        assert "Surveys › NPS, promoters" in text
        await pilot.press("d")
        await until(pilot, " movers   −4 since Sep 2026, largest first")
        await pilot.press("escape", "down", "down", "down", "down")
        await until(pilot, "CES, the easy side: 78.6 %   e or")
        await pilot.press("enter")
        await until(pilot, "CES, the easy side   78.6 %")
        await pilot.press("escape", "down", "down")
        await until(pilot, "CSAT, support: 65 % of 26 answers   e or")
        await pilot.press("e")
        await until(pilot, "CSAT, support   65.4")
        await pilot.press("escape", "right")
        await until(pilot, "NPS 0: 0 answers")
        await pilot.press(*["right"] * 8)
        await until(pilot, "NPS 8: 8 answers   e or")
        await pilot.press("e")
        text = await until(pilot, "NPS answers of 8, scale 0–10   8")
        assert "8 of 0-10" in await until(pilot, "8 rows")
        await pilot.press("escape", "right", "right", "right")
        await until(pilot, "NPS on the scale 0–10: 23 answers   e or")
        await pilot.press("right" if size == WIDE else "down")
        await until(pilot, "NPS Oct 2026: +48   e or")
        await pilot.press("left", "left", "left")
        await until(pilot, "NPS Jul 2026: +42   e or")
        await pilot.press("e")
        await until(pilot, lambda text: "NPS   +42" in text and "Jul 2026" in text)
        await pilot.press("escape", "down")
        await until_gone(pilot, "explains it")
        await pilot.press("e")
        await until(pilot, lambda text: "NPS   +48" in text and "Oct 2026" in text)


async def test_without_answers_there_are_no_figures_to_go_to(filled: Path) -> None:
    async with app_for(filled).run_test(size=NARROW) as pilot:
        await surveys(pilot)
        await pilot.press("right", "e")
        assert "explains it" not in await settled(pilot)
