"""The report's PDF against plain WeasyPrint on a frozen page of the same content, and against other programs.

Each way is a whole process from HTML (or text) to a file, taken in turn, round after round; the median counts. A result
that lacks a word, or an element of the structure, gets no time: the program stops and says what is wrong.

    .venv/bin/python -m benchmarks.report [--rounds 5]      compare
    .venv/bin/python -m benchmarks.report --freeze          renew the frozen pages, when the report's words changed
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import checking

HERE = Path(__file__).parent / "baseline"
OURS, PLAIN = HERE / "ours.html", HERE / "plain.html"
STATIC = Path(__file__).parents[1] / "questionnaire" / "static"
SHEETS = ("tokens.css", "fonts.css", "report.css", "print.css", "sheets.css")
DAY = date(2026, 11, 29)  # on which the legal figures are shown
EXAMPLE = Path(__file__).parents[1] / "examples" / "cafe-associatif-rural.json"
FIXED = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "TZ": "UTC"}


@dataclass(frozen=True)
class Way:
    """A program that makes the file: its command, and the document it reads on its standard input, if it does."""

    name: str
    command: tuple[str, ...]
    document: Path | None = None
    structured: bool = False  # whether it must hold the page's elements


def ways(out: Path) -> list[Way]:
    """Return every way this machine has; the file to write is `out`, or the standard output."""
    python = (sys.executable, "-P", "-m")
    found = [
        Way("ours", (*python, "questionnaire.pdf", "512", "100"), OURS, structured=True),
        Way("weasyprint", (sys.executable, "-m", "benchmarks.plain", str(PLAIN), str(out)), structured=True),
    ]
    if chromium := shutil.which("chromium"):
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--virtual-time-budget=9000")
        found.append(Way("chromium", (chromium, *flags, f"--print-to-pdf={out}", PLAIN.as_uri())))
    horizon = (sys.executable, "-m", "benchmarks.horizon")
    here = [name for name in ("typst", "reportlab") if _is_here(name)]
    return [*found, *(Way(name, (*horizon, name, str(PLAIN), str(out))) for name in here)]


def _is_here(name: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def run(way: Way, out: Path) -> tuple[float, float]:
    """Make the file and return the seconds it took: of the processor, and by the clock."""
    out.unlink(missing_ok=True)
    before, began = os.times(), time.monotonic()
    given = way.document.read_bytes() if way.document else None
    done = subprocess.run(way.command, input=given, capture_output=True, check=True, env=os.environ | FIXED)
    after, ended = os.times(), time.monotonic()
    if way.document:
        out.write_bytes(done.stdout)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, ended - began


def measure(rounds: int, folder: Path) -> dict[str, list[tuple[float, float]]]:
    """Take every way in turn, check the first result of each, and return the seconds of all rounds."""
    out = folder / "out.pdf"
    found: dict[str, list[tuple[float, float]]] = {}
    said, structure = checking.words(PLAIN.read_text()), checking.expected_elements(PLAIN.read_text())
    for round_ in range(rounds):
        for way in sorted(ways(out), key=lambda way: way.name != "weasyprint"):
            found.setdefault(way.name, []).append(run(way, out))
            if round_ == 0:
                checking.refuse_wrong(way.name, out.read_bytes(), said, structure if way.structured else None)
                shutil.copy(out, folder / f"{way.name}.pdf")
    return found


def freeze() -> None:
    """Write the two pages anew: ours as it is printed, and the same words under the plain style."""
    from questionnaire.core.answers import parse_answers
    from questionnaire.core.loading import published, published_companions, published_directory
    from questionnaire.core.report import Around, build_report
    from questionnaire.editions import print_document

    answers, framework = parse_answers(EXAMPLE.read_bytes(), published())
    around = Around(published_directory(), companions=published_companions().on(DAY))
    html = print_document(build_report(framework, answers, around=around))
    style = "\n".join((STATIC / name).read_text() for name in SHEETS) + (HERE / "plain.css").read_text()
    links = [f'<link rel="stylesheet" href="asset:///{name}">' for name in SHEETS]
    for link in links:
        html = html.replace(link, "")
    style = style.replace('url("', 'url("../../questionnaire/static/')
    PLAIN.write_text(html.replace("</head>", f"<style>{style}</style></head>"))
    OURS.write_text(html.replace("</head>", "".join(links) + "</head>"))


def main() -> None:
    """Print one line a way: the median seconds, and how many times plain WeasyPrint's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--freeze", action="store_true")
    parser.add_argument("--keep", type=Path, default=Path("/tmp/benchmark-report"), help="where the files are left")
    given = parser.parse_args()
    if given.freeze:
        freeze()
        return
    given.keep.mkdir(parents=True, exist_ok=True)
    found = measure(given.rounds, given.keep)
    base = statistics.median(used for used, _ in found["weasyprint"])
    print(f"{'way':<12}{'processor':>11}{'clock':>9}{'ratio':>8}   median of {given.rounds}, in turn")
    for name, seconds in found.items():
        used = statistics.median(each[0] for each in seconds)
        clock = statistics.median(each[1] for each in seconds)
        print(f"{name:<12}{used:>9.2f} s{clock:>7.2f} s{used / base:>8.2f}")


if __name__ == "__main__":
    main()
