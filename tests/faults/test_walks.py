"""People wander: next, back, refresh, close, another device, finish, reopen. Every question shows its last value."""

from __future__ import annotations

import random

import pytest

from tests.faults.conftest import FULL, NO_WORKER, Figure, MakeServer
from tests.faults.server import Server
from tests.faults.visitor import PAGES, PROFILE, Respondent

Model = dict[str, dict[str, str]]
TEXTS = {page: [f"evidence_{page}-1a", f"comment_{page}-2a"] for page in PAGES}
ANSWERS = {page: [f"q_{page}-1a", f"q_{page}-2a"] for page in PAGES}

STEPS = 40 if FULL else 15
PARTS = range(1000, 1005 if FULL else 1001)  # so that a campaign that is stopped keeps some of them


@pytest.fixture
def walked(make_server: MakeServer, database: str) -> Server:
    """A server that draws no PDF: hundreds who finish would ask for thousands."""
    server = make_server(database, **NO_WORKER)
    server.start()
    return server


class Walk:
    """One person's way through the questionnaire, beside what should stand on each page."""

    def __init__(self, url: str, chance: random.Random) -> None:
        self.chance = chance
        self.respondent = Respondent(url).begin()
        self.model: Model = {page: {} for page in PAGES}
        self.here, self.finished = "ECO", False
        self.open = self.respondent.page(self.here)

    def step(self) -> None:
        """Do one thing, drawn by lot; then look at the page."""
        name = self.chance.choice(
            ["save"] * 4 + ["back", "leave", "refresh", "device", "finish", "reopen", "elsewhere"]
        )
        getattr(self, f"_{name}")()
        if not self.finished:
            self.look()

    def look(self) -> None:
        """Every field of the page where one stands shows what was last acknowledged."""
        self.open = self.respondent.page(self.here)
        expected = self.model[self.here]
        assert {name: self.open.get(name) for name in expected} == expected, self.here

    def _save(self, go: str = "") -> None:
        typed = {name: f"mot {self.chance.randrange(99)}" for name in TEXTS[self.here] if self.chance.random() < 0.5}
        typed |= {name: str(self.chance.randint(1, 4)) for name in ANSWERS[self.here] if self.chance.random() < 0.5}
        if self.finished:
            return
        sent = self.open.filled(typed | ({"go": go} if go else {}))
        answer = self.respondent.post(self.respondent.path(self.here), sent)
        assert answer.status == 303
        self.model[self.here] |= typed

    def _back(self) -> None:
        self._save("previous")
        self.here = PAGES[max(0, PAGES.index(self.here) - 1)]

    def _leave(self) -> None:
        self._save("list")
        self.here = self.chance.choice(PAGES)

    def _refresh(self) -> None:
        self.respondent.get(self.respondent.path(self.here))

    def _device(self) -> None:
        self.respondent = self.respondent.elsewhere()

    def _elsewhere(self) -> None:
        self.here = self.chance.choice(PAGES)

    def _finish(self) -> None:
        answer = self.respondent.get(self.respondent.path("verifier"))
        if answer.status == 200 and any(form.action in ("", answer.location) for form in answer.forms):
            sent = self.respondent.finish()
            self.finished = sent.location == self.respondent.path("resultat")

    def _reopen(self) -> None:
        if self.finished:
            assert self.respondent.submit(self.respondent.path(), "/rouvrir").status == 303
            self.finished = False


@pytest.mark.parametrize("seed", PARTS)
def test_wherever_one_wanders_the_last_answers_stand(walked: Server, figure: Figure, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(figure("walks", 2, full=100)):
        walk = Walk(walked.url, chance)
        if chance.random() < 0.3:
            walk.respondent.answer_everything()
            walk.model = {page: dict.fromkeys(ANSWERS[page], "2") for page in PAGES}
            walk.look()
        for _ in range(STEPS):
            walk.step()


def test_nobody_finishes_with_a_gap(walked: Server, figure: Figure) -> None:
    chance = random.Random(1001)
    for _ in range(figure("attempts", 4, full=100)):
        respondent = Respondent(walked.url).begin()
        respondent.answer_everything()
        page = chance.choice((*PAGES, PROFILE))
        gap = "profile_objective" if page == PROFILE else f"q_{page}-{chance.choice(['1a', '2a'])}"
        respondent.save(page, **{gap: ""})
        answer = respondent.finish()
        assert answer.location == respondent.path(page) + f"?retour=verifier#{gap}"
        assert respondent.get(respondent.path("resultat")).location == respondent.path()


def test_a_finish_sent_from_anywhere_leads_to_the_first_gap(walked: Server) -> None:
    respondent = Respondent(walked.url).begin()
    token = respondent.page(PROFILE).get("csrf_token")
    answer = respondent.post(respondent.path("verifier"), [("csrf_token", token), ("complete", "1")])
    assert answer.location.startswith(respondent.path(PROFILE))
    assert respondent.get(respondent.path("resultat")).location == respondent.path()
