"""Kill −9 at random moments of an import and of an undo: the workspace opens whole, as before or as after."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cstui.base.errors import Cancelled
from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.desk.importing import Job, Progress
from cstui.store.undo import undo
from cstui.store.workspace import Workspace
from tests.unit.store.import_calls import AT, DAY, content, select

pytestmark = pytest.mark.e2e
MOMENTS = 50
HEADER = "subscription_id,customer_id,started_at,amount,currency,interval,plan\n"


def csv_text(rows: int, amount: int, first: int = 0) -> str:
    """Subscription rows, some with the same keys as another text's."""
    return HEADER + "".join(f"s{first + i},c{i % 300},2025-{i % 12 + 1:02d}-01,{amount + i % 7},USD,month,pro\n" for i in range(rows))


def run_import(workspace: Path, source: Path, tell: Callable[[Progress], None] = lambda _: None) -> None:
    session = Session(workspace, ImportRequest((str(source),), day=DAY, at=AT), tell)
    try:
        session.preview()
        session.commit()
    finally:
        session.close()


def signal_to(pipe: int) -> None:
    os.write(pipe, b"x")


def killed(work: Callable[[Callable[[], None]], None], delay: float, *, after_signal: bool) -> None:
    """Do `work` in a forked process and kill that `delay` seconds after its start, or after it has called what it is given."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            work(lambda: signal_to(writing))
        finally:
            os._exit(0)
    os.close(writing)
    if after_signal:
        os.read(reading, 1)
    time.sleep(delay)  # the moment of the kill is what is random here
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reading)


def whole(workspace: Path) -> bool:
    return select(workspace, "PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A workspace with one import in it, closed."""
    workspace = tmp_path / "base.db"
    (tmp_path / "first.csv").write_text(csv_text(800, 10), encoding="utf-8")
    (tmp_path / "second.csv").write_text(csv_text(1200, 11, 400), encoding="utf-8")
    run_import(workspace, tmp_path / "first.csv")
    return workspace


@pytest.mark.slow
def test_killed_imports_leave_the_workspace_as_before_or_as_after(base: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    source = tmp_path / "second.csv"
    done = Path(shutil.copy(base, tmp_path / "done.db"))
    marks: list[float] = [time.perf_counter()]
    run_import(done, source, lambda p: marks.append(time.perf_counter()) if p.stage == "merging" else None)
    marks.append(time.perf_counter())
    states = (content(base), content(done))
    seen = {0: 0, 1: 0}
    for turn in range(MOMENTS):
        victim = Path(shutil.copy(base, tmp_path / "victim.db"))
        merging = turn % 2 == 0
        limit = (marks[-1] - marks[1]) if merging else (marks[-1] - marks[0])

        def work(signalled: Callable[[], None], path: Path = victim) -> None:
            run_import(path, source, lambda p: signalled() if p.stage == "merging" else None)

        killed(work, chance.uniform(0, 1.1 * limit), after_signal=merging)
        assert whole(victim)
        found = content(victim)
        assert found in states
        seen[states.index(found)] += 1
        run_import(victim, source)
        assert content(victim) == states[1]
        assert not list(tmp_path.glob(".*staging*")), "the next import takes away what the killed one left"
        clear(victim)
    assert seen[0] > 0


@pytest.mark.slow
def test_killed_first_imports_leave_nothing_or_all_of_them(tmp_path: Path) -> None:
    chance = random.Random(9)
    source, done = tmp_path / "use.csv", tmp_path / "done.db"
    lines = (f"c{i % 97},2025-{i % 11 + 1:02d}-{i % 28 + 1:02d},u{i % 1009},{i % 7},{i % 90}.5,\n" for i in range(8_000))
    source.write_text("customer_id,date,user_id,sessions,minutes,events\n" + "".join(lines), encoding="utf-8")
    marks: list[float] = []
    run_import(done, source, lambda p: marks.append(time.perf_counter()) if p.stage == "merging" else None)
    limit = time.perf_counter() - marks[0]
    Workspace.open(tmp_path / "empty.db", create=True).close()
    states = (content(tmp_path / "empty.db"), content(done))
    victim = tmp_path / "victim.db"

    def work(signalled: Callable[[], None]) -> None:
        run_import(victim, source, lambda p: signalled() if p.stage == "merging" else None)

    for _ in range(MOMENTS // 3):
        killed(work, chance.uniform(0, 1.1 * limit), after_signal=True)
        assert whole(victim)
        assert select(victim, "SELECT count(*) FROM sqlite_master") == [(0,)] or content(victim) in states
        run_import(victim, source)
        assert content(victim) == states[1]
        assert select(victim, "PRAGMA journal_mode") == [("wal",)]
        assert not list(tmp_path.glob(".*staging*")), "the next import takes away what the killed one left"
        clear(victim)


@pytest.mark.slow
def test_killed_undos_leave_the_workspace_as_before_or_as_after(base: Path, tmp_path: Path) -> None:
    chance = random.Random(8)
    before = content(base)
    done = Path(shutil.copy(base, tmp_path / "done.db"))
    run_import(done, tmp_path / "second.csv")
    after = content(done)
    started = time.perf_counter()
    undo(Path(shutil.copy(done, tmp_path / "timed.db")), None, AT)
    limit = time.perf_counter() - started
    seen = {0: 0, 1: 0}
    for _ in range(MOMENTS):
        victim = Path(shutil.copy(done, tmp_path / "victim.db"))

        def work(signalled: Callable[[], None], path: Path = victim) -> None:
            signalled()
            undo(path, None, AT)

        killed(work, chance.uniform(0, 1.1 * limit), after_signal=True)
        assert whole(victim)
        found = content(victim)
        assert found in (before, after)
        seen[0 if found == before else 1] += 1
        clear(victim)
    assert seen[1] > 0


def clear(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_when_the_program_is_killed_its_child_goes_and_leaves_nothing(base: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_text(csv_text(120_000, 10), encoding="utf-8")
    before = content(base)
    process = subprocess.Popen(
        [sys.executable, "-m", "cstui", "import", "--db", base, big], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: bool(list(tmp_path.glob(".base.db.*.staging"))))
    process.kill()
    process.wait()
    wait_for(lambda: not list(tmp_path.glob(".base.db.*.staging*")))
    assert whole(base)
    assert content(base) == before


def test_a_cancelled_import_changes_and_leaves_nothing(base: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_text(csv_text(60_000, 10), encoding="utf-8")
    before, files = content(base), {path.name for path in tmp_path.iterdir()}
    job = Job(base, ImportRequest((str(big),), day=DAY, at=AT))
    started = threading.Event()

    def stop() -> None:
        started.wait(15)
        job.cancel()

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(Cancelled):
        job.preview(lambda _: started.set())
    with pytest.raises(Cancelled):
        job.commit()
    job.close()
    assert content(base) == before
    assert {path.name for path in tmp_path.iterdir()} == files
