"""What a running process counts for who watches it: how often and how long, never an address, a name or a path.

It may not know what a request or a job is about.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, start_http_server

METHODS = {"GET", "HEAD", "POST"}
LOOPBACK = "127.0.0.1"

registry = CollectorRegistry()
ProcessCollector(registry=registry)
_requests = Histogram(
    "questionnaire_request_seconds",
    "From a request to the beginning of its answer",
    ["kind", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)
_jobs = Histogram(
    "questionnaire_job_seconds",
    "A job, from its beginning to its end",
    ["kind", "outcome"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 20, 60),
    registry=registry,
)
_due = Gauge("questionnaire_jobs_due", "Jobs that wait for a process that does them", registry=registry)


def note_request(method: str, status: int, seconds: float, *, static: bool) -> None:
    """Count an answer: a static file or a page."""
    kind, known = "static" if static else "page", method if method in METHODS else "other"
    _requests.labels(kind, known, str(status)).observe(seconds)


@contextmanager
def noting_job(kind: str) -> Iterator[None]:
    """Count the job done meanwhile, which fails if it raises."""
    began, outcome = time.monotonic(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        _jobs.labels(kind, outcome).observe(time.monotonic() - began)


def answer(port: int, count_due: Callable[[], float]) -> str:
    """Tell what was counted to who asks this machine at `port` (0: any); return the address. Raises OSError."""
    _due.set_function(count_due)
    server, _ = start_http_server(port, addr=LOOPBACK, registry=registry)
    host, bound = server.server_address[:2]
    return f"http://{host!s}:{bound}/metrics"
