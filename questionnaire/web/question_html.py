"""A question's HTML on a page of the questionnaire, made by the partial of its kind.

A question beside which nobody wrote anything looks the same to all who chose the same answer: half of a page's time
went into making it anew. This file may not know what a question says.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import Environment
from jinja2.utils import LRUCache
from markupsafe import Markup

from questionnaire.web.pages import Asked

KEPT = 2000  # some four thousand letters each; a framework has about six hundred, those of the first look included


class QuestionHtml:
    """Makes it, and keeps what is the same for all."""

    def __init__(self, environment: Environment) -> None:
        """Make it with the partials of this environment."""
        self._environment = environment
        self._kept = LRUCache(KEPT)

    def __call__(self, asked: Asked) -> Markup:
        """Return it, as `{{ question_html(asked) }}`."""
        if self._environment.auto_reload or not asked.common:  # the first: who works on a template sees it at once
            return self._made(asked)
        key = (id(asked.question), asked.number, asked.total, asked.field.data or "")
        kept = self._kept.get(key)
        if kept is None:  # beside it the question, so that its id is nobody else's as long as this is kept
            kept = self._kept[key] = (asked.question, self._made(asked))
        html: Markup = kept[1]
        return html

    def _made(self, asked: Asked) -> Markup:
        partial: Any = self._environment.get_template(asked.partial).module
        return Markup(partial.show(asked))  # noqa: S704 - autoescaped


def init_app(app: Flask) -> None:
    """Give it to the templates."""
    app.jinja_env.globals["question_html"] = QuestionHtml(app.jinja_env)
