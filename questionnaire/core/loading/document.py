"""YAML bytes -> plain values, with the line of each and every fault of form: tags, aliases, repeated keys, odd scalars.

Built from parser events rather than nodes: only events tell where an alias stands or that a tag was written, and
libyaml's composer dies on deep nesting. Knows nothing of what a framework holds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from questionnaire.core.faults import Fault, FrameworkError, Path, dotted, quoted
from questionnaire.core.loading.scalars import INVALID, ScalarError, plain_value, text_value
from questionnaire.core.text import BIDI

DEEPEST = 24
LARGEST = 5_000_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff{BIDI}]")


@dataclass
class Document:
    """The values of a file (tuples, dicts, texts, numbers), the line of each path, and the faults of form."""

    sha256: str
    values: Any = None
    whole: bool = False
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faulty: set[Path] = field(default_factory=set)

    def line(self, path: Path) -> int:
        """Return the line of the nearest known place above `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add(self, path: Path, message: str, line: int | None = None) -> None:
        """Note a fault at `path`; what lies there is not judged again."""
        self.faults.append(Fault(line or self.line(path), dotted(path), message))
        self.faulty.add(path)

    def judged(self, path: Path) -> bool:
        """Tell whether a fault already stands at `path` or above it."""
        return any(path[:length] in self.faulty for length in range(1, len(path) + 1))


def read_document(data: bytes) -> Document:
    """Return what `data` holds; `whole` is false where reading had to stop. Raises FrameworkError if no text."""
    document = Document(hashlib.sha256(data).hexdigest())
    text = _without_hidden(_decoded(data), document)
    try:
        _Builder(document, yaml.parse(text, Loader=_Loader)).build()
        document.whole = True
    except yaml.MarkedYAMLError as error:
        document.faults.append(_syntax_fault(error))
    except _TooDeepError as error:
        document.add(error.path, "imbrication trop profonde : rien ici n’en a besoin")
    return document


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise FrameworkError([Fault(None, "", f"fichier trop gros : {LARGEST // 1_000_000} Mo au plus")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = "ce fichier n’est pas écrit en UTF-8 : enregistrez-le dans cet encodage"
        raise FrameworkError([Fault(line, "", message, column)]) from None


def _without_hidden(text: str, document: Document) -> str:
    for found in _HIDDEN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        message = f"caractère invisible ou de sens de lecture (U+{ord(found[0]):04X}) : retirez-le"
        document.faults.append(Fault(line, "", message))
        if len(document.faults) >= 100:
            break
    return _HIDDEN.sub(" ", text)


def _syntax_fault(error: Any) -> Fault:
    """Return what a scanner or parser says: the reader has nothing to say once hidden characters are gone."""
    problem = f"vérifiez l’alignement, les deux-points et les guillemets ({error.problem})"
    mark = error.problem_mark
    return Fault(mark.line + 1, "", f"YAML illisible à partir d’ici : {problem}", mark.column + 1)


class _TooDeepError(Exception):
    def __init__(self, path: Path) -> None:
        self.path = path


class _Builder:
    """Turns events into values, one document only."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self.document = document
        self.events = events

    def build(self) -> None:
        """Read the first document into `document.values`; a second one is a fault."""
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._start(event)
        if not self.document.lines:
            self.document.add((), "fichier vide : rien à lire", 1)

    def _start(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self.document.lines:
            self.document.add((), "second document dans le même fichier : gardez-en un seul", line)
            return
        content = next(self.events)
        self.document.lines[()] = content.start_mark.line + 1
        self.document.values = self._value(content, ())

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > DEEPEST:
            raise _TooDeepError(path[:4])
        line = event.start_mark.line + 1
        self._refuse_tag(event, path, line)
        match event:
            case yaml.MappingStartEvent():
                return self._mapping(path)
            case yaml.SequenceStartEvent():
                return self._sequence(path)
            case yaml.ScalarEvent():
                return self._scalar(event, path, line)
        self.document.add(path, f"alias {quoted('*' + event.anchor)} : recopiez la valeur", line)
        return INVALID

    def _refuse_tag(self, event: Any, path: Path, line: int) -> None:
        if getattr(event, "tag", None) is not None:
            self.document.add(path, f"étiquette YAML {quoted(event.tag)} : retirez-la", line)

    def _sequence(self, path: Path) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            place = (*path, len(items))
            self.document.lines[place] = event.start_mark.line + 1
            items.append(self._value(event, place))
        return tuple(items)

    def _mapping(self, path: Path) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            key = self._key(event, path, line)
            place = self._place(path, key, entries, line)
            self.document.lines.setdefault(place, line)
            value = self._value(next(self.events), place)
            if key is not INVALID:
                entries.setdefault(key, value)
        return entries

    def _place(self, path: Path, key: Any, entries: dict[Any, Any], line: int) -> Path:
        if key is INVALID:
            return (*path, "?")
        if key not in entries:
            return (*path, key)
        first = self.document.line((*path, key))
        self.document.add((*path, key), f"clé répétée (déjà ligne {first}) : gardez-en une seule", line)
        return (*path, f"{key} (répétée)")

    def _key(self, event: Any, path: Path, line: int) -> Any:
        place = (*path, "?")
        key = self._value(event, place)
        if isinstance(event, yaml.ScalarEvent) and type(key) in (str, int):
            return key
        if key is not INVALID:
            self.document.add(place, "cette clé n’est pas un texte : écrivez-la entre guillemets", line)
        return INVALID

    def _scalar(self, event: Any, path: Path, line: int) -> Any:
        try:
            is_plain = event.implicit[0] and not event.style
            return plain_value(event.value) if is_plain else text_value(event.value)
        except ScalarError as error:
            self.document.add(path, str(error), line)
            return INVALID
