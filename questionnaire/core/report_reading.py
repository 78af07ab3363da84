"""One reading of a set of answers: framework, answers and scorecard together, and the words for their ids.

It turns ids into words of the framework, the same way for every part of a report. It may not score, order or choose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.core.answers import AnswerSet
from questionnaire.core.framework import Framework, Source
from questionnaire.core.report_lines import LevelWord, Option, SourceLine
from questionnaire.core.report_model import Named, ResourceLine, RuleLine
from questionnaire.core.scoring import Scorecard


@dataclass(frozen=True)
class Reading:
    """What every part of a report is made from. `region` is '' when the department is not known."""

    framework: Framework
    answers: AnswerSet
    scorecard: Scorecard
    region: str = ""

    def named(self, criterion: str) -> Named:
        """Return a criterion's name and place."""
        dimension = self.framework.dimension_of(criterion)
        return Named(criterion, self.framework.criterion(criterion).title, dimension.id, dimension.title)

    def all_named(self, criteria: Iterable[str]) -> tuple[Named, ...]:
        """Return the names of several criteria, in the order given."""
        return tuple(self.named(criterion) for criterion in criteria)

    def scale(self) -> tuple[LevelWord, ...]:
        """Return the four levels with their words."""
        return tuple(LevelWord(each.level, each.label, each.meaning) for each in self.framework.scale.levels)

    def level(self, level: int | None) -> LevelWord | None:
        """Return a level's word, None where there is no level."""
        return next((word for word in self.scale() if word.level == level), None)

    def options(self, question: str) -> tuple[Option, ...]:
        """Return the four described levels of a question."""
        texts = self.framework.question(question).levels
        return tuple(Option(word, texts[word.level]) for word in self.scale())

    def choice(self, profile_id: str) -> tuple[str, ...]:
        """Return the codes answered to a profile question."""
        value = self.answers.profile.get(profile_id, ())
        return (value,) if isinstance(value, str) else tuple(value)

    def resources(self, ids: Iterable[str]) -> tuple[ResourceLine, ...]:
        """Return the resources shown in the association's region; a regional one takes the place it replaces."""
        found = (self._resource_here(each) for each in ids)
        return tuple(dict.fromkeys(line for line in found if line))

    def _resource_here(self, resource_id: str) -> ResourceLine | None:
        stand_ins = (each for each in self.framework.resources if each.replaces == resource_id)
        resource = next(
            (each for each in stand_ins if self.region in each.regions), self.framework.resource(resource_id)
        )
        regional = bool(resource.regions)
        if regional and self.region not in resource.regions:
            return None
        return ResourceLine(resource.id, resource.name, resource.purpose, web_address(resource.url), regional)

    def rule(self, rule_id: str) -> RuleLine:
        """Return a firing rule's words."""
        rule = self.framework.rule(rule_id)
        alert = self.named(rule.alert) if rule.alert else None
        resources = self.resources(rule.resources)
        return RuleLine(rule.id, rule.message, rule.context or "", rule.not_applicable, resources, alert)


def web_address(url: str | None) -> str:
    """Return the address if it is a web address, else '': nothing else may become a link."""
    return url if url and url.startswith(("https://", "http://")) else ""


def source_line(ref: str, source: Source, locator: str = "") -> SourceLine:
    """Return a source in words."""
    address = web_address(source.url)
    return SourceLine(ref, source.title, source.author or "", source.year, source.pages, address, locator)
