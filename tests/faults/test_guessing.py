"""Links are guessed over HTTP: none opens, and no answer tells by its look, size or time how near a guess came."""

from __future__ import annotations

import random
import secrets
import string
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

import pytest
from sqlalchemy.orm import Session

from questionnaire.core.loading import published
from questionnaire.storage import accounts, coordinators, follow_ups, links, second_factor, signin
from questionnaire.storage.database import make_engine
from tests import builders
from tests.faults.conftest import Figure
from tests.faults.server import KEY, Server
from tests.faults.visitor import Answer, Visitor

FRAMEWORK = published().newest("faire-alliance")
SIGNS = string.ascii_letters + string.digits + "-_"
NOW = datetime.now(UTC)
MADE = (links.link_token, follow_ups.link_token)
TELLING = (
    2  # times the quickest kind: a machine's noise stays under it, where kinds take turns and the slow are left out
)
HARDLY = 0.002  # seconds that nobody sees from outside
Guess = Callable[[], str]


def test_no_guess_opens_anything_or_tells_how_near_it_came(live: Server, figure: Figure) -> None:
    visitor, wrong = Visitor(live.url), wrong_links(live)
    looks: dict[str, set[tuple[int, int, bytes, str]]] = {way: set() for way in wrong}
    seconds: dict[str, dict[str, list[float]]] = {way: {kind: [] for kind in kinds} for way, kinds in wrong.items()}
    turns = [(way, kind, guess) for way, kinds in wrong.items() for kind, guess in kinds.items()]
    for way, kind, guess in islice(cycle(turns), figure("tries", 10 * len(turns), full=10_000)):
        path, began = way + guess(), time.perf_counter()
        answer = visitor.get(path)
        seconds[way][kind].append(time.perf_counter() - began)
        looks[way].add(as_seen(answer, path))
    assert {way: len(seen) for way, seen in looks.items()} == dict.fromkeys(wrong, 1)
    assert {status for seen in looks.values() for status, *_ in seen} == {404}
    for way, kinds in seconds.items():
        usual = {kind: sorted(taken)[len(taken) // 4] for kind, taken in kinds.items()}
        assert max(usual.values()) < TELLING * min(usual.values()) + HARDLY, f"{way}: {usual}"


def as_seen(answer: Answer, path: str) -> tuple[int, int, bytes, str]:
    """All that an answer shows: its status, size, words and the names of its headers."""
    return answer.status, len(answer.body), answer.body.replace(path.encode(), b""), " ".join(sorted(answer.headers))


def wrong_links(server: Server) -> dict[str, dict[str, Guess]]:
    """Fill the database; return, way by way, every kind of link that opens nothing: invented, near, and no more."""
    engine = make_engine(server.database_url)
    with Session(engine) as session:
        found = {
            "/l/": private_links(session),
            "/conseiller/lien/": sign_in_links(session),
            "/suivi/": follow_up_links(session),
        }
        session.commit()
    engine.dispose()
    return found


def private_links(session: Session) -> dict[str, Guess]:
    """Wrong private links; of one that opens something, the neighbours."""
    standing, replaced, erased = (builders.an_assessment(session, FRAMEWORK, secret_key=KEY.encode()) for _ in range(3))
    live, old, gone = (links.link_token(KEY.encode(), each) for each in (standing, replaced, erased))
    links.replace_link(session, replaced, KEY.encode(), NOW)
    session.delete(erased)
    return near(live) | {"invented": invented, "replaced": lambda: old, "erased": lambda: gone}


def sign_in_links(session: Session) -> dict[str, Guess]:
    """Wrong links of an account, one that is closed included, and the neighbours of one that signs in."""
    account, left = an_account(session), an_account(session)
    live, used = (signin.make_link(session, account, "sign-in", NOW) for _ in range(2))
    expired = signin.make_link(session, account, "sign-in", NOW - timedelta(hours=1))
    session.flush()
    assert signin.use_link(session, used, NOW)
    closed = signin.make_link(session, left, "sign-in", NOW)
    coordinators.close_account(session, left, NOW)
    over = {"used": lambda: used, "expired": lambda: expired, "closed": lambda: closed}
    return near(live) | {"invented": invented} | over


def follow_up_links(session: Session) -> dict[str, Guess]:
    """Wrong links of the question asked three months later: even who knows the file's number learns nothing."""
    asked, replaced = (builders.a_finished_assessment(session, FRAMEWORK, secret_key=KEY.encode()) for _ in range(2))
    draft = builders.an_assessment(session, FRAMEWORK, secret_key=KEY.encode())
    old, unasked = (follow_ups.link_token(KEY.encode(), each) for each in (replaced, draft))
    links.replace_link(session, replaced, KEY.encode(), NOW)
    known = asked.id.hex
    return {
        "known": lambda: known + invented(),
        "invented": lambda: uuid.uuid4().hex + invented(),
        "replaced": lambda: old,
        "unasked": lambda: unasked,
    }


def near(token: str) -> dict[str, Guess]:
    """Guesses that miss this token by little: a sign in the middle, or the beginning alone right."""
    place = len(token) // 2
    others = [sign for sign in SIGNS if sign != token[place]]
    return {
        "a sign wrong": lambda: token[:place] + secrets.choice(others) + token[place + 1 :],
        "half right": lambda: token[:place] + invented()[place:],
    }


def invented() -> str:
    """A token in the right form that nobody was ever given."""
    return secrets.token_urlsafe(32)


# --- where secrets come from ------------------------------------------------------------------------------------------


def a_private_link(session: Session) -> str:
    return links.link_token(builders.SECRET, builders.an_assessment(session, FRAMEWORK))


def a_sign_in_link(session: Session) -> str:
    return signin.make_link(session, an_account(session), "sign-in", NOW)


def a_second_factor(session: Session) -> str:
    return second_factor.begin_factor(session, an_account(session)).salt


def recovery_codes(session: Session) -> str:
    factor = second_factor.begin_factor(session, an_account(session))
    return " ".join(second_factor.confirm_factor(session, factor, NOW))


def an_account(session: Session) -> accounts.User:
    account = builders.an_advisor(session, f"{uuid.uuid4().hex}@reseau.example")
    session.flush()
    return account


@pytest.mark.parametrize("drawn", [a_private_link, a_sign_in_link, a_second_factor, recovery_codes])
def test_no_secret_comes_back_with_the_same_chance(session: Session, drawn: Callable[[Session], str]) -> None:
    random.seed(1)
    first = drawn(session)
    random.seed(1)
    assert drawn(session) != first


def test_no_link_can_be_made_without_the_key(session: Session) -> None:
    assessment = builders.an_assessment(session, FRAMEWORK)
    assert len({make(key, assessment) for make in MADE for key in (b"a" * 32, b"b" * 32)}) == 2 * len(MADE)
