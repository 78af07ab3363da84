"""A set of answers with other levels in place: what was written beside them stays, a reason to decline does not."""

from __future__ import annotations

import pytest

from questionnaire.core.answers import Answer, AnswerSet


@pytest.mark.parametrize(
    ("own", "level", "placed"),
    [
        (None, 3, Answer(3)),
        (Answer(2, "Note", "Oui"), 3, Answer(3, "Note", "Oui")),
        (Answer("unknown", comment="À voir"), 2, Answer(2, comment="À voir")),
        (Answer("not_applicable", reason="Réseau"), 2, Answer(2)),
        (Answer(2, reason="Gardée"), 2, Answer(2, reason="Gardée")),
    ],
)
def test_a_level_takes_the_place_of_an_answer_and_of_nothing_else(
    own: Answer | None, level: int, placed: Answer
) -> None:
    given = {"other": Answer(1)} | ({"one": own} if own else {})
    answers = AnswerSet("x", "1.0.0", answers=given)
    assert answers.with_levels({"one": level}).answers == {"other": Answer(1), "one": placed}
    assert answers.answers == given


def test_a_set_of_answers_never_changes_under_those_who_hold_it() -> None:
    given = {"one": Answer(1)}
    answers = AnswerSet("x", "1.0.0", answers=given)
    given["one"] = Answer(4)
    assert answers.answers == {"one": Answer(1)}
    with pytest.raises(TypeError):
        answers.profile["size"] = "small"  # type: ignore[index]
