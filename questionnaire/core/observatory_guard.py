"""The guard of the observatory: whoever knows three associations' values cannot place another one's within 20 points.

It holds a proof, not a threshold. For each association that counts it finds a *move* that nobody could notice: its
value goes up, or down, by a whole step while others' make up for it, so that every figure ever published stays what it
is. Those who stand in the same published cells form a *group*; a move goes between groups, and none leans on the three
associations that the reader may know, whichever they are. `slack` is what rounding lets a cell's sum move by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

KNOWN = 3  # whose values the reader knows: its own, and two partners'
Value = tuple[str, int]  # an association, with its value: one that changed it counts anew
Cells = int  # a set of published cells: one bit each
Rooms = Mapping[Cells, tuple[bool, bool, bool]]  # of each group: can it move against, with, against without one more


@dataclass(frozen=True)
class Group:
    """What matters of those who stand in the same cells: how far the others can move, whoever three of them are."""

    low: bool
    high: bool
    down: bool
    up: bool
    inner_down: bool
    inner_up: bool


class Guard:
    """What was published of one measure. `step` is how far each value must stay free to move; `full` the highest."""

    def __init__(self, step: int, full: int) -> None:
        """Begin with nothing published."""
        self._step, self._full = step, full
        self._cells: dict[Value, Cells] = {}
        self._loose = (0, 0)  # the cells whose sum may be a step lower, a step higher
        self._count = 0
        self._bare: set[Value] | None = None  # who is given away already, once somebody asked

    def add(self, values: Mapping[str, int], lower: int, higher: int) -> None:
        """Count a published cell in: its values, and by how much its sum could be lower and higher."""
        self._cells, self._loose = self._with(values, lower, higher)
        self._count += 1
        self._bare = None

    def admits(self, values: Mapping[str, int], lower: int, higher: int) -> bool:
        """Say whether a cell can be published too, and nobody be given away who was not already."""
        if self._bare is None:
            self._bare = self._given_away(self._cells, self._loose)
        return self._given_away(*self._with(values, lower, higher)) <= self._bare

    def _with(self, values: Mapping[str, int], lower: int, higher: int) -> tuple[dict[Value, Cells], tuple[int, int]]:
        bit = 1 << self._count
        cells = dict(self._cells)
        for each in values.items():
            cells[each] = cells.get(each, 0) | bit
        down, up = self._loose
        return cells, (down | bit if lower >= self._step else down, up | bit if higher >= self._step else up)

    def _given_away(self, cells: Mapping[Value, Cells], loose: tuple[Cells, Cells]) -> set[Value]:
        members: dict[Cells, list[int]] = {}
        for (_, value), there in cells.items():
            members.setdefault(there, []).append(value)
        groups = {there: self._group(values) for there, values in members.items()}
        falls = {each: (it.down, it.up, it.inner_down) for each, it in groups.items()}
        rises = {each: (it.up, it.down, it.inner_up) for each, it in groups.items()}
        unsafe = {there for there, it in groups.items() if not _safe(there, it, (falls, rises), loose)}
        return {each for each, there in cells.items() if there in unsafe} if unsafe else set()

    def _group(self, values: Sequence[int]) -> Group:
        falls, rises = sorted(values), sorted(self._full - each for each in values)
        rooms = [sum(room[:-known]) >= self._step for known in (KNOWN, KNOWN + 1) for room in (falls, rises)]
        low, high = falls[0] < self._step, rises[0] < self._step
        return Group(low, high, rooms[0], rooms[1], rooms[2], rooms[3])


def _safe(there: Cells, group: Group, rooms: tuple[Rooms, Rooms], loose: tuple[Cells, Cells]) -> bool:
    """Say whether nobody of the group `there` is given away; `rooms` are those of a value that rises, that falls."""
    (up_rooms, down_rooms), (down, up) = rooms, loose
    rises = _moves(there, up_rooms, up, down)
    if group.low and not rises:
        return False
    if rises and not group.high:
        return True
    return _moves(there, down_rooms, down, up)


def _moves(there: Cells, rooms: Rooms, with_it: Cells, against: Cells) -> bool:
    """Say whether a value of the group `there` can move by a step unnoticed.

    `rooms` says of each group whether it can move against it, with it, and against it without one more of its own;
    `with_it` and `against` are the cells whose rounding lets their sum go along, or the other way.
    """
    if rooms[there][2] or not there & ~with_it:
        return True
    others = [each for each, (room, _, _) in rooms.items() if room and each != there]
    if any(not there & ~each & ~with_it and not each & ~there & ~against for each in others):
        return True
    return any(_exchange(there, each, rooms) for each in others)


def _exchange(there: Cells, against: Cells, rooms: Rooms) -> bool:
    """Say whether one of `against` makes up for it with a pair of others, one moving each way, in the same cells."""
    return any(
        last == 0 or (last in rooms and rooms[last][0])
        for third in _companions(rooms)
        if (last := _rest(there, against, third)) is not None and last not in (there, against)
    )


def _companions(rooms: Rooms) -> Iterator[Cells]:
    yield 0  # those who are in no cell: nobody watches them
    yield from (each for each, (_, room, _) in rooms.items() if room)


def _rest(there: Cells, against: Cells, third: Cells) -> Cells | None:
    """Return the cells of the fourth, so that `there` + `third` = `against` + the fourth in every cell; else None."""
    both, either = there & third, there | third
    if against & both != both or against & ~either:
        return None
    return both | (either & ~against)
