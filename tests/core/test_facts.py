"""Legal facts: a figure past its day is never shown, a faulty file is refused whole, own facts replace ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.facts import Fact, FactBook
from questionnaire.core.loading import FrameworkError, installed_companions, load_facts, published, published_facts
from questionnaire.core.loading.facts_file import parse_facts
from tests.core.words import told

TEXT = """topics:
- {id: gifts, title: Dons}
facts:
- id: one
  topic: gifts
  title: Un point
  text: Le chiffre est 60.
  reference: CGI
  url: https://example.org
  checked: '2026-11-23'
  expires: '2027-11-30'
  when: {tax_receipts: ['yes']}
  unless: {budget: [under-10k]}
"""

# What stands in the file, what takes its place, and words of the fault expected on that line.
FAULTS = [
    ("'2026-11-23'", "'2026-13-23'", "une date s’écrit entre guillemets"),
    ("'2026-11-23'", "2026-11-23", "peut se lire autrement"),
    ("'2026-11-23'", "'hier'", "une date s’écrit entre guillemets"),
    ("'2027-11-30'", "'2026-11-22'", "périmé avant d’avoir été vérifié"),
    ("expires: '2027-11-30'\n  ", "", "clé obligatoire absente"),
    ("topic: gifts", "topic: money", "rubrique « money » introuvable"),
    ("title: Dons", "titre: Dons", "clé inconnue"),
    ("tax_receipts: ['yes']", "receipts: ['yes']", "question du profil « receipts » introuvable"),
    ("tax_receipts: ['yes']", "success: ['yes']", "question du profil « success » introuvable"),
    ("['yes']", "[maybe]", "« maybe » n’est pas une réponse possible"),
    ("[under-10k]", "[under-9k]", "« under-9k » n’est pas une réponse possible"),
    ("url: https://example.org", "url: file:///etc", "une adresse commence par"),
    ("text: Le chiffre est 60.", "text: ''", "texte vide"),
    (
        "- {id: gifts, title: Dons}",
        "- {id: gifts, title: Dons}\n- {id: gifts, title: Autres}",
        "désigne déjà autre chose",
    ),
]


def parsed(text: str, ours: FactBook | None = None) -> FactBook:
    return parse_facts(text.encode(), published(), ours or FactBook())


def faults_of(text: str) -> list[str]:
    with pytest.raises(FrameworkError) as refusal:
        parsed(text)
    return told(refusal.value.faults)


def one(**given: object) -> Fact:
    return parsed(TEXT).facts[0].model_copy(update=given)


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=range(len(FAULTS)))
def test_a_planted_fault_is_told_with_its_line(old: str, new: str, words: str) -> None:
    assert old in TEXT
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    found = [each for each in faults_of(TEXT.replace(old, new, 1)) if words in each]
    assert found
    if "absente" not in words:  # what is missing is told where it should stand
        assert abs(int(found[0].removeprefix("ligne ").split(" ")[0]) - line) <= 1


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    found = faults_of(TEXT.replace("title: Dons", "titre: Dons").replace("'2026-11-23'", "'x'").replace("'yes'", "'y'"))
    lines = [int(each.removeprefix("ligne ").split(" ")[0]) for each in found]
    assert len(found) == 4
    assert lines == sorted(lines)


def test_a_figure_holds_until_its_last_day_and_never_without_a_day() -> None:
    days = (date(2027, 11, 30), date(2027, 12, 1), None)
    assert [one().in_force(day) for day in days] == [True, False, False]
    assert [parsed(TEXT).expired(day) for day in days[:2]] == [(), (one(),)]


@pytest.mark.parametrize(
    ("profile", "concerned"),
    [
        ({"tax_receipts": "yes"}, True),
        ({"tax_receipts": "no"}, False),
        ({}, False),
        ({"tax_receipts": "yes", "budget": "under-10k"}, False),
        ({"tax_receipts": "yes", "budget": "10k-50k"}, True),
    ],
)
def test_a_fact_concerns_those_whose_profile_says_so(profile: dict[str, str], concerned: bool) -> None:
    assert one().concerns(AnswerSet("faire-alliance", "1.0.0", profile=profile)) is concerned


def test_what_was_not_answered_hides_no_fact() -> None:
    assert one(when=None).concerns(AnswerSet("faire-alliance", "1.0.0"))


def test_an_installation_s_own_facts_replace_and_add_and_use_our_headings() -> None:
    ours = parsed(TEXT)
    own = parsed(TEXT.partition("facts:")[2].join(["facts:", ""]).replace("60", "66"), ours)
    more = parsed(TEXT.partition("facts:")[2].join(["facts:", ""]).replace("id: one", "id: two"), ours)
    assert [(each.id, each.text) for each in own.facts] == [("one", "Le chiffre est 66.")]
    assert [each.id for each in more.facts] == ["one", "two"]
    assert own.topics == ours.topics


def test_the_published_facts_all_have_a_reference_a_day_and_a_life_of_about_a_year() -> None:
    book = published_facts()
    assert len(book.facts) > 10
    assert all(0 < (each.expires - each.checked).days < 400 for each in book.facts)
    assert {each.topic for each in book.facts} == {each.id for each in book.topics}


def test_the_data_folder_s_facts_are_laid_over_ours(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(TEXT.replace("id: one", "id: reduction"))
    book = installed_companions(tmp_path, published()).facts
    assert next(each.text for each in book.facts if each.id == "reduction") == "Le chiffre est 60."
    assert len(book.facts) == len(published_facts().facts)


def test_faults_of_a_file_bear_its_name(tmp_path: Path) -> None:
    with pytest.raises(FrameworkError, match="n’existe pas"):
        load_facts(tmp_path / "none.yaml", published(), FactBook())
