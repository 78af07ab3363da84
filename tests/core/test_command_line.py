"""`questionnaire score` and `questionnaire framework check`, run as an operator runs them."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "jeune-club-sportif.json"
SMALLEST = ROOT / "tests" / "frameworks" / "smallest.yaml"
PUBLISHED = ROOT / "questionnaire" / "frameworks" / "faire-alliance-1.0.0.yaml"
# A process of the house may take half a second of processor time; a slow machine gets as much again.
SECONDS = 1.0


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "questionnaire"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def refused(*arguments: object) -> str:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr.replace("\u202f", " ")


def test_score_prints_the_published_keys_in_their_order() -> None:
    result = json.loads(run("score", EXAMPLE).stdout)
    assert list(result) == [
        *("framework", "complete", "missing", "overall", "dimensions", "strengths", "footholds"),
        *("to_check", "to_confirm", "alerts", "rules", "plan", "later"),
    ]


def test_the_framework_given_and_the_published_one_print_the_same() -> None:
    assert run("score", EXAMPLE).stdout == run("score", EXAMPLE, "--framework", PUBLISHED).stdout


def test_score_is_quick_and_loads_nothing_of_the_web() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run("score", EXAMPLE).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < SECONDS
    code = "import sys; from questionnaire.cli import main\n"
    code += "try: main(sys.argv[1:])\nfinally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, "score", EXAMPLE], capture_output=True, text=True, check=False)
    loaded = set(done.stderr.split())
    assert not loaded & {"flask", "wtforms", "sqlalchemy", "jinja2", "weasyprint", "werkzeug"}


@pytest.mark.parametrize("file", [SMALLEST, PUBLISHED], ids=["smallest", "published"])
def test_a_sound_framework_is_said_to_be_sound(file: Path) -> None:
    done = run("framework", "check", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "aucune faute" in done.stdout


def test_a_faulty_framework_is_refused_with_every_line(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(
        SMALLEST.read_text("utf-8").replace("cost: 1", "cost: 9").replace("alert: C1", "alert: C9"), "utf-8"
    )
    said = refused("framework", "check", faulty)
    assert said.count("\n") == 2
    assert "ligne 23" in said
    assert "ligne 39" in said
    assert refused("score", EXAMPLE, "--framework", faulty) == said


def test_faulty_answers_are_refused_with_every_path(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(
        '{"framework": "faire-alliance", "date": "demain", "answers": {"ECO-1a": true, "\\u001b[2J": 1}}'
    )
    said = refused("score", answers)
    assert [line.split(" : ")[1] for line in said.splitlines()] == ["date", "answers.\\x1b[2J", "answers.ECO-1a"]


def test_answers_for_another_framework_are_refused() -> None:
    assert "framework" in refused("score", EXAMPLE, "--framework", SMALLEST)


def test_files_that_cannot_be_read_are_told_in_french(tmp_path: Path) -> None:
    assert "n’existe pas" in refused("score", tmp_path / "none.json")
    assert "un dossier" in refused("score", tmp_path)
    assert "n’existe pas" in refused("framework", "check", tmp_path / "none.yaml")
    assert "trop gros" in refused("score", "/dev/zero")
    assert "trop gros" in refused("framework", "check", "/dev/zero")


def test_an_unknown_command_shows_how_to_call() -> None:
    assert "usage" in refused("scores", EXAMPLE)
    assert "usage" in refused("score")


def test_the_schema_is_one_that_editors_read() -> None:
    schema = json.loads(run("framework", "schema").stdout)
    assert {"framework", "dimensions", "sources"} <= set(schema["properties"])
    assert "from" in schema["$defs"]["Stage"]["properties"]
