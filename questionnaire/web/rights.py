"""What an association may ask at any time: its data, the observatory's consent, reopening, and erasing everything."""

import json
import uuid
from dataclasses import asdict
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire.core.answers import answers_document
from questionnaire.core.report import build_report
from questionnaire.extensions import db
from questionnaire.storage import assessments, entries, erasure, follow_ups, journey
from questionnaire.storage.accounts import User
from questionnaire.storage.documents import kept_documents
from questionnaire.storage.holdings import holdings
from questionnaire.storage.listening import listening_history
from questionnaire.storage.models import Assessment
from questionnaire.storage.reviews import last_shared_review
from questionnaire.storage.talks import current_talk
from questionnaire.web.access import forget
from questionnaire.web.draft import Draft, open_assessment
from questionnaire.web.fields import Tick, needed
from questionnaire.web.forms import PageForm

bp = Blueprint("rights", __name__)


class EraseForm(PageForm):
    """The confirmation before everything is erased."""

    sure = Tick("Oui, supprimer toutes nos réponses et notre résultat", [needed("Cochez la case pour confirmer.")])


@bp.post("/q/<uuid:assessment_id>/rouvrir")
def reopen(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Make the answers a draft again, unless an advisor has taken them (AlreadyTaken: a page says so)."""
    draft = open_assessment(assessment_id, lock=True)
    if not PageForm().validate():
        abort(422)
    assessments.reopen(db.session, draft.assessment, datetime.now(UTC))
    db.session.commit()
    return _home(draft, "Vos réponses sont rouvertes. N’oubliez pas de terminer de nouveau.")


@bp.post("/q/<uuid:assessment_id>/saisie/arreter")
def stop_entry(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Stop the advisor who enters the association's paper: nothing can be read or written there any more."""
    draft = open_assessment(assessment_id, lock=True)
    if not PageForm().validate():
        abort(422)
    entries.end_entry(db.session, assessment_id, datetime.now(UTC), actor="respondent")
    db.session.commit()
    return _home(draft, "La saisie est arrêtée. Ce qui était enregistré reste à vous.")


@bp.post("/q/<uuid:assessment_id>/consentement")
def consent(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Tick or untick the observatory's consent."""
    draft = open_assessment(assessment_id, lock=True)
    if not PageForm().validate():
        abort(422)
    given = bool(request.form.get("consent"))
    assessments.set_consent(db.session, draft.assessment, given, datetime.now(UTC))
    db.session.commit()
    return _home(draft, "C’est noté : merci." if given else "C’est noté : vos réponses n’iront pas à l’observatoire.")


@bp.get("/q/<uuid:assessment_id>/donnees.json")
def data(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over what the association gave and got, in a file that the command line can read again: its portability."""
    draft = open_assessment(assessment_id)
    answer = jsonify(
        _everything(draft.assessment)
        | {
            "answers_file": answers_document(draft.answers),
            "pages": _pages(draft),
            "saves": _saves(draft),
            "three_months_later": _follow_up(draft),
        }
        | {"result": json.loads(build_report(draft.framework, draft.answers).result_json)}
        | {"talk": _talk(assessment_id), "review": _review(assessment_id), "documents": _documents(assessment_id)}
        | {"paper_entry": _paper_entry(assessment_id)}
        | {"listening": _listening(assessment_id)}
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="faire-alliance-donnees.json"'
    return answer


@bp.get("/q/<uuid:assessment_id>/acces.json")
def access(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over every row about the association, an advisor's private note included: its right of access."""
    draft = open_assessment(assessment_id)
    answer = jsonify(holdings(db.session, draft.assessment))
    answer.headers["Content-Disposition"] = 'attachment; filename="faire-alliance-acces.json"'
    return answer


@bp.get("/q/<uuid:assessment_id>/supprimer")
def confirm_erase(assessment_id: uuid.UUID) -> str:
    """Say what erasing means, and ask."""
    return render_template("association/erase.html", draft=open_assessment(assessment_id), form=EraseForm(None))


@bp.post("/q/<uuid:assessment_id>/supprimer")
def erase(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Erase everything, at once."""
    draft = open_assessment(assessment_id, lock=True)
    form = EraseForm()
    if not form.validate():
        return render_template("association/erase.html", draft=draft, form=form), 422
    erasure.erase(db.session, draft.assessment, datetime.now(UTC), actor="respondent")
    db.session.commit()
    forget(assessment_id)
    flash("Tout est supprimé : vos réponses, votre résultat et votre lien.", "success")
    return redirect(url_for("start.index"), 303)


def _home(draft: Draft, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("association.home", assessment_id=draft.assessment.id), 303)


def _everything(assessment: Assessment) -> dict[str, object]:
    return {
        "association": {"name": assessment.association.name, "email": assessment.association.email},
        "created_at": assessment.created_at.isoformat(),
        "finished_at": assessment.finished_at.isoformat() if assessment.finished_at else None,
        "observatory_consent_at": (
            assessment.observatory_consent_at.isoformat() if assessment.observatory_consent_at else None
        ),
    }


def _paper_entry(assessment_id: uuid.UUID) -> dict[str, object] | None:
    entry = entries.entry_of(db.session, assessment_id)
    if entry is None:
        return None
    ended = entry.ended_at.isoformat() if entry.ended_at else None
    return {
        "advisor": journey.public_name(db.session.get(User, entry.advisor_id)),
        "begun_at": entry.begun_at.isoformat(),
    } | {"ended_at": ended}


def _talk(assessment_id: uuid.UUID) -> dict[str, object] | None:
    talk = current_talk(db.session, assessment_id)
    if talk is None:
        return None
    days = {
        "requested_at": talk.requested_at.isoformat(),
        "taken_at": talk.taken_at.isoformat() if talk.taken_at else None,
    }
    advisor = db.session.get(User, talk.advisor_id) if talk.advisor_id else None
    steps = [
        {
            "at": step.at.isoformat(),
            "by": step.who or step.actor,
            "step": step.name,
            "about": step.about,
            "why": step.why,
        }
        for step in journey.history(db.session, assessment_id)
    ]
    return {"advisor": journey.public_name(advisor), "scope": talk.scope, "state": talk.state, **days, "steps": steps}


def _review(assessment_id: uuid.UUID) -> dict[str, object] | None:
    review = last_shared_review(db.session, assessment_id)
    if review is None:
        return None
    proposals = {name: {"level": each.level, "reason": each.reason} for name, each in review.proposals.items()}
    return {
        "advisor": review.advisor,
        "comments": dict(review.comments),
        "proposals": proposals,
        "opinions": dict(review.opinions),
        "set_aside": dict(review.aside),
        "own_actions": {name: asdict(each) for name, each in review.own.items()},
        "places": dict(review.places),
    }


def _documents(assessment_id: uuid.UUID) -> list[dict[str, object]]:
    """Name the PDFs that are kept; each is downloaded by its own link."""
    kept = kept_documents(db.session, assessment_id)
    return [{"name": each.name, "made_at": each.changed_at.isoformat()} for each in kept]


def _listening(assessment_id: uuid.UUID) -> dict[str, object] | None:
    saves = listening_history(db.session, assessment_id)
    if not saves:
        return None
    return {"file": saves[-1].file, "saved_at": saves[-1].saved_at.isoformat(), "values": saves[-1].values}


def _pages(draft: Draft) -> dict[str, object]:
    return {
        name: {"saved_at": save.saved_at.isoformat(), "saved_by": save.saved_by, "values": save.values}
        for name, save in draft.saves.items()
    }


def _saves(draft: Draft) -> list[dict[str, object]]:
    """Return who saved which page when, oldest version first; the values stand in `pages`."""
    saves = assessments.page_saves(db.session, draft.assessment)
    return [
        {"page": each.page, "version": each.version, "saved_at": each.saved_at.isoformat(), "saved_by": each.saved_by}
        for each in saves
    ]


def _follow_up(draft: Draft) -> dict[str, object]:
    known = follow_ups.follow_up_of(db.session, draft.assessment)
    days = {name: getattr(known, name) for name in ("asked_at", "answered_at", "stopped_at")}
    return {"answer": known.answer, **{name: at.isoformat() if at else None for name, at in days.items()}}
