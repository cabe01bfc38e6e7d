"""Importing interactions, answers, traffic, costs and exchange rates: what comes in, what is kept out, what makes rows the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import AllRefused, CstuiError, MissingColumn, UnknownKind
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring, content, counts, one, select

SURVEYS = "customer_id,answered_at,kind,score,scale,direction,survey,response_id,respondent,touchpoint,comment\n"
COSTS = "date,category,amount,cost_id,currency,channel\n"
CONTACTS = "interaction_id,customer_id,at,channel,direction,kind,subject,status,resolved_at,reopens,owner,note\n"
TRAFFIC = "date,channel,visits,conversions,leads\n"
RATES = "date,from,to,rate\n"

FILES = {
    "interaction": CONTACTS + "i1,c1,2025-03-01,email,inbound,ticket,Late,closed,2025-03-04,2,Ana,\ni2,c2,2025-03-02,,,,,,,,,هنوز\n",
    "survey": SURVEYS + "c1,2025-03-01,NPS,9,,,,r1,,,\nc1,2025-03-02,csat,4,1–5,,q1,,ana,support,\nc2,2025-03-03,ces,2.50,1-7,,,,,,سهل\n",
    "traffic": TRAFFIC + '2025-03-01,,"1,200",30,\n2025-03-01,ads,40,,2\n',
    "cost": COSTS + "2025-03-01,COGS,1200,,,\n2025-03-01,marketing,9.99,k1,EUR,ads\n",
    "exchange_rate": RATES + "2025-03-01,EUR,USD,1.0825\n2025-03-02,eur,usd,1.09\n",
}
"""Table → a file of its kind with two or three rows."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


def odd(outcome: object) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {o.code: (o.count, o.lines) for o in outcome.oddities}  # type: ignore[attr-defined]  # a FileOutcome


@pytest.mark.parametrize("table", FILES)
def test_a_file_comes_in_once_and_can_be_taken_back(table: str, workspace: Path) -> None:
    one(workspace, "customer_id\nc1\n")
    before = content(workspace)
    rows = FILES[table].count("\n") - 1
    preview = bring(workspace, FILES[table], commit=False).files[0]
    outcome = one(workspace, FILES[table])
    assert counts(outcome) == counts(preview) == (rows, rows, 0, 0, 0)
    after = content(workspace)
    assert len(after[table]) == rows
    assert counts(one(workspace, FILES[table])) == (rows, 0, 0, rows, 0)
    assert content(workspace) == after
    undo(workspace, None, AT)
    assert content(workspace) == before


def test_what_is_kept(workspace: Path) -> None:
    for text in FILES.values():
        one(workspace, text)
    assert select(workspace, "SELECT interaction_id, direction, status, resolved_at - at, reopens, note FROM interaction ORDER BY 1") == [
        ("i1", "in", "solved", 3, 2, None), ("i2", None, None, None, None, "هنوز"),
    ]  # fmt: skip
    assert select(workspace, "SELECT kind, score, scale, direction, comment FROM survey ORDER BY answered_at") == [
        ("nps", "9", "0-10", None, None), ("csat", "4", "1-5", None, None), ("ces", "2.5", "1-7", "high_easy", "سهل"),
    ]  # fmt: skip
    assert select(workspace, "SELECT channel, visits, conversions, leads FROM traffic ORDER BY channel") == [
        ("", 1200, 30, None), ("ads", 40, None, 2),
    ]  # fmt: skip
    # The first amounts of the workspace were in euros, so an amount without a currency is one too.
    assert select(workspace, "SELECT category, amount, currency, channel FROM cost ORDER BY amount") == [
        ("marketing", 999, "EUR", "ads"), ("cost_of_revenue", 120000, "EUR", None),
    ]  # fmt: skip
    assert select(workspace, 'SELECT "from", "to", rate FROM exchange_rate ORDER BY date') == [
        ("EUR", "USD", "1.0825"), ("EUR", "USD", "1.09"),
    ]  # fmt: skip
    assert select(workspace, "SELECT customer_id, stub FROM customer ORDER BY 1") == [("c1", 1), ("c2", 1)]
    assert select(workspace, "SELECT date(as_of * 86400, 'unixepoch') FROM state") == [("2025-03-04",)]
    spans = "SELECT kind, n, date(first * 86400, 'unixepoch'), date(last * 86400, 'unixepoch') FROM coverage WHERE n ORDER BY kind"
    assert select(workspace, spans) == [
        ("costs", 2, "2025-03-01", "2025-03-01"), ("exchange_rates", 2, "2025-03-01", "2025-03-02"),
        ("interactions", 2, "2025-03-01", "2025-03-02"), ("surveys", 3, "2025-03-01", "2025-03-03"),
        ("traffic", 2, "2025-03-01", "2025-03-01"),
    ]  # fmt: skip


