"""How far an assessment is, on the published framework."""

import pytest

from questionnaire.core.answers import Answer, AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.progress import Progress, Status, progress

PROFILE = {"department": "34", "recent_partnerships": "none"}


def seen(
    framework: Framework, profile: dict[str, str] | None = None, answers: dict[str, Answer] | None = None
) -> Progress:
    return progress(framework, AnswerSet("faire-alliance", "1.0.0", profile=profile or {}, answers=answers or {}))


def test_nothing_answered_is_all_to_do(framework: Framework) -> None:
    found = seen(framework)
    assert [page.status for page in found.pages] == [Status.TODO] * 7
    assert len(found.gaps) == 14 + 34


def test_the_optional_question_is_no_gap(framework: Framework) -> None:
    assert "success" not in [gap.question for gap in seen(framework).gaps]


def test_a_gap_names_its_page_and_its_words(framework: Framework) -> None:
    gaps = seen(framework).gaps
    assert [gap.page for gap in gaps[:14]] == ["profile"] * 14
    assert {gap.page for gap in gaps[14:]} == {dimension.id for dimension in framework.dimensions}
    words = {question.id: question.text for question in framework.profile if not question.optional}
    words |= {question.id: question.text for question in framework.questions}
    assert {gap.question: gap.text for gap in gaps} == words
    assert [page.page for page in seen(framework).pages] == ["profile", *(each.id for each in framework.dimensions)]


def test_one_answer_begins_its_page_only(framework: Framework) -> None:
    found = seen(framework, answers={"ECO-1a": Answer("unknown")})
    assert [found.page("ECO").status, found.page("STR").status] == [Status.DOING, Status.TODO]


def test_what_a_rule_sets_aside_is_not_asked(framework: Framework) -> None:
    found = seen(framework, PROFILE)
    assert not {"EVA-1a", "REL-2a"} & {gap.question for gap in found.gaps}
    assert found.page("EVA").asked == len([each for each in framework.questions if each.id.startswith("EVA")]) - 4


@pytest.mark.parametrize("answered", [0, 1, 6])
def test_themes_are_counted_once_complete(framework: Framework, answered: int) -> None:
    themes = framework.dimensions[:answered]
    questions = [question for theme in themes for criterion in theme.criteria for question in criterion.questions]
    assert seen(framework, answers={each.id: Answer(1) for each in questions}).themes_done == answered
