"""The forms of the advisors' sign-in: an address, an address with its password, a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_security import verify_password
from flask_security.proxies import _security
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from questionnaire.storage.accounts import User
from questionnaire.web.fields import Line, mail_address
from questionnaire.web.forms import PageForm

ADDRESS = "Écrivez votre adresse mail, comme nom@exemple.fr."
LONGEST = 500


class LinkForm(PageForm):
    """Where to send a link."""

    email = Line("Adresse mail", [InputRequired(ADDRESS), *mail_address(ADDRESS)], id="link-email")


class PasswordForm(PageForm):
    """An address and its password."""

    email = Line("Adresse mail", [InputRequired(ADDRESS), *mail_address(ADDRESS)])
    password = PasswordField("Mot de passe", [InputRequired("Écrivez votre mot de passe."), Length(max=LONGEST)])


class NewPasswordForm(PageForm):
    """A new password, twice, and the current one unless a mailed link has just proved who is there."""

    password = PasswordField("Mot de passe actuel")
    new_password = PasswordField(
        "Nouveau mot de passe", [InputRequired("Écrivez le nouveau mot de passe."), Length(max=LONGEST)]
    )
    new_password_confirm = PasswordField("Le même, une seconde fois")

    def validate(  # type: ignore[override]  # this form alone needs to know for whom it is
        self, extra_validators: Mapping[str, Any] | None = None, *, user: User, proved: bool
    ) -> bool:
        """Check the form for this user; every fault is said at its field."""
        valid = super().validate(extra_validators)
        if not proved and not (user.password and verify_password(self.password.data or "", user.password)):
            self.password.errors = ["Ce n’est pas votre mot de passe actuel."]
        if self.new_password.data and not self.new_password.errors:
            weak, self.new_password.data = _security.password_util.validate(self.new_password.data, False, user=user)
            self.new_password.errors = [str(message) for message in weak or ()]
        if self.new_password_confirm.data != (self.new_password.raw_data or [""])[0]:
            self.new_password_confirm.errors = ["Les deux mots de passe ne sont pas identiques."]
        return valid and not self.errors
