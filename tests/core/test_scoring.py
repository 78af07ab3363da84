"""Section 3 of FRAMEWORK.md sentence by sentence, each on a tiny framework of tests/frameworks."""

from fractions import Fraction as Exact
from pathlib import Path
from typing import Any

import pytest

from questionnaire.core.loading import load_framework, parse_framework
from questionnaire.core.scoring import Scorecard, score, shown
from tests.core.making import read

FRAMEWORKS = Path(__file__).parent.parent / "frameworks"


def scored(name: str, answers: dict[str, Any], **profile: str) -> Scorecard:
    framework = load_framework(FRAMEWORKS / f"{name}.yaml")
    return score(framework, read(framework, {"framework": name, "profile": profile, "answers": answers}))


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        (Exact(100, 3), 33.3),
        (Exact(49, 4), 12.3),
        (Exact(-49, 4), -12.3),
        (Exact(1, 30), 0.0),
        (Exact(-1, 30), 0.0),
        (Exact(1, 20), 0.1),
        (Exact(100), 100.0),
        (None, None),
    ],
)
def test_a_number_is_shown_with_one_decimal_half_away_from_zero(number: Exact | None, seen: float | None) -> None:
    assert str(shown(number)) == str(seen)


@pytest.mark.parametrize(
    ("given", "level", "points"),
    [
        ((1, 2), 1, Exact(50, 3)),
        ((2, 3), 2, Exact(50)),
        ((3, 4), 3, Exact(250, 3)),
        ((1, 4), 2, Exact(50)),
        ((4, "unknown"), 4, Exact(100)),
    ],
)
def test_the_level_is_the_nearest_a_half_going_down(given: tuple[Any, Any], level: int, points: Exact) -> None:
    criterion = scored("levels", {"A1a": given[0], "A1b": given[1]}).criterion("A1")
    assert (criterion.status, criterion.level, criterion.score) == ("scored", level, points)


def test_what_is_unknown_counts_as_one_and_as_four_in_the_interval() -> None:
    criterion = scored("levels", {"A2a": 3, "A2b": "unknown"}).criterion("A2")
    assert (criterion.low, criterion.high) == (Exact(200, 9), Exact(800, 9))
    assert criterion.score == Exact(200, 3)


def test_a_criterion_counts_once_whatever_its_number_of_questions() -> None:
    dimension = scored("levels", {"A1a": 1, "A1b": 1, "A3a": 4}).dimension("A")
    assert dimension.raw_score == 50
    assert dimension.unknown_share == 50
    assert (dimension.flag, dimension.score) == ("fragile", Exact(50))


def test_a_hidden_dimension_keeps_its_interval_and_still_weighs() -> None:
    scorecard = scored("levels", {"A1a": 4, "A1b": 4, "B1a": 1})
    dimension = scorecard.dimension("A")
    assert (dimension.flag, dimension.score, dimension.raw_score) == ("hidden", None, Exact(100))
    assert (dimension.low, dimension.high) == (Exact(100, 3), Exact(100))
    assert scorecard.criterion("A1").score == 100
    assert scorecard.overall.raw_score == 50


def test_a_hidden_whole_has_no_stage() -> None:
    overall = scored("levels", {"A1a": 4, "A1b": 4}).overall
    assert (overall.flag, overall.score, overall.stage, overall.raw_score) == ("hidden", None, None, Exact(100))


def test_without_answers_everything_is_missing_and_nothing_is_zero() -> None:
    scorecard = scored("levels", {})
    assert scorecard.missing == scorecard.to_check
    assert not scorecard.complete
    assert (scorecard.overall.raw_score, scorecard.overall.low, scorecard.overall.high) == (None, Exact(0), Exact(100))


def test_unknown_is_an_answer_but_to_be_checked() -> None:
    scorecard = scored("levels", {"A1a": "unknown"})
    assert "A1a" not in scorecard.missing
    assert "A1a" in scorecard.to_check


