"""The coordinator's room: the advisors of the network, and who is in charge of which file. Never an answer.

Each view first obtains who coordinates, then what is theirs, from the database. Nothing here reads a page of answers.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from questionnaire.core.journey import MoveRefused
from questionnaire.core.territory import departments
from questionnaire.core.text import NAME
from questionnaire.extensions import db
from questionnaire.storage import accounts, assessments, audit, coordination, coordinators, journey, outbox
from questionnaire.storage.accounts import User
from questionnaire.storage.coordination import PILES, Pile, Scope
from questionnaire.storage.database import LARGEST_NUMBER
from questionnaire.storage.models import TalkRequest
from questionnaire.storage.worklist import Line as FileLine
from questionnaire.storage.worklist import Wanted
from questionnaire.web.access import LinkNotFound, signed_in_coordinator
from questionnaire.web.fields import Line, Lines, OneOf, clean, mail_address, needed
from questionnaire.web.forms import PageForm
from questionnaire.web.worklist import PAGE, page_number, printable

bp = Blueprint("coordination", __name__, url_prefix="/coordination")
PILE_WORDS: dict[str, Pile] = dict(zip(("sans-conseiller", "conseiller-parti", "tous"), PILES, strict=True))
ADDRESS = "Écrivez son adresse mail, comme nom@exemple.fr."
TAKEN = "Cette adresse est déjà celle d’un compte de coordination : prenez-en une autre."
NOBODY = "Choisissez un conseiller ou une conseillère."
NO_WHY = "Écrivez pourquoi : l’association le lira."
TOO_LATE = (
    "Le dossier a changé depuis que cette page est ouverte. Regardez où il en est, puis recommencez s’il le faut."
)


class InviteForm(PageForm):
    """Who is invited."""

    name = Line("Son nom", [needed("Écrivez son nom : les associations le lisent."), clean("Son nom", NAME)])
    email = Line("Son adresse mail", [needed(ADDRESS), *mail_address(ADDRESS)])


class EntrustForm(PageForm):
    """To whom a file goes, and why."""

    advisor = OneOf("À qui", refused=NOBODY, choices=[])
    why = Lines("Pourquoi", [clean("Pourquoi", 2000)])


@bp.get("/")
def index() -> str:
    """Show the advisors of the network, and how many files wait."""
    coordinator = signed_in_coordinator()
    counts = coordination.piles(db.session, scope_of(coordinator), "waiting", Wanted(count=1)).counts
    advisors = coordinators.advisors(db.session)
    return render_template("coordination/index.html", coordinator=coordinator, advisors=advisors, counts=counts)


@bp.get("/inviter")
def invitation() -> str:
    """Ask whom to invite."""
    signed_in_coordinator()
    return render_template("coordination/invite.html", form=InviteForm(None))


@bp.post("/inviter")
def invite() -> ResponseReturnValue:
    """Open an advisor's account, or open it again, and mail the way in."""
    coordinator, form, now = signed_in_coordinator(), InviteForm(), datetime.now(UTC)
    user = accounts.account_with(db.session, form.email.data) if form.validate() else None
    if user and user.coordinates:
        form.email.errors = [TAKEN]
    if form.errors:
        return render_template("coordination/invite.html", form=form), 422
    user = user or accounts.open_account(db.session, form.email.data, form.name.data, now)
    user.active = True
    outbox.enqueue(db.session, "mail_invitation", now=now, user_id=user.id)
    _note("advisor_invited", user, coordinator, now)
    db.session.commit()
    flash(f"L’invitation part à l’instant vers {user.email}.", "success")
    return redirect(url_for(".index"), 303)


@bp.get("/conseillers/<int:user_id>/fermer")
def confirm_closing(user_id: int) -> str:
    """Say what closing an account does, before it is done."""
    signed_in_coordinator()
    return render_template("coordination/close.html", advisor=_advisor(user_id), form=PageForm())


@bp.post("/conseillers/<int:user_id>/fermer")
def close(user_id: int) -> ResponseReturnValue:
    """Close an advisor's account: its next request finds nobody signed in."""
    coordinator, advisor, now = signed_in_coordinator(), _advisor(user_id), datetime.now(UTC)
    if not PageForm().validate():
        return render_template("coordination/close.html", advisor=advisor, form=PageForm()), 422
    coordinators.close_account(db.session, advisor, now)
    _note("account_closed", advisor, coordinator, now)
    db.session.commit()
    flash(
        f"Le compte de {journey.public_name(advisor)} est fermé. Ses dossiers attendent quelqu’un d’autre.", "success"
    )
    return redirect(url_for(".files", pile="conseiller-parti"), 303)


