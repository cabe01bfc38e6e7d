"""The house rules that no single module can hold: who imports whom, how long a module is, what no tracked file may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cstui"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE = 400
CLOCKS = {"now", "today", "utcnow"}
"""Names that ask what time it is."""
MAY_ASK_THE_CLOCK = {"base/config.py"}

HOME_OF_A_MACHINE = re.compile(r"(?<![\w.:/…])/(?:home|Users|root|work|mnt|media)/\w")
REGISTRY_HOST = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|files\.python\w*\.|devpi|artifactory|nexus|jfrog|index-url)\b", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError)\b")


def tracked_text() -> list[Path]:
    """Every text file that git knows or would take, this one apart."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file() and path != Path(__file__) and b"\0" not in path.read_bytes()[:8192]]


def places(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """`file:line: text` of every match."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_files_import_only_what_stands_below_them() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_store_speaks_sql() -> None:
    outside = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "store"]
    assert places(re.compile(r"\.execute(?:many|script)?\("), outside) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_one_room(module: Path) -> None:
    source = module.read_text("utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= LONGEST_MODULE
    assert not tree.body or ast.get_docstring(tree), "says neither what it does nor what it must not know"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_surroundings_ask_the_clock(module: Path) -> None:
    if module.relative_to(PACKAGE).as_posix() in MAY_ASK_THE_CLOCK:
        return
    asked = [
        node.lineno
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"date", "datetime", "dt"}
    ]
    assert not asked, f"asks the clock in lines {asked}: the day is an argument"


def test_queries_do_not_ask_the_clock_either() -> None:
    asks = re.compile(r"\b(?:current_date|current_time|current_timestamp)\b|'now'", re.IGNORECASE)
    assert not places(asks, sorted(PACKAGE.rglob("*.sql")))


def test_no_file_knows_a_machine_or_a_registry() -> None:
    paths = tracked_text()
    assert not places(HOME_OF_A_MACHINE, paths)
    assert not places(REGISTRY_HOST, paths)


def test_nothing_is_left_unfinished() -> None:
    assert not places(UNFINISHED, MODULES)
