"""What people read stays plain: no long sentence, no rare word, and on a first screen words before numbers."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.first_look_report import build_first_look
from questionnaire.core.loading import published, published_directory
from questionnaire.core.report import Around, Report, build_report
from questionnaire.core.what_if import what_if
from questionnaire.editions import first_look_body, first_look_document, print_document, screen_body, what_if_body
from tests import reading
from tests.pdf.test_editions import random_report, words
from tests.reading import MOST_WORDS, TEMPLATES, Sentence, blocks, is_rare, label, template_sentences, template_texts

EXAMPLES = sorted((reading.ROOT / "examples").glob("*.json"))
# A number out of 100, a percentage, a number with decimals: what belongs under « Comment c’est calculé ».
NUMBERS = re.compile(r"\d\s*/\s*100\b|\d\s*%|\b\d+,\d+\b|sur 100\b")


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_no_sentence_is_long_and_no_word_rare(path: Path) -> None:
    sentences = list(template_sentences(path))
    assert [sentence.text for sentence in sentences if sentence.words > MOST_WORDS] == []
    assert [sentence.rare for sentence in sentences if sentence.rare] == []


def test_a_long_sentence_would_be_caught() -> None:
    said = " ".join(["mot"] * (MOST_WORDS + 1))
    assert [Sentence("x", text).words for text in template_texts(f"<p>{said}.</p>")] == [MOST_WORDS + 1]


@pytest.mark.parametrize(("word", "rare"), [("interopérabiliser", True), ("maison", False), ("cochées", False)])
def test_a_rare_word_would_be_caught(word: str, rare: bool) -> None:
    assert is_rare(word) is rare
    assert bool(Sentence("x", f"Il faut {word} ici.").rare) is rare


def test_each_branch_of_a_template_is_read_apart() -> None:
    source = (
        "<p>Vous {% if un %}répondez seul{% else %}répondez ensemble{% endif %}.</p>{{ f(hint='Gardez ce lien.') }}"
    )
    said = [text.strip() for text in template_texts(source)]
    assert said == ["Vous répondez seul.", "répondez ensemble", "Gardez ce lien."]


def test_a_link_within_a_line_does_not_cut_it_and_a_paragraph_does() -> None:
    assert [*blocks("<p>Lisez <a href='x'>la page</a> ici.</p><p>Puis là.</p>")] == ["Lisez la page ici.", "Puis là."]


def test_the_script_prints_the_worst() -> None:
    done = subprocess.run([reading.ROOT / "script/readability", "1"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.startswith(("Templates: ", "Framework files: "))]


def reports() -> Iterator[Report]:
    """Many results: the examples, and answers drawn at random."""
    for path in EXAMPLES:
        answers, framework = parse_answers(path.read_bytes(), published())
        yield build_report(framework, answers, around=Around(published_directory()))
    yield from (random_report(seed) for seed in range(40))


def framework_words(report: Report) -> str:
    """What the framework and the association say in their own words, figures of theirs included."""
    said = [report.success, *(alert.message for alert in report.alerts)]
    said += [strength.answers[0].chosen.text for strength in report.strengths if strength.answers[0].chosen]
    return " ".join(said)


def test_words_come_before_numbers_on_screen_and_on_the_first_pages_of_the_pdf() -> None:
    for report in reports():
        screen = screen_body(report).split('id="plan"')[0]
        paper = print_document(report).split('id="plan"')[0].split("<body>")[1]
        for part in (screen, paper):
            found = [number for number in NUMBERS.findall(words(part)) if number not in framework_words(report)]
            assert found == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_first_look_and_a_supposition_say_words_only(path: Path) -> None:
    answers, framework = parse_answers(path.read_bytes(), published())
    look = build_first_look(framework, answers)
    supposed = what_if_body(what_if(framework, answers, {"ECO-1a": 4})).split("Comment c’est calculé")[0]
    for part in (first_look_body(look), first_look_document(look).split("<body")[1], supposed):
        assert NUMBERS.findall(words(part)) == []


@pytest.mark.parametrize("number", ["41/100", "41 / 100", "25 %", "41,2", "41 sur 100"])
def test_a_number_on_the_first_screen_would_be_caught(number: str) -> None:
    assert NUMBERS.search(words(f"<p>Vous êtes à <b>{number}</b>.</p>"))
