"""The three sides of `wizard.py`: how each is started, in one process, and how what it kept is read back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.browsing import Fields, Wrong
from benchmarks.questions import Answers

ROOT = Path(__file__).parents[1]
PEERS, LOCK = ROOT / "benchmarks" / "peers", ROOT / "requirements" / "benchmarks.txt"
ENVIRONMENT = Path(sys.prefix) / "peers"
THREADS = "8"
Kept = dict[str, Any]


class Side(ABC):
    """One server, in a folder of its own; `first` is where a questionnaire begins there."""

    name: str
    first: str
    first_fields: tuple[str, str] = ("association_name", "email")
    checks_tokens = True

    def __init__(self, folder: Path, pages: list[dict[str, Any]]) -> None:
        """Start it, and wait until it answers."""
        self.folder, self.pages, self.port = folder, pages, free_port()
        folder.mkdir()
        (folder / "questions.json").write_text(json.dumps(pages, ensure_ascii=False), "utf-8")
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(**self.start(), stdout=log, stderr=log, start_new_session=True)
        self._wait()

    @abstractmethod
    def start(self) -> dict[str, Any]:
        """Return the server's command (`args`), environment (`env`) and folder (`cwd`)."""

    @abstractmethod
    def kept(self, name: str) -> Kept:
        """Return what is kept of this association's questionnaire, sent: each field that is not empty."""

    def __enter__(self) -> Side:
        """Return it, to be stopped at the end whatever happens."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it at once, with what it started itself."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def expect(self, questionnaires: int) -> None:  # noqa: B027 - only one side has something to do
        """Prepare for so many questionnaires."""

    def before_pages(self, url: str) -> str:
        """Return the address of the first page, from where the start led."""
        return url

    def fields(self, page: str, given: dict[str, Any]) -> Fields:
        """Return what a browser sends of these answers."""
        return [
            (name, each) for name, value in given.items() for each in (value if isinstance(value, list) else [value])
        ]

    def expected(self, answers: Answers) -> Kept:
        """Return what must be kept of these answers."""
        return {name: value for page in answers.values() for name, value in page.items() if value}

    def processor(self) -> float:
        """Return the seconds of processor that the server has taken."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def _wait(self) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise Wrong(f"{self.name} does not start: see {self.folder / 'log'}")

    def _rows(self, file: str, query: str, *given: Any) -> list[sqlite3.Row]:
        database = sqlite3.connect(self.folder / file)
        database.row_factory = sqlite3.Row
        with database:
            found = database.execute(query, given).fetchall()
        database.close()
        return found


class Ours(Side):
    """`questionnaire serve`, SQLite with synchronous=FULL; what may come later (the PDF) is left to a worker."""

    name, first = "ours", "/"

    def start(self) -> dict[str, Any]:
        """Return how."""
        given = {"INSTANCE": str(self.folder), "LIMITS": "off", "MAIL_URL": "file:mails", "QUEUE": "procrastinate"}
        env = os.environ | {f"QUESTIONNAIRE_{name}": value for name, value in given.items()}
        command = Path(sys.executable).with_name("questionnaire")
        return {"args": [command, "serve", "--port", str(self.port)], "env": env}

    def before_pages(self, url: str) -> str:
        """Return the profile's address: the start leads to the private link first."""
        return url.partition("/lien")[0] + "/profil"

    def kept(self, name: str) -> Kept:
        """Return it, of the newest save of each page."""
        query = (
            'SELECT page_save.page, page_save."values" FROM page_save'
            " JOIN contribution ON contribution.id = contribution_id"
            " JOIN assessment ON assessment.id = assessment_id JOIN association ON association.id = association_id"
            " WHERE association.name = ? AND assessment.state = 'finished' ORDER BY page_save.version"
        )
        pages = {page: json.loads(values) for page, values in self._rows("questionnaire.sqlite", query, name)}
        kept = {f"profile_{name}": value for name, value in pages.pop("profile", {}).items()}
        prefixes = {"value": "q", "evidence": "evidence", "comment": "comment"}
        for page in pages.values():
            kept |= {
                f"{prefixes[part]}_{name}": str(each) for name, parts in page.items() for part, each in parts.items()
            }
        return kept


