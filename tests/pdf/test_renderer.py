"""The renderer alone: limits, refusals, the same bytes. It knows nothing of the questionnaire; nor does this file."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest

from questionnaire import pdf

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title></head>
<body><h1>Essai</h1>{}</body></html>"""


def links(document: bytes) -> list[str]:
    """Return every address that can be clicked in a PDF."""
    with pikepdf.open(BytesIO(document)) as opened:
        notes = [note for page in opened.pages for note in page.get("/Annots", [])]
        return [str(note["/A"]["/URI"]) for note in notes if "/A" in note and "/URI" in note["/A"]]


def embedded(document: bytes) -> bytes:
    """Return every stream of a PDF, decoded, one after the other."""
    with pikepdf.open(BytesIO(document)) as opened:
        return b"".join(each.read_bytes() for each in opened.objects if isinstance(each, pikepdf.Stream))


def test_a_page_becomes_a_whole_tagged_pdf() -> None:
    with pikepdf.open(BytesIO(pdf.render(PAGE.format("<p>Bonjour</p>")))) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert document.docinfo["/Title"] == "Essai"


def test_the_same_html_gives_the_same_bytes_in_another_process() -> None:
    html = PAGE.format("<p>Été <em>comme</em> hiver</p><a href='https://example.org'>x</a>")
    script = "import sys; from questionnaire import pdf; sys.stdout.buffer.write(pdf.render(sys.stdin.read()))"
    other = subprocess.run([sys.executable, "-c", script], input=html.encode(), capture_output=True, check=True)
    time.sleep(1.1)
    assert pdf.render(html) == other.stdout


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outside") / "secret.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>CANARY</text></svg>')
    return path


OUTSIDE = [
    '<img src="{}" alt="x">',
    '<object data="{}" type="image/svg+xml"></object>',
    '<embed src="{}" type="image/svg+xml">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    "<style>@import url({});</style>",
    '<style>@import "{}";</style>',
    '<p style="background: url({})">x</p>',
    '<p style="background-image: image-set(url({}) 1x)">x</p>',
    '<p style="list-style: url({}) inside; display: list-item">x</p>',
    "<style>p::before {{ content: url({}) }}</style><p>x</p>",
    "<style>@font-face {{ font-family: X; src: url({}) }} p {{ font-family: X }}</style><p>x</p>",
    "<style>@page {{ background: url({}) }}</style>",
    '<p style="border-image: url({}) 1">x</p>',
    '<p style="mask: url({})">x</p>',
    '<svg width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><image xlink:href="{}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{}#x"/></svg>',
    '<svg width="9" height="9"><style>@import url({});</style></svg>',
    '<base href="{}"><img src="x" alt="x">',
    '<video poster="{}"></video>',
    '<picture><source srcset="{}"><img src="{}" alt="x"></picture>',
    '<iframe src="{}"></iframe>',
    '<input type="image" src="{}">',
    '<table background="{}"><tr><td>x</td></tr></table>',
    '<meta http-equiv="refresh" content="0; url={}">',
]


def hostile(markup: str, secret: Path) -> bytes:
    """Render, here and not in a child (30 times quicker), a page that asks for a file of ours it must not have."""
    asking = markup.replace("{}", secret.as_uri()).replace("{{", "{").replace("}}", "}")
    return pdf._write_pdf(PAGE.format(asking).encode())


@pytest.mark.parametrize("markup", OUTSIDE)
def test_nothing_outside_our_static_files_is_read(markup: str, secret: Path) -> None:
    assert b"CANARY" not in embedded(hostile(markup, secret))


def test_a_fetcher_that_reads_any_file_would_be_seen(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_asset", lambda url: (secret, "image/svg+xml"))
    assert b"CANARY" in embedded(hostile('<link rel="attachment" href="{}">', secret))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/print.css",
        "data:text/css,x",
        "asset:///../pdf.py",
        "asset:///%2e%2e/pdf.py",
        "asset://host/print.css",
        "asset:////etc/passwd",
        "asset:///fonts/OFL-fraunces.txt",
        "print.css",
    ],
)
def test_an_address_that_is_not_a_static_file_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="refused"):
        pdf._asset(address)


