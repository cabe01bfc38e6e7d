"""A small company whose customers have answered: two detractors, one of them called since, and a promoter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cstui.base.days import parse_iso
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job
from cstui.desk.settings import set_setting
from cstui.desk.workspace import open_workspace
from tests.pilot.conftest import CUSTOMERS, SUBSCRIPTIONS

if TYPE_CHECKING:
    from pathlib import Path

SURVEYS = """customer_id,answered_at,kind,score,scale,response_id,respondent,touchpoint,comment
c-1,2026-10-03,nps,2,0-10,r1,Ann,,Too slow [/]
c-2,2026-10-04,nps,10,0-10,r2,سارا,,پشتیبانی عالی
c-4,2026-10-05,nps,3,0-10,r3,,,دیر جواب دادید
c-1,2026-10-06,csat,4,1-5,r4,,support,
c-2,2026-10-07,csat,2,1-5,r5,,checkout,
c-2,2026-10-07,ces,6,1-7,r6,,support,
"""
INTERACTIONS = "interaction_id,customer_id,at,channel,direction,kind\ni-1,c-4,2026-10-09,phone,out,call\n"


def company(path: Path) -> Path:
    """Make it at `path`."""
    workspace = open_workspace(path, create=True)
    for name, value in (("currency", "USD"), ("timezone", "UTC"), ("company", "Acme [/] Cloud")):
        set_setting(workspace, name, value)
    workspace.close()
    files = []
    for name, text in (("customers", CUSTOMERS), ("subs", SUBSCRIPTIONS), ("surveys", SURVEYS), ("interactions", INTERACTIONS)):
        file = path.with_name(f"{name}.csv")
        file.write_text(text, encoding="utf-8")
        files.append(str(file))
    job = Job(path, ImportRequest(tuple(files), day=parse_iso("2026-11-03"), at="2026-11-03T08:30:00Z"))
    job.preview()
    job.commit()
    job.close()
    return path
