"""The dates of a plan as a calendar file (iCalendar, RFC 5545), which every calendar reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from questionnaire.storage.plan_models import PlanAction, TalkNotes


def calendar_of(association: str, actions: Iterable[PlanAction], said: TalkNotes | None) -> bytes:
    """Return a whole-day event for each action that has a date and is not over, and for the next meeting.

    The same plan gives the same events.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Faire alliance//FR")
    calendar.add("version", "2.0")
    for action in actions:
        if action.due_on and action.progress in ("todo", "doing"):
            calendar.add_component(_action(association, action))
    if said and said.next_on:
        meeting = _event(f"entretien-{said.assessment_id}", said.next_on, said.updated_at, f"Entretien ({association})")
        calendar.add_component(meeting)
    content: bytes = calendar.to_ical()
    return content


def _action(association: str, action: PlanAction) -> Event:
    day = action.due_on or action.updated_at.date()
    event = _event(str(action.id), day, action.updated_at, f"{action.action} ({association})")
    if action.owner:
        event.add("description", f"Qui s’en charge\u202f: {action.owner}")
    return event


def _event(name: str, day: date, written: datetime, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{name}@faire-alliance")
    event.add("dtstamp", datetime.combine(written.date(), datetime.min.time(), UTC))
    event.add("summary", summary)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    return event
