"""Counts what associations said three months after the end: the only measure of whether any of this helps."""

from __future__ import annotations

from datetime import UTC, datetime

from questionnaire.extensions import db
from questionnaire.operations.opening import open_application
from questionnaire.storage import follow_ups

WORDS: dict[follow_ups.Outcome, str] = {"yes": "oui", "begun": "commencée", "not_yet": "pas encore"}


def follow() -> str:
    """Return the counts, in lines; no association is named. Raises CannotOpen."""
    with open_application().app_context():
        found = follow_ups.counts(db.session, datetime.now(UTC))
    said = ", ".join(f"{word} {found.answers[answer]}" for answer, word in WORDS.items())
    return (
        f"Questionnaires terminés depuis plus de trois mois : {found.old_enough}\n"
        f"Questions envoyées par mail : {found.mailed}\n"
        f"Réponses à « Avez-vous pu mener une de ces actions ? » : {found.answers.total()} ({said})\n"
    )
