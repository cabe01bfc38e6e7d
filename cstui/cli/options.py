"""Arguments that several commands share, and what they mean: the workspace, the period, the filters, the output form."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from cstui.base.ask import PeriodChoice, View, where_of
from cstui.base.days import Period, parse_iso, parse_month, parse_quarter, parse_year
from cstui.base.errors import UsageError
from cstui.base.text import fold_key

MOST_PERIODS = 1200
FIRST_DAY, LAST_DAY = parse_iso("1000-01-01"), parse_iso("9000-01-01")
_TOO_FAR = "Figures are for the years 1000 to 8999, with the period before the one asked for."

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError, so that wrong usage is reported like every other failure. Takes no abbreviations."""

    def __init__(self, **given: object) -> None:
        super().__init__(**{"allow_abbrev": False, **given})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the command's usage line."""
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        raise UsageError(f"{message}\nusage: {usage}")


def workspace_option(parser: argparse.ArgumentParser, *, default: object = argparse.SUPPRESS) -> None:
    """`--db FILE`, accepted before and after the command."""
    parser.add_argument("--db", metavar="FILE", default=default, help="the workspace file (else CSTUI_DB, else the user's data folder)")


def json_option(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def form_options(parser: argparse.ArgumentParser) -> None:
    """`--json` or `--csv`."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON document")
    form.add_argument("--csv", action="store_true", help="print comma-separated values")


def filter_options(parser: argparse.ArgumentParser) -> None:
    """`--where FIELD=VALUE` and `--as-of DAY`."""
    parser.add_argument(
        "--where",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="only customers with this value (FIELD= without any); repeat one field for OR, several for AND",
    )
    parser.add_argument("--as-of", metavar="DAY", help="what was known on this day, YYYY-MM-DD")


def period_options(parser: argparse.ArgumentParser) -> None:
    """The period and series options of `metrics` and `explain`."""
    group = parser.add_argument_group("period", "without one, the month in which the data ends")
    group.add_argument("--month", metavar="YYYY-MM")
    group.add_argument("--from", metavar="DAY", dest="first", help="with --to; both days are inside")
    group.add_argument("--to", metavar="DAY", dest="final")
    group.add_argument("--quarter", metavar="YYYY-Qn")
    group.add_argument("--year", metavar="YYYY")
    group.add_argument("--trailing", metavar="N", help="the N months that end with the month")
    group.add_argument("--last", metavar="N", help="a series of N periods, ending with the one chosen")


def view_of(args: argparse.Namespace) -> View:
    """The view that the period, filter and breakdown options ask for. Raises UsageError."""
    day = as_of(args)
    choice = _choice(args) if "month" in args else PeriodChoice()
    try:
        periods = choice.resolve(day if day is not None else 0)
        inside = periods[0].previous.start >= FIRST_DAY and max(periods[-1].end, day or 0) <= LAST_DAY
    except (ValueError, OverflowError):
        inside = False
    if not inside:
        raise UsageError(_TOO_FAR)
    return View(choice=choice, where=where_of(pairs(args.where, "--where")), by=getattr(args, "by", None), as_of=day)


def as_of(args: argparse.Namespace) -> int | None:
    """The day of `--as-of`, where it is given. Raises UsageError."""
    given = getattr(args, "as_of", None)
    return None if given is None else _day(given)


def pairs(given: list[str], option: str) -> list[tuple[str, str]]:
    """`NAME=VALUE` arguments as pairs. Raises UsageError."""
    found = []
    for text in given:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals):
            raise UsageError(f"{option} takes FIELD=VALUE, not “{text}”.")
        found.append((name.strip(), value))
    return found


def whole(text: str, option: str, most: int) -> int:
    """A whole number from 1 to `most`. Raises UsageError."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise UsageError(f"{option} takes a whole number from 1 to {most}, not “{text}”.")
    return int(text)


def _choice(args: argparse.Namespace) -> PeriodChoice:
    named = [name for name in ("month", "quarter", "year") if getattr(args, name) is not None]
    if args.first is not None or args.final is not None:
        named.append("from … --to")
    if len(named) > 1:
        raise UsageError(f"Give one period: --{' or --'.join(named)}.")
    if args.trailing is not None and named not in ([], ["month"]):
        raise UsageError("--trailing ends with a month: give it alone or with --month.")
    return PeriodChoice(
        period=_period(args),
        trailing=None if args.trailing is None else whole(args.trailing, "--trailing", MOST_PERIODS),
        last=1 if args.last is None else whole(args.last, "--last", MOST_PERIODS),
    )


def _day(text: str) -> int:
    from cstui.desk.typed_days import typed_day  # with what reads other calendars, which few questions need

    return typed_day(text)


def _gregorian(text: str, option: str) -> None:
    from cstui.desk.typed_days import refuse_jalali

    refuse_jalali(text, option)


def _period(args: argparse.Namespace) -> Period | None:
    if args.month is not None:
        _gregorian(args.month, "--month")
        return parse_month(fold_key(args.month))
    if args.quarter is not None:
        return parse_quarter(fold_key(args.quarter))
    if args.year is not None:
        _gregorian(args.year, "--year")
        return parse_year(fold_key(args.year))
    if args.first is None and args.final is None:
        return None
    if args.first is None or args.final is None:
        raise UsageError("--from and --to go together: both days are inside the period.")
    first, final = _day(args.first), _day(args.final)
    if final < first:
        raise UsageError(f"--to {args.final} is before --from {args.first}.")
    return Period(first, final + 1)


def path_of(args: argparse.Namespace) -> Path:
    """The workspace file the arguments and the environment name."""
    if args.db:
        return Path(args.db)
    from cstui.base.paths import default_workspace

    return default_workspace()
