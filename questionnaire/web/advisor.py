"""The advisor's room: what associations shared, read beside their result; a review written, saved and validated.

Each view first obtains the dossier and the right to it, from the database, in one call. Nothing here scores or draws.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire import editions
from questionnaire.core.journey import MoveRefused
from questionnaire.extensions import db, settings
from questionnaire.rendering import ADVISOR_REPORT, REPORT
from questionnaire.storage import audit, documents, entries, outbox, reviews, talks
from questionnaire.storage.journey import make_move
from questionnaire.storage.models import Review
from questionnaire.storage.worklist import campaign_choices, unassigned_talk, work_list
from questionnaire.web.access import LinkNotFound, signed_in_advisor
from questionnaire.web.dossier import Difference, Dossier, open_dossier, open_taken_dossier
from questionnaire.web.downloads import Place, own_document, sent_edition
from questionnaire.web.forms import PageForm
from questionnaire.web.qr import qr_code
from questionnaire.web.review_form import ReviewForm, filled, review_form
from questionnaire.web.worklist import AGES, STATES, department_label, read_choice, territory_choices

bp = Blueprint("advisor", __name__, url_prefix="/conseiller")
AFTERWARDS = ("confirm", "preview")
CLOSED = "L’avis est déjà rendu : ces mots n’ont pas été enregistrés. Copiez-les si vous voulez les garder."
bp.add_app_template_filter(editions.number, "number")
bp.add_app_template_filter(department_label, "department")


@bp.get("/")
def index() -> str:
    """Show one page of the work list, and how to be asked."""
    advisor = signed_in_advisor()
    choice = read_choice(request.args)
    url = settings().base_url + url_for("talk.invitation", code=advisor.code)
    return render_template(
        "advisor/index.html",
        advisor=advisor,
        choice=choice,
        papers=entries.open_entries(db.session, advisor.id),
        found=work_list(db.session, advisor.id, choice.wanted, datetime.now(UTC)),
        territories=territory_choices(),
        campaigns=campaign_choices(db.session),
        ages=list(AGES.items()),
        states=list(STATES.items()),
        invitation_url=url,
        qr=qr_code(url),
        buttons=PageForm(),
    )


@bp.post("/sans-conseiller/<uuid:assessment_id>/prendre")
def take_unassigned(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Take on a file that waits for anybody of the network: only then can it be read."""
    advisor = signed_in_advisor()
    talk = unassigned_talk(db.session, assessment_id)
    if talk is None:
        raise LinkNotFound
    if not PageForm().validate():
        abort(422)
    now = datetime.now(UTC)
    talks.take_talk(db.session, talk, advisor, now)
    reviews.begin_review(db.session, talk, advisor.id)
    audit.record(db.session, "talk_taken", actor="advisor", now=now, assessment_id=assessment_id, advisor_id=advisor.id)
    db.session.commit()
    flash("Le dossier est à vous. Vous pouvez écrire votre avis.", "success")
    return redirect(url_for(".show", assessment_id=assessment_id), 303)


@bp.get("/dossiers/<uuid:assessment_id>")
def show(assessment_id: uuid.UUID) -> str:
    """Show a dossier; the association sees on its page that it was read."""
    dossier = open_dossier(assessment_id)
    talks.record_reading(db.session, assessment_id, dossier.advisor, datetime.now(UTC))
    db.session.commit()
    return _page(dossier, _blank_form(dossier))


