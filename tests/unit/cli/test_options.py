"""Arguments and what they mean: periods, filters, and wrong usage as an error of its own."""

from __future__ import annotations

import pytest

from cstui.base.ask import View
from cstui.base.days import Period, iso, parse_iso
from cstui.base.errors import UsageError
from cstui.cli.options import view_of
from cstui.cli.parser import build

AS_OF = parse_iso("2026-10-31")


def view(*given: str) -> View:
    return view_of(build().parse_args(["metrics", *given]))


def spans(*given: str) -> list[tuple[str, str]]:
    return [(iso(period.start), iso(period.last)) for period in view(*given).choice.resolve(AS_OF)]


def test_without_a_period_it_is_the_month_of_as_of() -> None:
    assert spans() == [("2026-10-01", "2026-10-31")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--month", "2026-02"], [("2026-02-01", "2026-02-28")]),
        (["--from", "2026-02-03", "--to", "2026-02-10"], [("2026-02-03", "2026-02-10")]),
        (["--quarter", "2026-Q3"], [("2026-07-01", "2026-09-30")]),
        (["--year", "2025"], [("2025-01-01", "2025-12-31")]),
        (["--trailing", "3"], [("2026-08-01", "2026-10-31")]),
        (["--trailing", "3", "--month", "2026-06", "--last", "2"], [("2026-03-01", "2026-05-31"), ("2026-04-01", "2026-06-30")]),
        (["--last", "2"], [("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31")]),
        (["--quarter", "2026-Q1", "--last", "2"], [("2025-10-01", "2025-12-31"), ("2026-01-01", "2026-03-31")]),
    ],
)
def test_periods(given: list[str], expected: list[tuple[str, str]]) -> None:
    assert spans(*given) == expected


def test_to_is_inside_the_period() -> None:
    day = parse_iso("2026-05-05")
    assert view("--from", "2026-05-05", "--to", "2026-05-05").choice.period == Period(day, day + 1)


@pytest.mark.parametrize(
    "given",
    [
        ["--month", "2026-13"],
        ["--month", "26-1"],
        ["--from", "2026-01-01"],
        ["--to", "2026-01-01"],
        ["--from", "2026-02-01", "--to", "2026-01-31"],
        ["--from", "2026-02-30", "--to", "2026-03-31"],
        ["--month", "2026-01", "--year", "2026"],
        ["--quarter", "2026-Q5"],
        ["--trailing", "3", "--year", "2026"],
        ["--last", "0"],
        ["--last", "-1"],
        ["--last", "1_0"],
        ["--last", "۳"],
        ["--trailing", "99999999999"],
        ["--year", "9999"],
        ["--month", "9999-12"],
        ["--year", "1000", "--last", "1200"],
        ["--as-of", "yesterday"],
        ["--as-of", "0001-01-01"],
        ["--as-of", "9999-12-31"],
        ["--from", "0001-01-01", "--to", "0001-01-02"],
        ["--from", "2026-01-01", "--to", "9999-12-31"],
        ["--where", "plan"],
        ["--where", "=pro"],
        ["--json", "--csv"],
        ["--jso"],
        ["--db"],
    ],
)
def test_wrong_usage_is_an_error_of_its_own(given: list[str]) -> None:
    with pytest.raises(UsageError):
        view(*given)


def test_filters_are_or_within_a_field_and_and_across() -> None:
    found = view("--where", "plan=pro", "--where", "country=IR", "--where", "plan=a=b", "--where", "plan=pro")
    assert found.where == (("country", ("IR",)), ("plan", ("pro", "a=b")))


def test_the_workspace_is_named_before_or_after_the_command() -> None:
    parser = build()
    assert parser.parse_args(["--db", "a.db", "metrics"]).db == "a.db"
    assert parser.parse_args(["metrics", "--db", "b.db"]).db == "b.db"
    assert parser.parse_args(["--db", "a.db", "metrics", "--db", "b.db"]).db == "b.db"
    assert parser.parse_args(["metrics"]).db is None


@pytest.mark.parametrize("command", ["backtest", "review"])
def test_commands_that_are_not_there_yet_are_unknown(command: str) -> None:
    with pytest.raises(UsageError, match="invalid choice"):
        build().parse_args([command])