def test_a_static_file_is_served_by_its_private_address() -> None:
    assert pdf._asset("asset:///print.css") == (pdf.STATIC.resolve() / "print.css", "text/css")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "asset:///print.css", "vbscript:x"]
)
def test_only_web_and_mail_addresses_can_be_clicked(address: str) -> None:
    document = pdf.render(PAGE.format(f'<a href="{address}">ici</a> <a href="https://example.org/">là</a>'))
    assert links(document) == ["https://example.org/"]


def test_a_renderer_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    started = time.monotonic()
    with pytest.raises(pdf.PdfError, match="no document after 1 s"):
        pdf.render("x", timeout=1)
    assert time.monotonic() - started < 5


SLOWLY = """
import sys, time
begun = time.monotonic()
while time.monotonic() - begun < {seconds}:
    turn = time.process_time()
    while time.process_time() - turn < 0.02: pass
    time.sleep(0.02)
print("%PDF-1.7 late", len(sys.stdin.read()), "%%EOF")
"""


def test_a_renderer_that_a_busy_machine_starves_has_twice_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", SLOWLY.format(seconds=3)))
    assert b"late 1000000 " in pdf.render("x" * 10**6, timeout=2), "a long document, which does not wait in the pipe"


def test_a_renderer_that_works_without_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", SLOWLY.format(seconds=60)))
    with pytest.raises(pdf.PdfError, match="no document after 2 s"):
        pdf.render("x", timeout=1)


@pytest.mark.parametrize(
    "child",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import sys; sys.exit(3)",
        "pass",
        "print('%PDF-1.7 and then nothing')",
        "raise MemoryError('the text of somebody')",
    ],
)
def test_a_renderer_that_dies_gives_an_error_and_no_part_of_a_pdf(child: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", child))
    with pytest.raises(pdf.PdfError) as caught:
        pdf.render("x")
    assert "somebody" not in str(caught.value)


def test_a_renderer_that_cannot_start_gives_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "COMMAND", ("/nonexistent/renderer",))
    with pytest.raises(pdf.PdfError, match="could not start"):
        pdf.render("x")


def test_memory_has_a_limit() -> None:
    with pytest.raises(pdf.PdfError):
        pdf.render(PAGE.format("<p>x</p>"), memory_mb=40)


def test_after_a_failure_the_next_document_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "COMMAND", (sys.executable, "-c", "raise SystemExit(1)"))
        with pytest.raises(pdf.PdfError):
            pdf.render("x")
    assert pdf.render(PAGE.format("<p>Bonjour</p>")).startswith(b"%PDF-")


def test_at_most_two_documents_are_rendered_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.05)
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", "import time; time.sleep(1)"))
    outcomes: list[type[pdf.PdfError]] = []

    def ask() -> None:
        try:
            pdf.render("x", timeout=5)
        except pdf.PdfError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(pdf.PdfBusy) == 3


def test_a_line_is_filled_though_the_space_after_it_is_too_wide() -> None:
    """At some width the last line fits and the space before what follows does not: it was cut after its first word."""
    words = "un deux trois quatre cinq six sept huit neuf dix onze douze treize vingt"
    texts = [f"{words} {words} {words}"[:end].rpartition(" ")[0] for end in range(155, 230, 6)]
    style = "margin: 0; font: 12px sans-serif"
    lines = "".join(
        f"<p style='{style}; width: {w}px'>{each} <b>Fin.</b></p>" for w in range(150, 170, 4) for each in texts
    )
    read = "".join(
        each.extract_text() + "\n" for each in pypdf.PdfReader(BytesIO(pdf.render(PAGE.format(lines)))).pages
    )
    assert read.count("Fin.") == 5 * len(texts)
    assert re.findall(r"^(un|deux|trois|huit|dix)$", read, re.M) == []
