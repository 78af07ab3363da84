"""The advisor's guide tells the truth: its pictures are there and light, and the words it quotes stand on our pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from questionnaire.app import create_app
from questionnaire.settings import Settings
from tests import reading

GUIDE = reading.ROOT / "docs/guide/conseiller.md"
PICTURES = GUIDE.parent / "pictures"
MOST, HEAVIEST = 12, 60_000


def named_pictures() -> dict[str, str]:
    """The pictures that the guide shows: name without ending, and the words said in place of it."""
    return {name: words for words, name in re.findall(r"!\[([^\]]*)\]\(pictures/(.+?)\.webp\)", GUIDE.read_text())}


def quoted() -> list[str]:
    """What the guide quotes from a page: between « »."""
    return sorted({plain(each) for each in re.findall(r"«([^»]+)»", GUIDE.read_text())})


def plain(text: str) -> str:
    """The words of a text on one line, without marks of Markdown or of tags."""
    return " ".join(re.sub(r"<[^>]*>|\*", "", text).replace("\u202f", " ").split())


def our_words() -> Iterator[str]:
    """All that a page may say: templates, the forms and messages of the web, the framework."""
    for folder, ending in (("templates", "html"), ("questionnaire/web", "py"), ("questionnaire/frameworks", "yaml")):
        for path in sorted((reading.ROOT / folder).rglob(f"*.{ending}")):
            yield plain(path.read_text().replace("\\u202f", " "))


def test_every_picture_is_there_light_and_told_to_who_does_not_see_it() -> None:
    kept = {path.stem: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(kept) == set(named_pictures())
    assert len(kept) <= MOST
    assert [name for name, size in kept.items() if size > HEAVIEST] == []
    assert [name for name, words in named_pictures().items() if len(words) < 15] == []


def test_every_word_it_quotes_stands_on_a_page() -> None:
    said = "\n".join(our_words())
    assert [words for words in quoted() if words not in said] == []


def test_a_button_that_is_no_more_would_be_caught() -> None:
    assert len(quoted()) > 20
    assert "Valider le tout pour de bon" not in "\n".join(our_words())


def test_every_address_it_names_exists(settings: Settings) -> None:
    rules = create_app(settings).url_map.bind("localhost")
    named = re.findall(r"`(/[a-z/]+)`", GUIDE.read_text())
    assert named
    assert [address for address in named if not rules.test(address, "GET")] == []
