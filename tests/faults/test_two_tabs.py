"""Two tabs, or two people, save the same page: what can be kept of both is; where it cannot, both values are shown."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from tests.faults.conftest import Figure
from tests.faults.visitor import Answer, Form, Respondent

PAGE = "ECO"
TEXTS = [f"{part}_{question}" for part in ("evidence", "comment") for question in ("ECO-1a", "ECO-2a", "ECO-4a")]
LEVELS = [f"q_{question}" for question in ("ECO-1a", "ECO-1b", "ECO-2a", "ECO-3a")]
Typed = dict[str, str]


def drawn(chance: random.Random, who: str) -> Typed:
    """Some fields of the page, filled in by somebody."""
    texts = {name: f"{who} {chance.randrange(3)}" for name in chance.sample(TEXTS, chance.randint(1, 3))}
    levels = {name: str(chance.randint(1, 4)) for name in chance.sample(LEVELS, chance.randint(0, 2))}
    return texts | levels


def told_apart(first: Typed, second: Typed, answer: Answer, after: Form) -> None:
    """Raise AssertionError if anything of either was overwritten in silence."""
    clashing = [name for name in first.keys() & second.keys() if first[name] != second[name]]
    if not clashing:
        assert answer.status == 303
        assert {name: after.get(name) for name in first | second} == first | second
        return
    assert answer.status == 409
    assert {name: after.get(name) for name in first} == first
    for name in clashing:
        assert f"keep_{name}" in answer.text
    texts = [name for name in clashing if name in TEXTS]
    shown = [bdi.text_content() for bdi in answer.tree.xpath("//bdi")]
    assert {first[name] for name in texts} | {second[name] for name in texts} <= set(shown)


def test_one_after_the_other_nothing_is_overwritten(respondent: Respondent, figure: Figure) -> None:
    chance = random.Random(700)
    for _ in range(figure("cases", 12, full=500)):
        mine, theirs = respondent.page(PAGE), respondent.elsewhere()
        stood = theirs.page(PAGE)
        first, second = changed(stood, drawn(chance, "Ana")), changed(mine, drawn(chance, "Bob"))
        assert theirs.post(theirs.path(PAGE), stood.filled(first)).status == 303
        answer = respondent.post(respondent.path(PAGE), mine.filled(second))
        told_apart(first, second, answer, respondent.page(PAGE))


def test_at_the_same_moment_nothing_is_overwritten(respondent: Respondent, figure: Figure) -> None:
    chance, people = random.Random(701), (respondent, respondent.elsewhere())
    for _ in range(figure("cases", 6, full=200)):
        forms = [who.page(PAGE) for who in people]
        typed = [changed(forms[0], drawn(chance, name)) for name in ("Ana", "Bob")]
        bodies = [form.filled(mine) for form, mine in zip(forms, typed, strict=True)]
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda who, body: who.post(who.path(PAGE), body), people, bodies))
        order = sorted(zip(answers, typed, strict=True), key=lambda pair: pair[0].status)
        assert order[0][0].status == 303
        told_apart(order[0][1], order[1][1], order[1][0], respondent.page(PAGE))


def changed(form: Form, typed: Typed) -> Typed:
    """What differs from the page as it was opened: typing the same again is no change."""
    return {name: value for name, value in typed.items() if form.get(name) != value}


def test_the_choice_that_was_made_is_kept(respondent: Respondent) -> None:
    mine, theirs = respondent.page(PAGE), respondent.elsewhere()
    assert theirs.save(PAGE, **{"evidence_ECO-1a": "celle de Bob"}).status == 303
    answer = respondent.post(respondent.path(PAGE), mine.filled({"evidence_ECO-1a": "celle d’Ana", "q_ECO-2a": "4"}))
    choices = answer.forms[0]
    assert respondent.post(respondent.path(PAGE), choices.filled({"keep_evidence_ECO-1a": "theirs"})).status == 303
    after = respondent.page(PAGE)
    assert (after.get("evidence_ECO-1a"), after.get("q_ECO-2a")) == ("celle de Bob", "4")
