"""Moves an installation from its SQLite file to another database: every row compared, and nobody writes meanwhile."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from questionnaire.addresses import NotAnAddress, database_address
from questionnaire.extensions import db, settings
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.operations.saving import fill, write_copy
from questionnaire.storage import archive, installation
from questionnaire.storage.database import make_engine

ASIDE = ".moved"


def move(to: str) -> str:
    """Fill the empty database at `to`, put the SQLite file aside, and return the lines to show. Raises CannotOpen.

    Stopped at any moment before its end, it leaves the installation as it was.
    """
    app = open_application()
    with app.app_context():
        chosen = settings()
        db.engine.dispose()
    old, target = _file(chosen.database_url), make_engine(_address(to))
    _refuse_unless_empty(target)
    with _held(chosen.database_url) as source:
        manifest = _fill(source, target, chosen.instance)
        aside = old.rename(old.with_name(old.name + ASIDE))
    counted = sum(table["rows"] for table in manifest["tables"].values())
    assessments = manifest["tables"]["assessment"]["rows"]
    return (
        f"Lignes déplacées, relues et comparées : {counted}. Évaluations : {assessments}.\n"
        "Notez la nouvelle adresse dans QUESTIONNAIRE_DATABASE_URL ou config.toml, puis : questionnaire verify, "
        "et ouvrez le service. Les accompagnateurs se reconnectent.\n"
        f"L’ancienne base est mise de côté : {aside}. Effacez-la ensuite, elle contient les réponses.\n"
    )


def _fill(source: sa.Engine, target: sa.Engine, folder: Path) -> dict[str, Any]:
    with TemporaryDirectory(prefix=".move-", dir=folder) as place:
        path = Path(place) / "copy.zip"
        manifest = write_copy(source, folder, path)
        with zipfile.ZipFile(path) as copy:
            kept = next(archive.rows(copy, manifest, "installation"))
            fill(target, copy, manifest, str(kept["id"]), folder, replace=False)
    target.dispose()
    return manifest


def _file(url: str) -> Path:
    found = sa.make_url(url)
    if found.get_backend_name() != "sqlite" or not found.database:
        raise CannotOpen("move part d’un fichier SQLite. Pour une autre base : backup, puis restore.")
    return Path(found.database)


def _address(to: str) -> str:
    try:
        return database_address(to)
    except NotAnAddress as error:
        raise CannotOpen(f"--to : {error}") from None


def _refuse_unless_empty(engine: sa.Engine) -> None:
    try:
        with engine.connect() as connection:
            if sa.inspect(connection).get_table_names():
                raise CannotOpen("La nouvelle base n’est pas vide : choisissez-en une vide. Rien n’a été modifié.")
    except DBAPIError as error:
        raise CannotOpen(installation.explain(engine, error)) from None


@contextmanager
def _held(url: str) -> Iterator[sa.Engine]:
    """Give the SQLite database, held so that nobody else opens it; refused where somebody has it open."""
    engine = make_engine(url)
    alone = engine.raw_connection()
    try:
        for line in ("busy_timeout=1000", "journal_mode=DELETE", "locking_mode=EXCLUSIVE"):
            alone.cursor().execute(f"PRAGMA {line}")  # SQLite leaves its log where it is, if anybody else reads it
        alone.cursor().executescript("BEGIN EXCLUSIVE; COMMIT")  # from here on, until it is closed
        alone.close()  # back to the pool, whose only connection it is
        yield engine
    except sqlite3.OperationalError as error:
        raise CannotOpen(f"Cette base est ouverte ({error}) : arrêtez le service, puis recommencez.") from None
    finally:
        engine.dispose()
