"""Workspaces that journeys begin from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CUSTOMERS = """customer_id,name,plan,region
c-1,[/],pro,EMEA
c-2,شركة النور,basic,شرق
c-3,[@click=app.quit]x[/],pro,EMEA
c-4,پارس‌داده,team,APAC
"""
SUBSCRIPTIONS = """subscription_id,customer_id,started_at,amount,interval,currency,ended_at
s-1,c-1,2026-07-05,100,month,USD,
s-2,c-2,2026-08-05,40,month,USD,2026-10-12
s-3,c-3,2026-08-02,1200,year,USD,
s-4,c-4,2026-09-09,250,month,USD,
"""
BROKEN = SUBSCRIPTIONS + 's-5,c-4,2026-10-10,"12,3,4",month,USD,\n'
UNKNOWN = "who,when,how much\nc-1,2026-07-05,100\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of exports, and the current one."""
    here = tmp_path / "exports"
    here.mkdir()
    files = {"customers.csv": CUSTOMERS, "subs.csv": SUBSCRIPTIONS, "broken.csv": BROKEN, "unknown.csv": UNKNOWN}
    for name, text in files.items():
        (here / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A workspace with a name and without data."""
    from cstui.desk.settings import set_setting
    from cstui.desk.workspace import open_workspace

    path = tmp_path / "new.db"
    workspace = open_workspace(path, create=True)
    for name, value in (("currency", "USD"), ("timezone", "UTC"), ("company", "Acme [/] Cloud")):
        set_setting(workspace, name, value)
    workspace.close()
    return path


@pytest.fixture
def filled(new: Path, folder: Path) -> Path:
    """The same, with two files imported."""
    from cstui.base.days import parse_iso
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.importing import Job

    files = (str(folder / "customers.csv"), str(folder / "subs.csv"))
    job = Job(new, ImportRequest(files, day=parse_iso("2026-11-02"), at="2026-11-02T08:30:00Z"))
    job.preview()
    job.commit()
    job.close()
    return new


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample company."""
    return Path(shutil.copy(ROOT / "sample.db", tmp_path / "sample-copy.db"))
