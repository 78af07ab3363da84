"""The first look on paper: one tagged page, whatever was answered, and no number out of 100."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pypdf
import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.first_look_report import build_first_look
from questionnaire.core.loading import published
from questionnaire.editions import first_look_document
from tests.pdf.drawing import drawn, text_of
from tests.pdf.test_report_pdf import EXAMPLES, FOOT, FRAMEWORK

LONGEST = "Association des amis du jardin partagé de la rivière d’en bas " * 3
ALERTED = {"employees": "none", "objective": "funding", "tax_receipts": "yes", "general_interest": "no"}


def answered(level: int, partnerships: str) -> dict[str, Any]:
    """Return answers that make the page as full as it gets: a long name, an alert, one level everywhere."""
    answers = {question.id: {"value": level} for question in FRAMEWORK.questions} | {"CAD-2a": {"value": 2}}
    profile = ALERTED | {"department": "34", "recent_partnerships": partnerships}
    return {
        "framework": FRAMEWORK.id,
        "date": "2026-11-23",
        "association": {"name": LONGEST.strip()},
        "profile": profile,
        "answers": answers,
    }


def look(document: dict[str, Any]) -> bytes:
    answers, framework = parse_answers(json.dumps(document).encode(), published())
    return drawn(first_look_document(build_first_look(framework, answers)))


@pytest.mark.parametrize(("level", "partnerships"), [(1, "1-2"), (4, "1-2"), (4, "none")])
def test_it_is_one_page_even_at_its_fullest(level: int, partnerships: str) -> None:
    document = look(answered(level, partnerships))
    assert len(pypdf.PdfReader(BytesIO(document)).pages) == 1
    assert FOOT in text_of(document)


def test_the_command_writes_it_for_accessible_reading(tmp_path: Path) -> None:
    path = tmp_path / "regard.pdf"
    command = str(Path(sys.executable).with_name("questionnaire"))
    asked = [command, "report", str(EXAMPLES / "cafe-associatif-rural.json"), "-o", str(path), "--first-look"]
    subprocess.run(asked, check=True)
    said = text_of(path.read_bytes())
    assert "Pas encore vu" in said
    assert not re.search(r"sur 100|/\s*100|En chemin|Bases solides", said)
    assert [each.message for each in page.validate_pdf_bytes(path.read_bytes(), profile="ua1").failures] == []
    checker = [str(Path(sys.executable).with_name("outloud")), "--quiet", "--fail-on", "error", str(path)]
    checked = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
