"""A release as it is published, once and for all: a JSON document of rounded figures, and how its pages read it back.

It names no association and holds no exact number. What is not in it was not published, and it does not say why: a
reason would tell of whoever stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from questionnaire.core.observatory import FULL, RULES, TABLES, Cell, Figure, Version, about
from questionnaire.core.observatory_measures import SCORES, Subject, category_label

FORMAT = 1
POINT = FULL // 100
LEAST, MOST = RULES.share_grain // POINT, (FULL - RULES.share_grain) // POINT


@dataclass(frozen=True)
class Published:
    """A figure as it is read: points out of 100, or percent; since which release it stands."""

    value: int
    bound: str  # "at_most" or "at_least" for a share at the end of the scale
    contributors: int
    release: int
    day: date


@dataclass(frozen=True)
class Topic:
    """Measures that are read together, each with its id and label."""

    id: str
    title: str
    kind: str
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """What was published of one category, by measure: one column of the tables."""

    label: str
    figures: Mapping[str, Published]

    @property
    def contributors(self) -> int:
        """About how many associations its figures count, at most."""
        return max(each.contributors for each in self.figures.values())

    def highest(self, topic: Topic) -> str:
        """Return the label of the measure of a topic that stands highest; '' where two do, or one is not published."""
        if any(name not in self.figures for name, _ in topic.measures):
            return ""
        found = [(self.figures[name].value, label) for name, label in topic.measures]
        top = [label for value, label in found if value == max(found)[0]]
        return top[0] if len(top) == 1 else ""


class Release:
    """A release read back from its document."""

    def __init__(self, content: str) -> None:
        """Read the document."""
        self._read: dict[str, Any] = json.loads(content)

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return int(self._read["number"])

    @property
    def day(self) -> date:
        """The day it was published."""
        return date.fromisoformat(self._read["published_on"])

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What is measured, in order, whether or not a figure of it was published."""
        return tuple(
            Topic(each["id"], each["title"], each["kind"], tuple((it["id"], it["label"]) for it in each["measures"]))
            for each in self._read["subjects"]
        )

    def categories(self, table: str) -> dict[str, str]:
        """Return the categories of a table of which something was published, with their labels."""
        found = (each["categories"] for each in self._read["tables"] if each["id"] == table)
        return {each["id"]: each["label"] for each in next(found, ())}

    def column(self, table: str, category: str) -> Column | None:
        """Return what was published of a category; None if nothing was."""
        figures = {cell.measure: each for cell, each in self.cells if (cell.table, cell.category) == (table, category)}
        label = self.categories(table).get(category, "")
        return Column(label, figures) if figures else None

    def topics_of(self, columns: Iterable[Column]) -> list[Topic]:
        """Return the topics of which one of these columns tells something."""
        told = {name for column in columns for name in column.figures}
        return [topic for topic in self.topics if told & {name for name, _ in topic.measures}]

    @property
    def cells(self) -> Iterable[tuple[Cell, Published]]:
        """Every figure, in the order of the document."""
        return self._figures.items()

    @cached_property
    def _figures(self) -> dict[Cell, Published]:
        return {_cell(each): _published(each) for each in self._read["figures"]}


def document(
    number: int, days: Mapping[int, date], framework: str, subjects: Sequence[Subject], figures: Sequence[Figure]
) -> str:
    """Return the document of a release, the same for the same figures; `days` are those of every release so far."""
    shown = [(each.cell, each.version) for each in figures if each.version]
    return json.dumps(
        {
            "format": FORMAT,
            "number": number,
            "published_on": days[number].isoformat(),
            "framework": framework,
            "subjects": [_subject(each) for each in subjects],
            "tables": [_table(table, [cell for cell, _ in shown]) for table in TABLES],
            "figures": [_figure(cell, version, days) for cell, version in shown],
        },
        ensure_ascii=False,
        indent=1,
    )


def _subject(subject: Subject) -> dict[str, Any]:
    measures = zip(subject.measures, subject.labels.values(), strict=True)
    described = [{"id": measure.id, "label": label} for measure, label in measures]
    return {"id": subject.id, "title": subject.title, "kind": subject.kind, "measures": described}


def _table(table: str, cells: Iterable[Cell]) -> dict[str, Any]:
    found = sorted({cell.category for cell in cells if cell.table == table})
    return {"id": table, "categories": [{"id": each, "label": category_label(table, each)} for each in found]}


def _figure(cell: Cell, version: Version, days: Mapping[int, date]) -> dict[str, Any]:
    value = version.shown // POINT
    return {
        "table": cell.table,
        "category": cell.category,
        "measure": cell.measure,
        "value": value,
        "bound": "" if cell.measure.startswith(f"{SCORES}:") else {LEAST: "at_most", MOST: "at_least"}.get(value, ""),
        "contributors": about(version.count),
        "release": version.release,
        "published_on": days[version.release].isoformat(),
    }


def _cell(figure: Mapping[str, Any]) -> Cell:
    return Cell(figure["table"], figure["category"], figure["measure"])


def _published(figure: Mapping[str, Any]) -> Published:
    day = date.fromisoformat(figure["published_on"])
    return Published(figure["value"], figure["bound"], figure["contributors"], figure["release"], day)
