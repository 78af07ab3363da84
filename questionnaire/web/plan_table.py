"""The shared plan as a table to take along: every action, whole. Reads, never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from questionnaire.spreadsheets.writing import Cell, Sheet
from questionnaire.storage.plan_models import PlanAction

COLUMNS = (
    "Action",
    "Qui s’en charge",
    "Pour quand",
    "Où elle en est",
    "Pourquoi abandonnée",
    "Notes",
    "Écrit le",
    "Par",
)


def plan_sheet(association: str, actions: Iterable[PlanAction], progress: Mapping[str, str]) -> Sheet:
    """Return the actions in their order; `progress` says in words how far each is."""
    return Sheet("Plan d’action", COLUMNS, tuple(_row(each, association, progress) for each in actions))


def _row(action: PlanAction, association: str, progress: Mapping[str, str]) -> tuple[Cell, ...]:
    said = (progress[action.progress], action.why, action.notes)
    return (
        action.action,
        action.owner,
        action.due_on,
        *said,
        action.updated_at.date(),
        action.updated_by or association,
    )
