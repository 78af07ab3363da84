"""Opens an advisor's account and hands over a link to come in."""

from __future__ import annotations

from datetime import UTC, datetime

from email_validator import EmailNotValidError, validate_email

from questionnaire.core.text import NAME, TextError, clean_text
from questionnaire.extensions import db, settings
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.storage import audit, outbox
from questionnaire.storage.accounts import User, account_with, open_account
from questionnaire.storage.database import write_first
from questionnaire.storage.signin import make_link


def invite(email: str, name: str) -> str:
    """Open the account of `email` if it has none, queue the mail, and return the line to show. Raises CannotOpen."""
    address, called = _address(email), _name(name)
    app = open_application()
    now = datetime.now(UTC)
    with app.app_context():
        write_first(db.session)
        user = account_with(db.session, address) or open_account(db.session, address, called, now)
        link = sign_in_url(user, now)
        outbox.enqueue(db.session, "mail_invitation", now=now, user_id=user.id)
        audit.record(db.session, "advisor_invited", actor="operator", now=now, advisor_id=user.id)
        db.session.commit()
    when = "dès que le serveur tourne (valable 7 jours, une fois)"
    return f"{address} est invité·e, et reçoit ce lien par mail {when} :\n{link}\n"


def sign_in_url(user: User, now: datetime) -> str:
    """Return a link that signs `user` in, once, within a week."""
    return f"{settings().base_url}/conseiller/lien/{make_link(db.session, user, 'invitation', now)}"


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise CannotOpen(f"« {email} » n’est pas une adresse mail.") from None


def _name(name: str) -> str:
    try:
        return clean_text(name, NAME, lines=False)
    except TextError as error:
        raise CannotOpen(f"--name : {error}") from None
