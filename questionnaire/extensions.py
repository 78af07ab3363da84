"""The parts that Flask is made of here: database, sign-in, mail, limits, language. Made here, bound in `create_app`.

Views take `db`, `limiter`, `csrf` from this file; `settings()`, `catalogue()`, `surroundings()`, `jobs()` are those of
the current application. It may not know any view.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from inspect import iscoroutinefunction
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_mailman import EmailMessage, Mail
from flask_security import FSQLALiteUserDatastore, Security
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect
from limits import parse

from questionnaire.core.companions import Companions
from questionnaire.core.directory import Directory
from questionnaire.core.loading import installed_companions, installed_directory
from questionnaire.core.loading.catalogue import Catalogue, published
from questionnaire.core.loading.territory_files import FOLDER
from questionnaire.core.report import Around
from questionnaire.jobs import Jobs
from questionnaire.letters import Letter
from questionnaire.settings import Settings
from questionnaire.storage.accounts import Role, User
from questionnaire.storage.database import engine_options, prepare
from questionnaire.storage.installation import open_installation
from questionnaire.storage.limits import DatabaseLimits, limits_url

BEGIN = "20 per hour"  # begun, not tried: a training room behind one address gets in, a robot hardly
PAPER = "60 per hour"  # a training room prints it; each edition is rendered once
RESUME = "30 per 15 minutes"  # a code has 40 bits and lives as long: guessing one takes ages
OPEN_LINK = "200 per 15 minutes"
RECOVER_FROM_ONE_PLACE = "20 per 15 minutes"
RECOVER_ONE_ADDRESS = "5 per 15 minutes"
SIGN_IN = "10 per 15 minutes"  # for one account, wherever it is tried from
FRANCE = "Europe/Paris"
SECOND_FACTOR = "5 per 15 minutes"  # three of a million codes fit at a time

db = SQLAlchemy(session_options={"expire_on_commit": False})
csrf = CSRFProtect()
babel = Babel()
compress = Compress()
mail = Mail()
security = Security()


def place() -> str:
    """Return where a request comes from, as limits count it: who has one IPv6 address has all those of its network."""
    address = get_remote_address()
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:  # a socket of this machine
        return address
    known = getattr(known, "ipv4_mapped", None) or known
    return str(known) if known.version == 4 else str(ip_network((known, 64), strict=False))


limiter = Limiter(place, strategy="moving-window")


def bind(app: Flask, chosen: Settings) -> None:
    """Bind every part to `app`, and open the installation. Raises InstallationError."""
    known = _catalogue(chosen)
    beside = partial(
        _surroundings_today, installed_directory(chosen.instance), installed_companions(chosen.instance, known)
    )
    app.extensions["questionnaire"] = {"settings": chosen, "catalogue": known, "surroundings": beside}
    _bind_database(app, chosen)
    _bind_limits(app, chosen)
    _bind_mail(app, chosen)
    _bind_sign_in(app, chosen)
    csrf.init_app(app)
    babel.init_app(app, default_locale="fr", default_timezone=FRANCE)
    compress.init_app(app)
    with app.app_context():
        app.extensions["questionnaire"]["jobs"] = Jobs(chosen, known, beside, db.sessionmaker, _sender(app))


def settings() -> Settings:
    """Return the settings of the current application."""
    found: Settings = current_app.extensions["questionnaire"]["settings"]
    return found


def catalogue() -> Catalogue:
    """Return the frameworks that the current application knows."""
    found: Catalogue = current_app.extensions["questionnaire"]["catalogue"]
    return found


def surroundings() -> Around:
    """Return what the current application knows beside the answers, for a report made today in France."""
    found: Callable[[], Around] = current_app.extensions["questionnaire"]["surroundings"]
    return found()


def jobs() -> Jobs:
    """Return what runs the current application's jobs."""
    found: Jobs = current_app.extensions["questionnaire"]["jobs"]
    return found


def may_try(limit: str, *whose: str) -> bool:
    """Count one try of this kind by this person or place, and say whether the limit allows it."""
    return not limiter.enabled or limiter.limiter.hit(parse(limit), *whose)


def _catalogue(chosen: Settings) -> Catalogue:
    own = chosen.instance / "frameworks"
    return Catalogue.load(FOLDER, own) if own.is_dir() else published()


def _surroundings_today(directory: Directory, companions: Companions) -> Around:
    return Around(directory, companions=companions.on(datetime.now(ZoneInfo(FRANCE)).date()))


def _bind_database(app: Flask, chosen: Settings) -> None:
    url = chosen.database_url
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, **engine_options(url)}}
    db.init_app(app)
    _close_no_coroutines(app)
    with app.app_context():
        prepare(db.engine)
        open_installation(db.engine, chosen.instance, chosen.secret_key, datetime.now(UTC))


def _close_no_coroutines(app: Flask) -> None:
    """Forget to close asynchronous sessions: we have none, and Flask would start a thread for it at each request."""
    app.teardown_appcontext_funcs = [each for each in app.teardown_appcontext_funcs if not iscoroutinefunction(each)]


def _bind_limits(app: Flask, chosen: Settings) -> None:
    app.config["RATELIMIT_ENABLED"] = chosen.limits
    if chosen.limits:
        app.config["RATELIMIT_STORAGE_URI"] = f"{DatabaseLimits.STORAGE_SCHEME[0]}://"
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"url": limits_url(chosen.database_url)}
    limiter.init_app(app)


def _bind_mail(app: Flask, chosen: Settings) -> None:
    way = chosen.mail
    app.config.update(
        MAIL_BACKEND=way.way,
        MAIL_FILE_PATH=str(chosen.instance / way.folder),
        MAIL_SERVER=way.host,
        MAIL_PORT=way.port,
        MAIL_USERNAME=way.user,
        MAIL_PASSWORD=way.password,
        MAIL_USE_SSL=way.use_ssl,
        MAIL_USE_TLS=way.use_tls,
        MAIL_TIMEOUT=20,
        MAIL_DEFAULT_SENDER=chosen.mail_sender,
    )
    mail.init_app(app)


def _bind_sign_in(app: Flask, chosen: Settings) -> None:
    """Bind Flask-Security without its own pages: ours mail the links and keep the sessions (web/accounts.py)."""
    salt = hmac.new(chosen.secret_key, b"password-salt", hashlib.sha256).hexdigest()
    app.config.update(
        SECURITY_PASSWORD_SALT=salt,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the method
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_PASSWORDLESS=False,
        SECURITY_CHANGEABLE=False,
    )
    security.init_app(app, FSQLALiteUserDatastore(db, User, Role), register_blueprint=False)


def _sender(app: Flask) -> Callable[[Letter], None]:
    def send(letter: Letter) -> None:
        with app.app_context():
            identity = {"Message-ID": f"<{letter.about or 'mail'}.{letter.cause}@faire-alliance>"}
            EmailMessage(letter.subject, letter.body, to=[letter.to], headers=identity).send()

    return send
