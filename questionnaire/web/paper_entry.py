"""An advisor enters the paper that an association filled: one dense page, then the private link to hand over.

The answers are the association's: it sees who enters them and may stop it. Finished, the right to write becomes an
ordinary talk. Each view first obtains the assessment and the right to it, in one call.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire.core.progress import Gap
from questionnaire.core.text import NAME
from questionnaire.extensions import db, settings
from questionnaire.storage import assessments, audit, entries, outbox, talks
from questionnaire.storage.assessments import Conflict
from questionnaire.storage.models import Assessment, PaperEntry
from questionnaire.web.access import entered_assessment_for, link_url, newest_framework, signed_in_advisor
from questionnaire.web.conflict import settled
from questionnaire.web.draft import draft_of
from questionnaire.web.fields import Line, Tick, clean, mail_address, needed
from questionnaire.web.forms import PageForm
from questionnaire.web.once import OnceForm, id_begun_by
from questionnaire.web.paper_form import VERSION, PaperSheet
from questionnaire.web.qr import qr_code

bp = Blueprint("paper_entry", __name__, url_prefix="/conseiller/saisie")
ADDRESS = "Écrivez l’adresse que l’association vous a donnée, comme nom@exemple.fr."
AGREED = "L’association m’a remis ce questionnaire\u202f: elle sait que je le saisis et que je lirai son résultat"
ASK_FIRST = "Cochez la case une fois l’accord de l’association obtenu."
FINISHED = "Ces réponses ont été terminées entre-temps\u202f: rien de ce que vous venez de taper n’est enregistré."


class BeginForm(OnceForm):
    """Whose paper it is, and its agreement."""

    association_name = Line(
        "Nom de l’association",
        [
            needed("Écrivez le nom de l’association\u202f: il figure sur son résultat."),
            clean("Nom de l’association", NAME),
        ],
    )
    agreed = Tick(AGREED, [needed(ASK_FIRST)])


class MailForm(PageForm):
    """Where the association wants its private link."""

    email = Line("Adresse mail de l’association", [needed(ADDRESS), *mail_address(ADDRESS)])


@bp.get("")
def begin() -> str:
    """Ask whose paper it is."""
    return _begin_page(BeginForm(None))


@bp.post("")
def create() -> ResponseReturnValue:
    """Begin the association's assessment and the advisor's entry, once."""
    advisor, form, now = signed_in_advisor(), BeginForm(), datetime.now(UTC)
    if not form.validate():
        return _begin_page(form), 422
    assessment, begun = assessments.begin_once(
        db.session,
        id_begun_by(form),
        framework=newest_framework(),
        association_name=form.association_name.data,
        email=None,
        secret_key=settings().secret_key,
        now=now,
        actor="advisor",
    )
    if begun:
        entries.begin_entry(db.session, assessment, advisor, now)
    db.session.commit()
    return redirect(url_for(".sheet", assessment_id=assessment.id), 303)


@bp.get("/<uuid:assessment_id>")
def sheet(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the whole paper, filled as it stands; once finished, the way on."""
    assessment, entry = entered_assessment_for(signed_in_advisor(), assessment_id)
    if entry.ended_at:
        return redirect(url_for(".link", assessment_id=assessment_id), 303)
    paper = PaperSheet(draft_of(assessment))
    return _page(paper, paper.form())


@bp.post("/<uuid:assessment_id>")
def save(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Save the whole paper; finish it too if asked and nothing is missing."""
    assessment, entry = entered_assessment_for(signed_in_advisor(), assessment_id, lock=True)
    paper = PaperSheet(draft_of(assessment))
    form = paper.form(settled(request.form))
    if not form.validate():
        return _page(paper, form), 422
    if entry.ended_at:
        form.form_errors.append(FINISHED)
        return _page(paper, form), 409
    if conflicts := _saved(paper, form):
        db.session.rollback()
        return render_template("advisor/paper_conflict.html", paper=paper, **paper.choices(form, conflicts)), 409
    gaps = draft_of(assessment).progress.gaps
    if request.form.get("then") == "finish" and not gaps:
        _finish(paper)
    db.session.commit()
    return _after(paper, gaps)


@bp.get("/<uuid:assessment_id>/lien")
def link(assessment_id: uuid.UUID) -> str:
    """Show the association's private link, to print and to hand over; not any more once it was replaced."""
    assessment, entry = entered_assessment_for(signed_in_advisor(), assessment_id)
    return _link_page(assessment, entry, MailForm(None))


@bp.post("/<uuid:assessment_id>/lien")
def send_link(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Mail the link to the association, unless it has an address already: that one is its own to change."""
    assessment, entry = entered_assessment_for(signed_in_advisor(), assessment_id, lock=True)
    form = MailForm()
    if not form.validate() or assessment.association.email or assessment.link_generation > 1:
        return _link_page(assessment, entry, form), 422
    assessment.association.email, now = form.email.data, datetime.now(UTC)
    outbox.enqueue(db.session, "mail_private_link", assessment_id=assessment_id, now=now)
    audit.record(db.session, "link_sent", actor="advisor", now=now, assessment_id=assessment_id)
    db.session.commit()
    flash("Le lien part à l’instant vers l’association.", "success")
    return redirect(url_for(".link", assessment_id=assessment_id), 303)


def _saved(paper: PaperSheet, form: PageForm) -> dict[str, Conflict]:
    """Save every page; return those where the association changed the same answers meanwhile."""
    now, assessment = datetime.now(UTC), paper.draft.assessment
    outcomes = {
        name: assessments.save_page(db.session, assessment, name, form[VERSION + name].data, values, now)
        for name, values in paper.typed(form).items()
    }
    return {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Conflict)}


def _finish(paper: PaperSheet) -> None:
    """Finish the answers: the right to write them ends, and the talk that the paper stood for begins."""
    now, assessment = datetime.now(UTC), paper.draft.assessment
    assessments.finish(db.session, assessment, paper.draft.framework, now, actor="advisor")
    talks.ask_for_talk(db.session, assessment, signed_in_advisor(), now, from_paper=True)


def _after(paper: PaperSheet, gaps: tuple[Gap, ...]) -> ResponseReturnValue:
    """Say what was done, and lead on: to the link once finished, else back to the paper."""
    finishing = request.form.get("then") == "finish"
    if finishing and not gaps:
        flash("C’est terminé. Il reste à remettre son lien à l’association.", "success")
        return redirect(url_for(".link", assessment_id=paper.draft.assessment.id), 303)
    numbers = ", ".join(paper.numbers[gap.question] for gap in gaps)
    left = f"Sans réponse\u202f: {numbers}." if gaps else "Toutes les questions ont une réponse."
    more = " Demandez-les à l’association, ou laissez-la finir par son lien." if finishing else ""
    flash(f"C’est enregistré. {left}{more}", "warning" if more else "success")
    return redirect(url_for(".sheet", assessment_id=paper.draft.assessment.id), 303)


def _begin_page(form: BeginForm) -> str:
    return render_template("advisor/paper_begin.html", form=form, advisor=signed_in_advisor())


def _page(paper: PaperSheet, form: PageForm) -> str:
    return render_template("advisor/paper_sheet.html", paper=paper, form=form)


def _link_page(assessment: Assessment, entry: PaperEntry, form: MailForm) -> str:
    address = link_url(assessment) if assessment.link_generation == 1 else ""
    code = qr_code(address) if address else ""
    return render_template(
        "advisor/paper_link.html", assessment=assessment, entry=entry, form=form, address=address, code=code
    )
