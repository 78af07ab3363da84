"""What a report takes over word for word: from the framework, what goes with it, who answered and who read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.companions import Companions
from questionnaire.core.loading import parse_framework, published, published_companions
from questionnaire.core.loading.guide_file import parse_guide
from questionnaire.core.loading.territory_files import FOLDER as PUBLISHED
from questionnaire.core.report import Around, Report, build_report
from questionnaire.core.report_lines import AdvisedAction, LevelWord
from questionnaire.core.report_talk import MOMENTS
from questionnaire.core.review import OwnAction, Proposal, Review

FRAMEWORK = published().newest("faire-alliance")
GUIDE = published_companions().guides["faire-alliance"]
FACTS = {each.id: each for each in published_companions().facts.facts}
DAY = date(2026, 12, 3)
GUIDES = PUBLISHED / "guides"
FOLDER = Path(__file__).parents[1] / "frameworks"


def report(
    answers: dict[str, Any] | None = None,
    review: Review | None = None,
    profile: dict[str, Any] | None = None,
    level: int | str = 2,
) -> Report:
    """Return the report of such answers, with all that goes with the published framework."""
    document = {
        "framework": FRAMEWORK.id,
        "profile": {"department": "34", "recent_partnerships": "1-2", **(profile or {})},
        "answers": {**{each.id: level for each in FRAMEWORK.questions}, **(answers or {})},
    }
    given, _ = parse_answers(json.dumps(document).encode(), FRAMEWORK)
    return build_report(FRAMEWORK, given, review, Around(companions=published_companions().on(DAY)))


def word(level: int) -> LevelWord:
    """Return a level of the published scale in words."""
    found = FRAMEWORK.scale.level(level)
    return LevelWord(found.level, found.label, found.meaning)


def test_a_source_is_named_whole_and_each_criterion_says_where_in_it() -> None:
    made = report()
    for line in made.sources:
        source = FRAMEWORK.source(line.ref)
        kept = (source.title, source.author or "", source.year, source.pages, source.url or "", "")
        assert (line.title, line.author, line.year, line.pages, line.url, line.locator) == kept
    criterion = FRAMEWORK.criterion("ECO-1")
    cited = [(each.ref, each.locator) for each in criterion.sources]
    assert [(each.ref, each.locator) for each in made.dimensions[0].criteria[0].sources] == cited


def test_a_theme_says_how_much_of_it_is_not_known() -> None:
    first = report({"ECO-1a": "unknown"}).dimensions[0]
    assert first.id == "ECO"
    assert first.unknown_share == pytest.approx(100 / len(first.questions))


def test_a_rule_says_what_it_is_and_which_questions_it_sets_aside() -> None:
    rule = next(each for each in report(profile={"recent_partnerships": "none"}).rules if each.set_aside)
    assert (rule.id, rule.set_aside) == (rule.id, FRAMEWORK.rule(rule.id).not_applicable)


@pytest.mark.parametrize("level", [1, 2])
def test_an_action_says_its_level_and_whether_it_lays_a_base(level: int) -> None:
    for sheet in (*(made := report(level=level)).plan, *made.later):
        assert (sheet.level, sheet.current) == (word(level), word(level))


def test_an_alert_on_what_is_not_known_is_led_by_the_questions_that_were_asked() -> None:
    text = (FOLDER / "aside.yaml").read_text().replace("not_applicable: [A1a, A1b]", "not_applicable: [A1a], alert: A1")
    framework = parse_framework(text.encode())
    document = {"framework": "aside", "profile": {"size": "small"}, "answers": {"A1a": 1}}
    (sheet,) = build_report(framework, parse_answers(json.dumps(document).encode(), framework)[0]).plan
    assert (sheet.reason, sheet.level.level, sheet.current) == ("alert", 1, None)
    assert (sheet.raised, [each.id for each in sheet.led_by]) == ((), ["A1b"])


REVIEW = Review("Camille Martin", DAY, proposals={"ECO-1a": Proposal("ECO-1a", 4, "Relue chaque année.")})


def test_an_opinion_says_who_gave_it_when_and_about_what() -> None:
    part = report(review=REVIEW).review
    assert part
    assert (part.advisor, part.date) == ("Camille Martin", DAY)
    assert [each.title for each in part.dimensions] == [each.title for each in FRAMEWORK.dimensions]
    assert [(each.criterion.id, each.question.id) for each in part.proposals] == [("ECO-1", "ECO-1a")]


def test_the_advisor_s_levels_give_a_result_of_their_own() -> None:
    made = report(review=REVIEW)
    assert made.review
    assert made.overall.score is not None
    assert made.review.overall.score is not None
    assert made.review.overall.score > made.overall.score


@pytest.mark.parametrize(("level", "changes"), [(2, False), (4, True)])
def test_whether_the_advisor_s_levels_change_the_plan_is_told_with_the_other_plan(level: int, changes: bool) -> None:
    lead = FRAMEWORK.criterion(report().plan[0].criterion.id)
    said = {each.id: Proposal(each.id, level, "Vu sur place.") for each in lead.questions}
    made = report(review=Review("Camille Martin", proposals=said))
    assert made.review
    assert made.review.plan_changes is changes
    assert (lead.id in {each.criterion.id for each in made.review.plan}) is not changes


def test_an_advised_action_keeps_its_words_whoever_wrote_it() -> None:
    own = OwnAction("Inviter le maire", "Il le propose.", ("L’appeler",))
    made = report(review=Review("Camille Martin", own={"a": own}))
    assert made.review
    assert made.review.advice
    first, last = made.review.advice.actions[0], made.review.advice.actions[-1]
    sheet = made.plan[0]
    assert first == AdvisedAction(sheet.criterion.id, sheet.action, sheet.why, sheet.first_steps)
    assert last == AdvisedAction("", "Inviter le maire", "Il le propose.", ("L’appeler",))


def test_an_action_put_elsewhere_is_advice_enough() -> None:
    made = report(review=Review("Camille Martin", places={report().plan[1].criterion.id: 1}))
    assert made.review
    assert made.review.advice


def test_the_talk_has_its_five_moments_two_things_to_build_on_and_a_question_an_action() -> None:
    doubts = dict.fromkeys(("ECO-2a", "ECO-3a", "STR-1a", "STR-3a", "CAP-1a"), "unknown")
    made = report({"ECO-1a": 4, "ECO-1b": 4, "REL-5a": 4, "REL-5b": 4, "EVA-1a": 4} | doubts)
    talk = made.talk
    assert talk.moments == MOMENTS
    assert talk.build_on == made.strengths[:2]
    assert talk.doubts == made.to_check[:5]
    asked = [(each.criterion.id, FRAMEWORK.criterion(each.criterion.id).advisor_question) for each in made.plan]
    assert [(each.id, question) for each, question in talk.questions] == asked


def test_voices_and_what_brings_them_together_speak_in_the_words_of_the_guide() -> None:
    made = report({"ECO-4a": 3}, profile={"partners": ["local-authority"]}).legitimacies
    assert made
    assert GUIDE.legitimacies
    for line, voice in zip(made.voices, GUIDE.legitimacies.voices, strict=True):
        assert (line.name, line.short, line.brings) == (voice.name, voice.short, voice.brings)
    elected = made.voices[0]
    assert (elected.level, elected.linked) == (word(3), True)
    assert elected.criteria == (FRAMEWORK.criterion("ECO-4").title,)
    for both, said in zip(made.together, GUIDE.legitimacies.together, strict=True):
        assert (both.name, both.says, both.level) == (said.name, said.says, word(2))


def test_what_brings_the_voices_together_may_be_of_no_concern() -> None:
    text = (GUIDES / "faire-alliance.yaml").read_text("utf-8").replace("criterion: REL-5", "criterion: ECO-2")
    document = {"framework": FRAMEWORK.id, "answers": {"ECO-2a": {"value": "not_applicable", "reason": "Réseau"}}}
    beside = Companions(guides={FRAMEWORK.id: parse_guide(text.encode(), published())})
    given, _ = parse_answers(json.dumps(document).encode(), FRAMEWORK)
    part = build_report(FRAMEWORK, given, around=Around(companions=beside)).legitimacies
    assert part
    assert {each.criterion: each.standing for each in part.together}["ECO-2"] == "not_applicable"


KEPT = "lead exchange alliance steps networks convention where_needed helps pitfalls"


def test_the_sheet_on_companies_speaks_in_the_words_of_the_guide() -> None:
    part = report().company
    assert part
    assert GUIDE.company
    for name in KEPT.split():
        assert getattr(part, name) == getattr(GUIDE.company, name)
    said = [(each.id, each.name, each.what, each.each) for each in part.forms]
    assert said == [(each.id, each.name, each.what, each.each) for each in GUIDE.company.forms]


def test_a_legal_point_stands_under_its_heading_with_its_address_and_the_day_it_was_checked() -> None:
    part = report().company
    assert part
    titles = {each.id: each.title for each in published_companions().facts.topics}
    for topic in part.checklist:
        for line in topic.facts:
            fact = FACTS[line.id]
            assert titles[fact.topic] == topic.title
            assert (line.url, line.checked) == (fact.url or "", fact.checked)


def test_a_figure_from_elsewhere_names_its_source() -> None:
    made = report()
    assert [each.id for each in made.benchmarks if each.references[0].title]
    assert {each.id for each in made.benchmarks} <= {each.id for each in FRAMEWORK.benchmarks}
