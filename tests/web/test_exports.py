"""The list taken along: what the address chooses, all pages, only what may be read; hostile names stay texts."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from sqlalchemy.orm import Session

from questionnaire.core.framework import Framework
from tests.pages import PageClient
from tests.web.test_worklist import a_file

HOSTILE = '=HYPERLINK("http://mal.example";"clic")'


@pytest.fixture
def files(session: Session, framework: Framework, advisor: PageClient, other_advisor: PageClient) -> None:
    """Two files of the advisor's, one of nobody and one of somebody else."""
    a_file(session, framework, HOSTILE, advisor, state="in_review")
    a_file(session, framework, "Boutique ; +33", advisor)
    a_file(session, framework, "À personne", None)
    a_file(session, framework, "À un autre", other_advisor)


def rows(browser: PageClient, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/conseiller/dossiers.csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))[1:]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tri=nom", {HOSTILE, "Boutique ; +33"}),
        ("page=2", {HOSTILE, "Boutique ; +33"}),
        ("liste=a-rendre", {HOSTILE}),
        ("territoire=r11", set()),
        ("liste=sans-conseiller", set()),
        ("recherche=autre", set()),
    ],
)
def test_it_holds_what_the_list_chooses_and_nothing_of_others(
    advisor: PageClient, files: None, query: str, expected: set[str]
) -> None:
    assert {row[0].replace("'", "") for row in rows(advisor, query)} == expected


def test_a_hostile_name_is_no_formula(advisor: PageClient, files: None) -> None:
    names = [row[0] for row in rows(advisor)]
    assert f"'{HOSTILE}" in names
    assert not any(name.startswith("=") for name in names)
    book = zipfile.ZipFile(io.BytesIO(advisor.get("/conseiller/dossiers.xlsx").data))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")


def test_it_says_where_and_in_which_state_and_no_result(advisor: PageClient, files: None) -> None:
    row = next(row for row in rows(advisor, "liste=a-rendre"))
    assert row[3:5] == ["Hérault", "Occitanie"]
    assert row[6] == "En relecture"
    assert len(row) == 11


def test_the_list_offers_it_with_the_same_choice(advisor: PageClient, files: None) -> None:
    assert "/conseiller/dossiers.csv?liste=a-rendre" in advisor.get("/conseiller/?liste=a-rendre").text
    assert "dossiers.csv" not in advisor.get("/conseiller/?liste=sans-conseiller").text
