"""What is behind a part of what customers say: the answers with a score, of a band, on the easy side.
Rows sum to the figure, movers to its difference.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cstui.base.ask import View, Where
from cstui.base.days import month_of, months, parse_iso, parse_month
from cstui.base.errors import UsageError
from cstui.desk.answers_behind import part_named
from cstui.desk.explain import Explanation, Wanted
from cstui.desk.settings import set_switch
from cstui.desk.subjects import AnswersOf
from cstui.desk.voices import BANDS, EASY, MEASURES, AnswerPart, Question, voices
from cstui.desk.workspace import Workspace, open_workspace
from tests.property.program import bring_in

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 21)
ALL = Wanted(difference=True)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(Path(shutil.copy(ROOT / "sample.db", tmp_path_factory.mktemp("answers") / "sample.db")))
    yield workspace
    workspace.close()


def held(found: Explanation) -> Explanation:
    """An explanation whose rows sum to its figure, and whose movers to its difference."""
    figure, rows = found.answer.figure, found.rows or ()
    assert found.counted
    assert sum((row.numerator or Fraction(0) for row in rows), Fraction(0)) == figure.numerator
    if figure.denominator is not None:
        assert sum((row.denominator or Fraction(0) for row in rows), Fraction(0)) == figure.denominator
    assert found.total_rows == len(rows) == figure.n
    assert all(row.file == "surveys.csv" and row.line for row in rows)
    difference = found.difference
    assert difference is not None
    if difference.value is not None:
        assert sum((mover.contribution for mover in difference.movers), Fraction(0)) == difference.value
        sizes = [abs(mover.contribution) for mover in difference.movers]
        assert sizes == sorted(sizes, reverse=True)
    return found


@pytest.mark.parametrize("where", [(), (("plan", ("team",)),)], ids=["everybody", "team"])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("month", ["2026-10", "2026-03", "2025-11"])
def test_a_bar_is_the_answers_with_that_score(ws: Workspace, month: str, measure: str, where: Where) -> None:
    number = month_of(parse_month(month).start)
    shown = voices(ws, Question(measure, number, where), TODAY)
    view = View(where=where).on(months(number))
    every = 0
    for spread in shown.spreads:
        for score, count in spread.counts:
            found = held(AnswersOf(AnswerPart(measure, scale=spread.scale, score=score), view).explain(ws, TODAY, ALL))
            assert found.answer.figure.value == count
            assert {row.note.split()[0] for row in found.rows or () if row.note} <= {str(score)}
        whole = held(AnswersOf(AnswerPart(measure, scale=spread.scale), view).explain(ws, TODAY, ALL))
        assert whole.answer.figure.value == spread.total
        every += spread.total
    assert every == shown.total


@pytest.mark.parametrize("bands", ["standard", "article"])
def test_a_band_is_the_answers_that_nps_counts_in_it(ws: Workspace, bands: str) -> None:
    set_switch(ws, "nps_bands", bands)
    view = View().on(parse_month("2025-11"))
    shown = voices(ws, Question("nps", month_of(parse_month("2025-11").start)), TODAY).now["nps"].figure.parts
    assert shown is not None
    counts = shown["counts"]
    assert isinstance(counts, dict)
    for band in BANDS:
        found = held(AnswersOf(AnswerPart("nps", band), view).explain(ws, TODAY, ALL))
        assert found.answer.figure.value == counts[f"{band}s"]
        assert found.switches == {"nps_bands": bands}
    set_switch(ws, "nps_bands", "standard")


def test_the_easy_side_is_the_share_beside_ces(ws: Workspace) -> None:
    month = parse_month("2026-10")
    shown = voices(ws, Question("ces", month_of(month.start)), TODAY).now["ces"].figure.parts
    assert shown is not None
    found = held(AnswersOf(AnswerPart("ces", EASY), View().on(month)).explain(ws, TODAY, ALL))
    assert found.answer.figure.value == shown["easy_share"]
    assert found.difference is not None
    assert found.difference.numerator is not None


def test_an_answer_of_a_day_to_come_is_in_no_bar(tmp_path: Path) -> None:
    """It was shown as a bar, and counted in nothing."""
    ws = open_workspace(tmp_path / "later.db", create=True)
    (tmp_path / "surveys.csv").write_text(
        "customer_id,answered_at,kind,score,scale\nc-1,2026-11-02,nps,9,0-10\nc-1,2026-11-28,nps,3,0-10\n", encoding="utf-8"
    )
    bring_in(ws, tmp_path / "surveys.csv", day=date(2026, 11, 20))
    shown = voices(ws, Question("nps", month_of(parse_iso("2026-11-01"))), TODAY)
    assert [(score, n) for score, n in shown.spreads[0].counts if n] == [(9, 1)]
    assert shown.now["nps"].figure.n == 1
    ws.close()


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        ("nps", "Promoters", AnswerPart("nps", "promoter")),
        ("nps", "9", AnswerPart("nps", scale="0-10", score=9)),
        ("nps", "9@1-10", AnswerPart("nps", scale="1-10", score=9)),
        ("ces", "easy", AnswerPart("ces", EASY)),
        ("csat", "4@1-5", AnswerPart("csat", scale="1-5", score=4)),
    ],
)
def test_a_part_is_named_on_the_command_line(kind: str, text: str, part: AnswerPart) -> None:
    assert part_named(kind, text) == part


@pytest.mark.parametrize(
    ("kind", "text"), [("nps", "11"), ("nps", "easy"), ("csat", "4"), ("csat", "6@1-5"), ("ces", ""), ("ces", "x@1-5")]
)
def test_a_part_that_can_t_be_is_refused_with_the_ways_there_are(kind: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"Answers of {kind} are told by .*not by “{text}”"):
        part_named(kind, text)
