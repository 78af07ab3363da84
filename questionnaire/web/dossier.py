"""A shared assessment opened for its advisor: the right to it first, then all that the pages of a review show.

Loaders return it or raise. Nothing here writes or redirects; what the answers mean is the report's to say.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import abort

from questionnaire.core.journey import Actor
from questionnaire.core.report import Report, build_report
from questionnaire.core.report_lines import LevelWord, QuestionLine
from questionnaire.core.review import Review as SharedReview
from questionnaire.extensions import db
from questionnaire.storage import reviews
from questionnaire.storage.accounts import User
from questionnaire.storage.assessments import answer_set, current_pages
from questionnaire.storage.models import Assessment, Review, TalkRequest
from questionnaire.storage.review_draft import ASIDE, COMMENT, OPINION, OWN, PLACE, PROPOSAL, Draft, Part
from questionnaire.web.access import framework_of, shared_assessment_for, signed_in_advisor
from questionnaire.web.advice_form import OPINIONS, SLOTS
from questionnaire.web.around import around
from questionnaire.web.review_form import field_of


@dataclass(frozen=True)
class Difference:
    """A part that two tabs changed differently, with both in words; `field` is where mine stands on the page."""

    field: str
    label: str
    saved: str
    mine: str


@dataclass(frozen=True)
class Dossier:
    """What an advisor may read and write about one association, now."""

    advisor: User
    assessment: Assessment
    talk: TalkRequest
    review: Review | None
    draft: Draft

    @property
    def id(self) -> uuid.UUID:
        """The assessment's id, for addresses."""
        return self.assessment.id

    @property
    def name(self) -> str:
        """The association's name."""
        return self.assessment.association.name

    @property
    def has_email(self) -> bool:
        """Whether the association can be told by mail; the address itself is not the advisor's to see."""
        return bool(self.assessment.association.email)

    @property
    def actor(self) -> Actor:
        """What this advisor is on this file: in charge of it, or a colleague beside who is."""
        return "advisor" if self.talk.advisor_id in (None, self.advisor.id) else "colleague"

    @property
    def writable(self) -> bool:
        """Whether the review may be written now."""
        return self.talk.state == "in_review" and self.review is not None and self.review.state == "draft"

    @cached_property
    def report(self) -> Report:
        """The association's report; with the advisor's view beside it once there is one."""
        return self._report(self.shared() if self.review else None)

    @property
    def own_report(self) -> Report:
        """The association's report as it sees it by itself."""
        return self._report(None)

    def shared(self) -> SharedReview:
        """What the association may read of the draft."""
        at = self.review.validated_at if self.review else None
        return reviews.shared_review(self.draft, self.advisor.name or self.advisor.email, at.date() if at else None)

    @cached_property
    def unclear(self) -> frozenset[str]:
        """The questions that the association ticked as unclear."""
        pages = current_pages(db.session, self.assessment).values()
        answers = ((name, given) for page in pages for name, given in page.values.items() if isinstance(given, dict))
        return frozenset(name for name, given in answers if given.get("unclear"))

    @cached_property
    def scale(self) -> dict[int, LevelWord]:
        """The four levels, in words."""
        return {each.level: each for each in self.report.scale}

    def questions_for(self, limit: int) -> str:
        """Return what to ask the association where an element is missing, whole questions only, within `limit`."""
        lines: list[str] = []
        for criterion in (each for dimension in self.report.dimensions for each in dimension.criteria):
            asks = criterion.advisor_question or "que pouvez-vous ajouter\u202f?"
            line = f"{criterion.title}\u202f: {asks}"
            if criterion.opinion == "missing" and len("\n".join([*lines, line])) <= limit:
                lines.append(line)
        return "\n".join(lines)

    def differences(self, conflict: reviews.Conflict) -> list[Difference]:
        """Say in words what two tabs changed differently."""
        saved, mine = conflict.saved.parts(), conflict.mine.parts()
        labels = dict(self._labels())
        return [
            Difference(field_of(name), labels[name], self._words(saved.get(name)), self._words(mine.get(name)))
            for name in conflict.names
        ]

    def _report(self, review: SharedReview | None) -> Report:
        framework = framework_of(self.assessment)
        return build_report(
            framework, answer_set(db.session, self.assessment, framework), review, around(self.assessment)
        )

    def _labels(self) -> Iterator[tuple[str, str]]:
        yield "private_note", "Votre note privée"
        for dimension in self.report.dimensions:
            yield COMMENT + dimension.id, f"Commentaire sur « {dimension.title} »"
            yield from ((PROPOSAL + each.id, _asked(each)) for each in dimension.questions)
            yield from ((OPINION + each.id, f"Avis sur « {each.title} »") for each in dimension.criteria)
        for sheet in self.report.plan:
            yield ASIDE + sheet.criterion.id, f"Écarter « {sheet.action} »"
            yield PLACE + sheet.criterion.id, f"Place de « {sheet.action} »"
        for number, slot in enumerate(SLOTS, 1):
            yield from ((OWN + slot, f"Votre action {number}"), (PLACE + slot, f"Place de votre action {number}"))

    def _words(self, part: Part | None) -> str:
        if part is None or isinstance(part, str):
            return OPINIONS.get(part or "", part or "")
        if isinstance(part[0], int):
            return f"{part[0]} {self.scale[part[0]].label}\u202f: {part[1]}"
        return "\n".join(str(each) for each in part if each)


def open_dossier(assessment_id: uuid.UUID, *, lock: bool = False) -> Dossier:
    """Open what is shared with the advisor who is signed in; 404 otherwise. `lock` where it will be written."""
    advisor = signed_in_advisor()
    assessment, talk = shared_assessment_for(advisor, assessment_id, lock=lock)
    review = reviews.review_of(db.session, talk, lock=lock)
    return Dossier(advisor, assessment, talk, review, reviews.draft_of(db.session, review))


def open_taken_dossier(assessment_id: uuid.UUID) -> tuple[Dossier, Review]:
    """Open a dossier to write its review; 404 unless it was taken."""
    dossier = open_dossier(assessment_id, lock=True)
    return dossier, dossier.review or abort(404)


def _asked(question: QuestionLine) -> str:
    return f"Niveau proposé pour « {question.text} »"
