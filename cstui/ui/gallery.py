"""Every screen of the sample company, drawn to SVG: `python -m cstui.ui.gallery [DIR]`.

Drives the real app by keys on a private copy. Each picture is named once, in `PICTURES`; a test fails when a screen of the
app has none. Writes into the given folder only (`screenshots/` by default).
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cstui.desk.sample import private_copy
from cstui.ui.app import CstuiApp
from cstui.ui.widgets.chart import Chart

TODAY = date(2026, 11, 21)
SIZE = (120, 40)
_STEPS = 600
"""Looks at the screen, a fiftieth of a second apart, until it is at rest."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen and the keys that lead to it from the overview."""

    name: str
    screen: str
    """The class that is then in front."""
    keys: tuple[str, ...] = ()
    fresh: bool = False
    """On a workspace that does not exist yet."""


_FIVE_DAYS = ("ctrl+a", "delete", "delete", "5")
"""Types a 5 over what is in a line of two characters."""

PICTURES = (
    Picture("overview", "OverviewScreen"),
    Picture("explain", "ExplainScreen", ("right", "right", "e")),
    Picture("explain-difference", "ExplainScreen", ("right", "right", "e", "d")),
    Picture("switches", "SwitchesScreen", ("=",)),
    Picture("switch-preview", "SwitchPreviewScreen", ("=", "j", "enter", *_FIVE_DAYS, "enter")),
    Picture("period", "PeriodDialog", ("m",)),
    Picture("segment", "SegmentDialog", ("f", "enter", "space")),
    Picture("help", "HelpScreen", ("question_mark",)),
    Picture("palette", "CommandPalette", ("ctrl+p",)),
    Picture("coverage", "CoverageScreen", ("C", "j", "j")),
    Picture("compare", "CompareDialog", ("c",)),
    Picture("cards", "CardsDialog", ("a", "j", "j")),
    Picture("trend", "TrendScreen", ("v",)),
    Picture("trend-table", "TrendScreen", ("t",)),
    Picture("metric", "PickMetric", ("v", "slash", "u", "s", "e")),
    Picture("break-down-by", "FieldDialog", ("b",)),
    Picture("breakdown", "BreakdownScreen", ("b", "j", "j", "enter", "down", "right", "right")),
    Picture("cohorts", "CohortsScreen", ("h",)),
    Picture("waterfall", "WaterfallScreen", ("w",)),
    Picture("value", "ValueScreen", ("V",)),
    Picture("value-table", "ValueScreen", ("V", "t")),
    Picture("journey", "JourneysScreen", ("o", "j")),
    Picture("stage", "MembersScreen", ("o", "j", "enter")),
    Picture("at-risk", "AtRiskScreen", ("2",)),
    Picture("risk-evidence", "RiskEvidenceScreen", ("2", "e")),
    Picture("by-owner", "GroupDialog", ("2", "w")),
    Picture("customers", "CustomersScreen", ("3",)),
    Picture("totals", "TotalsDialog", ("3", "e")),
    Picture("customer", "CustomerScreen", ("3", "enter")),
    Picture("customer-figures", "CustomerFigures", ("3", "enter", "e")),
    Picture("log-contact", "EntryDialog", ("3", "enter", "l")),
    Picture("timeline-entry", "Reading", ("3", "enter", "enter")),
    Picture("surveys", "SurveysScreen", ("4",)),
    Picture("recording", "SurveysScreen", ("4", "a", "k", "e")),
    Picture("import", "ImportScreen", ("6",)),
    Picture("preview", "PreviewScreen", ("6", "enter")),
    Picture("reconcile", "ReconcileScreen", ("6", "down", "c")),
    Picture("mapping", "MappingScreen", ("6", "enter", "m")),
    Picture("constant", "AskLine", ("6", "enter", "m", "c")),
    Picture("kind", "ListDialog", ("6", "enter", "a")),
    Picture("past-import", "ImportKeptScreen", ("6", "tab", "enter")),
    Picture("take-back", "Confirm", ("6", "u")),
    Picture("first-run", "FirstRunScreen", fresh=True),
)
_EXPORT = """customer_id,name,plan,region,created_at,seats
c-9001,شركة النور,team,Gulf,2026-10-05,12
c-9002,Kestrel Labs,pro,Europe,2026-10-09,40
c-9003,پارس‌داده,basic,Iran,2026-10-12,6
c-9004,Fjord & Sons,pro,Europe,31.02.2026,9
c-1003,,team,,,7
"""
_MRR = """Customer ID,Customer,Currency,2026-08,2026-09,2026-10
c-1001,مجموعة التوت,usd,195,195,195
c-1003,صيدلية الضياء,usd,507,507,507
c-1005,Cedar Supply GmbH,usd,159.20,159.20,159.20
c-1009,مكتبة الخزامى,usd,95,95,95
c-1021,Topaz Books,usd,455,455,455
c-1027,Umber Trading,usd,390,325,325
c-1030,Flint Home,usd,1040,1300,1300
cus-77,Marlow & Daughters,usd,49,49,49
"""


