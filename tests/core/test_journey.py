"""The table of a shared file's moves: from where, to where, by whom, and with which reason."""

from __future__ import annotations

from typing import get_args

import pytest

from questionnaire.core.journey import MOVES, Actor, MoveName, MoveRefused, State, after, allowed

WAY: list[tuple[MoveName, Actor, State]] = [
    ("take", "advisor", "in_review"),
    ("send_back", "advisor", "to_complete"),
    ("resend", "association", "in_review"),
    ("validate", "advisor", "returned"),
    ("follow", "advisor", "followed"),
    ("close", "advisor", "closed"),
    ("reopen", "advisor", "followed"),
    ("review_again", "advisor", "in_review"),
]


def test_a_file_goes_the_whole_way_and_back() -> None:
    state: State = "sent"
    for name, actor, target in WAY:
        state = after(name, state, actor, "Parce que.")
        assert state == target


def test_every_move_has_its_line_and_every_state_a_way_out() -> None:
    assert set(MOVES) == set(get_args(MoveName))
    for state in get_args(State):
        assert any(allowed(state, actor) for actor in get_args(Actor))


@pytest.mark.parametrize(
    ("name", "state", "actor"),
    [
        ("validate", "sent", "advisor"),
        ("validate", "in_review", "colleague"),
        ("validate", "in_review", "coordinator"),
        ("resend", "to_complete", "advisor"),
        ("send_back", "returned", "advisor"),
        ("withdraw", "in_review", "advisor"),
        ("hand_over", "closed", "advisor"),
        ("take", "in_review", "colleague"),
    ],
)
def test_nobody_makes_a_move_that_is_not_theirs(name: MoveName, state: State, actor: Actor) -> None:
    with pytest.raises(MoveRefused):
        after(name, state, actor, "Parce que.")


@pytest.mark.parametrize("name", [name for name, move in MOVES.items() if move.needs_why])
def test_where_a_reason_is_due_a_blank_one_is_none(name: MoveName) -> None:
    move = MOVES[name]
    with pytest.raises(MoveRefused):
        after(name, move.sources[0], move.actors[0], " \n ")
    with pytest.raises(MoveRefused):
        after(name, move.sources[0], move.actors[0])


def test_a_coordinator_moves_files_without_reading_them() -> None:
    assert {name for name, move in MOVES.items() if "coordinator" in move.actors} == {"assign", "hand_over"}
