"""JSON bytes -> plain values, repeated keys remembered; or AnswersError, with the line and column where it stopped."""

from __future__ import annotations

import json
from typing import Any

from questionnaire.core.faults import AnswersError, Fault

LARGEST = 20_000_000
_MOST_DIGITS = 15
_SAYINGS = {
    "Expecting value": "une valeur est attendue ici",
    "Extra data": "rien n’est attendu après la fin du document",
    "Expecting property name enclosed in double quotes": "une clé entre guillemets droits est attendue ici",
    "Illegal trailing comma before end of object": "virgule en trop avant la fin",
    "Illegal trailing comma before end of array": "virgule en trop avant la fin",
    "Expecting ':' delimiter": "deux-points attendus ici",
    "Expecting ',' delimiter": "virgule attendue ici",
    "Unterminated string starting at": "ce texte n’est pas refermé par un guillemet droit",
    "Invalid control character at": "caractère de commande ou retour à la ligne non échappé dans un texte",
    "Invalid \\escape": "séquence d’échappement inconnue",
    "Invalid \\uXXXX escape": "séquence \\u incomplète",
}


class JsonObject(dict[str, Any]):
    """A JSON object that remembers the keys it saw more than once; the first value stays."""

    repeated: tuple[str, ...] = ()


class OddNumber:
    """Stands for a number no answer can be: NaN, infinite, or of thousands of digits."""


def read_json(data: bytes) -> Any:
    """Return the values of a JSON text in UTF-8. Raises AnswersError."""
    text = _decoded(data)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole, parse_constant=lambda name: OddNumber())
    except json.JSONDecodeError as error:
        saying = next((french for start, french in _SAYINGS.items() if error.msg.startswith(start)), error.msg)
        raise AnswersError([Fault(error.lineno, "", f"JSON illisible : {saying}", error.colno)]) from None
    except RecursionError:
        raise AnswersError(
            [Fault(None, "", "imbrication trop profonde : ce n’est pas un fichier de réponses")]
        ) from None


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise AnswersError([Fault(None, "", f"fichier trop gros : {LARGEST // 1_000_000} Mo au plus")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = "ce fichier n’est pas écrit en UTF-8 : enregistrez-le dans cet encodage"
        raise AnswersError([Fault(line, "", message, column)]) from None


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject()
    for key, value in pairs:
        if key in found:
            found.repeated += (key,)
        found.setdefault(key, value)
    return found


def _whole(digits: str) -> int | OddNumber:
    return int(digits) if len(digits) <= _MOST_DIGITS else OddNumber()
