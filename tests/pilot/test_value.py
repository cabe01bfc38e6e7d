"""Customer value: what everybody is expected to bring, how the fit holds, what is refused and why, and the way to each customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest

from cstui.base.errors import WorkspaceBusy
from cstui.desk.value import ValueSnapshot
from cstui.ui.doors import Desk
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until
from tests.property.program import imported
from tests.unit.desk.test_value import shop

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


@pytest.fixture(scope="module")
def bought(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with imported(shop(), tmp_path_factory.mktemp("bought")) as workspace:
        yield workspace.path


@SIZES
async def test_subscribers_with_the_fit_beside_them(sample: Path, size: tuple[int, int]) -> None:
    app = app_for(sample)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "231 customers are expected to bring $2,634,371")
        text = await settled(pilot)
        assert "fit holds: at most 3.7 pt off" in text
        assert "yearly terms    not fitted: 2 terms that anybody came to" in text
        assert "Meadow Books" in text
        assert "$132,486" in text
        assert "■ actual  ■ expected" in text
        assert not any("\u2800" <= char <= "\u28ff" for char in text)
        await pilot.press("t")
        text = await until(pilot, "came to it")
        assert "95.7 %    95.3 %  −0.4 pt        326" in text
        await pilot.press("j", "e")
        text = await until(pilot, "Still there after term 2   91.8 %")
        assert "The model (sBG) expects 91.0 %." in text
        await pilot.press("enter")
        text = await until(pilot, "Renewed after term 1   95.7 %")
        assert "312 ÷ 326" in text
        assert "customers.csv:" in text
        await pilot.press("escape", "escape")
        await until(pilot, "came to it")
        await pilot.press("p")
        text = await until(pilot, "log-likelihood")
        assert "−491.488" in text
        assert "0.813124" in text
        await pilot.press("escape", "y")
        await until(pilot, "came to it")
        assert app.clipboard.startswith("term\tactual\texpected\n1\t0.957055\t0.952836\n")
        await pilot.press("t")
        await until(pilot, "■ expected")
        await pilot.press("e")
        await until(pilot, "37.6 months to come")
        await pilot.press("G", "enter")
        await until(pilot, "Expected of all customers   $2,634,371")
        await pilot.press("escape", "e")
        await until(pilot, "37.6 months to come")
        await pilot.press("enter")
        await until(pilot, lambda text: "s-0195 of c-1208" in text and "subscriptions.csv:" in text)
        await pilot.press("escape", "j", "enter")
        await until(pilot, "Birch Kitchen")
        await until(pilot, "c-1127")
        await pilot.press("escape")
        await until(pilot, "231 customers")
        await pilot.press("escape")
        await until(pilot, "MRR")


@SIZES
async def test_buyers_with_three_pictures_of_the_fit(bought: Path, size: tuple[int, int]) -> None:
    async with app_for(bought).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "260 customers are expected to bring $7,804 in 52 weeks")
        text = await settled(pilot)
        assert "how often       rough fit, read with care: 336 purchases expected, 386 came" in text
        assert "how much        a purchase is worth $19.17" in text
        assert "Repeat purchases so far" in await until(pilot, "1/3")
        await pilot.press("m", "t")
        text = await until(pilot, "By repeat purchases")
        assert "50      38.6    −11.4" in text
        await pilot.press("enter")
        await until(pilot, "With 0 repeat purchases   ")
        await pilot.press("escape")
        await until(pilot, "By repeat purchases")
        await pilot.press("m")
        await until(pilot, "mean spend, USD")
        await pilot.press("m", "t")
        await until(pilot, "Repeat purchases so far")
        await pilot.press("p")
        text = await until(pilot, "Gamma-Gamma")
        assert "BG/NBD" in text


@SIZES
async def test_a_point_of_the_chart_is_gone_to_and_explained(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "231 customers")
        await settled(pilot)
        await pilot.press("right")
        await until(pilot, "term 29: 39.9 % actual, ")
        await pilot.press("left")
        await until(pilot, "term 28: 47.8 % actual, 44.4 % expected")
        await settled(pilot)
        await pilot.press("enter")
        text = await until(pilot, "Still there after term 28   47.8 %")
        assert "expects 44.4 %." in text
        await pilot.press("escape")
        await until(pilot, "term 28: 47.8 % actual")
        await pilot.press("up" if size == NARROW else "left")
        if size == WIDE:
            await pilot.press(*["left"] * 28)
        await until(pilot, "Still there, by monthly term  ■ actual")
        await pilot.press("e")
        await until(pilot, "37.6 months to come")


async def test_a_segment_too_thin_is_refused_with_the_reason(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "231 customers")
        await pilot.press("f")
        await until(pilot, "space marks")
        await settled(pilot)
        await pilot.press("j", "j", "enter", "j", "space")
        await until(pilot, "plan enterprise")
        await pilot.press("enter")
        text = await until(pilot, "the data is too thin: no model fits, so nothing is expected")
        assert "needed" in text
        assert "Nobody is expected to bring anything while no model fits." in text
        assert "■ expected" not in text
        assert "plan enterprise" in text
        await pilot.press("x")
        await until(pilot, "231 customers")


async def test_an_empty_workspace_says_what_to_import(new: Path) -> None:
    async with app_for(new).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "nothing to fit yet: 6 imports payments or subscriptions")
        await pilot.press("t", "m", "p", "f", "x", "y", "enter")
        await until(pilot, "nothing to fit yet")


async def test_the_fit_runs_in_a_thread_and_says_so_meanwhile(sample: Path) -> None:
    go, threads = Event(), []

    class Slow(Desk):
        def value(self, *given: object) -> ValueSnapshot:
            threads.append(current_thread())
            go.wait(20)
            return super().value(*given)  # type: ignore[arg-type]

    async with app_for(sample, Slow()).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "fitting the models on your data…")
        await pilot.press("t", "m", "p", "y", "enter")  # nothing to act on yet
        go.set()
        await until(pilot, "231 customers")
        assert main_thread() not in threads


async def test_an_error_is_said_and_the_last_answer_kept(sample: Path) -> None:
    class Failing(Desk):
        broken = True

        def value(self, *given: object) -> ValueSnapshot:
            if self.broken:
                raise WorkspaceBusy(Path("acme.db"))
            return replace(super().value(*given), revision=-1)  # type: ignore[arg-type]

    desk = Failing()
    async with app_for(sample, desk).run_test(size=NARROW, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, "acme.db")
        desk.broken = False
        await pilot.press("escape", "V")
        await until(pilot, "231 customers")
        desk.broken = True
        screen = pilot.app.screen
        screen.workspace_changed(7)  # type: ignore[attr-defined]  # what the app calls when another process wrote
        await until(pilot, "acme.db")
        await until(pilot, "231 customers")


@SIZES
async def test_long_amounts_are_rounded_and_never_cut(sample: Path, size: tuple[int, int]) -> None:
    class Rials(Desk):
        def value(self, *given: object) -> ValueSnapshot:
            found = super().value(*given)  # type: ignore[arg-type]
            more = tuple(replace(one, mrr=one.mrr * 1000, value=one.value * 1000) for one in found.subscribers)
            return replace(found, currency="IRR", subscribers=more, worth=(found.worth or 0) * 1000)

    async with app_for(sample, Rials()).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("V")
        text = await until(pilot, "Meadow Books")
        assert re.search(r"Meadow Books +3.53M .+ 132.49M", text)
        assert re.search(r"Birch Kitchen +2.84M .+ 112.36M", text)


async def test_the_steps_of_a_shop_are_explained_each_in_its_own_period(bought: Path) -> None:
    """The first step opened the customers of the period's end."""
    async with app_for(bought).run_test(size=WIDE) as pilot:
        await settled(pilot)
        text = await until(pilot, "What moved in")
        start = next(line.partition(" start ")[2].split()[0] for line in text.splitlines() if " start " in line)
        await pilot.press("j", "e")
        text = await until(pilot, "Active customers   ")
        assert f"Active customers   {start} " in text.replace("\n", " ")
        await pilot.press("escape")
        await until(pilot, "What moved in")
        await pilot.press("down", "e")
        await until(pilot, "New customers who stayed   ")
