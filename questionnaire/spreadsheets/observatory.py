"""A release of the observatory as one table: each figure with what it is about, of how many, and since when."""

from __future__ import annotations

from questionnaire.core.observatory_document import Release
from questionnaire.spreadsheets.writing import Sheet

COLUMNS = (
    "Table",
    "Catégorie",
    "Sujet",
    "Mesure",
    "Code",
    "Valeur",
    "Unité",
    "Précision",
    "Associations (environ)",
    "Publication",
    "Date",
)
TABLES = {"everybody": "Ensemble", "region": "Par région", "staff": "Selon les salariés"}
UNITS = {"mean": "points sur 100", "share": "% des associations"}
BOUNDS = {"": "", "at_most": "ou moins", "at_least": "ou plus"}


def release_sheet(release: Release) -> Sheet:
    """Return every figure of a release, in the order of its document."""
    measures = {name: (topic, label) for topic in release.topics for name, label in topic.measures}
    rows = []
    for cell, figure in release.cells:
        topic, label = measures[cell.measure]
        where = (TABLES[cell.table], release.categories(cell.table)[cell.category], topic.title, label, cell.measure)
        number = (figure.value, UNITS[topic.kind], BOUNDS[figure.bound], figure.contributors)
        rows.append((*where, *number, figure.release, figure.day))
    return Sheet("Observatoire", COLUMNS, tuple(rows))
