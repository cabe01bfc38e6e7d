"""The application: modes, theme, global keys, and where errors and changes go. Wiring only.

Opens the workspace in a thread while Textual starts, so that the first frame has figures. Knows no figure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segments
from textual.events import Event, Key
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import ModalScreen
from textual.theme import BUILTIN_THEMES

from cstui.base.ask import View
from cstui.base.errors import BadSwitch, CstuiError, NoWorkspace
from cstui.ui import commands, lean
from cstui.ui.controls import Gate
from cstui.ui.doors import Desk, Opening
from cstui.ui.first_frame import FirstFrame
from cstui.ui.hangup import Terminal
from cstui.ui.in_order import InOrder
from cstui.ui.screens.base import DeskScreen
from cstui.ui.screens.overview import OverviewScreen
from cstui.ui.stylesheet import OnceParsed
from cstui.ui.theme import THEMES

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.notifications import Notify
    from textual.screen import Screen

    from cstui.desk.ahead import Ahead
    from cstui.desk.overview import Overview
    from cstui.desk.workspace import Workspace
    from cstui.ui.answers import Answers

# Known before the app is made: setting a theme afterwards would parse the whole stylesheet a second time.
BUILTIN_THEMES.clear()
BUILTIN_THEMES.update({theme.name: theme for theme in THEMES})
BUILTIN_THEMES["textual-dark"] = THEMES[0]

FIRST_FRAME_PATIENCE = 0.25
"""Seconds that the first frame waits for figures at most."""
SWITCH = 0.001
"""Seconds after which a thread at work lets another one on. With Python's own 5 ms, what is drawn waits that long to be sent."""
POLL_SECONDS = 1.0
"""How often the file is asked whether someone else wrote to it."""


def _import_screen() -> Screen[None]:
    from cstui.ui.screens.import_ import ImportScreen

    return ImportScreen()


def _at_risk_screen() -> Screen[None]:
    from cstui.ui.screens.at_risk import AtRiskScreen

    return AtRiskScreen()


def _customers_screen() -> Screen[None]:
    from cstui.ui.screens.customers import CustomersScreen

    return CustomersScreen()


def _surveys_screen() -> Screen[None]:
    from cstui.ui.screens.surveys import SurveysScreen

    return SurveysScreen()


def _first_run_screen() -> Screen[None]:
    from cstui.ui.screens.first_run import FirstRunScreen

    return FirstRunScreen()


def _palette() -> type[Provider]:
    from cstui.ui.palette import Actions

    return Actions


