"""Legal facts and figures as data: what is said, where it stands, when it was checked, until when it may be printed.

A figure past its day is not shown; its title and reference stay, so that the point itself is not forgotten. There is no
clock here: the day is handed in, and without one nothing that could be out of date is shown.
"""

from __future__ import annotations

from datetime import date

from questionnaire.core.answer_set import AnswerSet
from questionnaire.core.rules import holds
from questionnaire.core.shapes import Condition, Day, Part, Url


class Topic(Part):
    """What several facts are about: a heading."""

    id: str
    title: str


class Fact(Part):
    """A rule or a figure. `title` outlives it; `when` and `unless` say whose it is, from the profile (as rules do)."""

    id: str
    topic: str
    title: str
    text: str
    reference: str
    checked: Day
    expires: Day
    url: Url | None = None
    when: Condition | None = None
    unless: Condition | None = None

    def in_force(self, day: date | None) -> bool:
        """Tell whether the figure may be printed on that day, its last one included; never on a day not known."""
        return day is not None and day <= self.expires

    def concerns(self, answer_set: AnswerSet) -> bool:
        """Tell whether it is of use to who gave these answers; what was not answered excludes nobody by `unless`."""
        given = (answer_set.profile, answer_set.answers)
        wanted = self.when is None or holds(self.when, *given)
        return wanted and not (self.unless is not None and holds(self.unless, *given))


class FactBook(Part):
    """The facts of an installation, with their headings, in the order they are shown."""

    topics: tuple[Topic, ...] = ()
    facts: tuple[Fact, ...] = ()

    def with_own(self, own: FactBook) -> FactBook:
        """Return these facts with an installation's own: one of the same name takes the other's place."""
        topics = {each.id: each for each in (*self.topics, *own.topics)}
        facts = {each.id: each for each in (*self.facts, *own.facts)}
        return FactBook(topics=tuple(topics.values()), facts=tuple(facts.values()))

    def expired(self, day: date) -> tuple[Fact, ...]:
        """Return the facts whose figure may no longer be printed on that day."""
        return tuple(each for each in self.facts if not each.in_force(day))
