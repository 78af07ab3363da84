"""Every small change that mutmut makes to `questionnaire/core/` is a mistake that the tests of the core must tell.

mutmut (its settings stand in pyproject.toml) keeps in mutants/ what it tried, so that a run which was not through is
gone on with. `script/campaign arithmetic` lets it try; `script/test` only reads what it would print, of a sample.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.faults.conftest import FULL
from tests.faults.promises import ROOT

MUTMUT = Path(sys.executable).with_name("mutmut")
KEPT = ROOT / "mutants"
MINUTES = 12  # of mutmut at a time: the promise has a quarter of an hour
ENOUGH, ENOUGH_OF_ONE = 90, 85  # percent caught, of all changes and of one module's
CAUGHT = ("killed", "timeout")  # a change that makes the tests go round for ever is seen
LINE = re.compile(r"^ +questionnaire\.core\.([\w.]+)\.x\S+: (.+)$", re.MULTILINE)

SAMPLE = "".join(
    f"    questionnaire.core.{module}.{function}__mutmut_{number}: {end}\n"
    for module, function, ends in (
        ("gain", "x_gain_of", ["killed"] * 19 + ["survived"]),
        ("loading.document", "xǁ_Builderǁ_value", ["killed"] * 8 + ["timeout"] + ["no tests"]),
    )
    for number, end in enumerate(ends, 1)
)


def counted(printed: str) -> dict[str, Counter[str]]:
    """Return how many changes of each module came to which end, from what `mutmut results` printed."""
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    for module, end in LINE.findall(printed):
        ends[module][end] += 1
    return ends


def caught(ends: Counter[str]) -> float:
    """Return how many percent of some changes were caught."""
    return round(100 * sum(ends[each] for each in CAUGHT) / ends.total(), 1)


def complaints(ends: dict[str, Counter[str]]) -> list[str]:
    """Return what does not hold: changes that were not tried, too few caught, in all or in a module."""
    everything = sum(ends.values(), Counter[str]())
    if left := everything["not checked"]:
        return [f"{left} changes are not tried yet: run it again, with --resume"]
    weak = [f"{name}: {caught(each)} %" for name, each in ends.items() if caught(each) < ENOUGH_OF_ONE]
    return weak + ([f"all: {caught(everything)} %"] if caught(everything) < ENOUGH else [])


def tried() -> str:
    """Let mutmut try, for a while, what these tests have not been tried on; return what it tells of every change."""
    _forget_other_tests()
    subprocess.run(
        ["timeout", "--signal=INT", f"{MINUTES}m", MUTMUT, "run"], cwd=ROOT, capture_output=True, check=False
    )
    told = subprocess.run([MUTMUT, "results", "--all", "true"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout


def _forget_other_tests() -> None:
    """Begin anew unless what is kept was tried with the tests of now: mutmut itself looks at the code alone."""
    tests = sha256(b"".join(path.read_bytes() for path in sorted((ROOT / "tests/core").glob("*.py")))).hexdigest()
    mark = KEPT / "tests.sha256"
    if not mark.exists() or mark.read_text() != tests:
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir()
        mark.write_text(tests)


@pytest.mark.timeout(15 * 60)
def test_nine_changes_in_ten_are_caught_and_in_no_module_much_fewer(
    record_property: Callable[[str, object], None],
) -> None:
    ends = counted(tried() if FULL else SAMPLE)
    everything = sum(ends.values(), Counter[str]())
    record_property("changes", everything.total())
    record_property("% caught", caught(everything))
    assert complaints(ends) == []


def test_the_ends_of_changes_are_counted_module_by_module() -> None:
    assert counted(f"⠋ Running\n{SAMPLE}") == {
        "gain": Counter(killed=19, survived=1),
        "loading.document": Counter({"killed": 8, "timeout": 1, "no tests": 1}),
    }


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ({"gain": Counter({"killed": 100, "not checked": 3})}, ["3 changes are not tried yet"]),
        ({"gain": Counter(killed=89, survived=11)}, ["all: 89.0 %"]),
        ({"gain": Counter(killed=900), "plan": Counter(killed=84, survived=16)}, ["plan: 84.0 %"]),
        ({"gain": Counter(killed=900), "plan": Counter(killed=84, timeout=1, survived=15)}, []),
        ({"gain": Counter({"killed": 80, "no tests": 20})}, ["gain: 80.0 %", "all: 80.0 %"]),
    ],
)
def test_what_is_not_caught_or_not_tried_is_told(ends: dict[str, Counter[str]], told: list[str]) -> None:
    found = complaints(ends)
    assert len(found) == len(told)
    assert all(each.startswith(words) for each, words in zip(found, told, strict=True))
