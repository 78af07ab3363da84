"""A browser that fills in forms over one connection and notes how long each answer took."""

from __future__ import annotations

import html
import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

HIDDEN = re.compile(r'<input(?=[^>]*type="hidden")[^>]*name="([^"]*)"[^>]*value="([^"]*)"[^>]*>')
FORM = re.compile(r'<form[^>]*method="post"[^>]*>', re.IGNORECASE)
ACTION = re.compile(r'action="([^"]+)"')
TOKENS = ("csrf_token", "csrfmiddlewaretoken", "csrftoken")
Fields = list[tuple[str, str]]


class Wrong(SystemExit):
    """A result that deserves no time."""


@dataclass(frozen=True)
class Page:
    """What came back: where from, with which status, saying what."""

    url: str
    status: int
    text: str
    location: str

    @property
    def hidden(self) -> Fields:
        """The hidden fields of its form, the token among them."""
        return [(name, html.unescape(value)) for name, value in HIDDEN.findall(self.text)]

    @property
    def action(self) -> str:
        """Where its form goes."""
        form = FORM.search(self.text)
        named = ACTION.search(form.group()) if form else None
        return urljoin(self.url, html.unescape(named.group(1))) if named else self.url

    @property
    def words(self) -> str:
        """What it says to a reader."""
        return html.unescape(self.text)


class Browser:
    """A new visitor of the server at `port`."""

    def __init__(self, port: int) -> None:
        """Connect, without cookies."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.seconds: list[float] = []

    def open(self, url: str) -> Page:
        """Return the page at `url`, redirects followed."""
        page = self._send("GET", url)
        while page.location:
            page = self._send("GET", urljoin(url, page.location))
        if page.status != 200:
            raise Wrong(f"{url}: {page.status}")
        return page

    def send(self, page: Page, fields: Fields) -> Page:
        """Send the form of this page with its hidden fields and these; return the answer, no redirection followed."""
        return self._send("POST", page.action, [*page.hidden, *fields])

    def sent(self, page: Page, fields: Fields) -> str:
        """Send it; return where it leads. Raises Wrong if it was refused."""
        answer = self.send(page, fields)
        if not answer.location:
            raise Wrong(f"{page.url}: refused, {answer.status}")
        return urljoin(page.url, answer.location)

    def refuses_forged(self, page: Page, fields: Fields) -> bool:
        """Say whether the form is refused when its token lacks."""
        honest = [(name, value) for name, value in page.hidden if not name.endswith(TOKENS)]
        return not self._send("POST", page.action, [*honest, *fields]).location

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _send(self, method: str, url: str, fields: Fields | None = None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
        target, body = urlsplit(url), urlencode(fields) if fields is not None else None
        began = time.perf_counter()
        self._connection.request(method, f"{target.path}?{target.query}", body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        self.seconds.append(time.perf_counter() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Page(url, answer.status, text.decode(), answer.headers.get("Location") or "")
