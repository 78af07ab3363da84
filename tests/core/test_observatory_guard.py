"""The guard's proof, case by case: who can move by a step unnoticed, through whom, and nobody who cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from questionnaire.core.observatory_guard import KNOWN, Guard

STEP, FULL = 20, 100
Groups = Mapping[str, Sequence[int]]  # "AB": the values of those who stand in the cells A and B, and in no other
Loose = Mapping[str, tuple[int, int]]  # by how much a cell's sum could be lower, higher; not at all unless told


def members(groups: Groups, cell: str) -> dict[str, int]:
    return {f"{name}{at}": value for name, own in groups.items() if cell in name for at, value in enumerate(own)}


def given_away(groups: Groups, loose: Loose) -> set[str]:
    """Return the groups of those who are given away once every cell is published."""
    guard = Guard(STEP, FULL)
    for cell in sorted({each for name in groups for each in name}):
        guard.add(members(groups, cell), *loose.get(cell, (0, 0)))
    return {name.rstrip("0123456789") for name, _ in guard._given_away(guard._cells, guard._loose)}


BOTTOM = [0] * 4
DOWN, UP = (STEP, 0), (0, STEP)
# Who stands where, how loose the cells are, and which groups are given away.
CASES: dict[str, tuple[Groups, Loose, set[str]]] = {
    "five in the middle": ({"A": [50] * 5}, {}, set()),
    "four: three known, and the fourth": ({"A": [50] * 4}, {}, {"A"}),
    "five, one just able to make up": ({"A": [20, 60, 60, 60, 60]}, {}, set()),
    "five, one not quite able to": ({"A": [19, 90, 90, 90, 90]}, {}, {"A"}),
    "all can rise but one, who cannot fall": ({"A": [20, 81, 81, 81, 81]}, {}, {"A"}),
    "all can rise, the highest by just a step": ({"A": [20, 80, 80, 80, 80]}, {}, set()),
    "all can fall but one, who cannot rise": ({"A": [19, 19, 19, 19, 80]}, {}, {"A"}),
    "all can fall, the lowest by just a step": ({"A": [20, 20, 20, 20, 80]}, {}, set()),
    "two sides, each free to go to the other": ({"A": [0] * 5 + [100] * 5}, {}, set()),
    "a sum that may be higher": ({"A": [50]}, {"A": UP}, set()),
    "a sum that may be lower": ({"A": [50]}, {"A": DOWN}, set()),
    "a sum that may be not quite a step higher": ({"A": [50]}, {"A": (0, STEP - 1)}, {"A"}),
    "a sum that may be higher, of one at the top": ({"A": [81]}, {"A": UP}, {"A"}),
    "a sum that may be lower, of one at the top": ({"A": [81]}, {"A": DOWN}, set()),
    "a sum that may be lower, of one at the bottom": ({"A": [19]}, {"A": DOWN}, {"A"}),
    "a sum that may be higher, of one at the bottom": ({"A": [19]}, {"A": UP}, set()),
    "both ways, at the bottom and at the top": ({"A": [0, 100]}, {"A": (STEP, STEP)}, set()),
    "one loose cell of two": ({"AB": [50]}, {"A": UP}, {"AB"}),
    "two cells loose the same way": ({"AB": [50]}, {"A": UP, "B": UP}, set()),
    "two cells loose opposite ways": ({"AB": [50]}, {"A": UP, "B": DOWN}, {"AB"}),
    "others of the cell fall, whose own cell may be lower": ({"A": [50], "AB": [50] * 5}, {"B": DOWN}, set()),
    "others of the cell, whose own may only be higher": ({"A": [60], "AB": [50] * 5}, {"B": UP}, set()),
    "others of the cell, whose own is exact": ({"A": [50], "AB": [50] * 5}, {}, {"A"}),
    "others of the cell, but three of them are known": ({"A": [50], "AB": [50] * 3}, {"B": DOWN}, {"A", "AB"}),
    "others of the cell, but they cannot fall": ({"A": [50], "AB": BOTTOM}, {"B": DOWN}, {"A", "AB"}),
    "others of one cell, and the other may be higher": ({"AB": [50], "A": [50] * 5}, {"B": UP}, set()),
    "one of each cell": ({"AB": [50], "A": [50] * 5, "B": [50] * 5}, {}, set()),
    "one of each cell, three of the second known": ({"AB": [50], "A": [50] * 5, "B": [50] * 3}, {}, {"AB", "B"}),
    "one of each cell, the second only able to rise": ({"AB": [30], "A": [50] * 5, "B": [*BOTTOM, 100]}, {}, {"B"}),
    "and who would need it to fall": ({"AB": [10], "A": [50] * 5, "B": [*BOTTOM, 100]}, {}, {"AB", "B"}),
    "a companion in the other cell": ({"A": [50], "B": [50] * 5, "AB": [50] * 5}, {}, set()),
    "a companion, but three are known": ({"A": [50], "B": [50] * 3, "AB": [50] * 5}, {}, {"A", "B"}),
    "a companion and a fourth": ({"A": [50], "BC": [50] * 5, "AB": [50] * 5, "C": [50] * 5}, {}, set()),
    "a companion without a fourth": ({"A": [50], "BC": [50] * 5, "AB": [50] * 5, "C": [50] * 3}, {}, {"A", "C"}),
    "twice in one cell": ({"AB": [50], "AC": [50] * 5, "ABC": [50] * 5, "A": [50] * 5}, {}, set()),
    "twice in one cell, never out of it": ({"AB": [50], "AC": [50] * 5, "BC": [50] * 5, "D": [50] * 5}, {}, {"AB"}),
    "who falls stands where nobody rises": ({"A": [50], "B": [50] * 5, "ABC": [50] * 5}, {}, {"A"}),
}


@pytest.mark.parametrize(("groups", "loose", "found"), CASES.values(), ids=list(CASES))
def test_who_is_given_away(groups: Groups, loose: Loose, found: set[str]) -> None:
    assert given_away(groups, loose) == found


@pytest.mark.parametrize("way", ["rises", "falls"])
@pytest.mark.parametrize(
    ("third", "last", "safe"),
    [("free", "free", True), ("stuck", "free", False), ("free", "stuck", False)],
)
def test_each_of_an_exchange_has_its_own_way_to_go(way: str, third: str, last: str, safe: bool) -> None:
    """Who is looked at cannot go the other way: it stands at an end."""
    own, far, near = (0, 100, 0) if way == "rises" else (100, 0, 100)
    groups = {
        "A": [own],
        "BC": [near if third == "free" else far] * 4,
        "AB": [far] * 4,
        "C": [far if last == "free" else near] * 4,
    }
    assert ("A" not in given_away(groups, {})) is safe


def moves(groups: Groups, loose: Loose, who: str, known: Sequence[str]) -> bool:
    """Ask a linear program whether this value can be a step higher or lower, three being known."""
    names = [f"{name}{at}" for name, own in groups.items() for at in range(len(own))]
    values = [float(value) for own in groups.values() for value in own]
    rows, ends = [], []
    for cell in sorted({each for name in groups for each in name}):
        row = np.array([float(cell in each) for each in names])
        lower, higher = loose.get(cell, (0, 0))
        rows += [row, -row]
        ends += [row @ values + higher, -(row @ values) + lower]
    limits = [
        (value, value) if name in known else (0.0, float(FULL)) for name, value in zip(names, values, strict=True)
    ]
    place = names.index(who)
    aim = np.eye(len(names))[place]
    free = [abs(linprog(sign * aim, A_ub=rows, b_ub=ends, bounds=limits).x[place] - values[place]) for sign in (1, -1)]
    return bool(max(free) >= STEP - 1e-6)


def drawn(random: Random) -> tuple[Groups, Loose]:
    """A few groups in up to three cells, small enough that three who are known leave little room."""
    names = random.sample(["A", "B", "C", "AB", "AC", "BC", "ABC"], random.randint(2, 5))
    groups = {
        name: [random.choice((0, 10, 50, 90, 100)) for _ in range(random.choice((1, 2, 4, 5, 6)))] for name in names
    }
    return groups, {cell: random.choice(((0, 0), (0, 0), DOWN, UP)) for cell in "ABC"}


@pytest.mark.parametrize("seed", range(40))
def test_who_is_not_given_away_can_move_whoever_three_are_known(seed: int) -> None:
    random = Random(seed)
    groups, loose = drawn(random)
    for name in sorted(groups.keys() - given_away(groups, loose)):
        others = [f"{each}{at}" for each, own in groups.items() for at in range(len(own))]
        at = random.randrange(len(groups[name]))
        others.remove(f"{name}{at}")
        known = random.choice(list(combinations(others, KNOWN)) or [tuple(others)])
        assert moves(groups, loose, f"{name}{at}", known), (groups, loose, name, known)
