"""What a release says of a cell: its figure, an earlier one, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from questionnaire.core import observatory
from questionnaire.core.observatory import (
    EVERYBODY,
    FULL,
    Cell,
    Contributor,
    Figure,
    Measure,
    Rules,
    Version,
    about,
    bounds,
    changes,
    release,
    rounded,
)
from questionnaire.core.observatory_guard import Guard

MEAN, SHARE = Measure("score", "mean"), Measure("need", "share")
EVEN = [number * FULL // 40 for number in range(40)]


def people(values: list[int], region: str = "A", first: int = 0) -> list[Contributor]:
    where = {EVERYBODY: "all", "region": region}
    return [Contributor(f"{first + each:03}", where, {MEAN.id: value}) for each, value in enumerate(values)]


def by_category(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    return {each.cell.category: each for each in figures}


def made(figures: tuple[Figure, ...]) -> list[Version]:
    return [each.version for each in figures if each.version]


@pytest.mark.parametrize(("values", "shown"), [([0, 1000], 1000), ([0, 0, 1000], 0), ([FULL] * 12, FULL)])
def test_a_mean_is_a_whole_number_and_a_half_goes_up(values: list[int], shown: int) -> None:
    assert rounded(MEAN, values) == shown


@pytest.mark.parametrize(("said", "shown"), [(0, 5000), (1, 5000), (13, 15_000), (99, 95_000), (100, 95_000)])
def test_a_share_goes_by_five_and_never_says_nobody_or_everybody(said: int, shown: int) -> None:
    assert rounded(SHARE, [FULL] * said + [0] * (100 - said)) == shown


@pytest.mark.parametrize(
    ("measure", "shown", "ends"),
    [
        (MEAN, 40_000, (79_000, 81_000)),
        (MEAN, 0, (0, 1000)),
        (MEAN, FULL, (199_000, 200_000)),
        (SHARE, 40_000, (75_000, 85_000)),
        (SHARE, 5000, (0, 15_000)),
        (SHARE, 95_000, (185_000, 200_000)),
    ],
)
def test_what_a_reader_knows_of_a_sum(measure: Measure, shown: int, ends: tuple[int, int]) -> None:
    assert bounds(measure, shown, 10) == (10 * ends[0], 10 * ends[1])


def test_a_number_of_contributors_is_shown_to_five() -> None:
    assert [about(each) for each in (11, 12, 13, 17, 18)] == [10, 10, 15, 15, 20]


@pytest.mark.parametrize(("count", "why"), [(10, "few"), (11, "")])
def test_a_cell_needs_eleven(count: int, why: str) -> None:
    (everybody,) = [
        each for each in release([MEAN], people(EVEN[12 : 12 + count]), [], 1) if each.cell.table == EVERYBODY
    ]
    assert everybody.why == why
    assert (everybody.version is None) == bool(why)


def test_a_category_too_small_is_not_found_by_subtraction() -> None:
    members = people(EVEN, "A") + people(EVEN[10:24], "B", 100) + people(EVEN[:3], "C", 200)
    figures = by_category(release([MEAN], members, [], 1))
    assert {name: each.why for name, each in figures.items()} == {"all": "", "A": "", "B": "complement", "C": "few"}


@pytest.mark.parametrize(("small", "held"), [([1], {"B"}), ([4, 6], {"B"}), ([5, 6], set()), ([], set())])
def test_another_is_held_back_only_where_fewer_than_eleven_are_hidden(small: list[int], held: set[str]) -> None:
    members = people(EVEN, "A") + people(EVEN[10:24], "B", 100)
    for each, count in enumerate(small):
        members += people(EVEN[14 : 14 + count], f"C{each}", 200 + 20 * each)
    figures = by_category(release([MEAN], members, [], 1))
    assert {name for name, each in figures.items() if each.why == "complement"} == held


class Noting(Guard):
    """A guard that admits all, and notes what it is given."""

    seen: ClassVar[list[tuple[object, ...]]] = []

    def __init__(self, step: int, full: int) -> None:
        self.seen.append(("step", step, full))

    def add(self, values: Mapping[str, int], lower: int, higher: int) -> None:
        self.seen.append(("add", len(values), lower, higher))

    def admits(self, values: Mapping[str, int], lower: int, higher: int) -> bool:
        self.seen.append(("admits", len(values), lower, higher))
        return True


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    monkeypatch.setattr(observatory, "Guard", Noting)
    monkeypatch.setattr(Noting, "seen", [])
    return Noting.seen


def test_the_guard_is_asked_about_the_largest_cell_first_with_what_rounding_leaves_open(
    noted: list[tuple[object, ...]],
) -> None:
    members = people([40_400] * 12, "A") + people([40_400] * 20, "B", 100)
    figures = release([MEAN], members, [], 1)
    assert [each.cell.category for each in figures] == ["all", "B", "A"]
    assert noted == [
        ("step", 20_000, FULL),
        *(
            (asked, count, 900 * count, 100 * count)  # 40,4 is shown as 40: it could be 39,5 or 40,5
            for count in (32, 20, 12)
            for asked in ("admits", "add")
        ),
    ]


def test_a_share_moves_from_nothing_to_all_and_a_finer_grain_leaves_less_open(
    noted: list[tuple[object, ...]],
) -> None:
    members = [Contributor(f"{each}", {EVERYBODY: "all"}, {SHARE.id: FULL * (each < 5)}) for each in range(12)]
    release([SHARE], members, [], 1)
    release([SHARE], members, [], 1, Rules(share_grain=1000))
    open_by_five = (500_000 - 12 * 37_500, 12 * 42_500 - 500_000)
    open_by_one = (500_000 - 12 * 41_500, 12 * 42_500 - 500_000)
    assert [each for each in noted if each[0] != "add"] == [
        ("step", FULL, FULL),
        ("admits", 12, *open_by_five),
        ("step", FULL, FULL),
        ("admits", 12, *open_by_one),
    ]


def test_what_was_published_is_held_on_to_and_nothing_is_open_once_a_value_is_erased(
    noted: list[tuple[object, ...]],
) -> None:
    whole = Version(Cell(EVERYBODY, "all", MEAN.id), 1, 40_000, 12, {f"{each:03}": 40_400 for each in range(12)})
    erased = Version(Cell(EVERYBODY, "all", MEAN.id), 2, 40_000, 13, whole.values)
    (figure,) = [
        each for each in release([MEAN], people([40_400] * 12), [whole, erased], 3) if each.cell.table == EVERYBODY
    ]
    assert figure == Figure(whole.cell, erased)
    assert noted[1:3] == [("add", 12, 10_800, 1200), ("add", 12, 0, 0)]


def test_whoever_has_no_value_does_not_count() -> None:
    members = [*people(EVEN[10:21]), Contributor("none", {EVERYBODY: "all"}, {})]
    assert {each.count for each in made(release([MEAN], members, [], 1))} == {11}


def test_a_newcomer_moves_nothing_and_eleven_do() -> None:
    first = made(release([MEAN], people(EVEN), [], 1))
    ten = release([MEAN], people(EVEN) + people([FULL] * 10, first=50), first, 2)
    assert ten == tuple(Figure(each.cell, each) for each in first)
    eleven = release([MEAN], people(EVEN) + people(EVEN[14:25], first=50), first, 2)
    assert {each.release for each in made(eleven)} == {2}


def test_a_cell_is_compared_with_every_earlier_version() -> None:
    first = made(release([MEAN], people(EVEN), [], 1))
    second = made(release([MEAN], people(EVEN) + people(EVEN[14:25], first=50), first, 2))
    assert {each.release for each in made(release([MEAN], people(EVEN), [*first, *second], 3))} == {2}


def test_an_erased_contributor_counts_as_one_who_left() -> None:
    version = made(release([MEAN], people(EVEN), [], 1))[0]
    left = {name: value for name, value in version.values.items() if name > "003"}
    lost = Version(version.cell, 1, version.shown, version.count, left)
    assert changes(left, lost) == 4


def test_a_cell_that_has_become_small_keeps_its_figure() -> None:
    first = made(release([MEAN], people(EVEN), [], 1))
    assert made(release([MEAN], people(EVEN[:4]), first, 2)) == first


def test_where_nearly_all_are_at_the_bottom_there_is_no_mean() -> None:
    members = people([0] * 12)
    assert {each.why for each in release([MEAN], members, [], 1)} == {"guard"}
    assert {each.why for each in release([MEAN], members, [], 1, Rules(guarded=False))} == {""}
