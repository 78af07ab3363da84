"""What happened, to whom, by whom: each event is declared once, with the exact facts it carries.

A call with another name or other facts raises: nobody adds an answer or an address to the trail by mistake.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaire.storage.models import AuditEvent

EVENTS: dict[str, frozenset[str]] = {
    "assessment_created": frozenset({"framework"}),
    "assessment_finished": frozenset({"count"}),
    "assessment_reopened": frozenset(),
    "assessment_erased": frozenset(),
    "consent_given": frozenset(),
    "consent_withdrawn": frozenset(),
    "link_sent": frozenset(),
    "link_replaced": frozenset({"generation"}),
    "paper_entry_begun": frozenset({"advisor_id"}),
    "paper_entry_ended": frozenset({"advisor_id"}),
    "first_look_shown": frozenset({"advisor_id"}),
    "talk_asked": frozenset({"advisor_id"}),
    "talk_withdrawn": frozenset({"advisor_id"}),
    "talk_taken": frozenset({"advisor_id"}),
    "assessment_read": frozenset({"advisor_id"}),
    "review_validated": frozenset({"advisor_id", "version"}),
    "advisor_invited": frozenset({"advisor_id"}),
    "signed_in": frozenset({"advisor_id", "by"}),
    "signed_out": frozenset({"advisor_id"}),
    "password_changed": frozenset({"advisor_id"}),
    "second_factor_set": frozenset({"advisor_id"}),
    "second_factor_removed": frozenset({"advisor_id"}),
    "recovery_codes_made": frozenset({"advisor_id"}),
    "campaign_changed": frozenset({"campaign"}),
    "contact_changed": frozenset(),
    "account_closed": frozenset({"advisor_id"}),
    "talk_entrusted": frozenset({"advisor_id"}),
    "release_published": frozenset({"number"}),
    "release_refused": frozenset({"why"}),
}


class UndeclaredEvent(ValueError):
    """The event is not declared, or not with these facts: a mistake in the code, never of a user."""


def record(
    session: Session,
    name: str,
    *,
    actor: str,
    now: datetime,
    assessment_id: uuid.UUID | None = None,
    **facts: str | int,
) -> AuditEvent:
    """Add one event to the trail. Raises UndeclaredEvent.

    `actor`: `respondent`, `advisor`, `coordinator` (with its number), `operator` or `system`.
    """
    declared = EVENTS.get(name)
    if declared is None or declared != facts.keys():
        raise UndeclaredEvent(f"{name} with {sorted(facts)}; declared with {sorted(declared or ())}")
    event = AuditEvent(at=now, actor=actor, name=name, assessment_id=assessment_id, facts=facts)
    session.add(event)
    return event
