"""Draws the PDFs of all 200 random assessments and compares their numbers with those of the page: a quarter of an hour.

.venv/bin/python -m benchmarks.same_numbers [HOW_MANY]
"""

from __future__ import annotations

import sys

from questionnaire import pdf
from questionnaire.editions import print_document
from tests.pdf.test_same_numbers import SEEDS, decimals, printed, random_report, words


def main() -> None:
    """Print how many PDFs say other numbers than their page, or the same less often; leave with 1 if any does."""
    seeds = SEEDS[: int(sys.argv[1])] if len(sys.argv) > 1 else SEEDS
    wrong = []
    for seed in seeds:
        html = print_document(random_report(seed))
        if decimals(printed(pdf.render(html, timeout=120))) != decimals(words(html)):
            wrong.append(seed)
    print(f"{len(seeds)} PDFs drawn and read, {len(wrong)} with other numbers than their page: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