def test_equal_rows_without_an_id_stay_two_and_come_in_once(workspace: Path) -> None:
    costs = COSTS + "2025-03-01,sales,10,,USD,\n" * 2 + "2025-03-02,sales,10,,USD,\n"
    assert counts(one(workspace, costs)) == (3, 3, 0, 0, 0)
    assert counts(one(workspace, costs)) == (3, 0, 0, 3, 0)
    # The same expenses as another program writes them, and one more.
    spelled = "Category,Amount,Currency,Date\n" + 'Sales,"10,00",usd,01.03.2025\n' * 3 + 'Sales,"10,00",usd,13.03.2025\n'
    assert counts(one(workspace, spelled)) == (4, 2, 0, 2, 0)
    answers = SURVEYS + "\u200fكريم,2025-03-01,nps,9,,,,,,,good\n" * 2
    assert counts(one(workspace, answers)) == (2, 2, 0, 0, 0)
    assert counts(one(workspace, answers.replace("\u200fكريم", "کریم"))) == (2, 0, 0, 2, 0)


def test_an_id_finds_its_row_again(workspace: Path) -> None:
    one(workspace, COSTS + "2025-03-01,sales,10,k1,USD,\n")
    assert counts(one(workspace, COSTS + "2025-03-02,sales,12,k1,,\n")) == (1, 0, 1, 0, 0)
    assert select(workspace, "SELECT amount, currency FROM cost") == [(1200, "USD")]
    one(workspace, SURVEYS + "c1,2025-03-01,nps,9,1-10,,spring,r1,,,good\n")
    again = SURVEYS + "c1,2025-03-01,nps,8,,,spring,r1,,web,\nc1,2025-03-01,nps,8,,,summer,r1,,,\nc1,2025-03-01,csat,4,1-5,,spring,r1,,,\n"
    assert counts(one(workspace, again)) == (3, 2, 1, 0, 0)
    assert select(workspace, "SELECT score, scale, touchpoint, comment FROM survey WHERE kind = 'nps' AND survey = 'spring'") == [
        ("8", "1-10", "web", "good")
    ]
    one(workspace, TRAFFIC + "2025-03-01,,100,5,\n")
    assert counts(one(workspace, "date,visits\n2025-03-01,110\n2025-03-02,7\n")) == (2, 1, 1, 0, 0)
    assert select(workspace, "SELECT visits, conversions FROM traffic ORDER BY date") == [(110, 5), (7, None)]


