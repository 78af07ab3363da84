"""The parts of a report that come from the framework's guide and the legal facts, as frozen values.

Part of the one contract between thinking and showing (`report_model`), under the same rule: no words of the interface,
nothing decided, nothing rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from questionnaire.core.guide import Networks, Step
from questionnaire.core.report_lines import LevelWord

Standing = Literal["engaged", "linked", "absent", "unknown", "not_applicable"]


@dataclass(frozen=True)
class VoiceLine:
    """Where one voice stands: what the answers say (level and link), and the step to take if it is not there yet.

    `linked` is None where the profile does not tell.
    """

    id: str
    name: str
    short: str
    brings: str
    standing: Standing
    level: LevelWord | None
    criteria: tuple[str, ...]
    linked: bool | None
    first_step: str


@dataclass(frozen=True)
class TogetherLine:
    """What brings the voices together, with its level."""

    name: str
    says: str
    criterion: str
    standing: Standing
    level: LevelWord | None


@dataclass(frozen=True)
class LegitimaciesPart:
    """Who is round the table, and who is missing."""

    lead: str
    voices: tuple[VoiceLine, ...]
    together: tuple[TogetherLine, ...]

    @property
    def to_seek(self) -> tuple[VoiceLine, ...]:
        """The voices that the answers do not find yet, or about which they do not tell."""
        return tuple(each for each in self.voices if each.first_step)


@dataclass(frozen=True)
class FormLine:
    """A form of alliance, and whether it suits what was declared."""

    id: str
    name: str
    what: str
    each: str
    suits: bool
    practised: bool
    closed: bool
    doubtful: bool


@dataclass(frozen=True)
class FactLine:
    """A legal point. `text` is '' once its figure may no longer be printed."""

    id: str
    title: str
    text: str
    reference: str
    url: str
    checked: date


@dataclass(frozen=True)
class FactTopic:
    """The legal points of one heading."""

    title: str
    facts: tuple[FactLine, ...]


@dataclass(frozen=True)
class CompanyPart:
    """The practical sheet on building a partnership with a company, for this association."""

    lead: str
    objective: str
    forms: tuple[FormLine, ...]
    notes: tuple[str, ...]
    legal_notes: tuple[str, ...]
    exchange: str
    alliance: str
    steps: tuple[Step, ...]
    networks: Networks
    convention: tuple[str, ...]
    where_needed: tuple[str, ...]
    helps: tuple[str, ...]
    pitfalls: tuple[str, ...]
    checklist: tuple[FactTopic, ...]

    @property
    def suited(self) -> tuple[FormLine, ...]:
        """The forms that suit the declared objective and are open to the association."""
        return tuple(each for each in self.forms if each.suits and not each.closed)

    @property
    def out_of_date(self) -> bool:
        """Whether a figure is kept back because its day has passed."""
        return any(not fact.text for topic in self.checklist for fact in topic.facts)


@dataclass(frozen=True)
class TermLine:
    """A word and what it means here."""

    term: str
    meaning: str
