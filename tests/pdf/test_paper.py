"""The questionnaire on paper: everything is asked, every field is named, tagged, and the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import get_args

import page
import pikepdf
import pypdf
import pytest

from questionnaire import pdf
from questionnaire.core.loading import load_framework, published
from questionnaire.core.paper import build_paper
from questionnaire.editions import PaperEdition, paper_document
from tests.pdf.drawing import drawn, pages_of, printed, squeezed

ROOT = Path(__file__).parents[2]
FRAMEWORK = published().newest("faire-alliance")
EDITIONS: tuple[PaperEdition, ...] = get_args(PaperEdition)
COMMAND = Path(sys.executable).with_name("questionnaire")


@pytest.fixture(params=EDITIONS)
def document(request: pytest.FixtureRequest) -> bytes:
    return edition(request.param)


def edition(name: PaperEdition) -> bytes:
    """Return one of the editions of the questionnaire."""
    return drawn(paper_document(FRAMEWORK, name))


@cache
def read_aloud(document: bytes) -> str:
    """Return all that a PDF says in the order it was written, squeezed."""
    return squeezed(printed(document, layout=False))


def paper_command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, "paper", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_it_asks_everything_with_every_level_and_help(document: bytes) -> None:
    text = read_aloud(document)
    asked = [*(each.text for each in FRAMEWORK.profile), *(each.text for each in FRAMEWORK.questions)]
    words = [level for question in FRAMEWORK.questions for level in question.levels.values()]
    helped = [question.help for question in FRAMEWORK.questions if question.help]
    labels = [option.label for question in FRAMEWORK.profile for option in question.options]
    assert [each for each in [*asked, *words, *helped, *labels] if squeezed(each) not in text] == []


def test_it_says_what_not_to_write_and_which_questions_to_pass(document: bytes) -> None:
    text = read_aloud(document)
    assert squeezed("Ne nommez personne et n’écrivez rien sur la santé, les opinions ou la religion.") in text
    for aside in build_paper(FRAMEWORK).asides:
        assert squeezed("passez les questions " + ", ".join(aside.questions)) in text
    assert FRAMEWORK.sha256 in text


def test_a_checker_of_accessibility_finds_no_error(document: bytes) -> None:
    assert [each.message for each in page.validate_pdf_bytes(document, profile="ua1").failures] == []


def test_its_structure_is_whole(document: bytes, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(document)
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0


def test_no_question_is_split_over_two_pages(document: bytes) -> None:
    pages = [squeezed(each) for each in pages_of(document)]
    for question in FRAMEWORK.questions:
        parts = [question.levels[level] for level in (1, 4)]
        assert any(all(squeezed(each) in one for each in parts) for one in pages), question.id


@pytest.mark.parametrize("name", ["standard", "fillable"])
def test_no_page_holds_one_lonely_question(name: PaperEdition) -> None:
    texts = [squeezed(each) for each in pages_of(edition(name))]
    assert sum(each.count("Unepreuve") for each in texts) == len(FRAMEWORK.questions)
    assert [each[:60] for each in texts if each.count("Unepreuve") == 1 and "Avantdecontinuer" not in each] == []


def test_no_theme_opens_at_the_foot_of_a_page(document: bytes) -> None:
    pages = [squeezed(each) for each in pages_of(document)]
    for dimension in FRAMEWORK.dimensions:
        first = dimension.criteria[0].questions[0].levels[4]
        opens = squeezed(dimension.guiding_question)
        assert [squeezed(first) in each for each in pages if opens in each] == [True], dimension.id


def test_the_levels_are_lists_and_the_tables_have_header_cells(document: bytes) -> None:
    with pikepdf.open(BytesIO(document)) as opened:
        tags = [str(each.S) for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]
    assert tags.count("/H3") == len(FRAMEWORK.profile) + len(FRAMEWORK.questions)
    assert tags.count("/LI") > 5 * len(FRAMEWORK.questions)
    assert tags.count("/Table") == 4 + len(FRAMEWORK.dimensions)


def test_every_question_has_its_named_fields() -> None:
    fields = pypdf.PdfReader(BytesIO(edition("fillable"))).get_fields() or {}
    for question in FRAMEWORK.questions:
        assert {f"q_{question.id}", f"evidence_{question.id}", f"comment_{question.id}"} <= set(fields)
        assert (f"reason_{question.id}" in fields) is (question.not_applicable is not None)
    for asked in FRAMEWORK.profile:
        assert any(name.startswith(f"profile_{asked.id}") for name in fields)


def test_a_question_is_one_choice_among_its_answers() -> None:
    with pikepdf.open(BytesIO(edition("fillable"))) as opened:
        fields = {str(field.T): field for field in opened.Root.AcroForm.Fields}
        assert len(fields) == len(opened.Root.AcroForm.Fields)
        choices = {each.id: list(map(str, fields[f"q_{each.id}"].Opt)) for each in FRAMEWORK.questions}
        named = {each.id: str(fields[f"q_{each.id}"].TU) for each in FRAMEWORK.questions}
    for question in FRAMEWORK.questions:
        offered = ["1", "2", "3", "4", "unknown", *(["not_applicable"] if question.not_applicable else [])]
        assert choices[question.id] == offered
        assert named[question.id].endswith(question.text)


def test_only_the_fillable_edition_has_fields() -> None:
    assert not pypdf.PdfReader(BytesIO(edition("standard"))).get_fields()


def letter_sizes(document: bytes) -> list[float]:
    """Return the size of each visible piece of text, in points: WeasyPrint writes them in pixels, of 3/4 point."""
    sizes: list[float] = []

    def seen(text: str, _: object, __: object, ___: object, size: float) -> None:
        if text.strip():
            sizes.append(abs(size) * 3 / 4)

    for each in pypdf.PdfReader(BytesIO(document)).pages:
        each.extract_text(visitor_text=seen)
    return [size for size in sizes if size > 1]  # the running foot's hidden source is smaller


def test_large_print_has_no_letter_under_sixteen_points() -> None:
    assert min(letter_sizes(edition("large"))) > 15.9


def test_only_the_running_lines_are_under_ten_points() -> None:
    small = [size for size in letter_sizes(edition("standard")) if size < 9.9]
    assert set(map(round, small)) == {8}


def test_a_framework_with_any_rule_is_told_in_words() -> None:
    framework = load_framework(ROOT / "tests/frameworks/aside.yaml")
    asides = build_paper(framework).asides
    assert asides
    assert all(aside.when and all(clause.answers for clause in aside.when) for aside in asides)
    assert pdf.render(paper_document(framework)).startswith(b"%PDF-")


@pytest.mark.parametrize("name", EDITIONS)
def test_the_command_writes_the_same_bytes_as_another_process(name: PaperEdition, tmp_path: Path) -> None:
    done = paper_command("-o", tmp_path / "out.pdf", *([] if name == "standard" else [f"--{name}"]))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out.pdf").read_bytes() == edition(name)


def test_two_editions_at_once_are_refused(tmp_path: Path) -> None:
    done = paper_command("-o", tmp_path / "out.pdf", "--large", "--fillable")
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert "ne vont pas ensemble" in done.stderr


def test_a_faulty_framework_writes_nothing(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("framework: 1\n")
    done = paper_command("-o", tmp_path / "out.pdf", "--framework", faulty)
    assert (done.returncode, done.stdout) == (2, "")
    assert "ligne" in done.stderr
    assert list(tmp_path.iterdir()) == [faulty]
