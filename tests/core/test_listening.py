"""The page that listens to the territory: its file strictly read, what is named turned into help, nothing scored."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.listening import Heard
from questionnaire.core.loading import (
    FrameworkError,
    parse_listening,
    published,
    published_directory,
    published_listening,
)
from questionnaire.core.loading.listening_file import PUBLISHED, load_listening
from questionnaire.core.report import Around, Report, build_report

TEXT = PUBLISHED.read_text("utf-8")
EXAMPLE = Path(__file__).parents[2] / "examples" / "cafe-associatif-rural.json"
# What stands in the file, what takes its place, and words of the fault expected on that line.
FAULTS = [
    ("needs_from: [unmet,", "needs_from: [unknown,", "question « unknown » introuvable"),
    ("needs_from: [unmet, seeks, met]", "needs_from: []", "liste trop courte"),
    ("- code: employment", "- code: money", "besoin « money » inconnu de l’annuaire"),
    ("- id: unmet\n", "- id: met\n", "désigne déjà autre chose"),
    ("version: 1.0.0", "version: 1.0", "un texte est attendu"),
    ("  max_length: 600\n", "", "clé obligatoire absente"),
    ("  caution:", "  warning:", "clé"),
    ("type: multiple", "type: ticks", "valeur inconnue « ticks »"),
    ("code: employment", "code: mobility", "option « mobility » répétée"),
]


def report(**said: object) -> Report:
    """Return the report of an association of Occitanie that said this of its territory."""
    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    heard = Heard(published_listening(), said)
    return build_report(framework, answers, around=Around(published_directory(), heard))


@pytest.mark.parametrize(("there", "instead", "expected"), FAULTS)
def test_a_faulty_file_is_refused_with_its_lines(there: str, instead: str, expected: str) -> None:
    assert there in TEXT
    with pytest.raises(FrameworkError) as error:
        parse_listening(TEXT.replace(there, instead, 1).encode())
    told = [(fault.line, fault.message.replace("\u202f", " ")) for fault in error.value.faults]
    assert any(line and expected in message for line, message in told), told


def test_every_fragility_of_the_issue_is_offered_and_known_to_the_directory() -> None:
    listening = published_listening()
    asked = {question.id: [option.code for option in question.options] for question in listening.questions}
    for name in listening.needs_from:
        assert asked[name] == list(published_directory().needs)


def test_what_finds_no_answer_comes_before_what_is_only_met() -> None:
    heard = Heard(published_listening(), {"met": ["youth", "mobility"], "unmet": ["mobility"], "seeks": ["digital"]})
    assert heard.needs == ("mobility", "digital", "youth")


def test_each_need_named_brings_its_help() -> None:
    groups = report(unmet=["mobility"], seeks=["digital"]).directory.needs
    assert [group.title for group in groups] == ["Mobilité", "Numérique"]
    assert [1 <= len(group.resources) <= 3 for group in groups] == [True, True]


def test_help_told_for_a_need_is_not_told_again_for_a_theme() -> None:
    directory = report(unmet=list(published_directory().needs)).directory
    told = {line.id for group in directory.needs for line in group.resources}
    again = {line.id for group in directory.themes for line in group.resources} | {line.id for line in directory.nearby}
    assert told
    assert not told & again


def test_nothing_said_changes_nothing_of_the_result() -> None:
    with_it, without = report(unmet=["mobility"], unmet_words="Plus de bus."), report()
    assert with_it.result_json == without.result_json
    assert with_it.plan == without.plan
    assert (without.heard, without.directory.needs) == ((), ())


def test_what_was_said_is_shown_in_words() -> None:
    lines = report(unmet=["mobility", "other"], unmet_words="Plus de bus.").heard
    assert [line.answers for line in lines] == [("Mobilité", "Un autre besoin"), ("Plus de bus.",)]
    assert [line.free_text for line in lines] == [False, True]
    words = {question.id: question.text for question in published_listening().questions}
    assert [line.text for line in lines] == [words["unmet"], words["unmet_words"]]


def test_an_answers_file_still_refuses_what_is_said_of_the_territory() -> None:
    document = json.loads(EXAMPLE.read_text("utf-8")) | {"listening": {"unmet": ["mobility"]}}
    with pytest.raises(ValueError, match="listening"):
        parse_answers(json.dumps(document).encode(), published())


def test_the_page_is_named_down_to_the_bytes_of_its_file() -> None:
    assert parse_listening(PUBLISHED.read_bytes()).sha256 == sha256(PUBLISHED.read_bytes()).hexdigest()
    assert load_listening(PUBLISHED) == published_listening()
