"""The association asks an advisor for a talk, or shows its first look: whose code, who would read what, yes; and stops.

Seeing a result shares nothing; only the button of the second step does, and it shares what that step named. What is
shared never grows by itself: once the answers are finished, the whole is asked for anew.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from questionnaire.core.journey import Scope
from questionnaire.extensions import OPEN_LINK, db, limiter, settings
from questionnaire.storage import audit, journey, outbox, reviews, talks
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, TalkRequest
from questionnaire.web.access import assessment_for, own_assessments
from questionnaire.web.draft import draft_of
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
@limiter.limit(OPEN_LINK)
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
    talk, scope = talks.current_talk(db.session, assessment_id), _scope(assessment)
    if talk and not (_outgrown(talk, scope) and {"code", "autre"} & set(request.args)):
        return _standing(assessment, talk)
    code = request.args.get("code", session.get(CODE, ""))
    if scope is None:
        return _page("too_early", assessment, advisor=talks.advisor_by_code(db.session, code))
    if _no_code_yet(code):
        return _page("ask", assessment, form=CodeForm(formdata=None), scope=scope)
    return _shown(assessment, code, scope)


@bp.post("/q/<uuid:assessment_id>/entretien")
def confirm(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Share with the advisor who was shown, once, what was shown."""
    assessment = assessment_for(assessment_id, lock=True)
    code, scope = request.form.get("code", ""), _scope(assessment)
    if scope is None or request.form.get("scope") != scope:
        return redirect(url_for(".ask", assessment_id=assessment_id, code=code), 303)  # the page says what it would be
    advisor = talks.advisor_by_code(db.session, code)
    if not (advisor or _to_network(code, scope)) or not PageForm().validate():
        return _shown(assessment, code, scope, 422)
    with suppress(talks.TalkRefused):  # asked twice: the page says where it stands
        _share(assessment, advisor, scope)
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


def _scope(assessment: Assessment) -> Scope | None:
    """What the association could share now: everything once finished, before that a first look that is complete."""
    if assessment.state == "finished":
        return "whole"
    return "first_look" if draft_of(assessment).first_look_done else None


def _outgrown(talk: TalkRequest, scope: Scope | None) -> bool:
    return talk.scope == "first_look" and scope == "whole"


def _to_network(code: str, scope: Scope) -> bool:
    """Whether anybody of the network may take it: a first look is shown to somebody who is named, never to whoever."""
    return code == NETWORK and scope == "whole"


def _share(assessment: Assessment, advisor: User | None, scope: Scope) -> None:
    now = datetime.now(UTC)
    if scope == "first_look" and advisor:
        talks.show_first_look(db.session, assessment, advisor, now)
        _tell_shown(assessment, advisor, now)
    else:
        talks.ask_for_talk(db.session, assessment, advisor, now)
        _tell(assessment, advisor)


def _shown(assessment: Assessment, code: str, scope: Scope, status: int = 200) -> ResponseReturnValue:
    advisor = talks.advisor_by_code(db.session, code)
    if advisor or _to_network(code, scope):
        page = "confirm_look" if scope == "first_look" else "confirm"
        return _page(page, assessment, advisor=advisor, form=PageForm()), status
    form = CodeForm(formdata=None, code="".join(each for each in code if each.isprintable())[:40])
    form.code.errors = [UNKNOWN if code.strip() else MISSING]
    return _page("ask", assessment, form=form, scope=scope), 422


def _standing(assessment: Assessment, talk: TalkRequest) -> str:
    return _page(
        "look" if talk.scope == "first_look" else "current",
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


def _tell_shown(assessment: Assessment, advisor: User, now: datetime) -> None:
    outbox.enqueue(db.session, "mail_first_look_shown", now=now, assessment_id=assessment.id, advisor_id=advisor.id)
    _note(assessment, "first_look_shown", advisor.id)
    flash(f"C’est fait. {advisor.name or advisor.email} peut lire votre premier regard, et rien d’autre.", "success")


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
