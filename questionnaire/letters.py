"""The letters: what each says, to whom, filled at the last moment from what stands then.

A letter is written by a job (jobs.py) from a template of templates/email/. Nothing here sends.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from questionnaire import editions
from questionnaire.settings import Settings
from questionnaire.storage import follow_ups, retention
from questionnaire.storage.accounts import User
from questionnaire.storage.links import link_token
from questionnaire.storage.models import Assessment, Campaign, Job
from questionnaire.storage.portfolio_models import CampaignLetter, ContactChange
from questionnaire.storage.signin import Purpose, make_link


@dataclass(frozen=True)
class Letter:
    """A mail ready to be sent: plain text, to one address."""

    to: str
    subject: str
    body: str
    about: str = ""  # what its Message-ID begins with, so that a letter kept as a file is found when this is erased
    cause: str = ""  # what it ends with: sent twice by a crash, it is the same letter to who receives it


class Obsolete(Exception):
    """What the job was about is gone: erased, withdrawn, closed. Nothing to do, nothing wrong."""


Write = Callable[[Settings, Session, Job], Letter]


def _to_association(template: str) -> Write:
    """A letter to the association, with its private link."""

    def write(settings: Settings, session: Session, job: Job) -> Letter:
        assessment, email = _reachable(session, job)
        link = _private_link(settings, assessment)
        return _letter(settings, template, email, name=assessment.association.name, link=link)

    return write


def _to_advisor(template: str) -> Write:
    """A letter to an advisor about one association, with the way to the list of files."""

    def write(settings: Settings, session: Session, job: Job) -> Letter:
        advisor = _account(session, job.payload["advisor_id"])
        assessment = session.get(Assessment, job.assessment_id)
        if assessment is None:
            raise Obsolete
        link = f"{settings.base_url}/conseiller/"
        return _letter(settings, template, advisor.email, name=assessment.association.name, link=link)

    return write


def _mail_before_erasing(settings: Settings, session: Session, job: Job) -> Letter:
    assessment, email = _reachable(session, job)
    if assessment.warned_at is None:
        raise Obsolete  # somebody came back meanwhile
    link = _private_link(settings, assessment)
    day = editions.day((assessment.warned_at + retention.WARNING).date())
    finished = assessment.state == "finished"
    return _letter(
        settings, "before_erasing", email, name=assessment.association.name, link=link, day=day, finished=finished
    )


def _mail_follow_up(settings: Settings, session: Session, job: Job) -> Letter:
    assessment, email = _reachable(session, job)
    if not follow_ups.begin_asking(session, assessment, datetime.now(UTC)):
        raise Obsolete
    link = f"{settings.base_url}/suivi/{follow_ups.link_token(settings.secret_key, assessment)}"
    return _letter(settings, "follow_up", email, name=assessment.association.name, link=link)


def _mail_campaign(settings: Settings, session: Session, job: Job) -> Letter:
    assessment, email = _reachable(session, job)
    if assessment.state == "finished":
        raise Obsolete
    letter = session.get(CampaignLetter, uuid.UUID(job.payload["letter_id"]))
    campaign = session.get(Campaign, letter.campaign_id) if letter else None
    if letter is None or campaign is None:
        raise Obsolete
    link = _private_link(settings, assessment)
    words = {"name": assessment.association.name, "message": letter.text, "campaign": campaign.name, "link": link}
    return _letter(settings, "campaign", email, last=editions.day(campaign.ends_on), **words)


def _mail_contact_left(settings: Settings, session: Session, job: Job) -> Letter:
    assessment, _ = _reachable(session, job)
    change = session.get(ContactChange, uuid.UUID(job.payload["change_id"]))
    if change is None:
        raise Obsolete
    return _letter(settings, "contact_left", change.former_email, name=assessment.association.name)


def _to_account(purpose: Purpose, template: str) -> Write:
    """A letter to an advisor with a new link to come in."""

    def write(settings: Settings, session: Session, job: Job) -> Letter:
        user = _account(session, job.payload["user_id"])
        token = make_link(session, user, purpose, datetime.now(UTC))
        link = f"{settings.base_url}/conseiller/lien/{token}"
        return _letter(settings, template, user.email, name=user.name, link=link, coordinates=user.coordinates)

    return write


def _private_link(settings: Settings, assessment: Assessment) -> str:
    return f"{settings.base_url}/l/{link_token(settings.secret_key, assessment)}"


def _reachable(session: Session, job: Job) -> tuple[Assessment, str]:
    assessment = session.get(Assessment, job.assessment_id)
    if assessment is None or not assessment.association.email:
        raise Obsolete
    return assessment, assessment.association.email


def _account(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Obsolete
    return user


def _letter(settings: Settings, template: str, to: str, **words: str | bool) -> Letter:
    """Fill a template of templates/email/: its first line is the subject, the rest the text."""
    environment = Environment(  # plain text: nothing to escape
        loader=FileSystemLoader(editions.templates_folder() / "email"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
    )
    text = environment.get_template(f"{template}.txt").render(network=settings.network, **words)
    subject, _, body = text.partition("\n")
    return Letter(to, " ".join(subject.split()), body.strip() + "\n")


LETTERS: dict[str, Write] = {
    "mail_private_link": _to_association("private_link"),
    "mail_review_ready": _to_association("review_ready"),
    "mail_sent_back": _to_association("sent_back"),
    "mail_readers_changed": _to_association("readers_changed"),
    "mail_talk_requested": _to_advisor("talk_requested"),
    "mail_first_look_shown": _to_advisor("first_look_shown"),
    "mail_talk_given": _to_advisor("talk_given"),
    "mail_resent": _to_advisor("resent"),
    "mail_follow_up": _mail_follow_up,
    "mail_plan_due": _to_association("plan_due"),
    "mail_plan_due_advisor": _to_advisor("plan_due_advisor"),
    "mail_plan_months": _to_association("plan_months"),
    "mail_plan_months_advisor": _to_advisor("plan_months_advisor"),
    "mail_campaign": _mail_campaign,
    "mail_contact_left": _mail_contact_left,
    "mail_sign_in": _to_account("sign-in", "sign_in"),
    "mail_invitation": _to_account("invitation", "invitation"),
    "mail_before_erasing": _mail_before_erasing,
}
