"""A small company that shows every signal of risk, some of its names hostile. Made through the import, as a person would."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from cstui.desk.settings import set_setting
from cstui.desk.workspace import open_workspace
from tests.unit.store.import_calls import bring

END = date(2026, 10, 31)

CUSTOMERS = """customer_id,name,owner,segment,created_at
c-1,شركة النور,Sara,smb,2025-01-01
c-2,[/],Omid,smb,2025-01-01
c-3,[@click=app.quit]x[/],Sara,mid,2025-01-01
c-4,پارس‌داده,,mid,2025-01-01
c-5,Quiet Ltd,Omid,smb,2025-01-01
c-6,\x1b]52;c;eA==\x07Kestrel,Omid,mid,2025-01-01
c-7,Fine Works,Sara,smb,2025-01-01
c-8,New Here,Sara,smb,2026-10-20
"""
SUBSCRIPTIONS = """subscription_id,customer_id,started_at,amount,interval,currency,cancel_requested_at,ended_at,current_period_end
s-1,c-1,2025-01-20,490,month,USD,,,
s-2,c-2,2025-01-20,100,month,USD,2026-10-10,,2026-11-20
s-3,c-3,2025-11-20,1200,year,USD,,,2026-11-20
s-4,c-4,2025-01-20,200,month,USD,,2026-09-15,
s-4b,c-4,2026-09-15,80,month,USD,,,
s-5,c-5,2025-01-20,60,month,USD,,,
s-6,c-6,2025-01-20,300,month,USD,,,
s-7,c-7,2025-01-20,90,month,USD,,,
s-8,c-8,2026-10-20,40,month,USD,,,
"""
PAYMENTS = """payment_id,customer_id,amount,currency,kind,status,paid_at,due_at
p-1,c-6,300,USD,recurring,failed,,2026-10-05
p-2,c-6,300,USD,recurring,open,,2026-09-05
p-3,c-7,90,USD,recurring,failed,,2026-10-05
p-4,c-7,90,USD,recurring,paid,2026-10-08,2026-10-05
p-5,c-1,490,USD,recurring,paid,2026-10-30,2026-10-30
"""
INTERACTIONS = """interaction_id,customer_id,at,channel,direction,kind,subject,status,resolved_at,reopens
i-1,c-1,2026-09-01,email,out,check-in,hello,,,
i-2,c-3,2026-10-03,chat,in,ticket,export fails,open,,
i-3,c-3,2026-10-10,chat,in,ticket,[/] again,solved,2026-10-14,2
i-4,c-3,2026-10-18,chat,in,ticket,and again,solved,2026-10-19,0
i-5,c-5,2026-02-01,phone,out,check-in,,,,
i-6,c-7,2026-10-30,phone,out,check-in,,,,
i-7,c-2,2026-10-20,phone,out,check-in,,,,
i-8,c-4,2026-10-21,phone,out,check-in,,,,
"""
SURVEYS = """customer_id,answered_at,kind,score,scale,respondent,comment
c-1,2026-10-12,nps,3,0-10,a,بطيء جدا
c-7,2026-10-12,nps,10,0-10,b,
c-3,2026-10-15,csat,2,1-5,c,
c-3,2026-10-15,ces,2,1-7,c,
c-7,2026-10-15,csat,5,1-5,b,
c-7,2026-10-15,ces,7,1-7,b,
"""


def usage() -> str:
    """c-1 falls off, c-5 is gone since August, c-7 goes on; nobody else is ever there."""
    lines = ["customer_id,date,user_id,sessions"]
    for back in range(130):
        day = END - timedelta(days=back)
        if day.weekday() < 5 and (back > 27 or back % 9 == 0):
            lines.append(f"c-1,{day},u1,2")
        if day.weekday() < 5 and back > 70:
            lines.append(f"c-5,{day},u5,1")
        if day.weekday() < 5:
            lines.append(f"c-7,{day},u7,3")
    return "\n".join(lines) + "\n"


def make(path: Path, *contents: str) -> Path:
    """A workspace with these files in it; with none, the whole company."""
    workspace = open_workspace(path, create=True)
    for name, value in (("currency", "USD"), ("timezone", "UTC"), ("company", "Acme [/] Cloud")):
        set_setting(workspace, name, value)
    workspace.close()
    bring(path, *(contents or (CUSTOMERS, SUBSCRIPTIONS, PAYMENTS, INTERACTIONS, SURVEYS, usage())))
    return path
