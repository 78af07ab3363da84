"""A world of six associations, four advisors and a passer-by; and a crawler that sees all that one of them is shown.

Each association's answers, address and each advisor's note hold a canary: a word that only some may ever read.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from questionnaire.core.loading import published
from questionnaire.storage import assessments, links, signin
from questionnaire.storage.database import make_engine
from questionnaire.storage.models import Assessment
from tests import builders
from tests.faults.server import KEY, Server
from tests.faults.visitor import Answer, Fields, Form, Respondent, Visitor

FRAMEWORK = published().newest("faire-alliance")
NOW = datetime.now(UTC).replace(microsecond=0)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UNRENDERED = (".pdf", ".zip")  # known by their link; making them takes seconds and another test does


@dataclass
class Actor:
    """Somebody with a browser: the assessments that are theirs to open, the canaries theirs to read.

    What an advisor noted about an association, it reads in its access file (right of access) and nowhere else.
    """

    name: str
    visitor: Respondent
    start: list[str]
    ids: set[str] = field(default_factory=set)
    canaries: set[str] = field(default_factory=set)
    in_access_file: set[str] = field(default_factory=set)

    def may_read(self, path: str) -> set[str]:
        """The canaries that may stand in the answer at this path."""
        return self.canaries | (self.in_access_file if path.endswith("/acces.json") else set())


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


def build(server: Server) -> dict[str, Actor]:
    """Fill the database and return everybody by name."""
    engine = make_engine(server.database_url)
    with Session(engine, expire_on_commit=False) as session:
        made = {name: _association(session, name, finished=name not in ("draft", "ready")) for name in NAMES}
        accounts = {name: builders.an_advisor(session, f"{name}@reseau.example") for name in ADVISORS}
        session.flush()
        tokens = {
            name: signin.make_link(session, account, "sign-in", datetime.now(UTC)) for name, account in accounts.items()
        }
        session.commit()
        paths = {name: f"/l/{links.link_token(KEY.encode(), each)}" for name, each in made.items()}
    engine.dispose()
    actors = {name: _respondent(server, made[name], paths[name], name) for name in made}
    actors |= {name: _advisor(server, name, tokens[name]) for name in accounts}
    _share(actors, {name: account.code for name, account in accounts.items()})
    for name in ("taken", "validated", "asked"):
        actors["assigned"].ids.add(str(made[name].id))
        actors["assigned"].canaries |= {f"canari-preuve-{name}", f"canari-note-{name}"}
    actors["assigned"].start.append(f"/conseiller/dossiers/{made['taken'].id}/valider")  # from the form of the review
    actors["withdrawn"].start.append(
        actors["withdrawn"].visitor.path("entretien") + f"?code={accounts['assigned'].code}"
    )
    server.wait_for_jobs()
    return actors | {"anonymous": Actor("anonymous", Respondent(server.url), [])}


NAMES = ("draft", "ready", "asked", "taken", "validated", "withdrawn")
SHARED = {"asked": "assigned", "taken": "assigned", "validated": "assigned", "withdrawn": "revoked"}
ADVISORS = ("assigned", "revoked", "unassigned", "elsewhere")


def _association(session: Session, name: str, *, finished: bool) -> Assessment:
    assessment = builders.an_assessment(
        session,
        FRAMEWORK,
        secret_key=KEY.encode(),
        association_name=f"Club {name}",
        email=f"canari-adresse-{name}@exemple.fr",
        now=NOW,
    )
    pages = {"ECO": {}} if name == "draft" else builders.complete_pages(FRAMEWORK)
    pages["ECO"]["ECO-1a"] = {"value": 2, "evidence": f"canari-preuve-{name}"}
    for page, values in pages.items():
        assessments.save_page(session, assessment, page, 0, values, NOW)
    if finished:
        assessments.finish(session, assessment, FRAMEWORK, NOW)
    return assessment


def _share(actors: dict[str, Actor], codes: dict[str, str]) -> None:
    """Ask for talks, take them, write and validate, withdraw: as people do, page by page."""
    for name, advisor in SHARED.items():
        association, reader = actors[name].visitor, actors[advisor].visitor
        dossier = f"/conseiller/dossiers/{association.assessment_id}"
        _done(association.submit(association.path("entretien") + f"?code={codes[advisor]}", "/entretien"))
        if name == "asked":
            continue
        actors[name].in_access_file.add(f"canari-note-{name}")
        _done(reader.submit(dossier, "/prendre"))
        _done(reader.submit(dossier, "/avis", private_note=f"canari-note-{name}"))
        if name == "validated":
            _done(reader.submit(f"{dossier}/valider", "/valider"))
    withdrawn = actors["withdrawn"].visitor
    _done(withdrawn.submit(withdrawn.path("entretien"), "/entretien/retirer"))


def _done(answer: Answer) -> None:
    assert answer.status == 303, f"{answer.status}: {answer.text[:500]}"


def _respondent(server: Server, assessment: Assessment, path: str, name: str) -> Actor:
    visitor = Respondent(server.url)
    assert visitor.get(path).status == 303
    visitor.assessment_id, visitor.link = str(assessment.id), path
    own = {f"canari-preuve-{name}", f"canari-adresse-{name}"}
    return Actor(name, visitor, [visitor.path()], {visitor.assessment_id}, own)


def _advisor(server: Server, name: str, token: str) -> Actor:
    visitor = Respondent(server.url)
    assert visitor.submit(f"/conseiller/lien/{token}").status == 303
    return Actor(name, visitor, ["/conseiller/"])


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
