"""Forms built from the framework: a field and a partial for each kind, and values there and back."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from questionnaire.core.framework import Framework
from questionnaire.editions import templates_folder
from questionnaire.web.forms import KINDS, Kind, kind_of
from questionnaire.web.pages import pages_of

WHOLE = {
    "value": "not_applicable",
    "reason": "Tête de réseau",
    "evidence": "Une note",
    "comment": "À revoir",
    "unclear": True,
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_field_and_its_partial(kind: Kind) -> None:
    assert kind in KINDS
    assert (Path(templates_folder()) / kind.partial).is_file()


def test_the_published_framework_uses_each_kind(framework: Framework) -> None:
    assert {*map(kind_of, framework.profile), *map(kind_of, framework.questions)} == set(Kind)


def test_field_names_carry_a_prefix(app: Flask, framework: Framework) -> None:
    with app.test_request_context():
        names = {field.name for page in pages_of(framework).values() for field in page.form(None, {}, 0)}
    assert {
        "profile_department",
        "q_ECO-1a",
        "evidence_ECO-1a",
        "comment_ECO-1a",
        "reason_ECO-1a",
        "unclear_ECO-1a",
    } <= names
    assert all("_" in name or name in {"version", "complete"} for name in names)


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("profile", {"department": "2A", "territory": ["rural", "remote"], "success": "Un jardin\npartagé"}),
        ("ECO", {"ECO-2a": WHOLE, "ECO-1a": {"value": 3}, "ECO-1b": {"comment": "Sans niveau"}}),
    ],
)
def test_values_come_back_as_they_were_kept(
    app: Flask, framework: Framework, page: str, values: dict[str, object]
) -> None:
    with app.test_request_context():
        shown = pages_of(framework)[page]
        assert shown.values(shown.form(None, values, 1)) == values


def test_a_field_that_is_not_sent_stays_as_it_was(app: Flask, framework: Framework) -> None:
    kept = {"ECO-2a": WHOLE}
    with app.test_request_context(method="POST"):
        shown = pages_of(framework)["ECO"]
        assert shown.values(shown.form(MultiDict({"q_ECO-1a": "4"}), kept, 1)) == {"ECO-1a": {"value": 4}, **kept}
