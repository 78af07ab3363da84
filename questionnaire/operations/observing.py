"""Lists the releases of the observatory, and publishes the next one, as a coordinator does from a page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import IntegrityError

from questionnaire import publishing
from questionnaire.core.observatory_document import Release
from questionnaire.extensions import catalogue, db
from questionnaire.operations.opening import CannotOpen, open_application
from questionnaire.storage.database import write_first
from questionnaire.storage.observatory import releases
from questionnaire.storage.observatory_models import ObservatoryRelease

TRIES = 3  # as many times may somebody join or leave while it is worked out


def list_releases() -> str:
    """Return a line for each release. Raises CannotOpen."""
    with open_application().app_context():
        found = [_line(each) for each in releases(db.session)]
    return "".join(found) or "Aucune publication pour l’instant.\n"


def publish() -> str:
    """Publish the next release and return its line. Raises CannotOpen where nothing can be published."""
    app = open_application()
    for _ in range(TRIES):
        try:
            return _published(app)
        except publishing.CannotPublish as refused:
            raise CannotOpen(refused) from None
        except (publishing.Moved, IntegrityError):
            continue
    raise CannotOpen("Des associations ont rejoint ou quitté l’observatoire pendant le calcul. Recommencez.")


def _published(app: Flask) -> str:
    with app.app_context():
        prepared = publishing.prepare(db.session, catalogue())
    with app.app_context():  # another session: this one writes, and only now
        write_first(db.session)
        line = _line(publishing.keep(db.session, prepared, by=None, now=datetime.now(UTC)))
        db.session.commit()
        return line


def _line(kept: ObservatoryRelease) -> str:
    told, new = Release(kept.content), len(kept.cells["new"])
    return f"N° {kept.number}, {told.day:%d/%m/%Y} : {len(list(told.cells))} chiffres, dont {new} nouveaux.\n"
