"""Whole questionnaires, ours against the same in Django with django-formtools and in oTree, in turn in one run.

Start, profile, six pages, check, send; the tokens on. Each page must say its questions, a form without its token must
be refused, and what is kept must be what was sent; else no time is printed. One process a side; ours syncs each save to
the disk, Django's does not, oTree's database lies in memory.

    .venv/bin/python -m benchmarks.wizard [--rounds 40] [--without oTree]
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.browsing import Browser, Page, Wrong
from benchmarks.questions import Answers, as_data, drawn_answers
from benchmarks.servers import Django, OTree, Ours, Side, install_peers
from questionnaire.core.loading import published

FRAMEWORK = published().newest("faire-alliance")
WARM_UP = 2


@dataclass
class Measured:
    """What one side took: the seconds of each request, and of processor for each questionnaire."""

    requests: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    sent: dict[str, Answers] = field(default_factory=dict)

    @property
    def slowest(self) -> float:
        """The 99th percentile of a request."""
        return statistics.quantiles(self.requests, n=100)[98]


def fill(side: Side, name: str, answers: Answers, *, forge: bool = False) -> list[float]:
    """Fill in a whole questionnaire as a new visitor; return the seconds of each request. Raises Wrong."""
    browser = Browser(side.port)
    named = list(zip(side.first_fields, (name, ""), strict=True))
    page = browser.open(side.first)
    if forge and not browser.refuses_forged(page, named):
        raise Wrong(f"{side.name} takes a form without its token")
    url = browser.sent(page, named)
    if (place := side.before_pages(url)) != url:
        browser.open(url)
    for asked in side.pages:
        page = browser.open(place)
        refuse_silent(side, page, [asked])
        fields = side.fields(asked["id"], answers[asked["id"]])
        if forge and not browser.refuses_forged(page, fields):
            raise Wrong(f"{side.name} takes a page without its token")
        place = browser.sent(page, fields)
    page = browser.open(place)
    refuse_silent(side, page, side.pages)
    last = browser.sent(page, [])
    if not isinstance(side, Ours):  # ours has kept all by now, and shows a whole result where the others say thank you
        browser.open(last)
    browser.close()
    return browser.seconds


def refuse_silent(side: Side, page: Page, asked: list[dict[str, object]]) -> None:
    """Raise Wrong if the page does not say each question it asks."""
    lacking = [each["text"] for part in asked for each in part["questions"] if each["text"] not in page.words]  # type: ignore[attr-defined]
    if lacking:
        raise Wrong(f"{side.name}, {page.url}: {len(lacking)} questions lack, {lacking[0]}")


def refuse_lost(side: Side, sent: dict[str, Answers]) -> None:
    """Raise Wrong if what is kept is not what was sent."""
    for name, answers in sent.items():
        kept, expected = side.kept(name), side.expected(answers)
        if kept != expected:
            differs = sorted(each for each in {*kept, *expected} if kept.get(each) != expected.get(each))
            raise Wrong(f"{side.name}: {len(differs)} fields differ, {differs[:5]}")


def turn(side: Side, measured: Measured, seed: str) -> None:
    """Measure one questionnaire."""
    answers, name = drawn_answers(FRAMEWORK, random.Random(seed)), f"Les Jardins {uuid.uuid4()}"
    before = side.processor()
    seconds = fill(side, name, answers)
    measured.processor.append(side.processor() - before)
    measured.requests += seconds
    measured.whole.append(sum(seconds))
    measured.sent[name] = answers
    if not isinstance(side, OTree):
        refuse_lost(side, {name: answers})


def run(sides: list[Side], rounds: int) -> dict[str, Measured]:
    """Warm up and forge, then measure in turn, each round beginning with another side."""
    for side in sides:
        side.expect(rounds + WARM_UP)
        for number in range(WARM_UP):
            fill(side, f"Avant {number}", drawn_answers(FRAMEWORK, random.Random(number)), forge=side.checks_tokens)
    measured = {side.name: Measured() for side in sides}
    for number in range(rounds):
        start = number % len(sides)
        for side in sides[start:] + sides[:start]:
            turn(side, measured[side.name], f"round {number}")
    for side in sides:
        side.stop()
        refuse_lost(side, measured[side.name].sent)
    return measured


def main() -> None:
    """Measure and print, each figure beside ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--without", choices=["Django", "oTree"], action="append", default=[])
    given = parser.parse_args()
    install_peers()
    chosen = [kind for kind in (Ours, Django, OTree) if kind.name not in given.without]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        sides = [running.enter_context(kind(Path(folder, kind.name), as_data(FRAMEWORK))) for kind in chosen]
        measured = run(sides, given.rounds)
    show(measured)


def show(measured: dict[str, Measured]) -> None:
    """Print a line for each side, and how many times ours it takes."""
    ours = measured["ours"]
    print(f"{len(ours.whole)} questionnaires each, every one kept as it was sent")
    for name, each in measured.items():
        clock, used = statistics.median(each.whole), statistics.fmean(each.processor)
        print(
            f"{name:7} {clock * 1000:5.0f} ms by the clock, {used * 1000:5.0f} ms of processor a questionnaire; "
            f"a page {statistics.median(each.requests) * 1000:.1f} ms, p99 {each.slowest * 1000:.1f} ms; against ours: "
            f"{clock / statistics.median(ours.whole):.2f}, {used / statistics.fmean(ours.processor):.2f}, "
            f"p99 {each.slowest / ours.slowest:.2f}"
        )


if __name__ == "__main__":
    main()
