"""What the association is asked about its practice: dimensions, criteria, questions, and what to do at each level.

Shapes only (FRAMEWORK.md, section 1); what a level is worth is decided in `scoring`.
"""

from typing import Annotated

from pydantic import Field

from questionnaire.core.shapes import Part, Table


class Question(Part):
    """A question with four described levels; `not_applicable` is the label of « Non concerné » where it is offered."""

    id: str
    text: str
    levels: Table[int, str]
    evidence: tuple[str, ...]
    help: str | None = None
    not_applicable: str | None = None


class Recommendation(Part):
    """What to do at a level, and after which other criteria."""

    action: str
    why: str
    first_steps: tuple[str, ...]
    who: tuple[str, ...]
    effort: str
    horizon: str
    resources: tuple[str, ...]
    after: tuple[str, ...] = ()


class Citation(Part):
    """Where in a source a criterion comes from."""

    ref: str
    locator: str


class Criterion(Part):
    """A criterion: its questions, what to do at levels 1 and 2, the next step at 3."""

    id: str
    title: str
    essential: bool
    serves: tuple[str, ...]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    recommendations: Table[int, Recommendation]
    next_step: str
    advisor_question: str
    sources: tuple[Citation, ...]


class Dimension(Part):
    """A dimension: one page of the form, one branch of the chart."""

    id: str
    title: str
    guiding_question: str
    rationale: str
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
