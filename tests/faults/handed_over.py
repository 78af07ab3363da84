"""What leaves the house: the words of a PDF and of the files attached to it, and the letters, each with who gets it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy

from pypdf import PdfReader

from tests.faults.conftest import FULL
from tests.faults.crawling import Crawl
from tests.faults.machines import at_work
from tests.faults.server import Server
from tests.faults.world import World
from tests.pdf.drawing import printed

READ = ".pdf" if FULL else "/essentiel.pdf"
LAYOUT = re.compile("[\\s\u200b\u00ad]+")  # a long word goes on in the next line


def words_of(pdf: bytes) -> str:
    """Return all that can be read in a PDF, without spaces; what it holds twice stands there twice."""
    reader = PdfReader(io.BytesIO(pdf))
    attached = [part for name in reader.attachments for part in reader.attachments[name]]
    read = [printed(pdf, layout=False), str(reader.metadata), *(each.decode("utf-8", "replace") for each in attached)]
    return LAYOUT.sub("", "\n".join(read))


def letters(server: Server) -> Iterator[tuple[str, str]]:
    """Return each letter that was sent: to whom, and its subject with its text."""
    for path in sorted((server.instance / "mails").iterdir()):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        yield str(letter["To"]), f"{letter['Subject']}\n{letter.get_content()}"


def documents(server: Server, world: World, crawls: dict[str, Crawl]) -> Iterator[tuple[str, str, bytes]]:
    """Every PDF that somebody is shown the way to, made by a worker; in the light version one, of two associations."""
    with server.connection() as connection:
        connection.exec_driver_sql("DELETE FROM job WHERE kind = 'render'")  # what is not read here is not drawn
        connection.commit()
    shown = [
        (name, act.path)
        for name in (crawls if FULL else ("asked", "taken"))
        for act in crawls[name].acts
        if act.method == "GET" and act.path.endswith(READ)
    ]
    for name, path in shown:
        world[name].visitor.get(path)  # asks for it
    with at_work(server, 2 if FULL else 1):
        server.wait_for_jobs()
    for name, path in shown:
        answer = world[name].visitor.get(path)
        assert answer.status == 200, f"{name}: {path} gives {answer.status}"
        yield name, path, answer.body
