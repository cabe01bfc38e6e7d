"""Customers: the list found by typing in any script, one customer's page, and what a person writes on it, by keys alone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from threading import Event

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job, undo
from cstui.desk.workspace import Workspace
from cstui.ui.doors import Desk
from cstui.ui.layouts import SENT
from cstui.ui.widgets.rows import Rows
from tests.pilot.driving import NARROW, WIDE, app_for, frame, settled, until, until_gone

LIFE = {
    "interactions.csv": "interaction_id,customer_id,at,channel,direction,kind,subject,status,resolved_at,reopens,owner,note\n"
    "i-1,c-2,2026-09-01,phone,in,ticket,فاتورة مكررة,solved,2026-09-04,2,Sara,لا يعمل [/]\n"
    "i-2,c-2,2026-09-10,email,out,check-in,,,,,Omid,asked for a discount\n",
    "surveys.csv": "customer_id,answered_at,kind,score,scale,response_id,touchpoint,comment\n"
    "c-2,2026-09-12,nps,3,0-10,r-1,support,too slow \x1b]52;c;aGk=\x07\n",
    "usage.csv": "customer_id,date,user_id,sessions,minutes,events\n"
    + "".join(f"c-2,2026-{month:02d}-{day:02d},u-1,1,10,2\n" for month in (8, 9) for day in range(1, 9)),
}


@pytest.fixture
def whole(filled: Path, folder: Path) -> Path:
    """The workspace, with contacts, answers and use of one customer."""
    for name, text in LIFE.items():
        (folder / name).write_text(text, encoding="utf-8")
    job = Job(filled, ImportRequest(tuple(str(folder / name) for name in LIFE), day=20759, at="2026-11-02T09:00:00Z"))
    job.preview()
    job.commit()
    job.close()
    return filled


def stored(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


@asynccontextmanager
async def everybody(path: Path) -> AsyncIterator[Pilot[None]]:
    """The list of the four customers, on a wide terminal."""
    async with app_for(path).run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("3")
        await until(pilot, "4 customers")
        yield pilot


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60), (50, 16), (20, 5)])
async def test_the_list_and_a_page_stand_at_every_size(whole: Path, size: tuple[int, int]) -> None:
    async with app_for(whole).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("3")
        assert "customer" in await until(pilot, "customer")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda text: "of 4" in text or "Acme" in text)
        await settled(pilot)


async def test_the_list_is_ordered_by_what_they_pay_and_counts_them(whole: Path) -> None:
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("3")
        text = await until(pilot, "4 customers · highest MRR first")
        assert text.index("پارس") < text.index("شركة النور")
        assert "[/]" in text
        assert "all customers" in text.splitlines()[0]
        await pilot.press("o")
        await until(pilot, "by name")


@pytest.mark.parametrize(
    ("typed", "found"), [("شركه", "شركة النور"), ("شرکت", "شركة النور"), ("پارس داده", ""), ("پارسداده", "پارس‌داده"), ("C-٣", "@click")]
)
async def test_find_as_you_type_in_any_script(whole: Path, typed: str, found: str) -> None:
    async with everybody(whole) as pilot:
        await pilot.press("/")
        await pilot.press(*({" ": "space", "-": "minus"}.get(char, char) for char in typed))
        text = await until(pilot, found or "Nobody's")
        if found:
            await until(pilot, "1 of 4")
        keys = text.splitlines()[-1]
        assert "search off" in keys
        assert not any(word in keys for word in ("e explain", "q quit"))
        await pilot.press("escape")
        text = await until(pilot, "4 customers")
        assert "e explain" in text.splitlines()[-1]


async def test_enter_in_the_find_line_opens_the_first(whole: Path) -> None:
    async with everybody(whole) as pilot:
        await pilot.press("/", *"النور")
        await until(pilot, "1 of 4")
        await pilot.press("enter")
        text = await until(pilot, "Timeline")
        assert "شركة النور" in text
        await pilot.press("escape")
        await until(pilot, "1 of 4")


async def test_a_segment_is_chosen_and_taken_off(whole: Path) -> None:
    async with everybody(whole) as pilot:
        await pilot.press("f")
        await until(pilot, "space marks")
        await pilot.press("enter", "space", "enter")
        await until(pilot, lambda text: "of 4 ·" in text)
        await pilot.press("x")
        await until(pilot, "4 customers")


async def test_a_page_tells_the_whole_story(whole: Path) -> None:
    async with app_for(whole).run_test(size=WIDE, notifications=True) as pilot:
        await to_noor(pilot)
        text = await settled(pilot)
        for words in (
            "customers.csv:3",
            "goal:",
            "customer 5 Aug 2026",
            "churned 12 Oct 2026",
            "(Omid)",
            "NPS 3 of 0-10 · support",
            "reopened 2 times",
            "8 active days",
            "first paid",
            "MRR, active days, scores",
            "days ",
            "scores ",
        ):
            assert words in text, f"{words}\n{text}"
        assert "\x1b" not in text
        await pilot.press("v")
        text = await until(pilot, "email · to them")
        assert "NPS 3" not in text
        await pilot.press("v")
        await until(pilot, "ticket solved")
        await pilot.press("enter")
        assert "interactions.csv:2" in await until(pilot, "interactions.csv:2")


async def to_noor(pilot) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - Textual's pilot of any app
    await settled(pilot)
    await pilot.press("3")
    await until(pilot, "4 customers")
    await pilot.press("/", *"النور")
    await until(pilot, "1 of 4")
    await pilot.press("enter")
    await until(pilot, "Timeline")
    await settled(pilot)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_chart_of_a_life_can_be_read_as_text(whole: Path, size: tuple[int, int]) -> None:
    async with app_for(whole).run_test(size=size, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("t")
        text = await until(pilot, "MRR in USD")
        assert re.search(r"Sep 2026 +\$40 +8 +NPS 3", text), text
        await pilot.press("escape")
        await until(pilot, "Timeline")


async def test_a_note_and_a_contact_are_written_undone_and_redone(whole: Path) -> None:
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("n")
        await until(pilot, "Write a note")
        await pilot.press("enter")
        await until(pilot, "nothing to keep")
        await pilot.press(*"hello", "enter")
        await until(pilot, lambda text: "hello" in text and "Write a note" not in text)
        await settled(pilot)
        await pilot.press("l")
        await until(pilot, "What was said")
        await pilot.press(*"call", "space", *"back", "tab", *"phone", "ctrl+s")
        await until(pilot, lambda text: "call back" in text and "What was said" not in text)
        rows = stored(whole, "SELECT interaction_id, kind, channel, note, file_id FROM interaction WHERE file_id IS NULL ORDER BY id")
        assert rows == [("hand-1", "note", None, "hello", None), ("hand-2", "contact", "phone", "call back", None)]
        await settled(pilot)
        await pilot.press("u")
        await until(pilot, "Taken back")
        await until_gone(pilot, "call back")
        await pilot.press("ctrl+r")
        await until(pilot, "phone · call back")
        await pilot.press("u", "u")
        await until_gone(pilot, " hello")
        assert stored(whole, "SELECT count(*) FROM interaction WHERE file_id IS NULL") == [(0,)]


async def test_all_the_lines_that_are_pasted_are_kept(whole: Path) -> None:
    """The first line was kept, and the others let go without a word."""
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("n")
        await until(pilot, "Write a note")
        await settled(pilot)
        pilot.app.screen.post_message(Paste("Hello,\nsecond line\r\n\x1b]0;title\x07third"))
        await until(pilot, "third")
        await pilot.press("enter")
        await until_gone(pilot, "Write a note")
        await settled(pilot)
        await pilot.press("l")
        await until(pilot, "What was said")
        await settled(pilot)
        pilot.app.copy_to_clipboard("first\nlast")
        await pilot.press("ctrl+v", "enter")
        await until_gone(pilot, "What was said")
        await settled(pilot)
    rows = stored(whole, "SELECT note FROM interaction WHERE file_id IS NULL ORDER BY id")
    assert rows == [("Hello, second line ·]0;title·third",), ("first last",)]


async def test_what_was_begun_is_kept_as_a_draft_until_it_is_saved(whole: Path) -> None:
    """Leaving dropped a long note."""
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("l")
        await until(pilot, "What was said")
        await settled(pilot)
        await pilot.press(*"a long st", "tab", *"phone", "escape")
        await until(pilot, "Kept as a draft")
        await pilot.press("n")
        await until(pilot, "Write a note")
        assert "a long st" not in frame(pilot.app)  # type: ignore[arg-type]
        await settled(pilot)
        await pilot.press("x", "ctrl+n", "escape")
        await until_gone(pilot, "Write a note")
        await settled(pilot)
    assert stored(whole, "SELECT name FROM draft") == [("contact/c-2",)]
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("l")
        await until(pilot, lambda text: "a long st" in text and "phone" in text and "Begun before and not saved" in text)
        await pilot.press(*"ory", "enter")
        await until(pilot, lambda text: "phone · a long story" in text and "What was said" not in text)
        await settled(pilot)
        await pilot.press("l")
        await until(pilot, "What was said")
        await settled(pilot)
        assert "Begun before" not in frame(pilot.app)  # type: ignore[arg-type]
    assert stored(whole, "SELECT * FROM draft") == []


class Slow(Desk):
    """A desk that is slow to keep an entry: until it may."""

    def __init__(self) -> None:
        self.may = Event()

    def write_entry(self, workspace: Workspace, customer_id: str, kind: str, given: Mapping[str, str], today: int, at: str) -> None:
        self.may.wait(30)
        super().write_entry(workspace, customer_id, kind, given, today, at)


async def test_what_is_being_saved_is_not_called_a_draft_when_one_leaves(whole: Path) -> None:
    desk = Slow()
    async with app_for(whole, desk).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("n")
        await until(pilot, "Write a note")
        await settled(pilot)
        await pilot.press(*"hello", "enter")
        pilot.app.post_message(Key("escape", None))  # nobody waits for what comes of it
        desk.may.set()
        await until_gone(pilot, "Write a note")
        assert "Kept as a draft" not in await until(pilot, " hello")
    assert stored(whole, "SELECT note FROM interaction WHERE file_id IS NULL") == [("hello",)]
    assert stored(whole, "SELECT * FROM draft") == []


async def test_who_had_the_contact_is_said_and_proposed_the_next_time(whole: Path) -> None:
    """It was the customer's owner, whoever had it."""
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("l")
        await until(pilot, "who had it")
        await settled(pilot)
        await pilot.press(*"first", "tab", "tab", *"Parisa", "enter")
        await until(pilot, "by Parisa · first")
        await settled(pilot)
        await pilot.press("n")
        await until(pilot, lambda text: "Write a note" in text and "Parisa" in text.partition("By")[2])
        await pilot.press(*"second", "tab", *"Omid", "enter")
        await until(pilot, "by Omid · second")
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("l")
        await until(pilot, lambda text: "What was said" in text and "Omid" in text.partition("By")[2])
        await pilot.press(*"third", "tab", "tab", "backspace", "enter")
        await until(pilot, "third")
        await settled(pilot)
    rows = stored(whole, "SELECT note, owner FROM interaction WHERE file_id IS NULL ORDER BY id")
    assert rows == [("first", "Parisa"), ("second", "Omid"), ("third", None)]


