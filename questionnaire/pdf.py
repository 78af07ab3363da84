"""HTML string to PDF bytes, in a child process with limits on time, memory and processor.

It knows nothing of the questionnaire. It may read our own static files and nothing else: no network, no other file. A
document that asks for more is rendered without it; a renderer that dies, hangs or eats memory gives `PdfError`, never a
part of a PDF.
"""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, uses_netloc, uses_relative

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from weasyprint.urls import URLFetcherResponse

STATIC = Path(__file__).parent / "static"
SCHEME = "asset"
PRINTED = 4  # the flag of an annotation that prints as it shows (PDF 1.7, 12.5.3)
ATTACHMENT = "attachment:"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a file's dates must not change the document's bytes
CLICKABLE = ("https://", "http://", "mailto:", "#")
SELDOM = (100_000, 50, 100)  # how often memory is looked through for cycles
AT_ONCE = 2
PATIENCE = 3.0
LOOKS = 10  # how often, within its time, a renderer is looked at
STARVED = 2  # how many times its time a renderer may take while a busy machine gives it little to work with
COMMAND = (sys.executable, "-P", "-m", "questionnaire.pdf")
TYPES = {".css": "text/css", ".woff2": "font/woff2", ".woff": "font/woff", ".svg": "image/svg+xml", ".png": "image/png"}

_places = BoundedSemaphore(AT_ONCE)


class PdfError(Exception):
    """The document could not be rendered; the message says why in a word, without a line of the document."""


class PdfBusy(PdfError):
    """Two documents are being rendered already: worth trying again."""


def render(html: str, *, timeout: float = 20.0, memory_mb: int = 512) -> bytes:
    """Return the PDF of a whole HTML document; the same HTML gives the same bytes.

    Each `<meta name="attachment:NAME" content="TEXT" data-description="…">` becomes an attached file.

    The child has `timeout` seconds, of the clock if it does nothing, of the processor if it works (at most twice as
    many by the clock): a busy machine makes documents late, and does not throw away what is half drawn.

    Raises `PdfBusy` when both places stay taken, `PdfError` when the child fails or runs over its time or memory.
    """
    if not _places.acquire(timeout=PATIENCE):
        raise PdfBusy("busy")
    try:
        return _whole(_run_child(html.encode("utf-8"), timeout, memory_mb))
    finally:
        _places.release()


def fingerprint(html: str) -> str:
    """Return what names the PDF of this HTML: of its words, our static files and this renderer's version."""
    return hashlib.sha256(_renderer() + html.encode("utf-8")).hexdigest()


@cache
def _renderer() -> bytes:
    digest = hashlib.sha256(f"weasyprint {version('weasyprint')}".encode() + Path(__file__).read_bytes())
    for path in sorted(path for path in STATIC.rglob("*") if path.suffix in TYPES):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


def _run_child(document: bytes, timeout: float, memory_mb: int) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, str(memory_mb), str(int(timeout) + 1)]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "TZ": "UTC"}
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
    except OSError as error:
        raise PdfError("the renderer could not start") from error
    ended = Event()
    with child, ThreadPoolExecutor(1) as watching:
        killed = watching.submit(_kill_in_time, child, timeout, ended)
        try:
            output, errors = child.communicate(document)
        except BaseException:
            child.kill()
            raise
        finally:
            ended.set()
    if after := killed.result():
        raise PdfError(f"no document after {after:.0f} s")
    return subprocess.CompletedProcess(command, child.returncode, output, errors)


def _kill_in_time(child: subprocess.Popen[bytes], timeout: float, ended: Event) -> float:
    """Kill the child once it hangs, or works without end; return after how many seconds, 0 where it ended by itself."""
    started, used = time.monotonic(), -1
    while not ended.wait(timeout / LOOKS):
        spent, before, used = time.monotonic() - started, used, _processor_time(child.pid)
        if spent > timeout * STARVED or (spent > timeout and used == before):
            child.kill()
            return spent
    return 0


def _processor_time(process: int) -> int:
    """Return the processor time of one of our processes, in ticks; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])  # utime and stime, see proc_pid_stat(5)


def _whole(child: subprocess.CompletedProcess[bytes]) -> bytes:
    """Return the child's output if it is a whole PDF."""
    if child.returncode != 0:
        raise PdfError(f"the renderer ended with {child.returncode}{_last_word(child.stderr)}")
    if not (child.stdout.startswith(b"%PDF-") and child.stdout.rstrip().endswith(b"%%EOF")):
        raise PdfError("the renderer gave no whole document")
    return child.stdout


