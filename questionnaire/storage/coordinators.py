"""Who coordinates a network, and where: an account does so or follows associations, never both.

Like any funder, who coordinates never reads an association's answers. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.accounts import COORDINATOR, CoordinatorRegion, Role, User
from questionnaire.storage.models import TalkRequest
from questionnaire.storage.signin import close_every_session

CLOSED_TALKS = ("closed",)


def appoint(session: Session, user: User, regions: Sequence[str] = ()) -> None:
    """Let this account coordinate these regions, or everywhere if none is named. It follows no association any more."""
    role = session.scalar(sa.select(Role).where(Role.name == COORDINATOR))
    if role is None:
        role = Role(name=COORDINATOR, description="")
        session.add(role)
    if role not in user.roles:
        user.roles.append(role)
    session.execute(sa.delete(CoordinatorRegion).where(CoordinatorRegion.user_id == user.id))
    session.add_all(CoordinatorRegion(user_id=user.id, region=region) for region in dict.fromkeys(regions))
    session.flush()


def regions_of(session: Session, user: User) -> tuple[str, ...]:
    """Return the codes of the regions that this account coordinates; none means everywhere."""
    query = sa.select(CoordinatorRegion.region).where(CoordinatorRegion.user_id == user.id)
    return tuple(session.scalars(query.order_by(CoordinatorRegion.region)))


def coordinates_everywhere(session: Session, user: User) -> bool:
    """Say whether this account, which coordinates, does so for the whole network."""
    return not regions_of(session, user)


def close_account(session: Session, user: User, now: datetime) -> None:
    """Close an account at once: its sessions end, it coordinates nothing, its files wait for somebody else."""
    user.active = False
    user.roles.clear()
    session.execute(sa.delete(CoordinatorRegion).where(CoordinatorRegion.user_id == user.id))
    close_every_session(session, user, now)
    session.flush()


def advisors(session: Session) -> list[tuple[User, int]]:
    """Return the advisors of the network, open or closed, each with how many files they are in charge of."""
    counted = sa.select(TalkRequest.advisor_id, sa.func.count().label("files"))
    counted = counted.where(TalkRequest.withdrawn_at.is_(None), TalkRequest.state.not_in(CLOSED_TALKS))
    files = counted.group_by(TalkRequest.advisor_id).subquery()
    rows = session.execute(
        sa.select(User, sa.func.coalesce(files.c.files, 0))
        .outerjoin(files, files.c.advisor_id == User.id)
        .where(~User.roles.any(Role.name == COORDINATOR))
        .order_by(User.active.desc(), sa.func.lower(User.name), User.email)
    )
    return [(user, count) for user, count in rows]


def advisor(session: Session, user_id: int) -> User | None:
    """Return the account of an advisor, open or closed; None for one that coordinates, or none at all."""
    return session.scalar(sa.select(User).where(User.id == user_id, ~User.roles.any(Role.name == COORDINATOR)))
