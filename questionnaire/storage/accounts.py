"""The tables of the advisors' side: who may sign in, by which mailed link, and which sessions stand.

The only file of this room that may import `flask_security`, for its mixins.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from questionnaire.storage.database import Base

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another one

roles_users = sa.Table(
    "roles_users",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """What an account may be: today `advisor`."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    description: Mapped[str | None] = mapped_column(sa.String(255))


class User(Base, UserMixin):
    """An advisor. `code` is public and short: an association types it to ask for a talk."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    created_at: Mapped[datetime]
    roles: Mapped[list[Any]] = relationship(Role, secondary=roles_users)


class SignInLink(Base):
    """A mailed link that signs in once. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_link"
    token_sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser. The cookie names this row, read at each request: closing it here ends it everywhere."""

    __tablename__ = "user_session"
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


def account_with(session: Session, email: str) -> User | None:
    """Return the account with this address, open or closed, whatever its capitals."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.lower()))


def active_accounts(session: Session) -> list[User]:
    """Return every account that may sign in, by name."""
    return list(session.scalars(sa.select(User).where(User.active).order_by(User.name, User.email)))


def account_by_id(session: Session, user_id: str) -> User | None:
    """Return the open account with this id, as a form sends it; None for anything else."""
    return (
        session.scalar(sa.select(User).where(User.id == int(user_id), User.active))
        if user_id.isascii() and user_id.isdigit() and len(user_id) < 10
        else None
    )


def open_account(session: Session, email: str, name: str, now: datetime) -> User:
    """Open an advisor's account without password, with a public code of its own."""
    user = User(
        email=email.lower(),
        name=name,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        code=f"{_letters(4)}-{_letters(2)}",
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def _letters(count: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(count))
