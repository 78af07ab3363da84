"""The paper questionnaire on the web: anyone may take it, and it is rendered once."""

from __future__ import annotations

import pytest

from questionnaire import pdf
from questionnaire.web import paper
from tests.pages import PageClient

ADDRESSES = ["/papier.pdf", "/papier-grands-caracteres.pdf", "/papier-a-remplir.pdf"]


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    monkeypatch.setattr(paper, "_made", {})

    def render(html: str) -> bytes:
        made.append(html)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render", render)
    return made


def test_each_edition_is_rendered_once(client: PageClient, renders: list[str]) -> None:
    for address in ADDRESSES * 2:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert len(set(renders)) == len(renders) == len(ADDRESSES)


def test_the_first_page_leads_to_every_edition(client: PageClient) -> None:
    page = client.get("/").text
    assert all(f'href="{address}"' in page for address in ADDRESSES)
