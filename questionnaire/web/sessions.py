"""Who is signed in: a signed cookie that names a row of ours, read at each request and closed at log-out.

Flask-Security's own sessions survive log-out when somebody kept the cookie; ours do not. Nothing here shows a page.
"""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import Literal

from flask import Flask, g, session
from flask_security import login_user, logout_user

from questionnaire.extensions import db
from questionnaire.storage import audit, signin
from questionnaire.storage.accounts import User

By = Literal["link", "password"]
SESSION = "advisor_session"
BY = "advisor_by"
OURS_TO_KEEP = ("links", "advisor_code")  # the respondent's own links, and the code it was given
FRESH_SECONDS = 15 * 60


def init_app(app: Flask) -> None:
    """Let Flask-Login ask us who is signed in, by the cookie alone (no token in an address or a header)."""
    app.login_manager.user_loader(_load)  # type: ignore[attr-defined]
    app.login_manager.request_loader(None)  # type: ignore[attr-defined]


def begin_session(user: User, by: By) -> None:
    """Sign `user` in with a session of its own: nothing that stood in the cookie before is taken over."""
    _empty_cookie()
    opened = signin.open_session(db.session, user, datetime.now(UTC))
    session[SESSION], session[BY] = str(opened.id), by
    login_user(user, remember=False, authn_via=[by])
    audit.record(db.session, "signed_in", actor="advisor", now=datetime.now(UTC), advisor_id=user.id, by=by)


def half_signed_in() -> User | None:
    """Return who came by a link or a password and has still to give the second factor."""
    session_id = _session_id()
    return signin.session_user(db.session, session_id, datetime.now(UTC), half=True) if session_id else None


def prove_session() -> None:
    """Note that the second factor was given in this browser."""
    session_id = _session_id()
    if session_id:
        signin.prove_session(db.session, session_id, datetime.now(UTC))


def end_session(user: User) -> None:
    """Sign `user` out: the cookie opens nothing any more, wherever it was copied."""
    session_id = _session_id()
    if session_id:
        signin.close_session(db.session, session_id, datetime.now(UTC))
    logout_user()
    _empty_cookie()
    audit.record(db.session, "signed_out", actor="advisor", now=datetime.now(UTC), advisor_id=user.id)


def came_by_link_just_now() -> bool:
    """Say whether a mailed link opened this session in the last minutes: it proves who is there, like a password."""
    return session.get(BY) == "link" and time.time() - float(session.get("fs_paa", 0)) < FRESH_SECONDS


def _load(uniquifier: str) -> User | None:
    session_id = _session_id()
    user = signin.session_user(db.session, session_id, datetime.now(UTC)) if session_id else None
    return user if user and user.fs_uniquifier == uniquifier else None


def _session_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(session.get(SESSION, ""))
    except ValueError:
        return None


def _empty_cookie() -> None:
    kept = {name: session[name] for name in OURS_TO_KEEP if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)  # Flask-WTF remembers it for the request
