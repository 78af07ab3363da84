"""The part of a report with figures from elsewhere, the region's own first, and the numbered list of their sources.

A figure is never a target and never compared with an answer: nothing here reads one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaire.core.framework import Benchmark
from questionnaire.core.report_model import BenchmarkLine, Reference
from questionnaire.core.report_reading import Reading, source_line, web_address


def benchmark_lines(reading: Reading) -> tuple[BenchmarkLine, ...]:
    """Return the figures that may be shown here, each numbered to the list of sources."""
    here = [each for each in reading.framework.benchmarks if not each.regions or reading.region in each.regions]
    ordered = sorted(here, key=lambda each: not each.regions)
    known = _numbered(reference for each in ordered for reference in _cited(reading, each))
    return tuple(_line(reading, each, known) for each in ordered)


def _numbered(cited: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Reference]:
    return {
        each: Reference(number, title, url)
        for number, each in enumerate(dict.fromkeys(cited), start=1)
        for title, url in [each]
    }


def _cited(reading: Reading, benchmark: Benchmark) -> Iterator[tuple[str, str]]:
    """Yield title and address of the framework's source, then the page where the figure was read."""
    if benchmark.source:
        source = source_line(benchmark.source, reading.framework.source(benchmark.source))
        yield ", ".join(filter(None, (source.author, source.title))), source.url
    if benchmark.url:
        yield "", web_address(benchmark.url)


def _line(reading: Reading, benchmark: Benchmark, known: dict[tuple[str, str], Reference]) -> BenchmarkLine:
    return BenchmarkLine(
        id=benchmark.id,
        value=benchmark.value,
        text=benchmark.text,
        year=benchmark.year,
        base=benchmark.base,
        caution=benchmark.caution or "",
        references=tuple(known[each] for each in _cited(reading, benchmark)),
        regional=bool(benchmark.regions),
    )
