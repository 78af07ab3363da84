"""An answers file is read whole or refused whole, each fault with its path (FRAMEWORK.md, section 2)."""

import json
from datetime import date
from typing import Any

import pytest

from questionnaire.core.answers import Answer, AnswersError, AnswerSet, parse_answers
from questionnaire.core.loading import Catalogue, published
from tests.core.words import told

Document = dict[str, Any]


def read(document: Any) -> AnswerSet:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return parse_answers(data, published())[0]


def faults_of(document: Any) -> list[str]:
    with pytest.raises(AnswersError) as refusal:
        read(document)
    return told(refusal.value.faults)


def with_answer(answer: Any, question: str = "ECO-1a") -> Document:
    return {"framework": "faire-alliance@1.0.0", "answers": {question: answer}}


def with_profile(**profile: Any) -> Document:
    return {"framework": "faire-alliance@1.0.0", "profile": profile, "answers": {}}


def test_the_short_and_the_long_form_mean_the_same() -> None:
    assert read(with_answer(2)).answers == read(with_answer({"value": 2})).answers == {"ECO-1a": Answer(2)}


def test_everything_beside_the_answers_may_be_left_out() -> None:
    assert read({"framework": "faire-alliance", "answers": {}}) == AnswerSet("faire-alliance", "1.0.0")


def test_all_that_may_stand_in_a_file_is_read() -> None:
    document = with_answer({"value": "not_applicable", "reason": "Tête\r\nde réseau", "comment": "e\u0301té"}, "ECO-2a")
    document |= {"date": "2026-11-23", "association": {"name": "Jardins", "rna": "W341234567", "siren": "123456789"}}
    document["profile"] = {"territory": ["urban", "rural"], "department": "2A", "success": "Une\nfête"}
    read_back = read(document)
    assert read_back.date == date(2026, 11, 23)
    assert read_back.association.name == "Jardins"
    assert read_back.profile == {"department": "2A", "territory": ("rural", "urban"), "success": "Une\nfête"}
    assert read_back.answers["ECO-2a"] == Answer("not_applicable", comment="été", reason="Tête\nde réseau")


LONG = "é" * 4001
REFUSED = [
    (with_answer(0), "answers.ECO-1a", "pas « 0 »"),
    (with_answer(5), "answers.ECO-1a", "pas « 5 »"),
    (with_answer("2"), "answers.ECO-1a", "pas le texte « 2 »"),
    (with_answer(2.0), "answers.ECO-1a", "2.0"),
    (with_answer(True), "answers.ECO-1a", "pas true"),
    (with_answer(None), "answers.ECO-1a", "pas null"),
    (with_answer([2]), "answers.ECO-1a", "pas une liste"),
    (with_answer({"value": "2"}), "answers.ECO-1a.value", "pas le texte « 2 »"),
    (with_answer({"value": True}), "answers.ECO-1a.value", "pas true"),
    (with_answer({"value": None}), "answers.ECO-1a.value", "pas null"),
    (with_answer({"value": {"value": 2}}), "answers.ECO-1a.value", "pas un objet"),
    (with_answer({"evidence": "x"}), "answers.ECO-1a.value", "clé obligatoire absente"),
    (with_answer({"value": 2, "note": "x"}), "answers.ECO-1a.note", "clé inconnue"),
    (with_answer({"value": 2, "evidence": None}), "answers.ECO-1a.evidence", "un texte"),
    (with_answer({"value": 2, "evidence": LONG}), "answers.ECO-1a.evidence", "4001 caractères"),
    (with_answer({"value": 2, "comment": "a\u202eb"}), "answers.ECO-1a.comment", "U+202E"),
    (with_answer({"value": 2, "comment": "a\u0000b"}), "answers.ECO-1a.comment", "U+0000"),
    (with_answer({"value": 2, "comment": "a\tb"}), "answers.ECO-1a.comment", "U+0009"),
    (with_answer({"value": 2, "comment": "a\ud800b"}), "answers.ECO-1a.comment", "caractère incomplet"),
    (with_answer("not_applicable"), "answers.ECO-1a", "n’est pas proposé"),
    (with_answer("not_applicable", "ECO-2a"), "answers.ECO-2a.reason", "demande une raison"),
    (
        with_answer({"value": "not_applicable", "reason": " \n"}, "ECO-2a"),
        "answers.ECO-2a.reason",
        "demande une raison",
    ),
    (with_answer(2, "ECO-9z"), "answers.ECO-9z", "question inconnue"),
    (with_answer(2, "department"), "answers.department", "question inconnue"),
    (with_profile(age="old"), "profile.age", "option inconnue « old »"),
    (with_profile(age=["under-2"]), "profile.age", "pas une liste"),
    (with_profile(department="20"), "profile.department", "option inconnue"),
    (with_profile(department=34), "profile.department", "pas ce nombre"),
    (with_profile(territory="rural"), "profile.territory", "une liste"),
    (with_profile(territory=[]), "profile.territory", "une liste vide"),
    (with_profile(territory=["rural", "rural"]), "profile.territory[1]", "répétée"),
    (with_profile(territory=["rural", "moon"]), "profile.territory[1]", "option inconnue"),
    (with_profile(territory=["rural", 3]), "profile.territory[1]", "pas ce nombre"),
    (with_profile(partners=["state", "none"]), "profile.partners", "ne se combine"),
    (with_profile(success="x" * 1001), "profile.success", "1001 caractères"),
    (with_profile(success=["x"]), "profile.success", "un texte"),
    (with_profile(weight="x"), "profile.weight", "question inconnue"),
    ({"answers": {}}, "framework", "clé obligatoire absente"),
    ({"framework": "faire-alliance"}, "answers", "clé obligatoire absente"),
    ({"framework": 1, "answers": {}}, "framework", "pas ce nombre"),
    ({"framework": "other", "answers": {}}, "framework", "inconnu"),
    ({"framework": "faire-alliance@", "answers": {}}, "framework", "inconnu"),
    ({"framework": "faire-alliance@9.0.0", "answers": {}}, "framework", "inconnu"),
    ({"framework": "faire-alliance", "answers": []}, "answers", "pas une liste"),
    ({"framework": "faire-alliance", "answers": {}, "profile": None}, "profile", "pas null"),
    ({"framework": "faire-alliance", "answers": {}, "score": 1}, "score", "clé inconnue"),
    *(
        ({"framework": "faire-alliance", "answers": {}, "date": day}, "date", "une date")
        for day in (
            "2026-02-30",
            "23/11/2026",
            "20261123",
            "2026-11-23T10:00",
            "2026-W48-1",
            "٢٠٢٦-11-23",
            "",
            None,
            2026,
        )
    ),
    *(
        ({"framework": "faire-alliance", "answers": {}, "association": given}, path, words)
        for given, path, words in (
            ({"name": "x" * 201}, "association.name", "201 caractères"),
            ({"name": "a\nb"}, "association.name", "une seule ligne"),
            ({"name": 3}, "association.name", "un texte"),
            ({"siren": 123456789}, "association.siren", "un texte"),
            ({"mail": "x"}, "association.mail", "clé inconnue"),
            ("Jardins", "association", "un objet"),
        )
    ),
]


