"""`cstui reconcile`: every difference of Stripe's MRR per subscriber has its cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e
SUBS = """\
subscription_id,customer_id,started_at,amount,currency,interval,quantity,discount,status,trial_end,ended_at,current_period_end
s-1,same,2026-01-01,49,USD,month,,,,,,
s-2,discount,2026-01-01,50,USD,month,,10,,,,
s-3,annual,2026-01-01,1200,USD,year,,,,,,
s-4,quantity,2026-01-01,10,USD,month,3,,,,,
s-5,ended,2026-01-01,20,USD,month,,,,,2026-02-10,
s-6,trial,2026-01-01,30,USD,month,,,,2026-06-01,,
s-7,nowhere,2026-01-01,15,USD,month,,,,,,
s-8,euro,2026-01-01,8,EUR,month,,,,,,
s-9,coupon,2026-01-01,100,USD,month,,,,,,
s-10,late,2026-01-01,25,USD,month,,,past_due,,,2026-01-20
s-11,third,2026-01-01,100,USD,quarter,,,,,,
s-12,tier,2026-01-01,19,USD,month,,,,,2026-02-01,
s-13,tier,2026-02-01,29,USD,month,,,,,,
s-14,odd,2026-01-01,70,USD,month,,,,,,
s-15,last,2026-03-31,1,USD,month,,,,,,
s-16,strange,2026-01-01,12,USD,month,,,,,,
s-17,cent,2026-01-01,9.99,USD,month,,,,,,
s-18,ragged,2026-01-01,9,USD,month,,,,,,
"""
MRR = """\
Customer ID,Customer,Customer Email,Currency,2026-02,2026-09
same,Same,,usd,49.00,49
discount,D,,usd,50.00,
annual,A,,usd,1200,
quantity,Q,,usd,10,
ended,E,,usd,20,
trial,T,,usd,30,
stranger,Stranger,,usd,5,
euro,Euro,,usd,9,
coupon,C,,usd,80,
late,L,,usd,25,
third,R,,usd,33.33,
tier,Tier,,usd,19,
odd,Odd,,usd,12.34,
last,Last,,usd,,
strange,Strange,,usd,12 apples,
cent,Cent,,usd,9.98,
"""
CAUSES = {
    "discount": "discount", "annual": "annual", "quantity": "quantity", "ended": "ended_here", "trial": "trial", "nowhere": "missing_there",
    "stranger": "missing_here", "coupon": "coupon", "third": "rounding", "tier": "tier", "odd": "unknown",
    "strange": "unreadable", "cent": "rounding", "ragged": "unreadable",
}  # fmt: skip


def test_every_difference_has_its_cause(tmp_path: Path) -> None:
    (tmp_path / "subs.csv").write_text(SUBS, encoding="utf-8")
    (tmp_path / "mrr.csv").write_text(MRR + "ragged,R,usd,9\n", encoding="utf-8")
    assert cstui("import", "subs.csv", "--db", "shop.db", home=tmp_path).status == 0
    found = cstui("reconcile", "mrr.csv", "--db", "shop.db", "--json", home=tmp_path).json
    assert {one["month"] for one in found["differences"]} == {"2026-02"}, "September has not come: it is not compared"
    causes = {(one["customer_id"], one["currency"]): one["cause"] for one in found["differences"]}
    assert {name: causes.get((name, "USD")) for name in CAUSES} == CAUSES
    assert causes["euro", "USD"] == causes["euro", "EUR"] == "currency"
    assert ("same", "USD") not in causes
    dollars = next(total for total in found["totals"] if total["currency"] == "USD")
    assert round(sum(dollars["causes"].values()), 6) == round(dollars["difference"], 6) == round(dollars["theirs"] - dollars["ours"], 6)
    text = cstui("reconcile", "mrr.csv", "--db", "shop.db", home=tmp_path)
    assert "20 % off there" in text.text
    assert "−10.00" in text.text, "a true minus, as everywhere"
    one = cstui("reconcile", "mrr.csv", "--month", "2026-02", "--json", "--db", "shop.db", home=tmp_path).json
    assert found["later"] == ["2026-09"]
    assert "not compared: 2026-09" in text.err
    assert one == found | {"later": []}, "September has not come, so February is all there is"
    later = cstui("reconcile", "mrr.csv", "--month", "2026-09", "--db", "shop.db", home=tmp_path)
    assert (later.status, later.text) == (0, ""), "a table of nothing would look as if all agreed"
    assert "not compared: 2026-09" in later.err
    none = cstui("reconcile", "mrr.csv", "--month", "2026-03", "--json", "--db", "shop.db", home=tmp_path)
    assert (none.status, "2026-02, 2026-09" in none.json["error"]["message"]) == (2, True)
    lines = cstui("reconcile", "mrr.csv", "--db", "shop.db", "--csv", home=tmp_path).text.splitlines()
    assert len(lines) == len(found["differences"]) + 1
    wrong = cstui("reconcile", "subs.csv", "--db", "shop.db", "--json", home=tmp_path)
    assert (wrong.status, wrong.json["error"]["code"]) == (1, "not-mrr")
