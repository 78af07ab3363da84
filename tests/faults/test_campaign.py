"""The campaign itself: what does not hold, is not caught or takes too long fails it; resumed, it does only the rest."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.faults import campaign, noting
from tests.faults.noting import NOTES
from tests.faults.promises import PROMISES, ROOT, Mistake, Promise

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

    def stopped_then_whole(_: Path, __: Promise, ___: float, *options: str, **environ: str) -> int:
        tried.append(options)
        one = len(tried) == 1
        Path(environ[NOTES]).write_text(json.dumps([f"tests/x.py::{'one' if one else 'two'}", [["saves", 2000]]]))
        return STOPPED if one else HELD

    monkeypatch.setattr(campaign, "PROMISES", (Promise(PROMISE.name, "Nothing.", ("x.py",), ()),))
    monkeypatch.setattr(campaign, "_pytest", stopped_then_whole)
    assert (campaign.main([]), campaign.main(["--resume"])) == (1, 0)
    assert [each for each in tried[1] if each.startswith("--deselect")] == ["--deselect=tests/x.py::one"]
    assert "4 000 saves" in report()


def test_what_passed_is_noted_though_the_run_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # a campaign is nobody's part
    tests = tmp_path / "test_some.py"
    tests.write_text(
        "import time\n"
        "def test_quick(record_property): record_property('saves', 3)\n"
        "def test_false(): assert False\n"
        "def test_endless(): time.sleep(60)\n"
    )
    notes, promise = tmp_path / "notes", Promise("some", "", (str(tests),), ())
    own = {"FIGURES": "full", NOTES: str(notes)}
    campaign._pytest(ROOT, promise, time.monotonic() + 8, "-p", noting.__name__, **own)
    assert [(name.rpartition("::")[2], counted) for name, counted in noting.passed(notes).items()] == [
        ("test_quick", {"saves": 3})
    ]


def test_what_takes_too_long_is_stopped(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    endless = tmp_path / "test_endless.py"
    endless.write_text("import time\ndef test_endless():\n    while True:\n        time.sleep(0.1)\n")
    promise = Promise("endless", "", (str(endless),), ())
    assert campaign._pytest(tmp_path, promise, time.monotonic() + 2, FIGURES="full") != 0
    assert "stopped: its minutes are over" in capfd.readouterr().err
