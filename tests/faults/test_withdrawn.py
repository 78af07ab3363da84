"""A right is withdrawn while a page is open: nothing is written or read from then on, however fast somebody types."""

from __future__ import annotations

import threading

from tests.faults.conftest import NO_WORKER, Figure, MakeServer
from tests.faults.visitor import Form, Visitor
from tests.faults.world import build


def test_nothing_is_written_once_a_right_is_withdrawn(make_server: MakeServer, database: str, figure: Figure) -> None:
    server = make_server(database, **NO_WORKER)
    server.start()
    world = build(server)
    advisor, association = world["assigned"].visitor, world["taken"].visitor
    assessment = next(iter(world["taken"].ids))
    code = server.rows("""SELECT code FROM "user" WHERE email = 'assigned@reseau.example'""")[0][0]
    for _ in range(figure("races", 2, full=25)):
        writer = ReviewWriter(advisor, f"/conseiller/dossiers/{assessment}")
        writer.start()
        assert writer.wrote.wait(20)
        assert association.submit(f"/q/{assessment}/entretien", "/entretien/retirer").status == 303
        kept = server.kept()["review"]
        writer.withdrawn.set()
        writer.join()
        assert server.kept()["review"] == kept
        assert writer.last == 404
        assert advisor.get(f"/conseiller/dossiers/{assessment}").status == 404  # nor is anything read any more
        share_again(advisor, association, assessment, code)


class ReviewWriter(threading.Thread):
    """An advisor who saves the review again and again, another note each time, and a few times more once withdrawn."""

    def __init__(self, advisor: Visitor, dossier: str) -> None:
        super().__init__()
        self.advisor, self.dossier = advisor, dossier
        self.form = advisor.form(dossier, "/avis")
        self.wrote, self.withdrawn, self.last = threading.Event(), threading.Event(), 0

    def run(self) -> None:
        """Write; the version goes up by one each time."""
        version, left = int(self.form.get("version")), 5
        while left:
            typed = {"private_note": f"canari {version} {left}", "version": str(version), "base": self.form.get("base")}
            self.last = self.advisor.post(f"{self.dossier}/avis", self.form.filled(typed)).status
            if self.last == 303:
                self.wrote.set()
                self.form = Form(self.form.action, (("version", str(version + 1)), *self.form.fields))
                version += 1
            left -= self.withdrawn.is_set()


def share_again(advisor: Visitor, association: Visitor, assessment: str, code: str) -> None:
    """Share once more, so that the next race can begin."""
    assert association.submit(f"/q/{assessment}/entretien?code={code}", "/entretien").status == 303
    assert advisor.submit(f"/conseiller/dossiers/{assessment}", "/prendre").status == 303
