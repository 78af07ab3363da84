"""Where who coordinates publishes a release of the observatory. No figure is shown before it is published.

It is worked out by a job: thousands of associations may count. What became of it stands on the page.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from questionnaire import publishing
from questionnaire.core.observatory import RULES, about
from questionnaire.extensions import db
from questionnaire.storage import observatory, outbox
from questionnaire.web.access import signed_in_coordinator
from questionnaire.web.forms import PageForm

bp = Blueprint("observatory_publishing", __name__, url_prefix="/coordination/observatoire")


@bp.get("")
def show() -> str:
    """Say about how many associations take part, what was published, and whether something is on its way."""
    signed_in_coordinator()
    count = publishing.how_many(db.session)
    return render_template(
        "observatory/publishing.html",
        taking_part=f"environ {about(count)}" if count >= RULES.fewest else "moins de 11",
        days=observatory.release_days(db.session),
        waiting=outbox.waiting(db.session, outbox.PUBLISH),
        refused=publishing.WHY.get(observatory.last_refusal(db.session), ""),
    )


@bp.get("/publier")
def confirm() -> str:
    """Say what publishing means, before it is done."""
    signed_in_coordinator()
    return render_template("observatory/confirm.html", form=PageForm())


@bp.post("/publier")
def publish() -> ResponseReturnValue:
    """Have the next release made, unless one is on its way."""
    coordinator, form, now = signed_in_coordinator(), PageForm(), datetime.now(UTC)
    if form.validate() and publishing.how_many(db.session) < RULES.fewest:
        form.form_errors.append(publishing.WHY["few"])
    if form.errors:
        return render_template("observatory/confirm.html", form=form), 422
    if not outbox.waiting(db.session, outbox.PUBLISH):
        outbox.enqueue(db.session, outbox.PUBLISH, now=now, user_id=coordinator.id)
    db.session.commit()
    flash("La publication se prépare. Cette page dira si elle est faite.", "success")
    return redirect(url_for(".show"), 303)
