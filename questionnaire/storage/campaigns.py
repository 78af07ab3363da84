"""Campaigns: opened by who coordinates, followed by advisors, joined by associations through a link of their own.

Who coordinates reads names and states, never an answer, and a name only of whom the network put on the list itself.
Nothing here commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaire.storage.accounts import User
from questionnaire.storage.models import Assessment, Campaign
from questionnaire.storage.portfolio_models import CampaignAdvisor

Period = Literal["before", "open", "after"]


@dataclass(frozen=True)
class Counted:
    """A campaign, and how many assessments belong to it: in all, and finished."""

    campaign: Campaign
    begun: int
    finished: int


def period(campaign: Campaign, today: date) -> Period:
    """Say whether a campaign is still to come, open, or over; both its days count."""
    if today < campaign.starts_on:
        return "before"
    return "after" if today > campaign.ends_on else "open"


def campaign_by_code(session: Session, code: str) -> Campaign | None:
    """Return the campaign whose link ends with this code, whatever its capitals."""
    return session.scalar(sa.select(Campaign).where(Campaign.code == code.strip().upper()[:20]))


def coordinated(session: Session, coordinator: User, *, everywhere: bool) -> list[Counted]:
    """Return the campaigns of who coordinates, the newest first: those they opened, or all."""
    return _counted(session, _coordinated_by(coordinator, everywhere))


def followed(session: Session, advisor: User) -> list[Counted]:
    """Return the campaigns that this advisor follows, the newest first."""
    return _counted(session, _followed_by(advisor))


def coordinated_campaign(
    session: Session, coordinator: User, campaign_id: uuid.UUID, *, everywhere: bool, lock: bool = False
) -> Campaign | None:
    """Return a campaign of who coordinates; None if it is not theirs, or does not exist. `lock` before writing."""
    query = sa.select(Campaign).where(Campaign.id == campaign_id, _coordinated_by(coordinator, everywhere))
    return session.scalar(query.with_for_update() if lock else query)


def followed_campaign(session: Session, advisor: User, campaign_id: uuid.UUID) -> Campaign | None:
    """Return a campaign that this advisor follows now; None for any other."""
    return session.scalar(sa.select(Campaign).where(Campaign.id == campaign_id, _followed_by(advisor)))


def change(session: Session, campaign: Campaign, given: dict[str, Any], advisors: Iterable[int]) -> None:
    """Keep what was typed about a campaign, new or not, and who follows it."""
    for name, value in given.items():
        setattr(campaign, name, value)
    session.add(campaign)
    session.flush()
    session.execute(sa.delete(CampaignAdvisor).where(CampaignAdvisor.campaign_id == campaign.id))
    session.add_all(CampaignAdvisor(campaign_id=campaign.id, advisor_id=each) for each in advisors)
    session.flush()


def followers(session: Session, campaign_id: uuid.UUID) -> set[int]:
    """Return the ids of the advisors who follow a campaign."""
    query = sa.select(CampaignAdvisor.advisor_id).where(CampaignAdvisor.campaign_id == campaign_id)
    return set(session.scalars(query))


def _coordinated_by(coordinator: User, everywhere: bool) -> sa.ColumnElement[bool]:
    return sa.true() if everywhere else Campaign.opened_by == coordinator.id


def _followed_by(advisor: User) -> sa.ColumnElement[bool]:
    return sa.exists().where(CampaignAdvisor.campaign_id == Campaign.id, CampaignAdvisor.advisor_id == advisor.id)


def _counted(session: Session, condition: sa.ColumnElement[bool]) -> list[Counted]:
    finished = sa.func.count(Assessment.id).filter(Assessment.state == "finished")
    rows = session.execute(
        sa.select(Campaign, sa.func.count(Assessment.id), finished)
        .outerjoin(Assessment, Assessment.campaign_id == Campaign.id)
        .where(condition)
        .group_by(Campaign.id)
        .order_by(Campaign.starts_on.desc(), Campaign.name)
    )
    return [Counted(*row) for row in rows]