@bp.get("/dossiers")
def files() -> str:
    """Show one page of a pile of files."""
    coordinator = signed_in_coordinator()
    pile, search, page = request.args.get("pile", ""), printable(request.args.get("recherche", "")), page_number()
    wanted = Wanted(search=search, sort="oldest", first=(page - 1) * PAGE, count=PAGE)
    chosen = PILE_WORDS.get(pile, "waiting")
    return render_template(
        "coordination/files.html",
        piles=coordination.piles(db.session, scope_of(coordinator), chosen, wanted),
        addresses=dict(zip(PILE_WORDS.values(), PILE_WORDS, strict=True)),
        chosen=chosen,
        search=search,
        page=page,
        size=PAGE,
    )


@bp.get("/dossiers/<uuid:assessment_id>")
def file(assessment_id: uuid.UUID) -> str:
    """Show who is in charge of a file, and ask to whom it goes."""
    coordinator = signed_in_coordinator()
    line, talk = _file(coordinator, assessment_id)
    return _file_page(line, talk, _entrust_form(talk, filled=False))


@bp.post("/dossiers/<uuid:assessment_id>")
def entrust(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Put an advisor in charge, and tell them and the association before they read."""
    coordinator = signed_in_coordinator()
    assessments.assessment_by_id(db.session, assessment_id, lock=True)
    line, talk = _file(coordinator, assessment_id, lock=True)
    form = _entrust_form(talk)
    advisor = accounts.advisor_by_id(db.session, form.advisor.data or "") if form.validate() else None
    if talk is None or advisor is None or not _whole(form, talk):
        form.advisor.errors = form.advisor.errors or ([] if advisor else [NOBODY])
        return _file_page(line, talk, form), 422
    now = datetime.now(UTC)
    try:
        coordination.entrust(db.session, talk, advisor, coordinator, form.why.data, now)
    except MoveRefused:
        db.session.rollback()
        form.form_errors.append(TOO_LATE)
        return _file_page(line, talk, form), 409
    outbox.enqueue(db.session, "mail_talk_given", now=now, assessment_id=assessment_id, advisor_id=advisor.id)
    outbox.enqueue(db.session, "mail_readers_changed", now=now, assessment_id=assessment_id)
    db.session.commit()
    flash(f"Le dossier est confié à {journey.public_name(advisor)}. L’association en est prévenue.", "success")
    return redirect(url_for(".files"), 303)


def scope_of(coordinator: User) -> Scope:
    """Return whose files this account may entrust."""
    regions = coordinators.regions_of(db.session, coordinator)
    return Scope(coordinator.id, tuple(each.code for each in departments() if each.region_code in regions))


def _advisor(user_id: int) -> User:
    advisor = coordinators.advisor(db.session, user_id) if user_id <= LARGEST_NUMBER else None
    if advisor is None:
        raise NotFound
    return advisor


def _file(coordinator: User, assessment_id: uuid.UUID, *, lock: bool = False) -> tuple[FileLine, TalkRequest | None]:
    """Return what is seen of a file, and its talk unless it is closed. Raises LinkNotFound."""
    scope = scope_of(coordinator)
    talk = coordination.entrustable(db.session, scope, assessment_id, lock=lock)
    line = coordination.file_line(db.session, scope, assessment_id)
    if line is None:
        raise LinkNotFound
    return line, talk


def _entrust_form(talk: TalkRequest | None, *, filled: bool = True) -> EntrustForm:
    form = EntrustForm() if filled else EntrustForm(formdata=None)
    there = talk.advisor_id if talk else None
    able = [each for each in accounts.active_advisors(db.session) if each.id != there]
    form.advisor.choices = [("", "Choisissez"), *((str(each.id), journey.public_name(each)) for each in able)]
    return form


def _whole(form: EntrustForm, talk: TalkRequest) -> bool:
    if talk.advisor_id and not form.why.data.strip():
        form.why.errors = [NO_WHY]
    return not form.errors


def _file_page(line: FileLine, talk: TalkRequest | None, form: EntrustForm) -> str:
    return render_template("coordination/file.html", line=line, talk=talk, form=form)


def _note(name: str, advisor: User, coordinator: User, now: datetime) -> None:
    audit.record(db.session, name, actor=f"coordinator:{coordinator.id}", now=now, advisor_id=advisor.id)
