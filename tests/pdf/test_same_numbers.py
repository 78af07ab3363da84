"""The same numbers on screen, on paper, in JSON and in the table, for 200 random assessments.

Drawing 200 whole PDFs takes a quarter of an hour: here the printed HTML is read for all, and the PDF's own text for
two of them. `benchmarks/same_numbers.py` draws them all.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections import Counter
from typing import Any

import html5lib
import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published
from questionnaire.core.report import Report, build_report
from questionnaire.editions import explanation_body, print_document
from questionnaire.spreadsheets.result import result_sheet
from questionnaire.spreadsheets.writing import csv_file
from tests.pdf.drawing import drawn, printed

FRAMEWORK = published().newest("faire-alliance")
SEEDS = range(200)
DECIMAL = re.compile(r"\d+,\d(?!\d)")
Numbers = dict[tuple[str, str], str]
WHOLE = ("score", "low", "high", "unknown_share")


def random_report(seed: int) -> Report:
    """Return the report of valid answers drawn at random: every state, rules that fire, themes that hide."""
    draw = random.Random(seed)
    ignorance = draw.choice([0.02, 0.1, 0.5])
    answers: dict[str, Any] = {}
    for question in FRAMEWORK.questions:
        if draw.random() > 0.05:
            answers[question.id] = "unknown" if draw.random() < ignorance else draw.randint(1, 4)
            if question.not_applicable and draw.random() < 0.2:
                answers[question.id] = {"value": "not_applicable", "reason": "Sans objet ici."}
    profile = {"department": draw.choice(["34", "35"]), "recent_partnerships": draw.choice(["none", "1-2"])}
    document = json.dumps({"framework": FRAMEWORK.id, "profile": profile, "answers": answers})
    return build_report(FRAMEWORK, parse_answers(document.encode(), FRAMEWORK)[0])


def french(value: float | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


def in_json(report: Report) -> Numbers:
    """Every number of the result document, by what it is about."""
    result = json.loads(report.result_json)
    found = {("Ensemble", name): french(result["overall"][name]) for name in WHOLE}
    for dimension in result["dimensions"]:
        found |= {
            (dimension["id"], name): french(dimension[name]) for name in ("score", "low", "high", "unknown_share")
        }
        for criterion in dimension["criteria"]:
            found |= {(criterion["id"], name): french(criterion[name]) for name in ("score", "low", "high")}
            found |= {(each["id"], "score"): french(each["points"]) for each in criterion["questions"]}
    found |= {(f"{each['criterion']} {each['level']}", "gain"): french(each["gain"]) for each in actions(result)}
    return found


def actions(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [*result["plan"], *result["later"]]


def in_table(report: Report) -> Numbers:
    """Every number of the CSV file, as a French spreadsheet reads it."""
    text = csv_file(result_sheet(report)).decode("utf-8-sig")
    found: Numbers = {}
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";"):
        about = row["Code"] or row["Quoi"]
        if row["Quoi"] in ("Action", "Plus tard"):
            found[f"{row['Code']} {row['Niveau']}", "gain"] = row["Gain (points)"]
        elif row["Quoi"] != "Association":
            found[about, "score"] = row["Points (sur 100)"]
            if row["Quoi"] != "Question":
                found |= {(about, "low"): row["Au plus bas"], (about, "high"): row["Au plus haut"]}
            if row["Quoi"] in ("Ensemble", "Thème"):
                found[about, "unknown_share"] = row["Part inconnue (%)"]
    return found


def tables(html: str) -> list[list[list[str]]]:
    """The cells of each table of numbers, as they are read."""
    tree = html5lib.parse(html[html.index('id="calcul"') :], namespaceHTMLElements=False)
    found = [each for each in tree.iter("table") if each.get("class") == "numbers"]
    rows = [[list(row) for row in table.iter("tr")][1:] for table in found]
    return [[[read("".join(cell.itertext())) for cell in row] for row in table] for table in rows]


def in_html(html: str) -> Numbers:
    """Every number of the explanation, on screen or on paper, by what it is about."""
    overall, *dimensions = tables(html)
    found: Numbers = {}
    for dimension, (_, score, interval, share) in zip([*FRAMEWORK.dimensions, None], overall, strict=True):
        about = dimension.id if dimension else "Ensemble"
        found |= {(about, "score"): plain(score), (about, "unknown_share"): plain(share), **between(about, interval)}
    for dimension, rows in zip(FRAMEWORK.dimensions, dimensions, strict=False):
        found |= _criteria(rows, {read(each.title): each.id for each in dimension.criteria})
    for row in dimensions[len(FRAMEWORK.dimensions)] if len(dimensions) > len(FRAMEWORK.dimensions) else []:
        found[row[0].partition(". ")[2], "gain"] = plain(row[2])
    return found


def _criteria(rows: list[list[str]], names: dict[str, str]) -> Numbers:
    found: Numbers = {}
    for title, _, points, interval in rows:
        question, is_question, _ = title.partition(" · ")
        about = question if is_question else names[title.removesuffix(" (base essentielle)")]
        found[about, "score"] = plain(points)
        if not is_question:
            found |= between(about, interval)
    return found


def read(text: str) -> str:
    """A text with its spaces alike."""
    return " ".join(text.split())


def plain(text: str) -> str:
    number = text.removesuffix("%").strip()
    return "" if number in ("–", "non donnée") else number


def between(about: str, interval: str) -> Numbers:
    low, _, high = interval.partition(" à ")
    return {(about, "low"): plain(low), (about, "high"): plain(high)}


def named(numbers: Numbers, report: Report) -> Numbers:
    """The same numbers, actions called as the pages call them."""
    titles = {f"{each.criterion.id} {each.level.level}": read(each.action) for each in (*report.plan, *report.later)}
    return {(titles.get(about, about), what): value for (about, what), value in numbers.items()}


def decimals(text: str) -> Counter[str]:
    return Counter(DECIMAL.findall(text))


def words(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", re.sub(r"<(svg|head).*?</\1>", " ", html, flags=re.S))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_numbers_stand_on_screen_on_paper_in_json_and_in_the_table(seed: int) -> None:
    report = random_report(seed)
    expected = in_json(report)
    assert in_table(report) == expected
    assert in_html(str(explanation_body(report))) == named(expected, report)
    assert in_html(print_document(report)) == named(expected, report)


@pytest.mark.parametrize("seed", SEEDS[::100])
def test_the_pdf_says_the_numbers_of_its_html_each_as_often(seed: int) -> None:
    html = print_document(random_report(seed))
    assert decimals(printed(drawn(html), layout=True)) == decimals(words(html))


def test_a_number_that_differs_by_a_tenth_would_be_seen() -> None:
    report = random_report(0)
    expected = in_json(report)
    about, value = next((about, value) for about, value in expected.items() if value)
    html = print_document(report)
    assert in_html(html.replace(value, value + "1")) != named(expected, report), about
    assert decimals(words(html).replace(value, "0,05")) != decimals(words(html))
