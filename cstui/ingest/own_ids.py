"""Ids with something put around them, where two files count ids of their own: `--set payment_id=shop-*` makes 17 `shop-17`.

Works on plans; reads no row.
"""

from __future__ import annotations

from dataclasses import replace

from cstui.base.errors import UsageError
from cstui.base.records import Type
from cstui.ingest.derivation import Derivation, Made, Second
from cstui.ingest.headers import Plan
from cstui.ingest.resolving import Resolved
from cstui.ingest.source import At, Call, Text

STAR = "*"
"""Stands for the id that the file has."""


def with_own_ids(plan: Plan) -> Plan:
    """The plan with each id that a constant puts something around made so. Raises UsageError where there is no id to put it around."""
    for name, text in plan.constants.items():
        if STAR in text and plan.record.field(name).type is Type.ID:
            plan = _around(plan, name, text)
    return plan


def _around(plan: Plan, name: str, text: str) -> Plan:
    if name not in plan.fields:
        raise UsageError(f"--set {name}={text}: no column of the file is its {name}, so there is nothing for {STAR} to stand for.")
    index = plan.fields[name]
    base = plan.derivation or Derivation(len(plan.header))
    made = base.made[index - base.width] if index >= base.width else None
    origin = plan.origin(index)
    wrapped = Made(
        name, plan.header[index], _wrapped(At(index) if made is None else made.expr, text), origin if origin < base.width else None
    )
    second = base.second
    if second is not None:
        own = second.made[index - base.width] if made is not None else None
        again = None if own is None else replace(wrapped, expr=_wrapped(own.expr, text))
        second = Second(second.over, (*second.made, again))
    return replace(
        plan,
        header=(*plan.header, plan.header[index]),
        fields={**plan.fields, name: len(plan.header)},
        constants={key: value for key, value in plan.constants.items() if key != name},
        derivation=replace(base, made=(*base.made, wrapped), second=second),
    )


def _wrapped(expr: Resolved, text: str) -> Resolved:
    """An id that is there, with what stands around the first star; none where there is none."""
    before, _, after = text.partition(STAR)
    whole = Call("join", (Text(before), expr, Text(after)), {"with": ""})
    return Call("when", (expr,), {"is": ("",), "then": Text(""), "else": whole})
