"""From a `Report` to HTML, for screen and paper, and from a `Framework` to the paper questionnaire.

It has its own Jinja environment. The same templates serve the result page, the PDF and a job without a web server:
nothing here may know Flask, a request or a database. It shows numbers in French and texts safely; it may not compute
a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path
from textwrap import wrap
from typing import Literal, NamedTuple
from unicodedata import category
from urllib.parse import unquote

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from questionnaire.core.first_look_report import FirstLook
from questionnaire.core.framework import Framework
from questionnaire.core.paper import build_paper
from questionnaire.core.report import Report
from questionnaire.core.report_lines import DimensionLine, Number
from questionnaire.core.scoring import shown
from questionnaire.core.what_if import WhatIf
from questionnaire.settings import Network

LOCALE = "fr"
WORD = 30
UNBROKEN = re.compile(rf"(\S{{{WORD}}})(?=\S)")
LINES = 20  # of one text that keep their breaks: each is an element, and a report holds seventy texts
NOTHING = "–"
TYPED = 34
ReportEdition = Literal["association", "advisor"]
PaperEdition = Literal["standard", "large", "fillable"]


def screen_body(report: Report, *, unfolded: bool = False) -> Markup:
    """Return the result as a fragment for a page: words first, details on demand, or all of them `unfolded`."""
    return _fragment("report/_body.html", report, unfolded=unfolded)


def explanation_body(report: Report) -> Markup:
    """Return how every number was made, as a fragment for a page."""
    return _fragment("report/_explanation.html", report)


def what_if_body(supposed: WhatIf) -> Markup:
    """Return what other levels would change, as a fragment for a page: words first, numbers folded."""
    html = environment().get_template("report/_what_if.html").render(supposed=supposed, paper=False)
    return Markup(html)  # noqa: S704 - autoescaped


def print_document(report: Report, edition: ReportEdition = "association") -> str:
    """Return the whole HTML document that `pdf.render` turns into the report's PDF.

    The advisor's edition also holds a guide to the talk.
    """
    return environment().get_template("report/print.html").render(report=report, paper=True, edition=edition)


def essentials_document(report: Report) -> str:
    """Return the essentials as a whole HTML document, one or two pages that stand alone; nothing is attached to it."""
    return _paper("report/essentials.html", report)


def first_look_body(look: FirstLook) -> Markup:
    """Return what the first look says as a fragment for a page."""
    return Markup(environment().get_template("first_look/_body.html").render(look=look, paper=False))  # noqa: S704


def first_look_document(look: FirstLook) -> str:
    """Return the whole HTML document of the first look, for one page of paper."""
    return environment().get_template("first_look/print.html").render(look=look, paper=True)


def paper_document(framework: Framework, edition: PaperEdition = "standard") -> str:
    """Return the whole HTML document of the paper questionnaire: to print, in large print, or with fields."""
    template = environment().get_template("paper/questionnaire.html")
    return template.render(paper=build_paper(framework), framework=framework, edition=edition)


@dataclass(frozen=True)
class Poster:
    """What a campaign's poster says: its name and introduction, its address with its drawing, its days in words."""

    name: str
    introduction: str
    url: str
    code: Markup
    first: str
    last: str


def poster_document(poster: Poster, network: Network) -> str:
    """Return the whole HTML document of a campaign's poster, one page of A4."""
    return environment().get_template("campaigns/poster.html").render(poster=poster, network=network)


def _paper(template: str, report: Report) -> str:
    return environment().get_template(template).render(report=report, paper=True)


def _fragment(template: str, report: Report, *, unfolded: bool = False) -> Markup:
    html = environment().get_template(template).render(report=report, paper=False, unfolded=unfolded)
    return Markup(html)  # noqa: S704 - autoescaped


