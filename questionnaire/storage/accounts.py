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
COORDINATOR = "coordinator"

roles_users = sa.Table(
    "roles_users",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """What an account may do beside its own: today `coordinator`. An account without role is an advisor's."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    description: Mapped[str | None] = mapped_column(sa.String(255))


class User(Base, UserMixin):
    """An advisor, or who coordinates. `code` is public and short: an association types it to ask for a talk."""

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

    @property
    def coordinates(self) -> bool:
        """Whether this account coordinates the network; it then follows no association."""
        return any(role.name == COORDINATOR for role in self.roles)


class CoordinatorRegion(Base):
    """A region that somebody coordinates; who has none coordinates everywhere."""

    __tablename__ = "coordinator_region"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    region: Mapped[str] = mapped_column(sa.String(3), primary_key=True)


class SecondFactor(Base):
    """An account's second factor, asked for once `confirmed_at`. `last_counter`: no code up to it is accepted again."""

    __tablename__ = "second_factor"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(32))
    last_counter: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for a lost telephone, of which only the SHA-256 is kept; its row goes once it is used."""

    __tablename__ = "recovery_code"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    code_sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)


class SignInLink(Base):
    """A mailed link that signs in once. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_link"
    token_sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser. The cookie names this row, read at each request: closing it here ends it everywhere.

    `proved_at`: when the second factor was given here, if the account has one.
    """

    __tablename__ = "user_session"
    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]


def account_with(session: Session, email: str) -> User | None:
    """Return the account with this address, open or closed, whatever its capitals."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.lower()))


def is_advisor() -> sa.ColumnElement[bool]:
    """The condition under which an account may be given files: open, and coordinating nothing."""
    return sa.and_(User.active, ~User.roles.any(Role.name == COORDINATOR))


def active_advisors(session: Session) -> list[User]:
    """Return every advisor who may sign in, by name."""
    return list(session.scalars(sa.select(User).where(is_advisor()).order_by(User.name, User.email)))


def advisor_by_id(session: Session, user_id: str) -> User | None:
    """Return the advisor's open account with this id, as a form sends it; None for anything else."""
    return (
        session.scalar(sa.select(User).where(User.id == int(user_id), is_advisor()))
        if user_id.isascii() and user_id.isdigit() and len(user_id) < 10
        else None
    )


def open_account(session: Session, email: str, name: str, now: datetime) -> User:
    """Open an account without password, with a public code of its own."""
    user = User(
        email=email.lower(),
        name=name,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        code=f"{letters(4)}-{letters(2)}",
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def letters(count: int) -> str:
    """Return so many letters and digits drawn at random."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(count))
