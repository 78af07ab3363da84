"""The association's result: on screen, explained number by number, and as PDF.

Seeing it shares nothing with anyone. Everything shown comes from one `Report`; this file only opens,
builds and hands over.
"""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire import editions
from questionnaire.core.report import Report, build_report
from questionnaire.extensions import db
from questionnaire.rendering import ESSENTIALS, REPORT
from questionnaire.spreadsheets.result import result_sheet
from questionnaire.storage.models import Assessment
from questionnaire.storage.reviews import last_shared_review, newest_edition
from questionnaire.web.access import assessment_for
from questionnaire.web.around import around
from questionnaire.web.downloads import Place, own_document, sent_edition, spreadsheet
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
    unfolded = "deplier" in request.args
    body = editions.screen_body(report, unfolded=unfolded)
    return render_template(
        "report/screen.html", draft=draft, report=report, edition=edition, body=body, unfolded=unfolded
    )


@bp.get("/calcul")
def explain(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Show how every number was made."""
    draft = open_assessment(assessment_id)
    if draft.assessment.state != "finished":
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    return render_template("report/explain.html", draft=draft, body=editions.explanation_body(_own(draft)))


@bp.get("/resultat.csv", defaults={"kind": "csv"})
@bp.get("/resultat.xlsx", defaults={"kind": "xlsx"})
def table(assessment_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Hand over the result as a spreadsheet."""
    draft = open_assessment(assessment_id)
    if draft.assessment.state != "finished":
        return redirect(url_for("association.home", assessment_id=assessment_id), 303)
    report = _own(draft)
    return spreadsheet(kind, result_sheet(report), draft.assessment.association.name, "resultat", report.date)


@bp.get("/rapport.pdf")
def report_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the association's own report, of a draft too: what is missing is said so."""
    draft = open_assessment(assessment_id)
    return own_document(_place(draft.assessment), REPORT, "rapport", _own(draft))


@bp.get("/essentiel.pdf")
def essentials_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the essentials of the association's own result, one or two pages that stand alone."""
    draft = open_assessment(assessment_id)
    return own_document(_place(draft.assessment), ESSENTIALS, "essentiel", _own(draft))


@bp.get("/rapport-relu.pdf")
def reviewed_pdf(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the reviewed report as it was sent."""
    assessment = assessment_for(assessment_id)
    return sent_edition(_place(assessment), newest_edition(db.session, assessment_id))


def _place(assessment: Assessment) -> Place:
    page = "results.show" if assessment.state == "finished" else "association.home"
    return Place(assessment.id, assessment.association.name, url_for(page, assessment_id=assessment.id))


def _own(draft: Draft) -> Report:
    return build_report(draft.framework, draft.answers, around=around(draft.assessment))


def _with_review(draft: Draft) -> Report:
    review = last_shared_review(db.session, draft.assessment.id)
    return build_report(draft.framework, draft.answers, review, around(draft.assessment))
