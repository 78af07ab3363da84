"""What an unquoted YAML scalar means: a text, a whole or decimal number, true or false; anything doubtful is refused.

YAML 1.1 reads `1:30` as ninety, `010` as eight, `1_000` as a thousand and `no` as false. Here `no` is false (so a fault
where a text is expected), and the numbers that deceive are faults everywhere.
"""

from __future__ import annotations

import re
from fractions import Fraction

from questionnaire.core.faults import quoted
from questionnaire.core.text import BIDI

TRUE = {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
FALSE = {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
NULL = {"", "~", "null", "Null", "NULL"}

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_DECEITFUL = re.compile(
    r"""[-+]?0b[01_]+ | [-+]?0x[0-9a-fA-F_]+ | [-+]?[0-9][0-9_]* # binary, hexadecimal, octal, signed, underscores
      | [-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?                    # base sixty
      | [-+]?([0-9][0-9_]*)?\.[0-9_]*([eE][-+]?[0-9]+)? | [-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
      | [-+]?\.(inf|Inf|INF) | \.(nan|NaN|NAN)
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\ \t].*)?                     # dates
      | = | <<""",
    re.VERBOSE,
)
_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{BIDI}]")
_MOST_DIGITS = 40


class ScalarError(ValueError):
    """A scalar that has no sure meaning; the message says what to write."""


class Invalid:
    """Stands where a value could not be read; fits no type."""


INVALID = Invalid()


def plain_value(text: str) -> str | int | bool | Fraction:
    """Return what an unquoted scalar means, or raise ScalarError."""
    if text in NULL:
        raise ScalarError("valeur vide : écrivez une valeur, ou retirez la clé")
    if text in TRUE or text in FALSE:
        return text in TRUE
    if _WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text):
        return _number(text)
    if _DECEITFUL.fullmatch(text):
        raise ScalarError(f"{quoted(text)} peut se lire autrement : mettez des guillemets, ou écrivez un nombre simple")
    return text_value(text)


def text_value(text: str) -> str:
    """Return a text that is not blank and hides nothing, or raise ScalarError."""
    if not text.strip():
        raise ScalarError("texte vide : écrivez-le, ou retirez la clé")
    hidden = _HIDDEN.search(text)
    if hidden:
        raise ScalarError(f"caractère invisible ou de sens de lecture (U+{ord(hidden[0]):04X}) : retirez-le")
    return text


def _number(text: str) -> int | Fraction:
    if len(text) > _MOST_DIGITS:
        raise ScalarError(f"nombre démesuré {quoted(text)} : {_MOST_DIGITS} chiffres au plus")
    return Fraction(text) if "." in text else int(text)
