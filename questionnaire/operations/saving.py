"""Saves an installation into one file while people write, and puts it back: wholly, or not at all.

The file holds every row that is kept and what the data folder needs to open them: the secret key, the marker, the
settings, the frameworks. Tombstones written since the copy are applied again, so that nobody who left comes back.
"""

from __future__ import annotations

import hmac
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from questionnaire import __version__, settings
from questionnaire.extensions import db
from questionnaire.extensions import settings as current
from questionnaire.operations.opening import PRIVATE, CannotOpen, open_application
from questionnaire.storage import archive, installation, schema
from questionnaire.storage.database import CHANGING_TABLES, make_engine
from questionnaire.storage.retention import PERIODS

NAME = "faire-alliance-%Y%m%d-%H%M%S.zip"
PATTERN = "faire-alliance-????????-??????.zip"
NEWEST_KEPT = 7  # whatever their age: a clock that jumps ahead removes no last copy
FILES = re.compile(r"secret_key|installation\.json|config\.toml|(frameworks/(guides/)?)?[\w.-]+\.yaml")


def backup(out: Path | None) -> str:
    """Write the archive, read it back, and return the line to show. Raises CannotOpen.

    `out` is a file, or a folder that gets a dated one; without it, `backups/` in the data folder. In a folder, dated
    files older than backups may be kept are removed.
    """
    app = open_application()
    with app.app_context():
        folder = current().instance
        target = _target(out or folder / "backups")
        with _whole_or_not(target) as part:
            manifest = write_copy(db.engine, folder, part)
    if out is None or out.is_dir():
        _forget_old(target.parent, _now() - PERIODS["backup"])
    counted = f"évaluations : {manifest['tables']['assessment']['rows']}, fichiers : {len(manifest['files'])}"
    return f"{target} : copie relue et entière ({counted}). Gardez-la ailleurs, en lieu sûr.\n"


def write_copy(engine: sa.Engine, folder: Path, path: Path) -> dict[str, Any]:
    """Write the archive of this database and this data folder at `path`, read it back, and return its manifest."""
    facts = {"program": __version__, "made_at": _now().isoformat(), "database": engine.dialect.name}
    manifest = archive.write(engine, path, dict(_files(folder)), facts)
    archive.check(path)
    return manifest


def restore(path: Path, *, replace: bool) -> str:
    """Put an archive in place of an empty installation, or with `replace` of the one it is a copy of.

    Everything is checked before anything changes, and one transaction changes all. Raises CannotOpen.
    """
    manifest = _checked(path)
    folder = Path(os.environ.get(settings.PREFIX + "INSTANCE") or settings.default_instance()).absolute()
    os.umask(PRIVATE)
    with zipfile.ZipFile(path) as copy:
        kept = next(archive.rows(copy, manifest, "installation"))
        _refuse_other(folder, str(kept["id"]))
        with _laid_down(copy, manifest, folder):
            chosen = _settings(str(kept["key_check"]))
            engine = make_engine(chosen.database_url)
            fill(engine, copy, manifest, str(kept["id"]), folder, replace=replace)
            engine.dispose()
    app = open_application()  # applies the tombstones, writes the marker
    with app.app_context():
        again = db.session.scalar(sa.text("SELECT count(*) FROM assessment"))
        db.session.rollback()
    gone = manifest["tables"]["assessment"]["rows"] - (again or 0)
    erased = f" Supprimées depuis la copie, et donc pas revenues : {gone}." if gone else ""
    return f"Copie du {manifest['made_at'][:16]} UTC remise en place. Évaluations : {again}.{erased}\n"


def _checked(path: Path) -> dict[str, Any]:
    try:
        return archive.check(path)
    except archive.ArchiveError as error:
        raise CannotOpen(error) from None


def _settings(key_check: str) -> settings.Settings:
    try:
        chosen = settings.load()
    except settings.SettingsError as error:
        raise CannotOpen(error) from None
    if not hmac.compare_digest(installation.key_check(chosen.secret_key), key_check):
        raise CannotOpen(
            "La clé secrète n’est pas celle de cette sauvegarde : remettez la bonne "
            "(QUESTIONNAIRE_SECRET_KEY ou le fichier secret_key). Rien n’a été modifié."
        )
    return chosen


