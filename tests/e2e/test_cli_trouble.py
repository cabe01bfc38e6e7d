"""What a command says where files and folders are not what it needs: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import cstui, environment
from tests.unit.store.import_calls import content

pytestmark = pytest.mark.e2e


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a file, one of whose rows is refused, and the workspace it was imported into, `shop.db`."""
    (tmp_path / "subs.csv").write_text("subscription_id,customer_id,started_at,amount\ns-1,c-1,2026-01-01,10\ns-2,c-2,2026-01-01,ten\n")
    assert cstui("--db", "shop.db", "import", "subs.csv", home=tmp_path).status == 0
    return tmp_path


@pytest.mark.parametrize(
    ("place", "command"),
    [
        (".", ("import", "subs.csv")),
        (".", ("metrics",)),
        ("subs.csv/below.db", ("import", "subs.csv")),
        ("subs.csv/below.db", ("survey", "add", "c-1", "nps", "9")),
        ("subs.csv", ("doctor",)),
    ],
)
def test_a_file_or_folder_that_can_be_no_workspace_is_told_in_a_sentence(shop: Path, place: str, command: tuple[str, ...]) -> None:
    done = cstui("--db", place, *command, home=shop)
    assert done.status == 1
    assert done.err.startswith("cstui: ")
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1
    assert sorted(path.name for path in shop.iterdir()) == ["shop.db", "subs.csv"]


@pytest.mark.parametrize(
    "command",
    [
        ("imports", "1", "--rejects", "shop.db"),
        ("imports", "1", "--rejects", "other.db"),
        ("import", "subs.csv", "--dry-run", "--rejects", "shop.db"),
        ("import", "subs.csv", "--dry-run", "--rejects", "link.csv"),
        ("import", "deeper/../subs.csv", "--dry-run", "--rejects", "subs.csv"),
        ("import", "subs.csv", "refused-subs.csv", "--dry-run", "--rejects", "refused.csv"),
        ("export", "subscriptions", "--format", "csv", "--force", "-o", "shop.db"),
        ("export", "mrr", "--format", "json", "--force", "-o", "other.db"),
        ("report", "--month", "2026-01", "--force", "-o", "shop.db"),
    ],
)
def test_nothing_is_written_over_a_workspace_or_over_what_is_read(shop: Path, command: tuple[str, ...]) -> None:
    (shop / "refused-subs.csv").write_bytes((shop / "subs.csv").read_bytes().replace(b"s-", b"t-"))
    (shop / "link.csv").symlink_to("subs.csv")
    (shop / "deeper").mkdir()
    assert cstui("backup", "other.db", "--db", "shop.db", home=shop).status == 0
    before = {path.name: path.read_bytes() for path in shop.iterdir() if path.suffix == ".csv"}
    done = cstui("--db", "shop.db", *command, home=shop)
    assert (done.status, done.out) == (2, b"")
    assert "Name another file." in done.err
    assert {path.name: path.read_bytes() for path in shop.iterdir() if path.suffix == ".csv"} == before
    for name in ("shop.db", "other.db"):
        assert cstui("imports", "--db", name, "--json", home=shop).json["imports"][0]["import_id"] == 1


@pytest.mark.parametrize("form", ["", "--json", "--csv"])
@pytest.mark.parametrize("sink", [">&-", ">/dev/full"])
def test_results_that_nobody_can_take_are_a_sentence(shop: Path, form: str, sink: str) -> None:
    if sink == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("this system has no disk that is always full")
    shell = ["sh", "-c", f"exec {sys.executable} -m cstui --db shop.db metrics mrr {form} {sink}"]
    done = subprocess.run(shell, capture_output=True, env=environment(shop), cwd=shop, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1].startswith("cstui: Results can't be written to standard output: ")
    assert b"Traceback" not in done.stderr


def test_messages_that_nobody_can_take_spoil_no_result(shop: Path) -> None:
    shell = ["sh", "-c", f"exec {sys.executable} -m cstui --db shop.db import subs.csv --json 2>&-"]
    done = subprocess.run(shell, capture_output=True, env=environment(shop), cwd=shop, timeout=60, check=False)
    assert (done.returncode, json.loads(done.stdout)["import_id"]) == (0, 2)


def test_a_talkative_interpreter_holds_no_import_up(shop: Path) -> None:
    done = cstui("--db", "shop.db", "import", "subs.csv", "--json", home=shop, PYTHONVERBOSE="1")
    assert (done.status, done.json["import_id"]) == (0, 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("command", [("import", "subs.csv", "pipe.csv"), ("reconcile", "pipe.csv"), ("import", "/dev/stdin")])
def test_what_comes_from_another_program_is_no_file_and_holds_nothing_up(shop: Path, command: tuple[str, ...]) -> None:
    os.mkfifo(shop / "pipe.csv")
    done = cstui("--db", "shop.db", *command, home=shop)
    assert done.status == 1
    assert done.err == f"cstui: {command[-1]} is a pipe, not a file. Write what comes from it to a file, and import that.\n"
    assert len(cstui("imports", "--db", "shop.db", "--json", home=shop).json["imports"]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on files here")
def test_an_import_that_finds_no_room_is_a_sentence_and_leaves_nothing_behind(shop: Path) -> None:
    traits = [f"trait{number}" for number in range(9)]
    rows = "".join(f"c-{i},{','.join(f'{trait} is {i}' for trait in traits)}\n" for i in range(10_000))
    (shop / "many.csv").write_text(f"customer_id,{','.join(traits)}\n{rows}")
    before = content(shop / "shop.db")

    def limited(kilobytes: int, workspace: str) -> tuple[int, list[str]]:
        shell = ["sh", "-c", f"ulimit -f {kilobytes * 2}; exec {sys.executable} -m cstui --db {workspace} import many.csv"]
        done = subprocess.run(shell, capture_output=True, env=environment(shop), cwd=shop, timeout=60, check=False)
        return done.returncode, done.stderr.decode().splitlines()

    for workspace, kilobytes in (("new.db", 100), ("shop.db", 100), ("new.db", 5_800), ("shop.db", 5_800)):  # staged first, then merged
        status, told = limited(kilobytes, workspace)
        assert (status, len(told)) == (1, 1)
        assert told[0].startswith(f"cstui: {workspace} could not be read or written: ")
        assert told[0].endswith("Nothing was changed.")
        assert sorted(path.name for path in shop.iterdir()) == ["many.csv", "shop.db", "subs.csv"]
        assert content(shop / "shop.db") == before
