"""The power is cut right after an answer: what was acknowledged had reached the disk, not only its cache."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.faults.conftest import Figure, MakeServer
from tests.faults.visitor import Respondent

PAGE = "ECO"
CALLS = "trace=fsync,fdatasync,recvfrom,sendto,sendmsg"


def test_each_save_reaches_the_disk_before_it_is_acknowledged(
    make_server: MakeServer, figure: Figure, tmp_path: Path
) -> None:
    trace = tmp_path / "calls"
    server = make_server("sqlite")
    server.start(
        shutil.which("strace") or "strace", "--follow-forks", "--seccomp-bpf", "-s", "99", "-e", CALLS, "-o", str(trace)
    )
    respondent = Respondent(server.url).begin()
    form, saves = respondent.page(PAGE), figure("saves", 10, full=100)
    with server.connection() as watching:  # as long as somebody reads, closing a connection syncs nothing
        watching.exec_driver_sql("SELECT count(*) FROM page_save")
        for number in range(saves):
            typed = {"evidence_ECO-1a": f"essai {number}", "version": str(number)}
            assert respondent.post(respondent.path(PAGE), form.filled(typed)).status == 303
    server.kill()
    synced = syncs_before_each_answer(trace.read_text(errors="replace").splitlines())
    assert len(synced) == saves
    assert min(synced) >= 1


def syncs_before_each_answer(lines: list[str]) -> list[int]:
    """How many times the disk was waited for between reading each save and answering it."""
    counts: list[int] = []
    reading = 0
    for line in lines:
        if '"POST /q/' in line and f"/theme/{PAGE}" in line:
            counts.append(0)
            reading = 1
        elif reading and re.search(r"(fsync|fdatasync)(\(| resumed)", line) and "= 0" in line:
            counts[-1] += 1
        elif reading and '"HTTP/1.1 303' in line:
            reading = 0
    return counts