def _refuse_other(folder: Path, expected: str) -> None:
    try:
        found = installation.read_marker(folder / installation.MARKER)
    except installation.InstallationError as error:
        raise CannotOpen(error) from None
    if found not in {None, expected}:
        raise CannotOpen(
            f"{folder} est le dossier d’une autre installation que celle de la sauvegarde. Choisissez un dossier vide "
            "avec QUESTIONNAIRE_INSTANCE ; rien n’a été modifié."
        )


def fill(
    engine: sa.Engine, copy: zipfile.ZipFile, manifest: dict[str, Any], expected: str, folder: Path, *, replace: bool
) -> None:
    """Put the rows of the archive of installation `expected` into a database, and read each back. Raises CannotOpen."""
    try:
        with engine.execution_options(**CHANGING_TABLES).begin() as connection:
            if schema.current_step(connection) is not None:
                _refuse_to_replace(connection, expected, replace=replace)
            if sa.inspect(connection).has_table("tombstone"):
                installation.keep_tombstones(connection, folder)
            archive.fill(connection, copy, manifest)
            _refuse_difference(connection, manifest)
    except schema.NewerSchema:
        raise CannotOpen(
            "Sauvegarde ou base écrite par une version plus récente du programme : mettez-le à jour d’abord. "
            "Rien n’a été modifié."
        ) from None
    except DBAPIError as error:
        aside = "Une base abîmée se met d’abord de côté, sous un autre nom."
        raise CannotOpen(f"{installation.explain(engine, error)} {aside}") from None


def _refuse_to_replace(connection: sa.Connection, expected: str, *, replace: bool) -> None:
    if connection.scalar(sa.text("SELECT id FROM installation")) not in {None, expected}:
        raise CannotOpen(
            "La base est celle d’une autre installation que celle de la sauvegarde : choisissez une base vide avec "
            "QUESTIONNAIRE_DATABASE_URL. Rien n’a été modifié."
        )
    if not replace:
        count = connection.scalar(sa.text("SELECT count(*) FROM assessment"))
        raise CannotOpen(
            f"Cette installation n’est pas vide (évaluations : {count}). Arrêtez le service, faites une dernière "
            "sauvegarde, puis ajoutez --replace pour tout remplacer. Rien n’a été modifié."
        )


def _refuse_difference(connection: sa.Connection, manifest: dict[str, Any]) -> None:
    """Read every row back. A copy of an older schema has no rows to compare: its steps changed them."""
    expected = {name: (table["rows"], table["sha256"]) for name, table in manifest["tables"].items()}
    if manifest["schema"] == schema.newest_step() and archive.prints(connection) != expected:
        raise CannotOpen("La base relue diffère de la sauvegarde. Rien n’a été modifié : prévenez qui tient l’outil.")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in [*sorted(folder.iterdir()), *sorted((folder / "frameworks").rglob("*"))]:
        name = str(path.relative_to(folder))
        if path.is_file() and FILES.fullmatch(name):
            yield name, path


@contextmanager
def _laid_down(copy: zipfile.ZipFile, manifest: dict[str, Any], folder: Path) -> Iterator[None]:
    """Put the copy's files where the folder lacks them; never the marker. If the rest fails, take them away again."""
    laid = [path for path in [folder / "secret_key"] if not path.exists()]  # a start without it would make another
    try:
        for name in manifest["files"]:
            path = folder / name
            if FILES.fullmatch(name) and name != installation.MARKER and not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    laid.append(path)
                    file.write(copy.read(name))
        yield
    except BaseException:
        for path in laid:
            path.unlink(missing_ok=True)
        raise


def _target(out: Path) -> Path:
    if out.suffix == ".zip" and not out.is_dir():
        return out
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotOpen(f"{out} : dossier impossible à créer ({error.strerror}).") from None
    return out / _now().strftime(NAME)


@contextmanager
def _whole_or_not(target: Path) -> Iterator[Path]:
    """Give a place to write; what stands there takes the target's name at the end, or disappears."""
    part = target.with_name(f".{target.name}.part")
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise CannotOpen(f"{target} : impossible d’écrire la sauvegarde ({error.strerror}).") from None
    finally:
        part.unlink(missing_ok=True)


def _forget_old(folder: Path, before: datetime) -> None:
    for path in sorted(folder.glob(PATTERN), reverse=True)[NEWEST_KEPT:]:
        if datetime.strptime(path.name, NAME).replace(tzinfo=UTC) < before:
            path.unlink(missing_ok=True)


def _now() -> datetime:
    return datetime.now(UTC)
