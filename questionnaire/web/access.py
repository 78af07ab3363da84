"""Who may open what: the private link swapped for a cookie, and the loaders that give an object with the right to it.

The cookie names the assessment and the generation of its link, read against the database at each request. Opening a
link writes nothing. Erased, replaced and never given look alike: 404, with what to do. Loaders return or raise.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from questionnaire.core.framework import Framework
from questionnaire.extensions import (
    OPEN_LINK,
    RECOVER_FROM_ONE_PLACE,
    RECOVER_ONE_ADDRESS,
    catalogue,
    db,
    limiter,
    settings,
)
from questionnaire.settings import Settings
from questionnaire.storage import assessments, entries, links, outbox, second_factor, talks
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, PaperEntry, TalkRequest
from questionnaire.web.fields import Line, mail_address, needed
from questionnaire.web.forms import PageForm

bp = Blueprint("access", __name__)
FRAMEWORK = "faire-alliance"
OPENED = "links"  # in the session: {assessment id: generation of the link that opened it}
OWN_PATH = re.compile(r"/(conseiller|coordination)/[\w/.-]*(\?[\w=&%.+-]*)?", re.ASCII)
MOST_OPENED = 40  # a cookie holds 4 kB
SENT = (
    "Si cette adresse est celle d’une association, son lien privé vient de partir. "
    "Regardez aussi dans les indésirables."
)


class LinkNotFound(NotFound):
    """No assessment here for who asks, whatever the reason: the page says what to do."""


class PaperOver(LinkNotFound):
    """No paper that this advisor may enter, or no longer: the page gives back what was typed, to be copied."""


class SignInNeeded(Exception):
    """The page is for advisors, and nobody is signed in."""


class SecondFactorNeeded(Exception):
    """The page is for who coordinates, and this account has no second factor yet."""


class RecoverForm(PageForm):
    """The address that was given once."""

    email = Line(
        "Votre adresse mail",
        [
            needed("Écrivez l’adresse mail que vous aviez donnée."),
            *mail_address("Cette adresse mail n’est pas complète\u202f: elle ressemble à nom@exemple.fr."),
        ],
    )


@bp.get("/l/<token>")
@limiter.limit(OPEN_LINK)
def open_link(token: str) -> ResponseReturnValue:
    """Swap the private link for a cookie; the token then leaves the address bar."""
    assessment = links.assessment_by_token(db.session, token)
    if assessment is None:
        raise LinkNotFound
    remember(assessment)
    return redirect(url_for("association.home", assessment_id=assessment.id), 303)


@bp.get("/retrouver")
def recover() -> str:
    """Ask for the address where the private link may be sent again."""
    return render_template("access/recover.html", form=RecoverForm())


@bp.post("/retrouver")
@limiter.limit(RECOVER_FROM_ONE_PLACE)
@limiter.limit(RECOVER_ONE_ADDRESS, key_func=lambda: "mail:" + request.form.get("email", "").strip().lower())
def send_again() -> ResponseReturnValue:
    """Mail the links known for this address, and say the same whether there are any."""
    form = RecoverForm()
    if not form.validate():
        return render_template("access/recover.html", form=form), 422
    for assessment in links.assessments_of(db.session, form.email.data):
        outbox.enqueue(db.session, "mail_private_link", assessment_id=assessment.id, now=datetime.now(UTC))
    db.session.commit()
    flash(SENT, "success")
    return redirect(url_for(".recover"), 303)


def cookie_settings(chosen: Settings) -> dict[str, Any]:
    """Return how the session's cookie is made: a year long, unreadable by scripts, tied to this very host over TLS."""
    return {
        "SESSION_COOKIE_NAME": "__Host-questionnaire" if chosen.https else "questionnaire",
        "SESSION_COOKIE_SECURE": chosen.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=365),
        "SESSION_REFRESH_EACH_REQUEST": False,  # once a day is enough (headers.py)
        "WTF_I18N_ENABLED": False,  # the forms' own words are French once and for all (PageForm)
        "WTF_CSRF_TIME_LIMIT": None,  # a page left open over lunch keeps its answers
        "WTF_CSRF_CHECK_DEFAULT": False,  # each form checks its own token, and comes back filled if it does not fit
        "WTF_CSRF_SSL_STRICT": False,  # our pages send no Referer
    }


def remember(assessment: Assessment) -> None:
    """Let this browser open the assessment, as long as its link stays the same."""
    opened = {**session.get(OPENED, {})}
    opened.pop(str(assessment.id), None)
    opened[str(assessment.id)] = assessment.link_generation
    session[OPENED] = dict(list(opened.items())[-MOST_OPENED:])
    session.permanent = True