def test_rows_of_one_key_apply_in_turn(workspace: Path) -> None:
    outcome = one(workspace, RATES + "2025-03-01,EUR,USD,1.1\n2025-03-01,EUR,USD,1.2\n2025-03-01,EUR,USD,1.2\n")
    assert counts(outcome) == (3, 1, 1, 1, 0)
    assert odd(outcome)["duplicate-key"] == (1, (3,))
    assert select(workspace, "SELECT rate, line FROM exchange_rate") == [("1.2", 3)]
    outcome = one(workspace, SURVEYS + "c1,2025-03-01,ces,3,1-7,,,r1,,,\nc2,2025-03-01,ces,3,1-7,low_easy,,r1,,,\n")
    assert counts(outcome) == (2, 1, 1, 0, 0)
    assert select(workspace, "SELECT customer_id, direction FROM survey JOIN customer USING (customer_id)") == []
    assert select(workspace, "SELECT c.customer_id, s.direction FROM survey AS s JOIN customer AS c ON c.id = s.customer_id") == [
        ("c2", "low_easy")
    ]
    assert select(workspace, "SELECT count(*) FROM customer") == [(1,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SURVEYS + "c,2025-03-01,nps,11,,,,,,,\nc,2025-03-01,nps,0,1-10,,,,,,\nc,2025-03-01,nps,3,1-5,,,,,,\n"
            "c,2025-03-01,csat,4,,,,,,,\n"
            "c,2025-03-01,csat,6,1-5,,,,,,\nc,2025-03-01,csat,x,1-5,,,,,,\nc,2025-03-01,csat,4,five,,,,,,\nc,2025-03-01,mood,4,1-5,,,,,,\n"
            ",2025-03-01,nps,9,,,,,,,\nc,2025-02-30,nps,9,,,,,,,\nc,2025-03-01,nps,,,,,,,,\nc,2025-03-01,ces,4,1-7,up,,,,,\n"
            "c,2025-03-01,nps,9,,,,,,,\n",
            [
                (2, "score", "constraint-error", "11"), (3, "score", "constraint-error", "0"), (4, "scale", "constraint-error", "1-5"),
                (5, "scale", "missing-value", ""), (6, "score", "constraint-error", "6"), (7, "score", "not-a-number", "x"),
                (8, "scale", "not-a-choice", "five"), (9, "kind", "not-a-choice", "mood"),
                (10, "customer_id", "missing-value", ""), (11, "answered_at", "not-a-date", "2025-02-30"),
                (12, "score", "missing-value", ""), (13, "direction", "not-a-choice", "up"),
            ],
        ),
        (
            CONTACTS + "i,c,2025-03-02,,,,,,2025-03-01,,,\ni,c,2025-03-02,,sideways,,,,,,,\ni,c,2025-03-02,,,,,,,1.5,,\n"
            ",c,2025-03-02,,,,,,,,,\ni,c,2025-03-02,,,,,,,,,\n",
            [
                (2, "resolved_at", "constraint-error", "2025-03-01"), (3, "direction", "not-a-choice", "sideways"),
                (4, "reopens", "not-a-number", "1.5"), (5, "interaction_id", "missing-value", ""),
            ],
        ),
        (
            TRAFFIC + "2025-03-01,ads,,,\n2025-03-01,ads,-1,,\nnever,ads,1,,\n2025-03-01,ads,1,,\n",
            [(2, "visits", "missing-value", ""), (3, "visits", "constraint-error", "-1"), (4, "date", "not-a-date", "never")],
        ),
        (
            COSTS + "2025-03-01,lunch,1,,USD,\n2025-03-01,sales,1.234,,USD,\n2025-03-01,sales,1,,XXQ,\n"
            "2025-03-01,sales,1,,USD,\n",
            [
                (2, "category", "not-a-choice", "lunch"), (3, "amount", "constraint-error", "1.234"),
                (4, "currency", "not-a-currency", "XXQ"),
            ],
        ),
        (
            RATES + "2025-03-01,EUR,USD,0\n2025-03-01,EUR,EUR,1.1\n2025-03-01,EUR,,1.1\n2025-03-01,EUR,USD,1.1\n",
            [(2, "rate", "constraint-error", "0"), (3, "to", "constraint-error", "EUR"), (4, "to", "missing-value", "")],
        ),
    ],
    ids=["surveys", "interactions", "traffic", "costs", "exchange_rates"],
)  # fmt: skip
def test_what_a_row_is_refused_for(text: str, expected: list[tuple[object, ...]], workspace: Path) -> None:
    outcome = one(workspace, text)
    assert [(p.line, p.column, p.code, p.value or "") for p in outcome.problems] == expected
    assert counts(outcome) == (len(expected) + 1, 1, 0, 0, len(expected))


