"""The family of recurring revenue: MRR, its movements, retention. Counted from movements; add-ons from payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction

from cstui.base.days import Period, iso, month_of, months
from cstui.metrics import foreign as f
from cstui.metrics import movements as m
from cstui.metrics.cells import Cells, Group, Moved, frame, major
from cstui.metrics.facts import Facts
from cstui.metrics.figure import MISSING_RATE, NO_DATA, Figure, Frame, figure, missing_rate, ratio
from cstui.metrics.registry import METRICS
from cstui.metrics.revenue import one_off
from cstui.metrics.scheduled import scheduled

_MOVES = {  # metric: (count index, amount index)
    "mrr_new": (m.NEW_N, m.NEW),
    "mrr_expansion": (m.EXPANDED_N, m.EXPANSION),
    "mrr_contraction": (m.CONTRACTED_N, m.CONTRACTION),
    "mrr_churned": (m.CHURNED_N, m.CHURNED),
    "mrr_reactivation": (m.RETURNED_N, m.REACTIVATION),
}
_ALL_MOVES = tuple(amount for _, amount in _MOVES.values())
_LOST = (m.CONTRACTION, m.CHURNED)


def figures(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period; scheduled churn and add-ons, which read more facts, only where `wanted`."""
    frames = [frame(facts, period, "subscriptions") for period in periods]
    cells: dict[Group, list[dict[str, Figure]]] = {
        group: [_cell(one, part, facts.currency) for one, part in zip(frames, parts, strict=True)] for group, parts in movements.items()
    }
    if "mrr_scheduled_churn" in wanted:
        leaving = scheduled(facts)
        for group, own in cells.items():
            for one, cell in zip(frames, own, strict=True):
                cell["mrr_scheduled_churn"] = leaving[group].figure(one, facts)
    if "mrr_with_addons" in wanted:
        addons = one_off(facts, [_addon_window(period) for period in periods])
        for group, own in cells.items():
            for one, cell, extra in zip(frames, own, addons[group], strict=True):
                cell["mrr_with_addons"] = _with_addons(one, cell["mrr"], extra, facts.currency)
    return cells


def _addon_window(period: Period) -> Period:
    """The three calendar months that end with the period's last month."""
    return months(month_of(period.last) - 2, 3)


def _cell(one: Frame, part: Moved, currency: str) -> dict[str, Figure]:
    own = part.own
    mrr = _mrr(one, part, currency)
    cell = {
        "mrr": mrr,
        "arr": _times(mrr, 12),
        "mrr_fx": _money(one, part, {f.START: 0, f.END: 0}, currency, part.end_n),
        "arpc": _arpc(one, part, mrr),
    }
    for name, (count, amount) in _MOVES.items():
        n = part.count(count, (own.new_n, own.expanded_n, own.contracted_n, own.churned_n, own.returned_n)[_ALL_MOVES.index(amount)])
        undecided = part.foreign is not None and part.foreign.undecided and amount in (m.EXPANSION, m.CONTRACTION)
        cell[name] = _undecided(part, amount, currency, n) if undecided else _money(one, part, {amount: 1}, currency, n)
    moved_n = sum(figure.n or 0 for name, figure in cell.items() if name in _MOVES)
    cell["mrr_net_new"] = _money(one, part, {f.START: -1, f.END: 1}, currency, moved_n)
    return cell | _retention(one, part, currency, moved_n)


def _own(part: Moved, index: int, currency: str) -> int:
    """Money under a movement's index in the workspace's currency, mixed customers' share included."""
    own = part.own
    amounts = {
        m.NEW: own.new,
        m.EXPANSION: own.expansion,
        m.CONTRACTION: own.contraction,
        m.CHURNED: own.churned,
        m.REACTIVATION: own.reactivation,
        f.START: own.start,
        f.END: own.end,
    }
    return part.amount(amounts[index], index, currency)


def _money(one: Frame, part: Moved, weights: Mapping[int, int], currency: str, n: int) -> Figure:
    """Money that sums movements and levels, each times its weight; or what is missing to sum it."""
    amount = sum(_own(part, i, currency) * weight for i, weight in weights.items())
    own = amount - sum(_mixed(part, i, currency) * weight for i, weight in weights.items())
    subtotals = part.subtotals(own, weights, currency)
    return figure(one, major(amount, currency), n=n) if subtotals is None else missing_rate(subtotals, n, currency)


