"""The second factor of an account: asked for after the link or the password, set up, replaced, taken away.

Obligatory for who coordinates, a choice for advisors. Recovery codes are shown once, in the answer to the form.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from questionnaire.extensions import SECOND_FACTOR, db, may_try, settings
from questionnaire.storage import audit, second_factor
from questionnaire.storage.accounts import SecondFactor, User
from questionnaire.web import sessions
from questionnaire.web.access import SignInNeeded, home_url, own_path, signed_in_account
from questionnaire.web.fields import Line, needed
from questionnaire.web.forms import PageForm
from questionnaire.web.qr import qr_code

bp = Blueprint("second_factor", __name__, url_prefix="/conseiller")
ISSUER = "Faire alliance"
GIVE = "Écrivez le code à six chiffres que votre application affiche."
WRONG = "Ce code ne convient pas. Attendez que votre application en affiche un nouveau, puis réessayez."
TOO_MANY = "Trop d’essais. Attendez un quart d’heure, puis réessayez."
GONE = "La double vérification est retirée."
KEPT = "Ce compte coordonne un réseau : la double vérification reste obligatoire."


class CodeForm(PageForm):
    """A code of the application, or a recovery code."""

    code = Line("Code", [needed(GIVE)])


@bp.get("/code")
def ask() -> ResponseReturnValue:
    """Ask who has just signed in for the code of their telephone."""
    _half_signed_in()
    return render_template("accounts/code.html", form=CodeForm(None), next=request.args.get("next", ""))


@bp.post("/code")
def prove() -> ResponseReturnValue:
    """Finish signing in."""
    user, form = _half_signed_in(), CodeForm()
    if not _accepted(user, form):
        return render_template("accounts/code.html", form=form, next=request.form.get("next", "")), 422
    sessions.prove_session()
    db.session.commit()
    return redirect(own_path(request.form.get("next", "")) or home_url(user), 303)


@bp.get("/double-verification")
def show() -> str:
    """Show how to set the second factor up, or where it stands."""
    user = signed_in_account()
    factor = second_factor.factor_of(db.session, user)
    return _page(user, factor, CodeForm(None))


@bp.post("/double-verification/preparer")
def begin() -> ResponseReturnValue:
    """Make the secret that the application on the telephone will read."""
    user = signed_in_account()
    if PageForm().validate():
        second_factor.begin_factor(db.session, user)
        db.session.commit()
    return redirect(url_for(".show"), 303)


@bp.post("/double-verification")
def confirm() -> ResponseReturnValue:
    """Ask for the code from now on, once a first one was right; later, give new recovery codes. Shown once."""
    user, form = signed_in_account(), CodeForm()
    factor = second_factor.factor_of(db.session, user, lock=True)
    if factor is None or not _accepted(user, form):
        return _page(user, factor, form), 422
    now = datetime.now(UTC)
    known = factor.confirmed_at is not None
    codes = (
        second_factor.new_recovery_codes(db.session, factor)
        if known
        else second_factor.confirm_factor(db.session, factor, now)
    )
    sessions.prove_session()
    _note(user, "recovery_codes_made" if known else "second_factor_set", now)
    db.session.commit()
    return render_template("accounts/recovery_codes.html", codes=codes, way_on=home_url(user))


@bp.post("/double-verification/retirer")
def remove() -> ResponseReturnValue:
    """Ask for the code no more, if this account may do without."""
    user, form = signed_in_account(), CodeForm()
    factor = second_factor.factor_of(db.session, user, lock=True)
    if user.coordinates:
        form.code.errors = [KEPT]
        return _page(user, factor, form), 422
    if factor is None or not _accepted(user, form):
        return _page(user, factor, form), 422
    second_factor.forget_factor(db.session, user)
    _note(user, "second_factor_removed", datetime.now(UTC))
    db.session.commit()
    flash(GONE, "success")
    return redirect(url_for(".show"), 303)


def _half_signed_in() -> User:
    user = sessions.half_signed_in()
    if user is None:
        raise SignInNeeded
    return user


def _accepted(user: User, form: CodeForm) -> bool:
    """Check the form and its code, a few tries in a quarter of an hour for one account; a used one is used up."""
    if not form.validate():
        return False
    if not may_try(SECOND_FACTOR, "second-factor", str(user.id)):
        form.code.errors = [TOO_MANY]
        return False
    factor = second_factor.factor_of(db.session, user, lock=True)
    key, now = settings().secret_key, datetime.now(UTC)
    if factor and second_factor.accept_code(db.session, key, factor, form.code.data, now):
        return True
    form.code.data, form.code.errors = "", [WRONG]
    return False


def _page(user: User, factor: SecondFactor | None, form: CodeForm) -> str:
    waiting = factor is not None and factor.confirmed_at is None
    generator = second_factor.totp(settings().secret_key, factor) if factor and waiting else None
    return render_template(
        "accounts/second_factor.html",
        user=user,
        factor=factor,
        form=form,
        code=qr_code(generator.to_uri(label=user.email, issuer=ISSUER)) if generator else "",
        secret=generator.pretty_key(sep=" ") if generator else "",
        left=second_factor.recovery_codes_left(db.session, user),
    )


def _note(user: User, name: str, now: datetime) -> None:
    actor = f"coordinator:{user.id}" if user.coordinates else "advisor"
    audit.record(db.session, name, actor=actor, now=now, advisor_id=user.id)
