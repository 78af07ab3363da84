"""The files and the terminal of a command: read whole or refused with every fault, written whole or not at all.

It imports what it needs when it runs, so that no command pays for another.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from questionnaire.core.answers import AnswerSet
    from questionnaire.core.framework import Framework
    from questionnaire.core.report_model import Report


class Refusal(Exception):
    """Ends a command with status 2; each line says what is wrong and what to do."""

    def __init__(self, lines: Iterable[object]) -> None:
        """Keep the lines to print on stderr."""
        self.lines = tuple(map(str, lines))
        super().__init__("\n".join(self.lines))


def read_answers(answers: Path, framework: Path | None) -> tuple[AnswerSet, Framework]:
    """Return the answers of a file and their framework, the one given or a published one. Raises Refusal."""
    from dataclasses import replace

    from questionnaire.core.answers import AnswersError, parse_answers
    from questionnaire.core.loading import published

    source = read_framework(framework) if framework else published()
    try:
        return parse_answers(read_bytes(answers), source)
    except AnswersError as error:
        raise Refusal(replace(fault, file=str(answers)) for fault in error.faults) from None


def read_framework(path: Path) -> Framework:
    """Return the framework of a file. Raises Refusal with every fault."""
    from questionnaire.core.loading import FrameworkError, load_framework

    try:
        return load_framework(path)
    except FrameworkError as error:
        raise Refusal(error.faults) from None


def read_bytes(path: Path, most: int = 20_000_001) -> bytes:
    """Return the bytes of a file, never more than `most`. Raises Refusal."""
    from questionnaire.core.faults import Fault, unreadable

    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Refusal([Fault(None, "", unreadable(error), file=str(path))]) from None


def write(text: str | bytes) -> None:
    """Print on stdout in UTF-8, whatever the terminal's settings."""
    sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode())
    sys.stdout.buffer.flush()


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a device is written to, never replaced. Raises Refusal."""
    from questionnaire.core.faults import Fault

    device = path.exists() and not path.is_file()
    part = path if device else path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        if not device:
            part.replace(path)
    except OSError:
        if not device:
            with suppress(OSError):
                part.unlink()
        refused = "impossible d’écrire ici : vérifiez le dossier et vos droits"
        raise Refusal([Fault(None, "", refused, file=str(path))]) from None


def drawn(html: str) -> bytes:
    """Return the PDF of a document, or leave with a sentence if the renderer fails."""
    from questionnaire.pdf import PdfError, render

    try:
        return render(html)
    except PdfError as error:
        sys.exit(f"Le PDF n’a pas pu être fabriqué ({error}). Réessayez.")


def tabled(made: Report, path: Path) -> bytes:
    """Return the result as the table that the file's name asks for."""
    from questionnaire.spreadsheets.result import result_sheet
    from questionnaire.spreadsheets.writing import csv_file, xlsx_file

    table = result_sheet(made)
    return csv_file(table) if path.suffix.lower() == ".csv" else xlsx_file(table)
