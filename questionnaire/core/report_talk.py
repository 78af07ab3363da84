"""What an advisor needs at hand for an hour's talk: its five moments, and what of the report serves each.

It chooses and orders; it says nothing of its own. What to say stands in the advisor's edition and on the talk's pages.
"""

from __future__ import annotations

from collections.abc import Iterable

from questionnaire.core.plan import Plan
from questionnaire.core.report_dimensions import points, strengths
from questionnaire.core.report_lines import DimensionLine
from questionnaire.core.report_model import Moment, TalkGuide
from questionnaire.core.report_reading import Reading

MOMENTS = (
    Moment("surprises", 10, "Ce qui a surpris"),
    Moment("build_on", 10, "Ce sur quoi s’appuyer"),
    Moment("doubts", 20, "Les écarts et les doutes"),
    Moment("actions", 15, "S’accorder sur trois à cinq actions"),
    Moment("next", 5, "Se donner rendez-vous"),
)
TO_BUILD_ON = 2
DOUBTS = 5


def talk_guide(reading: Reading, plan: Plan, lines: Iterable[DimensionLine]) -> TalkGuide:
    """Return two strengths or footholds, the first doubts (unknown before unproved), and a question for each action."""
    own = tuple(lines)
    scorecard = reading.scorecard
    best = (*scorecard.strengths, *scorecard.footholds)[:TO_BUILD_ON]
    doubts = (*points(reading, own, scorecard.to_check), *points(reading, own, scorecard.to_confirm))
    named = reading.all_named(action.criterion for action in plan.actions)
    asked = tuple((each, reading.framework.criterion(each.id).advisor_question) for each in named)
    return TalkGuide(MOMENTS, strengths(reading, own, best), doubts[:DOUBTS], asked)
