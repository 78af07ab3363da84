"""The association's result: on screen, explained number by number, and as PDF.

Seeing it shares nothing with anyone. Everything shown comes from one `Report`; this file only opens,
builds and hands over.
"""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaire import editions, pdf
from questionnaire.core.report import Report, build_report
from questionnaire.extensions import db
from questionnaire.storage.reviews import last_shared_review, newest_edition
from questionnaire.web.access import assessment_for
from questionnaire.web.downloads import pdf_file, pdf_in_preparation
from questionnaire.web.draft import Draft, open_assessment

bp = Blueprint("results", __name__, url_prefix="/q/<uuid:assessment_id>")


@bp.get("/resultat")
def show(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show the result in words; before the end, back to what is left to answer."""
    draft = open_assessment(assessment_id)
    if draft.assessment.state != "finished":
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    report = _with_review(draft)
    edition = newest_edition(db.session, assessment_id)
    body = editions.screen_body(report)
    return render_template("report/screen.html", draft=draft, report=report, edition=edition, body=body)


@bp.get("/calcul")
def explain(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show how every number was made."""
    draft = open_assessment(assessment_id)
    if draft.assessment.state != "finished":
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    return render_template("report/explain.html", draft=draft, body=editions.explanation_body(_own(draft)))


@bp.get("/rapport.pdf")
def report_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the association's own report, of a draft too: what is missing is said so."""
    report = _own(open_assessment(assessment_id))
    return pdf_file(pdf.render(editions.print_document(report)), report.who.name, "rapport", report.date)


@bp.get("/rapport-relu.pdf")
def reviewed_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the reviewed report as it was sent."""
    assessment = assessment_for(assessment_id)
    edition = newest_edition(db.session, assessment_id)
    if not edition or not edition.pdf:
        return pdf_in_preparation(edition)
    return pdf_file(edition.pdf, assessment.association.name, "rapport-relu", edition.created_at.date())


def _own(draft: Draft) -> Report:
    return build_report(draft.framework, draft.answers)


def _with_review(draft: Draft) -> Report:
    return build_report(draft.framework, draft.answers, last_shared_review(db.session, draft.assessment.id))
