"""The report on paper: tagged, named, the same bytes for the same answers, whatever was typed into it."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdf
import pytest

from questionnaire import pdf
from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published, published_companions
from questionnaire.core.report import NOTHING, Around, Report, build_report
from questionnaire.core.review import Proposal, Review
from questionnaire.editions import essentials_document, print_document
from tests.pdf.drawing import drawn, pages_of, squeezed, text_of

FRAMEWORK = published().newest("faire-alliance")
EXAMPLES = Path(__file__).parents[2] / "examples"
OUT_OF_100 = r"\d,\d|sur 100|/ ?100"
AROUND = Around(companions=published_companions().on(date(2026, 11, 29)))
FOOT = "Document de travail de l’association. Ne peut être exigé pour une subvention."
REVIEW = Review("Camille Martin", None, {"ECO": "Bravo."}, {"ECO-1a": Proposal("ECO-1a", 4, "Relu chaque année.")})


def made(document: dict[str, Any], review: Review | None = None, around: Around = NOTHING) -> Report:
    """Return the report of an answers file's values, with nothing around it but what is given."""
    answers, framework = parse_answers(json.dumps({"framework": FRAMEWORK.id, **document}).encode(), published())
    return build_report(framework, answers, review, around)


def example(name: str, review: Review | None = None, around: Around = NOTHING) -> Report:
    """Return the report of one of the examples."""
    return made(json.loads((EXAMPLES / f"{name}.json").read_text()), review, around)


def everywhere(text: str) -> dict[str, Any]:
    """Return answers with this text in every place where one can be typed."""
    answer = {"value": 3, "evidence": text, "comment": text}
    return {
        "association": {"name": text[:200]},
        "profile": {"department": "34", "success": text[:1000]},
        "answers": {question.id: answer for question in FRAMEWORK.questions},
    }


@pytest.fixture
def document() -> bytes:
    """Return the PDF of the social café, reviewed."""
    return drawn(print_document(example("cafe-associatif-rural", REVIEW)))


