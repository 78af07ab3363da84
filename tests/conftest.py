"""The stage and the cast of every test: an application of its own, and who stands before it.

`client` is nobody yet; `respondent` has opened a private link, `colleague` the same one, `stranger` another one;
`advisor` is signed in, and so is `coordinator`, with the second factor. `storage` tests have their own stage, on both
databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from questionnaire.app import create_app
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.extensions import db
from questionnaire.extensions import settings as current_settings
from questionnaire.settings import Settings, load
from questionnaire.storage import links, schema, second_factor, signin
from questionnaire.storage.accounts import User
from questionnaire.storage.database import CHANGING_TABLES, make_engine
from questionnaire.storage.models import Assessment
from tests import builders
from tests.pages import PageClient
from tests.postgresql import postgresql

__all__ = ["postgresql"]
APPROVED = Path(__file__).parent / "approved"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that renews what was approved, once somebody has looked at it."""
    parser.addoption("--approve", action="store_true", help="keep what the tests see as approved")


@pytest.fixture
def approved(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the one approved under this name: `approved("faults.txt", told)`."""

    def compare(name: str, text: str) -> None:
        kept = APPROVED / name
        if request.config.getoption("--approve"):
            kept.write_text(text, "utf-8")
        assert text == kept.read_text("utf-8"), f"run pytest --approve once you have looked at the change in {name}"

    return compare


@pytest.fixture(scope="session")
def framework() -> Framework:
    """The first published framework."""
    return published().newest("faire-alliance")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of an installation of its own, whose mail goes to files."""
    return load(
        {
            "QUESTIONNAIRE_INSTANCE": str(tmp_path / "instance"),
            "QUESTIONNAIRE_MAIL_URL": "file:mails",
            "QUESTIONNAIRE_LIMITS": "off",
            "QUESTIONNAIRE_NETWORK_NAME": "Réseau d’essai",
        }
    )


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that every step of the schema has been through, and that nobody has used."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    with engine.execution_options(**CHANGING_TABLES).begin() as connection:
        schema.upgrade(connection)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The compiled templates, kept from one application to the next: compiling is a fifth of a test's time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture(scope="session", autouse=True)
def addresses() -> Iterator[None]:
    """What makes each rule's addresses, compiled once for all applications: it is two thirds of making one."""
    compiling, kept = Rule._compile_builder, {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown
        if key not in kept:
            kept[key] = compiling(rule, append_unknown)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture
def app(settings: Settings, empty_store: Path, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application, whose client checks every page. The steps of the schema, a fifth of its time, are not redone."""
    copyfile(empty_store, settings.instance / "questionnaire.sqlite")
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled
    app.testing = True
    app.test_client_class = PageClient
    with app.app_context():
        _watch_unsaved(app)
        engine = db.engine
    yield app
    engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session of the test itself, outside any request."""
    with app.app_context():
        make_session = db.sessionmaker
    with make_session() as session:
        yield session


@pytest.fixture
def client(app: Flask) -> PageClient:
    """Nobody yet: a browser that never came."""
    return _browser(app)


@pytest.fixture
def assessment(session: Session, framework: Framework, settings: Settings) -> Assessment:
    """A draft of « Les Jardins du Lez », without any answer."""
    assessment = builders.an_assessment(session, framework, secret_key=settings.secret_key)
    session.commit()
    return assessment


@pytest.fixture
def finished(session: Session, framework: Framework, settings: Settings) -> Assessment:
    """A finished assessment of « Les Jardins du Lez »."""
    assessment = builders.a_finished_assessment(session, framework, secret_key=settings.secret_key)
    session.commit()
    return assessment


@pytest.fixture
def respondent(app: Flask, assessment: Assessment) -> PageClient:
    """Who has opened the link of `assessment`."""
    return opened(app, assessment)


@pytest.fixture
def colleague(app: Flask, assessment: Assessment) -> PageClient:
    """Who has opened the same link on another device."""
    return opened(app, assessment)


@pytest.fixture
def stranger(app: Flask, session: Session, framework: Framework, settings: Settings) -> PageClient:
    """Who has opened the link of another association."""
    other = builders.an_assessment(session, framework, association_name="Un autre club", secret_key=settings.secret_key)
    session.commit()
    return opened(app, other)


@pytest.fixture
def advisor(app: Flask, session: Session) -> PageClient:
    """An advisor, signed in by a mailed link; `advisor.account` is who."""
    return signed_in(app, session, "camille@reseau.example")


@pytest.fixture
def other_advisor(app: Flask, session: Session) -> PageClient:
    """Another advisor, to whom nothing was shared."""
    return signed_in(app, session, "dominique@reseau.example")


@pytest.fixture
def sharing(app: Flask, finished: Assessment, advisor: PageClient) -> PageClient:
    """The association of `finished`, which shares it with `advisor`."""
    browser, page = opened(app, finished), f"/q/{finished.id}/entretien"
    browser.submit(f"{page}?code={advisor.account.code}", page)
    return browser


@pytest.fixture
def dossier(sharing: PageClient, finished: Assessment) -> str:
    """The address of what `sharing` shares, for its advisor."""
    return f"/conseiller/dossiers/{finished.id}"


@pytest.fixture
def taken(dossier: str, advisor: PageClient) -> str:
    """The same, once `advisor` has taken it on."""
    assert advisor.submit(dossier, f"{dossier}/prendre").status_code == 303
    return dossier


def opened(app: Flask, assessment: Assessment) -> PageClient:
    """Return a browser that opened the private link of this assessment."""
    browser = _browser(app)
    with app.app_context():
        token = links.link_token(current_settings().secret_key, assessment)
    assert browser.get(f"/l/{token}").status_code == 303
    browser.assessment_id = str(assessment.id)
    return browser


@pytest.fixture
def coordinator(app: Flask, session: Session, settings: Settings) -> PageClient:
    """Who coordinates the whole network, signed in by a mailed link and a code."""
    return coordinating(app, session, settings)


def coordinating(app: Flask, session: Session, settings: Settings, regions: tuple[str, ...] = ()) -> PageClient:
    """Return a browser where who coordinates these regions is signed in, with the second factor."""
    user = builders.a_coordinator(session, f"coordination{''.join(regions)}@reseau.example", regions)
    factor = second_factor.begin_factor(session, user)
    second_factor.confirm_factor(session, factor, datetime.now(UTC))
    browser = signed_in(app, session, user.email, user)
    code = second_factor.totp(settings.secret_key, factor).generate().token
    assert browser.submit("/conseiller/code", fields={"code": code}).status_code == 303
    return browser


def signed_in(app: Flask, session: Session, email: str, user: User | None = None) -> PageClient:
    """Return a browser where a new advisor with this address, or this account, is signed in."""
    user = user or builders.an_advisor(session, email)
    token = signin.make_link(session, user, "sign-in", datetime.now(UTC))
    session.commit()
    browser = _browser(app)
    browser.account = user
    assert browser.submit(f"/conseiller/lien/{token}").status_code == 303
    return browser


def _browser(app: Flask) -> PageClient:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser


def _watch_unsaved(app: Flask) -> None:
    """Note in `app.extensions["unsaved"]` what a request wrote and neither committed nor rolled back."""
    unsaved: list[str] = []
    app.extensions["unsaved"] = unsaved

    @app.teardown_request
    def note(_: BaseException | None) -> None:
        pending = [*db.session.new, *db.session.dirty, *db.session.deleted]
        unsaved.extend(type(each).__name__ for each in pending)
        unsaved.extend(db.session.info.get("written", []))

    def written(session: Session, *_: Any) -> None:
        session.info.setdefault("written", []).append("flush")

    def settled(session: Session) -> None:
        session.info["written"] = []

    sa.event.listen(db.sessionmaker, "after_flush", written)
    sa.event.listen(db.sessionmaker, "after_commit", settled)
    sa.event.listen(db.sessionmaker, "after_rollback", settled)
