"""What axe-core finds on a page, with the rules of WCAG 2.2 AA and of the RGAA. The list must be empty."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"]
WIDTHS = (320, 360, 1280)
TABLET = 768
TABLES = ".report .table-scroll"
WIDER = "each => each.scrollWidth > each.clientWidth"


def violations(page: Page) -> list[str]:
    """Return one line for each thing that axe-core finds on the page as it stands."""
    page.evaluate(SOURCE)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def sideways(page: Page) -> bool:
    """Say whether the page, or a table of a report in it, must be moved sideways to be read."""
    return bool(page.evaluate(f"[document.documentElement, ...document.querySelectorAll('{TABLES}')].some({WIDER})"))


def for_everyone(page: Page) -> None:
    """Check the page as it stands on phones, at a desk, and last on a tablet, where axe reads it."""
    for width in (*WIDTHS, TABLET):
        page.set_viewport_size({"width": width, "height": 800})
        assert (page.url, width, sideways(page)) == (page.url, width, False)
    assert (page.url, violations(page)) == (page.url, [])
