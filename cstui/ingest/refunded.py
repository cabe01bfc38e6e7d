"""Payments whose status says that they were refunded: a row that gave money back is a refund, any other a payment and its refund.

Takes the accepted rows of a block by column. Knows no file; the word is one of `base.synonyms`.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import cast

from cstui.base.records import Kind
from cstui.base.synonyms import REFUND_SUFFIX, REFUNDED
from cstui.ingest.headers import Plan
from cstui.ingest.typed import Checked


def told_by_status(plan: Plan) -> AbstractSet[str]:
    """The field that a payment's status tells too."""
    return {"kind"} if plan.record.kind is Kind.PAYMENTS and "status" in plan.fields.keys() | plan.constants.keys() else set()


def given_back(found: Checked, plan: Plan) -> Checked:
    """The accepted rows with every refund as a row of its own, on the payment's line and day: the file names no other."""
    if not told_by_status(plan) or REFUNDED not in found.columns.get("status", []):
        return found
    names = list(found.columns)
    status, kind, amount, own = (names.index(name) for name in ("status", "kind", "amount", "payment_id"))
    rows: list[list[object]] = []
    lines: list[int] = []
    for line, row in zip(found.lines, map(list, zip(*found.columns.values(), strict=True)), strict=True):
        rows.append(row)
        lines.append(line)
        if row[status] != REFUNDED:
            continue
        row[status] = "paid"
        if cast("int", row[amount]) < 0 or row[kind] == "refund":
            row[kind] = "refund"
            continue
        again = list(row)
        again[own], again[kind] = f"{row[own]}{REFUND_SUFFIX}", "refund"
        rows.append(again)
        lines.append(line)
    found.read += len(lines) - len(found.lines)
    found.lines, found.columns = lines, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return found
