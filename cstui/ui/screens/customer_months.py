"""The months of a customer's chart as a table, each with what is behind its figures.

Functions of a `CustomerPage`; the figures are explained as everybody's are, narrowed to the one customer and the month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import months
from cstui.base.text import cell
from cstui.desk.subjects import DaysOf, FigureOf
from cstui.ui.life_chart import life_heading, life_lines
from cstui.ui.screens.choices import ListDialog
from cstui.ui.screens.customer_words import name_of
from cstui.ui.screens.explain import explain_one_of

if TYPE_CHECKING:
    from cstui.desk.customer_page import CustomerPage
    from cstui.desk.subjects import Subject
    from cstui.ui.screens.base import DeskScreen, Stamp

_MEASURES = ("nps", "csat", "ces")


def show_months(screen: DeskScreen, page: CustomerPage, stamp: Stamp) -> None:
    """The table; enter on a month asks which of its figures to explain."""
    life = page.trend
    if not life.months:
        screen.app.notify("Nothing is known of any month yet.", markup=False)
        return

    def chosen(at: int | None) -> None:
        if at is not None:
            title = f"Explain {cell(name_of(page), 30)} in {fmt.month(life.months[at])}"
            explain_one_of(screen, stamp, title, figures_of(page, at), (name_of(page),))

    ink = screen.ink
    heading = Text.assemble(
        ("enter explains a month's figures\n\n", ink.faint), (f" {life_heading(life, page.currency)}", ink.dim), no_wrap=True
    )
    lines = [(text, at) for at, text in life_lines(life, page.currency, ink)]
    screen.app.push_screen(ListDialog(heading, lines, width=84), chosen)


def figures_of(page: CustomerPage, at: int) -> list[tuple[Text, Subject]]:
    """The figures of a month, and what explains each."""
    life = page.trend
    view = View(where=(("customer_id", (page.customer_id,)),)).on(months(life.months[at]))
    money, days = life.mrr[at], life.days[at]
    amount = "no rate" if money is None else fmt.money(money, page.currency)
    metric = "revenue" if page.bought is not None else "mrr"
    lines: list[tuple[Text, Subject]] = [(Text(f"{life.money:<22}{amount}"), FigureOf(metric, view))]
    if days is not None:
        lines.append((Text(f"{'Active days':<22}{days}"), DaysOf(view)))
    for measure in _MEASURES:
        given = [one.score for one in life.scores[at] if one.kind == measure]
        if given:
            lines.append((Text(f"{measure.upper():<22}{', '.join(given)}"), FigureOf(measure, view)))
    return lines
