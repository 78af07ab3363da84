"""Run by make.py in the tree of the schema's first step: fills a database there by that day's functions, and saves it.

Nothing of today's code is used but the writer of archives; a type checker of today cannot read it.
"""

# mypy: ignore-errors

import sys
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from questionnaire.core.loading import published
from questionnaire.storage import archive, assessments, audit, outbox, reviews, talks
from questionnaire.storage.accounts import Role
from questionnaire.storage.database import make_engine
from questionnaire.storage.installation import open_installation
from questionnaire.storage.models import Campaign
from questionnaire.storage.review_draft import Draft
from tests import builders
from tests.builders import NOW, SECRET

NAMES = ("L’Étoile « d’ici » 🌱", "Café associatif d’Aulas", "=1+1; Club; de; boules", "Les Jardins du Lez")
ADDRESSES = ("etoile@exemple.fr", None, "boules@exemple.fr", "contact@jardins.exemple")


def main(folder: Path, target: Path) -> None:
    """Fill a database in `folder` and save it at `target`."""
    engine = make_engine(f"sqlite:///{folder / 'old.sqlite'}")
    (folder / "secret_key").write_bytes(SECRET)
    open_installation(engine, folder, SECRET, NOW)
    framework = published().newest("faire-alliance")
    with Session(engine, expire_on_commit=False) as session:
        session.add(
            Campaign(name="Automne 2026", code="AUTOMNE", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))
        )
        advisor = builders.an_advisor(session)
        advisor.roles.append(Role(name="advisor"))
        audit.record(session, "advisor_invited", actor="operator", now=NOW, advisor_id=advisor.id)
        begin(session, framework)
        correct(session, builders.a_filled_assessment(session, framework, **named(1)))
        shared(session, framework, advisor, named(2), validated=False)
        shared(session, framework, advisor, named(3), validated=True)
        outbox.enqueue(session, "purge", now=NOW)
        session.commit()
    files = {name: folder / name for name in ("secret_key", "installation.json")}
    facts = {"program": "0.1.0", "made_at": NOW.isoformat(), "database": "sqlite"}
    manifest = archive.write(engine, target, files, facts)
    assert [name for name, table in manifest["tables"].items() if not table["rows"]] == []
    assert manifest["schema"] == "0001"


def named(number: int) -> dict:
    """Who answers."""
    return {"association_name": NAMES[number], "email": ADDRESSES[number]}


def begin(session: Session, framework) -> None:
    """Somebody has only begun: a profile and a page."""
    assessment = builders.an_assessment(session, framework, **named(0))
    pages = builders.complete_pages(framework, 1)
    assessments.save_page(session, assessment, assessments.PROFILE, 0, pages[assessments.PROFILE], NOW)
    first = framework.dimensions[0].id
    assessments.save_page(session, assessment, first, 0, pages[first], NOW + timedelta(minutes=7))


def correct(session: Session, assessment) -> None:
    """All is answered, and a page corrected twice, with words."""
    for version in (1, 2):
        words = {"value": version, "comment": f"Corrigé le {version} : l’été, « c’est mieux »\u00a0; œuvre 🌻"}
        assessments.save_page(session, assessment, "ECO", version, {"ECO-1a": words}, NOW + timedelta(days=version))


def shared(session: Session, framework, advisor, who: dict, *, validated: bool) -> None:
    """Finished, shared, read and reviewed; if validated, sent, with its PDF."""
    assessment = builders.a_finished_assessment(session, framework, 2 + validated, **who)
    assessments.set_consent(session, assessment, True, NOW)
    talk = talks.ask_for_talk(session, assessment, advisor, NOW)
    talks.take_talk(session, talk, NOW)
    talks.record_reading(session, assessment.id, advisor, NOW)
    review = reviews.begin_review(session, assessment.id, advisor.id)
    opinion = {"ECO": "Vous êtes « bien » entourés."}
    draft = Draft("À revoir ensemble : l’accueil.", opinion, {"ECO-1a": (3, "vu sur place")})
    reviews.save_review(session, review, draft, version=0, base="")
    if validated:
        reviews.validate_review(session, review, NOW)
        edition = reviews.keep_edition(session, review, "<p>Le rapport relu, tel qu’envoyé.</p>", NOW)
        edition.pdf = b"%PDF-1.7\n" + bytes(range(256)) + b"%%EOF\n"
        outbox.enqueue(session, "mail_review_ready", now=NOW, assessment_id=assessment.id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