def test_what_is_odd_is_said(workspace: Path) -> None:
    found = odd(one(workspace, FILES["survey"] + "c9,2027-01-01,nps,9,0-10,,,,,,\n"))
    assert found["scale-assumed"] == (1, (2,))
    assert found["direction-assumed"] == (1, (4,))
    assert found["future-date"] == (1, (5,))
    assert found["unknown-customer"] == (3, (2, 4, 5))
    assert "scale-assumed" not in odd(one(workspace, FILES["survey"]))
    assert odd(one(workspace, SURVEYS + "c2,2025-03-01,nps,9,,,,r1,,,\n"))["customer-changed"] == (1, (2,))
    assert odd(one(workspace, CONTACTS + "i1,c1,2025-03-01,,,,,solved,,,,\n"))["solved-undated"] == (1, (2,))
    assert odd(one(workspace, TRAFFIC + "2025-03-01,,5,6,\n"))["more-than-visits"] == (1, (2,))
    found = odd(one(workspace, COSTS + "2025-03-01,sales,0,,,\n2025-03-01,sales,-5,,,\n"))
    assert (found["zero-amount"], found["negative-amount"], found["currency-assumed"]) == ((1, (2,)), (1, (3,)), (2, (2, 3)))
    # Rates and answers dated later than their import are kept, and are no part of what has happened.
    one(workspace, RATES + "2027-03-01,EUR,USD,1.1\n")
    assert select(workspace, "SELECT date(as_of * 86400, 'unixepoch') FROM state") == [("2025-03-03",)]


def test_empty_cells_empty_what_is_there_on_request(workspace: Path) -> None:
    one(workspace, FILES["interaction"])
    one(workspace, CONTACTS + "i1,c1,2025-03-01,,,ticket,,,,,,\n", clear=True)
    assert select(workspace, "SELECT channel, kind, subject, resolved_at, reopens FROM interaction WHERE interaction_id = 'i1'") == [
        (None, "ticket", None, None, None)
    ]
    one(workspace, SURVEYS + "c1,2025-03-01,ces,3,1-7,low_easy,,r1,ana,,\n")
    one(workspace, SURVEYS + "c1,2025-03-01,ces,3,1-7,,,r1,,,\n", clear=True)
    assert select(workspace, "SELECT scale, direction, respondent FROM survey") == [("1-7", "low_easy", None)]


def test_answers_of_another_program_are_mapped(workspace: Path) -> None:
    export = "response_id,date,customer_id,score,feedback,touchpoint,kind_of_customer\n1,2025-04-07,C10045,9,Great,Email,Enterprise\n"
    mapping, constants = {"answered_at": "date", "comment": "feedback"}, {"kind": "nps", "scale": "0-10"}
    with pytest.raises(MissingColumn, match=r"--map answered_at=COLUMN .* --set kind=nps\|csat\|ces"):
        one(workspace, export)
    outcome = one(workspace, export, mapping=mapping, constants=constants)
    assert (outcome.kind, outcome.source, counts(outcome)) == ("surveys", "mapped", (1, 1, 0, 0, 0))
    assert select(workspace, "SELECT kind, score, scale, response_id, touchpoint, comment FROM survey") == [
        ("nps", "9", "0-10", "1", "Email", "Great")
    ]
    assert "left-out" in odd(outcome)


def test_answers_of_nobody_say_so(workspace: Path) -> None:
    form = "Id,Start Time,How likely are you to recommend (1-10)\n1,3/12/2025 10:47,3\n"
    with pytest.raises(UnknownKind, match="None of them names a customer"):
        one(workspace, form)
    wishes = {"mapping": {"answered_at": "Start Time", "score": "How likely are you to recommend (1-10)"}, "constants": {"kind": "nps"}}
    with pytest.raises(MissingColumn, match="belongs to a customer, and no column says to which"):
        one(workspace, form, kind="surveys", **wishes)
    with pytest.raises(UnknownKind):
        one(workspace, "Very Unsatisfied,Satisfied,Date\n17,18,2025-04-01\n")


