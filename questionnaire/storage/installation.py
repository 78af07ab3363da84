"""The installation: this data folder, this database and this secret key belong together, or nothing starts.

The first start writes `installation.json`; its id also stands in the database. From then on a database that is missing,
empty, foreign, unreadable or newer than the program is refused with one French line: never a new one in its place.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import uuid
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from questionnaire.storage import erasure, schema
from questionnaire.storage.database import CHANGING_TABLES
from questionnaire.storage.installation_models import Installation

MARKER = "installation.json"
_SQLITE_FAULTS = {
    "unable to open": "impossible d’ouvrir ce fichier. Vérifiez le chemin et les droits du dossier",
    "readonly": "ce fichier est en lecture seule. Rendez-le inscriptible, ainsi que son dossier",
    "locked": "un autre programme l’occupe. Arrêtez-le, puis recommencez",
    "not a database": "ce fichier n’est pas une base de données. Remettez la vôtre depuis une sauvegarde",
    "malformed": "ce fichier est abîmé. Remettez la base depuis une sauvegarde",
    "disk is full": "le disque est plein. Libérez de la place, puis recommencez",
    "disk i/o error": "le disque ne répond pas correctement",
}


class InstallationError(Exception):
    """The data folder, the database and the key do not go together: one line in French, for the operator."""


def open_installation(engine: sa.Engine, folder: Path, secret_key: bytes, now: datetime) -> None:
    """Check that all belongs together, bring the schema up to date, and at the first start write the marker.

    Raises InstallationError, with nothing changed.
    """
    marker = folder / MARKER
    expected = read_marker(marker)
    if expected:
        _refuse_missing(engine, marker)
    try:
        with engine.execution_options(**CHANGING_TABLES).begin() as connection:
            found = _settle(connection, expected, secret_key, now)
    except schema.NewerSchema:
        raise InstallationError(
            f"{_name(engine)} : base écrite par une version plus récente. "
            "Mettez le programme à jour ; rien n’a été modifié."
        ) from None
    except DBAPIError as error:
        raise InstallationError(explain(engine, error)) from None
    if not expected:
        _write(marker, found)
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        keep_tombstones(connection, folder, now)


def keep_tombstones(connection: sa.Connection, folder: Path, now: datetime | None = None) -> None:
    """Write down in the data folder what this database knows was erased; with `now`, erase again what came back.

    Raises InstallationError.
    """
    try:
        with Session(connection) as session:
            if now:
                erasure.replay(session, folder, now)
                session.flush()
            erasure.write_down(session, folder)
    except OSError as error:
        raise InstallationError(f"{folder / erasure.LOG} : impossible à tenir à jour ({error.strerror}).") from None


def _settle(connection: sa.Connection, expected: str | None, secret_key: bytes, now: datetime) -> str:
    if expected and schema.current_step(connection) is None:
        raise InstallationError(
            f"Cette base est vide, mais {MARKER} dit qu’elle devrait contenir des données. "
            "Remettez la base depuis une sauvegarde ; rien n’a été modifié."
        )
    schema.upgrade(connection)
    with Session(connection) as session:
        kept = session.scalar(sa.select(Installation))
        if kept is None:
            kept = Installation(id=str(uuid.uuid4()), key_check=key_check(secret_key), created_at=now)
            session.add(kept)
        session.flush()
        found, expected_key = kept.id, kept.key_check
        session.execute(sa.update(Installation).values(id=found))  # refused here, at start, by a read-only database
    if expected and found != expected:
        raise InstallationError(
            f"Cette base n’est pas celle de cette installation ({MARKER} : {expected}, base : {found}). "
            "Vérifiez QUESTIONNAIRE_DATABASE_URL ; rien n’a été modifié."
        )
    if not hmac.compare_digest(expected_key, key_check(secret_key)):
        raise InstallationError(
            "La clé secrète n’est pas celle de cette installation. "
            "Remettez la bonne (QUESTIONNAIRE_SECRET_KEY ou le fichier secret_key) ; rien n’a été modifié."
        )
    return found


def _refuse_missing(engine: sa.Engine, marker: Path) -> None:
    database = engine.url.database
    if engine.dialect.name == "sqlite" and not (database and Path(database).is_file()):
        raise InstallationError(
            f"{database} : base introuvable, alors que {marker} dit que cette installation en a une. "
            "Remettez-la depuis une sauvegarde, ou corrigez QUESTIONNAIRE_DATABASE_URL ; rien n’a été créé."
        )


def read_marker(marker: Path) -> str | None:
    """Return the id that the marker names; None where there is no marker. Raises InstallationError."""
    try:
        return str(json.loads(marker.read_text(encoding="utf-8"))["id"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise InstallationError(
            f"{marker} : fichier illisible. Remettez-le depuis une sauvegarde ; rien n’a été modifié."
        ) from None


def _write(marker: Path, found: str) -> None:
    draft = marker.with_suffix(".new")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"id": found}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(marker)
    except OSError as error:
        raise InstallationError(f"{marker} : impossible à écrire ({error.strerror}).") from None


def key_check(secret_key: bytes) -> str:
    """Return what proves that the key is still the same, and tells nothing of it."""
    return hmac.new(secret_key, b"installation", hashlib.sha256).hexdigest()


def explain(engine: sa.Engine, error: DBAPIError) -> str:
    """Return what to do about a database that refuses, in one French line."""
    return f"{_name(engine)} : {_fault(error)}. Rien n’a été modifié."


def _name(engine: sa.Engine) -> str:
    return (
        str(engine.url.database) if engine.dialect.name == "sqlite" else engine.url.render_as_string(hide_password=True)
    )


def _fault(error: DBAPIError) -> str:
    words = str(error.orig).lower()
    for sign, sentence in _SQLITE_FAULTS.items():
        if sign in words:
            return sentence
    return "la base de données ne répond pas comme prévu (" + " ".join(str(error.orig).split())[:200] + ")"
