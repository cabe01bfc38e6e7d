"""The family of the funnel: what visits come to. Counted from traffic, which has no customers: only a channel can narrow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from cstui.base.days import Period, iso
from cstui.metrics.cells import Cells, Group, Total, frame
from cstui.metrics.facts import Facts, TrafficRow
from cstui.metrics.figure import Figure, Frame, not_filterable, ratio
from cstui.metrics.registry import METRICS
from cstui.metrics.rows import Asked, Evidence


def figures(facts: Facts, periods: Sequence[Period]) -> Cells:
    """The family's figures by group and period."""
    frames = [frame(facts, period, "traffic") for period in periods]
    rows = [] if facts.beyond_channel else counted(facts.traffic(Period(min(p.start for p in periods), max(p.end for p in periods))))
    groups: tuple[Group, ...] = (*facts.groups(), Total.ALL) if facts.grouped else (Total.ALL,)
    return {group: [{"goal_conversion_rate": _rate(facts, one, group, rows)} for one in frames] for group in groups}


def counted(rows: Iterable[TrafficRow]) -> list[TrafficRow]:
    """Rows that name both visits and conversions: the others say nothing of a share."""
    return [row for row in rows if row.visits is not None and row.conversions is not None]


def _rate(facts: Facts, one: Frame, group: Group, rows: Sequence[TrafficRow]) -> Figure:
    if facts.beyond_channel or (group is not Total.ALL and not facts.by_channel):
        return not_filterable("traffic")
    by_channel: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.day in one.period and (group is Total.ALL or row.channel == (group or "")):
            conversions, visits = by_channel.get(row.channel, (0, 0))
            by_channel[row.channel] = conversions + (row.conversions or 0), visits + (row.visits or 0)
    conversions, visits = (sum(pair[i] for pair in by_channel.values()) for i in (0, 1))
    shares = {channel: Fraction(top, bottom) if bottom else None for channel, (top, bottom) in sorted(by_channel.items())}
    floor = METRICS["goal_conversion_rate"].floor
    return ratio(one, conversions, visits, n=visits, floor=floor, base="no visits in the period", parts={"by_channel": shares})


def rows(asked: Asked) -> Iterator[Evidence]:
    """The rows of `goal_conversion_rate`."""
    for row in counted(asked.facts.traffic(asked.period)):
        note, under = f"{row.channel} {iso(row.day)}".strip(), row.channel or "no channel"
        yield Evidence("traffic", row.id, None, Fraction(row.conversions or 0), Fraction(row.visits or 0), note, under)
