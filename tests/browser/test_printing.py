"""The result page as a browser prints it: no page nearly empty, no heading parted from what it announces."""

from __future__ import annotations

import re
from io import BytesIO

import pypdf
from playwright.sync_api import Page

from tests.browser.conftest import LiveServer, Visit
from tests.browser.test_respondent import LINK
from tests.pdf.drawing import printed

FEW = 10  # lines


def squeezed(text: str) -> str:
    """Return a text without spaces: they are read otherwise from paper."""
    return re.sub(r"\s+", "", text)


def nearly_empty(document: bytes) -> list[int]:
    """Return the numbers of the pages with few lines; the last one may end where it ends."""
    pages = printed(document, layout=True).removesuffix("\f").split("\f")
    return [at for at, one in enumerate(pages[:-1], 1) if sum(bool(line.strip()) for line in one.splitlines()) < FEW]


def alone_at_the_foot(document: bytes, headings: list[str]) -> list[str]:
    """Return the headings that are the last words of a page."""
    pages = [squeezed(each.extract_text()) for each in pypdf.PdfReader(BytesIO(document)).pages]
    return [each for each in headings for one in pages if one.endswith(squeezed(each))]


def headings(page: Page) -> list[str]:
    """Return the headings of a result, those aside whose words stand elsewhere too: criteria are named in lists."""
    return page.locator(".report :is(h2, h3, h4:not(.fold__title))").all_text_contents()


def test_a_printed_result_has_no_page_nearly_empty_and_no_heading_alone(visit: Visit, live_server: LiveServer) -> None:
    page = visit(1280, javascript=False)
    page.goto(re.findall(LINK, live_server.command("demo"))[-2])
    page.goto(f"{page.url}resultat")
    document = page.pdf(prefer_css_page_size=True)
    assert (nearly_empty(document), alone_at_the_foot(document, headings(page))) == ([], [])


def test_an_empty_page_and_a_heading_alone_would_be_seen(visit: Visit) -> None:
    page = visit(1280)
    page.set_content(
        f"<h2>Le plan</h2>{'<p>Un mot.' * FEW}<div style='break-before: page'>Peu.<h2>Repères</h2></div>"
        "<p style='break-before: page'>La suite."
    )
    document = page.pdf()
    assert nearly_empty(document) == [2]
    assert alone_at_the_foot(document, ["Le plan", "Repères"]) == ["Repères"]
