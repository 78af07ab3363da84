"""The same words by programs that do much less: one column of titles, paragraphs, lists and tables; no charts, no look.

Usage: horizon.py typst|reportlab IN OUT. It tells how far the horizon is, not which to choose.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import html5lib

SKIPPED = {"svg", "script", "style", "head", "table"}
BLOCKS = {"h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "summary", "figcaption", "div", "section", "header"}
Block = tuple[str, list[list[str]]]


def blocks(html: str) -> Iterator[Block]:
    """Return the page's blocks in order: a kind, and its text as a table of one cell or of many."""
    yield from _blocks(html5lib.parse(html, namespaceHTMLElements=False).find("body"))


def _blocks(element: object) -> Iterator[Block]:
    own: list[str] = [element.text or ""]  # type: ignore[attr-defined]
    for child in element:  # type: ignore[attr-defined]
        kind = str(child.tag).rpartition("}")[2]
        if kind == "table":
            rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in child.iter("tr")]
            yield from (("p", [[" ".join("".join(each.itertext()).split())]]) for each in child.iter("caption"))
            yield "table", rows
        elif kind == "svg":
            pass
        elif any(str(each.tag) in BLOCKS or str(each.tag) == "table" for each in child.iter()):
            yield from _said("p", own)
            own = []
            yield from _blocks(child)
        else:
            own.append("".join(child.itertext()))
        own.append(child.tail or "")
    tag = str(element.tag)  # type: ignore[attr-defined]
    yield from _said(tag if tag in BLOCKS else "p", own)


def _said(kind: str, parts: list[str]) -> Iterator[Block]:
    text = " ".join("".join(parts).split())
    if text:
        yield kind, [[text]]


def typst(made: list[Block], out: str) -> None:
    """Write the blocks with Typst, tagged as it does by itself."""
    import typst as program

    lines = [
        '#set page(paper: "a4", numbering: "1")',
        '#set document(title: "Essai")',
        '#set text(lang: "fr", size: 10pt)',
    ]
    for kind, rows in made:
        texts = [[json.dumps(text, ensure_ascii=False) for text in row] for row in rows]
        if kind == "table":
            width = max(map(len, texts))
            cells = ", ".join(f"[#{text}]" for row in texts for text in [*row, *['""'] * (width - len(row))])
            lines.append(f"#table(columns: {width}, {cells})")
        elif kind in ("h1", "h2", "h3", "h4"):
            lines.append(f"#heading(level: {kind[1]})[#{texts[0][0]}]")
        else:
            lines.append(f"#list[#{texts[0][0]}]" if kind == "li" else f"#par[#{texts[0][0]}]")
    source = Path(out).with_suffix(".typ")
    source.write_text("\n".join(lines))
    program.compile(str(source), output=out, pdf_standards=["ua-1"])


def reportlab(made: list[Block], out: str) -> None:
    """Write the blocks with ReportLab, which does not tag."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(TTFont("Body", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
    styles = getSampleStyleSheet()
    for style in styles.byName.values():
        style.fontName = "Body"
    looks = {"h1": "Heading1", "h2": "Heading2", "h3": "Heading3", "h4": "Heading4"}
    flow: list[object] = []
    for kind, rows in made:
        cells = [[Paragraph(escape(text), styles[looks.get(kind, "BodyText")]) for text in row] for row in rows]
        flow.append(Table(cells, repeatRows=1) if kind == "table" else cells[0][0])
    SimpleDocTemplate(out).build(flow)


if __name__ == "__main__":
    way, source, target = sys.argv[1:]
    {"typst": typst, "reportlab": reportlab}[way](list(blocks(Path(source).read_text())), target)
