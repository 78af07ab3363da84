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

COUNTED = ("/H1", "/H2", "/H3", "/H4", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/Figure")


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


def elements(document: bytes) -> Counter[str]:
    """Return how many elements of each kind the structure tree holds."""
    with pikepdf.open(BytesIO(document)) as opened:
        found = (each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each)
        return Counter(kind for kind in (str(each.S) for each in found) if kind in COUNTED)


def refuse_wrong(
    name: str, document: bytes, expected: set[str], like: Counter[str] | None, structured: bool
) -> Counter[str]:
    """Return the elements to compare the next result with. Raises Wrong where a word or an element lacks."""
    command = ["pdftotext", "-raw", "-", "-"]
    said = squeezed(subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode())
    missing = sorted(word for word in expected if word not in said)
    if missing:
        raise Wrong(f"{name}: {len(missing)} words lack, {missing[:5]}")
    found, faults = elements(document), page.validate_pdf_bytes(document, profile="ua1").failures
    if name == "ours" and faults:
        raise Wrong(f"{name}: {len(faults)} faults of PDF/UA-1, {faults[0].message}")
    if structured and like is not None and found != like:
        raise Wrong(f"{name}: other elements than plain WeasyPrint's, {dict((found - like) + (like - found))}")
    with pikepdf.open(BytesIO(document)) as opened:
        pages = len(opened.pages)
    facts = f"{pages} pages, {len(document) // 1024} kB, {sum(found.values())} elements, {len(faults)} PDF/UA-1 faults"
    sys.stderr.write(f"{name}: every word; {facts}\n")
    return found if like is None else like
