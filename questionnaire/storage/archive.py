"""All that is kept, written row by row into one file that either database can be filled from again.

A ZIP: `manifest.json`, one `tables/NAME.jsonl` per table, a few files of the data folder, and a seal over it all.
Tables are read in one transaction that sees a single moment, while others go on writing. Nothing is believed before
the seal and every SHA-256 fit. A copy of format 1, made before there was a seal, is still read.
Sessions and sign-in links are left out: what was closed or used since the copy must not open again.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa

from questionnaire.storage import schema, sealing
from questionnaire.storage.database import UtcDateTime

FORMAT = 2
UNSEALED = 1
MANIFEST = "manifest.json"
LEFT_OUT = {"user_session", "sign_in_link", "resume_code"}
TABLES = [table for table in schema.METADATA.sorted_tables if table.name not in LEFT_OUT]
BATCH = 100


class ArchiveError(Exception):
    """The file is no whole archive of this program: one line in French, for the operator."""


@dataclass(frozen=True)
class Kind:
    """How a type of column is written in the archive and read back."""

    type: sa.types.TypeEngine[Any]
    written: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


KINDS: dict[str, Kind] = {
    "uuid": Kind(sa.Uuid(), str, UUID),
    "moment": Kind(UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "day": Kind(sa.Date(), date.isoformat, date.fromisoformat),
    "bytes": Kind(sa.LargeBinary(), lambda value: b64encode(value).decode(), b64decode),
    "json": Kind(sa.JSON(none_as_null=True)),
    "truth": Kind(sa.Boolean()),
    "integer": Kind(sa.BigInteger()),
    "number": Kind(sa.Double()),
    "text": Kind(sa.Text()),
}
_KIND_OF: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.Uuid, "uuid"),
    (UtcDateTime, "moment"),
    (sa.Date, "day"),
    (sa.LargeBinary, "bytes"),
    (sa.JSON, "json"),
    (sa.Boolean, "truth"),
    (sa.Integer, "integer"),
    (sa.Float, "number"),
    (sa.String, "text"),
)


def kind_of(column: sa.Column[Any]) -> str:
    """Return the kind of a column. Raises TypeError for a type that the archive cannot carry yet."""
    for type_, kind in _KIND_OF:
        if isinstance(column.type, type_):
            return kind
    raise TypeError(f"{column}: no kind of column in the archive for {column.type!r}")


def write(engine: sa.Engine, path: Path, files: dict[str, Path], facts: dict[str, str]) -> dict[str, Any]:
    """Write the archive at `path`, readable by its owner only, and return its manifest. `facts` join the manifest."""
    manifest: dict[str, Any] = {"format": FORMAT, **facts, "tables": {}, "files": {}}
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with _one_moment(engine) as connection:
                manifest["schema"] = schema.current_step(connection)
                for table in TABLES:
                    manifest["tables"][table.name] = _write_table(archive, connection, table)
            for name, source in files.items():
                manifest["files"][name] = _write_member(archive, name, [source.read_bytes()])[0]
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            archive.comment = sealing.BLANK
        sealing.seal(file)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def check(path: Path) -> dict[str, Any]:
    """Return the manifest of a whole archive: sealed, each member with its SHA-256. Raises ArchiveError."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            sealed = sealing.holds(file)
            if archive.comment and not sealed:
                raise ArchiveError(f"{path} : ce fichier est abîmé. Prenez une autre sauvegarde.")
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            if (manifest["format"], sealed) not in ((FORMAT, True), (UNSEALED, False)):
                raise ArchiveError(f"{path} : sauvegarde d’une autre version ({manifest['format']}).")
            sums = {f"tables/{name}.jsonl": table["sha256"] for name, table in manifest["tables"].items()}
            for name, expected in {**sums, **manifest["files"]}.items():
                if _sha256(archive, name) != expected:
                    raise ArchiveError(f"{path} : « {name} » est abîmé. Prenez une autre sauvegarde.")
    except OSError as error:
        raise ArchiveError(f"{path} : illisible ({error.strerror or error}).") from None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, ValueError, TypeError, AttributeError, EOFError):
        raise ArchiveError(f"{path} : ce n’est pas une sauvegarde entière. Prenez-en une autre.") from None
    return manifest


def rows(archive: zipfile.ZipFile, manifest: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """Return the rows of a table of the archive, one by one, as the database wants them."""
    columns = {name: KINDS[kind] for name, kind in manifest["tables"][table]["columns"].items()}
    with archive.open(f"tables/{table}.jsonl") as lines:
        for line in lines:
            row = dict(zip(columns, json.loads(line), strict=True))
            yield {name: None if row[name] is None else kind.read(row[name]) for name, kind in columns.items()}


def prints(connection: sa.Connection) -> dict[str, tuple[int, str]]:
    """Return how many rows each table holds, and the SHA-256 of them all: the same on either database."""
    found = {}
    for table in TABLES:
        digest, count = hashlib.sha256(), 0
        for line in _lines(connection, table):
            digest.update(line)
            count += 1
        found[table.name] = (count, digest.hexdigest())
    return found


def fill(connection: sa.Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Put every row of the archive in place of all that the database holds, and bring the schema up to date.

    In the connection's transaction, opened with `CHANGING_TABLES`. Raises NewerSchema for a newer program's archive.
    """
    put(connection, archive, manifest)
    schema.upgrade(connection)
    _count_on(connection)


def put(connection: sa.Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Put every row in place of all that the database holds, in the schema that they left. As `fill` otherwise."""
    schema.METADATA.drop_all(connection)
    connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    schema.upgrade(connection, manifest["schema"])
    for name, described in manifest["tables"].items():
        table = sa.table(name, *(sa.column(each, KINDS[kind].type) for each, kind in described["columns"].items()))
        for batch in _batches(rows(archive, manifest, name)):
            connection.execute(sa.insert(table), batch)
    schema.check_references(connection)


def _one_moment(engine: sa.Engine) -> sa.Connection:
    """Return a connection whose transaction sees one moment; SQLite's always do."""
    postgresql = engine.dialect.name == "postgresql"
    return engine.execution_options(isolation_level="REPEATABLE READ").connect() if postgresql else engine.connect()


def _write_table(archive: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    digest, count = _write_member(archive, f"tables/{table.name}.jsonl", _lines(connection, table))
    return {"rows": count, "sha256": digest, "columns": {column.name: kind_of(column) for column in table.columns}}


def _lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Return the rows as lines, in an order that depends on no language of the database."""
    kinds = {column.name: kind_of(column) for column in table.columns}
    plain = "C" if connection.dialect.name == "postgresql" else "BINARY"
    order = (sa.collate(key, plain) if kind_of(key) == "text" else key for key in table.primary_key)
    found = connection.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*order))
    return (_line(row, kinds) for row in found)


def _line(row: sa.Row[Any], kinds: dict[str, str]) -> bytes:
    pairs = zip(row, kinds.values(), strict=True)
    values = [None if value is None else KINDS[kind].written(value) for value, kind in pairs]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write_member(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes]) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    member: IO[bytes]
    with archive.open(name, "w", force_zip64=True) as member:
        for part in parts:
            member.write(part)
            digest.update(part)
            count += 1
    return digest.hexdigest(), count


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while part := member.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _batches(found: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def _count_on(connection: sa.Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their number."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        key = list(table.primary_key)
        if len(key) == 1 and isinstance(key[0].type, sa.Integer):
            sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', key[0].name)
            newest = sa.select(sa.func.max(key[0])).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, newest)))
