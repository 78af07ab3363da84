"""Pydantic's errors in French: what is wrong and what to do. One sentence per kind of error, no decision."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from questionnaire.core.faults import quoted

PATTERNS = {
    "version": "une version s’écrit en trois nombres, comme 1.0.0",
    "id": "un identifiant de référentiel n’a ni espace ni arobase",
    "url": "une adresse commence par https:// ou http:// et n’a pas d’espace",
}


def sentence(error: Mapping[str, Any]) -> str:
    """Return the French sentence for one of pydantic's errors."""
    make = SENTENCES.get(error["type"])
    return make(error) if make else f"valeur inattendue {quoted(error.get('input'))} : relisez le format de ce fichier"


def _expected(what: str, error: Mapping[str, Any]) -> str:
    return f"il faut {what}, pas {_kind(error['input'])}"


def _text(error: Mapping[str, Any]) -> str:
    value = error["input"]
    quotes = " : mettez la valeur entre guillemets" if isinstance(value, int | Fraction) else ""
    return f"un texte est attendu, pas {_kind(value)}{quotes}"


def _kind(value: object) -> str:
    kinds: tuple[tuple[Any, str], ...] = (
        (bool, "oui ou non (« true », « no »… sans guillemets)"),
        ((int, Fraction), f"le nombre {value}"),
        (str, f"le texte {quoted(value)}"),
        (tuple, "une liste"),
        (dict, "un groupe de clés"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "cette valeur")


def _choice(error: Mapping[str, Any]) -> str:
    """Say what may stand there: pydantic lists it as `'single', 'multiple' or 'text'`."""
    choices = re.sub("'([^']*)'", lambda found: quoted(found[1]), error["ctx"]["expected"])
    return f"valeur inconnue {quoted(error['input'])} : choisissez {choices.replace(' or ', ' ou ')}"


SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda error: "clé obligatoire absente : ajoutez-la",
    "extra_forbidden": lambda error: "clé inconnue : corrigez son nom ou retirez-la",
    "string_type": _text,
    "int_type": partial(_expected, "un nombre entier"),
    "number_type": partial(_expected, "un nombre"),
    "bool_type": partial(_expected, "« true » ou « false »"),
    "tuple_type": partial(_expected, "une liste"),
    "dict_type": partial(_expected, "un groupe de clés"),
    "model_type": partial(_expected, "un groupe de clés"),
    "condition_type": partial(_expected, "une option, un niveau, « unknown » ou « not_applicable »"),
    "literal_error": _choice,
    "string_too_long": lambda error: f"texte trop long : {error['ctx']['max_length']} caractères au plus",
    "greater_than_equal": lambda error: f"nombre trop petit : {error['ctx']['ge']} au moins",
    "less_than_equal": lambda error: f"nombre trop grand : {error['ctx']['le']} au plus",
    "day_type": lambda error: "une date s’écrit entre guillemets, année-mois-jour, comme '2026-11-25'",
    "percent_range": lambda error: "un nombre de 0 à 100 est attendu",
    "too_short": lambda error: f"liste trop courte : {error['ctx']['min_length']} au moins",
    "too_long": lambda error: f"liste trop longue : {error['ctx']['max_length']} au plus",
    "string_pattern_mismatch": lambda error: PATTERNS[error["loc"][-1]],
}
