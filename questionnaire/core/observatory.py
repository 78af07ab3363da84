"""The observatory: which figures of a network may be published, and in what shape. None is recomputed later.

A figure stands in a *cell*: a category of a declared one-way table, for one measure. A *release* decides every cell at
once, from who counts that day and from every version published before. docs/decisions/0015-observatory.md says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from questionnaire.core.observatory_guard import Guard

Points = int  # thousandths of a point out of 100: whole numbers, so that sums are exact
Kind = Literal["mean", "share"]
Why = Literal["", "few", "complement", "guard"]

FULL = 100_000
EVERYBODY = "everybody"
TABLES = (EVERYBODY, "region", "staff")  # those that come first are served first


@dataclass(frozen=True)
class Rules:
    """What holds a figure back. Only the attack changes them, to show that each is needed."""

    fewest: int = 11
    changed: int = 11
    complement: bool = True
    guarded: bool = True
    grain: Points = 1000  # a mean is rounded to this
    share_grain: Points = 5000


RULES = Rules()


@dataclass(frozen=True)
class Measure:
    """What is counted: a mean of scores, or the share of those who said something (each value is 0 or `FULL`)."""

    id: str
    kind: Kind


@dataclass(frozen=True, order=True)
class Cell:
    """One category of one table, for one measure."""

    table: str
    category: str
    measure: str


@dataclass(frozen=True)
class Contributor:
    """An association that counts: its category in each table, its value for each measure where it has one."""

    id: str
    categories: Mapping[str, str]
    values: Mapping[str, Points]


@dataclass(frozen=True)
class Version:
    """A figure as it was published, with who made it. `count` keeps those whose value was erased since."""

    cell: Cell
    release: int
    shown: Points
    count: int
    values: Mapping[str, Points]


@dataclass(frozen=True)
class Figure:
    """What a release says of a cell: `version` is its figure, of this release or an earlier one; else `why` not."""

    cell: Cell
    version: Version | None
    why: Why = ""


def release(
    measures: Sequence[Measure],
    contributors: Sequence[Contributor],
    history: Sequence[Version],
    number: int,
    rules: Rules = RULES,
) -> tuple[Figure, ...]:
    """Return what release `number` says of every cell that has, or had, somebody in it."""
    return tuple(
        figure
        for measure in measures
        for figure in _measure(
            measure, contributors, [each for each in history if each.cell.measure == measure.id], number, rules
        )
    )


def rounded(measure: Measure, values: Iterable[Points], rules: Rules = RULES) -> Points:
    """Return the figure shown for these values: a half goes up, and a share stops at 5 and 95."""
    given = list(values)
    grain = rules.grain if measure.kind == "mean" else rules.share_grain
    nearest = (2 * sum(given) + grain * len(given)) // (2 * grain * len(given)) * grain
    return nearest if measure.kind == "mean" else min(max(nearest, grain), FULL - grain)


def bounds(measure: Measure, shown: Points, count: int, rules: Rules = RULES) -> tuple[int, int]:
    """Return twice what the sum of `count` values can be, at least and at most, for whoever reads `shown`."""
    grain = rules.grain if measure.kind == "mean" else rules.share_grain
    low, high = 2 * shown - grain, 2 * shown + grain
    if measure.kind == "share":
        low, high = (0 if shown == grain else low), (2 * FULL if shown == FULL - grain else high)
    return max(0, low) * count, min(2 * FULL, high) * count


def about(count: int) -> int:
    """Return a number of contributors as it is shown: to the nearest 5."""
    return (count + 2) // 5 * 5


def changes(values: Mapping[str, Points], before: Version) -> int:
    """Return how many joined, left or changed their value since a version was published."""
    erased = before.count - len(before.values)
    return erased + sum(values.get(each) != before.values.get(each) for each in values.keys() | before.values.keys())


def _measure(
    measure: Measure,
    contributors: Sequence[Contributor],
    history: Sequence[Version],
    number: int,
    rules: Rules,
) -> Iterator[Figure]:
    guard = Guard(20_000 if measure.kind == "mean" else FULL, FULL)
    for each in history:
        guard.add(each.values, *_slack(measure, each, rules))
    for table in TABLES:
        found = _by_category(measure, contributors, history, table)
        held = _held_back(found, rules)
        for category in sorted(found, key=lambda name: (-len(found[name]), name)):
            cell = Cell(table, category, measure.id)
            before = [each for each in history if each.cell == cell]
            yield _figure(measure, cell, found[category], before, held.get(category, ""), guard, number, rules)


def _by_category(
    measure: Measure, contributors: Sequence[Contributor], history: Sequence[Version], table: str
) -> dict[str, dict[str, Points]]:
    found: dict[str, dict[str, Points]] = {each.cell.category: {} for each in history if each.cell.table == table}
    for each in contributors:
        if measure.id in each.values and table in each.categories:
            found.setdefault(each.categories[table], {})[each.id] = each.values[measure.id]
    return found


def _held_back(found: Mapping[str, Mapping[str, Points]], rules: Rules) -> dict[str, Why]:
    """Return the categories too small to publish, and those held back so that nobody finds them by subtraction."""
    held: dict[str, Why] = {name: "few" for name, values in found.items() if len(values) < rules.fewest}
    hidden = sum(len(found[name]) for name in held)
    for name in sorted(found.keys() - held.keys(), key=lambda each: (len(found[each]), each)):
        if not rules.complement or not 0 < hidden < rules.fewest:
            break
        held[name] = "complement"
        hidden += len(found[name])
    return held


def _figure(
    measure: Measure,
    cell: Cell,
    values: Mapping[str, Points],
    before: Sequence[Version],
    held: Why,
    guard: Guard,
    number: int,
    rules: Rules,
) -> Figure:
    """Publish the cell anew if every rule lets it; else repeat its newest version, if it has one."""
    newest = max(before, key=lambda each: each.release, default=None)
    if held:
        return Figure(cell, newest, "" if newest else held)
    if any(changes(values, each) < rules.changed for each in before):
        return Figure(cell, newest)
    made = Version(cell, number, rounded(measure, values.values(), rules), len(values), values)
    slack = _slack(measure, made, rules)
    if rules.guarded and not guard.admits(values, *slack):
        return Figure(cell, newest, "" if newest else "guard")
    guard.add(values, *slack)
    return Figure(cell, made)


def _slack(measure: Measure, version: Version, rules: Rules) -> tuple[Points, Points]:
    """Return by how much the sum could be lower, and higher, under the same figure; nothing once a value is erased."""
    if version.count != len(version.values):
        return 0, 0
    low, high = bounds(measure, version.shown, version.count, rules)
    twice = 2 * sum(version.values.values())
    return (twice - low) // 2, (high - twice) // 2
