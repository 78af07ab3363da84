"""The steps of a shared file, as its advisors make them: send back, hand over, invite a colleague, follow, close.

What may be done now comes from the table of `core/journey.py`; each step is written down where the association reads
it. Nothing here decides who may, scores or draws.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire.core.journey import MOVES, Move, MoveName, MoveRefused, allowed
from questionnaire.extensions import db
from questionnaire.storage import accounts, assessments, journey, outbox, reviews
from questionnaire.storage.accounts import User
from questionnaire.web.dossier import Dossier, open_dossier
from questionnaire.web.fields import Lines, OneOf, clean
from questionnaire.web.forms import PageForm

bp = Blueprint("journey", __name__, url_prefix="/conseiller/dossiers/<uuid:assessment_id>/suite")
HERE: tuple[MoveName, ...] = ("send_back", "review_again", "follow", "close", "reopen", "hand_over", "join", "leave")
WITH_SOMEBODY: tuple[MoveName, ...] = ("hand_over", "join")
WHY_LIMIT = 2000
NO_WHY = "Écrivez pourquoi\u202f: l’association le lira."
NOBODY = "Choisissez à qui."
TOO_LATE = (
    "Le dossier a changé depuis que cette page est ouverte. Regardez où il en est, puis recommencez s’il le faut."
)
DONE: dict[MoveName, str] = {
    "send_back": "Le dossier est renvoyé à l’association, avec vos questions.",
    "review_again": "Vous pouvez écrire un nouvel avis. Le précédent reste tel qu’il a été envoyé.",
    "follow": "Le dossier est en suivi.",
    "close": "Le dossier est clos.",
    "reopen": "Le dossier est de nouveau en suivi.",
    "hand_over": "Le relais est passé.",
    "join": "Votre collègue peut lire et relire avec vous.",
    "leave": "Vous ne lisez plus ce dossier.",
}


class MoveForm(PageForm):
    """A step, why, and with whom."""

    why = Lines("Pourquoi", [clean("Pourquoi", WHY_LIMIT)])
    colleague = OneOf("Avec qui", refused=NOBODY, choices=[])


@bp.get("")
def show(assessment_id: uuid.UUID) -> str:
    """Show every step the file took, and those it may take now."""
    return _page(open_dossier(assessment_id))


@bp.post("")
def move(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Make one step, and tell who has to know."""
    dossier = open_dossier(assessment_id, lock=True)
    name = request.form.get("move", "")
    if name not in HERE:
        return _page(dossier), 422
    chosen = MOVES[name]
    form = _form(dossier, chosen)
    if not form.validate() or not _whole(form, chosen):
        return _page(dossier, chosen, form), 422
    try:
        _make(dossier, chosen.name, form)
    except MoveRefused:
        flash(TOO_LATE, "warning")
        return _page(dossier, chosen, form), 409
    db.session.commit()
    flash(DONE[chosen.name], "success")
    gone = chosen.name == "leave"
    return redirect(url_for("advisor.index") if gone else url_for(".show", assessment_id=assessment_id), 303)


def _make(dossier: Dossier, name: MoveName, form: MoveForm) -> None:
    now, talk = datetime.now(UTC), dossier.talk
    about = accounts.advisor_by_id(db.session, form.colleague.data) if name in WITH_SOMEBODY else None
    journey.make_move(
        db.session, talk, name, actor=dossier.actor, account=dossier.advisor, about=about, why=form.why.data, now=now
    )
    if name == "send_back":
        assessments.reopen(db.session, dossier.assessment, now)
        _tell("mail_sent_back", dossier, now)
    elif name == "review_again":
        reviews.begin_review(db.session, talk, dossier.advisor.id)
    elif about:
        _bring(dossier, name, about, now)
    elif name == "leave":
        journey.stop_reading(db.session, talk, dossier.advisor.id, now)


def _bring(dossier: Dossier, name: MoveName, about: User, now: datetime) -> None:
    """Let somebody else read, and tell them and the association before they do."""
    if name == "hand_over":
        dossier.talk.advisor_id = about.id
        journey.stop_reading(db.session, dossier.talk, about.id, now)
    else:
        journey.let_read(db.session, dossier.talk, about, now)
    outbox.enqueue(db.session, "mail_talk_given", now=now, assessment_id=dossier.id, advisor_id=about.id)
    _tell("mail_readers_changed", dossier, now)


def _tell(kind: str, dossier: Dossier, now: datetime) -> None:
    if dossier.has_email:
        outbox.enqueue(db.session, kind, now=now, assessment_id=dossier.id)


def _form(dossier: Dossier, chosen: Move, *, filled: bool = True) -> MoveForm:
    asked = dossier.questions_for(WHY_LIMIT) if chosen.name == "send_back" and not filled else ""
    form = MoveForm(prefix="") if filled else MoveForm(formdata=None, data={"why": asked})
    form.why.id, form.colleague.id = f"why-{chosen.name}", f"colleague-{chosen.name}"
    form.why.label.text = "Vos questions à l’association" if chosen.name == "send_back" else "Pourquoi"
    if chosen.name in WITH_SOMEBODY:
        form.colleague.choices = _others(dossier)
    return form


def _others(dossier: Dossier) -> list[tuple[str, str]]:
    """The advisors who could be brought in, as choices: everybody but who is in charge."""
    others = (each for each in accounts.active_advisors(db.session) if each.id != dossier.talk.advisor_id)
    return [("", "Choisissez"), *((str(each.id), journey.public_name(each)) for each in others)]


def _whole(form: MoveForm, chosen: Move) -> bool:
    if chosen.needs_why and not form.why.data.strip():
        form.why.errors = [NO_WHY]
    if chosen.name in WITH_SOMEBODY and not form.colleague.data:
        form.colleague.errors = [NOBODY]
    return not form.errors


def _page(dossier: Dossier, tried: Move | None = None, form: MoveForm | None = None) -> str:
    moves = [each for each in allowed(dossier.talk.state, dossier.actor) if each.name in HERE]
    forms = {each.name: form if tried is each and form else _form(dossier, each, filled=False) for each in moves}
    return render_template(
        "advisor/journey.html",
        dossier=dossier,
        forms=forms,
        moves=moves,
        tried=tried.name if tried else "",
        form=form,
        with_somebody=WITH_SOMEBODY,
        steps=journey.history(db.session, dossier.id),
        colleagues=journey.colleagues(db.session, dossier.talk),
    )
