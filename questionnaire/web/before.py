"""What was answered the time before, in words, to stand beside a question; nothing here fills a field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from questionnaire.core.comparison import LastTime
from questionnaire.core.framework import ProfileQuestion, Question
from questionnaire.core.territory import territory


@dataclass(frozen=True)
class Before:
    """The time before, as a page shows it. `day` is when it was finished."""

    last: LastTime

    @property
    def day(self) -> date | None:
        """The day on which the time before was finished."""
        return self.last.answers.date

    def recalls(self, question: Question | ProfileQuestion) -> bool:
        """Say whether it makes sense to ask where the association was, seen from today."""
        answer = self.last.answers.answers.get(question.id)
        return isinstance(question, Question) and answer is not None and answer.value != "not_applicable"

    def words(self, question: Question | ProfileQuestion) -> str:
        """Return what was answered to this question, '' if it was not asked or not answered."""
        return self._level(question.id) if isinstance(question, Question) else self._profile(question)

    def _level(self, name: str) -> str:
        answer, scale = self.last.answers.answers.get(name), self.last.framework.scale
        if answer is None:
            return ""
        if not isinstance(answer.value, int):
            return (scale.unknown if answer.value == "unknown" else scale.not_applicable).label
        label = next(each.label for each in scale.levels if each.level == answer.value)
        return f"{answer.value} {label}. {self.last.framework.question(name).levels[answer.value]}"

    def _profile(self, question: ProfileQuestion) -> str:
        given = self.last.answers.profile.get(question.id, ())
        codes = (given,) if isinstance(given, str) else given
        labels = {option.code: option.label for option in question.options}
        if question.options_from:
            labels = {code: place.label for code, place in territory().departments.items()}
        return ", ".join(labels.get(code, code) for code in codes)
