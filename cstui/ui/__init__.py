"""The only Textual code."""

from __future__ import annotations

from cstui.ui import lean

lean.load()
