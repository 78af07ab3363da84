"""The questionnaire on paper, for anyone: to print, in large print, or with fields. It holds no answer of anybody.

A render takes seconds and anyone may ask: each edition is made once for a framework's bytes, then kept in the process.
"""

from __future__ import annotations

import io
from threading import Lock

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from questionnaire import editions, pdf
from questionnaire.core.framework import Framework
from questionnaire.extensions import PAPER, limiter
from questionnaire.web.access import newest_framework

bp = Blueprint("paper", __name__)
NAMES: dict[editions.PaperEdition, str] = {
    "standard": "questionnaire",
    "large": "questionnaire-grands-caracteres",
    "fillable": "questionnaire-a-remplir",
}
_made: dict[tuple[str, editions.PaperEdition], bytes] = {}
_making = Lock()


@bp.get("/papier.pdf", defaults={"edition": "standard"})
@bp.get("/papier-grands-caracteres.pdf", defaults={"edition": "large"})
@bp.get("/papier-a-remplir.pdf", defaults={"edition": "fillable"})
@limiter.limit(PAPER)
def questionnaire(edition: editions.PaperEdition) -> ResponseReturnValue:
    """Hand over an edition of the newest framework's questionnaire."""
    framework = newest_framework()
    name = f"faire-alliance-{NAMES[edition]}-{framework.version}.pdf"
    return send_file(
        io.BytesIO(_document(framework, edition)), "application/pdf", as_attachment=True, download_name=name
    )


def _document(framework: Framework, edition: editions.PaperEdition) -> bytes:
    key = (framework.sha256, edition)
    with _making:
        if key not in _made:
            _made[key] = pdf.render(editions.paper_document(framework, edition))
    return _made[key]
