"""What a supervisor asks: is the process alive, and is it ready to serve. Nothing of anybody is said."""

from __future__ import annotations

import threading
import time
from functools import cache

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from questionnaire import pdf
from questionnaire.extensions import db
from questionnaire.storage import schema

bp = Blueprint("health", __name__)
KEPT_SECONDS = 60.0  # a renderer that works is not tried again before: anybody may ask
PROBE = '<!doctype html><html lang="fr"><head><title>Essai</title></head><body><p>Essai</p></body></html>'


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database, its schema and the renderer are ready; 503 if one is not."""
    found = {**_database(), "renderer": renderer.works()}
    words = {name: "ok" if good else "failed" for name, good in found.items()}
    return jsonify(words), 200 if all(found.values()) else 503


class Renderer:
    """Whether a PDF can be made, tried for real and remembered for a while."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._worked_at = -KEPT_SECONDS

    def works(self) -> bool:
        """Say whether it works; one that is busy with others' documents does."""
        with self._lock:
            if time.monotonic() - self._worked_at < KEPT_SECONDS:
                return True
            try:
                pdf.render(PROBE)
            except pdf.PdfBusy:
                return True
            except pdf.PdfError:
                return False
            self._worked_at = time.monotonic()
            return True


renderer = Renderer()


def _database() -> dict[str, bool]:
    try:
        return {"database": True, "migrations": schema.current_step(db.session.connection()) == _newest()}
    except SQLAlchemyError:
        return {"database": False, "migrations": False}


@cache
def _newest() -> str | None:
    return schema.newest_step()
