"""How an advisor signs in and out: a mailed link that a button uses once, or a password; and the password itself.

Flask-Security keeps the passwords (argon2) and knows who is signed in; its own pages are not used, because they sign
in on GET and answer faults with 200. Known and unknown addresses get the same answer from the same work.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, hash_password
from flask_security.changeable import change_user_password

from questionnaire.extensions import OPEN_LINK, SIGN_IN, db, limiter, may_try
from questionnaire.storage import audit, outbox, signin
from questionnaire.storage.accounts import User
from questionnaire.web import sessions
from questionnaire.web.access import home_url, own_path, signed_in_account
from questionnaire.web.account_forms import LinkForm, NewPasswordForm, PasswordForm
from questionnaire.web.forms import PageForm

bp = Blueprint("accounts", __name__, url_prefix="/conseiller")
NOBODY = 0  # the id of no account: an unknown address makes the same job, which then finds nobody
WRONG = "L’adresse ou le mot de passe ne convient pas. Vous pouvez aussi recevoir un lien par mail."
TOO_MANY = "Trop d’essais pour cette adresse. Attendez un quart d’heure, ou recevez un lien par mail."


def init_app(app: Flask) -> None:
    """Read who is signed in from our sessions."""
    sessions.init_app(app)


@bp.get("/connexion")
def sign_in() -> ResponseReturnValue:
    """Show the two ways in."""
    if current_user.is_authenticated:
        return redirect(_destination(signed_in_account()), 303)
    if sessions.half_signed_in():
        return redirect(url_for("second_factor.ask", next=request.args.get("next")), 303)
    return _ways_in(None)


@bp.post("/connexion")
def use_password() -> ResponseReturnValue:
    """Sign in with a password, at most ten tries a quarter of an hour for one address."""
    form = PasswordForm()
    if not form.validate():
        return _ways_in(form), 422
    if not may_try(SIGN_IN, "password", form.email.data.lower()):
        form.password.errors = [TOO_MANY]
        return _ways_in(form), 429
    user = _known(form.email.data, form.password.data)
    if user is None:
        form.password.errors = [WRONG]
        return _ways_in(form), 422
    sessions.begin_session(user, "password")
    db.session.commit()
    return redirect(_destination(user), 303)


@bp.post("/connexion/lien")
def send_link() -> ResponseReturnValue:
    """Have a link mailed; the same work and the same answer whether the address is known or not."""
    form = LinkForm()
    if not form.validate():
        return _ways_in(form), 422
    if may_try(SIGN_IN, "link", form.email.data.lower()):
        user = signin.active_user(db.session, form.email.data)
        outbox.enqueue(db.session, "mail_sign_in", now=datetime.now(UTC), user_id=user.id if user else NOBODY)
    db.session.commit()
    return redirect(url_for(".link_sent"), 303)


@bp.get("/connexion/lien-envoye")
def link_sent() -> str:
    """Say what happens next."""
    return render_template("accounts/link_sent.html")


@bp.get("/lien/<token>")
@limiter.limit(OPEN_LINK)
def open_link(token: str) -> ResponseReturnValue:
    """Show the button of a mailed link. Nothing is used up: a mail scanner may come first."""
    return _link_page(token)


@bp.post("/lien/<token>")
@limiter.limit(OPEN_LINK)
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by a mailed link, once."""
    if not PageForm().validate():
        return _link_page(token, 422)
    user = signin.use_link(db.session, token, datetime.now(UTC))
    if user is None:
        return render_template("accounts/link_over.html"), 404
    sessions.begin_session(user, "link")
    db.session.commit()
    return redirect(home_url(user), 303)


@bp.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """Sign out: the session is over, and so is every copy of its cookie."""
    if current_user.is_authenticated and PageForm().validate():
        sessions.end_session(signed_in_account())
        db.session.commit()
        flash("Vous êtes déconnecté.", "success")
    return redirect(url_for(".sign_in"), 303)


@bp.get("/mot-de-passe")
def password() -> str:
    """Show the form of a new password."""
    return _password_page(signed_in_account(), NewPasswordForm())


@bp.post("/mot-de-passe")
def change_password() -> ResponseReturnValue:
    """Keep a new password; every other session of the account ends."""
    user, form = signed_in_account(), NewPasswordForm()
    if not form.validate(user=user, proved=sessions.came_by_link_just_now()):
        return _password_page(user, form), 422
    change_user_password(user, form.new_password.data, notify=False, autologin=False)
    signin.close_every_session(db.session, user, datetime.now(UTC))
    audit.record(db.session, "password_changed", actor="advisor", now=datetime.now(UTC), advisor_id=user.id)
    sessions.begin_session(user, "password")
    sessions.prove_session()
    db.session.commit()
    flash("Votre mot de passe est enregistré.", "success")
    return redirect(home_url(user), 303)


def _ways_in(form: LinkForm | PasswordForm | None) -> str:
    forms = {"link_form": LinkForm(formdata=None), "password_form": PasswordForm(formdata=None)}
    if form is not None:
        forms["link_form" if isinstance(form, LinkForm) else "password_form"] = form
    return render_template("accounts/sign_in.html", form=form, next=request.values.get("next", ""), **forms)


def _link_page(token: str, status: int = 200) -> ResponseReturnValue:
    link = signin.usable_link(db.session, token, datetime.now(UTC))
    if link is None:
        return render_template("accounts/link_over.html"), 404
    return render_template("accounts/link.html", user=db.session.get_one(User, link.user_id), form=PageForm()), status


def _password_page(user: User, form: NewPasswordForm) -> str:
    return render_template("accounts/password.html", user=user, form=form, proved=sessions.came_by_link_just_now())


def _known(email: str, given: str) -> User | None:
    user = signin.active_user(db.session, email)
    if user is None or not user.password:
        hash_password(given)  # the same work as for a known address: the time of the answer tells nothing
        return None
    return user if user.verify_and_update_password(given) else None


def _destination(user: User) -> str:
    return own_path(request.values.get("next", "")) or home_url(user)