def longest_glyph(document: bytes) -> int:
    """Return for how many letters the widest glyph of a PDF stands when its text is read."""
    with pikepdf.open(BytesIO(document)) as opened:
        fonts = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each]
        maps = [each.ToUnicode.read_bytes().decode("latin-1") for each in fonts]
    return max(len(each) // 4 for one in maps for each in re.findall(r"^<[0-9a-f]+> <([0-9a-f]+)>", one, re.M))


def tags_of(document: bytes) -> Counter[str]:
    """Return how many elements of each kind the structure tree holds."""
    with pikepdf.open(BytesIO(document)) as opened:
        elements = (each for each in opened.objects if isinstance(each, pikepdf.Dictionary))
        return Counter(str(each.S) for each in elements if each.get("/Type") == "/StructElem")


def test_two_checkers_of_accessibility_find_no_error(document: bytes, tmp_path: Path) -> None:
    assert [each.message for each in page.validate_pdf_bytes(document, profile="ua1").failures] == []
    path = tmp_path / "report.pdf"
    path.write_bytes(document)
    command = [str(Path(sys.executable).with_name("outloud")), "--quiet", "--fail-on", "error", str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_checkers_see_a_figure_without_words() -> None:
    drawing = '<svg width="9" height="9"><rect width="9" height="9"/></svg>'
    html = f'<!doctype html><html lang="fr"><head><title>x</title></head><body><h1>x</h1>{drawing}</body></html>'
    assert page.validate_pdf_bytes(pdf.render(html), profile="ua1").failures


def test_its_structure_holds_titles_tables_lists_and_figures(document: bytes) -> None:
    tags = tags_of(document)
    assert tags["/H1"] == 1
    assert tags["/H2"] == 12
    levels = [criterion.level for each in example("cafe-associatif-rural").dimensions for criterion in each.criteria]
    assert tags["/Figure"] == 1 + len(FRAMEWORK.dimensions) + len([each for each in levels if each])
    assert tags["/TH"] > 60
    assert tags["/TD"] > 100
    assert tags["/LI"] > 150


def test_its_structure_is_whole(document: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(document)
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0


def test_it_has_a_title_a_language_and_bookmarks(document: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(document))
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Le Grand Comptoir")
    assert str(reader.root_object["/Lang"]) == "fr"
    assert len(list(reader.outline)) >= 1


def test_every_page_says_whose_document_it_is(document: bytes) -> None:
    assert all(FOOT in each for each in pages_of(document))
    assert all(len(each) > 200 for each in pages_of(document)), "an empty page"


def test_it_names_the_framework_to_the_byte_and_says_what_it_is_not(document: bytes) -> None:
    text = text_of(document).replace(" ", "")
    assert FRAMEWORK.sha256 in text
    for each in FRAMEWORK.header.is_not:
        assert each.replace(" ", "").replace("\u202f", "").replace("\xa0", "")[:12] in text


def test_the_reviewed_edition_carries_both_results_and_the_reason(document: bytes) -> None:
    text = text_of(document)
    assert "Camille Martin" in text
    assert "Relu chaque année." in text
    assert "Bravo." in text
    assert "Votre réponse" in text
    assert "Niveau proposé" in text


def test_its_answers_travel_with_it_and_can_be_read_again(document: bytes) -> None:
    files = pypdf.PdfReader(BytesIO(document)).attachments
    assert set(files) == {"reponses.json", "resultat.json"}
    again, framework = parse_answers(files["reponses.json"][0], published())
    assert build_report(framework, again).result_json.encode() == files["resultat.json"][0]


@pytest.mark.parametrize("name", ["atelier-insertion", "cafe-associatif-rural", "jeune-club-sportif"])
def test_the_essentials_stand_alone_on_two_pages_at_most(name: str, tmp_path: Path) -> None:
    report = example(name)
    made_alone = drawn(essentials_document(report))
    text = squeezed(text_of(made_alone))
    assert len(pypdf.PdfReader(BytesIO(made_alone)).pages) <= 2
    told = [report.who.name, report.success, report.overall.stage, *(each.action for each in report.plan)]
    told += [*(each.criterion.title for each in report.strengths[:2]), *(each.message for each in report.alerts)]
    assert [each for each in told if squeezed(each or "") not in text] == []
    assert [each.message for each in page.validate_pdf_bytes(made_alone, profile="ua1").failures] == []


def test_the_essentials_carry_no_file_and_no_number_out_of_100() -> None:
    made_alone = drawn(essentials_document(example("cafe-associatif-rural")))
    assert not pypdf.PdfReader(BytesIO(made_alone)).attachments
    assert not re.search(r"\d,\d", text_of(made_alone))


def test_no_number_of_the_result_stands_before_its_words(document: bytes) -> None:
    """Cover, contents and essentials have nothing out of 100; « Comment c’est calculé » has."""
    pages = pages_of(document)
    profile = next(at for at, one in enumerate(pages) if "Des forces et des marges" in one)
    assert profile >= 3
    assert any(re.search(OUT_OF_100, one) for one in pages[profile:])
    assert [one for one in pages[:profile] if re.search(OUT_OF_100, one)] == []


def test_every_action_is_a_sheet_on_one_page() -> None:
    """Every recommendation of the framework at level 1, with two answers quoted and several addresses at the foot."""
    report = made({"profile": {"department": "34"}, "answers": {each.id: 1 for each in FRAMEWORK.questions}})
    longest = sorted([*report.plan, *report.later], key=lambda sheet: -len(str(sheet)))[:8]
    document = drawn(print_document(replace(report, plan=tuple(longest))))
    pages = [squeezed(each) for each in pages_of(document)]
    for sheet in longest:
        parts = [squeezed(each) for each in (sheet.why, *sheet.first_steps, "Ce que nous avons décidé")]
        assert any(all(each in one for each in parts) for one in pages), sheet.action


def test_an_answer_s_level_stands_on_the_page_of_its_words() -> None:
    text = text_of(drawn(print_document(example("atelier-insertion", around=AROUND))))
    assert text.count("Votre réponse : 4 Partagé") == text.count("Votre réponse : 4 Partagé En plus, ") > 5


def test_a_long_address_is_cut_to_its_site_and_stands_whole_in_a_footnote(document: bytes) -> None:
    text = squeezed(text_of(document))
    long = squeezed("associations.gouv.fr/les-conditions-du-faire-alliance-en-territoire.html")
    assert squeezed("une relation équilibrée associations.gouv.fr") in text
    assert text.index(squeezed("une relation équilibrée")) < text.index(long)


def test_where_a_criterion_and_a_figure_were_read_stands_at_the_foot_of_their_page(document: bytes) -> None:
    report = example("cafe-associatif-rural", REVIEW)
    pages = [squeezed(each) for each in pages_of(document)]
    for criterion in (criterion for each in report.dimensions for criterion in each.criteria):
        note = squeezed(f"Lu dans {criterion.sources[0].ref} ({criterion.sources[0].locator})")
        assert [one for one in pages if note in one and squeezed(criterion.advisor_question) in one], criterion.title
    asked_again = next(one for one in pages if one.count("note") and "1sur3" in one)
    number = re.search(r"(\d+)\.LeRAMEAU,Voyaged", asked_again)
    assert number
    assert f"acte2»note{number[1]}" in asked_again


def test_nothing_is_drawn_twice(document: bytes) -> None:
    """What floats may be: cut by the end of a page, or pushed over it. The ends of sentences are counted."""
    printed = squeezed(text_of(document))
    html = print_document(example("cafe-associatif-rural", REVIEW))
    shown = re.sub(r"<(svg|head).*?</\1>", " ", html, flags=re.S)
    told = squeezed(re.sub(r"<[^>]*>", " ", shown))
    lines = re.finditer(r"<(h4|p|li|dd|dt|td)\b[^>]*>(.*?)</\1>", shown, flags=re.S)
    sentences = (squeezed(re.sub(r"<[^>]*>", " ", line[2])) for line in lines)
    ends = {each[-20:] for each in sentences if len(each) > 40}  # what is shorter stands in contents and running heads
    assert len(ends) > 200
    assert {each: printed.count(each) for each in ends if printed.count(each) > told.count(each)} == {}


def test_the_answers_in_a_report_give_that_very_report_again_in_another_process(tmp_path: Path) -> None:
    """Whatever the order of what has none: the other process hashes otherwise."""
    answers = EXAMPLES / "jeune-club-sportif.json"
    for seed, name in enumerate(("one.pdf", "two.pdf")):
        command = [str(Path(sys.executable).with_name("questionnaire")), "report", str(answers), "-o", name]
        subprocess.run(command, check=True, cwd=tmp_path, env={"PYTHONHASHSEED": str(seed), "PATH": "/usr/bin:/bin"})
        answers = tmp_path / "reponses.json"
        answers.write_bytes(pypdf.PdfReader(tmp_path / name).attachments["reponses.json"][0])
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_every_link_goes_to_the_web_or_within_the_document(document: bytes) -> None:
    with pikepdf.open(BytesIO(document)) as opened:
        notes = [note for each in opened.pages for note in each.get("/Annots", [])]
        addresses = [str(note["/A"]["/URI"]) for note in notes if "/A" in note and "/URI" in note["/A"]]
    assert len(addresses) > 40
    assert all(each.startswith(("https://", "http://")) for each in addresses)


HOSTILE = """<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd"><style>@import "x";</style>
<svg><image href="file:///etc/passwd"/></svg><base href="http://127.0.0.1/"><a href="javascript:alert(1)">x</a>
<meta name="attachment:x" content="y"> url(file:///etc/passwd) {{ 7*7 }} {% raw %} &amp; </p></bdi></body>"""


def test_hostile_texts_are_only_text() -> None:
    answers = everywhere(HOSTILE.replace("\n", " "))
    document = drawn(print_document(made(answers)))
    text = text_of(document)
    assert "{{ 7*7 }}" in text
    assert "javascript:alert(1)" in text
    assert set(pypdf.PdfReader(BytesIO(document)).attachments) == {"reponses.json", "resultat.json"}
    assert b"/URI (javascript" not in document


@pytest.mark.parametrize("text", ["W" * 4000, "mot " * 1000], ids=["one word", "words"])
def test_texts_at_full_length_everywhere_are_rendered_in_time(text: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    document = drawn(print_document(made(everywhere(text.strip()))))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert document.startswith(b"%PDF-")
    assert after.ru_utime - before.ru_utime < 20, "seconds of processor, beside which the tests may keep it waiting"
    assert longest_glyph(document) < 10, "a letter that reads aloud as a whole sentence"
    second = pypdf.PdfReader(BytesIO(document)).pages[1].extract_text()
    assert "Sommaire" in second, "a cover on two pages"


@pytest.mark.parametrize("value", [None, "unknown"], ids=["nothing answered", "nothing known"])
def test_the_shortest_reports_are_whole_and_show_no_score(value: str | None) -> None:
    answers = {question.id: value for question in FRAMEWORK.questions if value}
    document = drawn(print_document(made({"answers": answers}, around=AROUND)))
    text, last = text_of(document), pages_of(document)[-1]
    assert "À situer plus tard" in text
    assert last.count("Quelques mots expliqués") == 2, "the running head and the title, not the last words alone"
    assert "vous êtes ici" not in text
    assert ("Pas encore vu" in text) is (value is None)
