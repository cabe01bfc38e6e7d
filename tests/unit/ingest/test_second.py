"""A second process gives what it is asked for, in order; whoever asked it does without when it fails; it stays behind nobody."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cstui.base.second import Gone, Second
from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session, beside
from tests.unit.store.import_calls import AT, DAY

TWO = hasattr(os, "fork") and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
pytestmark = pytest.mark.skipif(not TWO, reason="needs two processors")

ROWS = 260_000


class Counting(Second):
    """Counts what it was asked and what came of that; ends after `most` answers."""

    asked = 0
    came = 0
    most = 1000

    def begin(self, *about: Any) -> Iterator[Any]:  # noqa: ANN401  # as the class it counts for
        self.asked += 1
        return self._counted(super().begin(*about))

    def _counted(self, answers: Iterator[Any]) -> Iterator[Any]:
        for answer in answers:
            if self.came == self.most:
                os.kill(self._child, signal.SIGKILL)
            self.came += 1
            yield answer


def some(count: int) -> Iterator[object]:
    """So many answers, arrays among them."""
    for number in range(count):
        yield number, "ی" * number, np.arange(number * 1000)


def broken(count: int) -> Iterator[object]:
    yield from some(count)
    raise ValueError


def ended(_: int) -> Iterator[object]:
    if os.getpid():
        os._exit(1)
    yield None


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Second]:
    found = Second.start(tmp_path)
    assert found is not None
    yield found
    found.close()


def test_it_answers_in_order_and_again(second: Second) -> None:
    second.ready("json")
    for count in (5, 3):
        answers = list(second.begin(some, count))
        assert [(number, text, len(numbers)) for number, text, numbers in answers] == [(n, "ی" * n, n * 1000) for n in range(count)]
        assert answers[2][2][-1] == 1999


@pytest.mark.parametrize("work", [broken, ended])
def test_who_asked_hears_that_it_failed(second: Second, work: Any) -> None:  # noqa: ANN401  # a function that gives answers
    with pytest.raises(Gone):
        list(second.begin(work, 2))
    with pytest.raises(Gone):
        second.begin(some, 1)


def test_answers_that_nobody_takes_end_it(second: Second) -> None:
    answers = second.begin(some, 400)
    next(answers)
    answers.close()  # type: ignore[attr-defined]  # they come from a generator
    with pytest.raises(Gone):
        second.begin(some, 1)


def test_it_is_gone_when_the_first_process_is(tmp_path: Path) -> None:
    """The writing end of a pipe is in both processes' hands: its end is seen when neither lives."""
    reading, writing = os.pipe()
    code = (
        "import os, sys, signal\nfrom pathlib import Path\nfrom cstui.base.second import Second\n"
        f"assert Second.start(Path({str(tmp_path)!r})) is not None\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    first = subprocess.run([sys.executable, "-c", code], pass_fds=(writing,), check=False)
    assert first.returncode == -signal.SIGKILL
    os.close(writing)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_where_there_may_be_no_more_processes_there_is_none_and_nothing_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    first = os.open(os.devnull, os.O_RDONLY)
    os.close(first)
    assert Second.start(tmp_path) is None
    again = os.open(os.devnull, os.O_RDONLY)
    os.close(again)
    assert again == first  # the lowest number that is free


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "use.csv"
    lines = (f"c{i % 997},2025-{i % 12 + 1:02d}-{i % 28 + 1:02d},user-{i % 7001},{i % 5},{i % 77}.5,{i % 9}\n" for i in range(ROWS))
    path.write_text("customer_id,date,user_id,sessions,minutes,events\n" + "".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("most", [0, 1, 1000])
def test_a_large_file_of_use_is_read_by_both_and_whole_when_the_second_ends(large: Path, tmp_path: Path, most: int) -> None:
    started = beside(tmp_path / "desk.db", [str(large)])
    assert started is not None
    second = Counting(started._child, started._asking, started._told, started._answers)  # the same process, counted
    second.most = most
    session = Session(tmp_path / "desk.db", ImportRequest((str(large),), day=DAY, at=AT), lambda _: None, second)
    try:
        found = session.preview()
    finally:
        session.close()
    assert second.asked == 1
    assert second.came >= min(most, 1)
    assert (found.files[0].read, found.files[0].refused) == (ROWS, 0)


def test_of_two_large_files_the_second_process_reads_of_both(large: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(large, tmp_path / "other.csv"))
    started = beside(tmp_path / "desk.db", [str(large), str(other)])
    assert started is not None
    second = Counting(started._child, started._asking, started._told, started._answers)
    session = Session(tmp_path / "desk.db", ImportRequest((str(large), str(other)), day=DAY, at=AT), lambda _: None, second)
    try:
        session.preview()
    finally:
        session.close()
    assert second.asked == 2
    assert second.came >= 4  # of each file a block, and where it ends


@pytest.mark.parametrize("most", [0, 20, 1000])
def test_a_large_list_is_read_by_both_and_whole_when_the_second_ends(tmp_path: Path, most: int) -> None:
    rows = 30_000
    lines = (f"s{i},c{i % 997},Name {i % 997},{i % 77}.5,2025-{i % 12 + 1:02d}-{i % 28 + 1:02d},{'memo ' * 55}\n" for i in range(rows))
    (tmp_path / "list.csv").write_text(
        "subscription_id,customer_id,customer name,amount,started_at,memo\n" + "".join(lines), encoding="utf-8"
    )
    large = str(tmp_path / "list.csv")
    started = beside(tmp_path / "desk.db", [large])
    assert started is not None
    second = Counting(started._child, started._asking, started._told, started._answers)  # the same process, counted
    second.most = most
    session = Session(tmp_path / "desk.db", ImportRequest((large,), day=DAY, at=AT), lambda _: None, second)
    try:
        found = session.preview()
    finally:
        session.close()
    assert second.asked == 1
    assert second.came >= min(most, 1)
    assert [(file.kind, file.read, file.created, file.refused) for file in found.files] == [
        ("subscriptions", rows, rows, 0),
        ("customers", rows, 997, 0),
    ]


def test_small_files_are_read_alone(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text("customer_id,date,user_id\nc,2025-01-01,u\n", encoding="utf-8")
    assert beside(tmp_path / "desk.db", [str(tmp_path / "small.csv")]) is None
