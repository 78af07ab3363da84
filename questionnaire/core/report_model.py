"""What a report is made of: the one contract between thinking and showing.

HTML, PDF and JSON read these frozen objects and nothing else, so the same number stands in all of them. This file may
hold words of the framework, exact fractions and the association's own texts; it may not hold words of the interface,
decide anything, or round anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from questionnaire.core.comparison import Comparison
from questionnaire.core.listening import HeardLine
from questionnaire.core.report_lines import Advice, DimensionLine, Flag, LevelWord, Number, QuestionLine, SourceLine
from questionnaire.core.report_sheets import CompanyPart, LegitimaciesPart, TermLine


@dataclass(frozen=True)
class Named:
    """A criterion as other parts of the report name it."""

    id: str
    title: str
    dimension_id: str
    dimension: str


@dataclass(frozen=True)
class FrameworkIdentity:
    """Which framework was answered, down to the bytes of its file."""

    id: str
    version: str
    sha256: str
    title: str
    purpose: str
    status: str
    is_not: tuple[str, ...]
    duration: str
    legal_notice: str


@dataclass(frozen=True)
class Who:
    """The association and where it acts; every text is the respondent's own, except the two place names."""

    name: str
    rna: str
    siren: str
    department: str
    region: str


@dataclass(frozen=True)
class ProfileLine:
    """A profile question with its answers in words; no answers when it was left out."""

    id: str
    text: str
    answers: tuple[str, ...]
    free_text: bool


@dataclass(frozen=True)
class StageStep:
    """One of the framework's stages, from the first to the last."""

    label: str
    from_: Fraction
    current: bool


@dataclass(frozen=True)
class Result:
    """The overall result. `score` and `stage` are None while it is hidden; the interval always stands."""

    score: Number
    raw_score: Number
    low: Number
    high: Number
    unknown_share: Number
    flag: Flag
    stage: str | None
    uncapped_stage: str | None
    capped_by: tuple[Named, ...]
    provisional: tuple[Named, ...]
    poor_fit: bool
    contexts: tuple[str, ...]
    steps: tuple[StageStep, ...]
    lowest: tuple[str, ...]


@dataclass(frozen=True)
class ResourceLine:
    """Someone or something that helps, for the association's own region."""

    id: str
    name: str
    purpose: str
    url: str
    regional: bool


@dataclass(frozen=True)
class DirectoryLine:
    """Someone or something of the directory: what for, for whom, of which kind."""

    id: str
    name: str
    purpose: str
    serves: str
    kind: str
    url: str
    regional: bool


@dataclass(frozen=True)
class DirectoryGroup:
    """Resources of the directory for one theme or one need."""

    title: str
    resources: tuple[DirectoryLine, ...]


@dataclass(frozen=True)
class DirectoryPart:
    """What the directory adds to the framework's own resources; `region` is '' when it is not known."""

    region: str
    needs: tuple[DirectoryGroup, ...]
    nearby: tuple[DirectoryLine, ...]
    themes: tuple[DirectoryGroup, ...]

    def __bool__(self) -> bool:
        """Say whether it adds anything."""
        return bool(self.needs or self.nearby or self.themes)


@dataclass(frozen=True)
class RuleLine:
    """A firing rule: its message, what it sets aside, whom it points to."""

    id: str
    message: str
    context: str
    set_aside: tuple[str, ...]
    resources: tuple[ResourceLine, ...]
    alert: Named | None


@dataclass(frozen=True)
class Point:
    """A question to look at, with its place: something to check, or to show at the talk."""

    criterion: Named
    question: QuestionLine


@dataclass(frozen=True)
class Strength:
    """A criterion to build on, with the words the association chose."""

    criterion: Named
    level: LevelWord | None
    answers: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class AlertLine:
    """An alert: the rule's own words and the criterion it concerns."""

    message: str
    criterion: Named


