"""Naughty texts in whatever people write, shown to everybody in Chromium: nothing runs, each is read as it was typed.

The world's own markup is taken out of the database and a string put in its place, a score of them at a time, so that
all stand in each text and on each kind of page. It takes minutes: only the campaign does.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from questionnaire.storage.schema import METADATA
from tests.faults.chromium import Window, windows
from tests.faults.conftest import FULL, MakeServer
from tests.faults.crawling import crawl, one_of_a_kind
from tests.faults.server import Server
from tests.faults.test_naughty_strings import HIDDEN, KNOWN, OWN
from tests.faults.visitor import Answer
from tests.faults.world import MARKUP, PWNED, build

MARKED = [  # what would be markup in one place or another of a page
    "</title></textarea></option></select></script><script>document.title=1</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '" onfocus=alert(1) autofocus x="',
    "' onmouseover='alert(1)",
    "<base href=//exemple.fr><meta http-equiv=refresh content=0;url=//exemple.fr>",
    "<style>*{display:none}</style><link rel=stylesheet href=//exemple.fr>",
    "<iframe srcdoc='<script>parent.document.title=1</script>'></iframe>",
    "<form action=//exemple.fr><button>Continuer</button></form>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#x3c;b&#x3e; &nbsp;",
    "<!-- ]]> --!> <![CDATA[ <? %>",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
]
TOGETHER = 1000  # letters of texts that stand in one field: the shortest of the long ones holds so many
BETWEEN = " \u2042 "
UNSEEN = re.compile("[\\s\u200b]+")  # long words may be broken where they are shown


def test_every_string_that_a_form_takes_is_tried_once() -> None:
    assert len(strings()) > 450
    assert sorted(strings()) == sorted(text for payload in payloads() for text in payload.split(BETWEEN))


if FULL:

    @pytest.mark.parametrize("half", [0, 1])
    def test_naughty_texts_are_read_as_typed(
        make_server: MakeServer, half: int, record_property: Callable[[str, object], None]
    ) -> None:
        server = make_server("sqlite")
        server.start()
        world = build(server)
        crawls = {name: crawl(actor) for name, actor in world.items()}
        shown = [
            (name, act.path)
            for name, act in one_of_a_kind(crawls, "GET")
            if act.path in crawls[name].answers and holds_markup(crawls[name].answers[act.path])
        ]
        assert len(shown) > 20
        standing, looks, told = MARKUP, 0, []
        with windows(server.url, {name: world[name].visitor.cookies for name, _ in shown}) as window:
            plain: dict[tuple[str, str], tuple[dict[str, int], int]] = {}
            for payload in ("témoin", *payloads()[half::2]):
                put_in_place(server, standing, payload)
                standing = payload
                for name, path in shown:
                    seen, looks = look(window[name], path, payload), looks + 1
                    if seen != plain.setdefault((name, path), seen):
                        told.append(f"{path}: {seen} of « {payload} » for {plain[name, path]}")
        assert told == []
        record_property("strings", sum(len(payload.split(BETWEEN)) for payload in payloads()[half::2]))
        record_property("pages looked at", looks)


def look(window: Window, path: str, payload: str) -> tuple[dict[str, int], int]:
    """Return how many elements of each kind a page is built of, and how often the text is read there."""
    built, read = window.look(path)
    return built, squeezed(read).count(squeezed(payload))


def strings() -> list[str]:
    """The strings that a form takes, in one line."""
    taken = dict.fromkeys(unicodedata.normalize("NFC", text).strip() for text in [*MARKED, *KNOWN, *OWN])
    return [text for text in taken if text and not HIDDEN.search(text) and len(text.splitlines()) == 1]


def payloads() -> list[str]:
    """The strings, as many together as a field holds."""
    found: list[str] = []
    for text in strings():
        if found and len(found[-1]) + len(BETWEEN) + len(text) <= TOGETHER:
            found[-1] += BETWEEN + text
        else:
            found.append(text)
    return found


def put_in_place(server: Server, standing: str, payload: str) -> None:
    """Put a text in the place of another wherever that one is kept, within other words too."""
    engine = sa.create_engine(server.database_url)
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings().all():
                held = {column.name: row[column.name] for column in table.columns if column.name != "html"}
                kept = {name: replaced(value, standing, payload) for name, value in held.items()}
                changed = {name: value for name, value in kept.items() if value != held[name]}
                if changed:
                    this = sa.and_(*(key == row[key.name] for key in table.primary_key))
                    connection.execute(sa.update(table).where(this).values(changed))
    engine.dispose()


def replaced(value: Any, standing: str, payload: str) -> Any:
    """Return a value of a column with one text in place of another."""
    if isinstance(value, str):
        return value.replace(standing, payload)
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value).replace(json.dumps(standing)[1:-1], json.dumps(payload)[1:-1]))
    return value


def squeezed(text: str) -> str:
    """Return a text without spaces and breaks."""
    return UNSEEN.sub("", text)


def holds_markup(answer: Answer) -> bool:
    """Whether the answer is a page that shows the world's markup."""
    return "html" in answer.headers.get("Content-Type", "") and PWNED in answer.text
