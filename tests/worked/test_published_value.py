"""Published fits, held through the whole program: purchases and subscriptions imported, `desk.value` asked, three decimals compared."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cstui.base.ask import View
from cstui.base.days import parse_iso
from cstui.desk.value import value
from cstui.desk.workspace import Workspace, open_workspace
from cstui.metrics.value import bgnbd, gamma_gamma, sbg
from tests.property.program import bring_in

pytestmark = pytest.mark.shared_data
TODAY = date(1998, 7, 1)


@pytest.fixture(scope="module")
def published() -> Any:  # noqa: ANN401 - whatever shape the document has
    from tests.conftest import SHARED_DATA

    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: published results are not part of the repository")
    return json.loads((SHARED_DATA / "published_results.json").read_text(encoding="utf-8"))


def held(folder: Path, name: str, columns: str, rows: Iterator[tuple[str, ...]]) -> Workspace:
    """A workspace with one file of a template."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        writer.writerows(rows)
    ws = open_workspace(folder / f"{name}.db", create=True)
    bring_in(ws, path, day=date(2026, 9, 20))
    return ws


@pytest.fixture(scope="module")
def cdnow(published: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    from tests.conftest import SHARED_DATA

    def rows() -> Iterator[tuple[str, ...]]:
        for number, line in enumerate((SHARED_DATA / "cdnow" / "CDNOW_sample.txt").read_text(encoding="utf-8").splitlines()):
            _, customer, day, _, dollars = line.split()
            yield str(number), customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", dollars, "one_off"

    ws = held(tmp_path_factory.mktemp("cdnow"), "payments", "payment_id customer_id paid_at amount kind", rows())
    yield ws
    ws.close()


def test_purchases_of_cdnow(published: Any, cdnow: Workspace) -> None:  # noqa: ANN401 - as above
    found = value(cdnow, View(), TODAY, until=parse_iso("1997-09-30"), weeks=39)
    assert found.purchases is not None
    assert found.purchases.model.status == "ok"
    parameters = dict(found.purchases.model.parameters or {})
    precise = published["bgnbd_cdnow"]["precise"]
    assert parameters == pytest.approx({name: precise[name] for name in ("r", "alpha", "a", "b")}, abs=5e-4)
    assert found.purchases.model.log_likelihood == pytest.approx(precise["LL"], abs=5e-4)
    assert (found.purchases.customers, found.purchases.returned) == (
        2357,
        published["gammagamma_cdnow"]["confirmed_here"]["n_repeat_customers"],
    )
    after = published["cdnow_holdout_39_weeks"]
    assert found.purchases.holdout is not None
    assert found.purchases.holdout.weeks == 39
    assert found.purchases.holdout.actual == after["actual_repeat_transactions"]
    assert found.purchases.holdout.expected == pytest.approx(after["bgnbd_expected"], abs=1)
    first = {buyer.customer_id: buyer for buyer in found.buyers}["0001"]
    assert first.purchases == after["example"]["x"] + 1
    assert first.alive == pytest.approx(after["example"]["P_alive"], abs=5e-4)
    assert first.expected == pytest.approx(after["example"]["E_Y_39_weeks"], abs=5e-4)
    assert sum(line.actual for line in found.purchases.frequencies) == 2357
    assert sum(line.expected for line in found.purchases.frequencies) == pytest.approx(2357)


def test_spend_of_cdnow(published: Any, cdnow: Workspace) -> None:  # noqa: ANN401 - as above
    found = value(cdnow, View(), TODAY, until=parse_iso("1997-09-30")).spending
    assert found is not None
    known = published["gammagamma_cdnow"]
    parameters = dict(found.model.parameters or {})
    assert {name: round(amount, 2) for name, amount in parameters.items()} == {name: known["published"][name] for name in "pqv"}
    assert found.model.log_likelihood == pytest.approx(known["published"]["LL"], abs=5e-4)
    assert found.customers == known["confirmed_here"]["n_repeat_customers"]
    assert found.mean == pytest.approx(known["confirmed_here"]["population_mean"], abs=0.02)


def test_spend_of_the_packaged_summary(published: Any, shared_data: Path) -> None:  # noqa: ANN401 - as above
    """Means that were rounded to cents give the parameters of whoever fitted those, to the last decimal that is told."""
    with (shared_data / "cdnow" / "cdnow_customers_summary_with_transactions.csv").open(encoding="utf-8") as file:
        rows = [(float(row["x"]), float(row["zbar"])) for row in csv.DictReader(file) if float(row["x"]) > 0]
    import numpy as np

    repeats, mean = np.array(rows).T
    found = gamma_gamma.fit(gamma_gamma.Spend(repeats, mean))
    known = published["gammagamma_cdnow"]["confirmed_here"]
    assert found.parameters == pytest.approx([known[name] for name in "pqv"], abs=5e-4)
    assert found.log_likelihood == pytest.approx(known["LL"], abs=5e-4)


def test_the_packaged_summary_of_purchases(published: Any, shared_data: Path) -> None:  # noqa: ANN401 - as above
    import numpy as np

    with (shared_data / "cdnow" / "cdnow_customers_summary.csv").open(encoding="utf-8") as file:
        rows = np.array([[float(row[name]) for name in ("frequency", "recency", "T")] for row in csv.DictReader(file)])
    customers = bgnbd.Customers(*rows.T)
    found = bgnbd.fit(customers)
    known = published["bgnbd_cdnow"]["confirmed_here"]["from_packaged_summary"]
    assert found.parameters == pytest.approx([known[name] for name in ("r", "alpha", "a", "b")], abs=5e-5)
    assert found.log_likelihood == pytest.approx(known["LL"], abs=5e-4)
    given = bgnbd.Parameters(*(published["bgnbd_cdnow"]["published"][name] for name in ("r", "alpha", "a", "b")))
    references = published["pymc_prediction_refs"]
    chosen = references["customer_ids_in_clv_quickstart"]
    with (shared_data / "cdnow" / "clv_quickstart.csv").open(encoding="utf-8") as file:
        every = [[float(row[name]) for name in ("frequency", "recency", "T")] for row in csv.DictReader(file)]
    some = bgnbd.Customers(*np.array([every[i] for i in chosen]).T)
    assert bgnbd.alive(given, some) == pytest.approx(references["bgnbd_p_alive"], rel=references["rtol"])
    assert bgnbd.expected_more(given, some, 3.0) == pytest.approx(references["bgnbd_expected_purchases_t3"], rel=references["rtol"])
    for weeks, expected in references["bgnbd_new_customer"].items():
        assert float(bgnbd.expected(given, float(weeks))) == pytest.approx(expected, rel=references["rtol"])


@pytest.mark.parametrize(("cohort", "segment"), [("high_end", "highend"), ("regular", "regular")])
def test_lifetimes_of_both_cohorts(cohort: str, segment: str, published: Any, shared_data: Path, tmp_path: Path) -> None:  # noqa: ANN401
    """Yearly subscriptions that ended after as many years as the paper says; eight years were begun, seven were come to their end."""

    def rows() -> Iterator[tuple[str, ...]]:
        with (shared_data / "sbg_fader_hardie_2007" / "sbg_cohorts.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["cohort"] == segment:
                    years = int(row["recency"])
                    ended = f"{2010 + years}-03-01" if years < int(row["T"]) else ""
                    yield f"s-{row['customer_id']}", f"c-{row['customer_id']}", "2010-03-01", "120", "year", ended

    ws = held(tmp_path, "subscriptions", "subscription_id customer_id started_at amount interval ended_at", rows())
    try:
        found = value(ws, View(), date(2017, 4, 1))
    finally:
        ws.close()
    (lifetime,) = found.lifetimes
    known = published["sbg_2007"]["confirmed_here"][cohort]
    assert lifetime.months == 12
    assert lifetime.customers == 1000
    assert dict(lifetime.model.parameters or {}) == pytest.approx({"alpha": known["alpha"], "beta": known["beta"]}, abs=5e-4)
    assert lifetime.model.log_likelihood == pytest.approx(known["LL"], abs=5e-4)
    assert [round(term.expected_retention, 4) for term in lifetime.terms] == known["retention_rates"][:7]
    survivors = published["sbg_2007"]["survivors_pct"][cohort]
    assert [round(100 * term.survival, 1) for term in lifetime.terms] == survivors[1:8]
    given = sbg.Parameters(**(lifetime.model.parameters or {}))
    import numpy as np

    assert 100 * sbg.survival(given, np.array([12.0]))[0] == pytest.approx(known["S12_pct"], abs=0.05)


def test_discounted_residual_lifetimes(published: Any) -> None:  # noqa: ANN401 - as above
    """DERL: of the terms to come, each as likely as survival has it and worth less by the rate."""
    import numpy as np

    known = published["derl_2010"]
    ahead = np.arange(0.0, 4000.0)
    for name in ("case1", "case2"):
        case = known["published"][name]
        given = sbg.Parameters(case["alpha"], case["beta"])
        worth = (1 + known["discount"]) ** -ahead
        reached = {term: sbg.survival(given, np.array([term - 1.0]))[0] for term in known["renewals"]}
        found = [float(sbg.survival(given, term + ahead) @ worth / held) for term, held in reached.items()]
        assert found == pytest.approx(known["confirmed_here"][name], abs=6e-4)
        assert found == pytest.approx(case["derl"], rel=0.01)
