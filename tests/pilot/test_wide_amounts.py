"""A currency whose amounts are long: every one is in sight whole, or rounded to a unit that is said, at both sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.test_import import to_files

CUSTOMERS = """customer_id,name,plan
c-1,پارس‌داده,pro
c-2,شرکت نور,basic
c-3,Tehran Cloud,pro
c-4,Shiraz Soft,team
c-5,آریا سامانه,basic
"""
SUBSCRIPTIONS = """subscription_id,customer_id,started_at,amount,interval,currency,ended_at
s-1,c-1,2026-07-05,1800000,month,IRR,
s-2,c-2,2026-08-05,600000,month,IRR,2026-10-12
s-3,c-3,2026-08-02,1200000,month,IRR,2026-10-31
s-4,c-4,2026-08-23,1800000,month,IRR,2026-10-06
s-5,c-4,2026-10-06,1200000,month,IRR,
s-6,c-5,2026-10-10,1800000,month,IRR,
s-7,c-2,2026-05-02,600000,month,IRR,2026-06-01
"""
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
CUT = re.compile(r"\d,\d{0,2}(?![\d,])|\d…|IRR(?! \d|  |$| ·)|\dIRR|\d[▲▼]", re.MULTILINE)
"""What a number looks like whose end is missing, or that runs into what stands beside it."""


@pytest.fixture
def rials(tmp_path: Path) -> Path:
    """A workspace in IRR: 5,400,000 a month in September 2026, 4,800,000 at the end of October."""
    from cstui.base.days import parse_iso
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.importing import Job
    from cstui.desk.settings import set_setting
    from cstui.desk.workspace import open_workspace

    path = tmp_path / "rials.db"
    workspace = open_workspace(path, create=True)
    for name, value in (("currency", "IRR"), ("timezone", "Asia/Tehran"), ("company", "Pars")):
        set_setting(workspace, name, value)
    workspace.close()
    files = []
    for name, text in (("customers.csv", CUSTOMERS), ("subs.csv", SUBSCRIPTIONS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        files.append(str(tmp_path / name))
    job = Job(path, ImportRequest(tuple(files), day=parse_iso("2026-11-02"), at="2026-11-02T08:30:00Z"))
    job.preview()
    job.commit()
    job.close()
    return path


async def seen(path: Path, size: tuple[int, int], *keys: str) -> str:
    """The frame after the keys. No number in it is cut."""
    async with app_for(path).run_test(size=size) as pilot:
        text = await settled(pilot)
        for key in keys:
            await pilot.press(key)
            text = await settled(pilot)
    assert not CUT.search(text), f"{CUT.findall(text)}:\n{text}"
    return text


@SIZES
async def test_overview(rials: Path, size: tuple[int, int]) -> None:
    text = await seen(rials, size)
    assert "‹ Oct 2026 ›" in text
    assert re.search(r"end +3 +4,800,000\b", text)
    assert re.search(r"churned +2 +−1,800,000\b", text)
    assert "▼ 600,000" in text or "▼ IRR 600,000" in text


async def test_small_overview(rials: Path) -> None:
    text = await seen(rials, (60, 20))
    assert "IRR 4,800,000" in text
    assert "▼ 600,000" in text or "▼ IRR 600,000" in text


@SIZES
async def test_waterfall(rials: Path, size: tuple[int, int]) -> None:
    text = await seen(rials, size, "w")
    picture, _, steps = text.partition("contraction")
    assert picture.count("4,800,000") == 2  # the summary, and the last bar
    assert re.search(r"end +3 +4,800,000\b", steps)


@SIZES
async def test_breakdown(rials: Path, size: tuple[int, int]) -> None:
    text = await seen(rials, size, "b", "enter")
    assert re.search(r"all customers +4,800,000\b", text)
    assert re.search(r"basic +1,800,000\b", text)


@SIZES
async def test_at_risk(rials: Path, size: tuple[int, int]) -> None:
    text = await seen(rials, size, "2")
    assert ("1.2M –" if size == NARROW else "1,200,000 –") in text


@SIZES
async def test_customers(rials: Path, size: tuple[int, int]) -> None:
    text = await seen(rials, size, "3")
    ends = {cell_len(line.partition("00,000 ")[0]) for line in text.splitlines() if "active " in line}
    assert len(ends) == 1
    assert "1,200,000 23 Aug 2026" in text


@SIZES
async def test_trend_table(rials: Path, size: tuple[int, int]) -> None:
    text = await seen(rials, size, "v", "t")
    assert re.search(r"Aug 2026 +5,400,000 +▲ 3,600,000 +\+200.0 %", text)
    assert re.search(r"Oct 2026 +4,800,000 +▼ 600,000 +−11.1 %", text)
    heading, row = (next(line for line in text.splitlines() if word in line) for word in ("month before", "▲ 3,600,000"))
    assert heading.index("value") + len("value") == row.index("5,400,000") + len("5,400,000")


@SIZES
async def test_who_made_net_retention_differ(rials: Path, size: tuple[int, int]) -> None:
    async with app_for(rials).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("right", "right", "right", "i")
        text = await settled(pilot)
    change = "1,200,000 of 1,200,000 → 0 of 1,200,000" if size == NARROW else "1.2M of 1.2M → 0 of 1.2M"
    assert re.search(rf"Tehran Cloud +{change} +−22.2 pt", text)
    assert "added 1,200,000 of 1,200,000, adds 0 of 1,200,000: −22.2 pt" in text


@SIZES
async def test_reconciling(rials: Path, folder: Path, size: tuple[int, int]) -> None:
    theirs = "Customer ID,Customer,Currency,2026-09\nc-1,پارس‌داده,irr,1800005\nc-3,Tehran Cloud,irr,1200000\nc-9,Far Away,irr,4200005\n"
    (folder / "aaa.csv").write_text(theirs, encoding="utf-8")
    async with app_for(rials).run_test(size=size) as pilot:
        await to_files(pilot, "aaa.csv")
        await pilot.press("g", "down", "c")
        text = await settled(pilot)
    assert not CUT.search(text), text
    theirs, ours, gap = ("4,200,005", "0.00", "+4,200,005") if size == NARROW else ("4,200,005.00", "0.00", "+4,200,005.00")
    assert re.search(rf"Far Away +IRR +{theirs} +{ours} +{re.escape(gap)} +missing here", text)
    assert re.search(r"Sep 2026 IRR +7,200,010.00 +5,400,000.00 +\+1,800,010.00", text)
