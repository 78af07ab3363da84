"""Makes every stored result again and says what differs; checks that what was sent is still what was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from questionnaire.core.loading import UnknownFramework
from questionnaire.extensions import db
from questionnaire.operations.opening import open_application
from questionnaire.storage import kept, observatory
from questionnaire.storage.assessments import answer_set
from questionnaire.storage.models import Assessment
from questionnaire.storage.results import result_sha256
from questionnaire.web.access import framework_of


def verify() -> tuple[str, list[str]]:
    """Return what was verified, in one line, and one line per difference. Raises CannotOpen."""
    app = open_application()
    with app.app_context():
        finished, drafts = kept.finished_assessments(db.session), kept.drafts(db.session)
        editions, releases = kept.editions(db.session), observatory.releases(db.session)
        differences = [line for each in finished for line in _result(each)]
        differences += [line for each in drafts for line in _framework(each)]
        differences += [
            f"Rapport relu {each.id} : son texte n’est plus celui qui a été envoyé."
            for each in editions
            if hashlib.sha256(each.html.encode()).hexdigest() != each.sha256
        ]
        differences += [
            f"Publication n° {each.number} de l’observatoire : son texte n’est plus celui qui a été publié."
            for each in releases
            if hashlib.sha256(each.content.encode()).hexdigest() != each.sha256
        ]
    counted = f"{len(finished)} résultats, {len(drafts)} brouillons et {len(editions)} rapports relus vérifiés"
    return f"{counted} : {len(differences) or 'aucune'} différence{'s' if len(differences) > 1 else ''}.\n", differences


def _framework(assessment: Assessment) -> Iterator[str]:
    try:
        framework_of(assessment)
    except UnknownFramework as error:
        yield f"Évaluation {assessment.id} : {error}."


def _result(assessment: Assessment) -> Iterator[str]:
    missing = list(_framework(assessment))
    if missing:
        yield from missing
        return
    framework = framework_of(assessment)
    found = result_sha256(framework, answer_set(db.session, assessment, framework))
    if found != assessment.result_sha256:
        was = assessment.result_sha256 or "aucune"
        prints = f"empreinte gardée {was[:12]}, recalculée {found[:12]}"
        yield f"Évaluation {assessment.id} : le résultat recalculé diffère ({prints})."
