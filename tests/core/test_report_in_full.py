"""Each part of a report, field by field, beside the framework's file as it is written: no word is lost or another's."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from questionnaire.core.answer_set import answers_document
from questionnaire.core.loading import published
from questionnaire.core.plan import make_plan
from questionnaire.core.report import Report, build_report
from questionnaire.core.report_lines import LevelWord, SourceLine
from questionnaire.core.report_model import AlertLine, Named, ResourceLine, RuleLine, StageStep, Thresholds, Who
from questionnaire.core.review import Proposal, Review
from questionnaire.core.scoring import score
from tests.core.making import PUBLISHED, Values, read

FRAMEWORK = published().newest("faire-alliance")
CRITERIA: dict[str, tuple[Values, Values]] = {
    each["id"]: (dimension, each) for dimension in PUBLISHED["dimensions"] for each in dimension["criteria"]
}
QUESTIONS = [question["id"] for _, criterion in CRITERIA.values() for question in criterion["questions"]]
LEVELS = {
    each["level"]: LevelWord(each["level"], each["label"], each["meaning"]) for each in PUBLISHED["scale"]["levels"]
}
RESOURCES = {each["id"]: each for each in PUBLISHED["resources"]}
OCCITANIE, ELSEWHERE = "34", "35"


def document(department: str = OCCITANIE) -> Values:
    """Return an answers file that calls for many actions: levels 1, 2 and 3, some unknown, receipts in doubt."""
    values = dict(zip(QUESTIONS, [1, 2, 1, "unknown", 2, 3, 1] * 5, strict=False))
    return {
        "framework": "faire-alliance@1.0.0",
        "date": "2026-11-29",
        "association": {"name": "Les Passeurs", "rna": "W341000001", "siren": "123456789"},
        "profile": {
            "department": department,
            "territory": ["rural", "urban"],
            "employees": "under-3",
            "recent_partnerships": "1-2",
            "objective": "territory",
            "general_interest": "unknown",
            "tax_receipts": "yes",
            "success": "Une recyclerie du samedi.",
        },
        "answers": {name: {"value": value} for name, value in values.items()},
    }


def report(given: Values, review: Review | None = None) -> Report:
    return build_report(FRAMEWORK, read(FRAMEWORK, given), review)


def named(criterion: str) -> Named:
    dimension, values = CRITERIA[criterion]
    return Named(criterion, values["title"], dimension["id"], dimension["title"])


def resources(ids: list[str], region: str) -> tuple[ResourceLine, ...]:
    """Return what is shown in a region: its own in the place of the national one, and no other region's."""
    shown = []
    for name in ids:
        own = [each for each in RESOURCES.values() if each.get("replaces") == name and region in each["regions"]]
        line = own[0] if own else RESOURCES[name]
        if not line.get("regions") or region in line["regions"]:
            regional = bool(line.get("regions"))
            shown.append(ResourceLine(line["id"], line["name"], line["purpose"], line.get("url", ""), regional))
    return tuple(dict.fromkeys(shown))


@pytest.mark.parametrize(("department", "region"), [(OCCITANIE, "76"), (ELSEWHERE, "53")])
def test_an_action_says_all_that_the_framework_says_of_it(department: str, region: str) -> None:
    made = report(document(department))
    plan = make_plan(FRAMEWORK, answers := read(FRAMEWORK, document(department)), card := score(FRAMEWORK, answers))
    actions = (*plan.actions, *plan.later)
    listed = {each.criterion for each in actions}
    advised = {each.criterion: CRITERIA[each.criterion][1]["recommendations"][each.level] for each in actions}
    efforts = {each["id"]: (each["label"], each["meaning"]) for each in PUBLISHED["plan"]["efforts"]}
    horizons = {each["id"]: each["label"] for each in PUBLISHED["plan"]["horizons"]}
    assert len(actions) > 10
    for sheet, action in zip((*made.plan, *made.later), actions, strict=True):
        advice, values = advised[action.criterion], CRITERIA[action.criterion][1]
        own = card.criterion(action.criterion)
        assert sheet.criterion == named(action.criterion)
        assert sheet.essential is values.get("essential", False)
        assert (sheet.level, sheet.current) == (LEVELS[action.level], LEVELS.get(own.level or 0))
        assert (sheet.action, sheet.why) == (advice["action"], advice["why"])
        assert (list(sheet.first_steps), list(sheet.who)) == (advice["first_steps"], advice["who"])
        assert (sheet.effort, sheet.effort_meaning) == efforts[advice["effort"]]
        assert (sheet.horizon, sheet.reason, sheet.gain) == (horizons[advice["horizon"]], action.reason, action.gain)
        assert sheet.resources == resources(advice["resources"], region)
        assert sheet.objective == ("Peser sur un enjeu du territoire" if "territory" in values["serves"] else "")
        assert sheet.after == tuple(named(each) for each in advice.get("after", []) if each in listed)
        waiting = (name for name, other in advised.items() if action.criterion in other.get("after", []))
        assert sheet.unlocks == tuple(named(each) for each in waiting)
        low = [each.id for each in own.questions if isinstance(each.value, int) and each.value <= (own.level or 0)]
        assert list(sheet.raised) == (low if own.level in (1, 2) else [])
        assert [each.id for each in sheet.led_by] == (low or [each["id"] for each in values["questions"]])


def test_what_serves_another_objective_says_nothing_of_ours() -> None:
    given = document()
    del given["profile"]["objective"]
    assert {each.objective for each in report(given).plan} == {""}


def test_the_alert_of_a_rule_stands_with_its_action_and_alone() -> None:
    made, rules = report(document()), {each["id"]: each for each in PUBLISHED["rules"]}
    message = rules["tax-receipt-alert"]["message"]
    assert made.alerts == (AlertLine(message, named("CAD-2")),)
    assert {each.criterion.id: each.alerts for each in (*made.plan, *made.later) if each.alerts} == {
        "CAD-2": (message,)
    }


