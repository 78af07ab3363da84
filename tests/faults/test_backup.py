"""One command saves, one puts back: the same rows and files, elsewhere too; refused where it would overwrite."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage import archive, erasure
from questionnaire.storage.database import make_engine, write_first
from questionnaire.storage.models import Assessment
from tests import builders
from tests.faults.server import a_database

COMMAND = Path(sys.executable).with_name("questionnaire")
DATABASE = "questionnaire.sqlite"


def run(instance: Path, *words: str | Path, database: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"QUESTIONNAIRE_INSTANCE": str(instance), "PATH": "/usr/bin:/bin"}
    environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")  # where the code with a planted mistake lies
    environment["QUESTIONNAIRE_DATABASE_URL"] = database  # empty: the SQLite file of the data folder
    return subprocess.run([COMMAND, *words], env=environment, capture_output=True, text=True, check=False)


def kept(instance: Path) -> list[str]:
    """Every row that the database holds."""
    with sqlite3.connect(instance / DATABASE) as connection:
        return sorted(line for line in connection.iterdump() if line.startswith("INSERT"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, framework: Framework) -> tuple[Path, Path]:
    """An installation that keeps 30 associations, and its copy."""
    folder = tmp_path_factory.mktemp("saved")
    instance, copy = folder / "place", folder / "copy.zip"
    assert run(instance, "verify").returncode == 0
    engine = make_engine(f"sqlite:///{instance / DATABASE}")
    with Session(engine) as session:
        for number in range(30):
            builders.a_finished_assessment(session, framework, association_name=f"Association {number}")
        session.commit()
    engine.dispose()
    done = run(instance, "backup", "-o", copy)
    assert (done.returncode, done.stderr) == (0, "")
    return instance, copy


@pytest.fixture
def place(saved: tuple[Path, Path], tmp_path: Path) -> Path:
    """The installation, for one test."""
    return Path(shutil.copytree(saved[0], tmp_path / "place"))


@pytest.fixture
def copy(saved: tuple[Path, Path], tmp_path: Path) -> Path:
    """Its copy, for one test."""
    return Path(shutil.copy(saved[1], tmp_path / "copy.zip"))


def erase_one(place: Path) -> None:
    engine = make_engine(f"sqlite:///{place / DATABASE}")
    with Session(engine) as session:
        write_first(session)
        erasure.erase(
            session, session.query(Assessment).first() or pytest.fail("empty"), builders.NOW, actor="respondent"
        )
        session.commit()
    engine.dispose()


def test_a_lost_installation_comes_back_elsewhere(place: Path, copy: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    restored = run(new, "restore", copy)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "Évaluations : 30." in restored.stdout
    assert kept(new) == kept(place)
    assert (new / "secret_key").read_bytes() == (place / "secret_key").read_bytes()
    assert run(new, "verify").returncode == 0
    private = [copy, *(path for path in new.rglob("*") if path.is_file())]
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []


def test_what_is_not_empty_is_replaced_only_when_told(place: Path, copy: Path) -> None:
    before = kept(place)
    erase_one(place)
    refused = run(place, "restore", copy)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert "--replace" in refused.stderr
    assert kept(place) != before


def test_who_was_erased_since_the_copy_does_not_come_back(place: Path, copy: Path) -> None:
    erase_one(place)
    replaced = run(place, "restore", copy, "--replace")
    assert "Évaluations : 29. Supprimées depuis la copie, et donc pas revenues : 1." in replaced.stdout
    assert run(place, "verify").returncode == 0


def test_another_installation_is_never_overwritten(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    run(other, "verify")
    before = kept(other)
    refused = run(other, "restore", copy, "--replace")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert kept(other) == before


@pytest.mark.parametrize("size", [100, 10_000])
def test_a_cut_copy_changes_nothing(copy: Path, tmp_path: Path, size: int) -> None:
    copy.write_bytes(copy.read_bytes()[:size])
    refused = run(tmp_path / "new", "restore", copy)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "new").exists()


def test_a_copy_without_its_key_is_refused_with_any_other(place: Path, copy: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "secret_key").write_text("another-key-of-the-tests-of-many-characters")
    refused = run(new, "restore", copy)
    assert "La clé secrète n’est pas celle de cette sauvegarde" in refused.stderr
    assert [path.name for path in new.iterdir()] == ["secret_key"]


def test_dated_copies_go_after_a_month_but_never_the_last_seven(place: Path) -> None:
    (place / "backups").mkdir()
    for day in range(1, 11):
        (place / "backups" / f"faire-alliance-202001{day:02}-030000.zip").touch()
    assert run(place, "backup").returncode == 0
    names = sorted(path.name for path in (place / "backups").iterdir())
    assert len(names) == 7
    assert names[0] == "faire-alliance-20200105-030000.zip"


def prints(url: str) -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and what they are, on either database."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = archive.prints(connection)
    engine.dispose()
    return found


def test_one_command_moves_to_postgresql_and_leaves_no_second_truth(
    place: Path, tmp_path: Path, postgresql: str
) -> None:
    new, before = a_database("postgresql", tmp_path, postgresql), prints(f"sqlite:///{place / DATABASE}")
    moved = run(place, "move", "--to", new)
    assert (moved.returncode, moved.stderr, "Évaluations : 30." in moved.stdout) == (0, "", True)
    assert prints(new) == before
    assert "base introuvable" in run(place, "verify").stderr
    assert run(place, "verify", database=new).returncode == 0
    aside = place / f"{DATABASE}.moved"
    again = run(place, "move", "--to", new, database=f"sqlite:///{aside}")
    assert (again.returncode, "n’est pas vide" in again.stderr, aside.exists()) == (2, True, True)


def test_nothing_moves_while_somebody_has_it_open(place: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(place / DATABASE)) as server:
        server.execute("SELECT * FROM assessment").fetchall()
        refused = run(place, "move", "--to", f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert (refused.returncode, refused.stdout, "arrêtez le service" in refused.stderr) == (2, "", True)
    assert run(place, "verify").returncode == 0
