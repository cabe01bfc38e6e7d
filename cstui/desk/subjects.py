"""What can be explained: any figure, of all customers or of one, CSAT at a touchpoint, the answers with a score, a cell of the cohort
table or of the calendar of what has been imported, a line of the journey, a risk list's total, our side of a reconciliation.

Each knows how it is explained. Frozen and cheap, so that a screen can hold one and ask again; the rooms are entered when one is explained.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from cstui.desk.overview import STAYED

if TYPE_CHECKING:
    from cstui.base.ask import View
    from cstui.desk.at_risk import Choice
    from cstui.desk.cohort_cell import CohortCell
    from cstui.desk.coverage_cell import CoverageCell
    from cstui.desk.explain import Explanation, Wanted
    from cstui.desk.journey_line import JourneyLine
    from cstui.desk.overview import Move
    from cstui.desk.reconcile_side import OurSide
    from cstui.desk.value import ValuePoint
    from cstui.desk.voices import AnswerPart
    from cstui.store.workspace import Workspace


class Subject(Protocol):
    """Something that can be explained."""

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """What is behind it. Raises CstuiError."""

    def part(self, explained: Explanation) -> Subject:
        """A part of it, of which an explanation without rows is at hand."""


class Undivided:
    """A subject that is made of rows alone."""

    __slots__ = ()

    def part(self, explained: Explanation) -> Subject:
        """It has none."""
        raise LookupError(explained.metric.id)


@dataclass(frozen=True, slots=True)
class FigureOf:
    """A metric in the last period of a view."""

    metric: str
    view: View
    year_before: bool = False
    """Held against the same period a year earlier."""
    supposing: tuple[tuple[str, str], ...] = ()
    """(switch, value) as if they were set."""

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """As `cstui explain`."""
        from cstui.desk.explain import explain

        wanted = replace(wanted, year_before=self.year_before)
        return explain(workspace, self.metric, self.view, today, wanted, dict(self.supposing))

    def part(self, explained: Explanation) -> Subject:
        """The part in the period that it is taken from."""
        return FigureOf(explained.metric.id, self.view.on(explained.period), self.year_before, self.supposing)


@dataclass(frozen=True, slots=True)
class NewStayedOf(Undivided):
    """The step of a shop's roll-forward that is new customers still there."""

    view: View
    year_before: bool = False

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """Its customers."""
        from cstui.desk.new_stayed import new_stayed

        return new_stayed(workspace, self.view, today, replace(wanted, year_before=self.year_before))


def step_of(move: Move, view: View, *, year_before: bool = False) -> Subject:
    """A step of a roll-forward in the last period of a view."""
    if move.label == STAYED:
        return NewStayedOf(view, year_before)
    return FigureOf(move.metric, view, year_before)


@dataclass(frozen=True, slots=True)
class OursOf(Undivided):
    """Our side of a month that another program's MRR is held against, of all customers or of one."""

    side: OurSide

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:  # noqa: ARG002  # the month is its own
        """What our amount is made of."""
        from cstui.desk.reconcile_side import our_side

        return our_side(workspace, self.side, wanted)


@dataclass(frozen=True, slots=True)
class CellOf(Undivided):
    """A cell of the cohort table."""

    cell: CohortCell
    view: View

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:  # noqa: ARG002  # a cell's month is its own
        """As `cstui cohorts --cell`."""
        from cstui.desk.cohort_cell import cohort_cell

        return cohort_cell(workspace, self.cell, self.view, wanted)


@dataclass(frozen=True, slots=True)
class CoverageOf:
    """What has been imported of a kind: in a month, or altogether."""

    cell: CoverageCell

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:  # noqa: ARG002  # a cell's month is its own
        """As `cstui coverage --cell`."""
        from cstui.desk.coverage_cell import coverage_cell

        return coverage_cell(workspace, self.cell, wanted)

    def part(self, explained: Explanation) -> Subject:
        """The month that it is taken from, or the rows without a day."""
        from cstui.desk.coverage_cell import part_of

        return CoverageOf(part_of(self.cell, explained))


@dataclass(frozen=True, slots=True)
class LineOf(Undivided):
    """A line of the journey of all customers."""

    line: JourneyLine
    view: View

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:  # noqa: ARG002  # the data's last day counts
        """As `cstui journey --line`."""
        from cstui.desk.journey_line import journey_line

        return journey_line(workspace, self.line, self.view, wanted)


@dataclass(frozen=True, slots=True)
class TouchpointOf(Undivided):
    """CSAT at one touchpoint."""

    touchpoint: str
    view: View

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """As `cstui explain csat --touchpoint`."""
        from cstui.desk.explain import explain_touchpoint

        return explain_touchpoint(workspace, self.touchpoint, self.view, today, wanted)


@dataclass(frozen=True, slots=True)
class AnswersOf(Undivided):
    """A part of what customers say: the answers with a score, of a band, on the easy side."""

    which: AnswerPart
    view: View

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """The answers, and who made them more or fewer."""
        from cstui.desk.answers_behind import answers_behind

        return answers_behind(workspace, self.which, self.view, today, wanted)


@dataclass(frozen=True, slots=True)
class DaysOf(Undivided):
    """The days of a month on which the customer that the view narrows to used the product."""

    view: View

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """Its users."""
        from cstui.desk.customer_days import active_days

        return active_days(workspace, self.view, today, wanted)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """A place of the value screen: what all are expected to bring, or a model against what happened."""

    point: ValuePoint
    view: View

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """What it rests on."""
        from cstui.desk.value_behind import value_behind

        return value_behind(workspace, self.point, self.view, today, wanted)

    def part(self, explained: Explanation) -> Subject:
        """The term that the share is a part of."""
        from cstui.desk.value_behind import part_of

        return ValueOf(part_of(self.point, explained), self.view)


@dataclass(frozen=True, slots=True)
class RiskTotalOf(Undivided):
    """MRR × risk of a list of customers at risk."""

    view: View
    choice: Choice

    def explain(self, workspace: Workspace, today: date, wanted: Wanted) -> Explanation:
        """Its customers, each with what they add."""
        from cstui.desk.risk_total import risk_total

        return risk_total(workspace, self.view, self.choice, today, wanted)
