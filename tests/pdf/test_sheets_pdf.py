"""The sheets on paper: two pages for any profile, figures with a reference, nothing expired, the advisor's guide."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import page
import pytest

from questionnaire import pdf
from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published, published_companions
from questionnaire.core.report import Around, Report, build_report
from questionnaire.editions import print_document, screen_body, short_day
from tests.pdf.drawing import drawn, pages_of
from tests.pdf.test_editions import words

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("questionnaire")
DAY = date(2026, 11, 25)
TITLE = "Construire un partenariat avec une entreprise"

# The profiles that make the sheet longest, or change it most.
PROFILES: dict[str, dict[str, Any]] = {
    "longest": {
        "budget": "over-2m",
        "employees": "50-plus",
        "objective": "undecided",
        "general_interest": "assumed",
        "tax_receipts": "yes",
        "company_forms": ["none"],
        "partners": ["none"],
    },
    "no general interest": {
        "budget": "over-2m",
        "employees": "none",
        "objective": "undecided",
        "general_interest": "no",
        "tax_receipts": "yes",
        "company_forms": ["none"],
    },
    "nothing answered": {},
}


def made(profile: dict[str, Any], day: date = DAY, **answers: Any) -> Report:
    """Return the report of this profile and these answers, or one, printed on that day."""
    document = {"framework": "faire-alliance", "profile": profile, "answers": answers or {"ECO-1a": 2}}
    given, framework = parse_answers(json.dumps(document).encode(), published())
    return build_report(framework, given, around=Around(companions=published_companions().on(day)))


@pytest.fixture(scope="module", params=PROFILES)
def document(request: pytest.FixtureRequest) -> bytes:
    """Return the advisor's edition for each profile."""
    return drawn(print_document(made(PROFILES[request.param]), "advisor"))


def test_the_sheet_takes_two_pages_for_every_profile(document: bytes) -> None:
    running = [at for at, text in enumerate(pages_of(document)) if at > 1 and text.count(TITLE)]
    assert len(running) == 2
    assert running[1] == running[0] + 1


def test_a_checker_of_accessibility_finds_no_error_in_them(document: bytes) -> None:
    assert [each.message for each in page.validate_pdf_bytes(document, profile="ua1").failures] == []


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_each_point_of_law_stands_with_its_reference_its_day_and_whom_to_ask(profile: dict[str, Any]) -> None:
    report = made(profile)
    assert report.company
    text = words(print_document(report))
    for fact in (fact for topic in report.company.checklist for fact in topic.facts):
        shown = text.partition(words(f"{fact.title}."))[2][: len(fact.text) + 200]
        assert words(fact.text) in shown
        assert words(fact.reference) in shown
        assert f"vu le {short_day(fact.checked)}, à vérifier avec un professionnel" in shown


def test_an_expired_figure_is_neither_on_paper_nor_on_screen() -> None:
    for day, there in ((date(2026, 12, 31), True), (date(2027, 1, 1), False)):
        report = made({}, day)
        for text in (words(print_document(report)), words(screen_body(report))):
            assert ("80 011" in text) is there
            assert ("n’est plus à jour" in text) is not there
            assert "La franchise des impôts commerciaux" in text


def test_the_drawing_is_read_in_words_and_its_table_says_the_same() -> None:
    html = print_document(made({"partners": ["company"]}))
    assert "Les élus et les services publics\u202f: pas encore là. " in html
    assert "Les entreprises\u202f: lien commencé. " in html
    assert html.count("<strong>pas encore là</strong>") == 1


def test_only_the_advisor_s_edition_guides_the_talk() -> None:
    report = made({})
    assert "Conduire l’entretien" in print_document(report, "advisor")
    assert "Conduire l’entretien" not in print_document(report)
    for minutes in ("10 min", "20 min", "15 min", "5 min"):
        assert minutes in print_document(report, "advisor")


def test_the_association_reads_how_the_talk_goes_and_what_support_there_is() -> None:
    text = words(print_document(made({})))
    for each in ("Le diagnostic partagé", "Le comité d’appui", "Le plan d’accompagnement", "Le suivi"):
        assert each in text


def section_of(report: Report) -> str:
    """Return the three legitimacies of a report, on a page of their own."""
    found = re.search(r'<section class="part voices".*?</section>', print_document(report), flags=re.S)
    assert found
    return f'<div class="part">{found[0]}</div>'


def heights(sections: list[str], folder: Path) -> list[float]:
    """Return how much of the page's room the text of each section takes, one section a page."""
    html = print_document(made({}))
    head = html[: html.index("<body>")].partition('<meta name="attachment')[0]
    (folder / "sections.pdf").write_bytes(
        pdf.render(f'{head}</head><body><main class="report">{"".join(sections)}</main></body></html>')
    )
    command = ["pdftotext", "-bbox", str(folder / "sections.pdf"), "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    top, bottom = (millimetres * 72 / 25.4 for millimetres in (24, 297 - 24))
    pages = [re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', each) for each in boxes.split("<page ")[1:]]
    within = ([(float(high), float(low)) for high, low in each if top < float(high) < bottom] for each in pages)
    return [(max(low for _, low in each) - min(high for high, _ in each)) / (bottom - top) for each in within]


def test_the_three_legitimacies_take_half_a_page_whatever_the_answers(tmp_path: Path) -> None:
    """The longest: every first step is told, or every line of the table has a level, a title and a link."""
    answers = product((1, "unknown"), (1, 2, "unknown"))
    given: list[dict[str, Any]] = [{"ECO-4a": elected, "ECO-2a": residents} for elected, residents in answers]
    sections = [section_of(made(profile, **each)) for each in given for profile in ({"partners": ["none"]}, {})]
    too_long = re.sub(r"(<li>.*</li>)", r"\1\1", sections[0])
    *shown, planted = heights([*sections, too_long], tmp_path)
    assert len(shown) == len(sections)
    assert max(shown) <= 0.5 < planted


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)


OWN = """facts:
- id: franchise
  topic: sales
  title: La franchise
  text: Le chiffre de chez nous.
  reference: CGI
  checked: '2026-11-23'
  expires: '2026-11-24'
"""


def test_facts_check_says_what_is_sound_and_what_is_out_of_date(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(OWN)
    done = run("facts", "check", tmp_path / "facts.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "franchise\u202f: périmé depuis le 2026-11-24" in done.stdout
    assert "aucune faute" in done.stdout


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_faulty_file_of_facts_is_refused_with_every_line_and_nothing_is_written(command: str, tmp_path: Path) -> None:
    faulty = tmp_path / "facts.yaml"
    faulty.write_text(OWN.replace("sales", "money").replace("title", "titre"))
    out = tmp_path / "out.pdf"
    example = ROOT / "examples/jeune-club-sportif.json"
    check = ("facts", "check", faulty)
    done = run(*(check if command == "check" else ("report", example, "-o", out, "--facts", faulty)))
    assert (done.returncode, done.stdout, out.exists()) == (2, "", False)
    assert re.findall(r"ligne (\d)", done.stderr) == ["2", "3", "4"]


def test_a_first_look_has_no_advisor_s_edition(tmp_path: Path) -> None:
    example = ROOT / "examples/jeune-club-sportif.json"
    done = run("report", example, "-o", tmp_path / "out.pdf", "--first-look", "--advisor")
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert "--first-look et --advisor ne vont pas ensemble" in done.stderr
