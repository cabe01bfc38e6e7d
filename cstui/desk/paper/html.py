"""A document as one HTML file that needs nothing else: styles inside, charts as SVG inside, no script, no request.

Dark and light by the reader's own choice, black on white in print. Every text is escaped; cells and paragraphs find their own
direction, so that Arabic and Persian names stand as they should.
"""

from __future__ import annotations

from html import escape as html_escape

from cstui.base.text import safe
from cstui.desk.paper.blocks import Block, Cell, Chart, Document, Heading, Table, Words
from cstui.desk.paper.svg import svg

_LONGEST = 2000
_STYLE = """
:root { color-scheme: light dark; --text: #1c2430; --dim: #5b6676; --page: #ffffff; --line: #d5dbe3; --accent: #2563c9;
  --good: #1a7f4b; --bad: #b3261e; --care: #8a5a00; --heat: 37, 99, 201; }
@media (prefers-color-scheme: dark) { :root { --text: #dfe6ee; --dim: #98a4b3; --page: #12171e; --line: #2c3642; --accent: #6ea8ff;
  --good: #58c98b; --bad: #ff8a80; --care: #e5b454; --heat: 110, 168, 255; } }
@media print { :root { color-scheme: light; --text: #000; --dim: #444; --page: #fff; --line: #bbb; --accent: #124a9c; --good: #0b5c33;
  --bad: #8c1410; --care: #6b4500; --heat: 37, 99, 201; } section, table, svg { break-inside: avoid; } h2 { break-after: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.2rem 4rem; color: var(--text); background: var(--page);
  font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", "Noto Sans Arabic", Vazirmatn, Tahoma, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .4rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; } p { margin: .4rem 0; } p.care { color: var(--care); }
div.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th { color: var(--dim); font-weight: 600; } .n { text-align: right; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .care { color: var(--care); }
td.heat { text-align: center; }
svg { width: 100%; height: auto; margin: .6rem 0 1rem; } svg text { fill: var(--text); font-size: 11px; }
svg .t { font-size: 12px; font-weight: 600; } svg .l { fill: var(--dim); font-size: 10px; } svg .v { font-weight: 600; }
svg .m { text-anchor: middle; } svg .e { text-anchor: end; } svg .x { stroke: var(--line); }
svg .s { stroke: var(--accent); stroke-width: 2; } svg .a { stroke: var(--dim); stroke-dasharray: 2 3; }
svg .d { stroke-dasharray: 4 3; } svg .p, svg .level { fill: var(--accent); } svg .up { fill: var(--good); } svg .down { fill: var(--bad); }
@media print { body { padding: 0; max-width: none; font-size: 11px; } th, td { padding: .15rem .4rem; } @page { margin: 15mm; } }
""".strip()
_HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
)


def html(document: Document) -> str:
    """The whole file; ends in a line end."""
    title = next((block.text for block in document if isinstance(block, Heading)), "Report")
    body = "\n".join(_block(block) for block in document)
    return (
        f"{_HEAD}<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """Text that reads as itself."""
    return html_escape(safe(text, _LONGEST), quote=True)


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f'<h{block.level} dir="auto">{escape(block.text)}</h{block.level}>'
    if isinstance(block, Words):
        return f'<p dir="auto"{" class=care" if block.care else ""}>{escape(block.text)}</p>'
    if isinstance(block, Chart):
        return svg(block)
    return _table(block)


def _table(table: Table) -> str:
    right = [title.endswith(">") for title in table.columns]
    head = "".join(
        f'<th{" class=n" if number else ""} scope="col">{escape(title.removesuffix(">"))}</th>'
        for title, number in zip(table.columns, right, strict=True)
    )
    rows = "\n".join(
        f"<tr>{''.join(_cell(cell, number=number) for cell, number in zip(row, right, strict=True))}</tr>" for row in table.rows
    )
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


def _cell(cell: Cell, *, number: bool) -> str:
    names = [name for name, there in (("n", number), (cell.tone, bool(cell.tone)), ("heat", cell.heat is not None)) if there]
    style = "" if cell.heat is None else f' style="background: rgba(var(--heat), {cell.heat * 6 / 1000:g})"'
    classes = f' class="{" ".join(names)}"' if names else ""
    return f'<td dir="auto"{classes}{style}>{escape(cell.text)}</td>'
