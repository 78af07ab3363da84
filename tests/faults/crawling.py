"""A crawler that sees all that somebody is shown, and notes everything that could be done from there."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults.visitor import Answer, Fields, Form, Visitor
from tests.faults.world import Actor

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UNRENDERED = (".pdf", ".zip")  # known by their link; making them takes seconds and another test does


@dataclass(frozen=True)
class Act:
    """Something that somebody could do: a request, with the fields of its form if it writes."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The object it is about, if any."""
        found = ID.search(self.path)
        return found[0] if found else ""

    def about(self, other: str) -> Act:
        """The same about another object."""
        return Act(self.method, ID.sub(other, self.path), self.fields)

    def done_by(self, visitor: Visitor) -> Answer:
        """Do it, with the visitor's own token: nothing but the right may be in the way."""
        if self.method != "POST":
            return visitor.send(self.method, self.path)
        return visitor.post(self.path, with_token(self.fields, visitor))


@dataclass
class Crawl:
    """All that one actor was shown: the answers by path, and everything it could do from there."""

    answers: dict[str, Answer] = field(default_factory=dict)
    acts: set[Act] = field(default_factory=set)


def crawl(actor: Actor) -> Crawl:
    """Follow every link and note every form, from where the actor stands."""
    seen, waiting = Crawl(), [*actor.start, "/"]
    while waiting:
        path = waiting.pop()
        if path in seen.answers or path.startswith("/static/"):
            continue
        seen.acts.add(Act("GET", path))
        if path.endswith(UNRENDERED):
            continue
        answer = actor.visitor.get(path)
        seen.answers[path] = answer
        if answer.location.startswith("/"):
            waiting.append(answer.location)
        if "html" in answer.headers.get("Content-Type", "") and answer.body:
            waiting += list(_links(answer))
            seen.acts |= {Act("POST", (form.action or path).partition("#")[0], form.fields) for form in answer.forms}
            seen.acts |= set(_other_ways(answer, path))
    return seen


def one_of_a_kind(crawls: dict[str, Crawl], method: str) -> list[tuple[str, Act]]:
    """Each page or form that somebody is shown, once a kind, with whose it is."""
    found: dict[tuple[str, str], tuple[str, Act]] = {}
    for name, seen in crawls.items():
        for act in sorted(seen.acts, key=lambda act: act.path):
            if act.method == method:
                names = ",".join(sorted(name for name, _ in act.fields))
                found.setdefault((ID.sub("", act.path).partition("?")[0], names), (name, act))
    return list(found.values())


def is_page(answer: Answer) -> bool:
    """Whether the answer is a page with something on it."""
    return "html" in answer.headers.get("Content-Type", "") and bool(answer.body)


def with_token(fields: tuple[tuple[str, str], ...], visitor: Visitor, token: str | None = None) -> Fields:
    """The fields of a form with the visitor's token in place of what stood there."""
    own = token_of(visitor) if token is None else token
    return [(name, own if name.endswith("csrf_token") else value) for name, value in fields]


def token_of(visitor: Visitor) -> str:
    """A token that fits all forms of this browser."""
    return visitor.form("/").get("csrf_token")


def nobody() -> str:
    """The id of nothing."""
    return str(uuid.uuid4())


def _links(answer: Answer) -> Iterator[str]:
    for address in answer.tree.xpath("//a/@href"):
        if address.startswith("/") and not address.startswith("//"):
            yield address.partition("#")[0]


def _other_ways(answer: Answer, path: str) -> Iterator[Act]:
    for button in answer.tree.xpath("//button[@formaction]"):
        form = Form.read(button.xpath("ancestor::form")[0])
        yield Act("POST", button.get("formaction"), form.fields)
