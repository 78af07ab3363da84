"""A test client that checks every page any test fetches, and fills in forms as a person would.

It fails on HTML that is not well formed, a title that disagrees with the h1, a field without a label, a form without a
token, an inline style or script, an id used twice, and changes left unsaved in the database session.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from questionnaire.storage.accounts import User

Element = ElementTree.Element
TITLE_END = " – Faire alliance"


class PageClient(FlaskClient):
    """A browser without JavaScript that refuses bad pages."""

    assessment_id: str = ""
    account: User  # who signed in here; only advisors have one
    sent: tuple[str, dict[str, Any]] = ("", {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check what comes back."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data:
            check_page(response.data)
        unsaved = self.application.extensions.get("unsaved", [])
        if unsaved and response.status_code < 400:
            raise AssertionError(f"{response.request.path} left unsaved: {unsaved}")
        unsaved.clear()
        return response

    def page(self, url: str, status: int = 200) -> Element:
        """Return the parsed page at `url`, which must answer `status`."""
        response = self.get(url)
        assert response.status_code == status, f"{url}: {response.status} {response.headers.get('Location', '')}"
        return parsed(response.data)

    def submit(self, url: str, action: str = "", fields: dict[str, Any] | None = None) -> TestResponse:
        """Open `url`, fill in its form that goes to `action` (the only one if not named), and send it."""
        tree = self.page(url)
        forms = [form for form in tree.iter("form") if form.get("method", "").lower() == "post"]
        chosen = [form for form in forms if not action or urlsplit(form.get("action") or url).path == action]
        assert len(chosen) == 1, f"{url}: {len(chosen)} forms to {action or 'anywhere'}"
        self.sent = (chosen[0].get("action") or url, {**values(chosen[0]), **(fields or {})})
        return self.send_again()

    def send_again(self) -> TestResponse:
        """Send the last form once more, as a double click or a refreshed page would."""
        url, data = self.sent
        return self.post(url, data=data)


@lru_cache(maxsize=4)  # a page is looked at by its client, then by its test
def parsed(html: bytes) -> Element:
    """Return the tree of a page that is well formed, to read only; raises AssertionError otherwise."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parse(io.BytesIO(html), transport_encoding="utf-8")
    assert not parser.errors, f"HTML: {parser.errors[:3]}"
    return tree


def check_page(html: bytes) -> None:
    """Raise AssertionError if the page breaks one of the rules that hold for all pages."""
    tree = parsed(html)
    _check_title(tree)
    _check_labels(tree)
    _check_tokens(tree)
    _check_nothing_inline(tree)


def text_of(element: Element) -> str:
    """Return what the element says, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def values(form: Element) -> dict[str, Any]:
    """Return what a browser would send from this form if nothing were changed."""
    sent: dict[str, Any] = {}
    for field in form.iter():
        name = field.get("name")
        if name and (value := _value(field)) is not None:
            before = sent.get(name)
            ticked = before if isinstance(before, list) else []
            sent[name] = [*ticked, value] if field.get("type") == "checkbox" else value
    return sent


def _value(field: Element) -> str | None:
    kind = field.get("type", "text")
    if field.tag == "textarea":
        return "".join(field.itertext()).removeprefix("\n")
    if field.tag == "select":
        return next((option.get("value") for option in field.iter("option") if option.get("selected") is not None), "")
    if field.tag != "input" or kind in {"submit", "button", "image"}:
        return None
    return field.get("value", "") if kind not in {"radio", "checkbox"} or field.get("checked") is not None else None


def _check_title(tree: Element) -> None:
    titles, headings = [list(tree.iter(tag)) for tag in ("title", "h1")]
    page_titles = [title for title in titles if title in list(next(tree.iter("head")))]
    assert (len(page_titles), len(headings)) == (1, 1), f"{len(page_titles)} titles, {len(headings)} h1"
    title = text_of(page_titles[0]).removeprefix("Erreur : ").removesuffix(TITLE_END)
    assert title == text_of(headings[0]), f"title « {title} » but h1 « {text_of(headings[0])} »"


def _check_labels(tree: Element) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1 and i})[:3]}"
    for field in tree.iter():
        silent = field.get("type") in {"hidden", "submit", "button"}
        if field.tag in {"input", "select", "textarea"} and not silent:
            named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
            assert named, f"no label: {field.get('name')}"


def _check_tokens(tree: Element) -> None:
    for form in tree.iter("form"):
        if form.get("method", "get").lower() == "post":
            names = [field.get("name") for field in form.iter("input")]
            assert any(name and name.endswith("csrf_token") for name in names), f"no token: {form.get('action')}"


def _check_nothing_inline(tree: Element) -> None:
    for element in tree.iter():
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not inline, f"inline {inline} on {element.tag}"
        assert element.tag != "style", "inline style"
        assert element.tag != "script" or element.get("src"), "inline script"
        assert not (element.get("href") or "").lower().startswith("javascript:"), "javascript: link"
