"""The campaigns that an advisor follows: who began, who finished, and filling in by telephone for one of them.

Filling in by telephone is entering a paper (web/paper_entry.py), for an association that has not begun by itself.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaire.extensions import db
from questionnaire.storage import campaigns, entries, outbox, portfolio
from questionnaire.storage.models import Assessment, Campaign
from questionnaire.web.access import LinkNotFound, signed_in_advisor
from questionnaire.web.campaign_pages import campaign_url, list_of, poster_of, today
from questionnaire.web.fields import Tick, needed
from questionnaire.web.forms import PageForm

bp = Blueprint("campaign_list", __name__, url_prefix="/conseiller/campagnes")
AGREED = "L’association est au téléphone : elle sait que j’écris ses réponses et que je lirai son résultat"
ASK_FIRST = "Cochez la case une fois l’accord de l’association obtenu."


class AgreedForm(PageForm):
    """The association's agreement."""

    agreed = Tick(AGREED, [needed(ASK_FIRST)])


@bp.get("")
def index() -> str:
    """List the campaigns that the advisor follows."""
    found = campaigns.followed(db.session, signed_in_advisor())
    return render_template("campaigns/followed.html", campaigns=found, period=campaigns.period, today=today())


@bp.get("/<uuid:campaign_id>")
def show(campaign_id: uuid.UUID) -> str:
    """Show one page of a campaign's list."""
    campaign = _campaign(campaign_id)
    return render_template("campaigns/list.html", url=campaign_url(campaign), **list_of(campaign))


@bp.get("/<uuid:campaign_id>/affiche.pdf")
def poster(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the poster."""
    return poster_of(_campaign(campaign_id))


@bp.get("/<uuid:campaign_id>/telephone/<uuid:assessment_id>")
def telephone(campaign_id: uuid.UUID, assessment_id: uuid.UUID) -> str:
    """Say what filling in for an association means, before it begins."""
    campaign = _campaign(campaign_id)
    assessment = _untouched(campaign, assessment_id)
    return render_template("campaigns/telephone.html", campaign=campaign, assessment=assessment, form=AgreedForm(None))


@bp.post("/<uuid:campaign_id>/telephone/<uuid:assessment_id>")
def begin(campaign_id: uuid.UUID, assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Let the advisor write this association's answers, until they are finished or it stops that."""
    campaign, form = _campaign(campaign_id), AgreedForm()
    assessment = _untouched(campaign, assessment_id)
    if not form.validate():
        return render_template("campaigns/telephone.html", campaign=campaign, assessment=assessment, form=form), 422
    now = datetime.now(UTC)
    entries.begin_entry(db.session, assessment, signed_in_advisor(), now, by_telephone=True)
    outbox.enqueue(db.session, "mail_private_link", now=now, assessment_id=assessment_id)
    db.session.commit()
    return redirect(url_for("paper_entry.sheet", assessment_id=assessment_id), 303)


def _campaign(campaign_id: uuid.UUID) -> Campaign:
    campaign = campaigns.followed_campaign(db.session, signed_in_advisor(), campaign_id)
    if campaign is None:
        raise LinkNotFound
    return campaign


def _untouched(campaign: Campaign, assessment_id: uuid.UUID) -> Assessment:
    assessment = portfolio.untouched(db.session, campaign.id, assessment_id)
    if assessment is None:
        raise LinkNotFound
    return assessment
