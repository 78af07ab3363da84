"""What is read of a YAML file: values, the line of each, and every fault of form word for word, where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from questionnaire.core.faults import FrameworkError
from questionnaire.core.loading.data_file import load, parse
from questionnaire.core.loading.document import DEEPEST, LARGEST, Document, read_document
from questionnaire.core.loading.scalars import INVALID
from questionnaire.core.shapes import Part
from tests.core.words import plain, told

DATA = """# un essai
name: Jardins
count: 12
share: 2.50
open: no
kept: {a: [1, "2"], 3: 'trois'}
long: |
  deux
  lignes
"""


def faults_of(document: Document) -> list[str]:
    return told(document.faults)


def refusal(data: bytes) -> list[str]:
    with pytest.raises(FrameworkError) as refused:
        read_document(data)
    return told(refused.value.faults)


def test_values_come_as_they_are_meant_each_with_its_line() -> None:
    document = read_document(DATA.encode())
    kept = {"a": (1, "2"), 3: "trois"}
    assert document.values == {
        "name": "Jardins",
        "count": 12,
        "share": Fraction(5, 2),
        "open": False,
        "kept": kept,
        "long": "deux\nlignes\n",
    }
    assert [type(document.values[key]) for key in ("count", "share", "open")] == [int, Fraction, bool]
    assert document.sha256 == sha256(DATA.encode()).hexdigest()
    assert (document.whole, document.faults, document.faulty) == (True, [], set())
    assert document.lines == {
        (): 2,
        ("name",): 2,
        ("count",): 3,
        ("share",): 4,
        ("open",): 5,
        ("kept",): 6,
        ("kept", "a"): 6,
        ("kept", "a", 0): 6,
        ("kept", "a", 1): 6,
        ("kept", 3): 6,
        ("long",): 7,
    }


def test_the_line_of_what_is_not_there_is_that_of_what_should_hold_it() -> None:
    document = read_document(b"# un\na:\n  - b: 1\n")
    paths: list[tuple[str | int, ...]] = [("a", 0, "b"), ("a", 0, "c", "d"), ("a", 7), ("z",), ()]
    assert [document.line(path) for path in paths] == [3, 3, 2, 2, 2]
    assert Document("").line(("a",)) == 1


def test_what_lies_under_a_fault_is_judged_already() -> None:
    document = read_document(b"a: {b: 010, c: 1}\n")
    judged = [document.judged(path) for path in ((), ("a",), ("a", "b"), ("a", "b", 0), ("a", "c"))]
    assert judged == [False, False, True, True, False]
    assert document.faulty == {("a", "b")}
    document.add(("a", "c"), "trop", 9)
    document.add(("a", "z"), "absent")
    assert faults_of(document)[1:] == ["ligne 9 : a.c : trop", "ligne 1 : a.z : absent"]
    assert document.judged(("a", "c"))


DOUBTFUL = "peut se lire autrement : mettez des guillemets, ou écrivez un nombre simple"


@pytest.mark.parametrize(
    ("text", "values", "faults"),
    [
        ("", None, ["ligne 1 : fichier vide : rien à lire"]),
        ("# rien\n\n", None, ["ligne 1 : fichier vide : rien à lire"]),
        (
            "a: b\n---\nc: d\n---\n- e\n",
            {"a": "b"},
            [f"ligne {line} : second document dans le même fichier : gardez-en un seul" for line in (2, 4)],
        ),
        (
            "a:\n  b: 1\n  b: 2\n",
            {"a": {"b": 1}},
            ["ligne 3 : a.b : clé répétée (déjà ligne 2) : gardez-en une seule"],
        ),
        (
            "a: {true: 1, 2.5: 2}\n[b]: 3\n",
            {"a": {}},
            [
                "ligne 1 : a.? : cette clé n’est pas un texte : écrivez-la entre guillemets",
                "ligne 1 : a.? : cette clé n’est pas un texte : écrivez-la entre guillemets",
                "ligne 2 : ? : cette clé n’est pas un texte : écrivez-la entre guillemets",
            ],
        ),
        ("010: a\n", {}, [f"ligne 1 : ? : « 010 » {DOUBTFUL}"]),
        (
            "- &x a\n- *x\n",
            ("a", INVALID),
            ["ligne 2 : [1] : alias « *x » : recopiez la valeur"],
        ),
        (
            "a: !!str b\nc: !d {e: 1}\n",
            {"a": "b", "c": {"e": 1}},
            [
                "ligne 1 : a : étiquette YAML « tag:yaml.org,2002:str » : retirez-la",
                "ligne 2 : c : étiquette YAML « !d » : retirez-la",
            ],
        ),
        ("a:\n  - 1:30\n", {"a": (INVALID,)}, [f"ligne 2 : a[0] : « 1:30 » {DOUBTFUL}"]),
        ('a: ""\n', {"a": INVALID}, ["ligne 1 : a : texte vide : écrivez-le, ou retirez la clé"]),
        ("a:\n", {"a": INVALID}, ["ligne 1 : a : valeur vide : écrivez une valeur, ou retirez la clé"]),
        (
            'a: "b\\u202E"\n',
            {"a": INVALID},
            ["ligne 1 : a : caractère invisible ou de sens de lecture (U+202E) : retirez-le"],
        ),
        (
            f"a: {'9' * 41}\nb: {'9' * 40}\n",
            {"a": INVALID, "b": int("9" * 40)},
            [f"ligne 1 : a : nombre démesuré « {'9' * 41} » : 40 chiffres au plus"],
        ),
        (
            "a: b\nc:\x07 d\u202e\n",
            {"a": "b", "c": "d"},
            [
                f"ligne 2 : caractère invisible ou de sens de lecture (U+{code}) : retirez-le"
                for code in ("0007", "202E")
            ],
        ),
    ],
)
def test_a_fault_of_form_is_said_in_full_and_the_rest_is_read(text: str, values: Any, faults: list[str]) -> None:
    document = read_document(text.encode())
    assert (document.values, faults_of(document), document.whole) == (values, faults, True)


@pytest.mark.parametrize("text", ["a: 0x1f", "a: +1", "a: .5", "a: 1e3", "a: 1_000", "a: 2026-11-29", "a: .nan"])
def test_what_is_written_between_quotes_deceives_nobody(text: str) -> None:
    assert faults_of(read_document(text.encode())) == [f"ligne 1 : a : « {text[3:]} » {DOUBTFUL}"]
    between = f"{text[:3]}'{text[3:]}'"
    assert read_document(between.encode()).values == {"a": text[3:]}


def test_only_the_first_hundred_hidden_characters_are_told() -> None:
    document = read_document(("a: b\n" + "# \u202e\n" * 150).encode())
    assert [fault.line for fault in document.faults] == list(range(2, 102))
    assert document.values == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1\nb: 2\n", "ligne 2, colonne 2"),
        ("a: 'b\n", "ligne 2, colonne 1"),
        ("a: 1\n  b: 2\n", "ligne 2, colonne 4"),
    ],
)
def test_a_text_that_is_no_yaml_says_where_it_stopped(text: str, place: str) -> None:
    document = read_document(text.encode())
    [said] = faults_of(document)
    begins = f"{place} : YAML illisible à partir d’ici : vérifiez l’alignement, les deux-points et les guillemets ("
    assert said.startswith(begins), said
    assert len(said) > len(begins) + 5, "what the parser says"
    assert not document.whole


def test_as_deep_as_is_allowed_and_no_deeper() -> None:
    deepest = read_document(b"[" * DEEPEST + b"1" + b"]" * DEEPEST)
    assert (deepest.whole, deepest.faults) == (True, [])
    deeper = read_document(b"[" * (DEEPEST + 1) + b"1" + b"]" * (DEEPEST + 1))
    assert (deeper.whole, faults_of(deeper)) == (
        False,
        ["ligne 1 : [0][0][0][0] : imbrication trop profonde : rien ici n’en a besoin"],
    )


def test_a_file_is_read_up_to_its_greatest_size() -> None:
    assert read_document(b"a: 1\n#" + b"x" * (LARGEST - 6)).values == {"a": 1}
    assert refusal(b"a: 1\n#" + b"x" * (LARGEST - 5)) == ["fichier trop gros : 5 Mo au plus"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", "ligne 1, colonne 1"),
        (b"a: b\nc: \xe9t\xe9\n", "ligne 2, colonne 4"),
        ("a: b\n\nété: ".encode() + b"\xe9", "ligne 3, colonne 6"),
    ],
)
def test_what_is_not_utf_8_is_told_where_it_stands(data: bytes, place: str) -> None:
    assert refusal(data) == [f"{place} : ce fichier n’est pas écrit en UTF-8 : enregistrez-le dans cet encodage"]


class Garden(Part):
    """A small model of a file."""

    sha256: str = ""
    name: str
    beds: tuple[int, ...]


def nothing(values: dict[Any, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield from ()


def test_a_file_that_holds_what_its_model_says_is_given_as_this_model() -> None:
    assert parse(b"name: Jardins\nbeds: [1, 2]\n", Garden, nothing) == Garden(name="Jardins", beds=(1, 2))


def test_every_fault_is_told_once_in_the_order_of_the_file() -> None:
    def check(values: dict[Any, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
        yield ("name",), "trop court"
        yield ("beds", 1), "un autre ordre"
        yield ("beds", 1), "un autre ordre"
        yield ("beds", 0, "deep"), "jamais dit : une faute est déjà là"

    text = "more: x\nname: Jardins\nbeds: [010, deux]\nname: 4\n"
    with pytest.raises(FrameworkError) as refused:
        parse(text.encode(), Garden, check)
    assert told(refused.value.faults) == [
        "ligne 1 : more : clé inconnue : corrigez son nom ou retirez-la",
        f"ligne 3 : beds[0] : « 010 » {DOUBTFUL}",
        "ligne 3 : beds[1] : il faut un nombre entier, pas le texte « deux »",
        "ligne 3 : beds[1] : un autre ordre",
        "ligne 4 : name : clé répétée (déjà ligne 2) : gardez-en une seule",
    ]


def test_a_list_that_is_too_short_is_told_unless_its_items_are_faulty() -> None:
    class Bench(Part):
        seats: Annotated[tuple[int, ...], Field(min_length=2)]
        sha256: str = ""

    found = {}
    for text in ("seats: [1]", "seats: [1, deux]", "seats: [1, 2]"):
        try:
            found[text] = [str(parse(text.encode(), Bench, nothing).seats)]
        except FrameworkError as refused:
            found[text] = [plain(fault.message) for fault in refused.faults]
    assert found == {
        "seats: [1]": ["liste trop courte : 2 au moins"],
        "seats: [1, deux]": ["il faut un nombre entier, pas le texte « deux »"],
        "seats: [1, 2]": ["(1, 2)"],
    }


def test_a_file_on_disk_is_read_up_to_its_greatest_size(tmp_path: Path) -> None:
    path = tmp_path / "grand.yaml"
    path.write_bytes(b"name: Jardins\nbeds: []\n#".ljust(LARGEST, b"x"))
    assert load(path, lambda data: parse(data, Garden, nothing)).name == "Jardins"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(FrameworkError, match="trop gros"):
        load(path, lambda data: parse(data, Garden, nothing))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    faulty, sound = tmp_path / "faux.yaml", tmp_path / "juste.yaml"
    faulty.write_text("name: [\n")
    sound.write_text("name: Jardins\nbeds: []\n")
    for path in (faulty, tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(FrameworkError) as refused:
            load(path, lambda data: parse(data, Garden, nothing))
        assert [fault.file for fault in refused.value.faults] == [str(path)]
    assert load(sound, lambda data: parse(data, Garden, nothing)).name == "Jardins"
