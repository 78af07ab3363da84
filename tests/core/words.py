"""What is said of faulty files, with ordinary spaces: tests are typed on a keyboard that has no narrow one."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaire.core.faults import Fault


def plain(text: str) -> str:
    """Return a text with ordinary spaces in the place of narrow ones."""
    return text.replace("\u202f", " ")


def told(faults: Iterable[Fault]) -> list[str]:
    """Return what is printed of each fault."""
    return [plain(str(fault)) for fault in faults]
