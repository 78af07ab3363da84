"""Nobody sees or does what is not theirs: everything anybody can do is tried by everybody else, over HTTP."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.faults.conftest import FULL, Figure, a_server
from tests.faults.server import Server
from tests.faults.visitor import Answer, Form, Visitor
from tests.faults.world import ID, Act, Actor, Crawl, build, crawl, nobody, token_of, with_token

World = dict[str, Actor]
METHODS = ("HEAD", "PUT", "DELETE", "PATCH")
ON_BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]
ELSEWHERE = {  # how a form is reached that no page of this world shows
    "/conseiller/lien/<token>": "a mailed link",
    "/conseiller/connexion": "who is signed out",
    "/conseiller/connexion/lien": "who is signed out",
    "/conseiller/code": "who came by password with a second factor",
    "/conseiller/double-verification": "a second factor not set up yet, its secret new at each visit",
    "/conseiller/double-verification/retirer": "who has a second factor",
    "/conseiller/saisie/<uuid:assessment_id>": "a paper being entered",
    "/conseiller/saisie/<uuid:assessment_id>/lien": "a paper being entered",
    "/q/<uuid:assessment_id>/saisie/arreter": "a paper being entered",
    "/conseiller/sans-conseiller/<uuid:assessment_id>/prendre": "a file that was asked of the network",
    "/conseiller/dossiers/<uuid:assessment_id>/entretien/actions/<uuid:action_id>": "an action that was agreed",
    "/coordination/conseillers/<int:user_id>/fermer": "a coordinator, with a second factor",
    "/coordination/dossiers/<uuid:assessment_id>": "a coordinator, with a second factor",
    "/coordination/inviter": "a coordinator, with a second factor",
    "/q/<uuid:assessment_id>/suivi": "three months after the end",
    "/suivi/<token>": "a mailed link",
    "/suivi/<token>/arreter": "a mailed link",
}


@pytest.fixture(scope="module", params=ON_BOTH)
def rights_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose world stands for the whole module: nothing that is tried here may change it."""
    with a_server(request, request.param, tmp_path_factory.mktemp("world")) as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def world(rights_server: Server) -> World:
    return build(rights_server)


@pytest.fixture(scope="module")
def crawls(world: World) -> dict[str, Crawl]:
    return {name: crawl(actor) for name, actor in world.items()}


def test_everybody_is_shown_only_what_is_theirs(world: World, crawls: dict[str, Crawl]) -> None:
    canaries = {canary for actor in world.values() for canary in actor.canaries | actor.in_access_file}
    for name, seen in crawls.items():
        for path, answer in seen.answers.items():
            found = {canary for canary in canaries if canary in answer.text}
            assert found <= world[name].may_read(path), f"{name} reads {found - world[name].may_read(path)} at {path}"
        assert {act.id for act in seen.acts} - {""} <= world[name].ids, name


def test_the_crawl_sees_what_is_to_be_seen(world: World, crawls: dict[str, Crawl]) -> None:
    for name, actor in world.items():
        shown = "".join(answer.text for answer in crawls[name].answers.values())
        owed = (actor.canaries | actor.in_access_file) - {"canari-note-asked"}
        assert {canary for canary in owed if canary in shown} == owed, name


def test_nobody_does_what_only_another_can(
    rights_server: Server, world: World, crawls: dict[str, Crawl], record_property: Callable[[str, object], None]
) -> None:
    before, tried = rights_server.kept(), 0
    for act, actor in foreign_acts(world, crawls):
        answer = act.done_by(actor.visitor)
        assert refused(answer), f"{actor.name}: {act.method} {act.path} gives {answer.status} {answer.location}"
        tried += 1
    record_property("requests", tried)
    assert tried > 100
    assert changes(before, rights_server.kept()) == {}


def test_refusals_look_like_nothing_there(world: World, crawls: dict[str, Crawl]) -> None:
    for act, actor in foreign_acts(world, crawls, methods=()):
        if actor.name in ("unassigned", "draft"):
            there, nowhere = (looks(each.done_by(actor.visitor)) for each in (act, act.about(nobody())))
            assert there == nowhere, f"{actor.name}: {act.path}"


def foreign_acts(
    world: World, crawls: dict[str, Crawl], methods: tuple[str, ...] = METHODS if FULL else ()
) -> Iterator[tuple[Act, Actor]]:
    """Every act about an object, with everybody whose object it is not; a sample in the light version."""
    acts = sorted(
        {act for seen in crawls.values() for act in seen.acts if act.id}, key=lambda act: (act.path, act.method)
    )
    acts += [Act(method, path) for path in sorted({act.path for act in acts}) for method in methods]
    for number, act in enumerate(acts):
        for place, actor in enumerate(world.values()):
            if act.id not in actor.ids and (FULL or (number + place) % 4 == 0):
                yield act, actor


def refused(answer: Answer) -> bool:
    """Whether nothing was shown or done: not there, not so, or to be signed in first."""
    sign_in = answer.status == 303 and answer.location.startswith("/conseiller/connexion")
    return sign_in or answer.status in {403, 404, 405, 501}


