"""What a paper asks: every question has its number, and each rule says in words whom it lets pass, and what."""

from __future__ import annotations

from pathlib import Path

from questionnaire.core.loading import parse_framework
from questionnaire.core.paper import Aside, Clause, Paper, build_paper

TEXT = (Path(__file__).parents[1] / "frameworks" / "aside.yaml").read_text()
READ = "{size: [small], B1a: [1, unknown, not_applicable]}"


def paper(text: str = TEXT) -> Paper:
    return build_paper(parse_framework(text.encode()))


def test_questions_are_numbered_through_and_those_of_the_profile_apart() -> None:
    assert paper().numbers == {"size": "P1", "objective": "P2", "A1a": "1", "A1b": "2", "A2a": "3", "B1a": "4"}


def test_a_rule_is_told_with_the_questions_it_reads_and_those_to_pass() -> None:
    first, second = paper().asides
    size = Clause("P1", "Taille", ("P",))
    assert first == Aside((size,), (), ("1", "2"), "Un.")
    assert second.when == (Clause("P1", "Taille", ("P", "G")),)
    assert second.unless == (Clause("4", "Quoi", ("Je ne sais pas",)),)
    assert (second.questions, second.message) == (("1",), "Deux.")


def test_the_answers_a_rule_reads_are_told_in_the_words_of_the_scale() -> None:
    (aside, _) = paper(TEXT.replace("{size: [small]}, not", f"{READ}, not")).asides
    assert aside.when[1] == Clause("4", "Quoi", ("Un", "Je ne sais pas", "Non concerné"))


def test_a_department_that_a_rule_reads_is_told_by_its_number() -> None:
    text = (Path(__file__).parents[1] / "frameworks" / "smallest.yaml").read_text()
    made = paper(text.replace("    when: {size: [none]}", "    when: {place: ['57', 2A]}"))
    assert [clause.answers for clause in made.asides[0].when] == [("57", "2A")]


def test_questions_to_pass_stand_in_the_order_of_the_paper() -> None:
    (aside, _) = paper(TEXT.replace("[A1a, A1b], message", "[A1b, A1a], message")).asides
    assert aside.questions == ("1", "2")


def test_a_question_knows_every_rule_that_lets_it_be_passed() -> None:
    made = paper()
    assert made.passed == {"A1a": made.asides, "A1b": made.asides[:1]}


def test_a_rule_that_sets_nothing_aside_is_not_on_the_paper() -> None:
    assert [each.message for each in paper(TEXT.replace("not_applicable: [A1a], ", "")).asides] == ["Un."]


def test_the_paper_brings_the_method_for_its_own_framework() -> None:
    made = paper()
    assert made.method.stages == ("Bas", "Milieu", "Haut")
    assert made.framework.id == "aside"
