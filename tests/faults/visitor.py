"""Who visits the server over HTTP: no browser, but cookies, forms, and a strict idea of what was acknowledged.

An answer that did not arrive whole is none (`Unanswered`). Every answer that arrives is checked for the headers that
all must carry, whatever the test is about.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

Fields = list[tuple[str, str]]
OWED = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "",
}
PAGES = ("ECO", "STR", "CAP", "CAD", "REL", "EVA")
PROFILE = "profil"


class Unanswered(Exception):
    """No whole answer came: whether the request had an effect is unknown."""


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Message
    body: bytes

    @property
    def acknowledged(self) -> bool:
        """Whether the server said that it is done."""
        return 200 <= self.status < 400

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        """Where it leads, without the host if that is ours."""
        return self.headers.get("Location", "")

    @cached_property
    def tree(self) -> Any:
        """The page, parsed."""
        return html.fromstring(self.body)

    @property
    def forms(self) -> list[Form]:
        """The forms of the page that write."""
        return [Form.read(each) for each in self.tree.forms if each.method.lower() == "post"]


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it if nothing were changed."""

    action: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, form: Any) -> Form:
        """Read a form of a page."""
        sent = [(field.get("name"), _value(field)) for field in form.iter("input", "select", "textarea")]
        return cls(form.get("action") or "", tuple((name, value) for name, value in sent if name and value is not None))

    def filled(self, changes: Mapping[str, str]) -> Fields:
        """Return the fields with these values; the last field of a page stays the last one."""
        kept = [(name, value) for name, value in self.fields if name not in changes]
        return [*changes.items(), *kept]

    def get(self, name: str) -> str:
        """Return what stands in a field (the last of its name)."""
        return dict(self.fields).get(name, "")


class Visitor:
    """A browser of its own, without JavaScript."""

    def __init__(self, url: str, *, timeout: float = 60) -> None:
        """Come for the first time."""
        self.url, self.timeout = url, timeout
        self.cookies: dict[str, str] = {}
        self.address = urlsplit(url).netloc
        self.statuses: list[int] = []

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and return the whole answer. Raises Unanswered."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        connection = http.client.HTTPConnection(self.address, timeout=self.timeout)
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(str(error)) from error
        finally:
            connection.close()
        self._remember(answer)
        check_headers(answer, f"{method} {path}")
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self.send("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, fields: Iterable[tuple[str, str]]) -> Answer:
        """Send a form."""
        body = urlencode(list(fields), errors="surrogatepass").encode()
        return self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def form(self, path: str, action: str = "") -> Form:
        """Open a page and return its form that goes to `action` (the first one if not named)."""
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status} {answer.location}"
        return next(form for form in answer.forms if not action or form.action.endswith(action))

    def submit(self, path: str, action: str = "", **changes: str) -> Answer:
        """Open a page, fill in a form and send it."""
        form = self.form(path, action)
        return self.post(form.action or path, form.filled(changes))

    def _remember(self, answer: Answer) -> None:
        self.statuses.append(answer.status)
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value


class Respondent(Visitor):
    """Who answers for an association."""

    assessment_id: str
    link: str = ""

    def begin(self, name: str = "Les Jardins du Lez", email: str = "") -> Respondent:
        """Begin an assessment from the first page."""
        answer = self.submit("/", "/commencer", association_name=name, email=email)
        assert answer.status == 303, f"{answer.status}: {answer.text[:300]}"
        self.assessment_id = answer.location.split("/")[2]
        page = self.get(answer.location).text
        self.link = "/l/" + page.partition("/l/")[2][:43]
        return self

    def elsewhere(self) -> Respondent:
        """The same person on another device, by the private link."""
        other = Respondent(self.url, timeout=self.timeout)
        assert other.get(self.link).status == 303
        other.assessment_id, other.link = self.assessment_id, self.link
        return other

    def path(self, page: str = "") -> str:
        """The address of a page of this assessment."""
        under = f"theme/{page}" if page in PAGES else page
        return f"/q/{self.assessment_id}/{under}"

    def page(self, page: str) -> Form:
        """A page of the questionnaire as it stands."""
        return self.form(self.path(page))

    def save(self, page: str, **changes: str) -> Answer:
        """Open a page, change it and save it."""
        return self.submit(self.path(page), **changes)

    def answer_everything(self, level: str = "2") -> None:
        """Answer every question of every page."""
        for page in (PROFILE, *PAGES):
            seen = self.get(self.path(page))
            answer = self.post(self.path(page), seen.forms[0].filled(self._answers(page, seen, level)))
            assert answer.status == 303, f"{page}: {answer.status}"

    def finish(self) -> Answer:
        """Finish from the page of the check."""
        return self.submit(self.path("verifier"), "")

    def _answers(self, page: str, seen: Answer, level: str) -> dict[str, str]:
        tree = seen.tree
        if page != PROFILE:
            return dict.fromkeys(tree.xpath("//input[@type='radio']/@name"), level)
        offered: dict[str, str] = {}
        for choice in tree.xpath("//input[@type='radio' or @type='checkbox'][starts-with(@name, 'profile_')]"):
            offered.setdefault(choice.get("name"), choice.get("value"))
        return offered | {"profile_department": "34", "profile_recent_partnerships": "1-2"}


def _value(field: Any) -> str | None:
    """What a browser sends of a field that nobody touched; None where it sends nothing."""
    if field.tag == "textarea":
        return str(field.text or "").removeprefix("\n")  # a browser drops the line break that opens it
    if field.tag == "select":
        chosen = field.xpath(".//option[@selected]") or field.xpath(".//option")
        return str(chosen[0].get("value")) if chosen else None
    kind = field.get("type", "text")
    if kind in {"submit", "button", "image", "reset"} or (
        kind in {"radio", "checkbox"} and "checked" not in field.attrib
    ):
        return None
    return str(field.get("value", "on" if kind in {"radio", "checkbox"} else ""))


def check_headers(answer: Answer, what: str) -> None:
    """Raise AssertionError if the answer lacks a header that every answer carries."""
    for name, wanted in OWED.items():
        assert name in answer.headers, f"{what}: {answer.status} without {name}"
        assert wanted in answer.headers[name], f"{what}: {name} is {answer.headers[name]}"
    assert "unsafe" not in answer.headers["Content-Security-Policy"], what
