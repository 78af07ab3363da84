"""Static files: texts leave compressed for who accepts it, and say the same either way."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.pages import PageClient

STATIC = Path(__file__).parents[2] / "questionnaire" / "static"
ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}
TEXTS = sorted(each.name for each in STATIC.iterdir() if each.suffix in {".css", ".js", ".svg"})


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_says_the_same_compressed_and_plain(client: PageClient, name: str) -> None:
    packed, plain = client.get(f"/static/{name}", headers=ACCEPTS), client.get(f"/static/{name}")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == (STATIC / name).read_bytes()
    assert len(packed.data) == int(packed.headers["Content-Length"])
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_a_style_sheet_weighs_a_third_at_most(client: PageClient) -> None:
    assert len(client.get("/static/web.css", headers=ACCEPTS).data) * 3 < (STATIC / "web.css").stat().st_size


def test_a_font_leaves_as_it_is(client: PageClient) -> None:
    font = next(STATIC.rglob("*.woff2"))
    answer = client.get(f"/static/{font.relative_to(STATIC)}", headers=ACCEPTS)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == font.read_bytes()


def test_what_did_not_change_is_not_sent_again(client: PageClient) -> None:
    tag = client.get("/static/web.css", headers=ACCEPTS).headers["ETag"]
    again = client.get("/static/web.css", headers={**ACCEPTS, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_head_says_the_length_and_a_part_stays_plain(client: PageClient) -> None:
    head = client.head("/static/web.css", headers=ACCEPTS)
    assert (head.data, head.headers["Content-Encoding"]) == (b"", "gzip")
    part = client.get("/static/web.css", headers={**ACCEPTS, "Range": "bytes=0-9"})
    assert (part.status_code, len(part.data), part.headers.get("Content-Encoding")) == (206, 10, None)
