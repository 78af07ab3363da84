"""A whole report, value by value, as approved: read tests/approved/report.txt to see what a report holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from questionnaire.core.comparison import LastTime
from questionnaire.core.listening import Heard
from questionnaire.core.loading import published_companions, published_directory, published_listening
from questionnaire.core.report import Around, build_report
from questionnaire.core.review import OwnAction, Proposal, Review
from tests.core.making import read
from tests.core.test_report_in_full import FRAMEWORK, document

SHORT = 60


class Telling:
    """Says each value with its place, once: what was said before, and a long text, is named by where it stands."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def lines(self, of: object, path: str) -> Iterator[str]:
        shown = repr(of)
        if len(shown) > SHORT and shown in self.said:
            yield f"{path} as {self.said[shown]}"
            return
        self.said[shown] = path
        if is_dataclass(of):
            for each in fields(of):
                yield from self.lines(getattr(of, each.name), f"{path}.{each.name}")
        elif isinstance(of, Mapping):
            for key, value in of.items():
                yield from self.lines(value, f"{path}[{key}]")
        elif isinstance(of, tuple):
            yield f"{path}: {len(of)}"
            for at, value in enumerate(of):
                yield from self.lines(value, f"{path}[{at}]")
        else:
            yield f"{path} = {shown}"


def whole() -> Any:
    """A report with all that may stand in one: a review, an earlier time, the territory, help nearby, legal facts."""
    given = document()
    given["answers"]["ECO-2a"] = {"value": "not_applicable", "reason": " Sans objet ", "comment": "Notre remarque"}
    given["answers"]["STR-1a"]["evidence"] = "Un compte rendu"
    before = document() | {"date": "2025-11-29"}
    before["answers"] = {name: {"value": 1} for name in given["answers"]}
    review = Review(
        "Camille",
        date(2026, 11, 30),
        comments={"ECO": "Bien parti"},
        proposals={"ECO-1a": Proposal("ECO-1a", 3, "Nous avons vu le carnet")},
        opinions={"ECO-1": "missing", "STR-1": "agree"},
        aside={"STR-2": "Plus tard"},
        own={"a": OwnAction("Appeler la mairie", "Elle attend", ("Chercher le numéro",))},
        places={"a": 1},
    )
    around = Around(
        directory=published_directory(),
        heard=Heard(published_listening(), {"unmet": ["mobility"], "unmet_words": "Plus de bus."}),
        companions=published_companions().on(date(2026, 11, 29)),
        last=LastTime(FRAMEWORK, read(FRAMEWORK, before), {"ECO-1b": 2}),
    )
    return build_report(FRAMEWORK, read(FRAMEWORK, given), review, around=around)


def test_a_whole_report_is_as_approved(approved: Callable[[str, str], None]) -> None:
    approved("report.txt", "".join(f"{line}\n" for line in Telling().lines(whole(), "report")))
