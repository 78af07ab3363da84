"""What an advisor has written so far, as parts that two tabs may change apart.

A part is one text, or one proposal (level and reason together). A page carries the fingerprint of each part it was
filled with, so that what somebody else saved meanwhile is merged when the parts differ, and shown when they are the
same. Pure: it may not read or keep anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

NOTE = "private_note"
COMMENT = "comment_"
PROPOSAL = "proposal_"

Part = str | tuple[int, str]


@dataclass(frozen=True)
class Draft:
    """The note kept by the advisor, what is shared per dimension, the levels proposed per question."""

    private_note: str = ""
    comments: Mapping[str, str] = field(default_factory=dict)
    proposals: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def parts(self) -> dict[str, Part]:
        """Return the parts that are not empty, each by its name."""
        comments = {COMMENT + name: text for name, text in self.comments.items()}
        proposals = {PROPOSAL + name: proposal for name, proposal in self.proposals.items()}
        parts: dict[str, Part] = {NOTE: self.private_note, **comments, **proposals}
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
    note = parts.get(NOTE, "")
    texts = {name: part for name, part in parts.items() if isinstance(part, str)}
    pairs = {name: part for name, part in parts.items() if isinstance(part, tuple)}
    return Draft(
        private_note=note if isinstance(note, str) else "",
        comments={name.removeprefix(COMMENT): text for name, text in texts.items() if name.startswith(COMMENT)},
        proposals={name.removeprefix(PROPOSAL): pair for name, pair in pairs.items()},
    )


def _fingerprint(part: Part | None) -> str:
    return hashlib.sha256(json.dumps(part).encode()).hexdigest()[:16] if part else ""
