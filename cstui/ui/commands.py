"""The one table of what a key does.

Bindings, the footer, the command palette, the help screen and the README's keys table are read from here; nothing else in
`ui` names a key. Knows no screen: an action is a name that the screen or widget of its scope answers to. Read before the first
frame: what only help and the README say of keys is in `keys`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from textual.binding import Binding, BindingType

from cstui.ui.layouts import SENT, key_name

_NAMES = {"?": "question_mark", "[": "left_square_bracket", "]": "right_square_bracket", "/": "slash"}
_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "enter",
    "escape": "esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "f1": "F1",
}


class Action(NamedTuple):
    """One thing a person can do, and the keys that do it."""

    id: str
    """`scope.name`; users remap keys by it."""
    keys: tuple[str, ...]
    """As pressed on a Latin layout; the first is the one shown."""
    action: str
    """Textual's action string."""
    title: str
    """In the palette and in help: an imperative."""
    help: str
    """One sentence more."""
    short: str = ""
    """In the footer; empty: not there."""
    palette: bool = True
    """Whether the command palette offers it while its scope is on screen."""

    @property
    def scope(self) -> str:
        """Where it works: `app` everywhere, else a screen or a widget."""
        return self.id.partition(".")[0]


ACTIONS: tuple[Action, ...] = (
    Action("app.overview", ("1",), "go('overview')", "Overview", "How the customer base is doing."),
    Action("app.at_risk", ("2",), "go('at_risk')", "At risk", "Who is at risk and why, the most money at stake first."),
    Action("app.customers", ("3",), "go('customers')", "Customers", "Everybody, found by typing; enter opens one's page."),
    Action("app.surveys", ("4",), "go('surveys')", "Surveys", "Record what customers say, and see what it adds up to."),
    Action("app.import", ("6",), "go('import')", "Import", "Put files in, see the log, take an import back."),
    Action("app.coverage", ("C",), "coverage", "Coverage", "What has been imported of each kind, month by month, and what was not."),
    Action("app.help", ("?", "f1"), "help", "Help", "What this screen says, and every key that works now.", "help"),
    Action("app.palette", ("ctrl+p",), "command_palette", "Commands", "Find a command by its name.", palette=False),
    Action("app.switches", ("=",), "switches", "Switches", "The definitions that differ in the field, and what another one would do."),
    Action("app.theme", ("ctrl+t",), "theme", "Dark or light", "Switch between the dark and the light theme."),
    Action("app.quit", ("q",), "quit", "Quit", "Leave cstui; everything is saved already.", "quit"),
    Action("list.down", ("j", "down"), "down", "Down", "One line down.", palette=False),
    Action("list.up", ("k", "up"), "up", "Up", "One line up.", palette=False),
    Action("list.first", ("g", "home"), "first", "First line", "To the first line.", palette=False),
    Action("list.last", ("G", "end"), "last", "Last line", "To the last line.", palette=False),
    Action("list.page_down", ("pagedown", "ctrl+d"), "page_down", "Page down", "One page down.", palette=False),
    Action("list.page_up", ("pageup", "ctrl+u"), "page_up", "Page up", "One page up.", palette=False),
    Action("list.open", ("enter",), "open", "Open", "Open the line.", palette=False),
    Action("list.mark", ("space",), "mark", "Mark", "Mark the line, where lines can be marked.", palette=False),
    Action("card.open", ("enter",), "open", "Open the figure", "Explain the figure down to its rows.", palette=False),
    Action("card.next", ("right",), "step(1)", "Next figure", "To the next figure.", palette=False),
    Action("card.back", ("left",), "step(-1)", "Previous figure", "To the figure before.", palette=False),
    Action("card.down", ("j", "down"), "leap(1)", "Down", "To the figure or list below.", palette=False),
    Action("card.up", ("k", "up"), "leap(-1)", "Up", "To the figure above.", palette=False),
    Action("overview.explain", ("e",), "explain", "Explain the figure", "Definition, parts, and the rows with file and line.", "explain"),
    Action("overview.compare", ("c",), "compare", "Compare", "With the period before, a year before, or your goals.", "compare"),
    Action("overview.break_down", ("b",), "break_down", "Break down", "The cards' figures side by side by any field.", "break down"),
    Action("overview.trend", ("v",), "trend(False)", "Trend", "The figure over 3 to 60 months, with what happened.", "trend"),
    Action("overview.cohorts", ("h",), "cohorts", "Cohorts", "Who is still there, month by month after the first payment.", "cohorts"),
    Action("overview.period", ("m",), "choose_period", "Choose the period", "A month, quarter, year or trailing window.", "months"),
    Action("overview.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("overview.cards", ("a",), "cards", "Choose the cards", "Up to six figures of the catalogue, in your order.", "cards"),
    Action("overview.waterfall", ("w",), "waterfall", "Waterfall", "From the period's first MRR to its last, step by step.", "waterfall"),
    Action("overview.journey", ("o",), "journey", "Journey", "All customers from stage to stage: how many, how long.", "journey"),
    Action("overview.value", ("V",), "value", "Customer value", "What each is expected to be worth, and how the fit holds.", "value"),
    Action("overview.table", ("t",), "trend(True)", "Trend as a table", "The same figures as text, to read aloud or to copy.", "table"),
    Action("overview.earlier", ("[",), "period(-1)", "Earlier period", "The period before this one.", "earlier"),
    Action("overview.later", ("]",), "period(1)", "Later period", "The period after this one.", "later"),
    Action("overview.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("overview.difference", ("i",), "difference", "What made the difference", "Who moved the figure since the other period."),
    Action("overview.copy", ("y",), "copy", "Copy the figure", "The focused figure as text to the clipboard."),
    Action("overview.report", ("p",), "app.report", "Report", "The period on paper: one HTML file, or Markdown.", "report"),
    Action("overview.changes", ("d",), "app.changes", "What has changed", "Past figures that are not what they were when you last looked."),
    Action("coverage.explain", ("e",), "explain", "What is behind it", "The rows of the month; of a kind, its months.", "explain"),
    Action("coverage.back", ("escape",), "back", "Back", "To where you came from.", "back", palette=False),
    Action("coverage.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("grid.down", ("j", "down"), "down", "Down", "One line down.", palette=False),
    Action("grid.up", ("k", "up"), "up", "Up", "One line up.", palette=False),
    Action("grid.right", ("right", "l"), "across(1)", "Right", "One column on; the table follows.", palette=False),
    Action("grid.left", ("left", "h"), "across(-1)", "Left", "One column back.", palette=False),
    Action("grid.first", ("g", "home"), "first", "First line", "To the first line.", palette=False),
    Action("grid.last", ("G", "end"), "last", "Last line", "To the last line.", palette=False),
    Action("grid.page_down", ("pagedown", "ctrl+d"), "page(1)", "Page down", "One page down.", palette=False),
    Action("grid.page_up", ("pageup", "ctrl+u"), "page(-1)", "Page up", "One page up.", palette=False),
    Action("grid.open", ("enter",), "open", "Open the cell", "What is behind it.", palette=False),
    Action("trend.metric", ("/",), "metric", "Another metric", "Any of the catalogue, found by typing.", "metric"),
    Action("trend.span", ("m",), "span(1)", "More months", "3, 6, 12, 24, 36 or 60 months, and round again.", "months"),
    Action("trend.span_back", ("M",), "span(-1)", "Fewer months", "The same, the other way round."),
    Action("trend.table", ("t",), "table", "Table or chart", "The numbers as text, and back.", "table"),
    Action("trend.explain", ("e", "enter"), "explain", "Explain the figure", "Of the month under the mark, down to its rows.", "explain"),
    Action("trend.annotate", ("n",), "annotate", "Note what happened", "On a day: it stands on every trend from then on.", "note"),
    Action("trend.forget", ("delete", "backspace"), "forget", "Remove a note", "One that belongs to the month under the mark."),
    Action("trend.back_one", ("left",), "step(-1)", "A month back", "The mark goes there.", palette=False),
    Action("trend.on_one", ("right",), "step(1)", "A month on", "The mark goes there.", palette=False),
    Action("trend.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("trend.copy", ("y",), "copy", "Copy the numbers", "The whole series as a table, to paste into a sheet.", "copy"),
    Action("trend.back", ("escape",), "back", "Back", "To the overview.", "back", palette=False),
    Action("breakdown.explain", ("e",), "explain", "Explain the cell", "The figure of this value alone, down to its rows.", "explain"),
    Action("breakdown.narrow", ("f",), "narrow", "Only these", "Back to the overview with the customers of this line alone.", "only these"),
    Action("breakdown.sort", ("s",), "sort", "Sort by this column", "Largest first; again: smallest first; by name on the names.", "sort"),
    Action("breakdown.field", ("b",), "field", "Another field", "Any that customers have, your own columns too.", "field"),
    Action("breakdown.earlier", ("[",), "period(-1)", "Earlier period", "The period before this one.", "earlier"),
    Action("breakdown.later", ("]",), "period(1)", "Later period", "The period after this one.", "later"),
    Action("breakdown.copy", ("y",), "copy", "Copy the table", "All of it, to paste into a sheet.", "copy"),
    Action("breakdown.back", ("escape",), "back", "Back", "To the overview.", "back", palette=False),
    Action("cohorts.value", ("v",), "value", "Customers, MRR or revenue", "What is counted.", "customers or MRR"),
    Action("cohorts.numbers", ("t",), "numbers", "Shares or numbers", "Of the first month in per cent, or as they are.", "numbers"),
    Action("cohorts.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("cohorts.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("cohorts.explain", ("e",), "explain", "Who they are", "The cell's customers.", "who"),
    Action("cohorts.copy", ("y",), "copy", "Copy the table", "All of it, to paste into a sheet.", "copy"),
    Action("cohorts.back", ("escape",), "back", "Back", "To the overview.", "back", palette=False),
    Action("value.chart", ("m",), "turn_chart", "Another model", "What else was fitted, held against what happened.", "model"),
    Action("value.table", ("t",), "table", "Chart or table", "The same numbers as text, to read aloud or to copy.", "table"),
    Action("value.explain", ("e",), "explain", "Explain the value", "How it is worked out, and the rows it rests on.", "explain"),
    Action("value.points", ("right",), "points", "To the chart", "← and → go from point to point there, e explains one."),
    Action("value.parameters", ("p",), "parameters", "Parameters", "Of every model, with its likelihood.", "parameters"),
    Action("value.segment", ("f",), "choose_segment", "Choose the segment", "Fit on the customers with these values alone.", "segment"),
    Action("value.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("value.copy", ("y",), "copy", "Copy the table", "Actual and expected as text to the clipboard.", "copy"),
    Action("value.back", ("escape",), "back", "Back", "To the overview.", "back", palette=False),
    Action("members.explain", ("e",), "explain", "Explain the line", "Which row put each of them there, file and line.", "explain"),
    Action("members.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("members.back", ("escape",), "back", "Back", "To the journey.", "back", palette=False),
    Action("waterfall.explain", ("e",), "explain", "Explain the step", "Its customers, down to file and line.", "explain"),
    Action("waterfall.earlier", ("[",), "period(-1)", "Earlier period", "The period before this one.", "earlier"),
    Action("waterfall.later", ("]",), "period(1)", "Later period", "The period after this one.", "later"),
    Action("waterfall.table", ("t",), "table", "Table or chart", "Twelve periods side by side as text, and back.", "table"),
    Action("waterfall.copy", ("y",), "copy", "Copy the numbers", "The steps of all periods, to paste into a sheet.", "copy"),
    Action("waterfall.back", ("escape",), "back", "Back", "To the overview.", "back", palette=False),
    Action("journeys.period", ("v",), "turn", "Ever, or this period", "All that has happened, or what did in the period.", "ever, period"),
    Action("journeys.explain", ("e",), "explain", "Explain the line", "How it comes about, down to file and line.", "explain"),
    Action("journeys.earlier", ("[",), "period(-1)", "Earlier period", "The period before this one.", "earlier"),
    Action("journeys.later", ("]",), "period(1)", "Later period", "The period after this one.", "later"),
    Action("journeys.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("journeys.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("journeys.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("journeys.back", ("escape",), "back", "Back", "To the overview.", "back", palette=False),
    Action("cards.mark", ("space",), "mark", "Choose, or not", "A figure that is chosen gets the next place.", "choose", palette=False),
    Action("cards.earlier", ("[",), "shift(-1)", "A place to the front", "Of the chosen figure.", "to front", palette=False),
    Action("cards.later", ("]",), "shift(1)", "A place to the back", "Of the chosen figure.", "to back", palette=False),
    Action("cards.find", ("/",), "find", "Find", "Type a part of a name or of what it means.", "find", palette=False),
    Action("cards.apply", ("enter", "ctrl+s"), "apply", "Use these", "From now on, on the overview.", "use these", palette=False),
    Action("cards.back", ("escape",), "back", "Back", "Keep the cards as they were.", "back", palette=False),
    Action("pick.find", ("/",), "find", "Find", "Type a part of a name or of what it means.", "find", palette=False),
    Action("pick.back", ("escape",), "back", "Back", "Keep what was there.", "back", palette=False),
    Action("at_risk.evidence", ("e",), "evidence", "Show the evidence", "Every reason and the rows behind it, file and line.", "evidence"),
    Action("at_risk.explain", ("E",), "explain", "Explain a total", "What these customers come to, down to the rows."),
    Action("at_risk.sort", ("s",), "sort", "Another order", "By MRR × risk, by risk, by MRR, by the next end or renewal.", "sort"),
    Action("at_risk.owner", ("w",), "count_by('owner')", "By owner", "Count the list by owner, and pick one.", "owner"),
    Action("at_risk.reason", ("r",), "count_by('reason')", "By reason", "Count the list by reason, and pick one.", "reason"),
    Action("at_risk.new", ("n",), "new", "What is new", "Only those new at risk since the last look; again for everybody.", "new"),
    Action("at_risk.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("at_risk.all", ("x",), "all_customers", "Everybody", "Take every filter off."),
    Action("at_risk.by_segment", ("W",), "count_by('segment')", "By segment", "Count the list by segment, and pick one.", "by segment"),
    Action("at_risk.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard."),
    Action("customers.find", ("/",), "find", "Find", "Type a part of an id, a name or an e-mail, in any script.", "find"),
    Action("customers.explain", ("e",), "explain", "Explain a total", "What these customers come to, down to the rows.", "explain"),
    Action("customers.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("customers.sort", ("o",), "sort", "Another order", "By MRR, by name, the newest first, by id.", "order"),
    Action("customers.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("customers.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard."),
    Action("customers.everybody", ("escape",), "escape", "Everybody", "Take the search off.", palette=False),
    Action("find.into", ("down", "tab"), "into", "Into the list", "The list stays as found.", "to the list", palette=False),
    Action("find.open", ("enter",), "open", "Open the first", "Open the first line that was found.", "open", palette=False),
    Action("find.clear", ("escape",), "clear", "Everybody", "Take the search off.", "search off", palette=False),
    Action("customer.log", ("l",), "log", "Log a contact", "A call, a meeting, an e-mail: what was said, and when.", "log"),
    Action("customer.note", ("n",), "note", "Write a note", "For yourself and your team; counts as no contact.", "note"),
    Action("customer.score", ("s",), "score", "Record a score", "An NPS, CSAT or CES answer of this customer.", "score"),
    Action("customer.edit", ("E",), "edit", "Edit a field", "By hand; imports leave it alone until it is unpinned.", "edit"),
    Action("customer.show", ("v",), "show_next", "Show less, or more", "Contacts, tickets, money, scores or plan alone; then all.", "show"),
    Action("customer.side", ("d",), "side", "Facts and reasons", "Where the terminal is too narrow for both.", "facts"),
    Action("customer.table", ("t",), "table", "Life as a table", "The chart's months as text: MRR, active days, scores, events."),
    Action(
        "customer.explain",
        ("e",),
        "explain",
        "Explain a figure",
        "MRR, first paid, stage, value so far, risk: to the rows.",
        "explain",
    ),
    Action("customer.earlier", ("[", "left"), "step(-1)", "Previous customer", "The one before in the list.", "previous"),
    Action("customer.later", ("]", "right"), "step(1)", "Next customer", "The one after in the list.", "next"),
    Action("customer.undo", ("u",), "undo", "Undo", "Take back the last contact, note or edit of this customer."),
    Action("customer.redo", ("ctrl+r",), "redo", "Redo", "What was undone, again."),
    Action("customer.unpin", ("p",), "unpin", "Unpin the field", "Imports may change it again."),
    Action("customer.forget", ("D", "delete"), "forget", "Forget this customer", "Remove them and all that is known of them, for good."),
    Action("customer.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard."),
    Action("customer.back", ("escape",), "back", "Back", "To the list.", "back", palette=False),
    Action("entry.save", ("ctrl+s",), "save", "Save", "Keep what was typed.", "save", palette=False),
    Action("entry.empty", ("ctrl+n",), "empty", "Begin anew", "Nothing of what was begun is kept.", "empty", palette=False),
    Action("entry.back", ("escape",), "back", "Back", "A contact or note that was begun is kept as a draft.", "back", palette=False),
    Action("explain.turn", ("d",), "turn", "What made the difference", "Who moved it since before; again: the rows.", "difference"),
    Action("explain.meaning", ("m",), "meaning", "All that is said of it", "Definition, formula, switches and parts in full.", "in full"),
    Action("explain.back", ("escape",), "back", "Back", "To where you came from.", "back", palette=False),
    Action("explain.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("evidence.back", ("escape",), "back", "Back", "To the list.", "back", palette=False),
    Action("evidence.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("switches.choose", ("v",), "choose", "Choose a value", "And see what it would do, before anything is set.", "choose"),
    Action("switches.back", ("escape",), "back", "Back", "To where you came from.", "back", palette=False),
    Action(
        "switch_preview.explain",
        ("e",),
        "explain",
        "Explain the figure",
        "As it is, or as it would be; of a customer, what they add.",
        "explain",
    ),
    Action("switch_preview.set", ("ctrl+s",), "set", "Set the switch", "Every figure that rests on it follows.", "set it"),
    Action("switch_preview.back", ("escape",), "back", "Back", "Leave the switch as it is.", "leave it", palette=False),
    Action("surveys.record", ("a",), "record", "Record an answer", "Of the customer under the cursor, where a queue is shown.", "record"),
    Action("surveys.list", ("v",), "turn_list", "Another list", "Answers, detractors, promoters, not asked, changes by hand.", "list"),
    Action("surveys.measure", ("m",), "turn_measure", "Another measure", "NPS, CSAT or CES: distribution, trend and answers.", "measure"),
    Action("surveys.table", ("t",), "table", "Trend as a table", "The measure month by month as text, to read aloud or to copy."),
    Action("surveys.find", ("/",), "find", "Find in answers", "In comment, customer, respondent and touchpoint, any script.", "find"),
    Action("surveys.details", ("d",), "details", "Show the line whole", "Every word of the comment, and all that is known of it.", "whole"),
    Action("surveys.undo", ("u",), "undo", "Undo", "Take back your last answer recorded, changed or deleted; asks for another's.", "undo"),
    Action("surveys.sort", ("s",), "sort", "Another order", "Newest first, the lowest or the highest score first.", "order"),
    Action("surveys.redo", ("ctrl+r",), "redo", "Redo", "What was undone, again."),
    Action("surveys.explain", ("e",), "explain", "Explain the measure", "Definition, parts, the answers with file and line.", "explain"),
    Action("surveys.edit", ("E",), "edit", "Edit the answer", "One that was recorded by hand; a file's is mended in the file.", "edit"),
    Action("surveys.delete", ("delete", "backspace"), "delete", "Delete the answer", "One that was recorded by hand; undo brings it back."),
    Action("surveys.earlier", ("[",), "month(-1)", "Earlier month", "The month before this one.", "earlier"),
    Action("surveys.later", ("]",), "month(1)", "Later month", "The month after this one.", "later"),
    Action("surveys.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values."),
    Action("surveys.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("surveys.figures", ("right",), "figures", "To the figures", "Scores, bars, trend: the arrows go through them, e explains one."),
    Action("surveys.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard."),
    Action("surveys.everything", ("escape",), "everything", "Everything", "Take the search off.", palette=False),
    Action("answer.save", ("ctrl+s",), "save", "Save the answer", "And go on to the next.", "save"),
    Action("answer.empty", ("ctrl+n",), "empty", "Empty the form", "Begin anew; nothing of this answer is kept.", "empty"),
    Action("answer.leave", ("escape",), "leave", "To the list", "What was begun stays, even when cstui ends.", "list", palette=False),
    Action("answer.next", ("tab",), "cycle(1)", "Next field", "Round the form; esc leaves it.", "next field", palette=False),
    Action("answer.previous", ("shift+tab",), "cycle(-1)", "Previous field", "Round the form, backwards.", palette=False),
    Action("whom.pick", ("enter",), "pick", "Take the customer", "The one marked beneath; then the score.", "take", palette=False),
    Action("whom.down", ("down",), "step(1)", "Next found", "The next of the customers found.", "next", palette=False),
    Action("whom.up", ("up",), "step(-1)", "Previous found", "The one before.", palette=False),
    Action("text.on", ("enter",), "submit", "On", "In the comment: save. Else on to the score, or to the comment.", "on", palette=False),
    Action("choice.next", ("right", "l", "space"), "step(1)", "Next choice", "In a field with a few values.", "other", palette=False),
    Action("choice.back", ("left", "h"), "step(-1)", "Previous choice", "In a field with a few values.", palette=False),
    Action("choice.on", ("enter",), "on", "On", "To what is to be filled first.", "on", palette=False),
    Action("score.digit", tuple("0123456789"), "digit(0)", "Score", "One key; ٠–٩ and ۰–۹ as well.", "to 9 score", palette=False),
    Action("score.ten", ("t",), "digit(10)", "Score ten", "Ten, with one key.", "ten", palette=False),
    Action("score.nps", ("n",), "kind('nps')", "NPS", "The answer is to “would you recommend us?”.", "NPS", palette=False),
    Action("score.csat", ("c",), "kind('csat')", "CSAT", "The answer is to “how satisfied are you?”.", "CSAT", palette=False),
    Action("score.ces", ("e",), "kind('ces')", "CES", "The answer is to “was it easy?”.", "CES", palette=False),
    Action("score.clear", ("backspace", "delete"), "clear", "No score", "Empty the score.", palette=False),
    Action("score.on", ("enter",), "on", "On", "Save, once there is a score.", "save", palette=False),
    Action("day.later", ("up",), "step(1)", "A day later", "In the date field.", "later", palette=False),
    Action("day.earlier", ("down",), "step(-1)", "A day earlier", "In the date field.", "earlier", palette=False),
    Action("import.preview", ("enter",), "preview", "Preview the import", "Read the marked files; nothing is written yet.", "preview"),
    Action("import.mark", ("space",), "mark", "Mark the file", "Several files can go in as one import.", "mark", palette=False),
    Action("import.unmark", ("x",), "unmark", "Unmark all files", "None is marked then.", "unmark", palette=False),
    Action("import.path", ("/",), "path", "Type a path", "Go to the path line; Tab or → completes.", "type a path"),
    Action("import.recent", ("r",), "recent", "Recent folders", "Where the last imports came from.", "recent"),
    Action("import.reconcile", ("c", "ctrl+o"), "reconcile", "Reconcile", "Stripe's MRR per subscriber against ours.", "reconcile"),
    Action("import.undo", ("u",), "undo", "Take an import back", "The one selected in the log, or else the last.", "take back"),
    Action("import.redo", ("ctrl+r",), "redo", "Make an import again", "The one selected, or the one taken back last.", "make again"),
    Action("kept.explain", ("e",), "explain", "Explain the figure", "The past figure on the line, as it is now.", "explain"),
    Action("kept.rejects", ("w",), "rejects", "Write the refused rows", "To a CSV file to mend and import again.", "write refused"),
    Action("kept.details", ("d",), "details", "Show the line whole", "Long reasons, and all that is known of it.", "whole line"),
    Action("kept.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("kept.back", ("escape",), "back", "Back", "To the list of imports.", "back", palette=False),
    Action("path.open", ("enter",), "submit", "Preview the file", "Or go to the folder that is typed.", "preview", palette=False),
    Action(
        "path.complete", ("tab",), "complete", "Complete the path", "As it is suggested; else on to the list.", "complete", palette=False
    ),
    Action("path.leave", ("escape",), "leave", "Back to the list", "What was typed is let go.", "back to the list", palette=False),
    Action("path.into", ("down",), "into", "Into the list", "What was typed stays.", palette=False),
    Action("preview.commit", ("enter",), "commit", "Import all", "Write everything that was not refused, or nothing.", "import all"),
    Action("preview.mapping", ("m",), "mapping", "Map columns", "Say which column is which field, or give a constant.", "map columns"),
    Action("preview.encoding", ("o",), "encoding", "Read as another encoding", "Where letters are not what they should be.", "encoding"),
    Action("preview.sheet", ("s",), "sheet", "One sheet alone", "Of a workbook, an archive, a file with several tables.", "sheet"),
    Action("preview.set", ("v",), "set", "Set a value", "One for every row that has none of its own: the day of a report.", "set"),
    Action("preview.kind", ("a",), "kind", "Take it as another kind", "Say what the rows of the file are.", "kind"),
    Action("preview.reconcile", ("c",), "reconcile", "Reconcile", "Compare the file with the MRR here.", "reconcile"),
    Action("preview.rejects", ("w",), "rejects", "Write the refused rows", "To a CSV file with line, column and reason.", "write refused"),
    Action("preview.match", ("e",), "match", "Match by e-mail", "Unknown ids join the customer with their e-mail, or domain.", "e-mail"),
    Action(
        "preview.details", ("d",), "details", "Show the line whole", "Long reasons, every sample, all that is known of it.", "whole line"
    ),
    Action("preview.cancel", ("escape",), "cancel", "Cancel", "Stop; nothing is changed.", "cancel", palette=False),
    Action("preview.dates", ("t",), "dates", "Read dates otherwise", "Where day and month, or the calendar, were taken wrong.", "dates"),
    Action("reconcile.totals", ("t",), "totals", "To the months and back", "Enter on a month goes to its first difference.", "months"),
    Action("reconcile.explain", ("e",), "explain", "Explain our MRR", "What our amount of the line is made of, file and line.", "explain"),
    Action("reconcile.encoding", ("o",), "encoding", "Read as another encoding", "Where names are not what they should be.", "encoding"),
    Action("reconcile.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("reconcile.back", ("escape",), "back", "Back", "To where you came from.", "back", palette=False),
    Action("mapping.open", ("enter",), "open", "Choose the column", "On one of them: take it for the field.", "columns", palette=False),
    Action("mapping.done", ("ctrl+s",), "done", "Use this mapping", "Read the file again with it.", "use it"),
    Action("mapping.constant", ("c",), "constant", "Give a constant", "One value for every row that has none of its own.", "constant"),
    Action("mapping.words", ("w",), "words", "Say what words mean", "Those of a field with choices that are not known.", "words"),
    Action("mapping.kind", ("a",), "kind", "Take it as another kind", "The likeliest kinds first; the columns are guessed anew.", "kind"),
    Action("mapping.back", ("escape",), "back", "Back", "The mapping stays as it was; the kind is remembered.", "back", palette=False),
    Action("mapping.dates", ("t",), "dates", "Read dates otherwise", "Where rows leave the order of day and month open.", "dates"),
    Action("mapping.save", ("s",), "save", "Keep as a source", "Files with these columns are known from then on.", "keep as source"),
    Action("mapping.clear", ("backspace", "delete"), "clear", "Take nothing", "Leave the field empty.", "nothing"),
    Action("dialog.back", ("escape",), "back", "Back", "Close without choosing.", "back", palette=False),
    Action("segment.clear", ("x",), "clear", "All customers", "Unmark every value.", "all customers", palette=False),
    Action("segment.apply", ("enter",), "apply", "Apply", "Show the customers with the marked values.", "apply", palette=False),
    Action("segment.back", ("escape",), "back", "Back", "Keep the segment as it was.", "back", palette=False),
    Action("first_run.begin", ("ctrl+s",), "begin", "Make the workspace", "With the name, currency and time zone given.", "make it"),
    Action(
        "first_run.sample", ("ctrl+o",), "sample", "Open the sample company", "A private copy; your own data stays apart.", "sample company"
    ),
    Action("first_run.quit", ("escape",), "app.quit", "Leave", "Nothing has been written yet.", "quit", palette=False),
)


_BY_SCOPE: dict[str, list[Action]] = {}
for _action in ACTIONS:
    _BY_SCOPE.setdefault(_action.scope, []).append(_action)


def of(scope: str) -> tuple[Action, ...]:
    """The actions of one scope, in table order."""
    return tuple(_BY_SCOPE.get(scope, ()))


def named(action_id: str) -> Action | None:
    """The action with that id, or None."""
    return next((action for action in of(action_id.partition(".")[0]) if action.id == action_id), None)


@cache
def _own_keys(scope: str) -> frozenset[str]:
    """Textual's names of what a Latin layout sends for the keys of a scope."""
    return frozenset(_NAMES.get(key, key) for action in of(scope) for key in action.keys)


def bound_keys(action: Action) -> tuple[str, ...]:
    """Textual's key names for an action: its own keys, and what the Arabic and Persian layouts send for them."""
    own = _own_keys(action.scope)
    keys: list[str] = []
    for key in action.keys:
        for name in (_NAMES.get(key, key), *map(key_name, SENT.get(key, ()))):
            if name not in keys and (name not in own or name == _NAMES.get(key, key)):
                keys.append(name)
    return tuple(keys)


def bindings(*scopes: str) -> list[BindingType]:
    """The bindings of these scopes. A layout's letter that two actions would claim goes to the first of the table."""
    claimed: set[str] = set()
    found: list[BindingType] = []
    for action in (action for scope in scopes for action in of(scope)):
        keys = [key for key in bound_keys(action) if key not in claimed]
        claimed.update(keys)
        found.append(
            Binding(
                ",".join(keys),
                action.action,
                action.title,
                show=bool(action.short),
                key_display=shown(action.keys[0]),
                tooltip=action.help,
                id=action.id,
            )
        )
    return found


def shown(key: str) -> str:
    """A key as the footer and help print it."""
    return _SHOWN.get(key) or key.replace("ctrl+", "^")


def character(key: str) -> str:
    """Textual's key name as the character it stands for, where it stands for one."""
    return next((char for char, name in _NAMES.items() if name == key), key)
