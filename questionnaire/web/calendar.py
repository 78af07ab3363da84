"""The dates of a plan as a calendar file (iCalendar, RFC 5545), which every calendar reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from questionnaire.storage.plan_models import PlanAction


def calendar_of(association: str, actions: Iterable[PlanAction]) -> bytes:
    """Return one whole-day event for each action that has a date and is not over; the same plan, the same events."""
    calendar = Calendar()
    calendar.add("prodid", "-//Faire alliance//FR")
    calendar.add("version", "2.0")
    for action in actions:
        if action.due_on and action.progress in ("todo", "doing"):
            calendar.add_component(_event(association, action))
    content: bytes = calendar.to_ical()
    return content


def _event(association: str, action: PlanAction) -> Event:
    event = Event()
    event.add("uid", f"{action.id}@faire-alliance")
    event.add("dtstamp", datetime.combine(action.updated_at.date(), datetime.min.time(), UTC))
    event.add("summary", f"{action.action} ({association})")
    event.add("dtstart", action.due_on)
    event.add("dtend", (action.due_on or action.updated_at.date()) + timedelta(days=1))
    if action.owner:
        event.add("description", f"Qui s’en charge\u202f: {action.owner}")
    return event
