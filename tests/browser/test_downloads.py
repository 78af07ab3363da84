"""A PDF that is not ready, in a real browser without JavaScript: the page waits, then the file comes by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.axe import WIDTHS, sideways, violations
from tests.browser.conftest import Visit
from tests.browser.test_respondent import begin

A_WHILE = 120_000


def stay(page: Page) -> None:
    """Hold the page that waits, to look at it in peace."""

    def without_refresh(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
        route.fulfill(response=answer, headers=headers)

    page.route("**/rapport.pdf", without_refresh)


def test_the_page_waits_and_the_file_comes_by_itself(visit: Visit) -> None:
    page = visit(360, javascript=False)
    home = begin(page)
    with page.expect_download(timeout=A_WHILE) as report:
        page.goto(f"{home}rapport.pdf")
        assert "se prépare" in page.inner_text("h1")
    assert report.value.path().read_bytes().startswith(b"%PDF")
    assert "se prépare" in page.inner_text("h1")
    page.get_by_role("link", name="Revenir en arrière").click()
    assert page.url == home


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_that_waits_is_for_everyone(visit: Visit, width: int) -> None:
    page = visit(width)
    home = begin(page)
    stay(page)
    page.goto(f"{home}rapport.pdf")
    assert (violations(page), sideways(page)) == ([], False)
