"""The association's contact changes: another address receives the links, and no former one opens anything any more.

All assessments of the association follow; both addresses are told. The address is typed twice, because a mistake in it
would shut the association out.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaire.extensions import db, settings
from questionnaire.storage import audit, links, outbox
from questionnaire.web.access import forget
from questionnaire.web.draft import open_assessment
from questionnaire.web.fields import Line, mail_address, needed
from questionnaire.web.forms import PageForm

bp = Blueprint("contact", __name__)
ADDRESS = "Écrivez l’adresse mail de la nouvelle personne, comme nom@exemple.fr."
TWICE = "Les deux adresses ne sont pas les mêmes : une erreur fermerait la porte à tout le monde."
DONE = "C’est fait. Le nouveau lien part vers {}. L’ancien ne fonctionne plus, sur cet appareil non plus."


class ContactForm(PageForm):
    """The new address, twice."""

    email = Line("Nouvelle adresse mail", [needed(ADDRESS), *mail_address(ADDRESS)])
    again = Line("La même, une seconde fois")

    def validate(self, extra_validators: object = None) -> bool:
        """Check the form; the two addresses are the same."""
        valid = super().validate()
        if self.email.data and not self.email.errors and (self.again.data or "").strip() != self.email.data:
            self.again.errors = [TWICE]
        return valid and not self.errors


@bp.get("/q/<uuid:assessment_id>/contact")
def ask(assessment_id: uuid.UUID) -> str:
    """Ask for the new address, and say what changing it does."""
    return render_template("contact/change.html", draft=open_assessment(assessment_id), form=ContactForm(None))


@bp.post("/q/<uuid:assessment_id>/contact")
def change(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Replace every link of the association, send the new ones, and tell the former address."""
    draft, form = open_assessment(assessment_id, lock=True), ContactForm()
    if not form.validate():
        return render_template("contact/change.html", draft=draft, form=form), 422
    assessment = draft.assessment
    now, former = datetime.now(UTC), assessment.association.email
    if former and former.lower() != form.email.data.lower():
        change_id = str(links.note_former_contact(db.session, assessment.association, now).id)
        outbox.enqueue(db.session, "mail_contact_left", now=now, assessment_id=assessment_id, change_id=change_id)
    assessment.association.email = form.email.data
    for each in links.assessments_under(db.session, assessment.association_id):
        links.replace_link(db.session, each, settings().secret_key, now)
        outbox.enqueue(db.session, "mail_private_link", now=now, assessment_id=each.id)
        forget(each.id)
    audit.record(db.session, "contact_changed", actor="respondent", now=now, assessment_id=assessment_id)
    db.session.commit()
    flash(DONE.format(form.email.data), "success")
    return redirect(url_for("start.index"), 303)
