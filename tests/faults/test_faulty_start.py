"""An installation that is not whole does not start: one line that says what to do, and nothing changed or made anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaire.settings import SettingsError, load

COMMAND = Path(sys.executable).with_name("questionnaire")
KEY = "a-key-of-the-tests-of-thirty-two-characters"
DATABASE = "questionnaire.sqlite"


def verify(instance: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Open the installation as an operator does; `verify` opens it, reads it and leaves."""
    environ = {"QUESTIONNAIRE_INSTANCE": str(instance), "QUESTIONNAIRE_SECRET_KEY": KEY, "PATH": "/usr/bin:/bin"}
    environ["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")  # where the code with a planted mistake lies
    environ |= {f"QUESTIONNAIRE_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run([COMMAND, "verify"], env=environ, capture_output=True, text=True, check=False)


def kept(instance: Path) -> list[str] | bytes | None:
    """What the database holds; its bytes where it is none; None where it is gone."""
    file = instance / DATABASE
    if not file.exists():
        return None
    try:
        with sqlite3.connect(file) as connection:
            return list(connection.iterdump())
    except sqlite3.DatabaseError:
        return file.read_bytes()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that was opened once."""
    folder = tmp_path_factory.mktemp("opened") / "instance"
    assert verify(folder).returncode == 0
    return folder


@pytest.fixture
def instance(opened: Path, tmp_path: Path) -> Path:
    """The installation, for one test."""
    return Path(shutil.copytree(opened, tmp_path / "instance"))


def lose(instance: Path) -> None:
    for file in instance.glob(f"{DATABASE}*"):
        file.unlink()


def empty(instance: Path) -> None:
    lose(instance)
    (instance / DATABASE).touch()


def spoil(instance: Path) -> None:
    lose(instance)
    (instance / DATABASE).write_bytes(b"This was a database once. " * 400)


def come_from_tomorrow(instance: Path) -> None:
    with sqlite3.connect(instance / DATABASE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def belong_elsewhere(instance: Path) -> None:
    with sqlite3.connect(instance / DATABASE) as connection:
        connection.execute("UPDATE installation SET id = 'another'")


def garble_the_marker(instance: Path) -> None:
    (instance / "installation.json").write_text("{")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lose, "base introuvable"),
        (empty, "Cette base est vide"),
        (spoil, "n’est pas une base de données"),
        (come_from_tomorrow, "version plus récente"),
        (belong_elsewhere, "n’est pas celle de cette installation"),
        (garble_the_marker, "fichier illisible"),
    ],
)
def test_what_is_not_whole_is_refused_in_one_line(instance: Path, harm: Callable[[Path], None], words: str) -> None:
    harm(instance)
    before = kept(instance)
    refused = verify(instance)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert words in refused.stderr
    assert kept(instance) == before


def test_a_faulty_file_of_resources_is_refused_with_every_fault(instance: Path) -> None:
    before = kept(instance)
    (instance / "resources.yaml").write_text("resources: none\nnotes: none\n", "utf-8")
    refused = verify(instance)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 3)
    assert "resources.yaml" in refused.stderr
    assert kept(instance) == before


def test_a_locked_database_is_waited_for_then_refused(instance: Path) -> None:
    holder = sqlite3.connect(instance / DATABASE)
    holder.execute("BEGIN IMMEDIATE")
    refused = verify(instance)
    holder.close()
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "un autre programme l’occupe" in refused.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"secret_key": KEY[::-1]}, "La clé secrète n’est pas celle de cette installation"),
        ({"secret_key": "short"}, "au moins 32 caractères"),
        ({"base_url": "https://exemple.fr", "debug": "on"}, "QUESTIONNAIRE_DEBUG"),
        ({"base_url": "https://exemple.fr", "limits": "off"}, "QUESTIONNAIRE_LIMITS"),
        ({"base_url": "https://exemple.fr"}, "QUESTIONNAIRE_NETWORK_NAME"),
        ({"base_url": "exemple.fr"}, "QUESTIONNAIRE_BASE_URL"),
        ({"base_url": "http://[::1"}, "QUESTIONNAIRE_BASE_URL"),
        ({"database_url": "mysql://x/y"}, "QUESTIONNAIRE_DATABASE_URL"),
        ({"database_url": "postgresql://[::1/base"}, "QUESTIONNAIRE_DATABASE_URL"),
        ({"mail_url": "smtp://[::1"}, "QUESTIONNAIRE_MAIL_URL"),
        ({"typo": "on"}, "QUESTIONNAIRE_TYPO"),
    ],
)
def test_a_setting_that_is_wrong_is_refused_in_one_line(instance: Path, settings: dict[str, str], words: str) -> None:
    refused = verify(instance, **settings)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert words in refused.stderr


@pytest.mark.parametrize("name", ["base_url", "database_url", "mail_url"])
@pytest.mark.parametrize("rest", ["[::1", "[zz]/base", "hôte:port/base", "hôte:99999", "a]b", "\u2100.fr", "[", ""])
def test_an_address_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, name: str, rest: str) -> None:
    scheme = {"base_url": "https", "database_url": "postgresql", "mail_url": "smtp"}[name]
    variable = f"QUESTIONNAIRE_{name.upper()}"
    with pytest.raises(SettingsError, match=f"^{variable} : .*[.]$"):
        load({"QUESTIONNAIRE_INSTANCE": str(tmp_path), variable: f"{scheme}://{rest}"})
