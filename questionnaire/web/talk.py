"""The association asks an advisor for a talk: whose code, who would read what, yes; and stops sharing when it likes.

Seeing the result shares nothing; only the button of the second step does. Nothing here reads answers.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from questionnaire.extensions import db, settings
from questionnaire.storage import audit, journey, outbox, reviews, talks
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, TalkRequest
from questionnaire.web.access import assessment_for, own_assessments
from questionnaire.web.fields import Line
from questionnaire.web.forms import PageForm

bp = Blueprint("talk", __name__)
CODE = "advisor_code"
NETWORK = "reseau"  # in place of a code: whoever of the network takes it
MISSING = "Écrivez le code que votre accompagnateur vous a donné."
UNKNOWN = "Aucun accompagnateur n’a ce code. Vérifiez-le avec la personne qui vous l’a donné."


class CodeForm(PageForm):
    """The code of an advisor, typed by the association."""

    code = Line("Code de votre accompagnateur")


@bp.get("/e/<code>")
def invitation(code: str) -> ResponseReturnValue:
    """Say who invites; remember the code, share nothing."""
    advisor = talks.advisor_by_code(db.session, code)
    if advisor is None:
        return render_template("talk/unknown.html"), 404
    session[CODE] = advisor.code
    network = settings().network.name
    return render_template("talk/invitation.html", advisor=advisor, assessments=own_assessments(), network=network)


@bp.get("/q/<uuid:assessment_id>/entretien")
def ask(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the talk that stands; else ask for a code, then show who would read and what."""
    assessment = assessment_for(assessment_id)
    talk = talks.current_talk(db.session, assessment_id)
    if talk:
        return _standing(assessment, talk)
    code = request.args.get("code", session.get(CODE, ""))
    if assessment.state != "finished":
        return _page("too_early", assessment, advisor=talks.advisor_by_code(db.session, code))
    return _page("ask", assessment, form=CodeForm(formdata=None)) if _no_code_yet(code) else _shown(assessment, code)


@bp.post("/q/<uuid:assessment_id>/entretien")
def confirm(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Share with the advisor who was shown, once."""
    assessment = assessment_for(assessment_id, lock=True)
    code = request.form.get("code", "")
    advisor = None if code == NETWORK else talks.advisor_by_code(db.session, code)
    if (advisor is None and code != NETWORK) or not PageForm().validate():
        return _shown(assessment, code, 422)
    with suppress(talks.TalkRefused):  # asked twice, or reopened meanwhile: the page says where it stands
        talks.ask_for_talk(db.session, assessment, advisor, datetime.now(UTC))
        _tell(assessment, advisor)
        session.pop(CODE, None)
    db.session.commit()
    return redirect(url_for(".ask", assessment_id=assessment_id), 303)


@bp.post("/q/<uuid:assessment_id>/entretien/retirer")
def withdraw(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Stop sharing: the advisor reads nothing from the next request on."""
    assessment = assessment_for(assessment_id, lock=True)
    talk = talks.current_talk(db.session, assessment_id)
    if talk and not PageForm().validate():
        return _standing(assessment, talk), 422
    if talk and talks.withdraw_talk(db.session, assessment_id, datetime.now(UTC)):
        _note(assessment, "talk_withdrawn", talk.advisor_id or 0)
        flash("Le partage est arrêté. Plus personne d’autre que vous ne peut lire vos réponses.", "success")
    db.session.commit()
    return redirect(url_for("association.home", assessment_id=assessment_id), 303)


def _no_code_yet(code: str) -> bool:
    return "autre" in request.args or ("code" not in request.args and not code)


def _shown(assessment: Assessment, code: str, status: int = 200) -> ResponseReturnValue:
    advisor = talks.advisor_by_code(db.session, code)
    if advisor or code == NETWORK:
        return _page("confirm", assessment, advisor=advisor, form=PageForm()), status
    form = CodeForm(formdata=None, code="".join(each for each in code if each.isprintable())[:40])
    form.code.errors = [UNKNOWN if code.strip() else MISSING]
    return _page("ask", assessment, form=form), 422


def _standing(assessment: Assessment, talk: TalkRequest) -> str:
    return _page(
        "current",
        assessment,
        talk=talk,
        advisor=db.session.get(User, talk.advisor_id) if talk.advisor_id else None,
        colleagues=journey.colleagues(db.session, talk),
        steps=journey.history(db.session, assessment.id),
        readings=talks.readings(db.session, assessment.id),
        reviewed=reviews.newest_edition(db.session, assessment.id) is not None,
        form=PageForm(),
    )


def _page(name: str, assessment: Assessment, **shown: object) -> str:
    return render_template(f"talk/{name}.html", assessment=assessment, network=settings().network.name, **shown)


def _tell(assessment: Assessment, advisor: User | None) -> None:
    if advisor is None:
        _note(assessment, "talk_asked", 0)
        flash("C’est fait. Vous verrez ici le nom de la personne qui prendra votre dossier.", "success")
        return
    now = datetime.now(UTC)
    outbox.enqueue(db.session, "mail_talk_requested", now=now, assessment_id=assessment.id, advisor_id=advisor.id)
    _note(assessment, "talk_asked", advisor.id)
    flash(f"C’est fait. {advisor.name or advisor.email} peut lire vos réponses.", "success")


def _note(assessment: Assessment, name: str, advisor_id: int) -> None:
    now = datetime.now(UTC)
    audit.record(db.session, name, actor="respondent", now=now, assessment_id=assessment.id, advisor_id=advisor_id)
