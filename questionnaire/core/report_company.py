"""The practical sheet on companies for one association: which forms suit it, what concerns it, which figures hold.

The guide and the facts hold the words; this file only chooses. It may not advise: every figure goes with its reference
and the day it was checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from questionnaire.core.facts import Fact, FactBook
from questionnaire.core.guide import Company, Form, Note
from questionnaire.core.report_legitimacies import any_holds
from questionnaire.core.report_reading import Reading, web_address
from questionnaire.core.report_sheets import CompanyPart, FactLine, FactTopic, FormLine


def company_part(reading: Reading, guide: Company | None, facts: FactBook, day: date | None) -> CompanyPart | None:
    """Return the sheet, None where the framework does not ask what it follows."""
    if guide is None or guide.objective not in {each.id for each in reading.framework.profile}:
        return None
    return CompanyPart(
        lead=guide.lead,
        objective=_declared(reading, guide.objective),
        forms=tuple(_form(reading, each) for each in guide.forms),
        notes=_notes(reading, guide, "start"),
        legal_notes=_notes(reading, guide, "law"),
        exchange=guide.exchange,
        alliance=guide.alliance,
        steps=guide.steps,
        networks=guide.networks,
        convention=guide.convention,
        where_needed=guide.where_needed,
        helps=guide.helps,
        pitfalls=guide.pitfalls,
        checklist=tuple(_checklist(reading, facts, day)),
    )


def _declared(reading: Reading, question: str) -> str:
    codes = reading.choice(question)
    options = reading.framework.profile_question(question).options
    return "\u202f; ".join(option.label for option in options if option.code in codes)


def _form(reading: Reading, form: Form) -> FormLine:
    kinds = (form.suits, form.practised, form.closed, form.doubtful)
    return FormLine(form.id, form.name, form.what, form.each, *(any_holds(reading, kind) for kind in kinds))


def _notes(reading: Reading, guide: Company, about: str) -> tuple[str, ...]:
    return tuple(each.text for each in guide.notes if each.about == about and _applies(reading, each))


def _applies(reading: Reading, note: Note) -> bool:
    return any_holds(reading, (note.when,)) and not (note.unless is not None and any_holds(reading, (note.unless,)))


def _checklist(reading: Reading, facts: FactBook, day: date | None) -> Iterator[FactTopic]:
    """Yield the points that concern the association, by heading; a heading without any is left out."""
    for topic in facts.topics:
        own = [each for each in facts.facts if each.topic == topic.id and each.concerns(reading.answers)]
        if own:
            yield FactTopic(topic.title, tuple(_fact(each, day) for each in own))


def _fact(fact: Fact, day: date | None) -> FactLine:
    text = fact.text if fact.in_force(day) else ""
    return FactLine(fact.id, fact.title, text, fact.reference, web_address(fact.url), fact.checked)
