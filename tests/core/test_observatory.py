"""What a release says of a cell: its figure, an earlier one, or why there is none."""

from __future__ import annotations

import pytest

from questionnaire.core.observatory import (
    EVERYBODY,
    FULL,
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


def test_whoever_has_no_value_does_not_count() -> None:
    members = [*people(EVEN[10:21]), Contributor("none", {EVERYBODY: "all"}, {})]
    assert {each.count for each in made(release([MEAN], members, [], 1))} == {11}


def test_a_newcomer_moves_nothing_and_eleven_do() -> None:
    first = made(release([MEAN], people(EVEN), [], 1))
    ten = release([MEAN], people(EVEN) + people([FULL] * 10, first=50), first, 2)
    assert made(ten) == first
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
