"""What can be asked for from the overview beside its figures: the report as a file, and what changed since the last look.

Functions of the app; each asks in a dialog and works in a thread. Knows no figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import Period, iso, month_name, month_of, months
from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.ui.files import here
from cstui.ui.widgets.line import fit
from cstui.ui.widgets.news import News

if TYPE_CHECKING:
    from cstui.desk.changes import Change, Changes
    from cstui.ui.app import CstuiApp
    from cstui.ui.theme import Ink

_FORMS = (("html", "one page, charts, prints well"), ("md", "Markdown"))


def report(app: CstuiApp) -> None:
    """Ask how to write the report of the overview's period and segment, and write it into the current folder."""
    from cstui.ui.screens.choices import ListDialog
    from cstui.ui.screens.overview import OverviewScreen

    screen = app.screen
    if not isinstance(screen, OverviewScreen) or screen.snapshot is None or screen.snapshot.as_of is None:
        return
    snapshot, ink, folder = screen.snapshot, screen.ink, here()
    view = screen.view.on(snapshot.period)
    targets = [(form, words, free_name(folder, snapshot.period, form)) for form, words in _FORMS]
    lines = [(Text.assemble((safe(target.name), "bold"), (f"   {words}", ink.dim)), (form, target)) for form, words, target in targets]
    title = Text.assemble(("Report of ", "bold"), (fmt.period(snapshot.period), "bold"), (f"\ninto {safe(str(folder), 200)}", ink.dim))
    app.push_screen(ListDialog(title, lines), lambda chosen: _in_thread(app, partial(_write, app, view, *chosen)) if chosen else None)


def free_name(folder: Path, period: Period, form: str) -> Path:
    """A file of the period's name that is not there yet."""
    whole = period.months == 1
    name = f"report-{month_name(month_of(period.start)) if whole else f'{iso(period.start)}-{iso(period.last)}'}"
    target, number = folder / f"{name}.{form}", 2
    while target.exists():
        target, number = folder / f"{name}-{number}.{form}", number + 1
    return target


def _write(app: CstuiApp, view: View, form: str, target: Path) -> None:
    words = app.desk.report(app.opened().workspace, view, app.today, form, target)
    app.notify(safe(words, 300), markup=False)


def changes(app: CstuiApp) -> None:
    """What changed since the last look, as a list whose lines open the figure; after that it has been seen."""
    from cstui.ui.screens.choices import ListDialog
    from cstui.ui.screens.overview import OverviewScreen

    screen = app.screen
    if not isinstance(screen, OverviewScreen) or screen.snapshot is None:
        return
    news, snapshot, ink = screen.query_one(News), screen.snapshot, screen.ink
    found = news.changes
    if found is None or not found.news:
        first = found is not None and found.seen_revision is None
        words = "This is the first look: what changes from now on is told here." if first else "Nothing has changed since you last looked."
        app.notify(words, markup=False)
        if found is not None and first:
            nothing: tuple[()] = ()  # it is said once: from here on this is what was seen
            news.changes = replace(found, seen_revision=found.revision, imports=nothing, undone=nothing, changes=nothing)
        return

    def seen(chosen: Change | None) -> None:
        news.display = False
        _in_thread(app, lambda: app.desk.looked(app.opened().workspace))
        if chosen is not None:
            from cstui.ui.screens.explain import ExplainScreen

            app.push_screen(ExplainScreen(chosen.metric, View().on(months(chosen.month)), snapshot))

    lines = [(_line(one, found.currency, ink), one) for one in found.changes]
    app.push_screen(ListDialog(_heading(found, ink), lines), seen)


def _heading(found: Changes, ink: Ink) -> Text:
    text = Text("Since you last looked", style="bold")
    if found.as_of is not None:
        before = "" if found.seen_as_of in (None, found.as_of) else f", was {fmt.day(found.seen_as_of or 0)}"
        text.append(f"\ndata through {fmt.day(found.as_of)}{before}", ink.dim)
    for words, numbers in (("imports", found.imports), ("taken back", found.undone)):
        if numbers:
            shown = ", ".join(map(str, numbers[-12:]))
            text.append(f"\n{words} {'… ' if len(numbers) > 12 else ''}{shown}", ink.dim)
    if not found.changes:
        return text.append("\nNo past figure has changed.", ink.dim)
    return text.append(f"\n{fmt.count(len(found.changes), 'figure')} of past months changed; enter opens one", ink.dim)


def _line(one: Change, currency: str, ink: Ink) -> Text:
    """`Sep 2026  MRR   $510 → $100   import 2`."""
    unit = fmt.unit_of(one.metric, one.unit)
    then, now = fmt.figure(one.before, unit, currency), fmt.figure(one.after, unit, currency)
    style = {1: ink.good, -1: ink.bad, 0: ink.text}[fmt.verdict(one.after, one.before, one.better)]
    text = Text.assemble((f"{fmt.month(one.month)}  ", ink.dim), fit(one.label, 17), (f" {then} → ", ink.dim), (now, style))
    return text.append(f"  {safe(', '.join(cause.words for cause in one.causes), 60)}", ink.dim)


def _in_thread(app: CstuiApp, work: Callable[[], None]) -> None:
    """Do it in a thread; an error is told, and is the end of it."""

    def done() -> None:
        try:
            work()
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    app.run_worker(done, name="papers", group="papers", thread=True)
