"""How far an assessment is: what is asked on each page, what is answered, what is left.

Pure. A page is the profile or a dimension. What a rule sets aside is not asked, so it is never left to do; a profile
question that is `optional` may stay empty. An assessment may be finished when nothing is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from questionnaire.core.answers import AnswerSet
from questionnaire.core.framework import Framework
from questionnaire.core.scoring import set_aside

PROFILE = "profile"
MINUTES_EACH = Fraction(45, 48)  # the whole questionnaire: 48 questions in 45 minutes


class Status(StrEnum):
    """Where a page stands. `NOT_ASKED`: rules set aside all its questions."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Gap:
    """A question still to answer: its page, its id and its words."""

    page: str
    question: str
    text: str


@dataclass(frozen=True)
class PageProgress:
    """One page: how many questions it asks, and those left."""

    page: str
    asked: int
    gaps: tuple[Gap, ...]

    @property
    def answered(self) -> int:
        """How many of the questions asked have an answer."""
        return self.asked - len(self.gaps)

    @property
    def status(self) -> Status:
        """The page's status, from what is asked and what is left."""
        if not self.asked:
            return Status.NOT_ASKED
        if not self.gaps:
            return Status.DONE
        return Status.DOING if self.answered else Status.TODO


@dataclass(frozen=True)
class Progress:
    """All pages in the order of the framework, the profile first."""

    pages: tuple[PageProgress, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is left to answer, in order."""
        return tuple(gap for page in self.pages for gap in page.gaps)

    @property
    def questions_left(self) -> int:
        """How many questions about the practice itself, the profile apart, are left."""
        return sum(gap.page != PROFILE for gap in self.gaps)

    @property
    def minutes_left(self) -> int:
        """How long answering what is left takes, about: a multiple of five minutes, never none."""
        return max(5, 5 * round(len(self.gaps) * MINUTES_EACH / 5))

    @property
    def themes(self) -> tuple[PageProgress, ...]:
        """The dimensions that ask something."""
        return tuple(page for page in self.pages if page.page != PROFILE and page.asked)

    @property
    def themes_done(self) -> int:
        """How many of those dimensions are complete."""
        return sum(page.status is Status.DONE for page in self.themes)

    def page(self, page: str) -> PageProgress:
        """The progress of one page. Raises KeyError if the framework has no such page."""
        return {each.page: each for each in self.pages}[page]


def progress(framework: Framework, answer_set: AnswerSet) -> Progress:
    """Say what is asked and what is left on each page, for these answers."""
    return Progress(tuple(_pages(framework, answer_set)))


def _pages(framework: Framework, answer_set: AnswerSet) -> Iterator[PageProgress]:
    required = [question for question in framework.profile if not question.optional]
    gaps = (Gap(PROFILE, each.id, each.text) for each in required if each.id not in answer_set.profile)
    yield PageProgress(PROFILE, len(required), tuple(gaps))
    aside = set_aside(framework, answer_set.profile, answer_set.answers)
    for dimension in framework.dimensions:
        questions = (question for criterion in dimension.criteria for question in criterion.questions)
        asked = [question for question in questions if question.id not in aside]
        left = (Gap(dimension.id, each.id, each.text) for each in asked if each.id not in answer_set.answers)
        yield PageProgress(dimension.id, len(asked), tuple(left))
