"""What the tests of the report share: `--approve` keeps what they see as approved, once somebody has looked at it."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that renews approved snapshots."""
    parser.addoption("--approve", action="store_true", help="keep the report's HTML as approved")
