"""The life of a file that an association shares with advisors: what it opens, its states, its moves, who may make each.

A first look is read, never reviewed: of the moves, it knows `ask` and `withdraw` alone. One table, read by the pages,
the store and the documentation. It may not know who somebody is, nor keep anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["sent", "in_review", "to_complete", "returned", "followed", "closed"]
Scope = Literal["whole", "first_look"]
Actor = Literal["association", "advisor", "colleague", "coordinator"]
MoveName = Literal[
    "ask", "paper", "take", "assign", "send_back", "resend", "validate", "review_again", "follow", "close", "reopen",
    "hand_over", "join", "leave", "withdraw",
]  # fmt: skip

OPEN: tuple[State, ...] = ("sent", "in_review", "to_complete", "returned", "followed")
READ: tuple[State, ...] = (*OPEN, "closed")


@dataclass(frozen=True)
class Move:
    """A step a file may take.

    `sources`: the states it starts from. `target`: the state it leads to, None where it stays. `actors`: who may make
    it; `advisor` is the one in charge of the file, `colleague` another one who reads it or could take it.
    `needs_why`: whether the reason, which the association reads, is obligatory.
    """

    name: MoveName
    sources: tuple[State, ...]
    target: State | None
    actors: tuple[Actor, ...]
    needs_why: bool = False


MOVES: dict[MoveName, Move] = {
    move.name: move
    for move in (
        Move("ask", (), "sent", ("association",)),
        Move("paper", (), "sent", ("advisor",)),
        Move("take", ("sent",), "in_review", ("advisor", "colleague")),
        Move("assign", ("sent",), None, ("coordinator",)),
        Move("send_back", ("in_review",), "to_complete", ("advisor",), needs_why=True),
        Move("resend", ("to_complete",), "in_review", ("association",)),
        Move("validate", ("in_review",), "returned", ("advisor",)),
        Move("review_again", ("returned", "followed"), "in_review", ("advisor",), needs_why=True),
        Move("follow", ("returned",), "followed", ("advisor",)),
        Move("close", ("returned", "followed"), "closed", ("advisor",), needs_why=True),
        Move("reopen", ("closed",), "followed", ("advisor",), needs_why=True),
        Move("hand_over", OPEN, None, ("advisor", "coordinator"), needs_why=True),
        Move("join", OPEN, None, ("advisor",)),
        Move("leave", READ, None, ("colleague",)),
        Move("withdraw", READ, None, ("association",)),
    )
}


class MoveRefused(Exception):
    """The file is not where this move starts, this person may not make it, or its reason is missing."""


def allowed(state: State, actor: Actor) -> tuple[Move, ...]:
    """Return the moves that somebody in this place may make now, in the order of the table."""
    return tuple(move for move in MOVES.values() if state in move.sources and actor in move.actors)


def after(name: MoveName, state: State, actor: Actor, why: str = "") -> State:
    """Return the state that a move leads to. Raises MoveRefused."""
    move = MOVES[name]
    if move not in allowed(state, actor) or (move.needs_why and not why.strip()):
        raise MoveRefused(f"{name} by {actor} while {state}")
    return move.target or state
