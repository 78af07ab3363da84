"""Which PDFs an assessment has, and what each is made of: the same answer for who asks and for the job that draws.

A document's key names all that decides its bytes. It reads what is kept and hands over HTML; it may not draw.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from questionnaire import editions, pdf
from questionnaire.core.answers import AnswerSet
from questionnaire.core.first_look_report import FirstLook, build_first_look, on_its_own
from questionnaire.core.framework import Framework
from questionnaire.core.loading import published_listening
from questionnaire.core.loading.catalogue import Catalogue
from questionnaire.core.report import Around, Report, build_report
from questionnaire.storage import documents
from questionnaire.storage.again import last_time
from questionnaire.storage.assessments import answer_set
from questionnaire.storage.documents import EDITION, edition_name
from questionnaire.storage.listening import heard
from questionnaire.storage.models import Assessment, Edition

ESSENTIALS = "essentials"
REPORT = "report"
FIRST_LOOK = "first-look"  # made only when asked for: answers change until it is done
SHOWN_LOOK = "first-look-shown"  # as others read it
ADVISOR_REPORT = "report-advisor"
OWN: dict[str, Callable[[Report], str]] = {
    ESSENTIALS: editions.essentials_document,
    REPORT: editions.print_document,
}
ON_DEMAND: dict[str, Callable[[Report], str]] = {ADVISOR_REPORT: partial(editions.print_document, edition="advisor")}


@dataclass(frozen=True)
class Wanted:
    """A document as it should be now: its name, what it is made of in a word, and its HTML."""

    name: str
    key: str
    html: str


def own(name: str, report: Report) -> Wanted:
    """Return a document made of the association's own report; other answers, templates or renderer, another key."""
    html = (OWN | ON_DEMAND)[name](report)
    return Wanted(name, pdf.fingerprint(html), html)


def around(session: Session, catalogue: Catalogue, known: Around, assessment: Assessment) -> Around:
    """Return what stands around an association's answers: what is known here, what it said of its territory, before."""
    told = heard(session, assessment.id, published_listening())
    return replace(known, heard=told, last=last_time(session, catalogue, assessment))


def first_look(name: str, look: FirstLook) -> Wanted:
    """Return the page of a first look: the association's own, or the one that others are shown."""
    html = editions.first_look_document(look)
    return Wanted(name, pdf.fingerprint(html), html)


def first_look_of(assessment: Assessment, framework: Framework, answers: AnswerSet) -> FirstLook:
    """Return what the first look says now, dated of the day when something was saved last."""
    return build_first_look(framework, replace(answers, date=assessment.updated_at.date()))


def shown_look_of(assessment: Assessment, framework: Framework, answers: AnswerSet) -> FirstLook:
    """Return what others read of the first look: nothing in it comes from an answer that it does not ask."""
    return first_look_of(assessment, framework, on_its_own(framework, answers))


def ask_own(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """Have an association's own documents made, those on demand aside. The caller holds the assessment locked."""
    for name in OWN:
        documents.ask(session, assessment_id, name, now)


def sent(edition: Edition) -> Wanted:
    """Return a reviewed report as it was sent: made once, of these words, and never otherwise."""
    return Wanted(edition_name(edition.id), edition.sha256, edition.html)


def wanted(session: Session, catalogue: Catalogue, known: Around, assessment: Assessment, name: str) -> Wanted | None:
    """Return the document of this name as it should be now; None where what it was made of is gone."""
    if name.startswith(EDITION):
        edition = session.get(Edition, uuid.UUID(name.removeprefix(EDITION)))
        return sent(edition) if edition else None
    framework = catalogue.pinned(assessment.framework_id, assessment.framework_version, assessment.framework_sha256)
    answers = answer_set(session, assessment, framework)
    if name in LOOKS:
        return first_look(name, LOOKS[name](assessment, framework, answers))
    return own(name, build_report(framework, answers, around=around(session, catalogue, known, assessment)))


LOOKS = {FIRST_LOOK: first_look_of, SHOWN_LOOK: shown_look_of}
