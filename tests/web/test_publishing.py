"""A release of the observatory is worked out and kept: whole, rounded, once, and about nobody in particular."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from questionnaire.cli import main
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.operations.verifying import verify
from questionnaire.publishing import CannotPublish, Moved, keep, prepare
from questionnaire.settings import Settings
from questionnaire.storage import assessments, observatory
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment
from questionnaire.storage.observatory_models import ObservatoryRelease
from tests import builders, observed
from tests.builders import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def somebody(session: Session) -> User:
    return builders.an_advisor(session)


@pytest.fixture
def network(session: Session, framework: Framework, somebody: User) -> list[Assessment]:
    return observed.a_network(session, framework, somebody, 24)


def release(session: Session) -> ObservatoryRelease:
    made = keep(session, prepare(session, published()), by=None, now=LATER)
    session.flush()
    return made


def figures(kept: ObservatoryRelease) -> list[dict[str, object]]:
    return list(json.loads(kept.content)["figures"])


def test_ten_are_too_few(session: Session, framework: Framework, somebody: User) -> None:
    observed.a_network(session, framework, somebody, 10)
    with pytest.raises(CannotPublish, match="Moins de 11"):
        release(session)


def test_a_release_holds_rounded_figures_and_nobody(session: Session, network: list[Assessment]) -> None:
    made = release(session)
    assert made.sha256 == hashlib.sha256(made.content.encode()).hexdigest()
    assert {int(str(each["contributors"])) % 5 for each in figures(made)} == {0}
    assert {type(each["value"]) for each in figures(made)} == {int}
    private = [str(each.id) for each in network] + [str(each.association_id) for each in network]
    assert [each for each in [*private, "Club", "canari"] if each in made.content] == []


def test_newcomers_move_no_figure_until_they_are_eleven(
    session: Session, framework: Framework, somebody: User, network: list[Assessment]
) -> None:
    first = figures(release(session))
    observed.a_network(session, framework, somebody, 10, first=100)
    second = figures(release(session))
    assert [each for each in second if each["release"] == 1] == first
    observed.a_network(session, framework, somebody, 1, first=200)
    assert {each["release"] for each in figures(release(session)) if each["table"] == "everybody"} == {1, 3}
    assert figures(observatory.releases(session)[0]) == first


def test_without_anything_new_there_is_no_release(session: Session, network: list[Assessment]) -> None:
    release(session)
    with pytest.raises(CannotPublish, match="Aucun chiffre nouveau"):
        release(session)


def test_whoever_answered_a_framework_that_is_gone_is_left_out(session: Session, network: list[Assessment]) -> None:
    session.get_one(Assessment, network[0].id).framework_sha256 = "0" * 64
    session.flush()
    assert set(prepare(session, published()).brought) == {each.id for each in network[1:]}


def test_who_leaves_while_it_is_worked_out_has_it_begun_again(session: Session, network: list[Assessment]) -> None:
    prepared = prepare(session, published())
    assessments.set_consent(session, session.get_one(Assessment, network[0].id), False, LATER)
    session.flush()
    with pytest.raises(Moved):
        keep(session, prepared, by=None, now=LATER)


def test_two_at_once_make_one_release(session: Session, network: list[Assessment]) -> None:
    prepared = prepare(session, published())
    keep(session, prepared, by=None, now=LATER)
    with pytest.raises(IntegrityError):
        keep(session, prepared, by=None, now=LATER)


def test_many_are_read_at_once(session: Session, network: list[Assessment], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observatory, "AT_ONCE", 7)
    asked: list[str] = []
    session.flush()
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    prepare(session, published())
    assert len(asked) <= 3 * 4 + 5


@pytest.fixture
def operator(settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line on this installation."""
    monkeypatch.setenv("QUESTIONNAIRE_INSTANCE", str(settings.instance))


@pytest.fixture
def command(operator: None) -> Callable[..., int]:
    """Run `questionnaire observatory`; return its status."""

    def run(*words: str) -> int:
        with pytest.raises(SystemExit) as left:
            main(["observatory", *words])
        return int(left.value.code or 0)

    return run


def test_the_command_publishes_and_lists(
    session: Session,
    network: list[Assessment],
    command: Callable[..., int],
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    session.commit()
    assert (command("publish"), command()) == (0, 0)
    published, listed = capfdbinary.readouterr().out.decode().splitlines()
    assert (published, listed[:6]) == (listed, "N° 1, ")


def test_the_command_says_in_one_line_why_it_publishes_nothing(
    command: Callable[..., int], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert (command(), command("publish")) == (0, 2)
    told = capfdbinary.readouterr()
    assert told.out.decode() == "Aucune publication pour l’instant.\n"
    assert told.err.decode().startswith("Moins de 11 associations")


def test_a_release_that_was_changed_is_told(session: Session, network: list[Assessment], operator: None) -> None:
    release(session)
    session.execute(sa.update(ObservatoryRelease).values(content="{}"))
    session.commit()
    assert [line for line in verify()[1] if line.startswith("Publication n° 1")]
