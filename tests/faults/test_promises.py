"""The table of promises fits the code: every mistake can be planted, every test exists, every promise is reported."""

from __future__ import annotations

import pytest

from tests.faults.promises import PROMISES, ROOT, Mistake

MISTAKES = [mistake for promise in PROMISES for mistake in promise.mistakes]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_every_mistake_can_be_planted(mistake: Mistake) -> None:
    text = (ROOT / mistake.file).read_text()
    assert mistake.planted(text) != text


def test_a_mistake_without_its_place_is_told() -> None:
    with pytest.raises(ValueError, match="0 times"):
        MISTAKES[0].planted("")


def test_every_promise_has_a_test_and_a_mistake() -> None:
    for promise in PROMISES:
        assert promise.mistakes
        for file, _, name in (test.partition("::") for test in promise.tests):
            assert f"def {name}" in (ROOT / file).read_text()


def test_every_promise_has_its_line_in_the_report() -> None:
    report = (ROOT / "docs/reliability.md").read_text()
    assert [promise.name for promise in PROMISES if f"| `{promise.name}` |" not in report] == []
