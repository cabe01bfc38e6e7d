"""A desk without a workspace file: snapshots made here, so that a screen can be shown any state it may meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.ask import View
from cstui.base.days import month_of, months, to_day
from cstui.base.errors import CstuiError
from cstui.desk.changes import Changes
from cstui.desk.importing import ImportEntry
from cstui.desk.overview import Card, Move, Overview, Segment, Trend
from cstui.ui.doors import Desk

if TYPE_CHECKING:
    from cstui.desk.workspace import Workspace

TODAY = date(2026, 11, 21)
Series = tuple[Fraction | None, ...]
AS_OF = to_day(date(2026, 10, 31))
MRR = tuple(Fraction(value) for value in (
    96_400, 99_100, 103_250, 107_800, 111_300, 114_900, 119_450, 118_200, 121_700, 126_300, 131_900, 136_250,
    139_800, 143_100, 141_600, 140_250, 144_900, 149_800, 155_400, 161_250, 166_900, 173_300, 179_206, 182_410,
))  # fmt: skip


def _series(first: int, last: int, wave: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(first + (last - first) * i // 23 + (i * 7 % 5 - 2) * wave) for i in range(24))


def _card(metric: str, label: str, unit: str, value: Fraction | None, previous: Fraction | None, series: Series, **more: object) -> Card:
    plain = Card(metric, label, unit, "higher", value, "ok", None, previous, None, None, None, series)
    return plain._replace(**more)  # type: ignore[arg-type]  # fields by name


def cards() -> tuple[Card, ...]:
    """Six cards: rises, a fall for the better, a small sample, an unknown."""
    churn, kept = _series(29, 19, 2), _series(990, 1038, 6)
    unknown = (None,) * 20 + tuple(map(Fraction, (2, 3, 4))) + (None,)
    why = "nothing was lost in Oct 2026, so there is nothing to divide by"
    rates = [tuple(value / 1000 for value in values) for values in (churn, kept)]
    lost = {"better": "lower", "numerator": Fraction(8), "denominator": Fraction(421), "n": 421}
    stayed = {"numerator": Fraction(186_016), "denominator": Fraction(179_206), "n": 406}
    return (
        _card("mrr", "MRR", "money", MRR[-1], MRR[-2], MRR, n=412),
        _card("customers_active", "Customers", "count", Fraction(412), Fraction(406), _series(230, 412, 3), n=412),
        _card("customer_churn_rate", "Customer churn", "ratio", Fraction(8, 421), Fraction(97, 4210), rates[0], **lost),
        _card("nrr", "Net revenue retention", "ratio", Fraction(1038, 1000), Fraction(1027, 1000), rates[1], **stayed),
        _card("arpc", "MRR per customer", "money", MRR[-1] / 412, MRR[-2] / 406, _series(380, 442, 4), status="small_sample", n=12),
        _card("quick_ratio", "Quick ratio", "ratio", None, None, unknown, status="zero_base", reason=why),
    )


def overview(view: View | None = None) -> Overview:
    """October 2026 of Acme Cloud."""
    view = view or View()
    period = view.choice.resolve(AS_OF)[-1]
    last = month_of(AS_OF)
    periods = tuple(months(last - 23 + i) for i in range(24))
    moves = (
        Move("start", "mrr", None, Fraction(179_206)),
        Move("new", "mrr_new", 9, Fraction(5_130)),
        Move("expansion", "mrr_expansion", 14, Fraction(2_870)),
        Move("returned", "mrr_reactivation", 2, Fraction(410)),
        Move("contraction", "mrr_contraction", 6, Fraction(-980)),
        Move("churned", "mrr_churned", 8, Fraction(-4_226)),
        Move("end", "mrr", 412, Fraction(182_410)),
    )
    return Overview(
        revision=7, workspace="Acme Cloud", currency="USD", as_of=AS_OF, age_days=21, period=period, complete=True, where=view.where,
        cards=cards(), trend=Trend("mrr", "MRR", "money", periods, MRR, (True,) * 24), moves=moves,
        scheduled=Move("scheduled churn", "mrr_scheduled_churn", 3, Fraction(1_240)),
    )  # fmt: skip


_LAST = months(month_of(AS_OF))
_NOTHING = Move("scheduled churn", "mrr_scheduled_churn", None, None)
EMPTY = Overview(0, "workspace", "USD", None, 0, _LAST, False, (), (), Trend("mrr", "MRR", "money", (), (), ()), (), _NOTHING)


@dataclass
class FakeWorkspace:
    """What the app asks of a workspace, without a file."""

    path: Path
    settings: dict[str, str] = field(default_factory=lambda: {"company": "Acme Cloud", "currency": "USD"})
    now: int = 7

    def revision(self) -> int:
        return self.now

    def setting(self, name: str) -> str | None:
        return self.settings.get(name)

    def set_setting(self, name: str, value: str) -> None:
        self.settings[name] = value

    def close(self) -> None:
        """Nothing to close."""


class FakeDesk(Desk):
    """Answers from this module; `error` fails every question."""

    def __init__(self, shown: Overview | None = None, error: CstuiError | None = None) -> None:
        self.shown = shown
        self.error = error
        self.views: list[View] = []

    def open(self, path: Path, *, create: bool = False) -> Workspace:
        if self.error is not None:
            raise self.error
        return FakeWorkspace(path)  # type: ignore[return-value]  # a stand-in for the file

    def let_go(self, workspace: Workspace, today: date) -> None:
        """Nothing is kept."""

    def overview(self, workspace: Workspace, view: View, today: date) -> Overview:
        self.views.append(view)
        return self.shown or overview(view)

    def changes(self, workspace: Workspace) -> Changes:
        return Changes(1, "USD", None, None, None, (), (), ())

    def looked(self, workspace: Workspace, at: int | None = None) -> None:
        """Nothing is kept."""

    def definition(self, metric: str) -> str:
        return f"What {metric} means, in words."

    def log(self, workspace: Workspace) -> tuple[ImportEntry, ...]:
        return ()

    def segments(self, workspace: Workspace) -> tuple[Segment, ...]:
        return (Segment("plan", ("basic", "pro", "team")), Segment("region", ("APAC", "EMEA", "شرق", "[/]")))
