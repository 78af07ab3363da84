"""The page of a dossier: read beside the result, taken, written beside, validated once; nothing typed is lost."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaire.extensions import jobs
from questionnaire.storage.models import Assessment, Edition, Job, PageSave, Review
from tests.pages import PageClient, values

CANARY = "canari-de-la-note"
WORDS = {
    "comment_ECO": "Un vrai point d’appui.",
    "private_note": CANARY,
    "level_ECO-1a": "3",
    "reason_ECO-1a": "La note citée a moins de deux ans.",
}


def write(advisor: PageClient, dossier: str, **fields: str) -> int:
    return advisor.submit(dossier, f"{dossier}/avis", {**WORDS, **fields}).status_code


def validate(advisor: PageClient, dossier: str) -> int:
    return advisor.submit(f"{dossier}/valider", f"{dossier}/valider").status_code


def test_the_list_shows_what_is_shared_and_where_it_stands(advisor: PageClient, taken: str) -> None:
    shown = advisor.get("/conseiller/").text
    assert "Les Jardins du Lez" in shown
    assert "En relecture" in shown
    assert advisor.account.code in shown


@pytest.mark.parametrize(("search", "found"), [("jardins", True), ("%", False), ("club", False), ("\x00", None)])
def test_the_list_is_searched_by_name(advisor: PageClient, dossier: str, search: str, found: bool | None) -> None:
    answer = advisor.get("/conseiller/", query_string={"recherche": search})
    assert answer.status_code == 200
    assert found is None or (dossier in answer.text) is found


def test_before_it_is_taken_a_dossier_is_read_and_not_written(advisor: PageClient, dossier: str) -> None:
    assert "Prendre en charge" in advisor.get(dossier).text
    assert advisor.post(f"{dossier}/avis", data=WORDS).status_code == 404


def test_once_taken_the_answers_cannot_be_reopened(
    sharing: PageClient, finished: Assessment, taken: str, session: Session
) -> None:
    sharing.post(f"/q/{finished.id}/rouvrir", data={"complete": "1"})
    session.refresh(finished)
    assert finished.state == "finished"


def test_what_is_written_stands_beside_the_association_s_own_answer(
    advisor: PageClient, taken: str, session: Session
) -> None:
    answers = [save.values for save in session.scalars(select(PageSave))]
    assert write(advisor, taken) == 303
    shown = advisor.get(taken).text
    assert all(word in shown for word in WORDS.values())
    assert "Les deux lectures" in shown
    session.expire_all()
    assert [save.values for save in session.scalars(select(PageSave))] == answers


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason_ECO-1a": ""}, "Dites pourquoi"),
        ({"level_ECO-1a": ""}, "choisissez aussi un niveau"),
        ({"level_ECO-1a": "2"}, "Choisissez un des niveaux"),
        ({"level_ECO-1a": "9"}, "Choisissez un des niveaux"),
        ({"comment_ECO": "x" * 4001}, "Commentaire"),
        ({"complete": ""}, "incomplète"),
    ],
)
def test_an_incomplete_review_comes_back_filled(
    advisor: PageClient, taken: str, fields: dict[str, str], said: str
) -> None:
    answer = advisor.submit(taken, f"{taken}/avis", {**WORDS, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert CANARY in answer.text


def test_two_tabs_that_write_different_words_are_both_kept(advisor: PageClient, taken: str) -> None:
    old = form_of(advisor, taken)
    write(advisor, taken)
    answer = advisor.post(f"{taken}/avis", data={**old, "comment_STR": "L’autre onglet."})
    assert answer.status_code == 303
    shown = advisor.get(taken).text
    assert "L’autre onglet." in shown
    assert WORDS["comment_ECO"] in shown


def test_two_tabs_that_write_the_same_words_see_both_and_lose_none(advisor: PageClient, taken: str) -> None:
    old = form_of(advisor, taken)
    write(advisor, taken)
    answer = advisor.post(f"{taken}/avis", data={**old, "comment_ECO": "Mes mots à moi."})
    assert answer.status_code == 409
    assert WORDS["comment_ECO"] in answer.text
    assert "Mes mots à moi." in answer.text
    assert WORDS["comment_ECO"] in advisor.get(taken).text


def test_validating_keeps_one_edition_and_tells_the_association(
    advisor: PageClient, taken: str, session: Session
) -> None:
    write(advisor, taken)
    assert validate(advisor, taken) == 303
    advisor.post(f"{taken}/valider", data={"complete": "1"})
    kinds = [job.kind for job in session.scalars(select(Job))]
    assert (kinds.count("render"), kinds.count("mail_review_ready")) == (1, 1)
    assert WORDS["reason_ECO-1a"] in session.scalars(select(Edition)).one().html


def test_a_review_that_changed_since_it_was_shown_is_not_validated(
    advisor: PageClient, taken: str, session: Session
) -> None:
    shown = form_of(advisor, f"{taken}/valider", f"{taken}/valider")
    write(advisor, taken)
    advisor.post(f"{taken}/valider", data=shown)
    assert session.scalars(select(Review)).one().state == "draft"


def test_a_validated_review_is_only_read(advisor: PageClient, taken: str) -> None:
    write(advisor, taken)
    old = form_of(advisor, taken)
    validate(advisor, taken)
    late = advisor.post(f"{taken}/avis", data={**old, "comment_ECO": "Autre chose."})
    assert late.status_code == 409
    assert "Autre chose." in late.text  # not kept, not lost
    shown = advisor.get(taken).text
    assert "Autre chose." not in shown
    assert "ne se modifie plus" in shown


def test_the_private_note_stands_on_the_advisor_s_page_only(
    app: Flask, sharing: PageClient, finished: Assessment, advisor: PageClient, taken: str, session: Session
) -> None:
    write(advisor, taken)
    validate(advisor, taken)
    with app.app_context():
        jobs().run_due()
    own = f"/q/{finished.id}"
    pages = [own + "/", *(f"{own}/{name}" for name in ("entretien", "resultat", "calcul"))]
    assert not any(CANARY in sharing.get(page).text for page in pages)
    assert CANARY not in session.scalars(select(Edition)).one().html
    assert sharing.get(f"{own}/rapport-relu.pdf").data.startswith(b"%PDF")
    assert CANARY in advisor.get(taken).text


def test_what_was_typed_after_a_log_out_is_given_back(advisor: PageClient, taken: str) -> None:
    typed = {**form_of(advisor, taken), **WORDS}
    advisor.submit("/conseiller/", "/conseiller/deconnexion")
    answer = advisor.post(f"{taken}/avis", data=typed)
    assert answer.status_code == 403
    assert all(word in answer.text for word in WORDS.values())


def test_signing_in_leads_back_to_the_dossier(client: PageClient, dossier: str) -> None:
    assert client.get(dossier).location == f"/conseiller/connexion?next={dossier}"


def form_of(advisor: PageClient, url: str, action: str = "") -> dict[str, object]:
    forms = [form for form in advisor.page(url).iter("form") if form.get("action") == (action or f"{url}/avis")]
    return values(forms[0])