@pytest.mark.parametrize(("department", "region"), [(OCCITANIE, "76"), (ELSEWHERE, "53")])
def test_a_rule_that_applies_is_told_whole(department: str, region: str) -> None:
    given = document(department)
    given["profile"]["recent_partnerships"] = "none"
    made, rules = report(given), {each["id"]: each for each in PUBLISHED["rules"]}
    assert [each.id for each in made.rules] == ["no-partnership-yet", "tax-receipt-alert", "dla", "rural"]
    for line in made.rules:
        rule = rules[line.id]
        assert line == RuleLine(
            line.id,
            rule["message"],
            rule.get("context", ""),
            tuple(rule.get("not_applicable", ())),
            resources(rule.get("resources", []), region),
            named(rule["alert"]) if "alert" in rule else None,
        )
    assert made.overall.contexts == ("Avant le premier partenariat",)


def test_it_says_who_answers_and_which_framework() -> None:
    made, header = report(document()), PUBLISHED["framework"]
    assert made.who == Who("Les Passeurs", "W341000001", "123456789", "Hérault", "Occitanie")
    assert (made.date, made.success) == (date(2026, 11, 29), "Une recyclerie du samedi.")
    told = made.framework
    assert (told.id, told.version, told.sha256) == (header["id"], header["version"], FRAMEWORK.sha256)
    assert (told.title, told.purpose, told.status) == (header["title"], header["purpose"], header["status"])
    assert (told.is_not, told.duration) == (tuple(header["is_not"]), header["duration"])
    assert told.legal_notice == header["legal_notice"]
    assert made.scale == tuple(LEVELS.values())
    assert made.sources == tuple(
        SourceLine(ref, of["title"], of.get("author", ""), of.get("year"), of.get("pages"), of.get("url", ""))
        for ref, of in PUBLISHED["sources"].items()
    )


def test_an_unknown_place_has_no_name() -> None:
    given = document()
    del given["profile"]["department"]
    assert report(given).who == Who("Les Passeurs", "W341000001", "123456789", "", "")


def test_the_profile_is_told_in_words_in_the_order_of_the_file() -> None:
    made = {line.id: line for line in report(document()).profile}
    assert list(made) == [each["id"] for each in PUBLISHED["profile"]]
    for asked in PUBLISHED["profile"]:
        line = made[asked["id"]]
        assert (line.text, line.free_text) == (asked["text"], asked["type"] == "text")
    assert made["department"].answers == ("Hérault (34)",)
    assert made["success"].answers == ("Une recyclerie du samedi.",)
    assert made["sector"].answers == ()
    labels = {each["code"]: each["label"] for each in _asked("territory")["options"]}
    assert made["territory"].answers == (labels["rural"], labels["urban"])


def _asked(name: str) -> dict[str, Any]:
    return next(each for each in PUBLISHED["profile"] if each["id"] == name)


def test_the_result_is_that_of_the_scorecard() -> None:
    made, card = report(document()), score(FRAMEWORK, read(FRAMEWORK, document())).overall
    for name in ("score", "raw_score", "low", "high", "unknown_share", "flag", "stage", "uncapped_stage", "poor_fit"):
        assert getattr(made.overall, name) == getattr(card, name), name
    assert made.overall.capped_by == tuple(named(each) for each in card.capped_by)
    assert made.overall.provisional == tuple(named(each) for each in card.provisional)
    assert made.overall.steps == tuple(
        StageStep(each["label"], Fraction(each["from"]), each["label"] == card.stage) for each in PUBLISHED["stages"]
    )
    shown = {line.title: line.score for line in made.dimensions if line.score is not None}
    assert made.overall.lowest == tuple(title for title in shown if shown[title] == min(shown.values()))
    rules = PUBLISHED["scoring"]
    fragile, hidden, poor_fit = (Fraction(str(rules[f"{name}_above"])) for name in ("fragile", "hidden", "poor_fit"))
    assert made.thresholds == Thresholds(fragile, hidden, poor_fit, rules["essential_cap"])


def test_a_review_has_a_result_and_a_plan_of_its_own() -> None:
    changed = {name: Proposal(name, 4, "Vu sur place.") for name in ("ECO-1a", "ECO-1b", "STR-1a")}
    made = report(document(), Review("Camille", date(2026, 12, 1), {}, changed)).review
    given = document()
    given["answers"] |= {name: {"value": 4} for name in changed}
    theirs = report(given)
    assert made is not None
    assert (made.advisor, made.date, made.plan_changes) == ("Camille", date(2026, 12, 1), True)
    assert (made.overall, made.plan) == (theirs.overall, theirs.plan)
    own = report(document())
    assert [(each.title, each.own.score, each.reviewed.score) for each in made.dimensions] == [
        (mine.title, mine.score, other.score) for mine, other in zip(own.dimensions, theirs.dimensions, strict=True)
    ]
    assert [(each.criterion, each.question.id) for each in made.proposals] == [
        (named(name[:-1]), name) for name in changed
    ]


def test_the_answers_are_written_as_they_were_read() -> None:
    given = document()
    given["answers"]["ECO-1a"] = {"value": 3, "evidence": "Une note.", "comment": "De mars."}
    given["answers"]["ECO-2a"] = {"value": "not_applicable", "reason": "Aucun public."}
    assert answers_document(read(FRAMEWORK, given)) == given
    bare = {"framework": "faire-alliance@1.0.0", "association": {}, "profile": {}, "answers": {}}
    assert answers_document(read(FRAMEWORK, bare)) == bare
