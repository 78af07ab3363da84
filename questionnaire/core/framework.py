"""The framework as a whole: typed values that nothing can change, and how to look a part up by its id.

The attributes are the keys of the file (FRAMEWORK.md, section 1); `from` is written `from_`. What holds between distant
parts of a file is checked in `checking`, before these objects are made.
"""

from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from questionnaire.core.dimensions import Citation, Criterion, Dimension, Question, Recommendation
from questionnaire.core.profile import FirstLook, FirstLookQuestion, Option, ProfileQuestion, Rule
from questionnaire.core.shapes import Condition, Count, LevelNumber, Part, Percent, Table, Url

__all__ = [
    "Benchmark",
    "Citation",
    "Condition",
    "Criterion",
    "Dimension",
    "Effort",
    "FirstLook",
    "FirstLookQuestion",
    "Framework",
    "Header",
    "Horizon",
    "Level",
    "Option",
    "PlanRules",
    "ProfileQuestion",
    "Question",
    "Recommendation",
    "Resource",
    "Rule",
    "Scale",
    "Scoring",
    "Source",
    "SpecialAnswer",
    "Stage",
]


class Header(Part):
    """What the framework is, in its own words; `id` and `version` name it for ever."""

    id: Annotated[str, Field(pattern=r"^[^\s@]+$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
    language: str
    title: str
    purpose: str
    status: str
    is_not: tuple[str, ...]
    duration: str
    legal_notice: str


class Level(Part):
    """One of the four levels of the scale."""

    level: LevelNumber
    label: str
    meaning: str


class SpecialAnswer(Part):
    """« Je ne sais pas » or « Non concerné », and what it does to the result."""

    label: str
    effect: str


class Scale(Part):
    """The four levels and the two answers that are no level."""

    levels: Annotated[tuple[Level, ...], Field(min_length=4, max_length=4)]
    unknown: SpecialAnswer
    not_applicable: SpecialAnswer

    def level(self, number: int) -> Level:
        """Return the level with this number."""
        return next(level for level in self.levels if level.level == number)


class Stage(Part):
    """A stage in words, from an exact score (included) up to the next one."""

    from_: Percent = Field(alias="from")
    label: str


class Scoring(Part):
    """Shares above which a score is fragile, hidden, or the questionnaire a poor fit; the cap of essential criteria."""

    fragile_above: Percent
    hidden_above: Percent
    poor_fit_above: Percent
    essential_cap: str


class Effort(Part):
    """How much work an action takes; `cost` divides its priority."""

    id: str
    label: str
    meaning: str
    cost: Annotated[int, Field(ge=1, le=3)]


class Horizon(Part):
    """When an action can be done."""

    id: str
    label: str


class PlanRules(Part):
    """How many actions a plan holds, and what a quick one is."""

    max_actions: Count
    max_actions_small: Count
    max_per_dimension: Count
    quick_horizon: str
    small_when: Condition
    efforts: Annotated[tuple[Effort, ...], Field(min_length=1)]
    horizons: Annotated[tuple[Horizon, ...], Field(min_length=1)]

    def effort(self, name: str) -> Effort:
        """Return the effort with this id."""
        return next(effort for effort in self.efforts if effort.id == name)

    def horizon(self, name: str) -> Horizon:
        """Return the horizon with this id."""
        return next(horizon for horizon in self.horizons if horizon.id == name)


class Resource(Part):
    """Where to find help; shown only in its regions, if it has some."""

    id: str
    name: str
    purpose: str
    url: Url | None = None
    regions: tuple[str, ...] = ()
    replaces: str | None = None


class Benchmark(Part):
    """A published figure, with its year, its base and where it comes from."""

    id: str
    value: str
    text: str
    year: int
    base: str
    source: str | None = None
    url: Url | None = None
    regions: tuple[str, ...] = ()
    caution: str | None = None


class Source(Part):
    """A publication the framework draws on."""

    title: str
    author: str | None = None
    year: int | None = None
    pages: int | None = None
    url: Url | None = None


class Framework(Part):
    """A whole framework. `sha256` is that of the file's bytes: with `id` and `version` it pins an assessment."""

    header: Header = Field(alias="framework")
    scale: Scale
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    scoring: Scoring
    plan: PlanRules
    profile: tuple[ProfileQuestion, ...]
    rules: tuple[Rule, ...]
    first_look: FirstLook
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]
    resources: tuple[Resource, ...]
    benchmarks: tuple[Benchmark, ...]
    sources: Table[str, Source]
    _sha256: str = PrivateAttr(default="")

    def model_post_init(self, context: Any) -> None:
        """Keep the hash that `loading` computed."""
        self._sha256 = (context or {}).get("sha256", "")

    def __hash__(self) -> int:
        """Let what is made of a framework be kept beside it."""
        return hash(self._sha256)

    @property
    def id(self) -> str:
        """The framework's name for programs."""
        return self.header.id

    @property
    def version(self) -> str:
        """Three numbers; a published version never changes."""
        return self.header.version

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file's bytes, in hexadecimal."""
        return self._sha256

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion, in framework order."""
        return tuple(criterion for dimension in self.dimensions for criterion in dimension.criteria)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every scored question, in framework order."""
        return tuple(question for criterion in self.criteria for question in criterion.questions)

    def dimension(self, name: str) -> Dimension:
        """Return the dimension with this id, or raise KeyError (as every look-up here)."""
        return self._dimensions[name]

    def criterion(self, name: str) -> Criterion:
        """Return the criterion with this id."""
        return self._criteria[name]

    def question(self, name: str) -> Question:
        """Return the scored question with this id."""
        return self._questions[name]

    def profile_question(self, name: str) -> ProfileQuestion:
        """Return the profile question with this id."""
        return self._profile[name]

    def rule(self, name: str) -> Rule:
        """Return the rule with this id."""
        return self._rules[name]

    def resource(self, name: str) -> Resource:
        """Return the resource with this id."""
        return self._resources[name]

    def source(self, ref: str) -> Source:
        """Return the source with this reference."""
        return self.sources[ref]

    def dimension_of(self, criterion_id: str) -> Dimension:
        """Return the dimension that holds this criterion."""
        return self._dimension_of[criterion_id]

    def criterion_of(self, question_id: str) -> Criterion:
        """Return the criterion that holds this question."""
        return self._criterion_of[question_id]

    @cached_property
    def _dimensions(self) -> dict[str, Dimension]:
        return {dimension.id: dimension for dimension in self.dimensions}

    @cached_property
    def _criteria(self) -> dict[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _profile(self) -> dict[str, ProfileQuestion]:
        return {question.id: question for question in self.profile}

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _resources(self) -> dict[str, Resource]:
        return {resource.id: resource for resource in self.resources}

    @cached_property
    def _dimension_of(self) -> dict[str, Dimension]:
        return {criterion.id: dimension for dimension in self.dimensions for criterion in dimension.criteria}

    @cached_property
    def _criterion_of(self) -> dict[str, Criterion]:
        return {question.id: criterion for criterion in self.criteria for question in criterion.questions}
