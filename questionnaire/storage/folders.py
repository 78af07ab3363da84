"""The files that mails and logs leave beside the database: forgotten when old, or when what they are about is erased.

This file may not know where they lie, nor write any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from pathlib import Path

from questionnaire.storage.erasure import SHORT

_ABOUT = re.compile(rb"^Message-ID: <([0-9a-f]{%d})\." % SHORT, re.MULTILINE | re.IGNORECASE)


def forget_old(folders: Iterable[Path], before: datetime) -> int:
    """Remove the files that nobody wrote to since `before`, and return how many there were."""
    old = [path for path in _files(folders) if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def forget_about(folders: Iterable[Path], digests: Set[str]) -> None:
    """Remove the letters about what was erased."""
    erased = {digest[:SHORT] for digest in digests}
    for path in _files(folders):
        if any(found.decode() in erased for found in _ABOUT.findall(path.read_bytes())):
            path.unlink(missing_ok=True)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    return (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file())
