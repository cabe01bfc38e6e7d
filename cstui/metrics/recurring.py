"""The family of recurring revenue: MRR, its movements, retention. Counted from movements; add-ons from payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period, iso, month_of, months
from cstui.metrics import foreign as f
from cstui.metrics import movements as m
from cstui.metrics import purchasing
from cstui.metrics.cells import Cells, Group, Moved, Purse, frame, major
from cstui.metrics.facts import Facts
from cstui.metrics.figure import MISSING_RATE, NO_DATA, Figure, Frame, figure, missing_rate, ratio
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.rates import Rates
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
    if facts.mode == REPEAT_PURCHASE:
        return purchasing.figures(facts, periods, movements)
    frames = [frame(facts, period, "subscriptions") for period in periods]
    cells: dict[Group, list[dict[str, Figure]]] = {
        group: [_cell(one, part, facts.rates) for one, part in zip(frames, parts, strict=True)] for group, parts in movements.items()
    }
    if "mrr_scheduled_churn" in wanted:
        leaving = scheduled(facts)
        for group, own in cells.items():
            for one, cell in zip(frames, own, strict=True):
                cell["mrr_scheduled_churn"] = leaving[group].figure(one, facts)
    if "mrr_with_addons" in wanted:
        addons = one_off(facts, [_addon_window(period) for period in periods])
        for group, own in cells.items():
            for one, cell, part, extra in zip(frames, own, movements[group], addons[group], strict=True):
                cell["mrr_with_addons"] = _with_addons(one, cell["mrr"], _Valued(one, part, facts.rates), extra)
    return cells


def levels(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> dict[Group, list[Figure]]:
    """ARPC alone, by group and period."""
    if facts.mode == REPEAT_PURCHASE:
        return {group: [cell["arpc"] for cell in own] for group, own in purchasing.figures(facts, periods, movements).items()}
    frames = [frame(facts, period, "subscriptions") for period in periods]
    return {
        group: [
            _arpc(one, part, _Valued(one, part, facts.rates).money({f.END: 1}, part.end_n)) for one, part in zip(frames, parts, strict=True)
        ]
        for group, parts in movements.items()
    }


def _addon_window(period: Period) -> Period:
    """The three calendar months that end with the period's last month."""
    return months(month_of(period.last) - 2, 3)


class _Valued(NamedTuple):
    """One group's movements in one period, valued: levels at the rate of their day, movements at that of the start."""

    one: Frame
    part: Moved
    rates: Rates

    @property
    def currency(self) -> str:
        """The workspace's."""
        return self.rates.currency

    def own(self, index: int) -> int:
        """Money under an index that is in the workspace's currency, mixed customers' share included. Minor × SCALE."""
        return self.pure(index) + self.part.mixed(index, self.currency)

    def pure(self, index: int) -> int:
        """As `own`, of those who have no other currency."""
        own = self.part.own
        return {
            m.NEW: own.new,
            m.EXPANSION: own.expansion,
            m.CONTRACTION: own.contraction,
            m.CHURNED: own.churned,
            m.REACTIVATION: own.reactivation,
            f.START: own.start,
            f.END: own.end,
        }[index]

    def day(self, index: int) -> int:
        """The day of the rate: the end for the end's level, the day before the period for everything else."""
        return self.one.end if index == f.END else self.one.period.start - 1

    def rate(self, code: str, index: int) -> Fraction | None:
        """The rate that values money under an index."""
        return self.rates.on(code, self.day(index))

    def lacking(self, indexes: Iterable[int]) -> dict[str, int]:
        """The currencies of the money under some indexes that have no rate, each with the day of it."""
        found: dict[str, int] = {}
        for index in indexes:
            for code, _ in self.part.elsewhere(index, self.currency):
                if self.rate(code, index) is None:
                    found.setdefault(code, self.day(index))
        return found

    def worth(self, weights: Mapping[int, int]) -> Fraction | None:
        """Major units of the sum of index × weight; None where a rate is missing."""
        total = major(sum(self.own(i) * weight for i, weight in weights.items()), self.currency)
        for index, weight in weights.items():
            for code, amount in self.part.elsewhere(index, self.currency):
                rate = self.rate(code, index)
                if rate is None:
                    return None
                total += weight * rate * major(amount, code)
        return total

    def missing(self, weights: Mapping[int, int], n: int) -> Figure:
        """What to say where a rate is missing."""
        own = sum(self.pure(i) * weight for i, weight in weights.items())
        sums = self.part.subtotals(own, weights, self.currency)
        sums = sums or {self.currency: major(sum(self.own(i) * w for i, w in weights.items()), self.currency)}
        return missing_rate(sums, n, self.currency, self.lacking(weights) or self.lacking(_ALL_MOVES))

    def held(self, index: int) -> dict[str, Fraction]:
        """The money under an index by currency, each in its own major units; without those that hold none."""
        own = major(self.own(index), self.currency)
        found = {code: major(amount, code) for code, amount in self.part.elsewhere(index, self.currency)}
        return found | ({self.currency: own} if own else {})

    def money(self, weights: Mapping[int, int], n: int) -> Figure:
        """Money that sums movements and levels, each times its weight; or what is missing to sum it."""
        worth = self.worth(weights)
        return self.missing(weights, n) if worth is None else figure(self.one, worth, n=n)

    def effect(self) -> Figure:
        """What rates did: the end's level at the rate of the end, less the same at that of the start."""
        total, n, eve = Fraction(0), self.part.end_n, self.day(f.START)
        lacking = self.lacking((f.START, f.END))
        for code, amount in self.part.elsewhere(f.END, self.currency):
            now, before = self.rate(code, f.END), self.rate(code, f.START)
            if before is None:
                lacking.setdefault(code, eve)
            elif now is not None:
                total += (now - before) * major(amount, code)
        return missing_rate({}, n, self.currency, lacking) if lacking else figure(self.one, total, n=n)

    def undecided(self, index: int) -> bool:
        """Somebody has more in one currency and less in another: up or down needs a rate that is missing."""
        return self.part.foreign is not None and self.part.foreign.undecided > 0 and index in (m.EXPANSION, m.CONTRACTION)


