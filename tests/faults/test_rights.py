"""Nobody sees or does what is not theirs: everything anybody can do is tried by everybody else, over HTTP."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote_from_bytes

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaire.storage.schema import METADATA
from tests.faults.chromium import a_browser
from tests.faults.conftest import FULL, NO_WORKER, a_server
from tests.faults.crawling import ID, Act, Crawl, crawl, is_page, nobody, one_of_a_kind, token_of, with_token
from tests.faults.handed_over import documents, letters, words_of
from tests.faults.server import KEY, Server
from tests.faults.test_hostile import NASTY
from tests.faults.visitor import Answer, Visitor
from tests.faults.world import PWNED, Actor, World, build

METHODS = ("HEAD", "PUT", "DELETE", "PATCH")
UNLINKED = {
    "/healthz",
    "/readyz",
    "/static/<path:filename>",
    "/e/<code>",
    "/l/<token>",
}  # read by machines, or handed over
NOT_FREE = {  # by table, what holds a code, an address, a sum or a name of the program's own: never what people like
    "assessment": "department framework_id framework_sha256 framework_version link_sha256 result_sha256 state",
    "association": "email rna siren",
    "audit_event": "actor facts name",
    "campaign": "code",
    "contact_change": "former_email",
    "contribution": "role",
    "coordinator_region": "region",
    "document": "key name",
    "edition": "sha256",
    "follow_up": "answer",
    "installation": "id key_check",
    "job": "kind last_error payload",
    "listening_save": "file file_sha256",
    "observatory_contribution": "categories values",
    "observatory_release": "cells content sha256",
    "page_save": "page",
    "past_count": "framework state",
    "plan_action": "criterion progress",
    "proposal": "question_id",
    "recovery_code": "code_sha256",
    "resume_code": "code_sha256",
    "review": "opinions state",
    "role": "description name",
    "second_factor": "salt",
    "sign_in_link": "purpose token_sha256",
    "talk_move": "actor name source target",
    "talk_request": "scope state",
    "tombstone": "digest",
    "user": "code email fs_uniquifier password",
}
ON_BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]


@pytest.fixture(scope="module", params=ON_BOTH)
def rights_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose world stands for the whole module: nothing that is tried here may change it."""
    with a_server(request, request.param, tmp_path_factory.mktemp("world"), **NO_WORKER) as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def world(rights_server: Server) -> World:
    return build(rights_server)


@pytest.fixture(scope="module")
def crawls(world: World) -> dict[str, Crawl]:
    return {name: crawl(actor) for name, actor in world.items()}


def test_every_text_that_people_write_holds_markup(rights_server: Server, world: World) -> None:
    engine = sa.create_engine(rights_server.database_url)
    texts = (sa.String, sa.JSON)
    columns = [each for table in METADATA.sorted_tables for each in table.columns if isinstance(each.type, texts)]
    with engine.connect() as connection:
        without = {
            str(column)
            for column in columns
            if not any(PWNED in str(value) for value in connection.scalars(sa.select(column)))
        }
    engine.dispose()
    assert without == {f"{table}.{name}" for table, names in NOT_FREE.items() for name in names.split()}


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


def test_a_private_link_stands_on_its_own_pages_alone(
    rights_server: Server, world: World, crawls: dict[str, Crawl]
) -> None:
    tokens = {name: actor.visitor.link.rpartition("/")[2] for name, actor in world.items() if actor.visitor.link}
    shown = {
        (name, ID.sub("", path), whose)
        for name, seen in crawls.items()
        for path, answer in seen.answers.items()
        for whose, token in tokens.items()
        if token in f"{answer.text} {answer.headers}"
    }
    own = {(name, "/q//lien", name) for name in tokens}
    assert shown == own | {("assigned", "/conseiller/saisie//lien", "paper")}
    kept = f"{rights_server.remembered()} {rights_server.kept()}"
    assert [name for name, token in tokens.items() if token in kept] == []


def test_what_is_handed_over_holds_no_word_of_others(
    rights_server: Server, world: World, crawls: dict[str, Crawl], record_property: Callable[[str, object], None]
) -> None:
    canaries = {canary for actor in world.values() for canary in actor.canaries | actor.in_access_file}
    tokens = {actor.visitor.link.rpartition("/")[2] for actor in world.values() if actor.visitor.link}
    clubs = {f"Club{name}'": actor.visitor.assessment_id for name, actor in world.items() if actor.visitor.link}
    read = 0
    for name, path, pdf in documents(rights_server, world, crawls):
        words, own, read = words_of(pdf), world[name], read + 1
        found = {each for each in {KEY, *canaries, *tokens} if each in words}
        assert found <= own.canaries, f"{name} reads {found - own.canaries} in {path}"
        named = {clubs[club] for club in clubs if club in words}
        assert named == set(ID.findall(path)) & own.ids & set(clubs.values()), f"{name} at {path}"  # not posters
    sent = list(letters(rights_server))
    assert [(to, canary) for to, text in sent for canary in canaries if canary in text] == []
    assert read > 1
    assert len(sent) > 5
    record_property("documents and letters", read + len(sent))


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
    """Every act about an object, with everybody who is not shown the way to it; a sample in the light version."""
    acts = sorted(
        {act for seen in crawls.values() for act in seen.acts if act.id}, key=lambda act: (act.path, act.method)
    )
    acts += [Act(method, path) for path in sorted({act.path for act in acts}) for method in methods]
    own = {name: {act.path for act in seen.acts} for name, seen in crawls.items()}
    for number, act in enumerate(acts):
        for place, actor in enumerate(world.values()):
            if act.path not in own[actor.name] and (FULL or (number + place) % 8 == 0):
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


