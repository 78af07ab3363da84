"""The documents tell the truth: every setting, command, file and example they name exists, and none is left out."""

import argparse
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaire import cli, settings
from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import load_framework

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text() for page in PAGES)
COMMAND = Path(sys.executable).parent / "questionnaire"


def known_settings() -> set[str]:
    return {settings.PREFIX + name.upper() for name in [*settings.VARIABLES, "instance"]}


def test_every_setting_that_a_page_names_exists() -> None:
    assert set(re.findall(r"QUESTIONNAIRE_[A-Z_]*[A-Z]", TEXT)) - known_settings() == set()


def test_every_setting_is_explained_to_operators() -> None:
    explained = set(re.findall(r"^\| `(QUESTIONNAIRE_\w+)`", (ROOT / "docs/deployment.md").read_text(), re.MULTILINE))
    assert known_settings() == explained


def commands(parser: argparse.ArgumentParser, path: str = "questionnaire") -> Iterator[str]:
    """The names of all commands, deepest ones whole: `questionnaire advisor invite`."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inner:
        for name, child in action.choices.items():
            yield from commands(child, f"{path} {name}")
    if not inner:
        yield path


def test_every_command_stands_in_the_readme() -> None:
    table = re.findall(r"^\| `(questionnaire [^`]+)`", (ROOT / "README.md").read_text(), re.MULTILINE)
    named = {re.split(r" [A-Z\[-]", line)[0] for line in table}
    assert named == set(commands(cli.parser()))


def named_commands() -> Iterator[str]:
    yield from re.findall(r"`(questionnaire [a-z][^`]*)`", TEXT)
    yield from re.findall(r"^\$ \.venv/bin/(questionnaire .*)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("line", sorted(set(named_commands())))
def test_every_command_that_a_page_names_exists(line: str) -> None:
    assert any(line == name or line.startswith(f"{name} ") for name in commands(cli.parser()))


def named_files() -> Iterator[tuple[str, str]]:
    """Each link to a file, and each path in backquotes that begins with a folder of the project."""
    for page in PAGES:
        text = page.read_text()
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            yield page.name, str((page.parent / target).resolve().relative_to(ROOT))
        folders = "questionnaire|templates|tests|script|docs|examples|requirements"
        yield from ((page.name, path) for path in re.findall(rf"`((?:{folders})/[^`\s]*)`", text))


@pytest.mark.parametrize(("page", "path"), sorted(set(named_files())))
def test_every_file_that_a_page_names_exists(page: str, path: str) -> None:
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    assert any(ROOT.glob(pattern)), f"{page} names {path}"


def readme_lines() -> list[str]:
    lines = re.findall(r"^\$ \.venv/bin/(questionnaire .*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(lines) == 3
    return lines


@pytest.mark.parametrize("line", readme_lines())
def test_the_readme_examples_work_as_they_stand(line: str, tmp_path: Path) -> None:
    words = [str(tmp_path / word) if word.endswith(".pdf") else word for word in shlex.split(line)[1:]]
    done = subprocess.run([COMMAND, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_framework_of_the_guide_is_one(tmp_path: Path) -> None:
    guide = (ROOT / "docs/framework-format.md").read_text()
    (yaml,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (answers,) = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "accueil.yaml").write_text(yaml)
    framework = load_framework(tmp_path / "accueil.yaml")
    parsed, _ = parse_answers(answers.encode(), framework)
    assert parsed.framework_id == framework.id == "accueil"


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.json")), ids=lambda path: path.stem)
def test_the_examples_are_complete_and_told_apart_by_their_results(example: Path) -> None:
    done = subprocess.run([COMMAND, "score", example], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    stages = {
        "cafe-associatif-rural": "En chemin",
        "atelier-insertion": "Bases solides",
        "jeune-club-sportif": "Premiers pas",
    }
    assert (result["complete"], result["overall"]["stage"]) == (True, stages[example.stem])


def test_the_changelog_knows_this_version() -> None:
    from questionnaire import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
