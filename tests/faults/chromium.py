"""A real browser as somebody of the world, and what it reports of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.faults.world import PWNED

BUILT = """() => {
    const counted = {};
    for (const each of document.querySelectorAll("*")) counted[each.localName] = (counted[each.localName] || 0) + 1;
    return counted;
}"""
READ = """() => {
    const fields = Array.from(document.querySelectorAll("input:not([type=hidden])"), each => each.value);
    return [document.documentElement.textContent, ...fields].join(" ");
}"""
Visit = Callable[[dict[str, str], str], None]


@contextmanager
def a_browser(url: str) -> Iterator[Visit]:
    """Give `visit(cookies, path)`, which fails if the page runs, loads or builds anything of what somebody stored."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield lambda cookies, path: _look(browser, url, cookies, path)
        browser.close()


@dataclass
class Window:
    """One person's window, that stays open from page to page, and what Chromium reported there."""

    page: Page
    told: list[str] = field(default_factory=list)

    def look(self, path: str) -> tuple[dict[str, int], str]:
        """Open a page; return how many elements of each kind it has and all its text. Fails if anything runs."""
        self.page.goto(path, timeout=60_000)
        assert self.told == [], f"{path}: {self.told}"
        assert self.page.title() != "1", path
        return self.page.evaluate(BUILT), self.page.evaluate(READ)


@contextmanager
def windows(url: str, people: dict[str, dict[str, str]]) -> Iterator[dict[str, Window]]:
    """Open a window for each of these people, with the cookies they have."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield {name: _window(browser, url, cookies) for name, cookies in people.items()}
        browser.close()


def _window(browser: Browser, url: str, cookies: dict[str, str], width: int = 360) -> Window:
    context = browser.new_context(base_url=url, viewport={"width": width, "height": 740})
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    window = Window(context.new_page())
    window.page.on("console", lambda message: window.told.extend([message.text] * (message.type == "error")))
    window.page.on("dialog", lambda dialog: window.told.append(dialog.message))
    return window


def _look(browser: Browser, url: str, cookies: dict[str, str], path: str) -> None:
    window = _window(browser, url, cookies, 320)
    window.look(path)
    assert window.page.locator(f"[{PWNED}]").count() == 0, path
    window.page.context.close()