class CstuiApp(FirstFrame, InOrder):
    """cstui in the terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "cstui"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {  # factories keep imports lazy
        "overview": OverviewScreen,
        "at_risk": _at_risk_screen,
        "customers": _customers_screen,
        "surveys": _surveys_screen,
        "import": _import_screen,
        "first_run": _first_run_screen,
    }
    DEFAULT_MODE = "overview"
    BINDINGS = commands.bindings("app")
    theme: Reactive[str] = Reactive(THEMES[0].name)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}

    class Changed(Message):
        """The workspace is at another revision than before."""

        def __init__(self, revision: int) -> None:
            super().__init__()
            self.revision = revision

    def __init__(self, path: Path, today: date, desk: Desk | None = None, ahead: Ahead | None = None) -> None:
        """`ahead` has been working out the first overview of `path` since before Textual was imported."""
        super().__init__()
        self.path = path
        self.today = today
        self.desk = desk or Desk()
        self._ahead = ahead
        self._opening: Future[Opening] = Future()
        self._copies: list[Path] = []
        self._revision: int | None = None
        self._terminal = Terminal()
        self._leaving = False
        self.told = False
        """The overview has said what changed since the last look."""
        self._gate = Gate()
        self.stylesheet = OnceParsed(variables=self.get_css_variables())
        self.open(path)

    # The workspace

    def open(self, path: Path) -> None:
        """Begin to open a workspace, in a thread of its own."""
        self.path, self._opening, self._revision = path, Future(), None
        Thread(target=self._open, args=(self._opening, path), name="open workspace", daemon=True).start()

    def _open(self, opening: Future[Opening], path: Path) -> None:
        try:
            ahead, self._ahead = self._ahead, None
            found = Opening(partial(self.desk.open, path))
            answer = ahead.take() if ahead is not None else None
            found.overview, found.named = answer or self._look(found.workspace)
            opening.set_result(found)
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result, in their own thread
            opening.set_exception(error)

    def _look(self, workspace: Workspace) -> tuple[Overview | None, bool]:
        """The overview of the last month, and whether the company has been named."""
        try:
            overview = self.desk.overview(workspace, View(), self.today)
        except BadSwitch:  # the screen says so when it asks, and S sets the switch
            overview = None
        return overview, workspace.setting("company") is not None

    def opened(self) -> Opening:
        """The open workspace; waits for it, so call it in a worker. Raises what opening raised."""
        return self._opening.result()

    def opening_now(self) -> Opening | None:
        """The open workspace if it is there without waiting and without an error."""
        return self._opening.result() if self._opening.done() and self._opening.exception() is None else None

    def opening_soon(self) -> Opening | None:
        """The same, after waiting a moment: before the first frame that costs less than drawing a frame without figures."""
        wait([self._opening], FIRST_FRAME_PATIENCE)
        return self.opening_now()

    def use(self, path: Path, then: str = "overview") -> None:
        """Open another workspace and show it from the start, on the screen `then`."""
        self.close_workspace()
        self.open(path)
        self.run_worker(self._start_over(then), name="start over", exclusive=True)

    async def _start_over(self, then: str) -> None:
        if self.current_mode != "first_run":
            await self.switch_mode("first_run")
        for mode in [mode for mode in type(self).MODES if mode != "first_run"]:
            if mode in self._screen_stacks:
                await self.remove_mode(mode)
                self.add_mode(mode, type(self).MODES[mode])
        await self.switch_mode(then)

    def use_sample(self) -> None:
        """Open a private copy of the sample company; it is removed when the app ends."""
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="cstui-sample-"))
        self._copies.append(folder)
        self.run_worker(lambda: self._copy(folder), name="sample", thread=True, exclusive=True, group="sample")

    def _copy(self, folder: Path) -> None:
        try:
            path = self.desk.sample(folder)
        except CstuiError as error:
            self.notify(error.message, severity="error", markup=False)
            return
        self.call_from_thread(self.use, path)

    def close_workspace(self) -> None:
        """Close what is open."""
        if (opened := self.opening_now()) is not None:
            opened.close()

    def first_run_for(self, error: CstuiError) -> bool:
        """Go to the first-run screen if the error is that there is no workspace."""
        if isinstance(error, NoWorkspace):
            self.action_go("first_run")
            return True
        return False

    def nothing_here(self) -> None:
        """The workspace holds no facts: ask for its name if that was never done."""
        if (opened := self.opening_now()) is not None and not opened.named and self._revision is None:
            self.action_go("first_run")

    # Watching for other writers

    def on_mount(self) -> None:
        self.set_interval(POLL_SECONDS, self._poll)

    def _poll(self) -> None:
        if self._terminal.gone():
            self.exit(return_code=1)
            return
        if self.opening_now() is not None and not any(worker.group == "poll" for worker in self.workers):
            self.run_worker(self._read_revision, name="poll", group="poll", thread=True)

    def _read_revision(self) -> None:
        try:
            if self._revision is None:
                self.desk.let_go(self.opened().workspace, self.today)
            revision = self.opened().workspace.revision()
        except CstuiError:
            return  # busy just now: the next poll, or the next question, will tell
        if revision != self._revision:
            self.post_message(self.Changed(revision))

    def on_cstui_app_changed(self, event: Changed) -> None:
        """Tell the screens in sight and behind."""
        self._revision = event.revision
        for screen in self._everywhere():
            if isinstance(screen, DeskScreen):
                screen.workspace_changed(event.revision)

    def has_moved_on(self, revision: int) -> bool:
        """Whether a later revision of the workspace has been told already, so that nobody will tell it again."""
        return self._revision not in {None, revision}

    def _everywhere(self) -> list[Screen[Any]]:
        """The screens in sight, those behind them, and those under other digits."""
        return [screen for stack in self._screen_stacks.values() for screen in stack if screen.is_running]

    @cached_property
    def answers(self) -> Answers:
        """What was said of files in import previews."""
        from cstui.ui.answers import Answers

        return Answers()

    # Keys

    def action_go(self, mode: str) -> None:
        """To a peer screen, whatever was opened over it: but an import that is being looked at stays in front."""
        if mode == self.current_mode != "first_run" and len(self.screen_stack) == 1:
            self.notify(f"This is {here.title} already." if (here := commands.named(f"app.{mode}")) else "", markup=False, timeout=3)
            return
        if (mode != self.current_mode and not (self.current_mode == "first_run" and self.opening_now() is None)) or mode == "first_run":
            self.switch_mode(mode)
        if mode == self.current_mode and not any(getattr(screen, "AT_WORK", False) for screen in self.screen_stack):
            while len(self.screen_stack) > 1:
                self.pop_screen()

    async def action_quit(self) -> None:
        """Leave; where answers or an import would be lost, only when that is meant."""
        from cstui.ui.leaving import leave

        leave(self, self._everywhere(), self._leave)

    def _leave(self) -> None:
        """Keys still on their way do nothing any more."""
        self._leaving = True
        self.drop_keys()
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+c leaves nothing: say what does."""
        self.notify("q leaves cstui; where letters are typed, ctrl+q.", markup=False)

    async def on_event(self, event: Event) -> None:
        """Everything goes its way, but for keys after the person has quit."""
        if not (self._leaving and isinstance(event, Key)):
            await super().on_event(event)

    def action_coverage(self) -> None:
        """The calendar of what has been imported."""
        from cstui.ui.screens.coverage import CoverageScreen

        if self.opening_now() is not None and not isinstance(self.screen, CoverageScreen | ModalScreen):
            self.push_screen(CoverageScreen())

    def action_report(self) -> None:
        """Write the overview's period on paper."""
        from cstui.ui.papers import report

        report(self)

    def action_changes(self) -> None:
        """What changed since the last look."""
        from cstui.ui.papers import changes

        changes(self)

    def action_command_palette(self) -> None:
        """Commands by name."""
        lean.palette()
        super().action_command_palette()

    def action_help(self) -> None:
        """Help for the screen in sight, with live keys."""
        from cstui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_switches(self) -> None:
        """The definition switches, and what turning one would do."""
        from cstui.ui.screens.switches import SwitchesScreen

        opened = self.opening_now()
        if opened is not None and not any(isinstance(screen, SwitchesScreen) for screen in self.screen_stack):
            self.push_screen(SwitchesScreen(opened.overview))

    def action_theme(self) -> None:
        """Dark to light and back."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        for screen in self._everywhere():
            if (redraw := getattr(screen, "redraw", None)) is not None:
                redraw()

    # What Textual would do otherwise

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, and before them the one that lets no raw control character through and keeps columns."""
        return [self._gate, *super().get_line_filters()]

    def on_notify(self, event: Notify) -> None:
        """One toast at a time: a new one takes the place of those before it, but for an error that says something else.

        Framework-internal (`_notifications`, `_unnotify`): pinned, and held by a test.
        """
        new = event.notification
        for old in list(self._notifications):
            if old.severity != "error" or old.message == new.message:
                self._unnotify(old, refresh=False)

    def _fatal_error(self) -> None:
        """A crash prints where it happened and no local variable: those hold names and amounts."""
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()

    def tidy(self) -> None:
        """Close the workspace and remove private copies; after the terminal has been given back. What was told has been seen."""
        if self.told and (opened := self.opening_now()) is not None:
            with suppress(CstuiError):
                self.desk.looked(opened.workspace)
        self.close_workspace()
        for folder in self._copies:
            import shutil

            shutil.rmtree(folder, ignore_errors=True)


def run(path: Path, today: date, ahead: Ahead | None = None) -> int:
    """Show the workspace at `path` until the person quits; the exit status of the process."""
    sys.setswitchinterval(SWITCH)
    app = CstuiApp(path, today, ahead=ahead)
    try:
        app.run()
    finally:
        app.tidy()
    return app.return_code or 0
