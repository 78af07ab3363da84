"""A PDF handed over as a file with a name that says what it is, or the page that says it is being made."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import date

from flask import abort, render_template, send_file
from flask.typing import ResponseReturnValue

from questionnaire.storage.models import Edition

LONGEST_NAME = 60


def pdf_file(content: bytes, association: str, kind: str, day: date | None = None) -> ResponseReturnValue:
    """Hand over a PDF named after the association, what it is and its day."""
    parts = ("faire-alliance", kind, _plain(association), day.isoformat() if day else "")
    name = "-".join(part for part in parts if part) + ".pdf"
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


def pdf_in_preparation(edition: Edition | None) -> ResponseReturnValue:
    """Say that the reviewed report is being made; 404 where there is none to make."""
    if edition is None:
        abort(404)
    return render_template("report/in_preparation.html"), 202, {"Retry-After": "5"}


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:LONGEST_NAME].strip("-")
