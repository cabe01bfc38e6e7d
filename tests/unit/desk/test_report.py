"""The month on paper: the same bytes for the same data, safe with any name, kept as it was made."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import parse_month, parse_quarter
from cstui.base.errors import UsageError
from cstui.desk.annotations import add
from cstui.desk.goals import set_goal
from cstui.desk.paper.blocks import Cell, Chart, Heading, Table, Words, from_json, to_json
from cstui.desk.paper.html import html
from cstui.desk.paper.markdown import escape, markdown
from cstui.desk.paper.svg import svg
from cstui.desk.report import NothingToReport, ReportFailed, UnknownReport, all_reports, make, stored, write
from cstui.desk.settings import set_switch
from cstui.desk.workspace import Workspace, open_workspace
from cstui.store.forget import forget
from tests.unit.desk.test_coverage_and_changes import cstui
from tests.unit.store.import_calls import AT, bring

TODAY = date(2026, 11, 21)
HOSTILE = "<script>alert(1)</script>"
FILES = (
    f"customer_id,name,created_at\nc1,{HOSTILE},2026-01-05\nc2,[/]|`x`*_#,2026-01-06\nc3,شركة النور,2026-02-01\nc4,A\x1b]52;c;\x07B,\n",
    (
        "subscription_id,customer_id,started_at,amount,ended_at\ns1,c1,2026-09-03,100,\ns2,c2,2026-06-01,410,2026-09-20\n"
        "s3,c3,2026-06-01,50,\ns4,c4,2026-07-01,70,\ns5,c3,2026-09-10,25,\n"
    ),
    "payment_id,customer_id,amount,paid_at,source\np1,c1,100,2026-09-10,card|<b>\np2,c3,50,2026-06-10,card\n",
    "customer_id,answered_at,kind,score,scale,touchpoint\nc1,2026-09-02,nps,9,,\nc2,2026-09-05,nps,3,,\nc3,2026-09-06,csat,5,1-5,<i>support</i>\n",
    "date,category,amount\n2026-09-12,sales,30\n2026-06-12,service,10\n",
    "subscription_id,customer_id,started_at,amount\ns9,c3,2026-10-31,5\n",
)
SEPTEMBER = View(PeriodChoice(period=parse_month("2026-09")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workspace = tmp_path / "w.db"
    bring(workspace, *FILES)
    return workspace


@pytest.mark.parametrize(("month", "why"), [("2026-12", "ends on"), ("2025-11", "begins on")])
def test_a_period_that_the_data_does_not_reach_is_refused(ws: Workspace, month: str, why: str) -> None:
    with pytest.raises(NothingToReport, match=why):
        make(ws, View(PeriodChoice(period=parse_month(month))), TODAY)
    assert all_reports(ws) == ()


class Page(HTMLParser):
    """The tags of a page, whether they nest, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta" and tag not in ("line", "rect", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_same_question_gives_the_same_bytes(tmp_path: Path, path: Path, form: str) -> None:
    other = tmp_path / "other" / "w.db"
    other.parent.mkdir()
    bring(other, *FILES)
    one, two = (open_workspace(workspace) for workspace in (path, other))
    first = make(one, SEPTEMBER, TODAY).render(form)
    assert make(one, SEPTEMBER, date(2031, 1, 1)).render(form) == first
    assert make(two, SEPTEMBER, date(2029, 5, 5)).render(form) == first
    one.close()
    two.close()


def test_it_tells_all_it_should(ws: Workspace) -> None:
    text = make(ws, SEPTEMBER, TODAY).render("md")
    for title in (
        "Headline figures", "What moved", "The largest behind it", "New customers: 1", "Churned customers: 1", "Returned customers: 0",
        "What customers say", "At risk on 30 Sep 2026", "Cohorts: who is still active", "Money", "What the figures rest on", "Definitions",
        "Switches in force",
    ):  # fmt: skip
        assert f"# {title}" in text, title
    assert "| MRR | \\$245 | \\$530 |" in text
    assert re.search(r"\| Customer churn \| 33\.3 % \|.*small sample \|", text)
    assert "| payments | 2 | 10 Jun 2026 | 10 Sep 2026 | 10 Sep 2026 | 51 days | Jul 2026, Aug 2026 |" in text
    assert "| customers | 4 | 5 Jan 2026 | 1 Feb 2026 | 31 Oct 2026 |  |  |" in text
    assert "| churned | 1 | −410 |" in text
    assert "| past\\_due\\_days | 30 |" in text


