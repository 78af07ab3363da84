"""The association's own page: where it stands, what is next, who can read it; and the card of its private link."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire.core.progress import PROFILE, PageProgress, Status
from questionnaire.extensions import db, settings
from questionnaire.storage import audit, follow_ups, journey, links, outbox
from questionnaire.storage.accounts import User
from questionnaire.storage.again import next_time
from questionnaire.storage.entries import entry_of
from questionnaire.storage.models import PageSave
from questionnaire.storage.reviews import newest_edition
from questionnaire.storage.talks import current_talk
from questionnaire.web.access import link_url, own_assessments, remember
from questionnaire.web.draft import Draft, open_assessment
from questionnaire.web.fields import Line, mail_address, needed
from questionnaire.web.forms import PageForm
from questionnaire.web.once import OnceForm
from questionnaire.web.qr import qr_code
from questionnaire.web.respondent import respondent_name

bp = Blueprint("association", __name__)
EMAIL = "Écrivez l’adresse où envoyer le lien, comme nom@exemple.fr."


@dataclass(frozen=True)
class Label:
    """A status in words, with its tone."""

    label: str
    tone: str


@dataclass(frozen=True)
class Task:
    """A line of the task list."""

    title: str
    href: str
    status: Label
    note: str
    save: PageSave | None


LABELS = {
    Status.TODO: Label("À faire", "todo"),
    Status.DOING: Label("En cours", "doing"),
    Status.DONE: Label("Complet", "done"),
    Status.NOT_ASKED: Label("Rien à répondre", "note"),
}


class EmailForm(PageForm):
    """Where to send the private link."""

    email = Line("Adresse mail", [needed(EMAIL), *mail_address(EMAIL)])


@bp.get("/q/<uuid:assessment_id>/")
def home(assessment_id: uuid.UUID) -> str:
    """Show where the association stands and what it can do."""
    draft = open_assessment(assessment_id)
    talk = current_talk(db.session, assessment_id)
    tasks, entry = list(_tasks(draft)), entry_of(db.session, assessment_id)
    following = next_time(db.session, assessment_id)
    return render_template(
        "association/home.html",
        draft=draft,
        tasks=tasks,
        next=next((task for task in tasks if task.status.tone in ("todo", "doing")), None),
        begun=bool(draft.saves),
        talk=talk,
        advisor=db.session.get(User, talk.advisor_id) if talk and talk.advisor_id else None,
        colleagues=journey.colleagues(db.session, talk) if talk else [],
        questions=journey.last_reason(db.session, talk, "send_back") if talk and talk.state == "to_complete" else "",
        edition=newest_edition(db.session, assessment_id),
        entry=entry,
        entered_by=journey.public_name(db.session.get(User, entry.advisor_id)) if entry else "",
        who=respondent_name(),
        next_time=following,
        next_opens=following in own_assessments() if following else False,
        again=OnceForm(),
        follow_up=follow_ups.follow_up_of(db.session, draft.assessment),
        asking=follow_ups.is_due(draft.assessment, datetime.now(UTC)),
        act=PageForm(),
    )


@bp.get("/q/<uuid:assessment_id>/lien")
def link(assessment_id: uuid.UUID) -> str:
    """Show the private link and its card."""
    draft = open_assessment(assessment_id)
    return _link_page(draft, EmailForm(None, email=draft.assessment.association.email))


@bp.post("/q/<uuid:assessment_id>/lien/envoyer")
def send_link(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Mail the link, and keep the address so that it can be sent again if it is lost."""
    draft = open_assessment(assessment_id, lock=True)
    form = EmailForm()
    if not form.validate():
        return _link_page(draft, form), 422
    now = datetime.now(UTC)
    draft.assessment.association.email = form.email.data
    outbox.enqueue(db.session, "mail_private_link", assessment_id=assessment_id, now=now)
    audit.record(db.session, "link_sent", actor="respondent", now=now, assessment_id=assessment_id)
    db.session.commit()
    flash("Le lien part à l’instant. S’il n’arrive pas, regardez dans les courriers indésirables.", "success")
    return redirect(url_for(".link", assessment_id=assessment_id), 303)


@bp.post("/q/<uuid:assessment_id>/lien/remplacer")
def replace_link(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Make a new link; the old one stops working at once."""
    draft = open_assessment(assessment_id, lock=True)
    if not PageForm().validate():
        abort(422)
    links.replace_link(db.session, draft.assessment, settings().secret_key, datetime.now(UTC))
    db.session.commit()
    remember(draft.assessment)
    flash("Voici votre nouveau lien. L’ancien ne fonctionne plus : pensez à remplacer la carte.", "success")
    return redirect(url_for(".link", assessment_id=assessment_id), 303)


def _tasks(draft: Draft) -> Iterator[Task]:
    for each in draft.progress.pages:
        page = draft.pages[each.page]
        note = " ".join([*_count(each), *_spared(draft, each)])
        yield Task(page.title, _page_url(draft, each), LABELS[each.status], note, draft.saves.get(each.page))


def _spared(draft: Draft, page: PageProgress) -> list[str]:
    """Say how many questions of a page are set aside; why, in full, only where nothing is left to ask."""
    spared = draft.spared(draft.pages[page.page])
    if page.status is Status.NOT_ASKED:
        return [each.message for each in spared]
    count = sum(len(each.questions) for each in spared)
    return [f"{count} {'question mise' if count == 1 else 'questions mises'} de côté."] if count else []


def _count(page: PageProgress) -> list[str]:
    if page.status is not Status.DOING:
        return []
    return [f"{page.answered} {'réponse' if page.answered == 1 else 'réponses'} sur {page.asked}."]


def _page_url(draft: Draft, page: PageProgress) -> str:
    if draft.finished:
        return ""
    if page.page == PROFILE:
        return url_for("wizard.profile", assessment_id=draft.assessment.id)
    return url_for("wizard.dimension", assessment_id=draft.assessment.id, dimension_id=page.page)


def _link_page(draft: Draft, form: EmailForm) -> str:
    address = link_url(draft.assessment)
    first = request.args.get("premier", "")
    return render_template(
        "association/link.html", draft=draft, form=form, address=address, code=qr_code(address), first=first
    )
