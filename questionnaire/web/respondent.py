"""Who answers on this browser, if they say so: a first name or a role, noted with what they save."""

import uuid

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from questionnaire.web.draft import open_assessment
from questionnaire.web.fields import Line, clean
from questionnaire.web.forms import PageForm

bp = Blueprint("respondent", __name__)
LONGEST = 60
KEPT = "respondent"  # in the session: one name for each browser


class NameForm(PageForm):
    """A first name or a role; empty for none."""

    name = Line("Votre prénom ou votre rôle", [clean("Prénom ou rôle", LONGEST)])


@bp.get("/q/<uuid:assessment_id>/qui-repond")
def ask(assessment_id: uuid.UUID) -> str:
    """Ask who answers here."""
    form = NameForm(None, name=respondent_name())
    return render_template("association/respondent.html", draft=open_assessment(assessment_id), form=form)


@bp.post("/q/<uuid:assessment_id>/qui-repond")
def keep(assessment_id: uuid.UUID) -> ResponseReturnValue:
    """Remember it in this browser; nothing is written about the pages saved before."""
    draft = open_assessment(assessment_id)
    form = NameForm()
    if not form.validate():
        return render_template("association/respondent.html", draft=draft, form=form), 422
    session[KEPT] = form.name.data.strip()
    flash("C’est noté sur cet appareil." if session[KEPT] else "Vos pages ne porteront plus de nom.", "success")
    return redirect(url_for("association.home", assessment_id=assessment_id), 303)


def respondent_name() -> str:
    """Return who said to answer on this browser; '' if nobody did."""
    name: str = session.get(KEPT, "")
    return name
