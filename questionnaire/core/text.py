"""What people may type, and in what form it is kept. Used by answers files and by forms alike.

Rule: FRAMEWORK.md, section 2 (NFC, no control or bidirectional characters except line breaks in long texts).
"""

from __future__ import annotations

import re
import unicodedata

LONG_TEXT = 4000
NAME = 200

BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_BIDI = re.compile(f"[{BIDI}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n?")


class TextError(ValueError):
    """A text that cannot be kept; its message is a French sentence made for the person who typed it."""


def clean_text(text: str, limit: int, *, lines: bool = True) -> str:
    r"""Return `text` in NFC with `\n` line breaks (none at all unless `lines`), or raise TextError."""
    if _SURROGATE.search(text):
        raise TextError("Ce texte contient un caractère incomplet : retapez-le.")
    clean = unicodedata.normalize("NFC", _LINE_BREAK.sub("\n", text))
    _refuse_hidden(clean, lines)
    if len(clean) > limit:
        raise TextError(f"Ce texte est trop long : {len(clean)} caractères, {limit} au plus.")
    return clean


def _refuse_hidden(text: str, lines: bool) -> None:
    if not lines and "\n" in text:
        raise TextError("Ce texte doit tenir sur une seule ligne : retirez les retours à la ligne.")
    hidden = _CONTROL.search(text.replace("\n", ""))
    if hidden:
        raise TextError(f"Ce texte contient un caractère de commande invisible (U+{ord(hidden[0]):04X}) : retirez-le.")
    turned = _BIDI.search(text)
    if turned:
        raise TextError(
            f"Ce texte contient un caractère qui change le sens de lecture (U+{ord(turned[0]):04X}) : retirez-le."
        )
