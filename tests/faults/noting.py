"""A plugin of pytest for the campaign: notes each test as soon as it passed, so that a run that is stopped keeps it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

NOTES = "CAMPAIGN_NOTES"  # the variable that names the file


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a line about a test that passed: its address and what it recorded; only the process that hears of all."""
    if report.when == "call" and report.passed and "PYTEST_XDIST_WORKER" not in os.environ:
        with Path(os.environ[NOTES]).open("a") as notes:
            notes.write(json.dumps([report.nodeid, report.user_properties]) + "\n")


def passed(notes: Path) -> dict[str, dict[str, float]]:
    """Return what each test that passed counted, by its address; what Hypothesis tells is none of it."""
    lines = [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []
    return {name: {what: float(value) for what, value in given if _counts(value)} for name, given in lines}


def _counts(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
