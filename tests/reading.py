"""Measures how plain our French is: long sentences and rare words of every text that people read.

`script/readability` prints the worst; `test_plain_french.py` refuses what passes the limits. The texts are those of the
templates (each branch of a condition apart) and of the framework files, which are only listed: a published one never
changes. How frequent a word is comes from `wordfreq` (its scale: 3 is once in a million words).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, nodes
from wordfreq import zipf_frequency

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
DATA = sorted((ROOT / "questionnaire/frameworks").rglob("*.yaml"))
MOST_WORDS = 25  # in a sentence of a template
RARE = 2.0  # below this, a word is rare: less than once in ten million
# Plain words that are rare in this form, words of the field, and what only machines read.
PLAIN = frozenset({"autodiagnostic", "légitimités", "noindex", "recopiez", "relues", "réécrites"})
ENDINGS = re.compile(r"(?:er(?:ez|ons|ont|a|ais|ait|aient|iez)|ez|ées?|és|ons|ant|ent|ais|ait|aient|iez)$")
ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"?")
INLINE = frozenset({"a", "b", "bdi", "code", "em", "i", "mark", "small", "span", "strong", "sup", "time", "tspan"})
UNREAD = frozenset({"script", "style", "title", "head"})
VALUE = "\u25a1"  # stands for what a template fills in
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
END = re.compile(r"(?<=[.!?…])[\s»)]+(?=[«(]?\s?[A-ZÀ-Ý0-9□])")
PARAGRAPH = re.compile(r"\n\s*\n|\A[^\n]*\n")  # of a mail: between blank lines, its subject apart
SPACE = re.compile(r"[ \t\n\xa0\u202f]+")


@dataclass(frozen=True)
class Sentence:
    """One sentence and where it stands."""

    place: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has; an elided article counts with its word, as it is read."""
        return sum(any(sign.isalpha() or sign == VALUE for sign in part) for part in SPACE.split(self.text))

    @property
    def rare(self) -> tuple[str, ...]:
        """The words that few people meet, a name (with a capital inside a sentence) is none."""
        found = WORD.findall(self.text)
        return tuple(word for at, word in enumerate(found) if is_rare(word, first=at == 0))


@cache
def is_rare(word: str, first: bool = False) -> bool:
    """Say whether a word is rare in French; compound words are judged by their parts."""
    if len(word) < 3 or word.isupper() or (word[0].isupper() and not first):
        return False
    parts = word.lower().split("-")
    return any(len(part) > 2 and part not in PLAIN and frequency(part) < RARE for part in parts)


@cache
def frequency(word: str) -> float:
    """Return how frequent a word is; a form of a verb in -er is as plain as its infinitive."""
    return max(zipf_frequency(form, "fr") for form in (word, ENDINGS.sub("er", word)))


def template_sentences(path: Path) -> Iterator[Sentence]:
    """Go through the sentences of a template."""
    source = path.read_text("utf-8")
    texts = template_texts(source) if path.suffix == ".html" else PARAGRAPH.split(next(template_texts(source), ""))
    yield from _of(label(path), texts)


def data_sentences(path: Path) -> Iterator[Sentence]:
    """Go through the sentences of a framework file or of one of its family."""
    yield from _of(label(path), (each for each in strings(yaml.safe_load(path.read_text("utf-8"))) if " " in each))


def template_texts(source: str) -> Iterator[str]:
    """Go through the texts of a template: what it says in its first branches, then each other branch apart."""
    tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source)
    apart: list[str] = []
    for html in (_said(tree.body, apart), *apart):
        yield from blocks(html)


def _said(body: Iterable[nodes.Node], apart: list[str]) -> str:
    return "".join(_one(node, apart) for node in body)


def _one(node: nodes.Node, apart: list[str]) -> str:
    """Return what a node says in its place; what it says elsewhere, or otherwise, goes to `apart`."""
    match node:
        case nodes.TemplateData():
            return node.data
        case nodes.Output():
            return _said(node.nodes, apart)
        case nodes.If():
            apart += [_said(branch.body, apart) for branch in node.elif_] + [_said(node.else_, apart)]
        case nodes.For():
            apart.append(_said(node.else_, apart))
        case nodes.Macro() | nodes.CallBlock() | nodes.FilterBlock() | nodes.Block():
            apart.append(_said(node.body, apart))
            return ""
        case nodes.Expr():
            return _value(node, apart)
    return _said(getattr(node, "body", ()), apart)


def _value(node: nodes.Expr, apart: list[str]) -> str:
    """Return what an expression says: its own words, or the sign that stands for a value."""
    match node:
        case nodes.Const():
            return str(node.value)
        case nodes.CondExpr():
            apart += [_one(node.expr2, apart)] if node.expr2 else []
            return _one(node.expr1, apart)
        case nodes.Concat():
            return _said(node.nodes, apart)
        case nodes.Call():
            given = [*node.args, *(keyword.value for keyword in node.kwargs)]
            apart += [text for text in (_one(each, apart) for each in given) if text.count(" ") > 1]
    return VALUE


def blocks(html: str) -> Iterator[str]:
    """Go through the texts of the block elements of a piece of HTML; an element within a line breaks nothing."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    yield from (text for text in parser.texts if any(sign.isalpha() for sign in text))


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]
        self.unread = 0
        self.closed = False  # an element has just ended: the next one is a word of its own

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        self.texts[-1] += " " if self.closed else ""
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD
        self._break(tag)
        self.closed = True

    def handle_data(self, data: str) -> None:
        self.closed = False
        self.texts[-1] += "" if self.unread else ATTRIBUTE.sub("", data)

    def _break(self, tag: str) -> None:
        if tag not in INLINE:
            self.texts.append("")


def strings(value: Any) -> Iterator[str]:
    """Go through every text of a data file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in strings(each))


def _of(place: str, texts: Iterable[str]) -> Iterator[Sentence]:
    for text in texts:
        yield from (Sentence(place, part) for part in END.split(_tidy(text)) if part)


def _tidy(text: str) -> str:
    return SPACE.sub(" ", text).strip()


def label(path: Path) -> str:
    """Return the file's name from the checkout's top."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def report(name: str, sentences: list[Sentence], most: int) -> Iterator[str]:
    """Go through the lines about one kind of text: figures, then the longest sentences and the rarest words."""
    words = sorted(sentence.words for sentence in sentences)
    long = [sentence for sentence in sentences if sentence.words > MOST_WORDS]
    median, ninth = words[len(words) // 2], words[len(words) * 9 // 10]
    figures = f"median {median} words, nine in ten at most {ninth}, {len(long)} over {MOST_WORDS}"
    yield f"{name}: {len(sentences)} sentences, {figures}"
    for sentence in sorted(sentences, key=lambda each: -each.words)[:most]:
        yield f"  {sentence.words} words  {sentence.place}: {sentence.text}"
    rare: dict[str, str] = {}
    for sentence in sentences:
        for word in sentence.rare:
            rare.setdefault(word.lower(), sentence.place)
    for word in sorted(rare, key=frequency)[:most]:
        yield f"  rare {frequency(word):.1f}  {rare[word]}: {word}"


def main(most: int = 20) -> None:
    """Print the worst of the templates, then of the framework files."""
    for name, sentences in (
        ("Templates", [each for path in TEMPLATES for each in template_sentences(path)]),
        ("Framework files", [each for path in DATA for each in data_sentences(path)]),
    ):
        sys.stdout.write("".join(f"{line}\n" for line in report(name, sentences, most)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
