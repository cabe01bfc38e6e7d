"""The first minutes: a welcome, the sample company, or one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

import cstui.ui.app
from cstui.desk.workspace import open_workspace
from tests.pilot.driving import NARROW, WIDE, app_for, until, until_gone


async def test_the_sample_company_opens_as_a_private_copy(tmp_path: Path, root: Path) -> None:
    shipped = (root / "sample.db").read_bytes()
    app = app_for(tmp_path / "new.db")
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "Welcome to cstui")
        await pilot.press("enter")
        await until(pilot, "What moved")
        assert app.path.name == "sample.db"
        assert app.path.parent != root
    app.tidy()
    assert not app.path.exists()
    assert not (tmp_path / "new.db").exists()
    assert (root / "sample.db").read_bytes() == shipped


async def test_ones_own_company_is_asked_for_what_no_file_says(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "mine.db"
    async with app_for(path).run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Welcome to cstui")
        assert not path.exists()
        await pilot.press("down", "enter")
        await until(pilot, "Time zone")
        await pilot.press(*"Nour", "enter", *"xx", "enter", "enter")
        await until(pilot, "is not a currency code")
        assert not path.exists()
        await pilot.press("shift+tab", *"AED")
        await until_gone(pilot, "is not a currency code")
        await pilot.press("tab", *["backspace"] * 40, *"asia/nowhere", "enter")
        await until(pilot, "is not a time zone")
        assert not path.exists()
        await pilot.press(*["backspace"] * 7, *"tehran", "enter")
        await until(pilot, "subs.csv")
        await pilot.press("1")
        text = await until(pilot, "Nothing has been imported yet")
        assert "Nour · AED" in text
    workspace = open_workspace(path)
    assert workspace.setting("timezone") == "Asia/Tehran"
    workspace.close()


async def test_figures_stand_there_however_late_one_looks_after_the_first_import(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cstui.ui.app, "POLL_SECONDS", 0.05)
    app = app_for(tmp_path / "mine.db")
    async with app.run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Welcome to cstui")
        await pilot.press("down", "enter")
        await until(pilot, "Time zone")
        await pilot.press(*"Nour", "ctrl+s")
        await until(pilot, "subs.csv")
        await pilot.press("slash", *"subs", "full_stop", *"csv", "enter")
        await until(pilot, "4 rows read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
        while app.has_moved_on(app.opened().workspace.revision()):  # the screens have been told of the import
            await pilot.pause()
        await pilot.press("1")
        await until(pilot, "What moved")


async def test_a_name_is_needed(tmp_path: Path) -> None:
    async with app_for(tmp_path / "mine.db").run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Welcome to cstui")
        await pilot.press("ctrl+s")
        await until(pilot, "Time zone")
        await pilot.press("ctrl+s")
        await until(pilot, "The company needs a name.")
        await pilot.press("N")
        await until_gone(pilot, "The company needs a name.")


async def test_leaving_writes_nothing(tmp_path: Path) -> None:
    app = app_for(tmp_path / "mine.db")
    async with app.run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Welcome to cstui")
        await pilot.press("q")
    assert app.return_code == 0
    assert not (tmp_path / "mine.db").exists()


async def test_a_file_that_is_no_workspace_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("somebody's notes\n" * 100)
    async with app_for(path).run_test(notifications=True, size=NARROW) as pilot:
        text = await until(pilot, "not a cstui workspace")
        assert "can't be shown" in text
        await pilot.press("q")
    assert path.read_text().startswith("somebody")


@pytest.mark.parametrize(
    ("locale", "currency"),
    [
        ("fa_IR.UTF-8", "IRR"),
        ("fa", "IRR"),
        ("ar_AE.UTF-8", "AED"),
        ("ar_EG", "EGP"),
        ("de_AT@euro", "EUR"),
        ("C.UTF-8", "USD"),
        ("", "USD"),
    ],
)
async def test_the_locale_says_the_likely_currency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str, currency: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("LC_MONETARY", "")
    monkeypatch.setenv("LANG", "")
    async with app_for(tmp_path / "new.db").run_test(size=NARROW) as pilot:
        text = await until(pilot, "Welcome")
        assert "^s make it" not in text
        await pilot.press("down", "enter")
        text = await until(pilot, "^s make it")
        assert f"  {currency} " in text or f" {currency}\n" in text