def templates_folder() -> Path:
    """Return the templates: in the package once installed, beside it in a checkout."""
    installed = Path(__file__).parent / "templates"
    return installed if installed.is_dir() else installed.parent.parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of the reports: everything escaped, nothing undefined passed over."""
    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": number,
        "exact": exact,
        "day": day,
        "short_day": short_day,
        "own": own,
        "address": address,
        "site": site,
    }
    made.globals |= {"along": along, "spoke": spoke, "outline": outline, "ring": ring, "label": label}
    return made


def number(value: Number) -> str:
    """Return a number as people read it in French, one decimal: "41,2"; a dash where there is none."""
    rounded = shown(value)
    return NOTHING if rounded is None else format_decimal(rounded, format="#,##0.0", locale=LOCALE)


def exact(value: Fraction) -> str:
    """Return a fraction as it is kept: "100/3", "25"."""
    return f"{value.numerator}/{value.denominator}" if value.denominator != 1 else str(value.numerator)


def day(value: date | None) -> str:
    """Return a date in words, '' where there is none."""
    return format_date(value, "long", locale=LOCALE) if value else ""


def short_day(value: date) -> str:
    """Return a date in figures: "23/11/2026"."""
    return format_date(value, "dd/MM/yyyy", locale=LOCALE)


def own(text: str) -> Markup:
    """Return a user's text, isolated from what surrounds it, with a chance to break in every very long word.

    For display only: a word of thousands of letters, or thousands of lines, keep the PDF renderer busy for long. The
    breaks of a text past its twentieth line are shown as « / ». What is full of accents laid over letters has a class
    of its own, so that letters and accents come from one font.
    """
    lines = text.splitlines()
    if len(lines) > LINES:
        lines = [*lines[:LINES], " / ".join(filter(str.strip, lines[LINES:]))]
    shown = Markup("<br>").join(UNBROKEN.sub("\\1\u200b", line) for line in lines)
    return Markup('<bdi class="marks">{}</bdi>' if _full_of_marks(text) else "<bdi>{}</bdi>").format(shown)  # noqa: S704


def _full_of_marks(text: str) -> bool:
    return sum(category(each) in ("Mn", "Me") for each in text) > len(text) / 5


def address(url: str) -> str:
    """Return a web address as it is read and typed from paper, its accents as letters."""
    return unquote(url).removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def site(url: str) -> str:
    """Return the address if it is short enough to be typed, else the site alone."""
    whole = address(url)
    return whole if len(whole) <= TYPED else whole.partition("/")[0]


def along(value: Number, length: float) -> str:
    """Return where a number out of 100 stands on a line of that length, for a drawing."""
    return f"{float(value or 0) * length / 100:.1f}"


def spoke(index: int, count: int, value: Number, radius: float) -> str:
    """Return "x,y" of a number out of 100 on one of the radar's axes, the first one upwards."""
    angle = 2 * pi * index / count - pi / 2
    reach = float(value or 0) * radius / 100
    return f"{reach * cos(angle):.1f},{reach * sin(angle):.1f}"


def ring(count: int, value: float, radius: float) -> str:
    """Return the points of one of the radar's rings."""
    return " ".join(spoke(index, count, Fraction(value), radius) for index in range(count))


def outline(dimensions: tuple[DimensionLine, ...], radius: float) -> Iterator[str]:
    """Return the points of each side of the radar's shape; none next to a dimension without a score."""
    count = len(dimensions)
    scores = [each.score for each in dimensions]
    corners = [None if score is None else spoke(at, count, score, radius) for at, score in enumerate(scores)]
    return (f"{start} {end}" for start, end in pairwise([*corners, corners[0]]) if start and end)


class Label(NamedTuple):
    """Where and how the name of an axis is written: a point, an anchor and short lines."""

    x: float
    y: float
    anchor: str
    lines: list[str]


def label(title: str, index: int, count: int, radius: float) -> Label:
    """Return the place of an axis' name, outside the outer ring, in lines of about sixteen letters."""
    x, y = (float(part) for part in spoke(index, count, Fraction(112), radius).split(","))
    lines = wrap(title, 17)
    lift = 12 * (len(lines) - 1) * (0.5 - y / (2.2 * radius))
    return Label(x, round(y + 4 - lift, 1), "middle" if abs(x) < 1 else "start" if x > 0 else "end", lines)