@dataclass(frozen=True)
class ActionSheet:
    """One action of the plan as a practical sheet. `gain` is an indication; it does not order the plan."""

    criterion: Named
    essential: bool
    level: LevelWord
    current: LevelWord | None
    action: str
    why: str
    first_steps: tuple[str, ...]
    who: tuple[str, ...]
    effort: str
    effort_meaning: str
    horizon: str
    reason: Literal["alert", "essential", "objective", "need"]
    alerts: tuple[str, ...]
    objective: str
    gain: Fraction
    resources: tuple[ResourceLine, ...]
    led_by: tuple[QuestionLine, ...]
    raised: tuple[str, ...]
    after: tuple[Named, ...]
    unlocks: tuple[Named, ...]


@dataclass(frozen=True)
class Reference:
    """Where figures come from, by its number in the list; without a title, the address alone names it."""

    number: int
    title: str
    url: str


@dataclass(frozen=True)
class BenchmarkLine:
    """A figure from elsewhere, never a target: shown with its year, base, references and caution."""

    id: str
    value: str
    text: str
    year: int
    base: str
    caution: str
    references: tuple[Reference, ...]
    regional: bool


@dataclass(frozen=True)
class DimensionPair:
    """The association's own result for a dimension and the one with the advisor's levels."""

    title: str
    own: DimensionLine
    reviewed: DimensionLine


@dataclass(frozen=True)
class ReviewPart:
    """The advisor's view: beside the association's, never in its place."""

    advisor: str
    date: date | None
    overall: Result
    dimensions: tuple[DimensionPair, ...]
    proposals: tuple[Point, ...]
    plan: tuple[ActionSheet, ...]
    plan_changes: bool
    advice: Advice | None


@dataclass(frozen=True)
class Moment:
    """One of the five moments of an hour's talk; `name` is what the pages and the store call it."""

    name: str
    minutes: int
    title: str


@dataclass(frozen=True)
class TalkGuide:
    """What an advisor leads an hour's talk with: its moments, what to build on, what to clear up, what to ask."""

    moments: tuple[Moment, ...]
    build_on: tuple[Strength, ...]
    doubts: tuple[Point, ...]
    questions: tuple[tuple[Named, str], ...]


@dataclass(frozen=True)
class Thresholds:
    """The framework's own percentages, for the page that explains the arithmetic."""

    fragile_above: Fraction
    hidden_above: Fraction
    poor_fit_above: Fraction
    essential_cap: str


@dataclass(frozen=True)
class Report:
    """All that a result page, a PDF or a JSON file may show about one set of answers."""

    framework: FrameworkIdentity
    who: Who
    date: date | None
    success: str
    profile: tuple[ProfileLine, ...]
    complete: bool
    missing: tuple[str, ...]
    scale: tuple[LevelWord, ...]
    overall: Result
    dimensions: tuple[DimensionLine, ...]
    strengths: tuple[Strength, ...]
    footholds: tuple[Strength, ...]
    alerts: tuple[AlertLine, ...]
    rules: tuple[RuleLine, ...]
    plan: tuple[ActionSheet, ...]
    later: tuple[ActionSheet, ...]
    to_check: tuple[Point, ...]
    not_seen: tuple[Point, ...]
    to_confirm: tuple[Point, ...]
    heard: tuple[HeardLine, ...]
    directory: DirectoryPart
    benchmarks: tuple[BenchmarkLine, ...]
    sources: tuple[SourceLine, ...]
    thresholds: Thresholds
    answers_json: str
    result_json: str
    talk: TalkGuide
    review: ReviewPart | None = None
    comparison: Comparison | None = None
    legitimacies: LegitimaciesPart | None = None
    company: CompanyPart | None = None
    glossary: tuple[TermLine, ...] = ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the figures from elsewhere cite, once each, in the order of their numbers."""
        cited = {each for mark in self.benchmarks for each in mark.references}
        return tuple(sorted(cited, key=lambda each: each.number))