@pytest.mark.parametrize(("document", "path", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_read_is_refused_with_its_path(document: Document, path: str, words: str) -> None:
    found = faults_of(document)
    assert any(fault.startswith(f"{path} : ") and words in fault for fault in found), found


def test_every_fault_is_told_at_once() -> None:
    document = with_answer({"value": 7, "evidence": LONG}) | {"date": "hier", "profile": {"age": "old"}, "extra": 1}
    paths = [fault.split(" : ")[0] for fault in faults_of(document)]
    assert paths == ["extra", "date", "profile.age", "answers.ECO-1a.evidence", "answers.ECO-1a.value"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ligne 1, colonne 1"),
        (b'{"framework": "faire-alliance",\n "answers": {,}}', "ligne 2, colonne 14"),
        (b'{"framework": "faire-alliance", "answers": {}} x', "ligne 1, colonne 48"),
        (b'{"framework": "faire-alliance",\n "association": {"name": "\xe9"}, "answers": {}}', "ligne 2, colonne 27"),
        (b'{"framework": "faire-alliance", "answers": {"ECO-1a": 1, "ECO-1a": 2}}', "answers.ECO-1a : clé répétée"),
        (
            b'{"framework": "faire-alliance", "answers": {"ECO-1a": {"value": 1, "value": 2}}}',
            "ECO-1a.value : clé répétée",
        ),
        (b'{"framework": "faire-alliance", "answers": {}, "answers": {}}', "answers : clé répétée"),
        (b'{"framework": "faire-alliance", "answers": {"ECO-1a": NaN}}', "answers.ECO-1a : "),
        (b'{"framework": "faire-alliance", "answers": {"ECO-1a": -Infinity}}', "answers.ECO-1a : "),
        (b'{"framework": "faire-alliance", "answers": {"ECO-1a": 1e999}}', "answers.ECO-1a : "),
        (b'{"framework": "faire-alliance", "answers": {"ECO-1a": ' + b"9" * 5000 + b"}}", "pas ce nombre démesuré"),
        (b"[" * 100_000, "imbrication"),
        (b'{"answers":' * 100_000, "imbrication"),
        (b'{"framework": "faire-alliance", "answers": ' + b"[" * 900 + b"]" * 900 + b"}", "answers : "),
        (b"[]", "un objet"),
        (b"null", "un objet"),
        (b'"x"', "un objet"),
        ('{"framework": "faire-alliance", "answers": {}}'.encode("utf-16"), "UTF-8"),
        (b" " * 21_000_000, "trop gros"),
    ],
    ids=range(19),
)
def test_a_hostile_file_is_refused_in_words(data: bytes, words: str) -> None:
    assert any(words in fault for fault in faults_of(data))


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b'\xef\xbb\xbf{"framework": "faire-alliance", "answers": {}}').answers == {}


def test_answers_meant_for_another_framework_are_refused() -> None:
    framework = published().newest("faire-alliance")
    for name in ("other", "faire-alliance@2.0.0"):
        with pytest.raises(AnswersError, match="vont avec"):
            parse_answers(json.dumps({"framework": name, "answers": {}}).encode(), framework)


def test_a_name_alone_means_the_newest_version() -> None:
    published_one = published().newest("faire-alliance")
    header = published_one.header.model_copy(update={"version": "1.0.10"})
    newer = published_one.model_copy(update={"header": header})
    catalogue = Catalogue((newer, published_one))
    data = json.dumps({"framework": "faire-alliance", "answers": {}}).encode()
    assert parse_answers(data, catalogue)[1].version == "1.0.10"
