"""The campaign itself: what does not hold, is not caught or takes too long fails it; resumed, it does only the rest."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults import campaign
from tests.faults.promises import PROMISES, Mistake, Promise

HELD, TRUE, UNCAUGHT, STOPPED = 0, 1, 0, 2
PROMISE = Promise(
    PROMISES[0].name, "Nothing.", ("x.py",), tuple(Mistake(name, "SECURITY.md", "# ", "") for name in ("one", "two"))
)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """What pytest will answer, run by run; the campaign writes beside the tree."""
    answers: list[int] = []
    (tmp_path / "reliability.md").write_text(f"| `{PROMISE.name}` | not measured yet |")
    monkeypatch.setattr(campaign, "DONE", tmp_path / "campaign.json")
    monkeypatch.setattr(campaign, "REPORT", tmp_path / "reliability.md")
    monkeypatch.setattr(campaign, "PROMISES", (PROMISE,))
    monkeypatch.setattr(campaign, "_copy", lambda copy: (copy.mkdir(), (copy / "SECURITY.md").write_text("# ")))
    monkeypatch.setattr(campaign, "_pytest", lambda *_, **__: answers.pop(0))
    return answers


def report() -> str:
    return campaign.REPORT.read_text()


def test_what_held_and_caught_everything_is_written_down(runs: list[int]) -> None:
    runs += [HELD, TRUE, TRUE]
    assert campaign.main([]) == 0
    assert "one, two" in report()


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ([TRUE, TRUE, TRUE], [HELD]),
        ([STOPPED, TRUE, TRUE], [HELD]),
        ([HELD, UNCAUGHT, TRUE], [TRUE]),
        ([HELD, TRUE, STOPPED], [TRUE]),
    ],
    ids=["did not hold", "took too long", "not caught", "stopped in a mistake"],
)
def test_what_lacks_fails_and_is_all_that_is_done_when_resumed(
    runs: list[int], first: list[int], rest: list[int]
) -> None:
    runs += first
    assert campaign.main([]) == 1
    assert "not measured yet" in report()
    runs += rest
    assert campaign.main(["--resume"]) == 0
    assert runs == []
    assert campaign.main(["--resume"]) == 0


def test_a_test_that_passed_is_not_tried_again(runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[str, ...]] = []

    def stopped_then_whole(_: Path, __: Promise, ___: float, *options: str, **____: str) -> int:
        tried.append(options)
        name = f"test_{'one' if len(tried) == 1 else 'two'}[sqlite]"
        counted = f'<properties><property name="saves" value="{len(tried)}000"/></properties>'
        late = (
            '<testcase classname="tests.x" name="test_two[sqlite]"><failure/></testcase><testcase/>'
            if len(tried) == 1
            else ""
        )
        case = f'<testcase classname="tests.x" name="{name}">{counted}</testcase>'
        report = next(each for each in options if each.startswith("--junitxml=")).partition("=")[2]
        Path(report).write_text(f"<testsuite>{case}{late}</testsuite>")
        return STOPPED if len(tried) == 1 else HELD

    monkeypatch.setattr(campaign, "PROMISES", (Promise(PROMISE.name, "Nothing.", ("x.py",), ()),))
    monkeypatch.setattr(campaign, "_pytest", stopped_then_whole)
    assert (campaign.main([]), campaign.main(["--resume"])) == (1, 0)
    assert "--deselect=tests/x.py::test_one[sqlite]" in tried[1]
    assert "--deselect=tests/x.py::test_two[sqlite]" not in tried[1]
    assert "3 000 saves" in report()


def test_what_takes_too_long_is_stopped(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    endless = tmp_path / "test_endless.py"
    endless.write_text("import time\ndef test_endless():\n    while True:\n        time.sleep(0.1)\n")
    promise = Promise("endless", "", (str(endless),), ())
    assert campaign._pytest(tmp_path, promise, time.monotonic() + 2, FIGURES="full") != 0
    assert "stopped: more than 15 minutes" in capfd.readouterr().err
