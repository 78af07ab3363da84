"""The facts and guides of an installation: those shipped with the program, with its own laid over them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath

from questionnaire.core.companions import Companions
from questionnaire.core.framework import Framework
from questionnaire.core.loading.catalogue import FACTS
from questionnaire.core.loading.facts_file import load_facts, published_facts
from questionnaire.core.loading.guide_file import load_guides, published_guides


def published_companions(own_facts: FilePath | None = None, frameworks: Iterable[Framework] = ()) -> Companions:
    """Return what is shipped with the program, with a file of facts laid over it where one is given.

    Raises FrameworkError.
    """
    facts = load_facts(own_facts, frameworks, published_facts()) if own_facts else published_facts()
    return Companions(facts, published_guides())


def installed_companions(instance: FilePath, frameworks: Iterable[Framework]) -> Companions:
    """Return what goes with the reports of an installation: `facts.yaml` and `frameworks/guides/` of its data folder.

    Raises FrameworkError.
    """
    known = tuple(frameworks)
    own = instance / FACTS
    facts = published_companions(own if own.exists() else None, known).facts
    return Companions(facts, {**published_guides(), **load_guides([instance / "frameworks"], known)})
