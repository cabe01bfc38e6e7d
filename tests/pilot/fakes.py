"""A desk without a workspace file: snapshots made here, so that a screen can be shown any state it may meet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.ask import View
from cstui.base.days import month_of, months, to_day
from cstui.base.errors import CstuiError
from cstui.desk.importing import ImportEntry
from cstui.desk.overview import Card, Move, Overview, Segment, Trend
from cstui.ui.doors import Desk

if TYPE_CHECKING:
    from cstui.desk.workspace import Workspace

TODAY = date(2026, 11, 21)
AS_OF = to_day(date(2026, 10, 31))
MRR = tuple(Fraction(value) for value in (
    96_400, 99_100, 103_250, 107_800, 111_300, 114_900, 119_450, 118_200, 121_700, 126_300, 131_900, 136_250,
    139_800, 143_100, 141_600, 140_250, 144_900, 149_800, 155_400, 161_250, 166_900, 173_300, 179_206, 182_410,
))  # fmt: skip


def _series(first: int, last: int, wave: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(first + (last - first) * i // 23 + (i * 7 % 5 - 2) * wave) for i in range(24))


def cards() -> tuple[Card, ...]:
    """Six cards: a rise, a fall for the better, a small sample, an unknown."""
    churn = tuple(value / 1000 for value in _series(29, 19, 2))
    return (
        Card("mrr", "MRR", "money", "higher", MRR[-1], "ok", None, MRR[-2], None, None, 412, MRR),
        Card("customers_active", "Customers", "count", "higher", Fraction(412), "ok", None, Fraction(406), Fraction(412), None, 412, _series(230, 412, 3)),
        Card("customer_churn_rate", "Customer churn", "ratio", "lower", Fraction(8, 421), "ok", None, Fraction(97, 4210), Fraction(8), Fraction(421), 421, churn),
        Card("nrr", "Net revenue retention", "ratio", "higher", Fraction(1038, 1000), "ok", None, Fraction(1027, 1000), Fraction(176_080), Fraction(179_206), 406, tuple(v / 1000 for v in _series(990, 1038, 6))),
        Card("arpc", "MRR per customer", "money", "higher", MRR[-1] / 412, "small_sample", "under 30 customers", MRR[-2] / 406, None, None, 12, _series(380, 442, 4)),
        Card("quick_ratio", "Quick ratio", "number", "higher", None, "zero_base", "nothing was lost in Oct 2026, so there is nothing to divide by", None, Fraction(8410), Fraction(0), None, (None,) * 20 + tuple(map(Fraction, (2, 3, 4))) + (None,)),
    )  # fmt: skip


def overview(view: View | None = None, **changes: Any) -> Overview:
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
    made = Overview(
        revision=7, workspace="Acme Cloud", currency="USD", as_of=AS_OF, age_days=21, period=period, complete=True, where=view.where,
        customers=640, cards=cards(), trend=Trend("mrr", "MRR", "money", periods, MRR, (True,) * 24), moves=moves,
        scheduled=Move("scheduled churn", "mrr_scheduled_churn", 3, Fraction(1_240)),
    )  # fmt: skip
    return replace(made, **changes)


EMPTY = Overview(
    revision=0, workspace="workspace", currency="USD", as_of=None, age_days=0, period=months(month_of(AS_OF)), complete=False, where=(),
    customers=0, cards=(), trend=Trend("mrr", "MRR", "money", (), (), ()), moves=(), scheduled=Move("scheduled churn", "mrr_scheduled_churn", None, None),
)  # fmt: skip


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

    def overview(self, workspace: Workspace, view: View, today: date) -> Overview:
        self.views.append(view)
        return self.shown or overview(view)

    def definition(self, metric: str) -> str:
        return f"What {metric} means, in words."

    def log(self, workspace: Workspace) -> tuple[ImportEntry, ...]:
        return ()

    def segments(self, workspace: Workspace) -> tuple[Segment, ...]:
        return (Segment("plan", ("basic", "pro", "team")), Segment("region", ("APAC", "EMEA", "شرق", "[/]")))
