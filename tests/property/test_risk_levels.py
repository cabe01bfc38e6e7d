"""Who is on the risk list of any day, and what they pay, is what the figures of that day say: all of them, whatever their rows' status."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import View
from cstui.base.days import to_day
from cstui.desk.at_risk import at_risk
from cstui.desk.explain import explain
from tests.oracle.companies import IMPORT_DAY, company
from tests.property.program import imported, seeds, switch


@pytest.mark.parametrize("seed", seeds(900, 6))
def test_the_list_of_any_day_holds_the_active_customers_of_that_day(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    with imported(company(chance, 12), tmp_path) as ws:
        for gap in ("1", "40"):
            switch(ws, (("reactivation_gap_days", gap),))
            for _ in range(6):
                view = View(as_of=to_day(IMPORT_DAY - timedelta(days=chance.randrange(500))))
                active = explain(ws, "customers_active", view, IMPORT_DAY)
                listed = at_risk(ws, view, IMPORT_DAY, 1000)
                assert {one.customer_id for one in listed.customers} == {one.customer_id for one in active.rows or ()}
                paid: dict[str | None, object] = {}
                mrr = explain(ws, "mrr", view, IMPORT_DAY)
                for one in mrr.rows or ():
                    paid[one.customer_id] = paid.get(one.customer_id, 0) + (one.numerator or 0)  # type: ignore[operator]
                if mrr.answer.figure.value is not None:
                    assert {one.customer_id: one.mrr for one in listed.customers} == paid
