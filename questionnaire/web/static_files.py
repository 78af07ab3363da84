"""Static files by WhiteNoise, the texts among them compressed: once, at the start, in memory.

There is nothing to build or to write, so no compressed copy can be older than its file. Fonts are compressed already.
"""

from __future__ import annotations

import gzip
import io
from http import HTTPStatus
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise
from whitenoise.responders import Response, StaticFile

TEXTS = (".css", ".js", ".svg")
PACKED = "gzip"


class StaticFiles(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise, whose texts leave compressed for who accepts it."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        """Return what serves this file."""
        plain = super().get_static_file(path, url, stat_cache=stat_cache)
        return Packed(plain, path) if path.endswith(TEXTS) else plain


class Packed:
    """A text in both forms; WhiteNoise still decides between whole, part, unchanged and refused."""

    def __init__(self, plain: StaticFile, path: str) -> None:
        """Compress it."""
        self._plain = plain
        self._packed = gzip.compress(Path(path).read_bytes(), mtime=0)

    def get_response(self, method: str, request: dict[str, Any]) -> Response:
        """Answer with the compressed form where the whole text is asked for and it is accepted."""
        response = self._plain.get_response(method, request)
        if response.status == HTTPStatus.OK and PACKED in request.get("HTTP_ACCEPT_ENCODING", ""):
            packed = {"Content-Encoding": PACKED, "Content-Length": str(len(self._packed))}
            response.headers = [*(each for each in response.headers if each[0] not in packed), *packed.items()]
            if response.file:
                response.file.close()
                response.file = io.BytesIO(self._packed)
        return response


def vary(headers: Any, path: str, _: str) -> None:
    """Tell caches that a text has two forms, as WhiteNoise asks of what adds headers."""
    if path.endswith(TEXTS):
        headers["Vary"] = "Accept-Encoding"
