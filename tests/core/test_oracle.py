"""The core and a second reading of the specification agree to the byte, on drawn frameworks and the published one."""

import json
from pathlib import Path

from hypothesis import given

from questionnaire.core.framework import Framework
from questionnaire.core.plan import make_plan
from questionnaire.core.result import result_json
from questionnaire.core.scoring import score
from tests.core import oracle
from tests.core.making import PUBLISHED, Values, cases, loaded, read

EXAMPLES = Path(__file__).parents[2] / "examples"


def printed(framework: Framework, document: Values) -> bytes:
    answers = read(framework, document)
    scorecard = score(framework, answers)
    return result_json(scorecard, make_plan(framework, answers, scorecard))


def expected(values: Values, document: Values, framework: Framework) -> bytes:
    result = oracle.result(values, document, framework.sha256)
    return (json.dumps(result, ensure_ascii=False, indent=2) + "\n").encode()


@given(cases())
def test_drawn_answers_score_as_the_page_says(case: tuple[Values, Values]) -> None:
    values, document = case
    framework = loaded(values)
    assert printed(framework, document) == expected(values, document, framework)


def test_the_examples_score_as_the_page_says() -> None:
    framework = loaded(PUBLISHED)
    for path in sorted(EXAMPLES.glob("*.json")):
        document = json.loads(path.read_bytes())
        assert printed(framework, document) == expected(PUBLISHED, document, framework)
