"""Small valid frameworks and answers to them, drawn by hypothesis: plain values in the format of FRAMEWORK.md.

Made to reach the corners: hidden dimensions, rules that set questions aside, alerts, dependencies, few quick actions.
"""

import json
from typing import Any

import yaml
from hypothesis import strategies as st

from questionnaire.core.answers import AnswerSet, parse_answers
from questionnaire.core.framework import Framework
from questionnaire.core.loading import parse_framework, published
from questionnaire.core.loading.territory_files import FOLDER

Values = dict[str, Any]
PUBLISHED: Values = yaml.safe_load((FOLDER / "faire-alliance-1.0.0.yaml").read_bytes())
OBJECTIVES = ["money", "people", "place"]
HORIZONS = ["soon", "later", "one-day"]
EFFORTS = [("light", 1), ("medium", 2), ("heavy", 3)]
PROFILE = [
    {
        "id": "objective",
        "text": "?",
        "type": "single",
        "used_for": "-",
        "options": [{"code": c, "label": c} for c in OBJECTIVES],
    },
    {
        "id": "traits",
        "text": "?",
        "type": "multiple",
        "used_for": "-",
        "options": [{"code": c, "label": c} for c in ("rural", "young", "alone")],
        "exclusive": ["alone"],
    },
    {"id": "place", "text": "?", "type": "single", "used_for": "-", "options_from": "departments"},
    {"id": "story", "text": "?", "type": "text", "used_for": "-", "optional": True, "max_length": 50},
]
PROFILE_CODES = {"objective": OBJECTIVES, "traits": ["rural", "young", "alone"], "place": ["34", "2A", "988"]}
ANSWERS = [1, 2, 3, 4, "unknown", "not_applicable"]
HEADER = {
    "id": "tiny",
    "version": "1.2.3",
    "language": "fr",
    "title": "Petit cadre",
    "purpose": "-",
    "status": "-",
    "is_not": ["un label"],
    "duration": "-",
    "legal_notice": "-",
}


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def loaded(values: Values) -> Framework:
    """Write the values as YAML and load them as any framework file."""
    if values is PUBLISHED:
        return published().newest("faire-alliance")
    return parse_framework(yaml.dump(values, Dumper=_Plain, allow_unicode=True, sort_keys=False).encode())


def read(framework: Framework, document: Values) -> AnswerSet:
    """Write the answers as JSON and read them as any answers file."""
    return parse_answers(json.dumps(document).encode(), framework)[0]


@st.composite
def frameworks(draw: st.DrawFn, *, rules_read_questions: bool = True) -> Values:
    """Draw the values of a valid framework file."""
    dimensions: list[Values] = [
        {"id": f"D{d}", "title": "-", "guiding_question": "-", "rationale": "-", "criteria": draw(_criteria(f"D{d}"))}
        for d in range(draw(st.integers(1, 3)))
    ]
    criteria: list[Values] = [criterion for dimension in dimensions for criterion in dimension["criteria"]]
    _draw_after(draw, criteria)
    questions = [question["id"] for criterion in criteria for question in criterion["questions"]]
    aside = draw(st.lists(st.sampled_from(questions), max_size=3, unique=True))
    readable = {name: ANSWERS for name in questions if name not in aside} if rules_read_questions else {}
    condition = _conditions({**PROFILE_CODES, **readable})
    return {
        "framework": HEADER,
        "scale": _scale(),
        "stages": draw(_stages()),
        "scoring": _percents(draw) | {"essential_cap": "stage 0"},
        "plan": draw(_plan(_conditions(PROFILE_CODES))),
        "profile": PROFILE,
        "rules": [draw(_rule(number, condition, aside, criteria)) for number in range(draw(st.integers(0, 4)))],
        "first_look": {"profile": ["objective"], "questions": [{"question": questions[0]}], "max_actions": 1},
        "dimensions": dimensions,
        "resources": [{"id": "help", "name": "-", "purpose": "-"}],
        "benchmarks": [],
        "sources": {"BOOK": {"title": "-"}},
    }


@st.composite
def answer_documents(draw: st.DrawFn, values: Values) -> Values:
    """Draw a valid answers file for these values."""
    questions = [q for d in values["dimensions"] for c in d["criteria"] for q in c["questions"]]
    answers = {q["id"]: draw(_answer("not_applicable" in q)) for q in questions if draw(st.integers(0, 4))}
    profile: Values = {}
    for name, codes in PROFILE_CODES.items():
        if draw(st.booleans()):
            code = draw(st.sampled_from(codes))
            profile[name] = [code] if name == "traits" else code
    return {"framework": "tiny@1.2.3", "profile": profile, "answers": answers}


def cases(*, rules_read_questions: bool = True) -> st.SearchStrategy[tuple[Values, Values]]:
    """Draw a framework's values, small or the published one, and an answers file for it."""
    return st.one_of(_small_cases(rules_read_questions), st.tuples(st.just(PUBLISHED), published_answers()))


@st.composite
def _small_cases(draw: st.DrawFn, rules_read_questions: bool) -> tuple[Values, Values]:
    values = draw(frameworks(rules_read_questions=rules_read_questions))
    return values, draw(answer_documents(values))


