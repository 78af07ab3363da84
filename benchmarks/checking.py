"""Whether a PDF is what it should be: every word of the page, and the elements of its structure."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from io import BytesIO

import html5lib
import page
import pikepdf

TAGS = {
    **{name: f"/{name.upper()}" for name in ("h1", "h2", "h3", "h4", "tr", "th", "td", "li")},
    **dict.fromkeys(("ul", "ol", "dl"), "/L"),
    **dict.fromkeys(("dt", "dd"), "/LI"),
    **dict.fromkeys(("svg", "img"), "/Figure"),
    "table": "/Table",
}


class Wrong(SystemExit):
    """A result that deserves no time."""


def squeezed(text: str) -> str:
    """Return a text without spaces, hyphens and breaks: lines end where they like."""
    return re.sub(r"[\s\u00ad\u2010\u200b\ufb01-\ufb04-]+", "", text.replace("\ufb01", "fi").replace("\ufb02", "fl"))


def words(html: str) -> set[str]:
    """Return every word that the page says, its drawings aside."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    body = tree.find("body")
    for parent in list(body.iter()):
        for child in list(parent):
            if str(child.tag).rpartition("}")[2] == "svg" or "visually-hidden" in child.get("class", ""):
                parent.remove(child)
    return {squeezed(each) for each in " ".join(body.itertext()).split() if squeezed(each)}


def expected_elements(html: str) -> Counter[str]:
    """Return how many elements of each kind the page has: a PDF holds as many, or more where a page cuts one in two."""
    named = (str(each.tag).rpartition("}")[2] for each in html5lib.parse(html, namespaceHTMLElements=False).iter())
    return Counter(TAGS[name] for name in named if name in TAGS)


def elements(document: bytes) -> Counter[str]:
    """Return how many elements of each kind the structure tree holds."""
    with pikepdf.open(BytesIO(document)) as opened:
        found = (each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each)
        return Counter(kind for kind in (str(each.S) for each in found) if kind in TAGS.values())


def refuse_wrong(name: str, document: bytes, said: set[str], structure: Counter[str] | None) -> None:
    """Raise Wrong where a word lacks, an element of the `structure` asked for, or, in ours, a rule of PDF/UA-1."""
    command = ["pdftotext", "-raw", "-", "-"]
    found_words = squeezed(subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode())
    missing = sorted(word for word in said if word not in found_words)
    if missing:
        raise Wrong(f"{name}: {len(missing)} words lack, {missing[:5]}")
    found, faults = elements(document), page.validate_pdf_bytes(document, profile="ua1").failures
    if name == "ours" and faults:
        raise Wrong(f"{name}: {len(faults)} faults of PDF/UA-1, {faults[0].message}")
    if structure and (lacking := structure - found):
        raise Wrong(f"{name}: elements lack, {dict(lacking)}")
    with pikepdf.open(BytesIO(document)) as opened:
        pages = len(opened.pages)
    facts = f"{pages} pages, {len(document) // 1024} kB, {sum(found.values())} elements, {len(faults)} PDF/UA-1 faults"
    sys.stderr.write(f"{name}: every word; {facts}\n")