@bp.post("/dossiers/<uuid:assessment_id>/prendre")
def take(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Take the talk on, once: from then on the answers cannot be reopened."""
    dossier = open_dossier(assessment_id, lock=True)
    if not PageForm().validate():
        return _page(dossier, None), 422
    now = datetime.now(UTC)
    with suppress(MoveRefused):  # a second click: the page says where it stands
        talks.take_talk(db.session, dossier.talk, dossier.advisor, now)
        reviews.begin_review(db.session, dossier.talk, dossier.advisor.id)
        _note(dossier, "talk_taken", now)
        flash("Le dossier est à vous. Vous pouvez écrire votre avis.", "success")
    db.session.commit()
    return redirect(url_for(".show", assessment_id=assessment_id), 303)


@bp.post("/dossiers/<uuid:assessment_id>/avis")
def save(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Save the review; show both where another tab changed the same words."""
    dossier, review = open_taken_dossier(assessment_id)
    form = review_form(dossier.report)()
    if not form.validate():
        return _page(dossier, form), 422
    if not dossier.writable:
        form.form_errors.append(CLOSED)
        return _page(dossier, form), 409
    outcome = reviews.save_review(db.session, review, form.draft(), version=form.version.data, base=form.base.data)
    if isinstance(outcome, reviews.Conflict):
        both = _form(dossier, filled(outcome.mine, outcome.version) | {"base": outcome.saved.fingerprints()})
        return _page(dossier, both, dossier.differences(outcome)), 409
    db.session.commit()
    if (then := request.form.get("then")) in AFTERWARDS:
        return redirect(url_for(f".{then}", assessment_id=assessment_id), 303)
    flash("C’est enregistré. L’association ne voit encore rien.", "success")
    return redirect(url_for(".show", assessment_id=assessment_id), 303)


@bp.get("/dossiers/<uuid:assessment_id>/apercu")
def preview(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the report with the review as it stands, as it would be sent; nothing is kept of it."""
    dossier = open_dossier(assessment_id)
    if not dossier.writable:
        return redirect(url_for(".show", assessment_id=assessment_id), 303)
    body = editions.screen_body(dossier.report, unfolded=True)
    return render_template("advisor/preview.html", dossier=dossier, body=body)


@bp.get("/dossiers/<uuid:assessment_id>/valider")
def confirm(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show what would be sent, before it is."""
    dossier = open_dossier(assessment_id)
    if not dossier.writable:
        return redirect(url_for(".show", assessment_id=assessment_id), 303)
    return render_template("advisor/confirm.html", dossier=dossier, buttons=PageForm())


@bp.post("/dossiers/<uuid:assessment_id>/valider")
def validate(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Validate the review that was shown, once: keep its edition, have its PDF made and the association told."""
    dossier, review = open_taken_dossier(assessment_id)
    shown = PageForm().validate() and request.form.get("version") == str(review.version)
    if dossier.writable and not shown:
        flash("L’avis a changé depuis cette page. Relisez-le avant de valider.", "warning")
        return redirect(url_for(".confirm", assessment_id=assessment_id), 303)
    with suppress(MoveRefused):  # a second click: the page says where it stands
        now = datetime.now(UTC)
        make_move(db.session, dossier.talk, "validate", actor=dossier.actor, account=dossier.advisor, now=now)
        reviews.validate_review(db.session, review, dossier.advisor.id, now)
        _send(dossier, review)
        flash("Votre avis est rendu. L’association peut le lire.", "success")
    db.session.commit()
    return redirect(url_for(".show", assessment_id=assessment_id), 303)


@bp.get("/dossiers/<uuid:assessment_id>/rapport.pdf")
def own_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the association's own report."""
    dossier = open_dossier(assessment_id)
    return own_document(_place(dossier), REPORT, "rapport", dossier.own_report)


@bp.get("/dossiers/<uuid:assessment_id>/rapport-conseiller.pdf")
def advisor_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the advisor's edition of the association's report: the same, with a guide to the talk."""
    dossier = open_dossier(assessment_id)
    return own_document(_place(dossier), ADVISOR_REPORT, "rapport-conseiller", dossier.own_report)


@bp.get("/dossiers/<uuid:assessment_id>/rapport-relu.pdf")
def reviewed_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the report as it was sent with the review."""
    dossier = open_dossier(assessment_id)
    return sent_edition(_place(dossier), reviews.newest_edition(db.session, assessment_id, dossier.talk.id))


def _place(dossier: Dossier) -> Place:
    return Place(dossier.id, dossier.name, url_for(".show", assessment_id=dossier.id))


def _send(dossier: Dossier, review: Review) -> None:
    now = datetime.now(UTC)
    db.session.refresh(review)
    edition = reviews.keep_edition(db.session, review, editions.print_document(dossier.report), now)
    documents.ask(db.session, dossier.id, documents.edition_name(edition.id), now)
    if dossier.has_email:
        outbox.enqueue(db.session, "mail_review_ready", now=now, assessment_id=dossier.id)
    _note(dossier, "review_validated", now, version=review.version)


def _blank_form(dossier: Dossier) -> ReviewForm | None:
    if not dossier.writable or dossier.review is None:
        return None
    return _form(dossier, filled(dossier.draft, dossier.review.version))


def _form(dossier: Dossier, data: dict[str, object]) -> ReviewForm:
    return review_form(dossier.report)(formdata=None, data=data)


def _page(dossier: Dossier, form: ReviewForm | None, conflict: list[Difference] | None = None) -> str:
    return render_template("advisor/dossier.html", dossier=dossier, form=form, conflict=conflict, buttons=PageForm())


def _note(dossier: Dossier, name: str, now: datetime, **facts: int) -> None:
    audit.record(
        db.session, name, actor="advisor", now=now, assessment_id=dossier.id, advisor_id=dossier.advisor.id, **facts
    )
