"""A customer's life line, drawn in a thread like every chart. Knows no customer: it is given the line and how to write its axis."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.text import Text
from textual.worker import get_current_worker

from cstui.ui.charts import Series
from cstui.ui.life_chart import life_chart
from cstui.ui.widgets.chart import Axis, Chart

if TYPE_CHECKING:
    from cstui.desk.customer_trend import LifeLine
    from cstui.ui.theme import Ink


class LifeChart(Chart):
    """MRR, active days, scores and events over the months."""

    _life: LifeLine | None = None

    def show_life(self, title: Text, life: LifeLine, axis: Axis) -> None:
        """Draw this from now on."""
        self._life = life
        self.show(title, Series(life.mrr, tuple(map(str, life.months)), True, 0, ""), axis)

    @property
    def _wanted(self) -> tuple[object, ...]:
        return (self._life, *super()._wanted)

    def _work(self, request: int, series: Series, size: tuple[int, int], axis: Axis, ink: Ink) -> None:
        worker = get_current_worker()
        if self._life is None:
            return
        text = life_chart(self._life, size, axis, ink)
        if not worker.is_cancelled:
            self.post_message(self.Drawn(request, text))


def money_axis(currency: str) -> Axis:
    """How amounts are written beside the chart."""
    from cstui.base import formatting as fmt

    def written(value: Fraction) -> str:
        return fmt.axis(value, "money", currency)

    return written
