"""What may stand where a page ends: columns are blocks in a line. WeasyPrint cuts a flex and draws a float twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "questionnaire/static"
SHEETS = {
    "report": ("report.css", "print.css", "sheets.css"),
    "paper": ("paper.css",),
}
# Within a box that is never cut, on pages without notes. Terms in a line would not be a list for who listens.
WHOLE = {"stage__steps", "cover__facts", "explained__stages"}


def risky(style: str) -> set[str]:
    """Return the classes that end up as a flex, a grid or a float on paper, the last rule of each winning."""
    printed = re.sub(r"/\*.*?\*/|@media screen[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", style, flags=re.S)
    kinds: dict[str, str] = {}
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", printed):
        for kind in re.findall(r"(?:display|float)\s*:\s*([\w-]+)", rules):
            kinds |= {classes[-1]: kind for one in selectors.split(",") if (classes := re.findall(r"\.([\w-]+)", one))}
    return {name for name, kind in kinds.items() if kind in {"flex", "inline-flex", "grid", "left", "right"}}


@pytest.mark.parametrize("edition", SHEETS)
def test_nothing_on_paper_is_a_flex_a_grid_or_a_float(edition: str) -> None:
    assert risky("\n".join((STATIC / name).read_text() for name in SHEETS[edition])) - WHOLE == set()


def test_a_flex_on_paper_would_be_caught() -> None:
    kept = "@media screen { .a { display: flex; } } .b { display: grid; } .report .b { display: block; }"
    assert risky(kept + ".c p.d { float: left; } .e { display: flex; }") == {"d", "e"}
