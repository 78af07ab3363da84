"""What is said of a faulty file or text: the whole sentence, what was typed made harmless, and never too much of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest

from questionnaire.core.faults import LONGEST, Fault, FrameworkError, plain, quoted
from questionnaire.core.framework import Framework
from questionnaire.core.loading import parse_framework, published_companions
from questionnaire.core.loading.territory_files import FOLDER
from questionnaire.core.loading.wording import sentence
from questionnaire.core.text import TextError, clean_text


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "oui ou non (« true », « no »… sans guillemets)"),
        (12, "le nombre 12"),
        (Fraction(1, 2), "le nombre 1/2"),
        ("abc", "le texte « abc »"),
        ((1, 2), "une liste"),
        ({"a": 1}, "un groupe de clés"),
        (None, "cette valeur"),
    ],
)
def test_what_stands_in_the_place_of_a_list_is_named(value: Any, kind: str) -> None:
    assert _said(sentence({"type": "tuple_type", "input": value})) == f"il faut une liste, pas {kind}"


@pytest.mark.parametrize(("value", "advice"), [(12, " : mettez la valeur entre guillemets"), ((), "")])
def test_a_number_in_the_place_of_a_text_wants_quotes(value: Any, advice: str) -> None:
    kind = "le nombre 12" if value else "une liste"
    assert _said(sentence({"type": "string_type", "input": value})) == f"un texte est attendu, pas {kind}{advice}"


def test_an_error_nobody_thought_of_is_still_a_sentence() -> None:
    told = _said(sentence({"type": "moon_phase", "input": "lune"}))
    assert told == "valeur inattendue « lune » : relisez le format de ce fichier"


def _said(text: str) -> str:
    """Return a sentence with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Été, déjà", "Été, déjà"),
        ("12\u00a0%\u202f?", "12\u00a0%\u202f?"),
        ("a\x1b[31m\n", "a\\x1b[31m\\n"),
        ("X\u202eY", "X\\u202eY"),
        ("e" * LONGEST, "e" * LONGEST),
        ("e" * (LONGEST + 1), "e" * LONGEST + "…"),
    ],
)
def test_what_was_typed_is_shown_harmless_and_short(typed: str, shown: str) -> None:
    assert plain(typed) == shown
    assert _said(quoted(typed)) == f"« {_said(shown)} »"


def test_a_file_is_refused_with_a_line_for_each_fault() -> None:
    first, second = Fault(3, "rules[0].id", "clé inconnue", 7, "cadre.yaml"), Fault(None, "", "fichier illisible")
    error = FrameworkError(iter((first, second)))
    assert error.faults == (first, second)
    assert _said(str(error)) == "cadre.yaml : ligne 3, colonne 7 : rules[0].id : clé inconnue\nfichier illisible"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("a\ud800", "Ce texte contient un caractère incomplet : retapez-le."),
        ("a\nb", "Ce texte doit tenir sur une seule ligne : retirez les retours à la ligne."),
        ("abcdef", "Ce texte est trop long : 6 caractères, 5 au plus."),
        ("a\x07", "Ce texte contient un caractère de commande invisible (U+0007) : retirez-le."),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_in_a_sentence(typed: str, refusal: str) -> None:
    with pytest.raises(TextError) as refused:
        clean_text(typed, 5, lines=False)
    assert _said(str(refused.value)) == refusal


def test_a_text_of_the_greatest_length_is_kept_with_its_lines() -> None:
    assert clean_text("ab\r\nc\n", 5) == "ab\nc\n"
    assert clean_text("abcde", 5, lines=False) == "abcde"


def test_a_file_is_named_by_its_very_bytes() -> None:
    own = (FOLDER / "faire-alliance-1.0.0.yaml").read_bytes()
    framework, spaced = parse_framework(own), parse_framework(own + b"\n")
    assert (framework.sha256, spaced.sha256) == (sha256(own).hexdigest(), sha256(own + b"\n").hexdigest())
    assert len({hash(framework), hash(parse_framework(own)), hash(spaced)}) == 2
    assert Framework.model_construct(**dict(framework)).sha256 == "", "made of values, it is no file"


def test_a_report_is_printed_on_its_day() -> None:
    companions, day = published_companions(), date(2026, 11, 29)
    assert companions.on(day) == replace(companions, day=day)
    assert companions.on(day).day == day
