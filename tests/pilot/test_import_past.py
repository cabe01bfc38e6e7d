"""Past imports: all that is kept of one, its refused rows written out to mend, and what taking it back came to."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from cstui.desk.customer_edit import edit_field
from cstui.store.workspace import Workspace
from tests.pilot.conftest import BROKEN, SUBSCRIPTIONS
from tests.pilot.driving import NARROW, WIDE, app_for, until
from tests.pilot.test_import import subscriptions, to_files
from tests.unit.store.import_calls import one


def make_elsewhere(there: Path, here: Path) -> None:
    """A workspace with an import whose files and folder are gone."""
    there.parent.mkdir()
    one(there, BROKEN)
    there.rename(here)
    shutil.rmtree(there.parent)


async def test_enter_on_a_past_import_shows_all_that_is_kept_and_w_writes_its_refused_rows_once_more(new: Path, folder: Path) -> None:
    one(new, SUBSCRIPTIONS)
    (new.parent / "file0.csv").unlink()
    one(new, BROKEN.replace("250,month", "200,month"))
    (new.parent / "file0.refused.csv").write_text("mended already", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        await pilot.press("tab")
        assert (await until(pilot, "enter all that is kept")).splitlines()[-1].split()[5:8] == ["u", "take", "back"]
        await pilot.press("enter")
        text = await until(pilot, "5 rows read: 0 created · 1 updated · 3 the same · 1 refused")
        for told in ("Import 2", "file0.csv", "subscriptions", "it has subscription_id", "“12,3,4”", "amount 250.00 → 200.00"):
            assert told in text
        assert "1 past figure moved" in text
        assert "Sep 2026 MRR −50" in text
        await pilot.press("w")
        await until(pilot, "Refused rows are in file0.refused-2.csv")
        await pilot.press("tab", "G", "e")
        assert "Sep 2026" in (await until(pilot, "computed as"))
        await pilot.press("escape")
        await until(pilot, "Import 2")
        await pilot.press("escape")
        await until(pilot, "newest first")
    assert (new.parent / "file0.refused.csv").read_text(encoding="utf-8") == "mended already"
    mended = new.parent / "file0.refused-2.csv"
    assert one(new, mended.read_text(encoding="utf-8").replace("12,3,4", "1234")).created == 1
    assert subscriptions(new)[-1] == "s-5"


async def test_of_an_import_that_was_taken_back_it_is_kept_what_became_of_its_rows_and_why(new: Path, folder: Path) -> None:
    one(new, "customer_id,name\nc1,Acme\nc2,Bo\nc3,Cy\n")
    one(new, "customer_id,name\nc2,Bo since\n")
    with closing(Workspace.open(new)) as workspace:
        edit_field(workspace, "c1", "owner", "Sara", "2026-11-21T10:00:00Z")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "customers.csv")
        await pilot.press("tab", "down", "u")
        await until(pilot, "Take back import 1?")
        await pilot.press("down", "enter")
        await until(pilot, "2 rows")
        await pilot.press("enter")
        text = await until(pilot, "Taken back: 2 rows reversed, 1 kept, 0 failed")
        assert "kept  customers c2: changed since by import 2" in text
        assert "reversed  customers c1: fields edited by hand stay: owner" in text


async def test_refused_rows_of_a_file_whose_folder_is_gone_go_to_the_folder_in_sight(folder: Path) -> None:
    there, here = folder.parent / "there" / "shop.db", folder.parent / "shop.db"
    make_elsewhere(there, here)
    async with app_for(here).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "customers.csv")
        await pilot.press("tab", "enter")
        text = await until(pilot, "1 refused")
        assert "matches them by e-mail" not in text, "that was for the preview"
        await pilot.press("w")
        await until(pilot, "file0.refused.csv")
    assert "12,3,4" in (folder / "file0.refused.csv").read_text(encoding="utf-8")


async def test_the_toast_after_an_undo_counts_what_was_reversed_kept_and_failed(new: Path, folder: Path) -> None:
    one(new, SUBSCRIPTIONS)
    one(new, SUBSCRIPTIONS.replace("250,month", "200,month"))
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        await pilot.press("tab", "down", "u")
        await until(pilot, "Take back import 1?")
        await pilot.press("down", "enter")
        text = " ".join((await until(pilot, "taken back: ")).split())
        assert "1 kept, 0 failed" in text, text
        assert "changed since by import 2" in text
