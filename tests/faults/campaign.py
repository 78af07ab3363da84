"""The campaign: each promise with its full figure, then each of its planted mistakes, which must be caught.

`script/campaign [PROMISE…] [--resume]`. A promise that is not through after its minutes, a quarter of an hour unless
its own figure is longer, is stopped and did not hold. Each test that passed and each mistake that was caught is
remembered in build/campaign.json, so that `--resume` goes on where it stopped, on a slow machine in several times; each
promise writes its line of docs/reliability.md when it is done.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults import noting
from tests.faults.noting import NOTES
from tests.faults.promises import PROMISES, ROOT, Mistake, Promise

DONE = ROOT / "build" / "campaign.json"
REPORT = ROOT / "docs" / "reliability.md"
FAILED = 1  # pytest's status when a test failed, rather than could not be run
LEAVING = 60  # seconds for a test that is stopped to end the servers it started


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked and return the exit status: 0 when all held and every mistake was caught."""
    parser = argparse.ArgumentParser(prog="script/campaign", description=__doc__)
    parser.add_argument("promise", nargs="*", choices=[[], *(promise.name for promise in PROMISES)])
    parser.add_argument("--resume", action="store_true", help="go on where the last campaign stopped")
    chosen = parser.parse_args(arguments)
    done: dict[str, Any] = json.loads(DONE.read_text()) if chosen.resume and DONE.exists() else {}
    wanted = [promise for promise in PROMISES if not chosen.promise or promise.name in chosen.promise]
    held = [_held(promise, done) for promise in wanted]  # all of them, whatever the first ones gave
    return int(not all(held))


def _held(promise: Promise, done: dict[str, Any]) -> bool:
    """Try a promise and its mistakes, as far as not done yet; write its line; say whether it held."""
    fresh = {"commit": _commit(), "minutes": 0, "passed": {}, "complete": False, "caught": []}
    known, until = done.setdefault(promise.name, fresh), time.monotonic() + promise.minutes * 60
    if not known["complete"]:
        _try_at_length(promise, known, until)
        _remember(done)
    for mistake in promise.mistakes:
        if mistake.name not in known["caught"] and _caught(promise, mistake, until):
            known["caught"].append(mistake.name)
            _remember(done)
    held = known["complete"] and len(known["caught"]) == len(promise.mistakes)
    if held:
        _write(promise, known)
    _say(f"{promise.name}: {'held' if held else 'NOT HELD'}")
    return held


def _try_at_length(promise: Promise, known: dict[str, Any], until: float) -> None:
    """Run the tests of a promise that did not pass yet with their full figures; note what passed and was counted."""
    _say(f"{promise.name}: the full figure")
    with tempfile.TemporaryDirectory() as folder:
        notes, began = Path(folder) / "passed", time.monotonic()
        limit = f"--timeout={promise.minutes * 60}"  # the promise's own limit, not that of a test of every day
        shared = ("--numprocesses", str(promise.processes)) if promise.processes > 1 else ()
        through = [f"--deselect={each}" for each in known["passed"]]
        own = {"FIGURES": "full", NOTES: str(notes)}
        status = _pytest(ROOT, promise, until, "-p", noting.__name__, limit, *shared, *through, **own)
        known["passed"] |= noting.passed(notes)
    known["minutes"] = round(known["minutes"] + (time.monotonic() - began) / 60, 1)
    known["complete"] = status == 0


def _caught(promise: Promise, mistake: Mistake, until: float) -> bool:
    """Plant a mistake in a copy of the tree; say whether the tests fail there, in one of its tries."""
    with tempfile.TemporaryDirectory(prefix="mistake") as folder:
        copy = Path(folder) / "tree"
        _copy(copy)
        file = copy / mistake.file
        file.write_text(mistake.planted(file.read_text()))
        tries = (_pytest(copy, promise, until, "-x", FIGURES="light") == FAILED for _ in range(mistake.tries))
        caught = any(tries)
    _say(f"{promise.name}: « {mistake.name} » {'caught' if caught else 'NOT CAUGHT'}")
    return caught


def _pytest(tree: Path, promise: Promise, until: float, *options: str, **environ: str) -> int:
    """Run the tests of a promise in this tree, no longer than until then; return pytest's status."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *promise.tests]
    command = ["env", "--default-signal=INT", *pytest]  # what is started in the background is deaf to it otherwise
    own = {**os.environ, "PYTHONPATH": str(tree), **environ}
    with subprocess.Popen(command, cwd=tree, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        told = _told(running, until)
    if running.returncode not in (0, FAILED) or (running.returncode and environ["FIGURES"] == "full"):
        sys.stderr.write(told[-5000:])
    return running.returncode


def _told(running: subprocess.Popen[bytes], until: float) -> str:
    """Wait until then for a run of tests; past it, have it end what it started and leave. Return what it printed."""
    try:
        return running.communicate(timeout=max(0, until - time.monotonic()))[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
    try:
        told = running.communicate(timeout=LEAVING)[0]
    except subprocess.TimeoutExpired:
        running.kill()
        told = running.communicate()[0]
    return told.decode("utf-8", "replace") + "\nstopped: its minutes are over\n"


def _copy(copy: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def _counted(passed: dict[str, dict[str, float]]) -> dict[str, float]:
    """Sum what the tests recorded, by name; of what was slowest, keep the slowest."""
    found: Counter[str] = Counter()
    for name, value in (each for recorded in passed.values() for each in recorded.items()):
        found[name] = max(found[name], value) if name.startswith("slowest") else found[name] + value  # type: ignore[assignment]
    return {name: int(value) if value == int(value) else value for name, value in found.items()}


def _write(promise: Promise, known: dict[str, Any]) -> None:
    """Write the promise's line of the report."""
    counted = ", ".join(f"{amount:,} {name}".replace(",", " ") for name, amount in _counted(known["passed"]).items())
    caught = ", ".join(known["caught"])
    day = datetime.now(UTC).date().isoformat()
    what = f"{counted or 'all cases'}; {known['minutes']:g} min"
    line = f"| `{promise.name}` | {promise.sentence} | {what} | {day} | {known['commit']} | {caught} |"
    text = REPORT.read_text()
    REPORT.write_text(re.sub(rf"^\| `{promise.name}` \|.*$", lambda _: line, text, flags=re.MULTILINE))


def _remember(done: dict[str, Any]) -> None:
    DONE.parent.mkdir(exist_ok=True)
    DONE.write_text(json.dumps(done, indent=1, ensure_ascii=False))


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
