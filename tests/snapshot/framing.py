"""Frames as files: going somewhere by keys, and comparing what is seen there with `frames/*.txt`."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cstui.base.errors import WorkspaceBusy
from tests.pilot.conftest import ROOT
from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.fakes import FakeDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cstui.ui.doors import Desk

UPDATE = bool(os.environ.get("CSTUI_UPDATE_SNAPSHOTS"))  # read before the tests' own surroundings hide it
FRAMES = Path(__file__).parent / "frames"
OVERDUE = 5.0
"""Seconds until a frame at rest that is not the one expected is taken for another."""
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


def compare(name: str, text: str) -> None:
    """The frame is as it was, or is written anew."""
    text, path = _kept(text), FRAMES / f"{name}.txt"
    if UPDATE:
        FRAMES.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path.name} is not there: CSTUI_UPDATE_SNAPSHOTS=1 writes it"
    assert text == path.read_text(encoding="utf-8")


def _kept(text: str) -> str:
    """A frame as its file has it."""
    text = re.sub(r"(?<=Files   )\S+ *", "~  ", text)  # a temporary folder of this run, as long as it is
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _is(name: str, text: str) -> bool:
    """Whether the frame is as it was, or is not known yet."""
    path = FRAMES / f"{name}.txt"
    return UPDATE or not path.exists() or _kept(text) == path.read_text(encoding="utf-8")


async def framed(name: str, size: tuple[int, int], path: Path, keys: Sequence[str] = (), desk: Desk | None = None) -> None:
    """Open the workspace at `path`, press the keys, each when all is at rest, and compare the frame with `name-WIDTHxHEIGHT`."""
    async with app_for(path, desk).run_test(size=size) as pilot:
        text = await settled(pilot)
        for key in keys:
            await pilot.press(key)
            text = await settled(pilot)
        name, limit = f"{name}-{size[0]}x{size[1]}", time.monotonic() + OVERDUE
        while not _is(name, text) and time.monotonic() < limit:  # at rest, and its last piece yet to be drawn: a machine may be slow
            text = await settled(pilot)
        compare(name, text)


def sample(folder: Path) -> Path:
    """A copy of the sample company."""
    return Path(shutil.copy(ROOT / "sample.db", folder / "workspace.db"))


def busy(*doors: str) -> FakeDesk:
    """A desk whose named doors fail: the workspace is busy."""

    def fail(*_given: object, **_more: object) -> None:
        raise WorkspaceBusy(Path("acme.db"))

    desk = FakeDesk()
    for door in doors:
        setattr(desk, door, fail)
    return desk
