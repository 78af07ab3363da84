"""What axe-core finds on a page, with the rules of WCAG 2.2 AA and of the RGAA. The list must be empty."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SOURCE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"]
WIDTHS = (320, 360, 1280)
ONLY = "runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']"  # what passes is described at length else
TABLET = 768
TABLES = ".report .table-scroll"
WIDER = "each => each.scrollWidth > each.clientWidth"
SIDEWAYS = f"[document.documentElement, ...document.querySelectorAll('{TABLES}')].some({WIDER})"
ENDLESS = """part => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (texts.nextNode()) {
        const text = texts.currentNode, words = text.data;
        if (part ? words.includes(part) : text.parentElement.closest("bdi")) found.push([text, words]);
    }
    for (const [text] of found) text.data = "W".repeat(120);
    const wider = SIDEWAYS;
    for (const [text, words] of found) text.data = words;
    return wider;
}""".replace("SIDEWAYS", SIDEWAYS)


def violations(page: Page) -> list[str]:
    """Return one line for each thing that axe-core finds on the page as it stands."""
    page.evaluate(SOURCE)
    found = page.evaluate(f"tags => axe.run({{{ONLY}}}).then(found => found.violations)", TAGS)
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}" for each in found for node in each["nodes"]
    ]


def sideways(page: Page) -> bool:
    """Say whether the page, or a table of a report in it, must be moved sideways to be read."""
    return bool(page.evaluate(SIDEWAYS))


def stretched(page: Page, part: str = "") -> bool:
    """Say the same of the page where each of people's words is one without end: in `bdi`, or what holds this part."""
    return bool(page.evaluate(ENDLESS, part))


def for_everyone(page: Page) -> None:
    """Check the page as it stands on phones, at a desk, and last on a tablet, where axe reads it."""
    for width in (*WIDTHS, TABLET):
        page.set_viewport_size({"width": width, "height": 800})
        assert (page.url, width, sideways(page), stretched(page)) == (page.url, width, False, False)
    assert (page.url, violations(page)) == (page.url, [])
