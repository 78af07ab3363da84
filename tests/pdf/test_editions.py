"""The report as HTML: the same words and numbers on screen, on paper and in JSON; texts isolated; no number first."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings

from questionnaire.core.answers import parse_answers
from questionnaire.core.loading import published
from questionnaire.core.report import Report, build_report
from questionnaire.editions import (
    LINES,
    address,
    day,
    exact,
    explanation_body,
    number,
    own,
    print_document,
    screen_body,
    site,
    spoke,
)
from tests.core.making import cases, loaded

FRAMEWORK = published().newest("faire-alliance")
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
OUT_OF_100 = re.compile(r"\b\d{1,3},\d\b")


def random_report(seed: int) -> Report:
    """Return the report of answers drawn at random."""
    draw = random.Random(seed)
    values: list[Any] = [1, 2, 3, 4, 1, 2, 3, 4, "unknown"]
    answers = {each.id: draw.choice(values) for each in FRAMEWORK.questions if draw.random() > 0.05}
    profile = {"department": draw.choice(["34", "35"]), "recent_partnerships": draw.choice(["none", "1-2"])}
    document = json.dumps({"framework": FRAMEWORK.id, "profile": profile, "answers": answers})
    return build_report(FRAMEWORK, parse_answers(document.encode(), FRAMEWORK)[0])


def words(html: str) -> str:
    """Return what a page says, without its drawings and tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<svg.*?</svg>", " ", html, flags=re.S)))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_any_framework_and_answers_give_well_formed_pages(case: tuple[dict[str, Any], dict[str, Any]]) -> None:
    framework = loaded(case[0])
    report = build_report(framework, parse_answers(json.dumps(case[1]).encode(), framework)[0])
    for page in (print_document(report), f"<!doctype html><title>x</title>{screen_body(report)}"):
        parser = html5lib.HTMLParser()
        parser.parse(page)
        assert not parser.errors, parser.errors[:2]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_first_screen_shows_words_and_no_number_out_of_100(path: Path) -> None:
    answers, framework = parse_answers(path.read_bytes(), published())
    first = words(screen_body(build_report(framework, answers)).split('id="reperes"')[0])
    texts = words(path.read_text())
    assert [each for each in OUT_OF_100.findall(first) if each not in texts] == []


def test_strengths_come_before_gaps() -> None:
    page = screen_body(random_report(3))
    assert page.index("Vos points") < page.index("Le plan en") < page.index("À vérifier</h3>")


def test_a_hidden_theme_shows_its_interval_and_no_score() -> None:
    answers = json.dumps({"framework": FRAMEWORK.id, "answers": {"ECO-1a": 4}}).encode()
    report = build_report(FRAMEWORK, parse_answers(answers, FRAMEWORK)[0])
    assert "à situer plus tard, entre" in words(screen_body(report))
    assert "non donnée" in words(explanation_body(report))


def test_a_first_partnership_to_come_is_said_beside_the_stage() -> None:
    document = {"framework": FRAMEWORK.id, "profile": {"recent_partnerships": "none"}, "answers": {"ECO-1a": 2}}
    report = build_report(FRAMEWORK, parse_answers(json.dumps(document).encode(), FRAMEWORK)[0])
    assert "Avant le premier partenariat" in screen_body(report)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_result_page_is_the_approved_one(path: Path, approved: Callable[[str, str], None]) -> None:
    answers, framework = parse_answers(path.read_bytes(), published())
    html = re.sub(r"\n\s*\n+", "\n", str(screen_body(build_report(framework, answers))))
    approved(f"result-{path.stem}.html", html)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (Fraction(100, 3), "33,3"), (Fraction(49, 4), "12,3"), (Fraction(1234567, 1000), "1\u202f234,6")],
)
def test_numbers_are_french_with_one_decimal_half_away_from_zero(value: Fraction | None, shown: str) -> None:
    assert number(value) == shown


def test_a_fraction_is_shown_as_it_is_kept() -> None:
    assert (exact(Fraction(100, 3)), exact(Fraction(25))) == ("100/3", "25")


def test_dates_are_in_words() -> None:
    assert (day(date(2026, 11, 23)), day(None)) == ("23 novembre 2026", "")


def test_a_text_is_escaped_and_isolated() -> None:
    assert own("<b>A</b> & B") == "<bdi>&lt;b&gt;A&lt;/b&gt; &amp; B</bdi>"


def test_lines_of_a_text_stay_lines() -> None:
    assert own("un\ndeux") == "<bdi>un<br>deux</bdi>"
    assert own("a\n" * LINES).count("<br>") == LINES - 1


def test_past_the_twentieth_line_breaks_are_signs() -> None:
    assert own("a\n" * LINES + "b\n\n <\nd").endswith("a<br>b /  &lt; / d</bdi>")


@pytest.mark.parametrize(
    ("text", "named"), [("é" * 9, False), ("e\u0301" * 9, True), ("a\u0308b\u0301" * 9, True), ("", False)]
)
def test_letters_under_accents_are_named_so_that_one_font_draws_both(text: str, named: bool) -> None:
    assert ('class="marks"' in own(text)) is named


def test_a_very_long_word_may_break_every_thirty_letters() -> None:
    assert own("x" * 61).split("\u200b") == ["<bdi>" + "x" * 30, "x" * 30, "x</bdi>"]
    assert "\u200b" not in own("x" * 30 + " " + "y" * 30)


def test_an_address_is_written_as_it_is_typed() -> None:
    assert address("https://www.example.org/page/") == "example.org/page"


def test_an_address_shows_its_accents_and_is_cut_to_its_site_when_too_long_to_type() -> None:
    assert address("https://example.org/m%C3%A9thode") == "example.org/méthode"
    assert site("https://example.org/page/") == "example.org/page"
    assert site("https://example.org/" + "x" * 40) == "example.org"


def test_the_radar_starts_upwards_and_turns_clockwise() -> None:
    assert spoke(0, 4, Fraction(100), 10) == "0.0,-10.0"
    assert spoke(1, 4, Fraction(50), 10) == "5.0,0.0"
