"""Alive and ready, as a supervisor asks; and the log: one line of JSON per event, without token or personal text."""

from __future__ import annotations

import json
import logging
import sys

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire import pdf
from questionnaire.operations.journal import Lines
from questionnaire.web import health
from tests.pages import PageClient


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that works, of which nothing is remembered."""
    monkeypatch.setattr(health, "renderer", health.Renderer())
    monkeypatch.setattr(pdf, "render", lambda _: b"%PDF-")


def test_all_is_ready(client: PageClient) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, dict.fromkeys(("database", "migrations", "renderer"), "ok"))


def test_the_real_renderer_is_tried_once_a_minute(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(pdf, "render", tried.append)
    for _ in range(3):
        client.get("/readyz")
    assert tried == [health.PROBE]


def test_a_renderer_that_fails_is_told(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> bytes:
        raise pdf.PdfError

    monkeypatch.setattr(pdf, "render", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["renderer"]) == (503, "failed")
    assert client.get("/healthz").status_code == 200


def test_a_schema_of_another_time_is_told(client: PageClient, session: Session) -> None:
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, "failed")


def line(**given: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "questionnaire.access", "levelname": "INFO", "msg": "request", **given})
    text = Lines().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def test_a_request_is_one_line(client: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "questionnaire.access"):
        client.get("/reprendre/" + "x" * 43)
    found = json.loads(Lines().format(caplog.records[0]))
    assert found["at"].endswith("Z")
    assert (found["method"], found["path"], found["status"]) == ("GET", "/reprendre/\\u2026", 404)


def test_an_error_is_told_without_its_words() -> None:
    try:
        raise LookupError("canari")
    except LookupError:
        found = line(exc_info=sys.exc_info())
    assert "canari" not in json.dumps(found)
    assert found["error"] == "LookupError"
    assert "test_health.py" in json.dumps(found["where"])


def test_the_database_s_errors_do_not_quote_rows(app: Flask, session: Session) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught:
        session.execute(sa.text("INSERT INTO association (name) VALUES (:name)"), {"name": "canari"})
    assert "canari" not in str(caught.value)
