"""Two tabs on one review: other parts are merged, the same part is shown twice, nothing is overwritten in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaire.storage.review_draft import Draft, merge

START = Draft("note", {"ECO": "bien", "STR": "moins bien"}, {"ECO-1a": (3, "vu")})


def test_nothing_changed_merges_into_what_stands() -> None:
    assert merge(START.fingerprints(), START, START).draft == START


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (Draft("note", {"ECO": "autre", "STR": "moins bien"}, START.proposals), Draft("mienne", START.comments, {})),
        (Draft("", START.comments, START.proposals), Draft("note", {"ECO": "bien"}, START.proposals)),
    ],
)
def test_different_parts_are_both_kept(theirs: Draft, mine: Draft) -> None:
    merged = merge(START.fingerprints(), theirs, mine)
    assert merged.conflicts == ()
    changed = {name for name in {**START.parts(), **mine.parts()} if mine.parts().get(name) != START.parts().get(name)}
    assert all(merged.draft.parts().get(name) == mine.parts().get(name) for name in changed)
    others = set(theirs.parts()) - changed
    assert all(merged.draft.parts().get(name) == theirs.parts()[name] for name in others)


@pytest.mark.parametrize(
    ("theirs", "mine", "name"),
    [
        (Draft("un", START.comments, START.proposals), Draft("deux", START.comments, START.proposals), "private_note"),
        (Draft("note", {"STR": "x"}, {}), Draft("note", {"STR": "y", "ECO": "bien"}, {}), "comment_STR"),
        (Draft("note", START.comments, {}), Draft("note", START.comments, {"ECO-1a": (4, "vu")}), "proposal_ECO-1a"),
        (replace(START, opinions={"ECO-1": "agree"}), replace(START, opinions={"ECO-1": "missing"}), "opinion_ECO-1"),
        (replace(START, aside={"ECO-1": "trop tôt"}), replace(START, aside={"ECO-1": "fait"}), "aside_ECO-1"),
        (replace(START, places={"ECO-1": "1"}), replace(START, places={"ECO-1": "2"}), "place_ECO-1"),
        (replace(START, own={"a": ("Un", "x", "")}), replace(START, own={"a": ("Deux", "y", "")}), "own_a"),
    ],
)
def test_the_same_part_changed_twice_is_a_conflict_that_holds_my_words(theirs: Draft, mine: Draft, name: str) -> None:
    merged = merge(START.fingerprints(), theirs, mine)
    assert merged.conflicts == (name,)
    assert merged.draft.parts()[name] == mine.parts()[name]


def test_the_same_change_twice_is_no_conflict() -> None:
    same = Draft("autre", START.comments, START.proposals)
    assert merge(START.fingerprints(), same, same).conflicts == ()


def test_what_one_thinks_and_what_another_advises_are_both_kept() -> None:
    theirs = replace(START, opinions={"ECO-1": "agree"}, own={"a": ("Un", "x", "y")})
    mine = replace(START, aside={"ECO-1": "trop tôt"}, places={"a": "1"}, own={"b": ("Deux", "x", "")})
    merged = merge(START.fingerprints(), theirs, mine)
    assert merged.conflicts == ()
    assert merged.draft == replace(
        START, opinions=theirs.opinions, aside=mine.aside, places=mine.places, own={**theirs.own, **mine.own}
    )
