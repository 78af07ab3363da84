"""The pages of questions: saved in any order, half answered, twice, by two people, and never lost."""

from typing import Any

import pytest

from tests.pages import PageClient, text_of

Fields = dict[str, Any]
LONG = "a" * 4001


def at(browser: PageClient, place: str) -> str:
    return f"/q/{browser.assessment_id}/{place}"


def save(browser: PageClient, place: str, **fields: Any) -> Any:
    return browser.submit(at(browser, place), fields={name.replace("__", "-"): value for name, value in fields.items()})


def field(browser: PageClient, place: str, name: str) -> list[str]:
    """What stands in a field when the page is opened again."""
    from tests.pages import values

    form = next(each for each in browser.page(at(browser, place)).iter("form") if each.get("method") == "post")
    found = values(form).get(name, [])
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("profil", "profile_department", "971"),
        ("profil", "profile_territory", ["rural", "remote"]),
        ("profil", "profile_success", "Un jardin\npartagé, l’été"),
        ("theme/ECO", "q_ECO-1a", "unknown"),
        ("theme/ECO", "evidence_ECO-1a", "« Plaquette » 2026 & suite"),
        ("theme/EVA", "comment_EVA-1a", "Sans niveau choisi"),
        ("theme/ECO", "unclear_ECO-1a", ["y"]),
    ],
)
def test_each_answer_is_there_when_one_comes_back(
    respondent: PageClient, colleague: PageClient, place: str, name: str, value: Any
) -> None:
    assert respondent.submit(at(respondent, place), fields={name: value}).status_code == 303
    assert field(colleague, place, name) == (value if isinstance(value, list) else [value])


def test_a_box_can_be_unticked(respondent: PageClient) -> None:
    save(respondent, "profil", profile_territory=["rural"])
    save(respondent, "profil", profile_territory=[""])
    assert field(respondent, "profil", "profile_territory") == [""]


@pytest.mark.parametrize(
    ("go", "where"),
    [
        ("", "theme/STR"),
        ("list", ""),
        ("previous", "profil"),
        ("check", "verifier"),
        ("https://ailleurs.example", "theme/STR"),
    ],
)
def test_every_button_saves_and_leads_where_it_says(respondent: PageClient, go: str, where: str) -> None:
    answer = save(respondent, "theme/ECO", q_ECO__1a="2", go=go)
    assert answer.headers["Location"] == at(respondent, where)
    assert field(respondent, "theme/ECO", "q_ECO-1a") == ["2"]


def test_a_change_asked_by_the_check_returns_to_it(respondent: PageClient) -> None:
    answer = save(respondent, "theme/ECO?retour=verifier", q_ECO__1a="2")
    assert answer.headers["Location"] == at(respondent, "verifier")


@pytest.mark.parametrize(
    ("place", "fields", "words"),
    [
        ("theme/ECO", {"q_ECO-1a": "5"}, "Question 1 : choisissez l’une des réponses proposées."),
        ("theme/ECO", {"q_ECO-1a": "not_applicable"}, "Question 1 : choisissez"),
        ("theme/ECO", {"q_ECO-2a": "not_applicable"}, "Question 3 : dites en une phrase pourquoi"),
        (
            "theme/ECO",
            {"q_ECO-2a": "not_applicable", "reason_ECO-2a": "  "},
            "Question 3 : dites en une phrase pourquoi",
        ),
        ("theme/ECO", {"evidence_ECO-1b": LONG}, "Question 2, preuves : ce texte est trop long"),
        ("theme/ECO", {"comment_ECO-1b": "a\u202eb"}, "Question 2, remarques : ce texte contient"),
        ("profil", {"profile_department": "20"}, "choisissez un département de la liste"),
        ("profil", {"profile_partners": ["none", "state"]}, "« Aucune » ne va pas avec une autre réponse"),
        ("profil", {"profile_territory": ["moon"]}, "Type de territoire où vous agissez : choisissez parmi"),
        ("profil", {"profile_success": "a" * 1001}, "trop long"),
        ("theme/ECO", {"csrf_token": "x"}, "Par sécurité"),
        ("theme/ECO", {"complete": ""}, "arrivée incomplète"),
        ("theme/ECO", {"version": "x"}, "arrivée incomplète"),
        ("theme/ECO", {"version": "9223372036854775808"}, "arrivée incomplète"),
        ("theme/ECO", {"version": "-1"}, "arrivée incomplète"),
    ],
)
def test_what_cannot_be_kept_comes_back_filled(respondent: PageClient, place: str, fields: Fields, words: str) -> None:
    kept = {"comment_ECO-3a": "Gardez-moi"} if place == "theme/ECO" else {"profile_success": "Gardez-moi"}
    answer = respondent.submit(at(respondent, place), fields={**kept, **fields})
    said = answer.text.replace("\u202f", " ")
    assert answer.status_code == 422
    assert words in said
    assert "Gardez-moi" in said or "profile_success" in fields
    assert "Gardez-moi" not in respondent.get(at(respondent, place)).text


def test_an_error_is_said_at_its_field_too(respondent: PageClient) -> None:
    page = save(respondent, "theme/ECO", q_ECO__2a="not_applicable").text
    assert 'href="#reason_ECO-2a"' in page
    assert 'id="reason_ECO-2a-error"' in page


def test_the_same_page_sent_twice_is_kept_once(respondent: PageClient) -> None:
    first = save(respondent, "theme/ECO", q_ECO__1a="2")
    again = respondent.send_again()
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert field(respondent, "theme/ECO", "version") == ["1"]


def test_questions_set_aside_are_named_and_not_asked(respondent: PageClient) -> None:
    save(respondent, "theme/EVA", q_EVA__1a="4")
    save(respondent, "profil", profile_recent_partnerships="none")
    page = respondent.page(at(respondent, "theme/EVA"))
    assert "Aucun partenariat en cours ni récent" in text_of(page)
    assert not [each for each in page.iter("input") if each.get("name") == "q_EVA-1a"]


def test_a_theme_that_asks_nothing_is_not_counted(respondent: PageClient) -> None:
    assert "Thème 6 sur 6" in text_of(respondent.page(at(respondent, "theme/EVA")))
    save(respondent, "profil", profile_recent_partnerships="none")
    assert "Thème 5 sur 5" in text_of(respondent.page(at(respondent, "theme/REL")))
    assert "Thème 6" not in text_of(respondent.page(at(respondent, "theme/EVA")))


def test_they_come_back_with_what_was_answered(respondent: PageClient) -> None:
    save(respondent, "theme/EVA", q_EVA__1a="4")
    save(respondent, "profil", profile_recent_partnerships="none")
    respondent.submit(at(respondent, "theme/REL"))
    save(respondent, "profil", profile_recent_partnerships="1-2")
    assert field(respondent, "theme/EVA", "q_EVA-1a") == ["4"]


@pytest.mark.parametrize("place", ["profil", "theme/ECO", "theme/RIEN", "verifier"])
def test_a_stranger_finds_nothing(stranger: PageClient, respondent: PageClient, place: str) -> None:
    assert stranger.get(at(respondent, place)).status_code == 404


def test_an_unknown_theme_is_not_found(respondent: PageClient) -> None:
    assert respondent.get(at(respondent, "theme/RIEN")).status_code == 404
