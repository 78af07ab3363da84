"""The plan as an advisor sees it: the association's actions kept or set aside, others of their own, in their order.

It stands beside the association's plan, which stays as it is. It may not change an action's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from questionnaire.core.report_lines import Advice, AdvisedAction
from questionnaire.core.report_model import ActionSheet
from questionnaire.core.review import Review


def advice(review: Review, plan: Sequence[ActionSheet]) -> Advice | None:
    """Return the advisor's plan, None while they said nothing of it.

    An action without a place keeps its own: those of the plan first, then the advisor's. Where two want the same
    place, the one that was put there comes first.
    """
    named = {sheet.criterion.id: _kept(sheet) for sheet in plan}
    aside = tuple((named[name].action, why) for name, why in review.aside.items() if name in named)
    own = {name: AdvisedAction("", each.title, each.why, each.first_steps) for name, each in review.own.items()}
    listed = {name: each for name, each in (named | own).items() if name not in review.aside}
    natural = {name: at for at, name in enumerate(listed, 1)}
    moved = {name: place for name, place in review.places.items() if name in listed}
    if not (aside or own or moved):
        return None
    order = sorted(listed, key=lambda name: (moved.get(name, natural[name]), name not in moved, natural[name]))
    return Advice(tuple(listed[name] for name in order), aside)


def _kept(sheet: ActionSheet) -> AdvisedAction:
    return AdvisedAction(sheet.criterion.id, sheet.action, sheet.why, sheet.first_steps)
