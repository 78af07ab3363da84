"""What goes with a framework in a report, as data: who should be at the table, how to go to a company, words explained.

Shapes only. A guide names criteria and profile answers of its framework, so that no id of one framework stands in code;
which part is shown to whom is decided in `report_legitimacies` and `report_company`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from questionnaire.core.shapes import Condition, Part

AnyOf = tuple[Condition, ...]


class Voice(Part):
    """One who should be heard: what it brings, the criteria and profile answers that tell where it stands.

    `linked`: one of these answers says there is a link; `engaged`: one of these says it takes its part.
    """

    id: str
    name: str
    short: Annotated[str, Field(max_length=12)]
    brings: str
    first_step: str
    criteria: tuple[str, ...] = ()
    linked: AnyOf = ()
    engaged: AnyOf = ()


class Together(Part):
    """What brings the voices together, read in one criterion."""

    name: str
    says: str
    criterion: str


class Legitimacies(Part):
    """The voices of an alliance (three, for the drawing) and what brings them together."""

    lead: str
    voices: Annotated[tuple[Voice, ...], Field(min_length=3, max_length=3)]
    together: tuple[Together, ...] = ()


class Form(Part):
    """A form of alliance with a company, and the profile answers that want it, practise it, close it, leave a doubt."""

    id: str
    name: str
    what: str
    each: str
    suits: AnyOf = ()
    practised: AnyOf = ()
    closed: AnyOf = ()
    doubtful: AnyOf = ()


class Note(Part):
    """A sentence for those whose profile answers it, about how to start or about the law."""

    about: Literal["start", "law"]
    text: str
    when: Condition
    unless: Condition | None = None


class Step(Part):
    """A step of a partnership, with what to tick on the way."""

    name: str
    boxes: tuple[str, ...]


class Networks(Part):
    """Through whom to go first, on each side."""

    associations: tuple[str, ...]
    companies: tuple[str, ...]


class Company(Part):
    """The practical sheet on building a partnership with a company. `objective` is the profile question it follows."""

    objective: str
    lead: str
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    notes: tuple[Note, ...]
    exchange: str
    alliance: str
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    networks: Networks
    convention: tuple[str, ...]
    where_needed: tuple[str, ...]
    helps: tuple[str, ...]
    pitfalls: tuple[str, ...]


class Term(Part):
    """A word and what it means here."""

    term: str
    meaning: str


class Guide(Part):
    """All that goes with one framework, whatever its version; each part may be absent."""

    framework: str
    legitimacies: Legitimacies | None = None
    company: Company | None = None
    glossary: tuple[Term, ...] = ()