def _undecided(part: Moved, amount: int, currency: str, n: int) -> Figure:
    """Somebody has more in one currency and less in another: up or down needs the rate."""
    sums = part.subtotals(_own(part, amount, currency) - _mixed(part, amount, currency), {amount: 1}, currency)
    return missing_rate(sums or {currency: major(_own(part, amount, currency), currency)}, n, currency)


def _mixed(part: Moved, index: int, currency: str) -> int:
    """What customers of several currencies have in the workspace's."""
    held = part.foreign.money.get(currency) if part.foreign else None
    return held[index] if held else 0


def _mrr(one: Frame, part: Moved, currency: str) -> Figure:
    return _money(one, part, {f.END: 1}, currency, part.end_n)


def _times(mrr: Figure, factor: int) -> Figure:
    value = None if mrr.value is None else mrr.value * factor
    by_currency = _by_currency(mrr)
    parts = {"by_currency": {code: amount * factor for code, amount in by_currency.items()}} if by_currency else mrr.parts
    return Figure(value, mrr.status, mrr.reason, n=mrr.n, parts=parts)


def _by_currency(figure: Figure) -> dict[str, Fraction]:
    """A figure's subtotals by currency; empty where it has none."""
    found = (figure.parts or {}).get("by_currency")
    return {code: amount for code, amount in found.items() if isinstance(amount, Fraction)} if isinstance(found, Mapping) else {}


def _arpc(one: Frame, part: Moved, mrr: Figure) -> Figure:
    if mrr.status == MISSING_RATE:
        return mrr
    active = part.end_n
    return ratio(one, mrr.value or 0, active, n=active, floor=0, base=f"nobody was active on {iso(one.end)}")


def _retention(one: Frame, part: Moved, currency: str, moved_n: int) -> dict[str, Figure]:
    start = _own(part, f.START, currency)
    lost = sum(_own(part, i, currency) for i in _LOST)
    kept, retained = start - lost, start - lost + _own(part, m.EXPANSION, currency)
    subtotals = part.subtotals(0, dict.fromkeys((f.START, m.EXPANSION, *_LOST), 1), currency)
    names = ("grr", "nrr", "revenue_churn_rate")
    if subtotals is not None:
        by_start = part.subtotals(part.own.start, {f.START: 1}, currency) or {}
        found = {name: missing_rate(by_start, part.start_n, currency) for name in names}
    else:
        base = f"no MRR on {iso(one.period.start - 1)}"
        gross = {"gross": Fraction(lost, start), "net": Fraction(start - retained, start)} if start else None
        tops = (kept, retained, lost)
        found = {
            name: ratio(
                one,
                major(top, currency),
                major(start, currency),
                n=part.start_n,
                floor=METRICS[name].floor,
                base=base,
                parts=gross if name == "revenue_churn_rate" else None,
            )
            for name, top in zip(names, tops, strict=True)
        }
    moves = part.subtotals(0, dict.fromkeys(_ALL_MOVES, 1), currency)
    gained = sum(_own(part, i, currency) for i in (m.NEW, m.EXPANSION, m.REACTIVATION))
    found["quick_ratio"] = (
        missing_rate(moves, moved_n, currency)
        if moves is not None
        else ratio(one, major(gained, currency), major(lost, currency), n=moved_n, floor=0, base="no MRR was lost in the period")
    )
    return found


def _with_addons(one: Frame, mrr: Figure, addons: Figure, currency: str) -> Figure:
    """MRR and a third of the one-off revenue of three months; what is missing in either is missing in it."""
    if MISSING_RATE in (mrr.status, addons.status):
        sums = _by_currency(mrr) or ({currency: mrr.value} if mrr.value else {})
        extra = _by_currency(addons) or ({currency: addons.value} if addons.value else {})
        total = {code: sums.get(code, Fraction(0)) + extra.get(code, Fraction(0)) / 3 for code in sums.keys() | extra.keys()}
        return missing_rate(total, mrr.n, currency)
    if mrr.value is None or addons.value is None:
        return Figure(None, NO_DATA, mrr.reason if mrr.value is None else addons.reason)
    return figure(one, mrr.value + addons.value / 3, n=mrr.n, parts={"mrr": mrr.value, "one_off": addons.value / 3})
