"""Keeping a workspace safe: a backup, and a doctor's look at the file. Returns frozen snapshots."""

from __future__ import annotations

import platform
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cstui
from cstui.base.days import iso
from cstui.desk.workspace import let_go, open_workspace
from cstui.store import backup as copies
from cstui.store import doctor as checks
from cstui.store.doctor import Check, Coverage

__all__ = ["Backup", "Check", "Coverage", "Diagnosis", "backup", "doctor"]

LIBRARIES = ("textual", "rich", "sqlite-utils", "pandas", "plotext")


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished, checked copy."""

    file: str
    size: int
    """Bytes."""

    def to_json(self) -> dict[str, object]:
        """The document of `cstui backup --json`."""
        return {"schema": 1, "file": self.file, "bytes": self.size}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the doctor found."""

    workspace: str
    as_of: int | None
    revision: int | None
    """None: the file is damaged."""
    rebuilt: bool
    """The rollups were derived again before the look."""
    checks: tuple[Check, ...]
    coverage: tuple[Coverage, ...]
    versions: tuple[tuple[str, str | None], ...]
    """Program, library → version; None: not installed."""

    @property
    def ok(self) -> bool:
        """Nothing failed; warnings may be there."""
        return all(check.status != checks.FAILED for check in self.checks)

    def to_json(self) -> dict[str, object]:
        """The document of `cstui doctor --json`."""
        return {
            "schema": 1,
            "workspace": self.workspace,
            "ok": self.ok,
            "as_of": None if self.as_of is None else iso(self.as_of),
            "revision": self.revision,
            "rebuilt": self.rebuilt,
            "checks": [check._asdict() for check in self.checks],
            "coverage": {
                item.kind: {
                    "n": item.n,
                    "first": None if item.first is None else iso(item.first),
                    "last": None if item.last is None else iso(item.last),
                }
                for item in self.coverage
            },
            "versions": dict(self.versions),
        }


def backup(workspace: Path, target: Path) -> Backup:
    """A private, checked copy of the workspace at `target`, which must not exist. Raises BackupExists, BackupFailed, NoWorkspace, …"""
    return Backup(str(target), copies.backup(workspace, target))


def doctor(workspace: Path, *, rebuild: bool = False, day: int | None = None) -> Diagnosis:
    """Examine the workspace; `rebuild` derives its rollups again first. On a `day`, what was to be kept until then only is let go.

    Raises NoWorkspace, NotAWorkspace, NewerWorkspace, WorkspaceBusy.
    """
    if rebuild:
        checks.rebuild(workspace)
    found = checks.examine(workspace)
    if day is not None and found.revision is not None:
        with closing(open_workspace(workspace)) as opened:
            let_go(opened, day)
    return Diagnosis(
        workspace=str(workspace),
        as_of=found.as_of,
        revision=found.revision,
        rebuilt=rebuild,
        checks=found.checks,
        coverage=found.coverage,
        versions=_versions(),
    )


def _versions() -> tuple[tuple[str, str | None], ...]:
    """Versions from the packages' metadata: asking a library itself would load it."""
    own = (("cstui", cstui.__version__), ("python", platform.python_version()), ("sqlite", checks.sqlite_version()))
    return (*own, *((name, _installed(name)) for name in LIBRARIES))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
