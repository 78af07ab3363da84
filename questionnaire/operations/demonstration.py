"""Fills an installation with a demonstration: an advisor, and the associations of examples/.

Run again, it adds nothing and gives the links again. It refuses an installation that the public can reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from questionnaire.core.answers import AnswerSet, answers_document, parse_answers
from questionnaire.core.framework import Framework
from questionnaire.core.progress import progress
from questionnaire.extensions import catalogue, db, settings
from questionnaire.operations.inviting import sign_in_url
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.storage import assessments, links, talks
from questionnaire.storage.accounts import User, account_with, open_account
from questionnaire.storage.database import write_first
from questionnaire.storage.models import Assessment

ADVISOR = "camille.demo@exemple.fr"
PACKAGE = Path(__file__).resolve().parent.parent
EXAMPLES = next((folder for folder in (PACKAGE / "examples", PACKAGE.parent / "examples") if folder.is_dir()), None)


def demonstrate(host: str | None, port: int | None) -> str:
    """Make what lacks of the demonstration, and return the lines to show. Raises CannotOpen."""
    if EXAMPLES is None:
        raise CannotOpen("Le dossier examples/ manque : la démonstration demande une copie du dépôt.")
    app = open_application(host, port)
    with app.app_context():
        if not settings().loopback:
            raise CannotOpen(f"La démonstration est refusée : {settings().base_url} n’est pas une adresse locale.")
        write_first(db.session)
        lines = list(_lines(EXAMPLES, datetime.now(UTC)))
        db.session.commit()
    return "\n".join(lines) + "\n"


def _lines(folder: Path, now: datetime) -> Iterator[str]:
    advisor = account_with(db.session, ADVISOR) or open_account(db.session, ADVISOR, "Camille Démo", now)
    yield "Une démonstration est en place."
    yield f"Accompagnatrice de démonstration (lien valable une fois) : {sign_in_url(advisor, now)}"
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        assessment = _known(path) or _made(path, advisor if number == 0 else None, now)
        token = links.link_token(settings().secret_key, assessment)
        yield f"{assessment.association.name} : {settings().base_url}/l/{token}"


def _known(path: Path) -> Assessment | None:
    return next(iter(links.assessments_of(db.session, _email(path))), None)


def _made(path: Path, advisor: User | None, now: datetime) -> Assessment:
    answers, framework = parse_answers(path.read_bytes(), catalogue())
    assessment = assessments.create_assessment(
        db.session,
        framework=framework,
        association_name=answers.association.name,
        email=_email(path),
        secret_key=settings().secret_key,
        now=now,
    )
    for page, values in _pages(framework, answers):
        assessments.save_page(db.session, assessment, page, 0, values, now)
    if not progress(framework, answers).gaps:
        assessments.finish(db.session, assessment, framework, now)
        if advisor:
            talks.ask_for_talk(db.session, assessment, advisor, now)
    return assessment


def _pages(framework: Framework, answers: AnswerSet) -> Iterator[tuple[str, dict[str, Any]]]:
    document = answers_document(answers)
    yield assessments.PROFILE, document.get("profile", {})
    for dimension in framework.dimensions:
        asked = {question.id for criterion in dimension.criteria for question in criterion.questions}
        given = {name: answer for name, answer in document["answers"].items() if name in asked}
        yield (
            dimension.id,
            {name: answer if isinstance(answer, dict) else {"value": answer} for name, answer in given.items()},
        )


def _email(path: Path) -> str:
    return f"{path.stem}@demo.exemple.fr"
