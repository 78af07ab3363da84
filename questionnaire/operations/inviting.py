"""Opens an account, of an advisor or of who coordinates, and hands over a link to come in; closes one at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from email_validator import EmailNotValidError, validate_email

from questionnaire.core.territory import territory
from questionnaire.core.text import NAME, TextError, clean_text
from questionnaire.extensions import db, settings
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.storage import audit, coordinators, outbox, second_factor
from questionnaire.storage.accounts import User, account_with, open_account
from questionnaire.storage.database import write_first
from questionnaire.storage.signin import close_every_session, make_link


def invite(email: str, name: str, *, coordinator: bool = False, regions: Sequence[str] = ()) -> str:
    """Open the account of `email` if it has none, queue the mail, and return the line to show. Raises CannotOpen.

    A closed account is opened again. With `coordinator`, it coordinates these regions, or everywhere.
    """
    address, called = _address(email), _name(name)
    _known_regions(regions, coordinator)
    app = open_application()
    now = datetime.now(UTC)
    with app.app_context():
        write_first(db.session)
        user = account_with(db.session, address) or open_account(db.session, address, called, now)
        user.active = True
        if coordinator:
            coordinators.appoint(db.session, user, regions)
        link = sign_in_url(user, now)
        outbox.enqueue(db.session, "mail_invitation", now=now, user_id=user.id)
        audit.record(db.session, "advisor_invited", actor="operator", now=now, advisor_id=user.id)
        db.session.commit()
    when = "dès que le serveur tourne (valable 7 jours, une fois)"
    return f"{address} est invité·e, et reçoit ce lien par mail {when} :\n{link}\n"


def disable(email: str) -> str:
    """Close the account of `email` at once, and return the line to show. Raises CannotOpen if there is none."""
    with _account(email) as (user, now):
        coordinators.close_account(db.session, user, now)
        audit.record(db.session, "account_closed", actor="operator", now=now, advisor_id=user.id)
    return (
        f"{user.email} : compte fermé. Ses connexions sont coupées et ses dossiers peuvent être confiés à d’autres.\n"
    )


def forget_second_factor(email: str) -> str:
    """Take the second factor of `email` away, for a lost telephone, and return the line to show. Raises CannotOpen."""
    with _account(email) as (user, now):
        second_factor.forget_factor(db.session, user)
        close_every_session(db.session, user, now)
        audit.record(db.session, "second_factor_removed", actor="operator", now=now, advisor_id=user.id)
    return f"{user.email} : double vérification retirée, connexions coupées.\n"


@contextmanager
def _account(email: str) -> Iterator[tuple[User, datetime]]:
    address, now = _address(email), datetime.now(UTC)
    with open_application().app_context():
        write_first(db.session)
        user = account_with(db.session, address)
        if user is None:
            raise CannotOpen(f"Aucun compte n’a l’adresse {address}.")
        yield user, now
        db.session.commit()


def _known_regions(regions: Sequence[str], coordinator: bool) -> None:
    if regions and not coordinator:
        raise CannotOpen("--region va avec --coordinator.")
    unknown = [code for code in regions if code not in territory().regions]
    if unknown:
        known = ", ".join(f"{each.code} {each.label}" for each in territory().regions.values())
        raise CannotOpen(f"Région inconnue : {', '.join(unknown)}. Codes possibles : {known}.")


def sign_in_url(user: User, now: datetime) -> str:
    """Return a link that signs `user` in, once, within a week."""
    return f"{settings().base_url}/conseiller/lien/{make_link(db.session, user, 'invitation', now)}"


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise CannotOpen(f"« {email} » n’est pas une adresse mail.") from None


def _name(name: str) -> str:
    try:
        return clean_text(name, NAME, lines=False)
    except TextError as error:
        raise CannotOpen(f"--name : {error}") from None
