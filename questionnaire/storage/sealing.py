"""The seal of a copy: the SHA-256 of the whole file, in the comment that ends a ZIP.

The members' own sums do not cover what a ZIP says twice or ignores (names, dates, sizes): a spoilt disk may change it
unseen, and the next reader of the file may stop at it. With the seal, one changed bit anywhere is seen.
"""

from __future__ import annotations

import hashlib
import os
from typing import IO

LENGTH = 64
BLANK = b"0" * LENGTH


def seal(file: IO[bytes]) -> None:
    """Write the seal over the blank comment that ends `file`, open for reading and writing."""
    digest = _digest(file)
    file.seek(-LENGTH, os.SEEK_END)
    file.write(digest)


def holds(file: IO[bytes]) -> bool:
    """Return whether the last bytes of `file` are the SHA-256 of all that stands before them."""
    digest = _digest(file)
    return file.read() == digest


def _digest(file: IO[bytes]) -> bytes:
    """Return the sum of all but the seal, as hexadecimal text, and leave `file` at the seal."""
    left = file.seek(0, os.SEEK_END) - LENGTH
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (part := file.read(min(left, 1 << 20))):
        digest.update(part)
        left -= len(part)
    return digest.hexdigest().encode()
