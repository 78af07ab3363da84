"""An assessment opened for a request: its framework, what was saved, how far it is. Loaders return it or raise.

The right comes first (`assessment_for`); the rest is read once. Nothing here writes or redirects.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import abort

from questionnaire.core.answers import AnswerSet
from questionnaire.core.comparison import LastTime
from questionnaire.core.first_look import Step, steps
from questionnaire.core.first_look_report import FirstLook
from questionnaire.core.framework import Framework
from questionnaire.core.progress import PROFILE, PageProgress, Progress, progress
from questionnaire.core.scoring import firing_rules, set_aside
from questionnaire.extensions import catalogue, db
from questionnaire.rendering import first_look_of, shown_look_of
from questionnaire.storage.again import last_time
from questionnaire.storage.assessments import AssessmentFinished, answers_in, current_pages
from questionnaire.storage.models import Assessment, PageSave
from questionnaire.web.access import assessment_for, framework_of
from questionnaire.web.before import Before
from questionnaire.web.pages import Page, pages_of


@dataclass(frozen=True)
class SetAside:
    """A rule that spares questions of one page: its words, and those questions."""

    message: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """An assessment with all that its pages need."""

    assessment: Assessment
    framework: Framework
    saves: Mapping[str, PageSave]
    answers: AnswerSet
    last: LastTime | None = None

    @cached_property
    def pages(self) -> dict[str, Page]:
        """All pages, in order."""
        return pages_of(self.framework, Before(self.last) if self.last else None)

    @cached_property
    def progress(self) -> Progress:
        """What is answered and what is left."""
        return progress(self.framework, self.answers)

    @cached_property
    def aside(self) -> Mapping[str, str]:
        """The questions that rules set aside, each with its rule."""
        return set_aside(self.framework, self.answers.profile, self.answers.answers)

    @cached_property
    def first_look(self) -> tuple[Step, ...]:
        """What the first look asks, in order."""
        return steps(self.framework, self.answers)

    @property
    def first_look_done(self) -> bool:
        """Whether all that the first look asks has an answer."""
        return all(step.answered for step in self.first_look)

    @property
    def beyond_first_look(self) -> bool:
        """Whether something was answered that the first look does not ask."""
        return bool({*self.answers.profile, *self.answers.answers} - {step.question for step in self.first_look})

    @property
    def first_look_report(self) -> FirstLook:
        """What the first look says, now."""
        return first_look_of(self.assessment, self.framework, self.answers)

    @property
    def shown_look(self) -> FirstLook:
        """What others read of the first look, if it is shown to them."""
        return shown_look_of(self.assessment, self.framework, self.answers)

    @property
    def finished(self) -> bool:
        """Whether the answers are closed, until they are reopened."""
        return self.assessment.state == "finished"

    @property
    def rules(self) -> tuple[str, ...]:
        """What the rules that fire say, those that spare questions aside."""
        fired = firing_rules(self.framework, self.answers.profile, self.answers.answers)
        return tuple(rule.message for rule in fired if not rule.not_applicable)

    def after(self, saved: PageSave) -> Draft:
        """The same once this page was saved: nothing is read again."""
        saves = {**self.saves, saved.page: saved}
        return replace(self, saves=saves, answers=answers_in(saves, self.assessment, self.framework))

    def values(self, page: str) -> dict[str, Any]:
        """What stands on a page; empty if it was never saved."""
        return self.saves[page].values if page in self.saves else {}

    def version(self, page: str) -> int:
        """The version of what stands on a page; 0 if it was never saved."""
        return self.saves[page].version if page in self.saves else 0

    def page(self, page: str) -> Page:
        """One page by its id, or 404."""
        return self.pages.get(page) or abort(404)

    def spared(self, page: Page) -> list[SetAside]:
        """Why some questions of a page are not asked, rule by rule."""
        by_rule: dict[str, list[str]] = {}
        for question in page.questions:
            if question.id in self.aside:
                by_rule.setdefault(self.aside[question.id], []).append(question.text)
        return [SetAside(self.framework.rule(rule).message, tuple(texts)) for rule, texts in by_rule.items()]

    def neighbours(self, page: str) -> tuple[str | None, str | None]:
        """The pages before and after this one among those that ask something; None at each end."""
        walk = [each.page for each in self.progress.pages if each.asked or each.page in (page, PROFILE)]
        here = walk.index(page)
        return walk[here - 1] if here else None, walk[here + 1] if here + 1 < len(walk) else None

    def place(self, page: str) -> tuple[int, list[PageProgress]]:
        """The number of a dimension among those that ask something (0 if it asks nothing), and how far each is."""
        themes = list(self.progress.themes)
        return next((at for at, each in enumerate(themes, start=1) if each.page == page), 0), themes


def open_assessment(assessment_id: uuid.UUID, *, lock: bool = False) -> Draft:
    """Open an assessment the respondent may use, finished or not; 404 otherwise. `lock` where it will be written."""
    return draft_of(assessment_for(assessment_id, lock=lock))


def draft_of(assessment: Assessment) -> Draft:
    """Return an assessment that somebody has the right to, with all that its pages need."""
    framework, saves = framework_of(assessment), current_pages(db.session, assessment)
    return Draft(
        assessment,
        framework,
        saves,
        answers_in(saves, assessment, framework),
        last_time(db.session, catalogue(), assessment, saves),
    )


def open_draft(assessment_id: uuid.UUID, *, lock: bool = False) -> Draft:
    """Open an assessment that can still be changed. Raises AssessmentFinished otherwise."""
    draft = open_assessment(assessment_id, lock=lock)
    if draft.finished:
        raise AssessmentFinished
    return draft