def looks(answer: Answer) -> tuple[int, str, str]:
    """An answer as it looks, whatever object it is about."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)
    return answer.status, ID.sub("", answer.location), ID.sub("", text)


def changes(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, set[str]]:
    """What changed in the database, table by table."""
    return {name: set(before[name]) ^ set(after[name]) for name in before if before[name] != after[name]}


# --- forms of other sites ---------------------------------------------------------------------------------------------


def own_forms(world: World, crawls: dict[str, Crawl]) -> list[tuple[Act, Actor]]:
    """Each form that somebody is shown, once a kind."""
    found: dict[str, tuple[Act, Actor]] = {}
    for name, seen in crawls.items():
        for act in sorted(seen.acts, key=lambda act: act.path):
            if act.method == "POST":
                found.setdefault(f"{act.about('')}".partition(", fields")[0], (act, world[name]))
    return list(found.values())


def test_no_form_is_taken_without_the_token_of_its_own_browser(
    rights_server: Server, world: World, crawls: dict[str, Crawl], record_property: Callable[[str, object], None]
) -> None:
    before, forms = rights_server.kept(), own_forms(world, crawls)
    stranger = token_of(Visitor(rights_server.url))
    for act, actor in forms:
        for token in ("", stranger, "IjEi.x.y"):
            actor.visitor.post(act.path, filled(act, with_token(act.fields, actor.visitor, token)))
        actor.visitor.post(
            act.path, [(name, value) for name, value in filled(act, list(act.fields)) if "csrf" not in name]
        )
    record_property("forms", len(forms))
    assert changes(before, rights_server.kept()) == {}


def test_every_writing_route_is_among_those_forms(crawls: dict[str, Crawl], app: Flask) -> None:
    shown = {act.path for seen in crawls.values() for act in seen.acts if act.method == "POST"}
    writing = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} - ELSEWHERE.keys()
    unseen = {rule for rule in writing if not any(matches(rule, path) for path in shown)}
    assert unseen == set()


def test_with_its_token_such_a_form_does_write(rights_server: Server, world: World) -> None:
    visitor = Visitor(rights_server.url)
    before = rights_server.kept()
    assert visitor.submit("/", "/commencer", association_name="Club du jeton").status == 303
    assert changes(before, rights_server.kept()).keys() >= {"assessment", "association"}


def filled(act: Act, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A form with something in its empty fields, so that only the token is in the way of writing."""
    typed = {"association_name": "Club", "email": "club@exemple.fr", "sure": "y", "private_note": "…"}
    ticked = [(name, "y") for name in ("sure", "consent") if name not in dict(fields)]
    return [(name, typed.get(name, value) or typed.get(name, "")) for name, value in fields] + ticked


def matches(rule: str, path: str) -> bool:
    """Whether a path is one of a rule's."""
    parts, given = rule.strip("/").split("/"), path.partition("?")[0].strip("/").split("/")
    return len(parts) == len(given) and all(a == b or a.startswith("<") for a, b in zip(parts, given, strict=True))


# --- a right withdrawn meanwhile --------------------------------------------------------------------------------------


def test_nothing_is_written_once_a_right_is_withdrawn(server: Server, figure: Figure) -> None:
    world = build(server)
    advisor, association = world["assigned"].visitor, world["taken"].visitor
    assessment = next(iter(world["taken"].ids))
    code = server.rows("""SELECT code FROM "user" WHERE email = 'assigned@reseau.example'""")[0][0]
    for _ in range(figure("races", 2, full=25)):
        writer = ReviewWriter(advisor, f"/conseiller/dossiers/{assessment}")
        writer.start()
        assert writer.wrote.wait(20)
        assert association.submit(f"/q/{assessment}/entretien", "/entretien/retirer").status == 303
        kept = server.kept()["review"]
        writer.withdrawn.set()
        writer.join()
        assert server.kept()["review"] == kept
        assert writer.last == 404
        share_again(advisor, association, assessment, code)


class ReviewWriter(threading.Thread):
    """An advisor who saves the review again and again, another note each time, and a few times more once withdrawn."""

    def __init__(self, advisor: Visitor, dossier: str) -> None:
        super().__init__()
        self.advisor, self.dossier = advisor, dossier
        self.form = advisor.form(dossier, "/avis")
        self.wrote, self.withdrawn, self.last = threading.Event(), threading.Event(), 0

    def run(self) -> None:
        """Write; the version goes up by one each time."""
        version, left = int(self.form.get("version")), 5
        while left:
            typed = {"private_note": f"canari {version} {left}", "version": str(version), "base": self.form.get("base")}
            self.last = self.advisor.post(f"{self.dossier}/avis", self.form.filled(typed)).status
            if self.last == 303:
                self.wrote.set()
                self.form = Form(self.form.action, (("version", str(version + 1)), *self.form.fields))
                version += 1
            left -= self.withdrawn.is_set()


def share_again(advisor: Visitor, association: Visitor, assessment: str, code: str) -> None:
    """Share once more, so that the next race can begin."""
    assert association.submit(f"/q/{assessment}/entretien?code={code}", "/entretien").status == 303
    assert advisor.submit(f"/conseiller/dossiers/{assessment}", "/prendre").status == 303
