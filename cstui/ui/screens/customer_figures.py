"""The figures of a customer's page, each with what is behind it: which there are, and what opens.

Functions of a `CustomerPage`; the figures themselves are explained as everybody's are, filtered to the one customer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.ask import PeriodChoice, View
from cstui.base.days import Period, month_of, months
from cstui.base.text import cell
from cstui.desk.customer_journey import begins
from cstui.desk.subjects import DaysOf, FigureOf
from cstui.ui.screens.choices import ListDialog
from cstui.ui.screens.customer_words import name_of, source_words
from cstui.ui.screens.entry import Reading
from cstui.ui.screens.explain import BehindScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from cstui.desk.at_risk import RiskRow
    from cstui.desk.customer_journey import Stage
    from cstui.desk.customer_page import CustomerPage, Source
    from cstui.ui.screens.base import DeskScreen, Stamp
    from cstui.ui.theme import Ink

Opens = Callable[[], "Screen[None]"]
_LABEL = 22


class CustomerFigures(ListDialog[Opens]):
    """Which figure of the customer to explain. Dismisses with what opens it."""


def explain_customer(screen: DeskScreen, page: CustomerPage, stamp: Stamp, risk: RiskRow | None) -> None:
    """Ask for a figure of the page, and open what is behind it."""
    lines = figure_lines(page, stamp, risk, screen.ink)
    if not lines:
        screen.app.notify("Nothing has been paid and nothing is judged: there is no figure to explain yet.", markup=False)
        return

    def chosen(opens: Opens | None) -> None:
        if opens is not None:
            screen.app.push_screen(opens())

    screen.app.push_screen(CustomerFigures(Text(f"Explain a figure of {cell(name_of(page), 40)}", style="bold"), lines), chosen)


def figure_lines(page: CustomerPage, stamp: Stamp, risk: RiskRow | None, ink: Ink) -> list[tuple[Text, Opens]]:
    """The figures the page shows, with their values and what opens each."""
    if page.as_of is None:
        return []
    where = (("customer_id", (page.customer_id,)),)
    now = View(where=where).on(months(month_of(page.as_of)))

    def behind(metric: str, view: View) -> Opens:
        return lambda: BehindScreen(FigureOf(metric, view), stamp, (name_of(page),))

    lines: list[tuple[Text, Opens]] = []
    if page.bought is None and (page.mrr_by_currency or page.first_paid is not None):
        mrr = " + ".join(fmt.money(amount, code) for code, amount in page.mrr_by_currency) or fmt.money(Fraction(0), page.currency)
        lines.append((_line("MRR", mrr), behind("mrr", now)))
    if page.first_paid is not None:
        lines.append((_line("First paid", fmt.day(page.first_paid)), lambda: Reading(first_paid_words(page, ink))))
    if page.journey:
        now_in = page.journey[-1]
        whose = f"   {' → '.join(cell(who, 16) for who in now_in.owners[:4])}" if now_in.owners else ""
        words = f"{now_in.name} since {fmt.day(now_in.start)}{whose}"
        lines.append((_line("Stage", words), lambda: Reading(stage_words(page, ink))))
    if page.payments:
        so_far = _realised(page)
        if page.first_paid is not None:
            lines.append((_line("Value so far", so_far), behind("clv_realised", now)))
        elif (days := [line.paid_at for line in page.payments if line.paid_at is not None]) and min(days) <= page.as_of:
            whole = View(PeriodChoice(period=Period(min(days), page.as_of + 1)), where)
            lines.append((_line("Value so far", so_far), behind("revenue", whole)))
    lines += _days_line(page, stamp)
    if risk is not None:
        lines.append(
            (_line("Risk", f"{risk.risk} {risk.band}"), lambda: _evidence(risk, stamp, (page.as_of or 0) + max(0, stamp.age_days)))
        )
    return lines


def _days_line(page: CustomerPage, stamp: Stamp) -> Iterator[tuple[Text, Opens]]:
    """How many days they used it on, in the last month that use is known of."""
    for month, days in reversed(list(zip(page.trend.months, page.trend.days, strict=True))):
        if days is not None:
            view = View(where=(("customer_id", (page.customer_id,)),)).on(months(month))
            yield _line("Active days", f"{days} in {fmt.month(month)}"), partial(BehindScreen, DaysOf(view), stamp, (name_of(page),))
            return


def first_paid_words(page: CustomerPage, ink: Ink) -> Text:
    """The first day, what it means, and the rows that say so."""
    day = page.first_paid
    assert day is not None
    if page.bought is not None:
        meaning = "The first day with a paid payment that is no refund."
        rows = [
            (f"payment {cell(line.payment_id, 60)}", fmt.money(line.amount, line.currency), line.source)
            for line in page.payments
            if line.paid_at == day and line.status == "paid" and line.kind != "refund"
        ]
    else:
        meaning = "The first day with MRR: a subscription in service, past its trial and not free."
        rows = [
            (f"subscription {cell(line.subscription_id, 60)}", f"{fmt.money(line.mrr, line.currency)} MRR", line.source)
            for line in page.subscriptions
            if line.paying_from == day and line.mrr
        ]
    text = Text.assemble(("First paid  ", ink.dim), (fmt.day(day), "bold"), ("\n" + meaning + "\n", ink.dim))
    for what, amount, source in rows:
        text.append(f"\n{what}  {amount}").append(_from(source), ink.dim)
    return text


def stage_words(page: CustomerPage, ink: Ink) -> Text:
    """Every stage: since when, how long, who was in charge, and the rows that put them there."""
    text = Text.assemble(("Stage  ", ink.dim), (page.journey[-1].name, "bold"))
    text.append(
        "\nA stage lasts until the next begins, or to the last day of the data. In charge is who kept in touch meanwhile, tickets ", ink.dim
    )
    text.append("aside; of the stage they are in, the record's owner too.\n", ink.dim)
    for stage in page.journey:
        until = "now" if stage.end is None else fmt.day(stage.end)
        text.append(f"\n{stage.name}", "bold").append(f"  {fmt.day(stage.start)} to {until}, {fmt.count(stage.days, 'day')}")
        text.append(f"\n   in charge: {' → '.join(cell(who, 40) for who in stage.owners) or 'nobody on record'}")
        text.append(f"\n   begins when {begins(stage.name, by_purchase=page.bought is not None)}", ink.dim)
        for what, source in _put_there(page, stage):
            text.append(f"\n   {what}   {source_words(source)}")
    return text


def _put_there(page: CustomerPage, stage: Stage) -> Iterator[tuple[str, Source]]:
    """The rows that say that a stage began on its day."""
    if stage.name in ("visitor", "lead", "lost"):
        yield "record", page.source
    elif page.bought is not None and stage.name != "churned":
        for bought in page.payments:
            if bought.paid_at == stage.start and bought.status == "paid" and bought.kind != "refund":
                yield f"payment {cell(bought.payment_id, 60)}", bought.source
    else:
        for line in page.subscriptions:
            trial = line.trial_start if line.trial_start is not None else line.started_at
            days = {"trial": trial if line.trial_end is not None else None, "churned": line.service_end if line.mrr else None}
            if days.get(stage.name, line.paying_from if line.mrr else None) == stage.start:
                yield f"subscription {cell(line.subscription_id, 60)}", line.source


def _from(source: Source) -> str:
    return f"\n   {source_words(source)}"


def _realised(page: CustomerPage) -> str:
    if page.realised is not None:
        return fmt.money(page.realised, page.currency)
    return " + ".join(fmt.money(amount, code) for code, amount in page.realised_by_currency)


def _line(label: str, value: str) -> Text:
    return Text.assemble(f"{label:<{_LABEL}}", (value, "bold"))


def _evidence(risk: RiskRow, stamp: Stamp, today: int) -> Screen[None]:
    from cstui.ui.screens.risk_evidence import RiskEvidenceScreen

    return RiskEvidenceScreen(risk, stamp, today)
