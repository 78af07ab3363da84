"""What is handed over as a file, with a name that says what it is: PDFs and spreadsheets.

No PDF is drawn here: a job draws (questionnaire/rendering.py says what), and a download reads a row; where there is
none yet, a page says where it stands.
"""

from __future__ import annotations

import io
import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from questionnaire import rendering
from questionnaire.core.first_look_report import FirstLook
from questionnaire.core.report import Report
from questionnaire.extensions import db
from questionnaire.spreadsheets.writing import Sheet, csv_file, xlsx_file
from questionnaire.storage import documents
from questionnaire.storage.assessments import assessment_by_id
from questionnaire.storage.database import write_first
from questionnaire.storage.models import Edition

LONGEST_NAME = 60
SPREADSHEETS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (csv_file, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
AGAIN = 3  # seconds until the page that waits asks again, by itself


@dataclass(frozen=True)
class Place:
    """Whose document it is and where its page leads back to."""

    assessment_id: uuid.UUID
    association: str
    back: str


def own_document(place: Place, name: str, kind: str, report: Report) -> ResponseReturnValue:
    """Hand over one of the association's own documents, as its answers make it now."""
    return _document(place, rendering.own(name, report), kind, report.date)


def first_look_page(place: Place, name: str, look: FirstLook) -> ResponseReturnValue:
    """Hand over the page of a first look, as the answers make it now."""
    return _document(place, rendering.first_look(name, look), "premier-regard", look.date)


def sent_edition(place: Place, edition: Edition | None) -> ResponseReturnValue:
    """Hand over a reviewed report as it was sent; 404 where there is none."""
    if edition is None:
        abort(404)
    return _document(place, rendering.sent(edition), "rapport-relu", edition.created_at.date())


def spreadsheet(kind: str, sheet: Sheet, whose: str, what: str, day: date | None) -> ResponseReturnValue:
    """Hand over a table, whole: "csv" or "xlsx"."""
    write, mimetype = SPREADSHEETS[kind]
    return _file(write(sheet), mimetype, kind, (what, whose, day))


def _document(place: Place, wanted: rendering.Wanted, kind: str, day: date | None) -> ResponseReturnValue:
    """Hand over what is ready; else have it made and say so, on a page that goes on by itself, without a script."""
    here, now = (place.assessment_id, wanted.name), datetime.now(UTC)
    if content := documents.made(db.session, *here, wanted.key):
        return _file(content, "application/pdf", "pdf", (kind, place.association, day))
    if not documents.is_asked(db.session, *here):
        if documents.given_up(db.session, *here, wanted.key, now):
            return render_template("report/not_made.html", place=place), 503, {"Retry-After": "900"}
        _ask(place.assessment_id, wanted.name, now)
    page = render_template("report/in_preparation.html", place=place)
    return page, 202, {"Refresh": f"{AGAIN}; url={request.path}", "Retry-After": str(AGAIN)}


def _ask(assessment_id: uuid.UUID, name: str, now: datetime) -> None:
    """Have a document made, once; what was erased meanwhile stays erased."""
    db.session.rollback()  # only read until here: from now on the right to write is taken at the start
    write_first(db.session)
    if assessment_by_id(db.session, assessment_id, lock=True):
        documents.ask(db.session, assessment_id, name, now)
    db.session.commit()


def _file(content: bytes, mimetype: str, suffix: str, named: tuple[str, str, date | None]) -> ResponseReturnValue:
    what, whose, day = named
    parts = ("faire-alliance", what, _plain(whose), day.isoformat() if day else "")
    name = "-".join(part for part in parts if part) + f".{suffix}"
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=name)


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:LONGEST_NAME].strip("-")
