"""What must never happen: promises.toml, read. Each promise has its tests, and the mistakes those tests must catch."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Mistake:
    """A mistake somebody could make: its name, the file, what stands there, and what would.

    `tries` are more than one where its harm hangs on the moment: a kill must fall between two commits.
    """

    name: str
    file: str
    old: str
    new: str
    tries: int = 1

    def planted(self, text: str) -> str:
        """Return the file's text with the mistake in it. Raises ValueError unless it fits exactly once."""
        if text.count(self.old) != 1:
            raise ValueError(f"« {self.name} » : {self.file} holds its place {text.count(self.old)} times, not once")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Promise:
    """What must never happen, in one sentence, with its tests and mistakes.

    `processes` may try its full figure side by side, each on a store of its own, where no time is measured. It may last
    `minutes`, its mistakes included.
    """

    name: str
    sentence: str
    tests: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    processes: int = 1
    minutes: int = 15


def _read(given: dict[str, Any]) -> Promise:
    mistakes = tuple(Mistake(**each) for each in given["mistake"])
    others = {name: given[name] for name in ("processes", "minutes") if name in given}
    return Promise(given["name"], given["sentence"], tuple(given["tests"]), mistakes, **others)


PROMISES = tuple(map(_read, tomllib.loads((Path(__file__).parent / "promises.toml").read_text())["promise"]))
