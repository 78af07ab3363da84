"""The result as a table: what a hostile association typed stays a text, and the command writes what its suffix says."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published
from questionnaire.core.report import build_report
from questionnaire.spreadsheets.result import COLUMNS, result_sheet
from questionnaire.spreadsheets.writing import csv_file

EXAMPLE = Path(__file__).parents[2] / "examples" / "cafe-associatif-rural.json"
HOSTILE = '=HYPERLINK("http://x.example";"clic")'


def table(document: dict[str, object]) -> list[dict[str, str]]:
    answers, framework = parse_answers(json.dumps(document).encode(), published())
    text = csv_file(result_sheet(build_report(framework, answers))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_it_goes_from_the_whole_to_each_answer_then_to_the_plan() -> None:
    rows = table(json.loads(EXAMPLE.read_text()))
    assert tuple(rows[0]) == COLUMNS
    kinds = list(dict.fromkeys(row["Quoi"] for row in rows))
    assert kinds == ["Association", "Ensemble", "Thème", "Critère", "Question", "Action", "Plus tard"]
    assert rows[1]["En mots"] == "En chemin"


def test_a_hostile_name_and_a_hostile_evidence_are_only_text() -> None:
    answers = {"ECO-1a": {"value": 3, "evidence": HOSTILE, "comment": "@SUM(1)"}}
    rows = table({"framework": "faire-alliance", "association": {"name": HOSTILE}, "answers": answers})
    asked = next(row for row in rows if row["Code"] == "ECO-1a")
    assert (rows[0]["Intitulé"], asked["Preuve"], asked["Remarque"]) == ("'" + HOSTILE, "'" + HOSTILE, "'@SUM(1)")


def test_what_is_not_known_is_said_in_words_and_has_no_number() -> None:
    rows = table({"framework": "faire-alliance", "answers": {"ECO-1a": "unknown"}})
    states = {row["Code"]: (row["En mots"], row["Niveau"], row["Points (sur 100)"]) for row in rows}
    assert states["ECO-1a"] == ("Je ne sais pas", "", "")
    assert states["ECO-1b"] == ("Pas encore vu", "", "")


@pytest.mark.parametrize(("name", "begins"), [("r.csv", b"\xef\xbb\xbf"), ("r.XLSX", b"PK")])
def test_the_command_writes_what_the_suffix_says(name: str, begins: bytes, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("questionnaire")), "report", str(EXAMPLE), "-o", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(begins)
