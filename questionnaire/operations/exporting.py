"""Hands over all that is kept about one association, named by its private link or its assessment's id."""

from __future__ import annotations

import json
import uuid

from questionnaire.extensions import db
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.storage.assessments import assessment_by_id
from questionnaire.storage.holdings import holdings
from questionnaire.storage.links import assessment_by_token
from questionnaire.storage.models import Assessment


def export(named: str) -> bytes:
    """Return the JSON of every row about it. Raises CannotOpen."""
    app = open_application()
    with app.app_context():
        assessment = _found(named)
        if assessment is None:
            raise CannotOpen(f"« {named} » n’est ni un lien privé ni l’identifiant d’une évaluation gardée ici.")
        return json.dumps(holdings(db.session, assessment), ensure_ascii=False, indent=1).encode() + b"\n"


def _found(named: str) -> Assessment | None:
    word = named.rstrip("/").rpartition("/")[2]
    try:
        return assessment_by_id(db.session, uuid.UUID(word))
    except ValueError:
        return assessment_by_token(db.session, word)
