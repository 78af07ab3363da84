"""Where elected officials, residents and companies stand in the answers: a reading, not a score.

The guide says which criteria and profile answers to read; a criterion the framework does not have is not read, and a
part about which nothing can be read is left out. It may not score: levels are the scorecard's.
"""

from __future__ import annotations

from collections.abc import Iterable

from questionnaire.core.guide import AnyOf, Legitimacies, Together, Voice
from questionnaire.core.report_lines import LevelWord
from questionnaire.core.report_reading import Reading
from questionnaire.core.report_sheets import LegitimaciesPart, Standing, TogetherLine, VoiceLine
from questionnaire.core.rules import holds
from questionnaire.core.scoring import CriterionScore

INSTALLED = 3  # from this level on, a voice takes its part


def legitimacies_part(reading: Reading, guide: Legitimacies | None) -> LegitimaciesPart | None:
    """Return who is round the table, None where the framework does not ask what the guide reads."""
    if guide is None or not all(_readable(reading, voice) for voice in guide.voices):
        return None
    together = (each for each in guide.together if each.criterion in _known(reading))
    return LegitimaciesPart(
        guide.lead,
        tuple(_voice(reading, each) for each in guide.voices),
        tuple(_together(reading, each) for each in together),
    )


def any_holds(reading: Reading, conditions: AnyOf) -> bool:
    """Tell whether one of these conditions holds for the answers."""
    given = (reading.answers.profile, reading.answers.answers)
    return any(holds(each, *given) for each in conditions)


def _readable(reading: Reading, voice: Voice) -> bool:
    asked = {question.id for question in reading.framework.profile}
    keys = {key for condition in (*voice.linked, *voice.engaged) for key in condition}
    return bool(set(voice.criteria) & _known(reading) or keys & asked)


def _known(reading: Reading) -> set[str]:
    return {criterion.id for criterion in reading.framework.criteria}


def _voice(reading: Reading, voice: Voice) -> VoiceLine:
    criteria = [reading.scorecard.criterion(each) for each in voice.criteria if each in _known(reading)]
    level = _lowest(reading, criteria)
    linked = _linked(reading, voice)
    standing = _standing(criteria, level, linked, any_holds(reading, voice.engaged))
    return VoiceLine(
        id=voice.id,
        name=voice.name,
        short=voice.short,
        brings=voice.brings,
        standing=standing,
        level=level,
        criteria=tuple(reading.framework.criterion(each.id).title for each in criteria),
        linked=linked,
        first_step=voice.first_step if standing in ("absent", "unknown") else "",
    )


def _linked(reading: Reading, voice: Voice) -> bool | None:
    """Tell whether the profile names a link; None where its questions were not answered."""
    asked = {key for condition in voice.linked for key in condition}
    if any_holds(reading, voice.linked):
        return True
    return False if asked & set(reading.answers.profile) else None


def _lowest(reading: Reading, criteria: Iterable[CriterionScore]) -> LevelWord | None:
    levels = [each.level for each in criteria if each.level is not None]
    return reading.level(min(levels)) if levels else None


def _standing(criteria: list[CriterionScore], level: LevelWord | None, linked: bool | None, engaged: bool) -> Standing:
    if engaged or (level and level.level >= INSTALLED):
        return "engaged"
    if linked or (level and level.level > 1):
        return "linked"
    if criteria and all(each.status == "not_applicable" for each in criteria):
        return "not_applicable"
    return "absent" if level or linked is False else "unknown"


def _together(reading: Reading, line: Together) -> TogetherLine:
    criterion = reading.scorecard.criterion(line.criterion)
    level = reading.level(criterion.level)
    standing = _standing([criterion], level, None, False)
    return TogetherLine(line.name, line.says, line.criterion, standing, level)
