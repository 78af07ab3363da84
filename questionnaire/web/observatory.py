"""The observatory's public pages: the newest release, each earlier one at its own address, each region, two files.

They show what was published, as it was kept, and read nothing of any association. No cookie is needed, and a cache may
keep them for a while; a release's files never change.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template

from questionnaire.core.observatory import EVERYBODY
from questionnaire.core.observatory_document import Release
from questionnaire.core.observatory_measures import ALL, STAFF
from questionnaire.core.territory import territory
from questionnaire.extensions import db
from questionnaire.spreadsheets.observatory import release_sheet
from questionnaire.spreadsheets.writing import csv_file
from questionnaire.storage import observatory
from questionnaire.storage.database import LARGEST_NUMBER
from questionnaire.storage.observatory_models import ObservatoryRelease

bp = Blueprint("observatory", __name__, url_prefix="/observatoire")
KEEP_PAGE, KEEP_FILE = 300, 365 * 24 * 3600  # seconds


@bp.get("/")
def index() -> Response:
    """Show the newest release; say so where there is none yet."""
    kept = observatory.release_by_number(db.session)
    return _shown(kept) if kept else _public(render_template("observatory/none.html"))


@bp.get("/<region_code>")
def region(region_code: str) -> Response:
    """Show what the newest release says of a region."""
    kept = observatory.release_by_number(db.session)
    if region_code not in territory().regions:
        abort(404)
    return _shown(kept, region_code) if kept else _public(render_template("observatory/none.html"))


@bp.get("/publications/<int:number>")
def release(number: int) -> Response:
    """Show a release."""
    return _shown(_kept(number))


@bp.get("/publications/<int:number>.csv")
def table(number: int) -> Response:
    """Hand over a release as a table."""
    return _file(csv_file(release_sheet(Release(_kept(number).content))), "text/csv; charset=utf-8", f"{number}.csv")


@bp.get("/publications/<int:number>.json")
def data(number: int) -> Response:
    """Hand over a release as it was kept, byte by byte."""
    return _file(_kept(number).content.encode(), "application/json", f"{number}.json")


@bp.app_template_filter("first_words")
def first_words(label: str) -> str:
    """Return what stands before the colon of a label: « Emploi » of « Emploi : des personnes… »."""
    return re.split(r"\s:\s", label, maxsplit=1)[0]


def _kept(number: int) -> ObservatoryRelease:
    kept = observatory.release_by_number(db.session, number) if number <= LARGEST_NUMBER else None
    return kept or abort(404)


def _shown(kept: ObservatoryRelease, region_code: str = "") -> Response:
    told = Release(kept.content)
    given: dict[str, Any] = {"release": told, "days": observatory.release_days(db.session), "region": ""}
    everybody = told.column(EVERYBODY, ALL)
    if region_code:
        given["region"] = territory().regions[region_code].label
        columns = [told.column("region", region_code), everybody]
    else:
        columns = [everybody, *(told.column("staff", each) for each in STAFF)]
    given["first"], given["columns"] = columns[0], [each for each in columns if each]
    return _public(render_template("observatory/release.html", **given))


def _public(page: str) -> Response:
    answer = make_response(page)
    answer.cache_control.public, answer.cache_control.max_age = True, KEEP_PAGE
    return answer


def _file(content: bytes, mimetype: str, ending: str) -> Response:
    answer = Response(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="faire-alliance-observatoire-{ending}"'
    answer.cache_control.public, answer.cache_control.max_age = True, KEEP_FILE
    return answer
