"""The log: one event, one line of JSON, in UTC. Never a token, never a text that somebody wrote.

An error is told by its kind and by where it happened in our code, not by its message, which may quote a row.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType


class Lines(logging.Formatter):
    """Turns a record into its line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: when, how grave, who says it, what, and the facts it carries."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=True, default=str)


def keep() -> None:
    """Send every event to stderr, as lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("questionnaire").setLevel(logging.INFO)


def _where(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
