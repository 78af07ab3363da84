"""How an advisor comes in and goes out: mailed links used once, and sessions that end when they are closed.

Only the SHA-256 of a link is kept. A signed cookie survives log-out, so it names a row here that is read at each
request. This file may not send mail, know about HTTP, or commit.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.accounts import SecondFactor, SignInLink, User, UserSession

Purpose = Literal["sign-in", "invitation"]

LIFETIMES: dict[Purpose, timedelta] = {"sign-in": timedelta(minutes=15), "invitation": timedelta(days=7)}
SESSION_LIFETIME = timedelta(days=30)


def make_link(session: Session, user: User, purpose: Purpose, now: datetime) -> str:
    """Return the token of a new link for `user`; it can be used once, until its purpose's lifetime is over."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(token_sha256=_digest(token), user_id=user.id, purpose=purpose, expires_at=now + LIFETIMES[purpose])
    )
    return token


def usable_link(session: Session, token: str, now: datetime) -> SignInLink | None:
    """Return the link that signs somebody in, if it still can. Reads only: a mail scanner may come first."""
    query = sa.select(SignInLink).join(User, User.id == SignInLink.user_id)
    return session.scalar(query.where(*_usable(token, now), User.active))


def use_link(session: Session, token: str, now: datetime) -> User | None:
    """Use up the link and return whom it signs in; None if it is unknown, expired, used, or the account closed."""
    user_id = session.scalar(
        sa.update(SignInLink).where(*_usable(token, now)).values(used_at=now).returning(SignInLink.user_id)
    )
    return session.scalar(sa.select(User).where(User.id == user_id, User.active)) if user_id is not None else None


def active_user(session: Session, email: str) -> User | None:
    """Return the open account with this address, whatever its capitals."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.lower(), User.active))


def open_session(session: Session, user: User, now: datetime) -> UserSession:
    """Record that `user` has signed in, and return the row that the cookie will name."""
    opened = UserSession(user_id=user.id, created_at=now, last_seen_at=now)
    session.add(opened)
    session.flush()
    return opened


def session_user(session: Session, session_id: uuid.UUID, now: datetime, *, half: bool = False) -> User | None:
    """Return who holds this session, if it is still open and the account too.

    With `half`, who has still to give the second factor; without, who has nothing more to give.
    """
    factor = sa.exists().where(SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None))
    missing = sa.and_(UserSession.proved_at.is_(None), factor)
    return session.scalar(
        sa.select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.id == session_id,
            UserSession.revoked_at.is_(None),
            UserSession.created_at > now - SESSION_LIFETIME,
            User.active,
            missing if half else ~missing,
        )
    )


def prove_session(session: Session, session_id: uuid.UUID, now: datetime) -> None:
    """Note that the second factor was given in this session."""
    session.execute(sa.update(UserSession).where(UserSession.id == session_id).values(proved_at=now))


def close_session(session: Session, session_id: uuid.UUID, now: datetime) -> None:
    """End one session: its cookie opens nothing any more, wherever it was copied."""
    session.execute(_open_sessions(now).where(UserSession.id == session_id))


def close_every_session(session: Session, user: User, now: datetime) -> None:
    """End all sessions of `user`, as after a change of password."""
    session.execute(_open_sessions(now).where(UserSession.user_id == user.id))


def _open_sessions(now: datetime) -> sa.Update:
    return sa.update(UserSession).where(UserSession.revoked_at.is_(None)).values(revoked_at=now)


def _usable(token: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return SignInLink.token_sha256 == _digest(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