@st.composite
def published_answers(draw: st.DrawFn) -> Values:
    """Draw answers to the published framework, its rules firing now and then."""
    answers: Values = {}
    for dimension in PUBLISHED["dimensions"]:
        for question in (question for criterion in dimension["criteria"] for question in criterion["questions"]):
            if draw(st.integers(0, 8)):
                answers[question["id"]] = draw(_answer("not_applicable" in question))
    choices = {"employees": ["none", "3-9"], "recent_partnerships": ["none", "1-2"], "tax_receipts": ["yes", "no"]}
    choices |= {"general_interest": ["no", "assumed", "tax-ruling"], "objective": ["funding", "territory", "people"]}
    profile = {name: draw(st.sampled_from(codes)) for name, codes in choices.items() if draw(st.integers(0, 5))}
    return {"framework": "faire-alliance@1.0.0", "profile": profile, "answers": answers}


def _answer(declinable: bool) -> st.SearchStrategy[Any]:
    short: list[Any] = [1, 1, 2, 2, 3, 4, "unknown"]
    long = [{"value": 4, "evidence": "un document"}, {"value": 3, "evidence": " "}, {"value": 2, "comment": "-"}]
    declined = [{"value": "not_applicable", "reason": "sans objet"}] if declinable else []
    return st.sampled_from([*short, *long, *declined, *declined])


@st.composite
def _criteria(draw: st.DrawFn, dimension: str) -> list[Values]:
    return [draw(_criterion(f"{dimension}-{number}")) for number in range(draw(st.integers(1, 3)))]


@st.composite
def _criterion(draw: st.DrawFn, name: str) -> Values:
    return {
        "id": name,
        "title": "-",
        "essential": draw(st.booleans()),
        "serves": draw(st.lists(st.sampled_from(OBJECTIVES), max_size=2, unique=True)),
        "questions": [_question(f"{name}{letter}", draw(st.booleans())) for letter in "abc"[: draw(st.integers(1, 3))]],
        "recommendations": {level: _recommendation(draw) for level in (1, 2)},
        "next_step": "-",
        "advisor_question": "-",
        "sources": [{"ref": "BOOK", "locator": "-"}],
    }


def _question(name: str, declinable: bool) -> Values:
    question: Values = {"id": name, "text": "?", "levels": dict.fromkeys((1, 2, 3, 4), "-"), "evidence": ["-"]}
    return question | ({"not_applicable": "-"} if declinable else {})


def _recommendation(draw: st.DrawFn) -> Values:
    return {
        "action": "-",
        "why": "-",
        "first_steps": ["-"],
        "who": ["-"],
        "effort": draw(st.sampled_from([name for name, _ in EFFORTS])),
        "horizon": draw(st.sampled_from(HORIZONS)),
        "resources": ["help"],
    }


def _draw_after(draw: st.DrawFn, criteria: list[Values]) -> None:
    """Let some criteria wait for others, never in a loop: only for earlier ones of a shuffled list."""
    shuffled = draw(st.permutations(criteria))
    for place, criterion in enumerate(shuffled):
        for level in (1, 2):
            if place and draw(st.booleans()):
                earlier: st.SearchStrategy[str] = st.sampled_from([other["id"] for other in shuffled[:place]])
                criterion["recommendations"][level]["after"] = draw(st.lists(earlier, max_size=2, unique=True))


@st.composite
def _conditions(draw: st.DrawFn, readable: dict[str, list[Any]]) -> Values:
    keys = draw(st.lists(st.sampled_from(sorted(readable)), min_size=1, max_size=2, unique=True))
    return {key: draw(st.lists(st.sampled_from(readable[key]), min_size=1, max_size=3)) for key in keys}


@st.composite
def _rule(
    draw: st.DrawFn, number: int, condition: st.SearchStrategy[Values], aside: list[str], criteria: list[Values]
) -> Values:
    rule: Values = {"id": f"rule-{number}", "when": draw(condition), "message": "-"}
    if draw(st.integers(0, 3)) == 0:
        rule["unless"] = draw(condition)
    if bool(aside) and draw(st.booleans()):
        rule["not_applicable"] = draw(st.lists(st.sampled_from(aside), max_size=3))
    if draw(st.booleans()):
        rule["alert"] = draw(st.sampled_from(criteria))["id"]
    return rule


@st.composite
def _stages(draw: st.DrawFn) -> list[Values]:
    starts = sorted(draw(st.sets(st.sampled_from([12.5, 25, 33, 33.4, 50, 75]), max_size=3)))
    return [{"from": start, "label": f"stage {number}"} for number, start in enumerate([0, *starts])]


def _percents(draw: st.DrawFn) -> Values:
    return {
        name: draw(st.sampled_from([0, 20, 25, 50, 66.6, 100]))
        for name in ("fragile_above", "hidden_above", "poor_fit_above")
    }


@st.composite
def _plan(draw: st.DrawFn, condition: st.SearchStrategy[Values]) -> Values:
    return {
        "max_actions": draw(st.integers(1, 5)),
        "max_actions_small": draw(st.integers(1, 3)),
        "max_per_dimension": draw(st.integers(1, 3)),
        "quick_horizon": "soon",
        "small_when": draw(condition),
        "efforts": [{"id": name, "label": "-", "meaning": "-", "cost": cost} for name, cost in EFFORTS],
        "horizons": [{"id": name, "label": "-"} for name in HORIZONS],
    }


def _scale() -> Values:
    special = {"label": "-", "effect": "-"}
    levels = [{"level": number, "label": f"niveau {number}", "meaning": "-"} for number in (1, 2, 3, 4)]
    return {"levels": levels, "unknown": special, "not_applicable": special}
