"""What goes with reports on this installation: its own facts, the sheets on the result page, the advisor's edition."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from questionnaire.app import create_app
from questionnaire.core.faults import FrameworkError
from questionnaire.extensions import jobs
from questionnaire.settings import Settings
from questionnaire.storage.models import Assessment
from tests.conftest import opened
from tests.pages import PageClient, text_of

OWN = """facts:
- id: local
  topic: patronage
  title: Un point de chez nous
  text: Le réseau tient une permanence.
  reference: règlement du réseau
  checked: '2026-11-23'
  expires: '2999-01-01'
"""


@pytest.fixture
def own_facts(settings: Settings) -> Path:
    path = settings.instance / "facts.yaml"
    path.write_text(OWN)
    return path


def test_the_installation_s_own_facts_stand_on_the_result_page(
    own_facts: Path, app: Flask, finished: Assessment
) -> None:
    page = text_of(opened(app, finished).page(f"/q/{finished.id}/resultat"))
    assert "Le réseau tient une permanence." in page
    assert "Trois légitimités" in page
    assert "Construire un partenariat avec une entreprise" in page


def test_a_faulty_file_of_facts_stops_the_start(own_facts: Path, settings: Settings) -> None:
    own_facts.write_text(OWN.replace("patronage", "money"))
    with pytest.raises(FrameworkError, match="rubrique"):
        create_app(settings)


def test_an_advisor_downloads_the_edition_with_the_guide(
    app: Flask, finished: Assessment, advisor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("questionnaire.pdf.render", str.encode)
    talk = f"/q/{finished.id}/entretien"
    opened(app, finished).submit(f"{talk}?code={advisor.account.code}", talk)
    page = f"/conseiller/dossiers/{finished.id}/rapport-conseiller.pdf"
    assert advisor.get(page).status_code == 202
    with app.app_context():
        jobs().run_due()
    answer = advisor.get(page)
    assert "rapport-conseiller" in answer.headers["Content-Disposition"]
    assert "Conduire l’entretien" in answer.data.decode()