def exports(folder: Path) -> None:
    """Make the folder that the import screen's pictures begin from."""
    folder.mkdir()
    (folder / "crm-customers.csv").write_text(_EXPORT, encoding="utf-8")
    (folder / "stripe-mrr.csv").write_text(_MRR, encoding="utf-8")


async def rest(app: CstuiApp) -> None:
    """Wait until nothing is being worked on and every chart is drawn."""
    calm = 0
    for _ in range(_STEPS):
        await asyncio.sleep(0.02)
        busy = any(not worker.is_finished and worker.group != "poll" for worker in app.workers)
        calm = calm + 1 if not busy and all(chart.ready for chart in app.screen.query(Chart)) else 0
        if calm == 4:
            return
    raise TimeoutError(f"{type(app.screen).__name__} never came to rest")


async def draw(picture: Picture, path: Path, *, light: bool, size: tuple[int, int] = SIZE) -> str:
    """One picture as SVG. Raises TimeoutError, LookupError where the keys lead elsewhere."""
    app = CstuiApp(path, TODAY)
    async with app.run_test(size=size) as pilot:
        await rest(app)
        if light:
            app.action_theme()
            await pilot.pause()
            await rest(app)
        for key in picture.keys:
            await pilot.press(key)
            await rest(app)
        if type(app.screen).__name__ != picture.screen:
            raise LookupError(f"{picture.name}: {type(app.screen).__name__} is in front, not {picture.screen}")
        svg = app.export_screenshot(title="cstui", simplify=True)
    app.tidy()
    return _plain(svg)


def _plain(svg: str) -> str:
    """A picture of Textual's that is the same each time, fetches nothing and is monospaced wherever it is shown."""
    # Textual numbers its classes by content and process. Its web fonts would be fetched by whoever looks at the picture, and a viewer
    # that takes only the first font of a list would fall back on a proportional one.
    svg = re.sub(r"terminal-\d+", "terminal-1", svg).replace("Fira Code, monospace", "monospace")
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


async def gallery(folder: Path) -> list[Path]:
    """Draw every picture, dark and light, into an existing folder. Returns the files written."""
    written = []
    with tempfile.TemporaryDirectory(prefix="cstui-gallery-") as name:
        here = Path(name)
        exports(here / "exports")
        path = private_copy(here)
        before = Path.cwd()
        os.chdir(here / "exports")  # the import screen opens on the current folder
        try:
            for picture in PICTURES:
                for light in (False, True):
                    svg = await draw(picture, here / "new.db" if picture.fresh else path, light=light)
                    target = folder / f"{picture.name}{'-light' if light else ''}.svg"
                    target.write_text(svg.replace(str(here), "~"), encoding="utf-8")
                    written.append(target)
        finally:
            os.chdir(before)
    return written


def main(arguments: Sequence[str]) -> int:
    """Draw into the folder named, or `screenshots`."""
    folder = Path(arguments[0] if arguments else "screenshots").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for path in asyncio.run(gallery(folder)):
        sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
