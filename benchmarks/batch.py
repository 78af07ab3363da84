"""A folder of answers files scored by one command, against one command for each file.

Both in turn, in the same run: 1,000 files drawn from the examples by one `questionnaire score --batch`, and a few of
them one by one. It stops when a result differs. By the clock on a quiet machine; processor time moves less on others.

    .venv/bin/python -m benchmarks.batch [--files 1000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("questionnaire")), "score"]
EXAMPLES = Path(__file__).parents[1] / "examples"
ALONE = 10  # files scored one by one in each round


def a_folder(folder: Path, files: int) -> list[Path]:
    """Write `files` answers files: the examples, with levels drawn again."""
    drawn = random.Random(files)
    models = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.json"))]
    for number in range(files):
        document = json.loads(models[number % len(models)])
        for answer in document["answers"].values():
            if isinstance(answer, dict) and isinstance(answer["value"], int):
                answer["value"] = drawn.randint(1, 4)
        (folder / f"{number:06}.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return sorted(folder.iterdir())


def processor() -> float:
    """Return the seconds of processor that ended children have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of(*arguments: object) -> tuple[float, float, bytes]:
    """Return how long the command took, by the clock and of processor, and what it printed."""
    started, used = time.perf_counter(), processor()
    done = subprocess.run([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - started, processor() - used, done.stdout


def one_round(folder: Path, files: list[Path]) -> tuple[float, float, float]:
    """Return files a second: together, alone, of processor. Raises SystemExit where a result differs."""
    together, used, printed = seconds_of("--batch", folder)
    lines = [json.loads(line) for line in printed.splitlines()]
    if [line["file"] for line in lines] != [path.name for path in files]:
        raise SystemExit("Some file has no result: no time is printed.")
    alone = 0.0
    for path, line in list(zip(files, lines, strict=True))[:: max(1, len(files) // ALONE)]:
        took, _, result = seconds_of(path)
        alone += took / ALONE
        if json.loads(result) != line["result"]:
            raise SystemExit(f"{path.name} has another result alone: no time is printed.")
    return len(files) / together, 1 / alone, len(files) / used


def main() -> None:
    """Print files a second, the median of the rounds, and the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--files", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=5)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        files = a_folder(Path(name), asked.files)
        rounds = [one_round(Path(name), files) for _ in range(asked.rounds)]
    together, alone, for_each = (statistics.median(each) for each in zip(*rounds, strict=True))
    print(f"{asked.files} files, {asked.rounds} rounds: {together:.0f} files a second by one command")
    print(f"one by one: {alone:.1f} files a second; ratio {together / alone:.0f}")
    print(f"{for_each:.0f} files for a second of processor, the start of Python included")


if __name__ == "__main__":
    main()