@pytest.mark.parametrize(
    ("answers", "stage", "capped_by", "provisional"),
    [
        ({"A1a": 4, "A2a": 4, "A3a": 4, "A4a": 4}, "Haut", (), ()),
        ({"A1a": 1, "A2a": 4, "A3a": 4, "A4a": 4}, "Bas", ("A1",), ()),
        ({"A1a": 1, "A2a": 1, "A3a": 4, "A4a": 4}, "Bas", ("A1", "A2"), ()),
        ({"A1a": 1, "A2a": 1, "A3a": 1, "A4a": 1}, "Bas", (), ()),
        ({"A1a": 4, "A2a": 4, "A3a": 1, "A4a": 1}, "Milieu", (), ()),
        ({"A1a": "unknown", "A2a": 4, "A3a": 4, "A4a": 4}, "Haut", (), ("A1",)),
    ],
)
def test_an_essential_criterion_at_level_1_holds_the_stage_down(
    answers: dict[str, int], stage: str, capped_by: tuple[str, ...], provisional: tuple[str, ...]
) -> None:
    overall = scored("cap", answers).overall
    assert (overall.stage, overall.capped_by, overall.provisional) == (stage, capped_by, provisional)


def test_the_first_rule_of_the_file_is_named() -> None:
    scorecard = scored("aside", {"A1a": 4, "A1b": 4, "A2a": 2, "B1a": 3}, size="small")
    assert [scorecard.question(name).rule for name in ("A1a", "A1b", "A2a")] == ["first", "first", None]
    assert scorecard.rules == ("first", "second")
    assert scorecard.criterion("A1").status == "not_applicable"
    assert scorecard.dimension("A").raw_score == Exact(100, 3)
    assert scorecard.complete
    assert scorecard.to_confirm == ("B1a",)


def test_unless_stops_a_rule_and_an_unanswered_question_matches_nothing() -> None:
    assert scored("aside", {"B1a": "unknown"}, size="big").rules == ()
    assert scored("aside", {}, size="big").rules == ("second",)
    assert scored("aside", {}).rules == ()


@pytest.mark.parametrize(("above", "poor"), [("25", False), ("24.9", True)])
def test_a_quarter_declined_is_a_poor_fit_only_above_less(above: str, poor: bool) -> None:
    text = (FRAMEWORKS / "aside.yaml").read_text().replace("poor_fit_above: 30", f"poor_fit_above: {above}")
    framework = parse_framework(text.encode())
    declined = {"A1b": {"value": "not_applicable", "reason": "sans objet"}, "B1a": "unknown"}
    answers = read(framework, {"framework": "aside", "profile": {"size": "big"}, "answers": declined})
    assert score(framework, answers).overall.poor_fit is poor


def test_only_what_the_respondent_declined_makes_a_poor_fit() -> None:
    declined = {"value": "not_applicable", "reason": "sans objet"}
    assert scored("aside", {"A1a": declined, "A1b": declined}).overall.poor_fit
    assert not scored("aside", {"A1a": declined}).overall.poor_fit
    assert not scored("aside", {"A1a": declined, "A1b": declined}, size="small").overall.poor_fit


def test_a_high_level_is_to_be_shown_unless_there_is_evidence() -> None:
    answers = {"A1a": 3, "A1b": {"value": 4, "evidence": " \n"}, "A3a": {"value": 4, "evidence": "Statuts"}, "B1a": 2}
    assert scored("levels", answers).to_confirm == ("A1a", "A1b")


def test_strengths_then_footholds_make_two() -> None:
    both = scored("levels", {"A1a": 3, "A1b": 4, "A2a": 4, "A3a": 2, "B1a": 3})
    assert (both.strengths, both.footholds) == (("A2", "A1", "B1"), ())
    one = scored("levels", {"A1a": 1, "A1b": 2, "A2a": 2, "A3a": 1, "B1a": 3})
    assert (one.strengths, one.footholds) == (("B1",), ("A2",))
    none = scored("levels", {"A1a": 1, "A1b": 2, "A2a": 2, "A3a": 1, "B1a": 1})
    assert (none.strengths, none.footholds) == ((), ("A2", "A1"))
