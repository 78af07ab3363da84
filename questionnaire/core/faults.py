"""What is wrong in a file someone gave us: where, and what to do, in French. Every fault of a file travels together.

This file only carries faults; `loading`, `json_text` and `answers` find them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 120
UNREADABLE = {
    FileNotFoundError: "ce fichier n’existe pas : vérifiez son nom",
    IsADirectoryError: "c’est un dossier, pas un fichier",
    PermissionError: "vous n’avez pas le droit de lire ce fichier",
}

Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True)
class Fault:
    """One thing to mend: its line (where lines are known), its path in the document, and what to do."""

    line: int | None
    path: str
    message: str
    column: int | None = None
    file: str = ""

    def __str__(self) -> str:
        """Say the fault on one line, as it is printed on stderr."""
        return " : ".join(part for part in (plain(self.file), self._place(), self.path, self.message) if part)

    def _place(self) -> str:
        line = f"ligne {self.line}" if self.line else ""
        return f"{line}, colonne {self.column}" if self.column else line


class FaultyFileError(ValueError):
    """A file refused whole, with all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order they will be read."""
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class FrameworkError(FaultyFileError):
    """A framework file, or another one of its family, that cannot be used."""


class AnswersError(FaultyFileError):
    """An answers file that cannot be used."""


def dotted(path: Path) -> str:
    """Write a path as people read it: `dimensions[0].id`, `answers.ECO-1a.value`."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += f".{plain(key)}" if text else plain(key)
    return text


def quoted(value: object) -> str:
    """Show a value that someone typed, between guillemets, harmless for a terminal and never long."""
    return f"« {plain(str(value))} »"


def unreadable(error: OSError) -> str:
    """Say in French why a file could not be read."""
    return UNREADABLE.get(type(error), "fichier illisible")


def plain(text: str) -> str:
    """Return `text` cut short, with everything unprintable escaped."""
    safe = "".join(
        char if char.isprintable() or char in "\u00a0\u202f" else char.encode("unicode_escape").decode()
        for char in text[:LONGEST]
    )
    return safe + "…" * (len(text) > LONGEST)
