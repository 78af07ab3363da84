"""What must not be installed or started: a renderer with known holes, a key that others know; and what is inside."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.settings import Settings, SettingsError, load, refuse_danger

ROOT = Path(__file__).resolve().parent.parent
ONLINE = {
    f"QUESTIONNAIRE_{name}": "x" for name in ("NETWORK_NAME", "CONTACT", "CONTROLLER", "DPO_CONTACT", "LEGAL_BASIS")
} | {"QUESTIONNAIRE_HOSTING_COUNTRY": "France", "QUESTIONNAIRE_BASE_URL": "https://exemple.fr"}


def too_old(lock: str) -> list[str]:
    """The WeasyPrint versions of a lock that are older than 70: three advisories were closed from 68 to 70."""
    return [version for version in re.findall(r"^weasyprint==(\d+)", lock, re.MULTILINE) if int(version) < 70]


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_locked_renderer_has_no_known_hole(name: str) -> None:
    lock = (ROOT / f"requirements/{name}.txt").read_text()
    assert "weasyprint==" in lock
    assert too_old(lock) == []
    assert '"weasyprint>=70"' in (ROOT / "pyproject.toml").read_text()


def test_an_older_renderer_would_be_caught() -> None:
    assert too_old("weasyprint==69.1 \\\n") == ["69"]


@pytest.mark.parametrize(
    "key", ["change-me-change-me-change-me-change-me", "a" * 40, "example-key-0123456789-0123456789"]
)
def test_a_key_that_others_know_does_not_open_to_the_public(key: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="clé d’exemple"):
        load({**ONLINE, "QUESTIONNAIRE_INSTANCE": str(tmp_path), "QUESTIONNAIRE_SECRET_KEY": key})


def test_each_installation_draws_its_own_key(tmp_path: Path) -> None:
    drawn = [load({**ONLINE, "QUESTIONNAIRE_INSTANCE": str(tmp_path / name)}) for name in ("one", "two")]
    assert drawn[0].secret_key != drawn[1].secret_key
    assert (tmp_path / "one/secret_key").stat().st_mode & 0o777 == 0o600


def test_a_drawn_key_passes(settings: Settings) -> None:
    refuse_danger(replace(settings, secret_key=b"3f9a7c1e5b2d8064" * 2))


def test_the_bill_of_materials_names_each_package_with_its_hashes(tmp_path: Path) -> None:
    done = subprocess.run([ROOT / "script/sbom", tmp_path / "sbom.json"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    bill = json.loads((tmp_path / "sbom.json").read_text())
    locked = set(
        re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)
    )
    assert bill["bomFormat"] == "CycloneDX"
    assert {component["name"] for component in bill["components"]} == locked
    assert sys.executable not in json.dumps(bill)
