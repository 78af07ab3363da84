"""What an advisor has written so far, as parts that two tabs may change apart.

A part is one text, one choice, one proposal (level and reason together), or one action of the advisor's own. A page
carries the fingerprint of each part it was filled with, so that what somebody else saved meanwhile is merged when the
parts differ, and shown when they are the same. Pure: it may not read or keep anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOTE = "private_note"
COMMENT = "comment_"
PROPOSAL = "proposal_"
OPINION = "opinion_"
ASIDE = "aside_"
PLACE = "place_"
OWN = "own_"
GROUPS = {
    COMMENT: "comments", PROPOSAL: "proposals", OPINION: "opinions", ASIDE: "aside", PLACE: "places", OWN: "own",
}  # fmt: skip

Part = str | tuple[int, str] | tuple[str, str, str]


@dataclass(frozen=True)
class Draft:
    """The note kept by the advisor, what is shared per dimension, the levels proposed per question; then the opinions
    by criterion, the actions set aside with why, where actions were put, and their own: title, why, first steps.
    """

    private_note: str = ""
    comments: Mapping[str, str] = field(default_factory=dict)
    proposals: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    opinions: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)

    def parts(self) -> dict[str, Part]:
        """Return the parts that are not empty, each by its name."""
        parts: dict[str, Part] = {NOTE: self.private_note}
        for prefix, group in GROUPS.items():
            parts |= {prefix + name: part for name, part in getattr(self, group).items()}
        return {name: part for name, part in parts.items() if part}

    def fingerprints(self) -> str:
        """Return one word per part that is not empty, for the page that shows this draft to hand back."""
        return " ".join(f"{name}:{_fingerprint(part)}" for name, part in self.parts().items())


@dataclass(frozen=True)
class Merged:
    """What to keep, and the names of the parts that both sides changed differently (there, `draft` holds mine)."""

    draft: Draft
    conflicts: tuple[str, ...]


def merge(base: str, saved: Draft, mine: Draft) -> Merged:
    """Merge `mine` into `saved`. `base` is `fingerprints()` of the draft that my page was filled with."""
    started = dict(word.rpartition(":")[::2] for word in base.split())
    ours, theirs = mine.parts(), saved.parts()
    parts, conflicts = {}, []
    for name in {**theirs, **ours}:
        here, there, before = ours.get(name), theirs.get(name), started.get(name, "")
        changed_here, changed_there = _fingerprint(here) != before, _fingerprint(there) != before
        parts[name] = here if changed_here else there
        if changed_here and changed_there and here != there:
            conflicts.append(name)
    return Merged(_draft({name: part for name, part in parts.items() if part}), tuple(conflicts))


def _draft(parts: Mapping[str, Part]) -> Draft:
    groups: dict[str, dict[str, Any]] = {group: {} for group in GROUPS.values()}
    for name, part in parts.items():
        prefix = next((each for each in GROUPS if name.startswith(each)), None)
        if prefix:
            groups[GROUPS[prefix]][name.removeprefix(prefix)] = part
    note = parts.get(NOTE, "")
    return Draft(private_note=note if isinstance(note, str) else "", **groups)


def _fingerprint(part: Part | None) -> str:
    return hashlib.sha256(json.dumps(part).encode()).hexdigest()[:16] if part else ""
