"""The fingerprint of a result, kept when an assessment is finished: `questionnaire verify` makes it again and compares.

Results themselves are not kept: the answers and the framework are, and the core makes the result from them.
"""

from __future__ import annotations

import hashlib

from questionnaire.core.answers import AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.plan import make_plan
from questionnaire.core.result import result_json
from questionnaire.core.scoring import score


def result_sha256(framework: Framework, answers: AnswerSet) -> str:
    """Return the SHA-256 of the result document of these answers."""
    scorecard = score(framework, answers)
    return hashlib.sha256(result_json(scorecard, make_plan(framework, answers, scorecard))).hexdigest()
