"""Two people on one page: what differs is merged, what collides is shown, and nothing is overwritten in silence."""

from typing import Any

import pytest

from tests.pages import PageClient
from tests.web.test_wizard import at, field, save


def collided(
    mine: PageClient, theirs: PageClient, place: str, my_fields: dict[str, Any], their_fields: dict[str, Any]
) -> Any:
    """Open the page, let somebody else save it, then save it."""
    from tests.pages import values

    form = next(each for each in mine.page(at(mine, place)).iter("form") if each.get("method") == "post")
    assert theirs.submit(at(theirs, place), fields=their_fields).status_code == 303
    return mine.post(at(mine, place), data={**values(form), **my_fields})


def test_different_fields_are_merged(respondent: PageClient, colleague: PageClient) -> None:
    answer = collided(respondent, colleague, "theme/ECO", {"q_ECO-1a": "1"}, {"q_ECO-1b": "4"})
    assert answer.status_code == 303
    assert [field(respondent, "theme/ECO", name) for name in ("q_ECO-1a", "q_ECO-1b")] == [["1"], ["4"]]


@pytest.mark.parametrize(
    ("place", "name", "mine", "theirs", "shown"),
    [
        ("theme/ECO", "q_ECO-1a", "1", "4", ["Pas encore", "Partagé"]),
        ("theme/ECO", "comment_ECO-1a", "Le mien", "Le sien", ["Le mien", "Le sien"]),
        ("profil", "profile_territory", ["rural"], ["urban", "suburban"], ["Rural", "Périurbain, Urbain"]),
        ("profil", "profile_department", "34", "75", ["34 – Hérault", "75 – Paris"]),
    ],
)
@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_both_values_are_shown_and_the_choice_is_kept(
    respondent: PageClient,
    colleague: PageClient,
    place: str,
    name: str,
    mine: Any,
    theirs: Any,
    shown: list[str],
    keep: str,
) -> None:
    answer = collided(respondent, colleague, place, {name: mine}, {name: theirs})
    assert answer.status_code == 409
    assert all(words in answer.text for words in shown)
    assert send_choice(respondent, place, answer, {f"keep_{name}": keep}).status_code == 303
    kept = mine if keep == "mine" else theirs
    assert sorted(field(respondent, place, name)) == sorted(kept if isinstance(kept, list) else [kept])


def send_choice(browser: PageClient, place: str, page: Any, choice: dict[str, str]) -> Any:
    from tests.pages import parsed, values

    form = next(each for each in parsed(page.data).iter("form") if each.get("method") == "post")
    return browser.post(at(browser, place), data={**values(form), **choice})


def test_nothing_else_that_was_typed_is_lost(respondent: PageClient, colleague: PageClient) -> None:
    mine = {"q_ECO-1a": "1", "comment_ECO-3a": "Ma remarque"}
    answer = collided(respondent, colleague, "theme/ECO", mine, {"q_ECO-1a": "2", "evidence_ECO-3a": "Leur preuve"})
    send_choice(respondent, "theme/ECO", answer, {"keep_q_ECO-1a": "theirs"})
    found = [field(respondent, "theme/ECO", name) for name in ("q_ECO-1a", "comment_ECO-3a", "evidence_ECO-3a")]
    assert found == [["2"], ["Ma remarque"], ["Leur preuve"]]


def test_until_the_choice_the_other_value_stands(respondent: PageClient, colleague: PageClient) -> None:
    collided(respondent, colleague, "theme/ECO", {"q_ECO-1a": "1"}, {"q_ECO-1a": "4"})
    assert field(colleague, "theme/ECO", "q_ECO-1a") == ["4"]


def test_a_page_sent_after_the_end_shows_what_was_typed(respondent: PageClient, colleague: PageClient) -> None:
    from tests.web.test_check import fill

    fill(respondent)
    page = respondent.page(at(respondent, "theme/ECO"))
    assert page is not None
    colleague.submit(at(colleague, "verifier"))
    late = {"complete": "1", "version": "1", "comment_ECO-1a": "Trop tard", "csrf_token": token(respondent)}
    answer = respondent.post(at(respondent, "theme/ECO"), data=late)
    assert answer.status_code == 409
    assert "Trop tard" in answer.text


def token(browser: PageClient) -> str:
    from tests.pages import values

    form = next(each for each in browser.page("/").iter("form") if each.get("method") == "post")
    return str(values(form)["csrf_token"])


def test_save_helper_sends_the_page(respondent: PageClient) -> None:
    assert save(respondent, "theme/STR").status_code == 303
