"""The first page, and the beginning of an assessment. No account is made here."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from wtforms.validators import Optional

from questionnaire.core.text import NAME
from questionnaire.extensions import BEGIN, db, may_try, place, settings
from questionnaire.storage import assessments, campaigns, outbox
from questionnaire.storage.models import Campaign
from questionnaire.web.access import LinkNotFound, newest_framework, remember
from questionnaire.web.campaign_pages import today
from questionnaire.web.fields import Line, clean, mail_address, needed
from questionnaire.web.once import OnceForm, id_begun_by

bp = Blueprint("start", __name__)
FRAMEWORK = "faire-alliance"
ADDRESS = "Cette adresse mail n’est pas complète : elle ressemble à nom@exemple.fr."


class StartForm(OnceForm):
    """What is asked before the first question."""

    association_name = Line(
        "Nom de votre association",
        [
            needed("Écrivez le nom de votre association : il figure sur votre résultat."),
            clean("Nom de l’association", NAME),
        ],
    )
    email = Line("Votre adresse mail", [Optional(), *mail_address(ADDRESS)])


@bp.get("/")
def index() -> ResponseReturnValue:
    """Say what this is, for whom, how long, who sees it; and begin."""
    return render_template("start/index.html", form=StartForm(), framework=newest_framework())


@bp.post("/commencer")
def begin() -> ResponseReturnValue:
    """Begin an assessment and show its private link; the first look comes next, unless the whole was asked for."""
    form = StartForm()
    if not form.validate():
        return render_template("start/index.html", form=form, framework=newest_framework()), 422
    return _begun(form, None)


@bp.get("/c/<code>")
def campaign(code: str) -> ResponseReturnValue:
    """Say who invites and begin, while the campaign is open; before and after, say so."""
    found = _campaign(code)
    return _campaign_page(found, StartForm())


@bp.post("/c/<code>")
def begin_in_campaign(code: str) -> ResponseReturnValue:
    """Begin an assessment that belongs to the campaign."""
    found, form = _campaign(code), StartForm()
    if campaigns.period(found, today()) != "open" or not form.validate():
        return _campaign_page(found, form), 422
    return _begun(form, found)


def _campaign(code: str) -> Campaign:
    found = campaigns.campaign_by_code(db.session, code)
    if found is None:
        raise NotFound
    return found


def _campaign_page(found: Campaign, form: StartForm) -> str:
    period = campaigns.period(found, today())
    page = "start/campaign.html" if period == "open" else "start/closed.html"
    return render_template(page, campaign=found, period=period, form=form, network=settings().network)


def _begun(form: StartForm, found: Campaign | None) -> ResponseReturnValue:
    begun_by, now = id_begun_by(form), datetime.now(UTC)
    if not _may_begin(begun_by):
        abort(429)
    assessment, begun = assessments.begin_once(
        db.session,
        begun_by,
        framework=newest_framework(),
        association_name=form.association_name.data,
        email=form.email.data or None,
        secret_key=settings().secret_key,
        now=now,
    )
    if assessment.link_generation > 1:
        raise LinkNotFound  # an old form sent again, by a browser that the replaced link closed
    if begun and found:
        assessment.campaign_id = found.id
    if begun and assessment.association.email:
        outbox.enqueue(db.session, "mail_private_link", assessment_id=assessment.id, now=now)
        flash("Votre lien privé vous a été envoyé par mail.", "success")
    db.session.commit()
    remember(assessment)
    way = "tout" if request.form.get("way") == "tout" else "regard"
    return redirect(url_for("association.link", assessment_id=assessment.id, premier=way), 303)


def _may_begin(assessment_id: uuid.UUID) -> bool:
    """Say whether this place may begin one more; a form filled in wrongly or sent twice does not count."""
    begun = assessments.assessment_by_id(db.session, assessment_id)
    return begun is not None or may_try(BEGIN, "begin", place())
