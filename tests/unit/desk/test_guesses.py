"""What files that nobody described may be: kinds and fields guessed from headers and from what is in the cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.desk.sources import Guess, guess

CUSTOMERS = """No.,Company / الشركة,E-mail,Acct. manager,Country,Size,Customer since,Prefers,VIP?,Notes
1,Acme Ltd,ops@acme.example,Maryam,UK,SMB,2025-01-10,phone,yes,renewal talk in December with Maryam
2,شركة النخيل,info@nakheel.example,مريم,KSA,SMB,2025-03-02,email,,
3,Cedar Books,hi@cedar.example,Omar,Lebanon,Mid,2025-09-01,WhatsApp,,card keeps failing
"""
FORM = """Timestamp,Email Address,How likely are you to recommend us to a friend? (0-10),What is the main reason for your score?
10/3/2026 14:22:01,ops@acme.example,9,"Fast support, thanks"
10/14/2026 10:00:00,it@bluebird.example,6,Invoices confusing
10/20/2026 18:33:10,yas@yas.example,۳,پشتیبانی کند است
11/2/2026 8:00:00,post@fjord.example,2,Too expensive
11/15/2026 12:00:00,g@garnet.example,,no score
"""
COSTS = "Month,Expense,Channel,Amount\nSep-26,Hosting,,$400.00\nSep-26,Fairs,google,$300.00\nOct-26,Hosting,,$410.00\n"


def guessed(tmp_path: Path, text: str, kind: str | None = None) -> tuple[Guess, dict[str | None, str]]:
    path = tmp_path / "unknown.csv"
    path.write_text(text, encoding="utf-8")
    found = guess(str(path), kind)
    return found, {column.field: column.header for column in found.columns if column.field}


def test_a_customer_list_of_a_spreadsheet(tmp_path: Path) -> None:
    found, fields = guessed(tmp_path, CUSTOMERS)
    assert (found.kind, found.missing, found.poor) == ("customers", (), ())
    assert fields == {
        "customer_id": "No.", "name": "Company / الشركة", "email": "E-mail", "owner": "Acct. manager", "country": "Country",
        "segment": "Size", "created_at": "Customer since", "contact_preference": "Prefers",
    }  # fmt: skip


def test_answers_to_a_form_with_their_kind_and_scale(tmp_path: Path) -> None:
    found, fields = guessed(tmp_path, FORM)
    assert (found.kind, found.missing, found.poor) == ("surveys", (), ())
    assert {name: header[:10] for name, header in fields.items()} == {
        "answered_at": "Timestamp", "customer_id": "Email Addr", "score": "How likely", "comment": "What is th",
    }  # fmt: skip
    assert found.constants == {"kind": "nps", "scale": "0-10"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How satisfied were you? (1-5)", {"kind": "csat", "scale": "1-5"}),
        ("How easy was it to get help, 1 to 7?", {"kind": "ces", "scale": "1-7"}),
        ("ما مدى احتمال أن توصي بنا؟", {"kind": "nps"}),
        ("What else?", {}),
    ],
)
def test_a_question_says_what_it_asks(question: str, said: dict[str, str], tmp_path: Path) -> None:
    rows = "".join(f"2026-10-{day:02d},c{day}@x.example,{day % 5 + 1}\n" for day in range(10, 20))
    found, fields = guessed(tmp_path, f'When,Mail,"{question}"\n{rows}', "surveys")
    assert fields["score"] == question
    assert found.constants == said


def test_costs_by_the_month_with_words_of_their_own(tmp_path: Path) -> None:
    found, fields = guessed(tmp_path, COSTS)
    assert (found.kind, found.missing, found.poor) == ("costs", (), ())
    assert fields == {"date": "Month", "category": "Expense", "channel": "Channel", "amount": "Amount"}
    assert found.columns[1].words == ("Hosting", "Fairs")


def test_a_sentence_is_no_id_and_a_guess_on_little_is_said(tmp_path: Path) -> None:
    found, fields = guessed(tmp_path, FORM, "interactions")
    assert found.poor == ("interaction_id",)  # four scores that happen to be different ones
    assert fields["interaction_id"].startswith("How likely")
    assert fields["customer_id"] == "Email Address"
    found, fields = guessed(tmp_path, "Code of ours,Mail,When\nA-1,a@x.example,2026-01-02\nB-2,b@x.example,2026-01-03\n", "interactions")
    assert fields["interaction_id"] == "Code of ours"
    assert found.poor == ("interaction_id",)


def test_a_status_in_words_of_others_stays_the_status(tmp_path: Path) -> None:
    rows = "s1,c1,2026-01-01,5,Live,Running\ns2,c2,2026-01-02,6,Live,Halted\n"
    _, fields = guessed(tmp_path, f"id,Customer ID,Begin,Amount,Mode,Status\n{rows}", "subscriptions")
    assert fields["status"] == "Status"
