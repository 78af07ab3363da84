"""Makes the report of an answers file for printing, and checks the legal facts it prints. Reads files: no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args

from questionnaire.core.answers import AnswerSet
from questionnaire.core.first_look_report import build_first_look
from questionnaire.core.framework import Framework
from questionnaire.core.loading import (
    load_facts,
    published,
    published_companions,
    published_directory,
    published_facts,
)
from questionnaire.core.report import Around, Report, build_report
from questionnaire.editions import essentials_document, first_look_document, print_document

Printed = Literal["essentials", "first_look", "advisor"]
EDITIONS: tuple[Printed, ...] = get_args(Printed)


def own_report(answer_set: AnswerSet, framework: Framework, facts: Path | None) -> Report:
    """Return the report made today, with the facts of a file laid over ours. Raises FrameworkError for that file."""
    companions = published_companions(facts, [*published(), framework]).on(_today())
    return build_report(framework, answer_set, around=Around(published_directory(), companions=companions))


def printed(answer_set: AnswerSet, framework: Framework, report: Report, edition: Printed | None) -> str:
    """Return the HTML to print: the association's own report, unless another edition is named."""
    if edition == "first_look":
        return first_look_document(build_first_look(framework, answer_set))
    return essentials_document(report) if edition == "essentials" else print_document(report, edition or "association")


def check_facts(path: Path) -> str:
    """Return what there is to say of a sound file of facts laid over ours. Raises FrameworkError with every fault."""
    return "".join(f"{line}\n" for line in _said(path))


def _said(path: Path) -> Iterator[str]:
    book = load_facts(path, published(), published_facts())
    yield from (f"{each.id} : périmé depuis le {each.expires.isoformat()}." for each in book.expired(_today()))
    yield f"{path.name} : {len(book.facts)} repères avec ceux du logiciel, aucune faute."


def _today() -> date:
    """Return this machine's day: it decides which figures may still be shown."""
    return datetime.now().astimezone().date()
