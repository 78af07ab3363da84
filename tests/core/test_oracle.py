"""The core and a second reading of the specification agree to the byte, on drawn frameworks and the published one."""

import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.core.framework import Framework
from questionnaire.core.loading import published
from questionnaire.core.loading.territory_files import FOLDER
from questionnaire.core.plan import make_plan
from questionnaire.core.result import result_json
from questionnaire.core.scoring import score
from tests.core import oracle
from tests.core.making import Values, cases, loaded, read

PUBLISHED: Values = yaml.safe_load((FOLDER / "faire-alliance-1.0.0.yaml").read_bytes())


def printed(framework: Framework, document: Values) -> Any:
    answers = read(framework, document)
    scorecard = score(framework, answers)
    return result_json(scorecard, make_plan(framework, answers, scorecard))


def expected(values: Values, document: Values, framework: Framework) -> bytes:
    result = oracle.result(values, document, framework.sha256)
    return (json.dumps(result, ensure_ascii=False, indent=2) + "\n").encode()


@given(cases())
def test_drawn_frameworks_score_as_the_page_says(case: tuple[Values, Values]) -> None:
    values, document = case
    framework = loaded(values)
    assert printed(framework, document) == expected(values, document, framework)


@st.composite
def published_answers(draw: st.DrawFn) -> Values:
    answers: Values = {}
    for dimension in PUBLISHED["dimensions"]:
        for question in (question for criterion in dimension["criteria"] for question in criterion["questions"]):
            value: Any = draw(st.sampled_from([1, 2, 2, 3, 3, 4, "unknown", "not_applicable", None]))
            if value == "not_applicable":
                value = {"value": value, "reason": "sans objet"} if "not_applicable" in question else 1
            answers |= {} if value is None else {question["id"]: value}
    choices = {"employees": ["none", "3-9"], "recent_partnerships": ["none", "1-2"], "tax_receipts": ["yes", "no"]}
    choices |= {"general_interest": ["no", "assumed", "tax-ruling"], "objective": ["funding", "territory", "people"]}
    profile = {name: draw(st.sampled_from(codes)) for name, codes in choices.items() if draw(st.integers(0, 5))}
    return {"framework": "faire-alliance@1.0.0", "profile": profile, "answers": answers}


@given(published_answers())
def test_the_published_framework_scores_as_the_page_says(document: Values) -> None:
    framework = published().newest("faire-alliance")
    assert printed(framework, document) == expected(PUBLISHED, document, framework)


def test_the_examples_score_as_the_page_says() -> None:
    framework = published().newest("faire-alliance")
    for path in sorted(Path("examples").glob("*.json")):
        document = json.loads(path.read_bytes())
        assert printed(framework, document) == expected(PUBLISHED, document, framework)
