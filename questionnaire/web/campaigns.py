"""Campaigns, as who coordinates opens them: their words, their link and poster, their list of associations.

Each view first obtains the campaign and the right to it, in one call. The list shows names and states, never an answer.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms.validators import InputRequired

from questionnaire.extensions import db, settings
from questionnaire.storage import accounts, audit, campaigns, coordinators, journey, portfolio
from questionnaire.storage.accounts import User
from questionnaire.storage.models import Campaign
from questionnaire.web.access import LinkNotFound, newest_framework, signed_in_coordinator
from questionnaire.web.campaign_pages import campaign_url, list_of, poster_of, today
from questionnaire.web.fields import Day, Line, Lines, Tick, Ticks, clean, needed
from questionnaire.web.forms import PageForm
from questionnaire.web.portfolio_file import read_file
from questionnaire.web.qr import qr_code

bp = Blueprint("campaigns", __name__, url_prefix="/coordination/campagnes")
CODE = re.compile(r"[A-Z0-9-]{3,20}")
CODE_WRONG = "Écrivez de 3 à 20 lettres sans accent, chiffres ou tirets, par exemple LEZ-2027."
CODE_STAYS = "Le code ne change plus\u202f: des affiches et des mails le portent déjà."
CODE_TAKEN = "Une autre campagne a déjà ce code : choisissez-en un autre."
NO_DAY = "Écrivez la date comme 31/12/2027."
OVER = "Cette campagne est finie. Changez d’abord son dernier jour."
BACKWARDS = "La campagne finit avant d’avoir commencé : vérifiez les deux dates."
NO_FILE = "Choisissez le fichier CSV de vos associations."
NO_MESSAGE = "Écrivez quelques mots : l’association doit savoir qui l’invite."


class CampaignForm(PageForm):
    """What is told about a campaign, and who follows it."""

    name = Line("Nom de la campagne", [needed("Écrivez le nom de la campagne."), clean("Nom", 120)])
    code = Line("Code", [needed(CODE_WRONG), clean("Code", 20)])
    starts_on = Day("Premier jour", NO_DAY, validators=[InputRequired("Choisissez le premier jour.")])
    ends_on = Day("Dernier jour", NO_DAY, validators=[InputRequired("Choisissez le dernier jour.")])
    introduction = Lines("Introduction", [clean("Introduction", 500)])
    advisors = Ticks("Qui suit cette campagne", refused="Choisissez parmi les conseillers proposés.", choices=[])


class FileForm(PageForm):
    """A file of associations."""

    file = FileField("Fichier CSV")


class LetterForm(PageForm):
    """The message of the invitations."""

    text = Lines("Votre message", [needed(NO_MESSAGE), clean("Votre message", 3000)])
    again = Tick("Écrire aussi à celles qui sont déjà invitées et qui n’ont pas terminé")


@bp.get("")
def index() -> str:
    """List the campaigns."""
    coordinator = signed_in_coordinator()
    found = campaigns.coordinated(
        db.session, coordinator, everywhere=coordinators.coordinates_everywhere(db.session, coordinator)
    )
    return render_template("campaigns/index.html", campaigns=found, period=campaigns.period, today=today())


@bp.get("/nouvelle")
def blank() -> str:
    """Ask about a new campaign."""
    signed_in_coordinator()
    return _form_page(None, _campaign_form(filled=False))


@bp.post("/nouvelle")
def create() -> ResponseReturnValue:
    """Open a campaign."""
    coordinator = signed_in_coordinator()
    return _kept(Campaign(id=uuid.uuid4(), opened_by=coordinator.id), coordinator, new=True)


@bp.get("/<uuid:campaign_id>")
def show(campaign_id: uuid.UUID) -> str:
    """Show a campaign: its link, its poster, and its words to change."""
    campaign = campaign_of(signed_in_coordinator(), campaign_id)
    given = {name: getattr(campaign, name) for name in ("name", "code", "starts_on", "ends_on", "introduction")}
    chosen = [str(each) for each in campaigns.followers(db.session, campaign_id)]
    return _form_page(campaign, _campaign_form(filled=False, advisors=chosen, **given))


@bp.post("/<uuid:campaign_id>")
def change(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Change a campaign."""
    coordinator = signed_in_coordinator()
    return _kept(campaign_of(coordinator, campaign_id, lock=True), coordinator, new=False)


