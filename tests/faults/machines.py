"""Several machines: workers beside the servers, a visitor whose requests go from one to the next, nginx before them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.server import QUESTIONNAIRE, Server, free_port, renderers
from tests.faults.visitor import Answer, Respondent, Unanswered, Visitor

NGINX = """
{user}worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_max_body_size 4m;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/answers;
  upstream machines {{ {machines} }}
  server {{
    listen 127.0.0.1:{port};
    error_page 502 504 = @gone;
    location @gone {{ return 444; }}
    location / {{
      proxy_pass http://machines;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


class Worker:
    """`questionnaire worker` with the settings and the data folder of a server."""

    def __init__(self, server: Server) -> None:
        """Choose the machine; start nothing yet."""
        self.server = server
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return at once."""
        with self.server.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*QUESTIONNAIRE, "worker"], env=self.server.environ, stdout=log, stderr=log, start_new_session=True
            )

    def draws(self) -> bool:
        """Say whether a renderer of its own runs right now."""
        assert self.process
        return bool(renderers(self.process.pid))

    def kill(self) -> None:
        """Kill it and the renderer that it started, as a machine that dies does."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=30)
            self.process = None

    def stop(self) -> int:
        """Stop it as an operator does; return its status."""
        assert self.process
        self.process.terminate()
        return self.process.wait(timeout=60)


@contextmanager
def at_work(server: Server, count: int) -> Iterator[None]:
    """Have so many workers do what waits, meanwhile."""
    workers = [Worker(server) for _ in range(count)]
    for each in workers:
        each.start()
    try:
        yield
    finally:
        for each in workers:
            each.kill()


class Wanderer(Respondent):
    """Somebody whose every request goes to the next machine."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Come for the first time."""
        super().__init__(urls[0])
        self._next = cycle([urlsplit(url).netloc for url in urls])

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request to the machine whose turn it is. Raises Unanswered."""
        self.address = next(self._next)
        return super().send(method, path, body, headers)


@contextmanager
def nginx(folder: Path, servers: Sequence[Server]) -> Iterator[str]:
    """Start nginx before the servers and give its address; where no server answers, it closes the connection."""
    port = free_port()
    machines = " ".join(f"server 127.0.0.1:{each.port} max_fails=1 fail_timeout=1s;" for each in servers)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(NGINX.format(user=user, folder=folder, machines=machines, port=port))
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "conf")], start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _ in range(600):
        with suppress(Unanswered):
            Visitor(url).get("/healthz")
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {url}")