def test_what_a_person_edited_stays(workspace: Path) -> None:
    people = "customer_id,name,plan,Seats,Tier\nc1,Ada,pro,5,gold\n"
    one(workspace, people)
    edit(workspace, """UPDATE customer SET name = 'Ada L.', attributes = '{"Seats":"9","Tier":"gold"}', pinned = '["name","Seats"]'""")
    assert counts(one(workspace, people)) == (1, 0, 0, 1, 0)
    assert counts(one(workspace, people.replace("Ada,pro,5,gold", "Eda,max,6,tin") + "c1,Ida,max,,\n")) == (2, 0, 1, 1, 0)
    everything = "SELECT name, plan, attributes, stub FROM customer"
    assert select(workspace, everything) == [("Ada L.", "max", '{"Seats":"9","Tier":"tin"}', 0)]
    one(workspace, "customer_id,name,Seats\nc1,,\n", clear=True)
    assert select(workspace, everything) == [("Ada L.", "max", '{"Seats":"9","Tier":"tin"}', 0)]
    undo(workspace, None, AT)  # the import before, whose row changed nothing that was not pinned, is passed over
    assert select(workspace, everything) == [("Ada L.", "pro", '{"Seats":"9","Tier":"gold"}', 0)]
    undo(workspace, None, AT)
    assert select(workspace, everything) == [("Ada L.", None, '{"Seats":"9"}', 1)]


def test_a_forgotten_customer_is_not_brought_back(workspace: Path) -> None:
    from cstui.store.forget import forget

    one(workspace, "customer_id,name\nکریم,K\nc2,Bo\n")
    forget(workspace, "كريم", AT)
    outcome = one(workspace, SURVEYS + "كريم,2025-03-01,nps,my name,,,,,,,\nc2,2025-03-01,nps,9,,,,,,,\n")
    assert counts(outcome) == (2, 1, 0, 0, 1)
    # What else is wrong with the row is not told: the log would keep what was forgotten.
    assert [(p.line, p.column, p.code, p.value) for p in outcome.problems] == [(2, "customer_id", "forgotten", None)]
    with pytest.raises(AllRefused, match="forgotten"):
        one(workspace, "customer_id,name\nکریم,K\n")
    use = one(workspace, "customer_id,date,user_id,minutes\nكريم,2025-03-01,karim@home,bad\nc2,2025-03-01,u1,5\n")
    assert [(p.line, p.column, p.code, p.value) for p in use.problems] == [(2, "customer_id", "forgotten", None)]
    assert select(workspace, "SELECT user_id FROM usage_user") == [("u1",)]
    assert select(workspace, "SELECT customer_id FROM customer") == [("c2",)]


def test_a_customer_forgotten_after_the_preview_is_not_brought_back(workspace: Path) -> None:
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.importing import Job
    from cstui.store.forget import forget
    from cstui.store.merge import SettingsMoved

    one(workspace, "customer_id,name\nc1,Ada\nc2,Bo\n")
    path = workspace.parent / "answers.csv"
    path.write_text(FILES["survey"], encoding="utf-8")
    job = Job(workspace, ImportRequest((str(path),), day=1, at=AT))
    job.preview()
    forget(workspace, "c1", AT)
    with pytest.raises(CstuiError) as refused:
        job.commit()
    job.close()
    assert refused.value.code == SettingsMoved.code
    assert select(workspace, "SELECT customer_id FROM customer") == [("c2",)]


def test_rows_entered_by_hand_do_not_move_as_of_and_outlive_undo(workspace: Path) -> None:
    one(workspace, FILES["survey"])
    customer = "(SELECT id FROM customer WHERE fold = 'c1')"
    columns = "match, customer_id, answered_at, kind, score, scale, entered"
    edit(workspace, f"INSERT INTO survey({columns}) VALUES ('hand\x1f1', {customer}, 20900, 'nps', '3', '0-10', 20900)")
    one(workspace, FILES["traffic"])
    assert select(workspace, "SELECT date(as_of * 86400, 'unixepoch') FROM state") == [("2025-03-03",)]
    assert select(workspace, "SELECT n, last FROM coverage WHERE kind = 'surveys'") == [(4, 20900)]
    undo(workspace, 1, AT)
    assert select(workspace, "SELECT score FROM survey") == [("3",)]
    assert select(workspace, "SELECT customer_id, stub FROM customer") == [("c1", 1)]


def edit(workspace: Path, statement: str) -> None:
    """What a person's edit does to the file, without the screen."""
    from cstui.desk.workspace import open_workspace

    opened = open_workspace(workspace)
    with opened.write() as db:
        db.execute(statement)
    opened.close()
