"""A real browser as somebody of the world: what it reports of a page, and what axe finds there with full figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.axe import sideways, violations
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.faults.conftest import FULL
from tests.faults.world import PWNED

WIDTHS = (320, 1280) if FULL else (320,)
Visit = Callable[[dict[str, str], str], None]


@contextmanager
def a_browser(url: str) -> Iterator[Visit]:
    """Give `visit(cookies, path)`, which fails if the page runs, loads or builds anything of what somebody stored."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield lambda cookies, path: _look(browser, url, cookies, path)
        browser.close()


def _look(browser: Browser, url: str, cookies: dict[str, str], path: str) -> None:
    context = browser.new_context(base_url=url, viewport={"width": WIDTHS[0], "height": 740})
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page, told = context.new_page(), []
    page.on("console", lambda message: told.extend([message.text] * (message.type == "error")))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.goto(path, timeout=60_000)
    assert told == [], f"{path}: {told}"
    assert page.title() != "1", path
    assert page.locator(f"[{PWNED}]").count() == 0, path
    for width in WIDTHS if FULL else ():
        _everybody_can_use(page, path, width)
    context.close()


def _everybody_can_use(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    assert violations(page) == [], f"{path} at {width}"
    assert not sideways(page), f"{path} at {width}"
