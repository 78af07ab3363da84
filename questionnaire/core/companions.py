"""What a report draws on beside its framework: legal facts and guides, and the day it is made for.

The core has no clock: whoever asks for a report says the day it is printed. Without one, the report's own date serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from questionnaire.core.facts import FactBook
from questionnaire.core.guide import Guide


@dataclass(frozen=True)
class Companions:
    """Facts, guides by framework, and the day of printing (None: that of the answers)."""

    facts: FactBook = field(default_factory=FactBook)
    guides: Mapping[str, Guide] = field(default_factory=lambda: MappingProxyType({}))
    day: date | None = None

    def on(self, day: date) -> Companions:
        """Return the same for a report printed on that day."""
        return replace(self, day=day)


ALONE = Companions()  # a report with nothing beside its framework
