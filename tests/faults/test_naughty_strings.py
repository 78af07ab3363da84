"""Naughty strings in every text of a page: each is refused with a sentence, or comes back as it was typed, in NFC."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from tests.faults.conftest import FULL, Figure
from tests.faults.server import Server
from tests.faults.visitor import PAGES, Answer, Form, Respondent

KNOWN: list[str] = json.loads((Path(__file__).parent / "vendor/naughty-strings.json").read_text("utf-8"))
OWN = [  # what French people paste, and what Unicode allows
    "L’été à l’œuvre : « déjà » 1 234,5 € – 50 %…",
    "L\u2019e\u0301te\u0301 a\u0300 l\u2019\u0153uvre",  # the same letters, taken apart
    "Bureau\u00ad\u200bcratie\u2060 et\ufeff sigles",
    "Œdipe, Ÿ, ŀ, ĳ, ﬁ, ½, №, ™",
    "مرحبا بكم في الجمعية",
    "שלום לכולם",
    "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 🇫🇷 👋🏿",
    "𝕬𝖘𝖘𝖔𝖈𝖎𝖆𝖙𝖎𝖔𝖓 𠀀𠀁 \U0010fffd",
    "Z̸̧̛̪̙͓a̴l̷g̶o̵" * 20,
    "ﷺ" * 30,
    "À faire\r\n– appeler\r– écrire\n\n\n– relire",
    "mot" * 1300,
    "\u202eecilop\u202c et \u2066isolé\u2069",
    "sonnerie\x07, escape\x1b[31m, nul\x00, suppression\x7f, C1\x85",
    "ligne\u2028et paragraphe\u2029séparés",
    "  espaces autour  ",
    "\t",
]
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TEXT = re.compile("(evidence|comment)_")


def test_a_string_comes_back_or_is_refused_with_a_sentence(
    live: Server, respondent: Respondent, figure: Figure
) -> None:
    strings = OWN + KNOWN[:: 1 if FULL else 6]
    texts = {page: [name for name, _ in respondent.page(page).fields if TEXT.match(name)] for page in PAGES}
    figure("strings", len(strings), full=len(strings))
    waiting = strings
    while waiting:
        for page, names in texts.items():
            typed, waiting = dict(zip(names, waiting, strict=False)), waiting[len(names) :]
            keep_or_refuse(respondent, page, dict.fromkeys(names, "") | typed)
    assert live.alive()


def keep_or_refuse(respondent: Respondent, page: str, typed: dict[str, str]) -> None:
    """Save these texts: what is refused is told at its field and stays there; all the rest is read back."""
    answer = respondent.save(page, **typed)
    hidden = {name for name, text in typed.items() if HIDDEN.search(text.replace("\r", "\n"))}
    if hidden:
        assert answer.status == 422
        assert told(answer) == hidden
        assert legible(shown(answer.forms, typed)) == legible(typed)
        typed |= dict.fromkeys(hidden, "")
        answer = respondent.save(page, **typed)
    assert answer.status == 303, page
    wanted = {name: unicodedata.normalize("NFC", as_sent(text)) for name, text in typed.items()}
    assert shown([respondent.page(page)], typed) == wanted


def told(answer: Answer) -> set[str]:
    """The fields beside which a sentence says what to do."""
    return {error.get("id").removesuffix("-error") for error in answer.tree.xpath("//*[@class='field-error']")}


def shown(forms: list[Form], typed: dict[str, str]) -> dict[str, str]:
    """What stands in these fields of a page."""
    return {name: next(form.get(name) for form in forms if form.get("complete")) for name in typed}


def legible(texts: dict[str, str]) -> dict[str, list[str]]:
    """The words of each text, whatever sign stands for what cannot be seen."""
    return {name: re.findall(r"[a-zà-ÿ]{2,}", unicodedata.normalize("NFC", text)) for name, text in texts.items()}


def as_sent(text: str) -> str:
    """The text with the line breaks of a page."""
    return re.sub("\r\n?", "\n", text)
