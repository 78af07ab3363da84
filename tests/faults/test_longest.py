"""The longest and the oddest texts in every field at once: one whole PDF, within 512 MB and three times the usual time.

How long a report takes is said beside an ordinary one, drawn in the same run: machines differ by three.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable

from questionnaire import pdf
from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published
from questionnaire.core.report import build_report
from questionnaire.core.text import LONG_TEXT, NAME
from questionnaire.editions import print_document
from tests.faults.conftest import FULL

FRAMEWORK = published().newest("faire-alliance")
SUCCESS = 1000  # letters that the profile's story holds
TEXTS = {
    "lines of one letter": "a\n",
    "lines": "pomme de terre\n",
    "one word": "m",
    "words": "mot ",
    "markup": "<b>&amp;",
    "accents laid over letters": "Z̸̧̛̪̙͓a̴l̷g̶o̵",
    "one sign that is a sentence": "ﷺ",
    "a family of emoji": "👩\u200d👩\u200d👧\u200d👦",
    "Chinese": "漢字",
    "Arabic": "مرحبا بكم ",
    "Hebrew with its points": "שָׁלוֹם ",
}
TRIED = TEXTS if FULL else {"lines": TEXTS["lines"]}
TIMES = 3  # an ordinary report's processor time
PATIENT = 60  # seconds: what is slow is told by the ratio


def filled(text: str, times: int = LONG_TEXT) -> str:
    """Return the report of an association that wrote this so many times in each field, or as much as it holds."""
    whole = text * times
    answers = {
        each.id: {"value": 1 + at % 3, "evidence": whole[:LONG_TEXT], "comment": whole[:LONG_TEXT]}
        for at, each in enumerate(FRAMEWORK.questions)
    }
    given = {
        "framework": FRAMEWORK.id,
        "association": {"name": whole.replace("\n", " ")[:NAME]},
        "profile": {"success": whole[:SUCCESS]},
        "answers": answers,
    }
    return print_document(build_report(FRAMEWORK, parse_answers(json.dumps(given).encode(), FRAMEWORK)[0]))


def processor(html: str) -> float:
    """Draw a document within the renderer's own memory; return the seconds of processor it took. Raises PdfError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pdf.render(html, timeout=PATIENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_the_longest_texts_everywhere_make_one_pdf(record_property: Callable[[str, object], None]) -> None:
    ordinary = min(processor(filled("Oui", 1)) for _ in range(2))
    took = {name: round(processor(filled(text)) / ordinary, 1) for name, text in TRIED.items()}
    record_property("slowest text (times an ordinary report)", max(took.values()))
    assert {name: times for name, times in took.items() if times > TIMES} == {}