class Django(Side):
    """Django with django-formtools, under the same server with as many threads; SQLite with synchronous=NORMAL."""

    name, first = "Django", "/q/start/"
    first_fields = ("start-association_name", "start-email")

    def start(self) -> dict[str, Any]:
        """Return how, the tables made."""
        settings = {"DJANGO_SETTINGS_MODULE": "django_peer.settings", "PYTHONPATH": str(PEERS)}
        env = os.environ | settings | {"PEER_FOLDER": str(self.folder)}
        binaries = ENVIRONMENT / "bin"
        migrate = [binaries / "python", "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
        subprocess.run(migrate, env=env, check=True)
        listening = ["--threads", THREADS, "--listen", f"127.0.0.1:{self.port}"]
        return {"args": [binaries / "waitress-serve", *listening, "django_peer.wsgi:application"], "env": env}

    def fields(self, page: str, given: dict[str, Any]) -> Fields:
        """Return them under the step's prefix."""
        return [(f"{page}-{name}", value) for name, value in super().fields(page, given)]

    def kept(self, name: str) -> Kept:
        """Return it."""
        query = "SELECT answers FROM django_peer_submission WHERE name = ?"
        pages = [json.loads(answers) for (answers,) in self._rows("peer.sqlite", query, name)]
        return {name: value for each in pages for page in each.values() for name, value in page.items() if value}


class OTree(Side):
    """oTree's own server; its SQLite lies in memory and is written down when it stops, which is when it is read.

    It does not check the token of a participant's page.
    """

    name, first, checks_tokens = "oTree", "", False

    def start(self) -> dict[str, Any]:
        """Return how, in a copy of the project."""
        shutil.copytree(PEERS / "otree_peer", self.folder, dirs_exist_ok=True)
        (self.folder / "_static").mkdir()
        path = {"PATH": f"{ENVIRONMENT / 'bin'}:{os.environ['PATH']}", "PEER_FOLDER": str(self.folder)}
        env = os.environ | path | {"OTREE_PRODUCTION": "1", "OTREE_REST_KEY": "loopback"}
        return {
            "args": [ENVIRONMENT / "bin" / "otree", "prodserver1of2", f"127.0.0.1:{self.port}"],
            "env": env,
            "cwd": self.folder,
        }

    def expect(self, questionnaires: int) -> None:
        """Make their rows: oTree wants to know beforehand."""
        body = json.dumps({"session_config_name": "survey", "num_participants": questionnaires}).encode()
        headers = {"otree-rest-key": "loopback", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/sessions", body, headers)
        with urllib.request.urlopen(request) as answer:
            self.first = json.load(answer)["session_wide_url"]

    def fields(self, page: str, given: dict[str, Any]) -> Fields:
        """Return them with a box for each of several choices."""
        return [*self._flat(given).items()]

    def expected(self, answers: Answers) -> Kept:
        """Return them as columns."""
        return {name: value for page in answers.values() for name, value in self._flat(page).items() if value}

    def kept(self, name: str) -> Kept:
        """Return it."""
        rows = self._rows("db.sqlite3", "SELECT * FROM survey_player WHERE association_name = ?", name)
        answers = ("q_", "evidence_", "comment_", "profile_")
        given = {name: value for row in rows for name, value in dict(row).items() if name.startswith(answers)}
        return {column: str(value) for column, value in given.items() if value}

    def _flat(self, given: dict[str, Any]) -> dict[str, str]:
        flat: dict[str, str] = {}
        for name, value in given.items():
            several = {f"{name}_{each}": "1" for each in value} if isinstance(value, list) else {name: value}
            flat |= {column.replace("-", "_"): each for column, each in several.items()}
        return flat


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def install_peers() -> None:
    """Install what the peers need, in an environment apart, if it is not there as the lock says."""
    stamp = ENVIRONMENT / "lock"
    if stamp.is_file() and stamp.read_bytes() == LOCK.read_bytes():
        return
    print("Installing the peers, once…")
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    stamp.write_bytes(LOCK.read_bytes())
