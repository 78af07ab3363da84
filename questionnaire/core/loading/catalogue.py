"""The frameworks this installation knows: found by id, by version, by hash; loaded once, all or none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from questionnaire.core.faults import Fault, FrameworkError, quoted
from questionnaire.core.framework import Framework
from questionnaire.core.loading.framework_file import load_framework
from questionnaire.core.loading.territory_files import FOLDER

FACTS = "facts.yaml"  # stands beside the frameworks, and is none


class UnknownFramework(LookupError):
    """No framework of this name, version or hash; the message says so in French."""


class Catalogue:
    """Frameworks by id and version. Where two files bear the same id and version, the later folder's is given."""

    def __init__(self, frameworks: tuple[Framework, ...]) -> None:
        """Hold these frameworks, the later ones before the earlier."""
        self._all = frameworks
        self._by_name = {(framework.id, framework.version): framework for framework in frameworks}

    @classmethod
    def load(cls, *folders: Path) -> Catalogue:
        """Load every `*.yaml` of the folders but the facts (a missing folder holds none).

        Raises FrameworkError with all faults.
        """
        frameworks: list[Framework] = []
        faults: list[Fault] = []
        for path in (path for folder in folders for path in sorted(folder.glob("*.yaml")) if path.name != FACTS):
            try:
                frameworks.append(load_framework(path))
            except FrameworkError as error:
                faults += error.faults
        if faults:
            raise FrameworkError(faults)
        return cls(tuple(frameworks))

    def __iter__(self) -> Iterator[Framework]:
        """Go through the frameworks, one per id and version."""
        return iter(self._by_name.values())

    def newest(self, name: str) -> Framework:
        """Return the highest version of a framework, or raise UnknownFramework."""
        versions = [framework for framework in self._by_name.values() if framework.id == name]
        if not versions:
            raise UnknownFramework(f"référentiel {quoted(name)} inconnu ici ; connus : {self._known()}")
        return max(versions, key=lambda framework: [int(number) for number in framework.version.split(".")])

    def get(self, name: str, version: str) -> Framework:
        """Return a framework by id and version, or raise UnknownFramework."""
        if (name, version) not in self._by_name:
            raise UnknownFramework(f"référentiel {quoted(f'{name}@{version}')} inconnu ici ; connus : {self._known()}")
        return self._by_name[name, version]

    def pinned(self, name: str, version: str, sha256: str) -> Framework:
        """Return the very file an assessment was made with, or raise UnknownFramework."""
        for framework in self._all:
            if (framework.id, framework.version, framework.sha256) == (name, version, sha256):
                return framework
        raise UnknownFramework(
            f"le fichier du référentiel {quoted(f'{name}@{version}')} (SHA-256 {sha256}) n’est plus ici"
        )

    def _known(self) -> str:
        return ", ".join(f"{name}@{version}" for name, version in self._by_name) or "aucun"


@cache
def published() -> Catalogue:
    """Return the frameworks shipped with the program, read once."""
    return Catalogue.load(FOLDER)
