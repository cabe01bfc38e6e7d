"""The README says what the program does: its commands are CI's, its tables are the registry's and the table of actions'.

`python -m tests.unit.test_readme --write` writes the tables.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


def metrics_table() -> str:
    """Every metric of the registry, in Markdown, by family."""
    from cstui.desk.figures import catalogue

    lines = ["| metric | is | unit |", "|---|---|---|"]
    lines += [f"| `{metric.id}` | {_escaped(metric.definition)} | {metric.unit} |" for metric in catalogue()]
    return "\n".join(lines)


def keys_table() -> str:
    """Every action, its keys and what it does, in Markdown."""
    from cstui.ui.keys import keys_table as table

    return table()


TABLES = {"metrics": metrics_table, "keys": keys_table}


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;")


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name}:begin -->\n).*?(?=<!-- {name}:end -->)", re.DOTALL)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_what_the_program_says(name: str) -> None:
    found = _between(name).search(README.read_text("utf-8"))
    assert found, f"the markers of {name} are gone"
    assert found.group().strip() == TABLES[name](), "run: python -m tests.unit.test_readme --write"


def test_the_two_commands_are_one_line_each_and_ci_runs_the_second() -> None:
    commands = [line for line in README.read_text("utf-8").splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    first, second = commands
    assert first.endswith("/bin/cstui --demo")
    assert "pytest" in second
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines().count(second) == 1


def test_what_the_readme_links_to_is_there() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_changelog_names_this_version_or_is_still_open() -> None:
    from cstui import __version__

    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog or f"## [{__version__}]" in changelog


def write() -> None:
    """Put the current tables between their markers."""
    text = README.read_text("utf-8")
    for name, table in TABLES.items():
        content = f"{table()}\n"
        text = _between(name).sub(lambda _, content=content: content, text)  # type: ignore[misc]
    README.write_text(text, "utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    write()