def _last_word(stderr: bytes) -> str:
    """Return the exception's name from a traceback, not its text, which may quote the document."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1].split(':')[0][:80]}" if lines else ""


def _asset(url: str) -> tuple[Path, str]:
    """Return the static file a URL names and its type. Raises `ValueError` for anything else."""
    parts = urlsplit(url)
    path = (STATIC / unquote(parts.path).lstrip("/")).resolve()
    kind = TYPES.get(path.suffix)
    if parts.scheme != SCHEME or parts.netloc or kind is None or not path.is_relative_to(STATIC.resolve()):
        raise ValueError("refused: only our own static files are read")
    return path, kind


def _write_pdf(html: bytes) -> bytes:
    """Render here, in the child. WeasyPrint is imported only here: the parent must not pay for it."""
    from weasyprint import HTML, Attachment
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):  # type: ignore[misc]
        """Serves `asset:///name` from the static folder and refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            path, kind = _asset(url)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    uses_relative.append(SCHEME)
    uses_netloc.append(SCHEME)
    document = HTML(string=html.decode("utf-8"), base_url=f"{SCHEME}:///", url_fetcher=OwnAssets())
    _disarm(document.etree_element)
    identifier = hashlib.sha256(html).digest()[:16]
    files = [Attachment(**given) for given in _attachments(document.etree_element)]
    options = {
        "pdf_variant": "pdf/ua-1",
        "pdf_tags": True,
        "pdf_forms": True,
        "pdf_identifier": identifier,
        "attachments": files,
    }
    return bytes(document.write_pdf(finisher=_finish, **options))


def _hurry() -> None:
    """Save a seventh of the time for the same bytes: what stays is not collected, and pages are listed once.

    pydyf lists all pages anew for each element of the structure: a long report has 25,000 elements on 200 pages.
    """
    import weasyprint  # noqa: F401 - before what stays is counted
    from pydyf import PDF

    gc.freeze()
    gc.set_threshold(*SELDOM)
    PDF.page_references = property(lambda pdf: _page_references(pdf, pdf.pages["Count"]))


def _fill_lines() -> None:
    """Keep a last line whole when only the space after it is too wide: WeasyPrint then cuts it after its first word."""
    from weasyprint.layout import inline

    split = inline.split_first_line

    def split_whole(text: str, *rest: Any, **named: Any) -> Any:
        line = split(text, *rest, **named)
        _, length, resume, *_ = line
        if resume is None or not text.endswith(" ") or " " in text.encode()[:length].decode().strip():
            return line
        whole = split(text.rstrip(" "), *rest, **named)
        return whole if whole[2] is None else line

    inline.split_first_line = split_whole


@lru_cache(maxsize=1)
def _page_references(pdf: Any, count: int) -> tuple[bytes, ...]:
    return tuple(f"{number} 0 R".encode("ascii") for number in pdf.pages["Kids"][::3])


def _finish(_: Any, made: Any) -> None:
    """Say what WeasyPrint leaves unsaid: which way header cells point, that links are printed too, whose a radio is."""
    for each in made.objects:
        if isinstance(each, dict) and each.get("S") == "/TH" and "ID" in each:
            row = each["ID"].string.split("-")[1]
            each["A"]["Scope"] = "/Column" if row == "0" else "/Row"
        elif isinstance(each, dict) and each.get("Type") == "/Annot":
            each["F"] = PRINTED
    _group_radios(made)


def _group_radios(made: Any) -> None:
    """Make each radio button a part of its group alone, the group named by what stands before " – " in its title.

    WeasyPrint lists the buttons beside their group as fields of the same name, which form readers take for twins.
    """
    named: dict[bytes, Any] = {each.reference: each for each in made.objects if hasattr(each, "get") and "FT" in each}
    form = made.catalog.get("AcroForm", {"Fields": []})
    for button in [each for each in named.values() if "Parent" in each]:
        group = named[button["Parent"]]
        group["TU"] = type(group["TU"])(button["TU"].string.partition(" – ")[0])
        button.pop("T")
        form["Fields"].remove(button.reference)


def _attachments(root: Element) -> Iterator[dict[str, Any]]:
    dated = {"created": LONG_AGO, "modified": LONG_AGO}
    for element in root.iter("meta"):
        if (name := element.get("name", "")).startswith(ATTACHMENT):
            file = name.removeprefix(ATTACHMENT)
            yield {
                "name": file,
                "string": element.get("content", ""),
                "description": element.get("data-description", file),
                **dated,
            }


def _disarm(root: Element) -> None:
    """Take away every link but those to the web, to a mail address and within the document: readers run them."""
    for element in root.iter():
        if str(element.tag).rpartition("}")[2] in ("a", "area"):
            for name in [name for name, value in element.items() if name.endswith("href") and not _clickable(value)]:
                del element.attrib[name]


def _clickable(address: str) -> bool:
    return address.strip().lower().startswith(CLICKABLE)


def main() -> None:
    """Read HTML on stdin, write a PDF on stdout, within the memory (MB) and processor seconds of the command line."""
    memory, seconds = int(sys.argv[1]) * 1024 * 1024, int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.nice(5)
    _hurry()
    _fill_lines()
    sys.stdout.buffer.write(_write_pdf(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
