"""Publishes a release of the observatory: who counts, what may be said of them, and keeping it for good.

Everything is decided before anything is written, so that nobody who answers waits; whoever withdrew or came meanwhile
makes it begin again. It may not know who asks, or commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.core.loading import published_listening
from questionnaire.core.loading.catalogue import Catalogue, UnknownFramework
from questionnaire.core.observatory import RULES, Contributor, Figure, Version, release
from questionnaire.core.observatory_document import document
from questionnaire.core.observatory_measures import Subject, contributor, subjects
from questionnaire.storage import audit
from questionnaire.storage.assessments import answers_in
from questionnaire.storage.observatory import Past, counting, keep_release, past, read_counted
from questionnaire.storage.observatory_models import ObservatoryRelease

FRAMEWORK = "faire-alliance"  # whose figures are published; its versions count together
WHY = {
    "few": "Moins de 11 associations relues ont donné leur accord. Rien ne peut être publié.",
    "nothing_new": "Aucun chiffre nouveau ne peut être publié sans risquer de montrer une association. "
    "Il faut souvent que 11 associations au moins aient rejoint, quitté ou changé leurs réponses.",
}


class CannotPublish(Exception):
    """Nothing is published: `why` is a key of `WHY`, the message its French line."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        self.why = why
        super().__init__(WHY[why])


class Moved(Exception):
    """Who counts changed while the release was made: make it again."""


@dataclass(frozen=True)
class Prepared:
    """A release that was decided and not kept yet: its figures, and what each association brings to it."""

    number: int
    framework: Framework
    subjects: Sequence[Subject]
    counting: frozenset[uuid.UUID]
    figures: Sequence[Figure]
    brought: Mapping[uuid.UUID, Contributor]
    past: Past

    @property
    def fresh(self) -> list[Version]:
        """The figures that are new in it."""
        return [each.version for each in self.figures if each.version and each.version.release == self.number]


def how_many(session: Session) -> int:
    """Return how many associations would count now; for deciding, never to be shown as it is."""
    return len(counting(session, FRAMEWORK))


def prepare(session: Session, catalogue: Catalogue) -> Prepared:
    """Decide what the next release says. Only reads, in a session of its own. Raises CannotPublish."""
    framework, ids = catalogue.newest(FRAMEWORK), counting(session, FRAMEWORK)
    if len(ids) < RULES.fewest:
        raise CannotPublish("few")
    brought, before = _brought(session, catalogue, ids), past(session)
    told, number = subjects(framework, published_listening()), len(before.releases) + 1
    people = list(brought.values())
    figures = [
        figure
        for subject in told
        for measure in subject.measures
        for figure in release((measure,), people, before.versions(measure.id), number)
    ]
    prepared = Prepared(number, framework, told, frozenset(ids), figures, brought, before)
    if not prepared.fresh:
        raise CannotPublish("nothing_new")
    return prepared


def keep(session: Session, prepared: Prepared, *, by: int | None, now: datetime) -> ObservatoryRelease:
    """Keep it, if those who count are still the same. Raises Moved, IntegrityError if another one came first."""
    if set(counting(session, FRAMEWORK)) != prepared.counting:
        raise Moved
    days = {each.number: each.published_at.date() for each in prepared.past.releases} | {prepared.number: now.date()}
    named = f"{prepared.framework.id}@{prepared.framework.version}"
    content = document(prepared.number, days, named, prepared.subjects, prepared.figures)
    made = keep_release(session, content, prepared.fresh, prepared.brought, number=prepared.number, by=by, now=now)
    audit.record(session, "release_published", actor=_actor(by), now=now, number=prepared.number)
    return made


def note_refusal(session: Session, refused: CannotPublish, *, by: int | None, now: datetime) -> None:
    """Write down that nothing was published, and why, for who asked."""
    audit.record(session, "release_refused", actor=_actor(by), now=now, why=refused.why)


def _actor(by: int | None) -> str:
    return f"coordinator:{by}" if by else "operator"


def _brought(session: Session, catalogue: Catalogue, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Contributor]:
    listening, found = published_listening(), {}
    for each in read_counted(session, ids):
        kept = each.assessment
        with suppress(UnknownFramework):  # a file that is gone scores nobody: `verify` tells the operator
            framework = catalogue.pinned(kept.framework_id, kept.framework_version, kept.framework_sha256)
            answers = answers_in(each.pages, kept, framework)
            found[kept.id] = contributor(str(kept.association_id), framework, answers, listening, each.heard)
    return {name: each for name, each in found.items() if each}