def _cell(one: Frame, part: Moved, rates: Rates) -> dict[str, Figure]:
    own, valued = part.own, _Valued(one, part, rates)
    mrr = valued.money({f.END: 1}, part.end_n)
    cell = {"mrr": mrr, "arr": _times(mrr, 12), "mrr_fx": valued.effect(), "arpc": _arpc(one, part, mrr)}
    for name, (count, amount) in _MOVES.items():
        n = part.count(count, (own.new_n, own.expanded_n, own.contracted_n, own.churned_n, own.returned_n)[_ALL_MOVES.index(amount)])
        cell[name] = valued.missing({amount: 1}, n) if valued.undecided(amount) else valued.money({amount: 1}, n)
    moved_n = sum(figure.n or 0 for name, figure in cell.items() if name in _MOVES)
    cell["mrr_net_new"] = valued.money({f.START: -1, f.END: 1}, moved_n)
    return cell | _retention(valued, moved_n)


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


def _retention(valued: _Valued, moved_n: int) -> dict[str, Figure]:
    """Retention and quick ratio: without what rates did, which is its own row."""
    one, part = valued.one, valued.part
    start = valued.worth({f.START: 1})
    lost = valued.worth(dict.fromkeys(_LOST, 1))
    more = valued.worth({m.EXPANSION: 1})
    names = ("grr", "nrr", "revenue_churn_rate")
    if start is None or lost is None or more is None or valued.undecided(m.EXPANSION):
        found = {name: valued.missing({f.START: 1}, part.start_n) for name in names}
    else:
        gross = {"gross": lost / start, "net": (lost - more) / start} if start else None
        found = {
            name: ratio(
                one,
                top,
                start,
                n=part.start_n,
                floor=METRICS[name].floor,
                base=f"no MRR on {iso(one.period.start - 1)}",
                parts=gross if name == "revenue_churn_rate" else None,
            )
            for name, top in zip(names, (start - lost, start - lost + more, lost), strict=True)
        }
    gained = valued.worth(dict.fromkeys((m.NEW, m.EXPANSION, m.REACTIVATION), 1))
    found["quick_ratio"] = (
        valued.missing(dict.fromkeys(_ALL_MOVES, 1), moved_n)
        if gained is None or lost is None or valued.undecided(m.EXPANSION)
        else ratio(one, gained, lost, n=moved_n, floor=0, base="no MRR was lost in the period")
    )
    return found


def _with_addons(one: Frame, mrr: Figure, valued: _Valued, extra: tuple[Figure, Purse]) -> Figure:
    """MRR and a third of three months' one-off revenue; what is missing in either is missing in it."""
    addons, purse = extra
    if MISSING_RATE in (mrr.status, addons.status):
        total = dict(valued.held(f.END))
        for code, amount in purse.subtotals.items():
            if amount:
                total[code] = total.get(code, Fraction(0)) + amount / 3
        return missing_rate(total, mrr.n, purse.currency, valued.lacking((f.END,)) | purse.lacking)
    if mrr.value is None or addons.value is None:
        return Figure(None, NO_DATA, mrr.reason if mrr.value is None else addons.reason)
    return figure(one, mrr.value + addons.value / 3, n=mrr.n, parts={"mrr": mrr.value, "one_off": addons.value / 3})
