"""A document drawn and read once, however many tests look at it: drawing takes seconds, and so does reading."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from io import BytesIO

import pypdf

from questionnaire import pdf


@cache
def drawn(html: str) -> bytes:
    """Return the PDF of an HTML document, however busy the machine is that runs the tests."""
    return pdf.render(html, timeout=200)


@cache
def pages_of(document: bytes) -> tuple[str, ...]:
    """Return what each page of a PDF says, spaces made one."""
    pages = pypdf.PdfReader(BytesIO(document)).pages
    return tuple(re.sub(r"\s+", " ", each.extract_text()) for each in pages)


def text_of(document: bytes) -> str:
    """Return all that a PDF says, spaces made one."""
    return " ".join(pages_of(document))


def printed(document: bytes, *, layout: bool) -> str:
    """Return all that a PDF says: as it stands on its pages, or in the order in which it was written."""
    command = ["pdftotext", "-layout" if layout else "-raw", "-", "-"]
    return subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def squeezed(text: str) -> str:
    """Return a text without spaces and hyphens: lines break where they like."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)