def test_who_of_the_risk_list_is_at_risk_is_said_of_each(tmp_path: Path) -> None:
    subscriptions = "subscription_id,customer_id,started_at,amount,cancel_requested_at,current_period_end\n"
    bring(tmp_path / "w.db", subscriptions + "s1,c1,2026-01-01,100,2026-09-20,2026-10-20\ns2,c2,2026-01-01,10,,2026-10-05\n")
    bring(tmp_path / "w.db", "customer_id,answered_at,kind,score\nc2,2026-09-20,nps,3\nc1,2026-10-02,nps,9\n")
    workspace = open_workspace(tmp_path / "w.db")
    table = make(workspace, SEPTEMBER, TODAY).render("md").partition("## At risk")[2].partition("##")[0]
    workspace.close()
    assert "1 of 2 paying customers at medium or high risk, which is 30 or more" in table
    levels = re.findall(r"^\| (\d+) \| (\w+) \| ", table, re.MULTILINE)
    assert sorted(level in ("medium", "high") for _, level in levels) == [False, True]


def test_goals_stand_in_it_with_how_far_the_figures_are_from_them(ws: Workspace) -> None:
    before = make(ws, SEPTEMBER, TODAY)
    assert "Goals" not in before.render("md")
    for metric, goal in (("mrr", "500"), ("customer_churn_rate", "2 %"), ("dau", "40"), ("revenue", "100")):
        set_goal(ws, metric, goal)
    made = make(ws, SEPTEMBER, TODAY)
    text = made.render("md")
    goals = text.partition("## Goals")[2].partition("##")[0]
    assert "| MRR | \\$245 | \\$500 | −255 | 49 % of \\$500 |  |" in goals
    assert "| Customer churn | 33.3 % | 2.0 % | +31.3 pt | 31.3 pt over 2.0 % | small sample |" in goals.replace("\\.", ".")
    assert "| Revenue | \\$100 | \\$100 | 0 | ✓ \\$100 met |  |" in goals
    assert re.search(r"\| Daily users \| n/a \| 40\.0 \|  \| .+ \|", goals)
    assert "Goals" in Page(made.render("html")).words
    assert "| Daily users | dau |" in text
    assert make(ws, View(PeriodChoice(period=parse_quarter("2026-Q3"))), TODAY).render("md").count("| \\$300 |") == 1
    for metric in ("mrr", "customer_churn_rate", "dau", "revenue"):
        set_goal(ws, metric, "none")
    assert make(ws, SEPTEMBER, TODAY).render("md") == before.render("md").replace("revision 1.", "revision 9.")
    assert "Goals" in stored(ws, made.number).render("md")


def test_a_trend_says_what_was_noted_of_its_time(path: Path, ws: Workspace) -> None:
    add(ws, "2026-07-04", "price change <b>")
    add(ws, "2026-07-09", "met شركة النور")
    add(ws, "2019-01-01", "before it all")
    made = make(ws, SEPTEMBER, TODAY)
    charts = [block for block in made.document if isinstance(block, Chart) and block.form == "line"]
    assert charts
    for chart in charts:
        assert [(chart.labels[index], words) for index, words in chart.marks] == [("Jul 26", "price change <b> · met شركة النور")]
    text, page = made.render("md"), made.render("html")
    assert "| 4 Jul 2026 | price change \\<b\\> |\n| 9 Jul 2026 | met شركة النور |" in text
    assert page.count('class="a"') == len(charts)
    assert "price change &lt;b&gt; · met" in page
    assert "before it all" not in text + page
    ws.close()
    forget(path, "c3", AT)
    reopened = open_workspace(path)
    kept = stored(reopened, made.number)
    reopened.close()
    assert "النور" not in kept.render("md") + kept.render("html")
    assert "price change" in kept.render("md")


def test_many_notes_are_marked_and_none_stands_on_another() -> None:
    notes = tuple((index, f"note {index} " + "x" * 30) for index in range(0, 24, 2))
    drawn = svg(Chart("line", "t", ("m",) * 24, tuple(map(float, range(24))), ("v",) * 24, 0, notes))
    assert drawn.count('class="a"') == len(notes)
    places = re.findall(r'<text x="([\d.]+)" y="(\d+)" class="l( e)?">(note \d+ x+)</text>', drawn)
    assert 2 <= len(places) < len(notes)
    spans = sorted((y, float(x) - (170 if end else 0), float(x) + (0 if end else 170)) for x, y, end, _ in places)
    assert all(one[0] != other[0] or one[2] <= other[1] for one, other in pairwise(spans)), spans


def test_a_running_period_is_so_far(ws: Workspace) -> None:
    text = make(ws, View(PeriodChoice(period=parse_quarter("2026-Q4"))), TODAY).render("md")
    assert "The period is not over" in text


