"""The observatory in Chromium: its widest tables fit the smallest phone, and everybody can read them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from questionnaire.storage.database import make_engine
from tests import observed
from tests.browser.axe import for_everyone
from tests.browser.conftest import LiveServer, Visit
from tests.browser.test_guide import follow


def test_its_pages_are_for_everyone(visit: Visit, live_server: LiveServer, framework: Framework) -> None:
    page = visit(360)
    page.goto("/observatoire/76")
    for_everyone(page)
    engine = make_engine(f"sqlite:///{live_server.instance / 'questionnaire.sqlite'}")
    with Session(engine) as session:
        for number in (1, 2):
            observed.a_release(session, framework, number)
        session.commit()
    engine.dispose()
    page = visit(360)  # who has kept nothing of the page before
    page.goto("/observatoire/")
    for_everyone(page)
    follow(page, "Occitanie")
    for_everyone(page)
