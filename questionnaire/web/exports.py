"""What an advisor takes along: the files of the list as they chose it, as a spreadsheet, whole or not at all.

No level and no figure: a table of associations by result would be a ranking, and each result has its own download.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from questionnaire.core.territory import territory
from questionnaire.extensions import db
from questionnaire.spreadsheets.writing import Cell, Sheet
from questionnaire.storage.worklist import Line, readable_files
from questionnaire.web.access import signed_in_advisor
from questionnaire.web.downloads import spreadsheet
from questionnaire.web.worklist import STATES, department_label, read_choice

bp = Blueprint("exports", __name__, url_prefix="/conseiller")
COLUMNS = (
    "Association",
    "RNA",
    "SIREN",
    "Département",
    "Région",
    "Campagne",
    "État",
    "Depuis le",
    "Partagé le",
    "Terminé le",
    "En charge",
)


@bp.get("/dossiers.csv", defaults={"kind": "csv"})
@bp.get("/dossiers.xlsx", defaults={"kind": "xlsx"})
def files(kind: str) -> ResponseReturnValue:
    """Hand over the list as the address chooses it: only what this advisor may read, all its pages."""
    advisor, now = signed_in_advisor(), datetime.now(UTC)
    lines = readable_files(db.session, advisor.id, read_choice(request.args, now).wanted, now)
    sheet = Sheet("Dossiers", COLUMNS, tuple(_row(line) for line in lines))
    return spreadsheet(kind, sheet, advisor.name or advisor.email, "dossiers", now.date())


def _row(line: Line) -> tuple[Cell, ...]:
    place = territory().department(line.department or "")
    region = territory().regions[place.region_code].label if place else ""
    days = (line.state_since.date(), line.requested_at.date(), line.finished_at.date() if line.finished_at else None)
    where = (department_label(line.department), region, line.campaign)
    return (line.association, line.rna, line.siren, *where, STATES[line.state], *days, line.in_charge)
