"""A real `questionnaire serve` in a data folder of its own, and Debian's Chromium to visit it.

`live_server` is shared by all journeys: each begins an assessment of its own. `page` is a phone; `visit` opens a page
of any width, with or without JavaScript.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = 360
Visit = Callable[..., Page]


@dataclass(frozen=True)
class LiveServer:
    """A server that runs: its address, its data folder, and its command line."""

    url: str
    instance: Path
    environ: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run `questionnaire …` on the same data folder and return what it prints."""
        return subprocess.run(
            _questionnaire(*arguments), env=self.environ, check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Start a server, wait until it answers, and stop it at the end."""
    instance = tmp_path_factory.mktemp("instance")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    own = {"INSTANCE": str(instance), "BASE_URL": url, "LIMITS": "off", "MAIL_URL": "file:mail"}
    environ = os.environ | {f"QUESTIONNAIRE_{name}": value for name, value in own.items()}
    log = (instance / "server.log").open("w")
    process = subprocess.Popen(_questionnaire("serve", "--port", str(port)), env=environ, stdout=log, stderr=log)
    try:
        _wait_until_it_answers(f"{url}/healthz", process)
        yield LiveServer(url, instance, environ)
    finally:
        process.terminate()
        process.wait(timeout=60)  # a PDF may be on its way
        log.close()


@pytest.fixture(autouse=True)
def documents_nobody_reads(live_server: LiveServer) -> Iterator[None]:
    """Forget the documents that a journey asked for and did not read: the next one would wait until they are drawn."""
    yield
    with closing(sqlite3.connect(live_server.instance / "questionnaire.sqlite", timeout=30)) as database, database:
        database.execute("DELETE FROM job WHERE kind = 'render' AND done_at IS NULL")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the journeys of one file: while it runs, no other test may call the application itself."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Open pages of any width, each with cookies of its own: `visit(width=1280, javascript=False)`."""
    contexts = []

    def new_page(width: int = PHONE, height: int = 740, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="fr-FR",
            base_url=live_server.url,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit: Visit) -> Page:
    """A phone."""
    return visit()


def _questionnaire(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("questionnaire")), *arguments]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server stopped at once"
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"nothing answers at {url}")