def test_no_form_is_taken_without_the_token_of_its_own_browser(
    rights_server: Server, world: World, crawls: dict[str, Crawl], record_property: Callable[[str, object], None]
) -> None:
    before, forms = rights_server.kept(), one_of_a_kind(crawls, "POST")
    stranger = token_of(Visitor(rights_server.url))
    for name, act in forms:
        actor = world[name]
        for token in ("", stranger, "IjEi.x.y"):
            actor.visitor.post(act.path, filled(act, with_token(act.fields, actor.visitor, token)))
        actor.visitor.post(
            act.path, [(name, value) for name, value in filled(act, list(act.fields)) if "csrf" not in name]
        )
    record_property("forms", len(forms))
    assert changes(before, rights_server.kept()) == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_route_is_among_what_somebody_is_shown(crawls: dict[str, Crawl], app: Flask, method: str) -> None:
    site = app.url_map.bind("localhost")
    shown = {act.path.partition("?")[0] for seen in crawls.values() for act in seen.acts if act.method == method}
    seen = {site.match(path, method, return_rule=True)[0].rule for path in shown}
    assert {rule.rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())} - seen - UNLINKED == set()


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


# --- whatever is typed or stored --------------------------------------------------------------------------------------

LAST = ("deconnexion", "supprimer", "remplacer", "retirer", "mot-de-passe", "fermer")  # what ends a world
ARGUMENTS = ("page", "recherche", "pile", "tri", "code", "retour", "next", "deplier", "autre", "q_ECO-1a", "premier")


def test_stored_markup_is_text_on_every_page(crawls: dict[str, Crawl]) -> None:
    shown = [(path, each) for seen in crawls.values() for path, each in seen.answers.items() if is_page(each)]
    assert [path for path, answer in shown if answer.tree.xpath(f"//*[@{PWNED}]")] == []
    assert sum(PWNED in answer.tree.text_content() for _, answer in shown) > 50


def test_no_stored_markup_runs_in_a_browser(rights_server: Server, world: World, crawls: dict[str, Crawl]) -> None:
    pages = [
        (name, act.path)
        for name, act in one_of_a_kind(crawls, "GET")
        if act.path in crawls[name].answers and is_page(crawls[name].answers[act.path])
    ]
    with a_browser(rights_server.url) as visit:
        for name, path in pages if FULL else pages[::9]:
            visit(world[name].visitor.cookies, path)


def test_nothing_typed_anywhere_breaks_a_page(
    world: World, crawls: dict[str, Crawl], record_property: Callable[[str, object], None]
) -> None:
    chance, asked = random.Random(1), 0
    forms = sorted(one_of_a_kind(crawls, "POST"), key=lambda each: each[1].path.endswith(LAST))
    for name, act in [*one_of_a_kind(crawls, "GET"), *forms]:
        for request in hostile_versions(act, chance):
            answer = request.done_by(world[name].visitor)
            assert answer.status < 500, f"{name}: {request}"
            asked += 1
    record_property("hostile requests", asked)


def hostile_versions(act: Act, chance: random.Random) -> Iterator[Act]:
    """The same act with something nasty in each of its fields, its arguments, its address; in one of them if light."""
    names = [name for name, _ in act.fields if "csrf" not in name]
    nasty = [each.decode("latin-1") for each in NASTY]
    fields = [
        Act(
            "POST",
            act.path,
            tuple((each, chance.choice(nasty) if each == name else value) for each, value in act.fields),
        )
        for name in names
    ]
    quoted = [quote_from_bytes(each, safe="") for each in NASTY]
    arguments = [Act(act.method, f"{act.path}?{name}={chance.choice(quoted)}", act.fields) for name in ARGUMENTS]
    parts = act.path.split("/")
    address = [
        Act(act.method, "/".join((*parts[:place], each, *parts[place + 1 :])), act.fields)
        for place in range(2, len(parts))
        for each in chance.sample(quoted, 4)
    ]
    if FULL:
        yield from (*fields, *arguments, *address)
    else:
        yield chance.choice(fields or [*arguments, *address])
