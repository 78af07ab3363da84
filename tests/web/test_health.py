"""Alive and ready, as a supervisor asks; and the log: one line of JSON per event, without token or personal text."""

from __future__ import annotations

import json
import logging
import socket
import sys
import urllib.request
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from questionnaire import metrics, pdf
from questionnaire.extensions import jobs
from questionnaire.jobs import Jobs
from questionnaire.letters import Letter
from questionnaire.operations.journal import Lines
from questionnaire.operations.opening import CannotOpen
from questionnaire.operations.watching import watch
from questionnaire.settings import Settings
from questionnaire.storage import outbox
from questionnaire.storage.models import Assessment
from questionnaire.web import health
from tests import builders
from tests.pages import PageClient


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that works, of which nothing is remembered."""
    monkeypatch.setattr(health, "renderer", health.Renderer())
    monkeypatch.setattr(pdf, "render", lambda _: b"%PDF-")


@pytest.fixture
def runner(app: Flask) -> Jobs:
    """What runs the application's jobs."""
    with app.app_context():
        return jobs()


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


def test_who_watches_reads_counts_and_durations_and_nothing_else(respondent: PageClient, runner: Jobs) -> None:
    for path in ("/l/canaricanari", "/canari", f"/q/{respondent.assessment_id}/"):
        respondent.get(path, headers={"User-Agent": "canari"})
    respondent.open("/canari", method="CANARI")
    address = metrics.answer(0, lambda: 3.0)
    with urllib.request.urlopen(address) as answer:
        text = answer.read().decode().lower()
    assert address.startswith("http://127.0.0.1:")
    assert 'questionnaire_request_seconds_count{kind="page",method="get",status="404"}' in text
    assert 'method="other"' in text
    assert "questionnaire_jobs_due 3.0" in text
    assert not [word for word in ("canari", respondent.assessment_id) if word in text]


def test_a_job_is_counted_by_kind_and_by_how_it_ended(runner: Jobs, session: Session, assessment: Assessment) -> None:
    def refuse(_: Letter) -> None:
        raise ConnectionRefusedError

    outbox.enqueue(session, "mail_private_link", now=builders.NOW, assessment_id=assessment.id)
    session.commit()
    assert outbox.count_due(session, builders.NOW) == 1
    replace(runner, deliver=refuse).run_due()
    counted = {"kind": "mail_private_link", "outcome": "failed"}
    assert (metrics.registry.get_sample_value("questionnaire_job_seconds_count", counted) or 0) >= 1


def test_a_port_that_is_taken_stops_the_start(app: Flask, settings: Settings) -> None:
    with socket.create_server((metrics.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        app.extensions["questionnaire"]["settings"] = replace(settings, metrics_port=port)
        with pytest.raises(CannotOpen, match=f"QUESTIONNAIRE_METRICS_PORT={port}"):
            watch(app)
