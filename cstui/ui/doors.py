"""The desk as the screens call it: one door per intention, each room imported when first entered.

What keeps the road to the first frame short, and what tests replace to give a screen a snapshot of their own. Holds no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cstui.ui.doors_files import FileDesk

if TYPE_CHECKING:
    from cstui.base.ask import View
    from cstui.desk.answer_turns import Hand, Turned
    from cstui.desk.at_risk import AtRisk, Choice, RiskRow
    from cstui.desk.changes import Changes
    from cstui.desk.cohorts import Cohorts
    from cstui.desk.coverage import Calendar
    from cstui.desk.customer_edit import Forgotten
    from cstui.desk.customer_list import Finder, Listing
    from cstui.desk.customer_page import CustomerPage
    from cstui.desk.customers import CustomerLine
    from cstui.desk.explain import Explanation, Wanted
    from cstui.desk.figures import Figures
    from cstui.desk.journeys import JourneysSnapshot
    from cstui.desk.overview import Overview, Segment
    from cstui.desk.roster import Roster
    from cstui.desk.settings import SwitchState
    from cstui.desk.subjects import Subject
    from cstui.desk.survey import Recorded, Recording
    from cstui.desk.switching import Preview
    from cstui.desk.trend import TrendLine
    from cstui.desk.value import ValueSnapshot
    from cstui.desk.voices import Question, Voices
    from cstui.desk.waterfall import Waterfall
    from cstui.desk.workspace import Workspace


class Opening:
    """What a workspace is when it is opened: its first overview, and the file, which is opened when it is first asked for."""

    overview: Overview | None
    """None where it can't be worked out for a switch whose value can't be."""
    named: bool
    """A company name has been given."""

    def __init__(self, door: Callable[[], Workspace]) -> None:
        """`door` opens the file."""
        self._door = door
        self._lock = Lock()
        self._workspace: Workspace | None = None

    @property
    def workspace(self) -> Workspace:
        """The open file. Blocks where it is the first to ask. Raises CstuiError."""
        with self._lock:
            if self._workspace is None:
                self._workspace = self._door()
            return self._workspace

    def close(self) -> None:
        """Close the file, if anybody has asked for it."""
        with self._lock:
            if self._workspace is not None:
                self._workspace.close()


class Desk(FileDesk):
    """The rooms of `cstui.desk`. Every method may block, so it is called in a thread worker; all raise CstuiError."""

    def open(self, path: Path, *, create: bool = False) -> Workspace:
        """The workspace at `path`."""
        from cstui.desk.workspace import open_workspace

        return open_workspace(path, create=create)

    def let_go(self, workspace: Workspace, today: date) -> None:
        """Let go of what is kept for 90 days only."""
        from cstui.base.days import to_day
        from cstui.desk.workspace import let_go

        let_go(workspace, to_day(today))

    def begin(self, path: Path, settings: Mapping[str, str]) -> None:
        """Make the workspace at `path` if it is not there, and tell it what only a person knows.

        The company's name comes last: a workspace without one is asked about again. Raises UsageError for a value that can't be,
        before anything is made.
        """
        from cstui.desk.settings import check_setting, set_setting

        for name, value in settings.items():
            check_setting(name, value)
        workspace = self.open(path, create=True)
        try:
            for name in sorted(settings, key=lambda name: name == "company"):
                set_setting(workspace, name, settings[name])
        finally:
            workspace.close()

    def overview(self, workspace: Workspace, view: View, today: date) -> Overview:
        """The overview screen's snapshot."""
        from cstui.desk.overview import overview

        return overview(workspace, view, today)

    def segments(self, workspace: Workspace) -> tuple[Segment, ...]:
        """Fields and values that figures can be filtered by."""
        from cstui.desk.overview import segments

        return segments(workspace)

    def explain(self, workspace: Workspace, subject: Subject, today: date, wanted: Wanted) -> Explanation:
        """What is behind a figure, or a cell."""
        return subject.explain(workspace, today, wanted)

    def coverage(self, workspace: Workspace, today: date) -> Calendar:
        """What has been imported, of every kind."""
        from cstui.desk.coverage import coverage

        return coverage(workspace, today)

    def changes(self, workspace: Workspace) -> Changes:
        """What changed since the last look."""
        from cstui.desk.changes import changes

        return changes(workspace)

    def looked(self, workspace: Workspace, at: int | None = None) -> None:
        """Remember that it has been seen, as it was at a revision if that is said."""
        from cstui.desk.changes import looked

        looked(workspace, at)

    def report(self, workspace: Workspace, view: View, today: date, form: str, target: Path) -> str:
        """Make a report and write it to a file that is not there; what was written, in words."""
        from cstui.desk.report import make, write

        made = make(workspace, view, today)
        write(made, form, target, force=False)
        return f"Report {made.number} written to {target}"

    def switches(self, workspace: Workspace) -> tuple[SwitchState, ...]:
        """The definition switches."""
        from cstui.desk.settings import switches

        return switches(workspace)

    def preview_switch(self, workspace: Workspace, name: str, value: str, today: date, limit: int) -> Preview:
        """What turning a switch would do."""
        from cstui.desk.switching import preview

        return preview(workspace, name, value, today, limit)

    def set_switch(self, workspace: Workspace, name: str, value: str) -> None:
        """Turn a switch."""
        from cstui.desk.settings import set_switch

        set_switch(workspace, name, value)

    def figures(self, workspace: Workspace, metrics: Sequence[str] | None, view: View, today: date) -> Figures:
        """Figures of one period or several, all customers or by a field; all metrics with None."""
        from cstui.desk.figures import figures

        return figures(workspace, metrics, view, today)

    def preview_card(self, workspace: Workspace, metric: str, view: View, today: date) -> Overview:
        """An overview of a single card."""
        from cstui.desk.overview import overview

        return overview(workspace, view, today, cards=(metric,))

    def set_cards(self, workspace: Workspace, metrics: Sequence[str]) -> None:
        """Show these on the overview from now on."""
        from cstui.desk.settings import set_setting

        set_setting(workspace, "cards", ",".join(metrics))

    def set_goal(self, workspace: Workspace, metric: str, text: str) -> None:
        """What a metric should be in a month; blank takes the goal away."""
        from cstui.desk.goals import set_goal

        set_goal(workspace, metric, text)

    def annotate(self, workspace: Workspace, day: str, text: str) -> None:
        """Keep what happened on a day."""
        from cstui.desk.annotations import add
        from cstui.desk.entry_drafts import name_of

        add(workspace, day, text, draft=name_of("annotation"))

    def unannotate(self, workspace: Workspace, number: int) -> None:
        """Take an annotation away."""
        from cstui.desk.annotations import remove

        remove(workspace, number)

    def trend(self, workspace: Workspace, metric: str, count: int, view: View, today: date) -> TrendLine:
        """A metric over `count` months that end with the view's period."""
        from cstui.desk.trend import trend

        return trend(workspace, metric, count, view, today)

    def waterfall(self, workspace: Workspace, view: View, today: date) -> Waterfall:
        """MRR's steps through the view's period, and through those before it."""
        from cstui.desk.waterfall import waterfall

        return waterfall(workspace, view, today)

    def value(self, workspace: Workspace, view: View, today: date, limit: int) -> ValueSnapshot:
        """What customers are expected to be worth, and how the models hold."""
        from cstui.desk.value import value

        return value(workspace, view, today, limit=limit)

    def cohorts(self, workspace: Workspace, value: str, view: View) -> Cohorts:
        """The retention table."""
        from cstui.desk.cohorts import cohorts

        return cohorts(workspace, value, view)

    def journeys(self, workspace: Workspace, view: View, today: date) -> JourneysSnapshot:
        """All customers from stage to stage."""
        from cstui.desk.journeys import journeys

        return journeys(workspace, view, today)

    def at_risk(self, workspace: Workspace, view: View, today: date, limit: int, *, choice: Choice, look: bool = False) -> AtRisk:
        """The risk list, with its first rows."""
        from cstui.desk.at_risk import at_risk

        return at_risk(workspace, view, today, limit, choice=choice, look=look)

    def risk_rows(self, workspace: Workspace, ranking: AtRisk, offset: int, limit: int) -> tuple[RiskRow, ...]:
        """More rows of the risk list."""
        from cstui.desk.at_risk import more

        return more(workspace, ranking, offset, limit)

    def listing(self, workspace: Workspace, view: View, sort: str, today: date) -> Listing:
        """The customer list."""
        from cstui.desk.customer_list import listing

        return listing(workspace, view, sort, today)

    def lines(self, workspace: Workspace, numbers: Sequence[int]) -> Mapping[int, CustomerLine]:
        """Lines of the customer list."""
        from cstui.desk.customer_list import lines

        return lines(workspace, numbers)

    def finder(self, workspace: Workspace) -> Finder:
        """What finds customers by a part of their names."""
        from cstui.desk.customer_list import finder

        return finder(workspace)

    def voices(self, workspace: Workspace, question: Question, today: date, before: Voices | None) -> Voices:
        """The surveys screen's snapshot."""
        from cstui.desk.voices import voices

        return voices(workspace, question, today, before)

    def roster(self, workspace: Workspace) -> Roster:
        """Everybody an answer can be recorded for."""
        from cstui.desk.roster import roster

        return roster(workspace)

    def record(self, workspace: Workspace, given: Recording, today: int, *, answer: int | None, new: bool) -> Recorded:
        """Record an answer, if need be for a `new` customer; or change the one whose row is `answer`."""
        from cstui.base.config import instant
        from cstui.desk.survey import edit, record

        if answer is None:
            return record(workspace, given, today=today, at=instant(), new=new)
        return edit(workspace, answer, given, today=today, at=instant())

    def delete_answer(self, workspace: Workspace, answer: int) -> Recorded:
        """Delete an answer that was recorded by hand."""
        from cstui.base.config import instant
        from cstui.desk.survey import delete

        return delete(workspace, answer, at=instant())

    def turn_answer(self, workspace: Workspace, hand: Hand, meant: int | None, *, back: bool) -> Turned | None:
        """Take the last change to a recorded answer back, or make it again: the hand's own, or the one that is meant."""
        from cstui.desk.answer_turns import redo, undo

        return (undo if back else redo)(workspace, hand, meant)

    def draft(self, workspace: Workspace) -> str | None:
        """What was being recorded when the surveys screen was left."""
        from cstui.desk.survey import draft

        return draft(workspace)

    def save_draft(self, workspace: Workspace, value: str) -> None:
        """Keep what is being recorded."""
        from cstui.desk.survey import save_draft

        save_draft(workspace, value)

    def customer(self, workspace: Workspace, number: int) -> CustomerPage:
        """One customer's page."""
        from cstui.desk.customer_page import customer_numbered

        return customer_numbered(workspace, number)

    def customer_risk(self, workspace: Workspace, customer_id: str) -> RiskRow | None:
        """Why one customer is at risk."""
        from cstui.desk.at_risk import customer_risk

        return customer_risk(workspace, customer_id)

    def write_entry(self, workspace: Workspace, customer_id: str, kind: str, given: Mapping[str, str], today: int, at: str) -> None:
        """Keep a contact or a note."""
        from cstui.desk.customer_edit import Entry, enter

        entry = Entry(kind, given["text"], given["day"], given.get("channel", ""), by=given["by"])
        enter(workspace, customer_id, entry, today, at)

    def begun_entry(self, workspace: Workspace, kind: str, customer_id: str = "") -> tuple[Mapping[str, str], str]:
        """The lines of a contact, note or annotation that was begun, by name; and who wrote the last one."""
        from cstui.desk.entry_drafts import begun, last_writer, name_of

        return begun(workspace, name_of(kind, customer_id)), last_writer(workspace)

    def keep_entry(self, workspace: Workspace, lines: Mapping[str, str], kind: str, customer_id: str = "") -> None:
        """Keep what was begun; with no lines drop it."""
        from cstui.desk.entry_drafts import keep, name_of

        keep(workspace, name_of(kind, customer_id), lines)

    def edit_field(self, workspace: Workspace, customer_id: str, field: str, text: str, at: str) -> None:
        """Set a field by hand and pin it."""
        from cstui.desk.customer_edit import edit_field

        edit_field(workspace, customer_id, field, text, at)

    def unpin(self, workspace: Workspace, customer_id: str, field: str, at: str) -> bool:
        """Let imports change a field again."""
        from cstui.desk.customer_edit import unpin

        return unpin(workspace, customer_id, field, at)

    def take_back(self, workspace: Workspace, customer_id: str) -> str | None:
        """Undo the last change by hand; what it was."""
        from cstui.desk.customer_edit import undo

        return undo(workspace, customer_id)

    def do_again(self, workspace: Workspace, customer_id: str) -> str | None:
        """Redo it; what it was."""
        from cstui.desk.customer_edit import redo

        return redo(workspace, customer_id)

    def before_forgetting(self, workspace: Workspace, customer_id: str) -> Forgotten:
        """What forgetting a customer would remove."""
        from cstui.desk.customer_edit import before_forgetting

        return before_forgetting(workspace, customer_id)

    def forget(self, path: Path, customer_id: str, at: str) -> Forgotten:
        """Remove a customer and every byte of theirs."""
        from cstui.desk.customer_edit import forget

        return forget(path, customer_id, at)

    def sample(self, folder: Path) -> Path:
        """A private copy of the sample company inside `folder`."""
        from cstui.desk.sample import private_copy

        return private_copy(folder)
