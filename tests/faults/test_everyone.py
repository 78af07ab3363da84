"""Every page that anybody is shown, and every form as it comes back with errors, is for everybody: axe finds nothing,
and nothing is wider than the screen, whatever people wrote.

It takes minutes: only the campaign does. tests/browser/ looks at the pages of each journey every day.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import WIDTHS, sideways, stretched, violations
from tests.faults.chromium import windows
from tests.faults.conftest import FULL, MakeServer
from tests.faults.crawling import Crawl, crawl, is_page, one_of_a_kind
from tests.faults.world import PWNED, Actor, build

WRITTEN = "input:is([type=text], [type=email], :not([type])), textarea"
REFUSED = "une ligne \u202e à l’envers"  # no field takes it: the form comes back, and nothing is done
SEND = """(form, words) => {
    for (const field of form.querySelectorAll(words[0])) field.value = words[1];
    form.noValidate = true;
    form.requestSubmit(form.querySelector("button:not([formaction])"));
}"""

if FULL:

    @pytest.mark.parametrize("half", [0, 1])
    def test_every_page_is_for_everybody(
        make_server: MakeServer, half: int, record_property: Callable[[str, object], None]
    ) -> None:
        server = make_server("sqlite")
        server.start()
        world = build(server)
        crawls = {name: crawl(actor) for name, actor in world.items()}
        shown, with_errors, told = pages(crawls)[half::2], 0, []
        with windows(server.url, cookies(world)) as window:
            for name, path in shown:
                page = window[name].page
                page.goto(path, timeout=60_000)
                told += [f"{path}: {each}" for each in everywhere(page)]
                for number in range(page.locator(f"form[method=post]:has({WRITTEN})").count()):
                    page.goto(path, timeout=60_000)
                    with_errors += comes_back_with_errors(page, number)
                    told += [f"{path}, form {number}: {each}" for each in everywhere(page)]
        assert told == []
        assert (len(shown) > 25, with_errors > 5) == (True, True), (len(shown), with_errors)
        record_property("pages", len(shown))
        record_property("forms with errors", with_errors)


def pages(crawls: dict[str, Crawl]) -> list[tuple[str, str]]:
    """Each kind of page that somebody is shown, with whose it is."""
    return [
        (name, act.path)
        for name, act in one_of_a_kind(crawls, "GET")
        if act.path in crawls[name].answers
        and is_page(crawls[name].answers[act.path])
        and crawls[name].answers[act.path].status == 200
    ]


def cookies(world: dict[str, Actor]) -> dict[str, dict[str, str]]:
    """What each browser of the world would send."""
    return {name: actor.visitor.cookies for name, actor in world.items()}


def comes_back_with_errors(page: Page, number: int) -> bool:
    """Write in every field of a form what none takes, and send it; say whether it came back with what to do."""
    form = page.locator(f"form[method=post]:has({WRITTEN})").nth(number)
    with page.expect_navigation() as sent:
        form.evaluate(SEND, [WRITTEN, REFUSED])
    return sent.value.status == 422


def everywhere(page: Page) -> list[str]:
    """What axe finds on a page at each width, and where it must be moved sideways."""
    told = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        told += [f"at {width}: {each}" for each in violations(page)]
        told += [f"at {width}: sideways"] * sideways(page)
        told += [f"at {width}: sideways with endless words"] * stretched(page, PWNED)
    return told
