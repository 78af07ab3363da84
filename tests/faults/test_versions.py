"""A new version of the framework arrives while drafts stand at each page: theirs goes on, and old reports stay."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from questionnaire.core.loading.territory_files import FOLDER
from tests.faults.conftest import FULL, NO_WORKER, MakeServer
from tests.faults.server import Server
from tests.faults.visitor import PAGES, Respondent

ON_BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]
FILES = ("resultat", "calcul", "resultat.csv", "donnees.json")
DRAFTS = PAGES if FULL else ("ECO", "EVA")
NEXT = "1.1.0"


@pytest.mark.parametrize("kind", ON_BOTH)
def test_drafts_go_on_and_reports_stay(make_server: MakeServer, kind: str) -> None:
    server = make_server(kind, **NO_WORKER)
    server.start()
    drafts = {page: begun_at(server, page) for page in DRAFTS}
    finished = Respondent(server.url).begin()
    finished.answer_everything()
    for page in PAGES:
        say_something_else_each_time(finished, page)
    assert finished.finish().status == 303
    assert finished.get(finished.path("resultat")).status == 200  # which said once that it is done
    before = {name: as_shown(finished, name) for name in FILES}
    publish_the_next_version(server.instance)
    server.restart()
    for name, lines in before.items():
        assert set(as_shown(finished, name)) ^ set(lines) == set(), name
    for page, draft in drafts.items():
        assert said(draft, page) == meant(draft, page)
        draft.answer_everything("4")
        assert draft.page(page).get(f"evidence_{page}-1a") == f"mot {page}-1a"
    assert drafts["ECO"].finish().location == drafts["ECO"].path("resultat")
    assert versions_in_use(server) == ["1.0.0"]
    Respondent(server.url).begin()
    assert versions_in_use(server) == ["1.0.0", NEXT]


def begun_at(server: Server, page: str) -> Respondent:
    """A draft that stands at this page."""
    draft = Respondent(server.url).begin(f"Club {page}")
    say_something_else_each_time(draft, page)
    return draft


def say_something_else_each_time(respondent: Respondent, page: str) -> None:
    """Answer each question of a page otherwise than its neighbours: an answer under another question is seen."""
    assert respondent.save(page, **meant(respondent, page)).status == 303


def meant(respondent: Respondent, page: str) -> dict[str, str]:
    """What each question of a page is answered: words that name it, and a level that changes from one to the next."""
    names = sorted(name.partition("_")[2] for name, _ in respondent.page(page).fields if name.startswith("evidence_"))
    levels = {f"q_{name}": str(place % 4 + 1) for place, name in enumerate(names)}
    return levels | {f"evidence_{name}": f"mot {name}" for name in names}


def said(respondent: Respondent, page: str) -> dict[str, str]:
    """What stands under each question of a page."""
    shown = respondent.page(page)
    return {name: shown.get(name) for name in meant(respondent, page)}


def as_shown(respondent: Respondent, name: str) -> list[bytes]:
    """A page or a file as it is read, line by line, without what changes at each visit."""
    answer = respondent.get(respondent.path(name))
    assert answer.status == 200
    return [line for line in answer.body.splitlines() if b"csrf_token" not in line]


def publish_the_next_version(instance: Path) -> None:
    """Put the questions in another order, under the next number."""
    framework = yaml.safe_load((FOLDER / "faire-alliance-1.0.0.yaml").read_text())
    framework["framework"]["version"] = NEXT
    for dimension in framework["dimensions"]:
        for criterion in dimension["criteria"]:
            criterion["questions"].reverse()
        dimension["criteria"].reverse()
    (instance / "frameworks").mkdir()
    text = yaml.safe_dump(framework, allow_unicode=True, sort_keys=False)
    (instance / "frameworks" / f"faire-alliance-{NEXT}.yaml").write_text(text)


def versions_in_use(server: Server) -> list[str]:
    return [row[0] for row in server.rows("SELECT DISTINCT framework_version FROM assessment ORDER BY 1")]
