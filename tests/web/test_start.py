"""The first page and the beginning; the pages of promises."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.settings import Settings
from questionnaire.storage.models import Assessment, Job
from tests.pages import PageClient, text_of

PROMISES = ["Pour qui", "Combien de temps", "À avoir sous la main", "Qui voit vos réponses", "Ce que ce n’est pas"]


@pytest.mark.parametrize("promise", PROMISES)
def test_the_first_page_says(client: PageClient, promise: str) -> None:
    assert promise in text_of(client.page("/"))


def test_a_name_is_enough_to_begin(client: PageClient) -> None:
    answer = client.submit("/", fields={"association_name": "Les Jardins du Lez"})
    assert answer.status_code == 303
    shown = client.page(answer.headers["Location"])
    assert "Les Jardins du Lez" in text_of(shown)
    assert "/l/" in text_of(shown)


def test_a_double_click_begins_one_assessment(client: PageClient, session: Session) -> None:
    first = client.submit("/", fields={"association_name": "Les Jardins du Lez", "email": "marie@jardins.example"})
    again = client.send_again()
    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert session.scalar(sa.select(sa.func.count(Assessment.id))) == 1
    assert session.scalar(sa.select(sa.func.count(Job.id))) == 1


@pytest.mark.parametrize("changed", [{"association_name": "Un autre club"}, {"email": "paul@jardins.example"}])
def test_a_page_gone_back_to_and_changed_begins_another(client: PageClient, changed: dict[str, str]) -> None:
    first = client.submit("/", fields={"association_name": "Les Jardins du Lez"})
    client.sent[1].update(changed)
    assert client.send_again().location != first.location


def test_the_link_is_mailed_to_the_address_given(client: PageClient, settings: Settings) -> None:
    client.submit("/", fields={"association_name": "Les Jardins du Lez", "email": "marie@jardins.example"})
    from questionnaire.extensions import jobs

    with client.application.app_context():
        jobs().run_due()
    letters = [path.read_text() for path in Path(settings.instance, "mails").iterdir()]
    assert len(letters) == 1
    assert "marie@jardins.example" in letters[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"association_name": ""}, "Écrivez le nom de votre association"),
        ({"association_name": "   "}, "Écrivez le nom de votre association"),
        ({"association_name": "A" * 201}, "trop long"),
        ({"association_name": "Club\u202egnirps"}, "sens de lecture"),
        ({"association_name": "Club\x00"}, "invisible"),
        ({"association_name": "Club", "email": "marie"}, "n’est pas complète"),
        ({"association_name": "Club", "csrf_token": "x"}, "Par sécurité"),
        ({"association_name": "Club", "complete": ""}, "arrivée incomplète"),
    ],
)
def test_what_cannot_begin_comes_back_filled(client: PageClient, fields: dict[str, str], words: str) -> None:
    answer = client.submit("/", fields=fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "autofocus" in answer.text


def test_a_refused_name_is_still_in_its_field(client: PageClient) -> None:
    answer = client.submit("/", fields={"association_name": "Club <b>", "email": "marie"})
    assert 'value="Club &lt;b&gt;"' in answer.text
