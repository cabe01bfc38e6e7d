"""Import: choose, preview, import all or nothing, cancel, map what is missing, take it back."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.errors import Cancelled
from cstui.base.outcome import Move
from cstui.desk.importing import ImportOutcome, ImportRequest, Progress
from cstui.ui.jobs import Job
from tests.pilot.driving import NARROW, WIDE, app_for, until
from tests.pilot.fakes import FakeDesk
from tests.unit.store.import_calls import one

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from textual.pilot import Pilot


def customers(path: Path) -> int:
    """Customer rows in the file."""
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM customer").fetchone()[0])


async def to_files(pilot: Pilot[None], name: str) -> None:
    """To the Import screen, with the cursor on a file."""
    await until(pilot, lambda text: "no data yet" in text or "What moved" in text)
    await pilot.press("6")
    await until(pilot, name)
    await until(pilot, lambda text: "Nothing has been imported yet." in text or "2 Nov 2026" in text or "21 Nov 2026" in text)


async def choose(pilot: Pilot[None], name: str) -> None:
    """Type the file's name into the path line."""
    await pilot.press("slash")
    for char in name:
        await pilot.press({".": "full_stop", "_": "underscore"}.get(char, char))
    await pilot.press("enter")


async def test_several_files_are_marked_previewed_imported_and_taken_back(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        rows = sorted(os.listdir(folder))  # noqa: PTH208 - names, in an async test
        await pilot.press("g", "down")  # past the way up, to the first file
        for name in rows:
            await pilot.press("space" if name in ("customers.csv", "subs.csv") else "down")
        await until(pilot, "2 files marked")
        await pilot.press("enter")
        text = await until(pilot, "8 rows read")
        assert "8 create" in text
        assert "customer_id" in text
        assert customers(new) == 0
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
        assert customers(new) == 4
        await until(pilot, "+8")
        await pilot.press("1")
        await until(pilot, "What moved")
        await pilot.press("6", "u")
        await until(pilot, "Take back import 1?")
        await pilot.press("down", "enter")
        await until(pilot, "taken back: 8 rows reversed")
        await until(pilot, lambda text: "taken back" in text.splitlines()[4])
        assert customers(new) == 0


async def test_escape_on_the_preview_changes_nothing(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "4 rows read")
        await pilot.press("escape")
        await until(pilot, "Cancelled. Nothing was changed.")
        assert customers(new) == 0


async def test_a_refused_row_is_explained_and_written_out(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "broken.csv")
        await choose(pilot, "broken.csv")
        text = await until(pilot, "1 row refused")
        assert "amount" in text
        assert "“12,3,4”" in text
        assert "4 create" in text
        await pilot.press("w")
        await until(pilot, "Refused rows are in broken.refused.csv")
        assert (folder / "broken.refused.csv").exists()


async def test_a_file_that_is_nothing_known_is_mapped_by_hand(new: Path, folder: Path) -> None:
    (folder / "unknown.csv").write_text("ref,who,since,price\nx-1,c-1,2026-07-05,100\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "unknown.csv")
        await choose(pilot, "unknown.csv")
        text = await until(pilot, "What are the rows?")
        assert "ref, who, since, price" in text
        await pilot.press("down", "enter")  # customers, then subscriptions
        await until(pilot, "Still needed: subscription_id, customer_id, started_at, amount")
        await pilot.press("enter", "g", "enter")
        await until(pilot, "Still needed: customer_id")
        await pilot.press("enter", "down", "enter")
        await until(pilot, "Still needed: started_at, amount")
        await pilot.press("enter", "down", "enter")
        await until(pilot, "Still needed: amount")
        await pilot.press("enter", "down", "enter")
        await until(pilot, "Nothing is missing")
        await pilot.press("ctrl+s")
        await until(pilot, "1 row read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")


async def test_the_preview_says_how_updates_go_and_which_past_figures_move(new: Path, folder: Path) -> None:
    one(new, "subscription_id,customer_id,started_at,amount,currency\ns1,c1,2025-01-01,500,USD\ns2,c2,2025-03-01,1,USD\n")
    (folder / "later.csv").write_text("subscription_id,customer_id,started_at,amount,currency\ns1,c1,2025-01-01,90,USD\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "later.csv")
        await choose(pilot, "later.csv")
        text = await until(pilot, "Jan 2025 MRR −410 (500 → 90)")
        assert "amount 500.00 → 90.00" in text
        assert "2 past figures move" in text
        await pilot.press("enter")
        await until(pilot, "Import 2 done")


async def test_a_file_that_is_not_there_is_said(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await choose(pilot, "nowhere.csv")
        await until(pilot, "Nothing was imported.")
        await pilot.press("escape")
        await until(pilot, "Imports")


class WaitingJob:
    """A job that reads until it is cancelled."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def preview(self, on_progress: Callable[[Progress], None] | None = None) -> ImportOutcome:
        while not self.stop.wait(0.02):
            if on_progress is not None:
                on_progress(Progress(620_000, 1_000_000, 12_000, "reading"))
        raise Cancelled

    def commit(self, on_progress: Callable[[Progress], None] | None = None) -> ImportOutcome:
        raise Cancelled

    def moves(self) -> tuple[Move, ...] | None:
        raise Cancelled

    def write_rejects(self, path: Path) -> tuple[Path, ...]:
        return ()

    def cancel(self) -> None:
        self.stop.set()

    def close(self) -> None:
        self.stop.set()


class WaitingDesk(FakeDesk):
    """A desk whose imports never end by themselves."""

    def job(self, path: Path, request: ImportRequest) -> Job:
        return WaitingJob()


async def test_reading_shows_progress_and_can_be_cancelled(folder: Path) -> None:
    async with app_for(Path("acme.db"), WaitingDesk()).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("6")
        await until(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        text = await until(pilot, "62 %")
        assert "12,000 rows" in text
        await until(pilot, "rows/s")
        await pilot.press("escape")
        await until(pilot, "Cancelled. Nothing was changed.")


async def test_quitting_while_reading_ends_the_job(folder: Path) -> None:
    app = app_for(Path("acme.db"), WaitingDesk())
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("6")
        await until(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "62 %")
        await pilot.press("q")
    assert app.return_code == 0


async def test_paths_complete_with_tab(new: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await pilot.press("slash", "s", "u")
        await until(pilot, "subs.csv")
        while "subs.csv" not in pilot.app.screen.query_one("PathInput").value:  # type: ignore[attr-defined]
            await pilot.press("tab")
            await pilot.press("slash")
        await pilot.press("enter")
        await until(pilot, "4 rows read")