async def test_a_field_edited_by_hand_is_pinned_against_imports_until_it_is_unpinned(whole: Path, folder: Path) -> None:
    async with app_for(whole).run_test(size=WIDE, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("E", "j", "j", "j", "j", "j", "j", "enter")
        await until(pilot, "Edit by hand")
        await pilot.press(*(["backspace"] * 8), *"gold", "enter")
        await until(pilot, "by hand 20")
        assert stored(whole, "SELECT plan, pinned FROM customer WHERE customer_id = 'c-2'") == [("gold", '["plan"]')]
        bring(whole, folder, "customer_id,plan,region\nc-2,tin,Levant\n")
        assert stored(whole, "SELECT plan, region FROM customer WHERE customer_id = 'c-2'") == [("gold", "Levant")]
        await until(pilot, "Levant")
        await pilot.press("p")
        await until(pilot, "plan is unpinned")
        bring(whole, folder, "customer_id,plan\nc-2,tin\n")
        assert stored(whole, "SELECT plan FROM customer WHERE customer_id = 'c-2'") == [("tin",)]


def bring(workspace: Path, folder: Path, text: str) -> None:
    (folder / "more.csv").write_text(text, encoding="utf-8")
    job = Job(workspace, ImportRequest((str(folder / "more.csv"),), kind="customers", day=20760, at="2026-11-03T09:00:00Z"))
    job.preview()
    job.commit()
    job.close()


async def test_the_goal_and_the_risk_are_in_sight_however_long_the_head_is(sample: Path) -> None:
    async with app_for(sample).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("3")
        await until(pilot, "662 customers")
        await pilot.press("enter")
        await until(pilot, lambda text: "goal: رفع رضا العملاء" in text and "   risk 0, low: d says why" in text)


async def test_where_both_sides_are_in_sight_d_goes_there_and_esc_leaves(whole: Path) -> None:
    async with everybody(whole) as pilot:
        await pilot.press("enter")
        await until(pilot, "1 of 4")
        await settled(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert pilot.app.focused is pilot.app.screen.query_one("#facts")
        await pilot.press("escape")
        await until(pilot, "4 customers")


async def test_what_is_not_known_is_said_once(filled: Path) -> None:
    async with everybody(filled) as pilot:
        await pilot.press("enter")
        text = await until(pilot, "no interactions imported")
        assert text.count("no interactions imported") == 1


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_who_never_paid_gets_no_chart_of_nothing(filled: Path, folder: Path, size: tuple[int, int]) -> None:
    """It was an empty frame from $0 to $1."""
    (folder / "lead.csv").write_text("customer_id,name,created_at,stage\nz-9,Zed Labs,2026-07-01,lead\n", encoding="utf-8")
    job = Job(filled, ImportRequest((str(folder / "lead.csv"),), day=20759, at="2026-11-02T09:30:00Z"))
    job.preview()
    job.commit()
    job.close()
    async with app_for(filled).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("3")
        await until(pilot, "5 customers")
        await pilot.press("/", *"zed", "enter")
        text = await until(pilot, "no MRR in these months")
        assert "$0" not in text
        assert "$1" not in text
        assert all(word in text for word in ("Jul 26", "Oct 26", "scores", "events"))


async def test_neighbours_are_a_key_away_and_back_is_where_one_stands(whole: Path) -> None:
    async with everybody(whole) as pilot:
        await pilot.press("enter")
        await until(pilot, "1 of 4")
        await pilot.press("left_square_bracket")
        await until(pilot, "top of the list")
        await pilot.press("right_square_bracket", "right_square_bracket")
        await until(pilot, "3 of 4")
        await pilot.press("escape")
        await until(pilot, "4 customers")
        assert pilot.app.screen.query_one("#list", Rows).cursor == 2


@pytest.mark.parametrize("layout", [0, 1], ids=["arabic", "persian"])
async def test_every_key_works_on_other_layouts(whole: Path, layout: int) -> None:
    def sent(key: str) -> str:
        return SENT[key][min(layout, len(SENT[key]) - 1)]

    async with app_for(whole).run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press(sent("3"))
        await until(pilot, "4 customers")
        await pilot.press(sent("o"))
        await until(pilot, "by name")
        await pilot.press(sent("j"), "enter")
        await until(pilot, "2 of 4")
        await pilot.press("right" if layout == 0 else sent("]"))  # Arabic ] sends what Persian n sends: → does the same
        await until(pilot, "3 of 4")
        await pilot.press(sent("n"))
        await until(pilot, "Write a note")
        await settled(pilot)
        await pilot.press("escape")
        await until_gone(pilot, "Write a note")
        await pilot.press(sent("v"))
        await until_gone(pilot, "subscription")


async def test_a_page_whose_customer_goes_says_so_in_words(whole: Path, folder: Path) -> None:
    """It named a command and an internal number."""
    (folder / "new.csv").write_text("customer_id,name\nz-9,Zed Labs\n", encoding="utf-8")
    job = Job(whole, ImportRequest((str(folder / "new.csv"),), day=20759, at="2026-11-02T09:30:00Z"))
    job.preview()
    job.commit()
    job.close()
    async with app_for(whole).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("/", *"zed", "enter")
        await until(pilot, "Zed Labs  z-9")
        undo(whole, None)
        text = await until(pilot, "This customer is not here any more")
        assert "cstui customers" not in text


async def test_forgetting_asks_names_the_backups_and_leaves_nothing(whole: Path) -> None:
    from cstui.desk.maintenance import backup

    backup(whole, whole.with_name("old.db"))
    async with app_for(whole).run_test(size=NARROW, notifications=True) as pilot:
        await to_noor(pilot)
        await pilot.press("D")
        text = await until(pilot, "for good?")
        assert "old.db" in text
        await pilot.press("enter")
        await until_gone(pilot, "for good?")
        assert stored(whole, "SELECT count(*) FROM customer") == [(4,)]
        await pilot.press("D")
        await until(pilot, "for good?")
        await pilot.press("j", "enter")
        await until(pilot, lambda text: "Nobody's" in text or "3 customers" in text)
    assert not spells(whole, "النور")


def spells(path: Path, word: str) -> bool:
    return word.encode() in path.read_bytes()


async def test_an_empty_workspace_says_what_to_do(new: Path) -> None:
    async with app_for(new).run_test(size=NARROW, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("3")
        await until(pilot, "Nothing has been imported yet")
        await pilot.press("slash", "f", "enter", "o", "x", "y")
        assert "Nothing has been imported yet" in frame(pilot.app)  # type: ignore[arg-type]