def test_no_name_is_more_than_a_name_in_html(ws: Workspace) -> None:
    text = make(ws, SEPTEMBER, TODAY).render("html")
    page = Page(text)
    assert page.open == []
    assert not page.tags & {"script", "i", "b", "link", "img", "iframe", "a", "form"}
    assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {"src", "href"}
    assert HOSTILE in page.words
    assert "http" not in text.replace("http-equiv", "")
    assert "\x1b" not in text
    assert "\x07" not in text
    assert '<td dir="auto">شركة النور</td>' in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert text.count("<svg") >= 3


def test_no_name_is_more_than_a_name_in_markdown(ws: Workspace) -> None:
    text = make(ws, SEPTEMBER, TODAY).render("md")
    assert "\\<script\\>alert(1)\\</script\\>" in text
    assert "\\[/\\]\\|\\`x\\`\\*\\_\\#" in text
    assert "\x1b" not in text
    for table in re.findall(r"(?:^\|.*\|$\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


@given(text=st.text(max_size=80))
def test_any_text_stays_in_its_cell(text: str) -> None:
    document = (
        Heading(1, text),
        Words(text, care=True),
        Words(text),
        Table((text, "n>"), ((Cell(text, heat=50), Cell(text, tone="bad")),)),
    )
    page = Page(html(document))
    assert page.open == []
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "p",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    shown = markdown(document)
    assert not re.search(r"(?<!\\)(?:\\\\)*<", shown)
    lines = [line for line in shown.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {3}
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_an_address_is_no_link_and_a_dash_no_list() -> None:
    assert escape("https://x.example www.x.example") == "https\\://x.example www\\.x.example"
    assert markdown((Words("- a"), Words("1. b"), Words("+5"))) == "\\- a\n\n1\\. b\n\n\\+5\n"


@pytest.mark.parametrize("form", ["line", "bars", "steps"])
@pytest.mark.parametrize("values", [(1.0, None, 3.0), (None, None, None), (0.0, 0.0, 0.0), (-5.0, 2.0, -3.0), (7.0,)])
def test_a_chart_of_anything_is_whole(form: str, values: tuple[float | None, ...]) -> None:
    texts = tuple("n/a" if value is None else f"{value:g}<" for value in values)
    drawn = svg(Chart(form, "a < b", tuple("xyz"[: len(values)]), values, texts, 1))
    assert Page(drawn).open == []
    assert "nan" not in drawn
    assert "a &lt; b" in drawn


def test_a_report_that_was_made_stays_as_it_was(path: Path, ws: Workspace) -> None:
    made = make(ws, SEPTEMBER, TODAY)
    before = {form: made.render(form) for form in ("md", "html")}
    bring(path, "subscription_id,customer_id,started_at,amount,ended_at\ns3,c3,2026-06-01,50,2026-08-01\n")
    set_switch(ws, "past_due_days", "10")
    assert {form: stored(ws, made.number).render(form) for form in before} == before
    assert stored(ws, made.number).switches["past_due_days"] == "30"
    again = make(ws, SEPTEMBER, TODAY)
    assert again.number == made.number + 1
    assert again.switches["past_due_days"] == "10"
    assert again.render("md") != before["md"]
    assert [one.number for one in all_reports(ws)] == [made.number, again.number]


def test_making_one_changes_no_figure(ws: Workspace) -> None:
    before = ws.revision()
    make(ws, SEPTEMBER, TODAY)
    assert ws.revision() == before


def test_forgetting_a_customer_takes_them_out_of_kept_reports(path: Path, ws: Workspace) -> None:
    number = make(ws, SEPTEMBER, TODAY).number
    assert "شركة النور" in stored(ws, number).render("md")
    ws.close()
    forget(path, "c3", AT)
    reopened = open_workspace(path)
    text = stored(reopened, number).render("md")
    reopened.close()
    assert "شركة النور" not in text
    assert "(forgotten)" in text
    assert "| MRR | \\$245 |" in text
    assert "شركة النور".encode() not in path.read_bytes()


def test_what_there_is_not(tmp_path: Path, ws: Workspace) -> None:
    with pytest.raises(UnknownReport):
        stored(ws, 77)
    with pytest.raises(UsageError):
        make(ws, SEPTEMBER, TODAY).render("pdf")
    empty = open_workspace(tmp_path / "e.db", create=True)
    with pytest.raises(NothingToReport):
        make(empty, View(), TODAY)
    empty.close()


def test_a_shop_without_subscriptions_has_its_report(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    days = ("2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01")
    rows = "".join(f"p{i}{day},c{i},{10 + i},{day}\n" for i in range(4) for day in days[: i + 1])
    bring(path, f"payment_id,customer_id,amount,paid_at\n{rows}")
    ws = open_workspace(path)
    june, text = (make(ws, View(PeriodChoice(period=parse_month(month))), TODAY).render("md") for month in ("2026-06", "2026-08"))
    ws.close()
    assert "| Revenue |" in text
    assert "Active customers from start to end" in text
    assert "### New customers: 4\n\n| customer | id | spent so far |\n| --- | --- | ---: |\n| c3 | c3 | \\$13 |" in june
    assert "| risk | level | revenue a month |" in text
    assert text.count("Nothing recurs in repeat-purchase mode") == 1
    assert "\\$0.00" not in text, "nobody's MRR is 0 where there is none"
    assert "The largest behind it" not in text


def test_money_without_a_rate_is_told_by_currency(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    bring(path, "subscription_id,customer_id,started_at,amount,currency\ns3,c3,2026-10-31,5,USD\n")
    bring(path, "subscription_id,customer_id,started_at,amount,currency\ns1,c1,2026-08-01,100,USD\ns2,c2,2026-08-01,30,EUR\n")
    ws = open_workspace(path)
    text = make(ws, SEPTEMBER, TODAY).render("md")
    ws.close()
    assert "MRR: n/a. No exchange rate from EUR to USD" in text
    assert "By currency: €30 · \\$100" in text


def test_a_figure_that_too_few_left_for_says_so_in_words(ws: Workspace, path: Path) -> None:
    assert "n/a. Too few churned: " in make(ws, SEPTEMBER, TODAY).render("md")
    for command in ("metrics", "explain"):
        status, out, _ = cstui("--db", str(path), command, "clv", "--month", "2026-09")
        assert status == 0
        assert "too few churned: " in out


def test_the_command(path: Path, tmp_path: Path) -> None:
    db = ("--db", str(path))
    status, out, _ = cstui(*db, "report", "--month", "2026-09")
    assert status == 0
    assert out.startswith("# w: Sep 2026\n")
    target = tmp_path / "sep.html"
    status, out, err = cstui(*db, "report", "--month", "2026-09", "-o", str(target))
    assert (status, out) == (0, "")
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert target.stat().st_mode & 0o077 == 0
    status, out, err = cstui(*db, "report", "--month", "2026-09", "-o", str(target), "--json")
    assert (status, json.loads(out)["error"]["code"]) == (1, "exists")
    assert "--force" in err
    assert cstui(*db, "report", "--month", "2026-06", "-o", str(target), "--force")[0] == 0
    listed = json.loads(cstui(*db, "report", "--list", "--json")[1])["reports"]
    assert [one["report"] for one in listed] == [1, 2]
    assert listed[0]["switches"]["churn_base"] == "start"
    assert "Sep 2026" in cstui(*db, "report", "--list")[1]
    assert cstui(*db, "report", "--stored", "1")[1].startswith("# w: Sep 2026\n")
    assert cstui(*db, "report", "--stored", "1", "--format", "html", "-o", "-")[1].startswith("<!doctype html>")
    document = json.loads(cstui(*db, "report", "--month", "2026-09", "--json")[1])
    assert (document["report"], document["document"][0]["type"]) == (1, "heading")
    assert "made" not in document
    for wrong in (("--format", "pdf"), ("--last", "3"), ("--stored", "x")):
        assert cstui(*db, "report", *wrong)[0] == 2
    assert cstui(*db, "report", "--stored", "99")[0] == 1
    assert cstui(*db, "report", "-o", str(tmp_path / "no" / "such.md"))[0] == 1


def test_a_report_that_can_t_be_written_leaves_the_old_one_whole(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = make(ws, View(PeriodChoice(period=parse_month("2026-06"))), TODAY)
    target, link = tmp_path / "june.md", tmp_path / "latest.md"
    target.write_text("the old report", encoding="utf-8")
    link.symlink_to(target)

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(ReportFailed, match="No space left"):
            write(found, "md", link, force=True)
    assert target.read_text(encoding="utf-8") == "the old report"
    assert sorted(path.name for path in tmp_path.iterdir() if "june" in path.name or "part" in path.name) == ["june.md"]
    write(found, "md", link, force=True)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == found.render("md")
    assert target.stat().st_mode & 0o077 == 0


def test_a_line_of_bars_has_one_for_each_period_and_no_more() -> None:
    """A single month was drawn as twenty-four, from itself to itself."""
    values = (*[None] * 23, 5.0)
    drawn = markdown((Chart("line", "MRR", tuple(map(str, range(24))), values, tuple("$5" if value else "" for value in values)),))
    assert drawn == "MRR: `▄` 23 \\$5\n"
    few = (*[None] * 21, 1.0, 2.0, 8.0)
    assert "`▁▂█` 21 a → 23 c" in markdown((Chart("line", "MRR", tuple(map(str, range(24))), few, (*[""] * 21, "a", "b", "c")),))
