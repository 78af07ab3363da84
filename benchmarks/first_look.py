"""A newcomer does the first look on a phone over a slow link: how many minutes, from the private link to the result.

Chromium, 360 px wide, 400 kbit/s with 300 ms of delay, goes from the start page to the result on a server of its own.
Waiting is by the clock; reading is computed: 180 words a minute on what a screen shows, a line seen on an earlier
screen is not read again, nor a list of places; and 5 s for each choice or text. It fails above 12 minutes from the
link to the result. `--pictures FOLDER` keeps each screen, to be looked at.

    .venv/bin/python -m benchmarks.first_look [--pictures FOLDER] [--port 22310]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WORDS_A_MINUTE, A_CHOICE, MOST = 180, 5.0, 12.0
PHONE = {"width": 360, "height": 740}
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
NEXT = "Enregistrer et continuer"
QUIET = 0.5  # seconds of silence after which Chromium calls the network idle; a person does not wait for them
SHOWN = """() => {
  const unread = [...document.querySelectorAll('main select, main .visually-hidden')]
  unread.forEach(each => { each.style.display = 'none' })
  const text = document.querySelector('main').innerText
  unread.forEach(each => { each.style.display = '' })
  return text
}"""


@dataclass(frozen=True)
class Screen:
    """One screen: how long it was waited for, how many of its words were new, how many it has, if it asks something."""

    waited: float
    new: int
    words: int
    asks: bool

    def minutes(self, *, again: bool = False) -> float:
        """Return what it takes; with `again`, for somebody who reads every word each time."""
        return (self.waited + self.asks * A_CHOICE) / 60 + (self.words if again else self.new) / WORDS_A_MINUTE


@dataclass
class Walk:
    """The screens of one visit: the start page, that of the link, the questions, the result."""

    page: Page
    pictures: Path | None
    screens: list[Screen] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def arrive(self, act: Callable[[], object], *, asks: bool) -> None:
        """Do what leads to the next screen, wait for it, and read it."""
        began = time.monotonic()
        act()
        self.page.wait_for_load_state("networkidle")
        waited = time.monotonic() - began - QUIET
        lines = [each for each in self.page.evaluate(SHOWN).splitlines() if each.strip()]
        new = [each for each in lines if each not in self.seen]
        self.seen.update(lines)
        self.screens.append(Screen(waited, words(new), words(lines), asks))
        if self.pictures:
            self.page.screenshot(path=self.pictures / f"{len(self.screens):02}.png", full_page=True)


def words(lines: list[str]) -> int:
    """Return how many words these lines hold."""
    return sum(len(each.split()) for each in lines)


def main() -> int:
    """Walk, print, and say by the status whether it held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--port", type=int, default=22310)
    given = parser.parse_args()
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with served(given.port) as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport=PHONE, locale="fr-FR", base_url=url)
        page.set_default_timeout(60_000)
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        start, *asked, result = walked(page, given.pictures)
        chromium.close()
    minutes = sum(each.minutes() for each in asked) + result.waited / 60
    print(f"{minutes:.1f} minutes from the private link to the result: {len(asked)} screens, ", end="")
    print(f"{sum(each.new for each in asked)} words, {sum(each.asks for each in asked)} choices, ", end="")
    print(f"{sum(each.waited for each in (*asked, result)):.0f} s of waiting")
    whole = (start, *asked, result)
    print(f"{sum(each.minutes() for each in whole):.1f} with the start page and the result read to their last word; ")
    print(f"{sum(each.minutes(again=True) for each in whole):.1f} for who reads every word again on every screen")
    return 0 if minutes <= MOST else 1


def walked(page: Page, pictures: Path | None) -> list[Screen]:
    """Go from the start page to what the first look says."""
    walk = Walk(page, pictures)
    walk.arrive(lambda: page.goto("/"), asks=True)
    page.fill("[name=association_name]", "Les Jardins du Lez")
    walk.arrive(lambda: page.click("button[value=regard]"), asks=False)
    walk.arrive(lambda: page.click("main .actions a >> nth=0"), asks=True)
    while not page.url.endswith("/resultat"):
        choose(page)
        walk.arrive(lambda: page.get_by_role("button", name=NEXT).click(), asks=True)
    return walk.screens


def choose(page: Page) -> None:
    """Answer the one question of the screen."""
    if page.locator("main select").count():
        page.select_option("main select", "34")
    else:
        page.locator("main input[type=radio]").nth(1).check()


@contextmanager
def served(port: int) -> Iterator[str]:
    """Serve the application in a data folder of its own."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        own = {"INSTANCE": folder, "BASE_URL": url, "LIMITS": "off", "MAIL_URL": "file:mail"}
        environ = os.environ | {f"QUESTIONNAIRE_{name}": value for name, value in own.items()}
        command = [str(Path(sys.executable).with_name("questionnaire")), "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until_it_answers(url)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)


def until_it_answers(url: str) -> None:
    """Wait for the server, a minute at most."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"Nothing answers at {url}")


if __name__ == "__main__":
    sys.exit(main())
