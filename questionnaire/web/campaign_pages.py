"""What the pages of who coordinates a campaign and of who follows it have alike: its link, its poster, its list."""

from __future__ import annotations

import io
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, send_file, url_for
from flask.typing import ResponseReturnValue

from questionnaire import editions, pdf
from questionnaire.extensions import FRANCE, db, settings
from questionnaire.storage import portfolio
from questionnaire.storage.models import Campaign
from questionnaire.web.qr import qr_code
from questionnaire.web.worklist import PAGE, page_number, printable

STATUS_WORDS: dict[str, portfolio.Status] = {
    "pas-commence": "not_started", "commence": "begun", "termine": "finished",
}  # fmt: skip


def today() -> date:
    """Return the day it is in France."""
    return datetime.now(ZoneInfo(FRANCE)).date()


def campaign_url(campaign: Campaign) -> str:
    """Return the campaign's link, as a person may type it."""
    return settings().base_url + url_for("start.campaign", code=campaign.code)


def poster_of(campaign: Campaign) -> ResponseReturnValue:
    """Draw and hand over a campaign's poster: it holds nothing of anybody. Raises PdfError."""
    url = campaign_url(campaign)
    first, last = editions.day(campaign.starts_on), editions.day(campaign.ends_on)
    words = editions.Poster(campaign.name, campaign.introduction, url, qr_code(url), first, last)
    drawn = _drawn(editions.poster_document(words, settings().network))
    name = f"affiche-{campaign.code.lower()}.pdf"
    return send_file(io.BytesIO(drawn), "application/pdf", as_attachment=True, download_name=name)


@lru_cache(maxsize=16)  # it takes a second and is asked for again: kept by its words, as the paper questionnaire is
def _drawn(document: str) -> bytes:
    return pdf.render(document)


def list_of(campaign: Campaign) -> dict[str, Any]:
    """Return what a page of the list shows, as the address asks for it."""
    state, search, page = request.args.get("etat", ""), printable(request.args.get("recherche", "")), page_number()
    status = STATUS_WORDS.get(state)
    found = portfolio.page(db.session, campaign.id, status, search, first=(page - 1) * PAGE, count=PAGE)
    return {"campaign": campaign, "found": found, "status": status, "search": search, "page": page, "size": PAGE}
