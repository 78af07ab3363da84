"""What the association is asked about itself, the rules that read it, and the ten-minute version.

Shapes only (FRAMEWORK.md, section 1); whether a rule fires is decided in `rules`.
"""

from typing import Annotated, Literal

from pydantic import Field

from questionnaire.core.shapes import Condition, Count, Part


class Option(Part):
    """A possible answer to a profile question."""

    code: str
    label: str


class ProfileQuestion(Part):
    """A question about the association; never scored. Options are its own, or the departments."""

    id: str
    text: str
    type: Literal["single", "multiple", "text"]
    used_for: str
    options: tuple[Option, ...] = ()
    options_from: Literal["departments"] | None = None
    exclusive: tuple[str, ...] = ()
    optional: bool = False
    max_length: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class Rule(Part):
    """Fires when `when` holds and `unless` does not (FRAMEWORK.md, section 1); says `message`, and may do more."""

    id: str
    when: Condition
    unless: Condition | None = None
    message: str
    not_applicable: tuple[str, ...] = ()
    alert: str | None = None
    resources: tuple[str, ...] = ()
    context: str | None = None


class FirstLookQuestion(Part):
    """A question of the ten-minute version, and what is asked in its place if a rule sets it aside."""

    question: str
    instead: str | None = None
    when: Condition | None = None


class FirstLook(Part):
    """The ten-minute version."""

    profile: tuple[str, ...]
    questions: tuple[FirstLookQuestion, ...]
    max_actions: Count
