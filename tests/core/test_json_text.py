"""What is read of a JSON text, and each sentence said of one that cannot be read, with its line and column."""

from __future__ import annotations

import pytest

from questionnaire.core.faults import AnswersError
from questionnaire.core.json_text import LARGEST, JsonObject, OddNumber, read_json
from tests.core.words import plain


def refusal(data: bytes) -> str:
    with pytest.raises(AnswersError) as refused:
        read_json(data)
    return plain(str(refused.value))


def test_values_come_as_they_stand() -> None:
    text = '\ufeff{"a": [1, -2, 2.5, true, null], "é": {"b": "c"}}'
    found = read_json(text.encode())
    assert found == {"a": [1, -2, 2.5, True, None], "é": {"b": "c"}}
    assert type(found) is JsonObject
    assert type(found["é"]) is JsonObject
    assert found.repeated == ()


def test_the_first_of_repeated_keys_stays_and_each_other_is_remembered() -> None:
    found = read_json(b'{"a": 1, "b": 2, "a": 3, "c": {"d": 1, "d": 2}, "b": 4, "a": 5}')
    assert found == {"a": 1, "b": 2, "c": {"d": 1}}
    assert found.repeated == ("a", "b", "a")
    assert found["c"].repeated == ("d",)


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity", "1" * 16, "-" + "1" * 15, "9" * 5000])
def test_a_number_that_is_no_answer_is_marked_so(odd: str) -> None:
    [marked, one] = read_json(f"[{odd}, 1]".encode())
    assert isinstance(marked, OddNumber)
    assert one == 1


@pytest.mark.parametrize("number", [10**14, -(10**13), 0])
def test_a_number_of_fifteen_signs_is_still_a_number(number: int) -> None:
    assert read_json(str(number).encode()) == number


@pytest.mark.parametrize(
    ("text", "place", "saying"),
    [
        ("", "ligne 1, colonne 1", "une valeur est attendue ici"),
        ('{"a": 1,\n "b": }', "ligne 2, colonne 7", "une valeur est attendue ici"),
        ("{}\n{}", "ligne 2, colonne 1", "rien n’est attendu après la fin du document"),
        ("{a: 1}", "ligne 1, colonne 2", "une clé entre guillemets droits est attendue ici"),
        ('{"a" 1}', "ligne 1, colonne 6", "deux-points attendus ici"),
        ("[1 2]", "ligne 1, colonne 4", "virgule attendue ici"),
        ('{"a": "b}', "ligne 1, colonne 7", "ce texte n’est pas refermé par un guillemet droit"),
        ('["a\nb"]', "ligne 1, colonne 4", "caractère de commande ou retour à la ligne non échappé dans un texte"),
        ('["\\x"]', "ligne 1, colonne 3", "séquence d’échappement inconnue"),
        ('["\\u12"]', "ligne 1, colonne 4", "séquence \\u incomplète"),
    ],
)
def test_a_text_that_is_no_json_says_where_it_stopped_and_why(text: str, place: str, saying: str) -> None:
    assert refusal(text.encode()) == f"{place} : JSON illisible : {saying}"


@pytest.mark.parametrize("text", ['{"a": 1,}', "[1,]"])
def test_a_comma_too_many_is_told_as_the_reader_sees_it(text: str) -> None:
    told = refusal(text.encode()).partition(" : JSON illisible : ")[2]
    assert told in {
        "virgule en trop avant la fin",
        "une clé entre guillemets droits est attendue ici",
        "une valeur est attendue ici",
    }, "newer readers see the comma, older ones what is lacking after it"


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"\xff", "ligne 1, colonne 1"), ('{\n\n"été": '.encode() + b"\xe9}", "ligne 3, colonne 8")],
)
def test_what_is_not_utf_8_is_told_where_it_stands(data: bytes, place: str) -> None:
    assert refusal(data) == f"{place} : ce fichier n’est pas écrit en UTF-8 : enregistrez-le dans cet encodage"


def test_what_is_too_deep_or_too_large_is_refused() -> None:
    assert refusal(b"[" * 200_000) == "imbrication trop profonde : ce n’est pas un fichier de réponses"
    assert read_json(b"1" + b" " * (LARGEST - 1)) == 1
    assert refusal(b"1" + b" " * LARGEST) == "fichier trop gros : 20 Mo au plus"
