"""Does a page cost more once many assessments are stored? Two installations on SQLite, one full, asked in turn.

Each round shows a page and saves it, in both, and reads the answer back from the database; a wrong one ends the run.
Processor time of this process, the median of the rounds. It fails when the full one costs more than 10 % more.

    .venv/bin/python -m benchmarks.growth [--stored 10000] [--rounds 60]
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from questionnaire.app import create_app
from questionnaire.core.loading import published
from questionnaire.extensions import db
from questionnaire.settings import load
from questionnaire.storage import links
from questionnaire.storage.models import Assessment, Association, Contribution, PageSave
from tests import builders

FEW, MOST, BATCH = 10, 1.10, 2000
FRAMEWORK = published().newest("faire-alliance")
PAGE = FRAMEWORK.dimensions[0].id
QUESTIONS = [each.id for criterion in FRAMEWORK.dimensions[0].criteria for each in criterion.questions]
HIDDEN = re.compile(r'name="(csrf_token|version|complete)"[^>]*value="([^"]*)"')


@dataclass(frozen=True)
class Stage:
    """One installation, and a browser that opened the link of one of its assessments."""

    app: Flask
    client: FlaskClient
    assessment_id: uuid.UUID

    def turn(self, level: int) -> float:
        """Show the page and save it with this level; return the processor time of both, once what is kept is right."""
        url = f"/q/{self.assessment_id}/theme/{PAGE}"
        began = time.process_time()
        shown = self.client.get(url)
        fields = dict(HIDDEN.findall(shown.text)) | {f"q_{each}": str(level) for each in QUESTIONS}
        saved = self.client.post(url, data=fields)
        took = time.process_time() - began
        if (shown.status_code, saved.status_code) != (200, 303) or self.kept() != dict.fromkeys(QUESTIONS, level):
            sys.exit(f"Wrong: {shown.status_code}, {saved.status_code}, kept {self.kept()}")
        return took

    def kept(self) -> dict[str, int]:
        """Return the level of each question, as the newest row has it."""
        own = sa.select(PageSave).join(Contribution, PageSave.contribution_id == Contribution.id)
        own = own.where(Contribution.assessment_id == self.assessment_id, PageSave.page == PAGE)
        with self.app.app_context(), db.sessionmaker() as session:
            newest = session.scalars(own.order_by(PageSave.version.desc()).limit(1)).one()
            return {name: each["value"] for name, each in newest.values.items()}


def main() -> int:
    """Measure both in turn, print the ratio, and say by the status whether it held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = staged(Path(folder, "few"), FEW), staged(Path(folder, "many"), given.stored)
        times = [(few.turn(level), many.turn(level)) for level in (1 + each % 2 for each in range(given.rounds))]
    light, heavy = (statistics.median(side) for side in zip(*times[2:], strict=True))  # the first two fill caches
    print(
        f"{FEW} stored: {light * 1000:.1f} ms for a page shown and saved; {given.stored}: {heavy * 1000:.1f} ms; ",
        end="",
    )
    print(f"ratio {heavy / light:.2f}")
    return 0 if heavy / light <= MOST else 1


def staged(instance: Path, stored: int) -> Stage:
    """Make an installation that holds `stored` whole assessments and one more, opened."""
    given = {"INSTANCE": str(instance), "MAIL_URL": "file:mails", "LIMITS": "off"}
    settings = load({f"QUESTIONNAIRE_{name}": value for name, value in given.items()})
    app = create_app(settings)
    with app.app_context(), db.sessionmaker() as session:
        assessment = builders.a_filled_assessment(session, FRAMEWORK, secret_key=settings.secret_key)
        session.flush()
        copies(session, stored)
        session.commit()
        token, client = links.link_token(settings.secret_key, assessment), app.test_client()
        stage = Stage(app, client, assessment.id)
    if client.get(f"/l/{token}").status_code != 303:
        sys.exit("The private link does not open")
    return stage


def copies(session: Session, number: int) -> None:
    """Store the one assessment that is there, with its pages, so many times more."""
    first = {model: rows(session, model) for model in (Association, Assessment, Contribution, PageSave)}
    for start in range(0, number, BATCH):
        keys = [(uuid.uuid4(), uuid.uuid4(), uuid.uuid4()) for _ in range(min(BATCH, number - start))]
        new: dict[Any, list[dict[str, Any]]] = {
            Association: [{"id": key} for key, _, _ in keys],
            Assessment: [{"id": key, "association_id": above, "link_sha256": key.hex * 2} for above, key, _ in keys],
            Contribution: [{"id": key, "assessment_id": above} for _, above, key in keys],
            PageSave: [{"contribution_id": key} for *_, key in keys],
        }
        for model, originals in first.items():
            session.execute(sa.insert(model.__table__), [row | own for row in originals for own in new[model]])


def rows(session: Session, model: Any) -> list[dict[str, Any]]:
    """Return every row of this table, a value for each column."""
    return [dict(each) for each in session.execute(sa.select(model.__table__)).mappings()]


if __name__ == "__main__":
    sys.exit(main())
