"""What would move a past figure, told in the preview: by whom, largest first, with nothing written."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.ui.widgets.rows import Rows
from tests.pilot.conftest import SUBSCRIPTIONS
from tests.pilot.driving import NARROW, app_for, until
from tests.pilot.test_import import choose, subscriptions, to_files
from tests.unit.store.import_calls import AT, DAY, bring, content, one

CHANGED = SUBSCRIPTIONS.replace("100,month", "130,month").replace("1200,year", "2400,year") + "s-9,c-9,2026-08-01,33,month,USD,\n"


async def test_enter_or_e_on_a_past_figure_shows_who_would_move_it(new: Path, folder: Path) -> None:
    one(new, SUBSCRIPTIONS)
    (folder / "changed.csv").write_text(CHANGED, encoding="utf-8")
    before = content(new)
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "changed.csv")
        await choose(pilot, "changed.csv")
        await until(pilot, "5 rows read")
        findings = pilot.app.screen.query_one("#findings", Rows)
        await until(pilot, lambda _: any("enter on one: who moves it" in findings.line_text(at) for at in range(findings.count)))
        await pilot.press("tab", "tab")
        at = next(at for at in range(findings.count) if findings.line_text(at).startswith("Aug 2026 MRR +163"))
        await pilot.press("g", *["down"] * at)
        assert "enter who moves it" in (await until(pilot, "who moves it ")).splitlines()[-1]
        for key in ("enter", "e"):
            await pilot.press(key)
            text = await until(pilot, "Moved by 3 customers, largest first")
            told = [line.strip("│ ▸").split() for line in text.splitlines() if "→" in line and line.strip().startswith("│")]
            assert [(line[0], line[-4:]) for line in told[-3:]] == [
                ("c-3", ["100", "→", "200", "+100"]),
                ("c-9", ["–", "→", "33", "+33"]),
                ("c-1", ["100", "→", "130", "+30"]),
            ]
            await pilot.press("escape")
            await until(pilot, "Import preview")
        assert content(new) == before
        await pilot.press("g")  # on any other line all of it comes in
        await until(pilot, "enter import all")
        await pilot.press("enter")
        await until(pilot, "Import 2 done")
    assert "s-9" in subscriptions(new)


def test_what_everybody_contributes_adds_up_to_each_move(tmp_path: Path) -> None:
    """Also of a ratio, and of costs, which have no customer."""
    costs = "date,category,amount,channel\n2026-08-02,marketing,100,ads\n2026-08-03,sales,50,\n"
    answers = "customer_id,answered_at,kind,score\nc-1,2026-08-02,nps,9\nc-2,2026-08-03,nps,3\n"
    path = tmp_path / "shop.db"
    bring(path, SUBSCRIPTIONS, costs, answers)
    names = []
    for name, text in (
        ("subs", CHANGED),
        ("costs", costs + "2026-08-05,marketing,7,fair\n"),
        ("answers", answers + "c-3,2026-08-04,nps,10\nc-4,2026-08-04,nps,7\nc-5,2026-08-04,nps,8\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        names.append(str(tmp_path / f"{name}.csv"))
    session = Session(path, ImportRequest(tuple(names), day=DAY, at=AT), lambda _: None)
    try:
        session.preview()
        moves = session.moves()
        assert moves is not None
        assert {"mrr", "customers_active", "costs", "nps"} <= {move.metric for move in moves}
        for move in moves:
            found = session.moved_by(move.metric, move.month)
            assert found is not None, move
            assert sum(one.contribution for one in found.movers) + found.rest == move.delta
            assert list(found.movers) == sorted(found.movers, key=lambda one: -abs(one.contribution))
        (cost,) = (session.moved_by(move.metric, move.month) for move in moves if move.metric == "costs")
        assert cost is not None
        assert [(one.customer_id, one.what, one.contribution) for one in cost.movers] == [(None, "marketing, fair", Fraction(7))]
    finally:
        session.close()
