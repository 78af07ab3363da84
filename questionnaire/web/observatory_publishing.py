"""Where who coordinates publishes a release of the observatory. No figure is shown before it is published.

A release speaks of the whole network and is never withdrawn: who coordinates some regions sees how it stands, and does
not publish. It is worked out by a job: thousands of associations may count. What became of it stands on the page.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from questionnaire import publishing
from questionnaire.core.observatory import RULES, about
from questionnaire.extensions import db
from questionnaire.storage import coordinators, observatory, outbox
from questionnaire.storage.accounts import User
from questionnaire.web.access import signed_in_coordinator
from questionnaire.web.forms import PageForm

bp = Blueprint("observatory_publishing", __name__, url_prefix="/coordination/observatoire")


@bp.get("")
def show() -> str:
    """Say about how many associations take part, what was published, and whether something is on its way."""
    coordinator = signed_in_coordinator()
    count = publishing.how_many(db.session)
    return render_template(
        "observatory/publishing.html",
        taking_part=f"environ {about(count)}" if count >= RULES.fewest else "moins de 11",
        days=observatory.release_days(db.session),
        waiting=outbox.waiting(db.session, outbox.PUBLISH),
        may_publish=coordinators.coordinates_everywhere(db.session, coordinator),
        refused=publishing.WHY.get(observatory.last_refusal(db.session), ""),
    )


@bp.get("/publier")
def confirm() -> str:
    """Say what publishing means, before it is done."""
    _whole_network()
    return render_template("observatory/confirm.html", form=PageForm())


@bp.post("/publier")
def publish() -> ResponseReturnValue:
    """Have the next release made, unless one is on its way."""
    coordinator, form, now = _whole_network(), PageForm(), datetime.now(UTC)
    if form.validate() and publishing.how_many(db.session) < RULES.fewest:
        form.form_errors.append(publishing.WHY["few"])
    if form.errors:
        return render_template("observatory/confirm.html", form=form), 422
    if not outbox.waiting(db.session, outbox.PUBLISH):
        outbox.enqueue(db.session, outbox.PUBLISH, now=now, user_id=coordinator.id)
    db.session.commit()
    flash("La publication se prépare. Cette page dira si elle est faite.", "success")
    return redirect(url_for(".show"), 303)


def _whole_network() -> User:
    """Return who is signed in and coordinates everywhere. Raises what `signed_in_coordinator` does, NotFound."""
    coordinator = signed_in_coordinator()
    if not coordinators.coordinates_everywhere(db.session, coordinator):
        raise NotFound
    return coordinator
