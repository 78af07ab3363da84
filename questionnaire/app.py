"""The application, as a table of contents: read it first, then the file of the part you came for."""

from __future__ import annotations

from flask import Flask

from questionnaire import extensions, settings
from questionnaire.editions import templates_folder
from questionnaire.web import (
    access,
    accounts,
    advisor,
    again,
    association,
    campaign_list,
    campaigns,
    contact,
    cookies,
    coordination,
    errors,
    exports,
    first_look,
    follow_up,
    headers,
    health,
    journey,
    listening,
    observatory,
    observatory_publishing,
    paper,
    paper_entry,
    preparing,
    promises,
    question_html,
    respondent,
    restitution,
    results,
    resume,
    rights,
    second_factor,
    shared_plan,
    shown_look,
    start,
    talk,
    visits,
    what_if,
    wizard,
)

BLUEPRINTS = (
    start.bp,
    promises.bp,
    observatory.bp,
    health.bp,
    paper.bp,
    access.bp,
    resume.bp,
    association.bp,
    contact.bp,
    respondent.bp,
    first_look.bp,
    wizard.bp,
    follow_up.bp,
    rights.bp,
    again.bp,
    results.bp,
    listening.bp,
    what_if.bp,
    talk.bp,
    accounts.bp,
    second_factor.bp,
    coordination.bp,
    campaigns.bp,
    campaign_list.bp,
    observatory_publishing.bp,
    advisor.bp,
    shared_plan.association_bp,
    shared_plan.advisor_bp,
    journey.bp,
    shown_look.bp,
    paper_entry.bp,
    preparing.bp,
    restitution.bp,
    exports.bp,
)
BODY_LIMIT = 3 * 1024 * 1024  # the largest page, with every text at its full length, twice over


def create_app(chosen: settings.Settings | None = None) -> Flask:
    """Return the application for these settings (those of the environment if none are given).

    Opens the installation: raises SettingsError or InstallationError, each one French line for the operator.
    """
    chosen = chosen or settings.load()
    app = Flask("questionnaire", instance_path=str(chosen.instance), template_folder=str(templates_folder()))
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=headers.MOST_FIELDS,
        **access.cookie_settings(chosen),
    )
    app.session_interface = cookies.Cookies()
    extensions.bind(app, chosen)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    accounts.init_app(app)
    errors.init_app(app)
    question_html.init_app(app)
    visits.init_app(app)
    headers.init_app(app, chosen)
    return app
