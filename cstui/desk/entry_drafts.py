"""Contacts, notes and annotations that were begun and not kept: what each line holds, by what it is and whom it is about.

A draft changes no figure and no revision. Knows no form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from cstui.base.text import fold_key
from cstui.store import drafts
from cstui.store.workspace import Workspace

BY = "entry.by"
"""The setting that holds who wrote the last contact or note."""


def name_of(kind: str, customer_id: str = "") -> str:
    """What a draft is kept under; forgetting a customer drops those that end in their folded id."""
    return f"{kind}/{fold_key(customer_id)}"


def begun(ws: Workspace, name: str) -> Mapping[str, str]:
    """The lines of a draft, by name; empty where there is none."""
    with ws.read() as db:
        text = drafts.draft(db, name)
    found = json.loads(text or "{}")
    return {str(line): str(value) for line, value in found.items()} if isinstance(found, dict) else {}


def keep(ws: Workspace, name: str, lines: Mapping[str, str]) -> None:
    """Keep a draft, or with no lines drop it."""
    with ws.write() as db:
        drafts.save(db, name, json.dumps(dict(lines), ensure_ascii=False) if lines else None)


def last_writer(ws: Workspace) -> str:
    """Who wrote the last contact or note here; blank where nobody was named."""
    return ws.setting(BY) or ""
