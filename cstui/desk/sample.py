"""The sample company as a workspace: built from its templates like anyone's data, and opened as a private copy.

`python -m cstui.desk.sample FILE` builds it anew. The day and hour of its import are fixed, so that the same program always
gives the same content.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from cstui.base.days import to_day
from cstui.base.errors import NoWorkspace
from cstui.base.paths import sample_workspace
from cstui.desk.workspace import open_workspace
from cstui.store.schema import create_private
from cstui.store.shipping import pack, unpack

IMPORT_DAY = to_day(date(2026, 11, 2))
IMPORT_AT = "2026-11-02T08:30:00Z"


def build(path: Path) -> None:
    """Build the sample company's workspace at `path`, which must not exist. Raises FileExistsError, CstuiError."""
    # Building is rare: opening the shipped file must not load the importer and the company's life.
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.importing import Job
    from cstui.sample import company, write

    if path.exists():
        raise FileExistsError(path)
    workspace = open_workspace(path, create=True)
    for name, value in (("company", company.NAME), ("currency", company.CURRENCY), ("timezone", company.TIMEZONE)):
        workspace.set_setting(name, value)
    workspace.close()
    with tempfile.TemporaryDirectory(prefix="cstui-sample-") as folder:
        files = tuple(str(file) for file in write(Path(folder)))
        job = Job(path, ImportRequest(files, strict=True, day=IMPORT_DAY, at=IMPORT_AT))
        try:
            job.preview()
            job.commit()
        finally:
            job.close()
    pack(path, IMPORT_AT)


def private_copy(directory: Path) -> Path:
    """A copy of the shipped sample company in an existing directory, readable by its owner only. Returns its path.

    Taken through SQLite's backup. Raises NoWorkspace where the sample was not shipped, FileExistsError.
    """
    shipped = sample_workspace()
    if not shipped.is_file():
        raise NoWorkspace(shipped)
    target = directory / "sample.db"
    if target.exists():
        raise FileExistsError(target)
    create_private(target)
    unpack(shipped, target)
    return target


def rebuild(path: Path) -> None:
    """Build the sample company anew and put it in the place of the file at `path`, if there is one. Raises CstuiError."""
    with tempfile.TemporaryDirectory(prefix="cstui-sample-", dir=path.absolute().parent) as folder:
        fresh = Path(folder) / path.name
        build(fresh)
        fresh.chmod(0o644)
        fresh.replace(path)


if __name__ == "__main__":
    rebuild(Path(sys.argv[1]))