def forget(assessment_id: uuid.UUID) -> None:
    """Let this browser open the assessment no more."""
    session[OPENED] = {key: value for key, value in session.get(OPENED, {}).items() if key != str(assessment_id)}


def assessment_for(assessment_id: uuid.UUID, *, lock: bool = False) -> Assessment:
    """Return the assessment if this browser may open it; `lock` where it will be written. Raises LinkNotFound."""
    generation = session.get(OPENED, {}).get(str(assessment_id))
    assessment = assessments.assessment_by_id(db.session, assessment_id, lock=lock) if generation else None
    if assessment is None or assessment.link_generation != generation:
        raise LinkNotFound
    g.assessment = assessment  # held to the end of the request: who looks for it again asks the database nothing
    return assessment


def own_assessments() -> list[Assessment]:
    """Return the assessments that this browser may open, the last opened first."""
    opened = reversed(session.get(OPENED, {}).items())
    found = ((assessments.assessment_by_id(db.session, uuid.UUID(key)), generation) for key, generation in opened)
    return [assessment for assessment, generation in found if assessment and assessment.link_generation == generation]


def shared_assessment_for(
    advisor: User, assessment_id: uuid.UUID, *, lock: bool = False
) -> tuple[Assessment, TalkRequest]:
    """Return the assessment, and the talk that shares it whole with this advisor now. Raises LinkNotFound."""
    assessment = assessments.assessment_by_id(db.session, assessment_id, lock=lock)
    talk = talks.shared_talk(db.session, assessment_id, advisor.id)
    if assessment is None or talk is None:
        raise LinkNotFound
    return assessment, talk


def shown_assessment_for(advisor: User, assessment_id: uuid.UUID) -> tuple[Assessment, TalkRequest]:
    """Return the assessment whose first look, and nothing else, this advisor may read now. Raises LinkNotFound."""
    assessment = assessments.assessment_by_id(db.session, assessment_id)
    talk = talks.shown_first_look(db.session, assessment_id, advisor.id)
    if assessment is None or talk is None:
        raise LinkNotFound
    return assessment, talk


def entered_assessment_for(
    advisor: User, assessment_id: uuid.UUID, *, lock: bool = False
) -> tuple[Assessment, PaperEntry]:
    """Return the assessment whose paper this advisor enters, or entered and still reads. Raises PaperOver."""
    assessment = assessments.assessment_by_id(db.session, assessment_id, lock=lock)
    entry = entries.entry_of(db.session, assessment_id)
    if assessment is None or entry is None or entry.advisor_id != advisor.id:
        raise PaperOver
    if entry.ended_at and talks.shared_talk(db.session, assessment_id, advisor.id) is None:
        raise PaperOver
    return assessment, entry


def signed_in_account() -> User:
    """Return who is signed in, advisor or coordinator. Raises SignInNeeded."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    account: User = current_user._get_current_object()  # noqa: SLF001 - the way to the object behind the proxy
    return account


def signed_in_advisor() -> User:
    """Return the advisor who is signed in. Raises SignInNeeded, and NotFound for who coordinates."""
    account = signed_in_account()
    if account.coordinates:
        raise NotFound
    return account


def signed_in_coordinator() -> User:
    """Return who is signed in and coordinates. Raises SignInNeeded, NotFound for advisors, SecondFactorNeeded."""
    account = signed_in_account()
    if not account.coordinates:
        raise NotFound
    factor = second_factor.factor_of(db.session, account)
    if factor is None or factor.confirmed_at is None:
        raise SecondFactorNeeded
    return account


def home_url(account: User) -> str:
    """Return the first page of this account."""
    return url_for("coordination.index" if account.coordinates else "advisor.index")


def own_path(address: str) -> str:
    """Return an address of the advisors' or coordinators' pages as it is; '' for any other."""
    return address if OWN_PATH.fullmatch(address) else ""


def framework_of(assessment: Assessment) -> Framework:
    """Return the very framework file that the assessment was begun with."""
    return catalogue().pinned(assessment.framework_id, assessment.framework_version, assessment.framework_sha256)


def newest_framework() -> Framework:
    """Return the framework that a new assessment is begun with."""
    return catalogue().newest(FRAMEWORK)


def link_url(assessment: Assessment) -> str:
    """Return the assessment's private link, as a person may type it."""
    token = links.link_token(settings().secret_key, assessment)
    return settings().base_url + url_for("access.open_link", token=token)
