"""Every sentence said of a faulty file of each kind, as approved: read tests/approved/faults.txt to judge the words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from questionnaire.core.answers import parse_answers
from questionnaire.core.facts import FactBook
from questionnaire.core.faults import FaultyFileError, plain
from questionnaire.core.loading import parse_framework, parse_listening, published, published_directory
from questionnaire.core.loading.directory_file import parse_directory
from questionnaire.core.loading.facts_file import parse_facts
from questionnaire.core.loading.guide_file import parse_guide
from tests.core import (
    test_answers_file,
    test_directory,
    test_facts,
    test_faulty_frameworks,
    test_listening,
    test_sheets,
    words,
)

Parse = Callable[[bytes], object]
# What stands in a sound file and what takes its place: beside those tried for their lines, by the file's kind.
MORE = {
    "facts": [
        ("id: gifts", "id: [gifts]"),
        ("facts:\n- id: one", "facts:\n- {id: one}\n- id: one"),
        ("'2027-11-30'", "'2026-11-23'"),
        ("when: {tax_receipts: ['yes']}", "when: {department: ['34', '20', 34]}"),
        ("when: {tax_receipts: ['yes']}", "when: tax_receipts"),
        ("when: {tax_receipts: ['yes']}", "when: {tax_receipts: 'yes'}"),
    ],
    "listening": [
        ("- id: unmet\n", "- id: unmet\n  options_from: departments\n"),
        ("- id: unmet\n", "- id: 12\n"),
        ("type: multiple", "type: single"),
    ],
    "directory": [
        ("- {code: place, label: Lieu}", "- {code: place, label: Lieu}\n- {code: place, label: Salle}"),
        ("resources:\n", "resources: rien\nothers:\n"),
    ],
    "framework": [
        ("when: {size: [none]}", "when: size"),
        ("when: {size: [none]}", "when: {size: none, place: [[1]]}"),
        ("  - id: worry", "  - 12\n  - id: worry"),
        ("optional: true", "options: [], options_from: departments, exclusive: [x]"),
        ("options_from: departments", "options_from: departments, max_length: 3, exclusive: ['57', '20']"),
        ("exclusive: [any]", "max_length: 3"),
        ("options: [{code: money, label: A}, {code: any, label: B}]", "options_from: departments, options: []"),
        ("options: [{code: money, label: A}, {code: any, label: B}]", "optional: true"),
        ("{id: story, text: Récit", "{id: [story], text: Récit"),
        ("{id: size, text: Taille", "{text: Taille"),
        ("    - {level: 2, ", "    - {level: 4, "),
        ("    - {level: 3, ", "    - {level: 4, "),
        ("{from: 0, label", "{from: zéro, label"),
        ("essential_cap: Début", "essential_cap: 1"),
        ("fragile_above: 25", "fragile_above: 100"),
        ("fragile_above: 25", "fragile_above: 100.5"),
    ],
    "guide": [
        ("employees: [none]", "department: ['34', '20']"),
        ("employees: [none]", "success: [none]"),
    ],
}
KINDS: dict[str, tuple[Parse, str, Iterable[tuple[str, str, str]]]] = {
    "framework": (parse_framework, test_faulty_frameworks.TEXT, test_faulty_frameworks.FAULTS),
    "guide": (lambda data: parse_guide(data, published()), test_sheets.GUIDE, test_sheets.FAULTS),
    "facts": (lambda data: parse_facts(data, published(), FactBook()), test_facts.TEXT, test_facts.FAULTS),
    "listening": (parse_listening, test_listening.TEXT, test_listening.FAULTS),
    "directory": (
        lambda data: parse_directory(data, published_directory()),
        test_directory.OWN,
        test_directory.FAULTS,
    ),
}


def told(parse: Parse, text: str) -> Iterator[str]:
    """Say what is told of a file, fault by fault, with ordinary spaces."""
    try:
        parse(text.encode())
        yield "    rien à redire"
    except FaultyFileError as refused:
        yield from (f"    {fault}" for fault in words.told(refused.faults))


def changes(kind: str) -> Iterator[str]:
    """Each change of a sound file of this kind, and what is told of it."""
    parse, text, faults = KINDS[kind]
    yield from told(parse, text)
    for old, new, *_ in (*faults, *MORE[kind]):
        assert old in text, old
        yield f"{plain(old)} → {plain(new)}"
        yield from told(parse, text.replace(old, new, 1))


def answers() -> Iterator[str]:
    """Each faulty answers file, and what is told of it."""
    for document, *_ in test_answers_file.REFUSED:
        written = json.dumps(document, ensure_ascii=False)
        yield plain(written)
        yield from told(
            lambda data: parse_answers(data, published()), written.encode("utf-8", "backslashreplace").decode()
        )


def test_what_is_told_of_every_faulty_file_is_as_approved(approved: Callable[[str, str], None]) -> None:
    parts = {kind: list(changes(kind)) for kind in KINDS} | {"answers": list(answers())}
    approved("faults.txt", "".join(f"# {kind}\n" + "\n".join(lines) + "\n" for kind, lines in parts.items()))
