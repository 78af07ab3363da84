"""Draws the PDFs of the 200 random assessments and compares their numbers with those of the page: a quarter of an hour.

.venv/bin/python -m benchmarks.same_numbers [FIRST [LAST]]

It says each one as it goes: what was stopped begins again at the number after the last one said.
"""

from __future__ import annotations

import sys

from questionnaire import pdf
from questionnaire.editions import print_document
from tests.pdf.drawing import printed
from tests.pdf.test_same_numbers import SEEDS, decimals, random_report, words


def agrees(seed: int) -> bool:
    """Tell whether the PDF of one assessment says the numbers of its page, each as often; print which it was."""
    html = print_document(random_report(seed))
    same = decimals(printed(pdf.render(html, timeout=120), layout=True)) == decimals(words(html))
    print(f"{seed} {'same numbers' if same else 'OTHER NUMBERS'}", flush=True)
    return same


def main() -> None:
    """Compare the assessments from FIRST to LAST, both included; leave with 1 if any PDF says other numbers."""
    first, last = [*map(int, sys.argv[1:3]), *(SEEDS[0], SEEDS[-1])[len(sys.argv) - 1 :]]
    wrong = [seed for seed in SEEDS[first : last + 1] if not agrees(seed)]
    print(f"{last - first + 1} PDFs drawn and read, {len(wrong)} with other numbers than their page: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