@bp.get("/<uuid:campaign_id>/affiche.pdf")
def poster(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the poster."""
    return poster_of(campaign_of(signed_in_coordinator(), campaign_id))


@bp.get("/<uuid:campaign_id>/associations")
def associations(campaign_id: uuid.UUID) -> str:
    """Show one page of the list of associations."""
    campaign = campaign_of(signed_in_coordinator(), campaign_id)
    return _list_page(campaign, FileForm(None))


@bp.post("/<uuid:campaign_id>/associations")
def import_file(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Put the associations of a file on the list: all of them, or none and every fault."""
    coordinator = signed_in_coordinator()
    campaign, form = campaign_of(coordinator, campaign_id, lock=True), FileForm()
    sent = form.file.data.read() if form.validate() and form.file.data else b""
    read = read_file(sent) if sent else None
    if read is None or read.faults:
        form.file.errors = [] if read or form.errors else [NO_FILE]
        return _list_page(campaign, form, read.faults if read else ()), 422
    count = portfolio.import_entries(
        db.session,
        campaign,
        read.entries,
        framework=newest_framework(),
        secret_key=settings().secret_key,
        by=coordinator,
        now=datetime.now(UTC),
    )
    db.session.commit()
    there = len(read.entries) - count
    flash(f"Associations ajoutées : {count}." + (f" Déjà dans la liste : {there}." if there else ""), "success")
    return redirect(url_for(".associations", campaign_id=campaign_id), 303)


@bp.get("/<uuid:campaign_id>/inviter")
def letter(campaign_id: uuid.UUID) -> str:
    """Ask for the message of the invitations."""
    campaign = campaign_of(signed_in_coordinator(), campaign_id)
    return _letter_page(campaign, LetterForm(None))


@bp.post("/<uuid:campaign_id>/inviter")
def invite(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Have every association of the list that was not invited yet receive its link, with the message."""
    coordinator = signed_in_coordinator()
    campaign, form = campaign_of(coordinator, campaign_id, lock=True), LetterForm()
    if form.validate() and campaigns.period(campaign, today()) == "after":
        form.form_errors.append(OVER)
    if form.errors:
        return _letter_page(campaign, form), 422
    now, again = datetime.now(UTC), bool(form.again.data)
    count = portfolio.invite_all(db.session, campaign, form.text.data, coordinator, now, again=again)
    db.session.commit()
    flash(f"Invitations en cours d’envoi : {count}." if count else "Tout le monde est déjà invité.", "success")
    return redirect(url_for(".associations", campaign_id=campaign_id), 303)


def campaign_of(coordinator: User, campaign_id: uuid.UUID, *, lock: bool = False) -> Campaign:
    """Return a campaign of who coordinates; `lock` where it will be written. Raises LinkNotFound."""
    everywhere = coordinators.coordinates_everywhere(db.session, coordinator)
    campaign = campaigns.coordinated_campaign(db.session, coordinator, campaign_id, everywhere=everywhere, lock=lock)
    if campaign is None:
        raise LinkNotFound
    return campaign


def _campaign_form(*, filled: bool = True, **given: Any) -> CampaignForm:
    form = CampaignForm(**given) if filled else CampaignForm(formdata=None, **given)
    able = accounts.active_advisors(db.session)
    form.advisors.choices = [(str(each.id), journey.public_name(each)) for each in able]
    return form


def _kept(campaign: Campaign, coordinator: User, *, new: bool) -> ResponseReturnValue:
    form = _campaign_form()
    if not form.validate() or not _fits(form, campaign, new=new):
        return _form_page(None if new else campaign, form), 422
    given = {name: form[name].data for name in ("name", "starts_on", "ends_on", "introduction")}
    given["code"] = form.code.data.upper()
    campaigns.change(db.session, campaign, given, [int(each) for each in form.advisors.data or ()])
    actor, now = f"coordinator:{coordinator.id}", datetime.now(UTC)
    audit.record(db.session, "campaign_changed", actor=actor, now=now, campaign=str(campaign.id))
    db.session.commit()
    flash("La campagne est enregistrée.", "success")
    return redirect(url_for(".show", campaign_id=campaign.id), 303)


def _fits(form: CampaignForm, campaign: Campaign, *, new: bool) -> bool:
    code = form.code.data.upper()
    other = campaigns.campaign_by_code(db.session, code)
    if not CODE.fullmatch(code):
        form.code.errors = [CODE_WRONG]
    elif not new and code != campaign.code:
        form.code.errors = [CODE_STAYS]
    elif other and other.id != campaign.id:
        form.code.errors = [CODE_TAKEN]
    first, last = (form[name].data for name in ("starts_on", "ends_on"))
    if last < first:
        form.ends_on.errors = [BACKWARDS]
    return not form.errors


def _form_page(campaign: Campaign | None, form: CampaignForm) -> str:
    url = campaign_url(campaign) if campaign else ""
    return render_template(
        "campaigns/campaign.html", campaign=campaign, form=form, url=url, code=qr_code(url) if url else ""
    )


def _list_page(campaign: Campaign, form: FileForm, faults: tuple[str, ...] = ()) -> str:
    return render_template("campaigns/associations.html", form=form, faults=faults, **list_of(campaign))


def _letter_page(campaign: Campaign, form: LetterForm) -> str:
    found = portfolio.page(db.session, campaign.id, None, "", first=0, count=1)
    invited = found.counts["not_started"] + found.counts["begun"] - found.uninvited
    return render_template(
        "campaigns/letter.html", campaign=campaign, form=form, waiting=found.uninvited, invited=invited
    )
