"""What a page may ask of the machine: few statements, and no thread. A page that asks more fails here."""

from inspect import iscoroutinefunction

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaire.extensions import db
from questionnaire.web.forms import PageForm
from tests.pages import PageClient, values


def statements(app: Flask) -> list[str]:
    """A list that grows with each statement sent from now on: its first word."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement.split()[0])

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
    return sent


@pytest.fixture
def counted(app: Flask, respondent: PageClient) -> list[str]:
    respondent.get(f"/q/{respondent.assessment_id}/theme/ECO")  # the day's visit is noted by the first page
    return statements(app)


def test_showing_a_page_reads_the_assessment_and_its_pages(respondent: PageClient, counted: list[str]) -> None:
    respondent.get(f"/q/{respondent.assessment_id}/theme/ECO")
    assert counted.count("SELECT") == 2


def test_saving_a_page_opens_one_transaction_and_reads_nothing_again(
    respondent: PageClient, counted: list[str]
) -> None:
    url = f"/q/{respondent.assessment_id}/theme/ECO"
    form = next(each for each in respondent.page(url).iter("form") if each.get("method") == "post")
    counted.clear()
    respondent.post(url, data=values(form) | {"q_ECO-1a": "2"})
    assert (counted.count("BEGIN"), counted.count("SELECT"), counted.count("INSERT")) == (1, 3, 1)


def test_a_request_ends_without_a_thread_of_its_own(app: Flask) -> None:
    assert not any(map(iscoroutinefunction, app.teardown_appcontext_funcs))


def test_the_forms_own_words_are_french_and_read_once(app: Flask) -> None:
    with app.test_request_context():
        first, second = PageForm(), PageForm()
        assert first.complete.gettext("This field is required.") == "Ce champ est requis."
        assert first.meta.get_translations(first) is second.meta.get_translations(second)
