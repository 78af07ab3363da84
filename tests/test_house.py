"""The house keeps its own rules: sizes, names, rooms, hashes, nothing of one machine, and a wheel that works alone.

Each rule is a function from a source to what is wrong with it, so that a planted fault can show that it catches.
"""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pip._internal.models.index import PyPI

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [
    *sorted((ROOT / "questionnaire").rglob("*.py")),
    *sorted((ROOT / "tests").rglob("*.py")),
    ROOT / "script/vendor",
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "service", "services", "manager", "managers", "misc"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)


# --- Sizes and names -------------------------------------------------------------------------------------------------


def docstring_lines(node: ast.Module | Function | ast.ClassDef) -> int:
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def oversized(source: str) -> list[str]:
    """What is longer than its outer limit, docstrings not counted: functions 50 lines, modules 300.

    A step of migrations/versions is a list of tables, written once and never read again: it is not held to it.
    """
    tree = ast.parse(source)
    inner = [node for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)]
    lines = len(source.splitlines()) - sum(map(docstring_lines, [tree, *inner]))
    wrong = [f"module: {lines} lines"] if lines > 300 else []
    for node in inner:
        length = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
        if isinstance(node, Function) and length > 50:
            wrong.append(f"{node.name}: {length} lines")
    return wrong


@pytest.mark.parametrize("path", [path for path in PYTHON if path.parent.name != "versions"], ids=label)
def test_modules_and_functions_stay_short(path: Path) -> None:
    assert oversized(path.read_text()) == []


def test_a_long_function_would_be_caught() -> None:
    body = "    x = 1\n" * 51
    assert oversized(f'def long() -> None:\n    """Says."""\n{body}') == ["long: 52 lines"]
    assert oversized("x = 1\n" * 301) == ["module: 301 lines"]


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_templates_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 150


@pytest.mark.parametrize("path", PYTHON, ids=label)
def test_a_file_first_says_what_it_is_for(path: Path) -> None:
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source)) or not source.strip()


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        label(path) for path in [*PYTHON, *TEMPLATES] if FORBIDDEN & {path.stem, *path.relative_to(ROOT).parts}
    ] == []


def marked_up(source: str) -> list[str]:
    """What a template may not hold: the CSP forbids inline style and script; |safe is for our own SVG and fragment."""
    return re.findall(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|\|\s*safe\b|TODO|FIXME", source)


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=label)
def test_templates_hold_no_inline_style_or_script_nor_safe(path: Path) -> None:
    assert marked_up(path.read_text()) == []


def test_an_inline_style_would_be_caught() -> None:
    assert len(marked_up('<p style="x"><script>1</script><a onclick="x">{{ y|safe }}')) == 4


def frames_out_of_order(markup: str) -> list[str]:
    """Return the frames of drawings whose numbers a browser would not read: any space but the plain one."""
    return [each for each in re.findall(r'viewBox="([^"]*)"', markup) if re.search(r"[^\S ]", each)]


def test_the_frame_of_each_drawing_can_be_read() -> None:
    assert [path.name for path in TEMPLATES if frames_out_of_order(path.read_text())] == []
    assert frames_out_of_order('<svg viewBox="0 0 260\u202f246">')


ROOMS = {("questionnaire", room) for room in ("core", "spreadsheets", "web")}
FRENCH = [  # what people read; an operator's terminal may lack the narrow space
    *TEMPLATES,
    *(path for path in PYTHON if path.relative_to(ROOT).parts[:2] in ROOMS),
]
WIDE = re.compile(r"(?:\A|(?<=[\w»)’”…%}>])) [;:!?](?=[\s<\"')]|$)|« | »", re.MULTILINE)


def wide_spaces(source: str, suffix: str) -> list[str]:
    """What a line could break at: an ordinary space before ; : ! ? or inside « ». Comments and docstrings are ours."""
    if suffix != ".py":
        return WIDE.findall(re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL))
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return [each for text in texts if isinstance(text, str) for each in WIDE.findall(text)]


@pytest.mark.parametrize("path", FRENCH, ids=label)
def test_french_signs_keep_their_narrow_space(path: Path) -> None:
    assert wide_spaces(path.read_text(), path.suffix) == []


def test_a_wide_space_would_be_caught() -> None:
    assert wide_spaces("<p>Et après ? « oui »</p>{# « non » #}", ".html") == [" ?", "« ", " »"]
    assert wide_spaces('"""« Ours » : fine."""\nSAID = f"Ligne {1} : faux"\n', ".py") == [" :"]
    assert wide_spaces("<p>Et après\u202f? «\u202foui\u202f»</p>{{ a if b else c }}", ".html") == []


# --- Rooms -----------------------------------------------------------------------------------------------------------


def lint_imports(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_import_across_rooms_would_be_caught(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "questionnaire", tmp_path / "questionnaire", ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "questionnaire/core/scoring.py").open("a") as module:
        module.write("\nimport flask\n")
    linted = lint_imports(tmp_path)
    assert linted.returncode == 1
    assert "The core knows neither the web nor the store nor the paper BROKEN" in linted.stdout


# --- What others made ------------------------------------------------------------------------------------------------


def test_vendored_files_are_what_the_list_says() -> None:
    checked = run(sys.executable, "script/vendor", "--check")
    assert checked.returncode == 0, checked.stderr


def test_a_changed_vendored_file_would_be_caught(tmp_path: Path) -> None:
    packages = tomllib.loads((ROOT / "script/vendor.toml").read_text())["package"]
    for name in [
        "script/vendor",
        "script/vendor.toml",
        *(file["to"] for package in packages for file in package["file"]),
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    with (tmp_path / "questionnaire/frameworks/regions.json").open("a") as regions:
        regions.write(" ")
    checked = run(sys.executable, "script/vendor", "--check", cwd=tmp_path)
    assert checked.returncode == 1
    assert "questionnaire/frameworks/regions.json" in checked.stderr


# --- Nothing of one machine ------------------------------------------------------------------------------------------


def configured_addresses() -> Iterator[str]:
    """Each package registry this machine knows of: pip's own, those of its settings, of uv, npm and apt."""
    yield from (PyPI.url, PyPI.file_storage_domain)
    yield from run(sys.executable, "-m", "pip", "config", "list").stdout.replace("'", " ").split()
    yield from (value for name, value in os.environ.items() if re.match(r"(PIP|UV|NPM|npm)_", name))
    if npm := shutil.which("npm"):
        yield run(npm, "config", "get", "registry").stdout.strip()
    for file in [*Path("/etc/apt").glob("sources.list*"), *Path("/etc/apt").glob("sources.list.d/*")]:
        if file.is_file():
            yield from file.read_text().split()


def hosts(addresses: Iterator[str]) -> set[str]:
    return {
        urlsplit(word if "://" in word else "//" + word).hostname or ""
        for word in addresses
        if ("." in word and "/" in word) or word == PyPI.file_storage_domain
    }


def project_files() -> Iterator[tuple[str, bytes]]:
    """Each file of the project, whether git knows it already or not."""
    for top in ROOT.iterdir():
        if top.name in {".git", ".venv", ".hypothesis", "instance", "dist", "mutants"} or top.name.endswith("_cache"):
            continue
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                yield label(path), path.read_bytes()


def test_no_file_names_a_package_registry() -> None:
    known = {host for host in hosts(configured_addresses()) if "." in host}
    assert len(known) >= 2, "the default registry at least is known"
    assert [(name, host) for name, data in project_files() for host in known if host.encode() in data] == []


def test_no_file_names_a_folder_of_this_machine() -> None:
    here = {f"{ROOT}/", f"{Path.home()}/"} - {"//"}
    assert [(name, folder) for name, data in project_files() for folder in here if folder.encode() in data] == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=label)
def test_a_lock_names_packages_versions_and_hashes_only(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    allowed = re.compile(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ /]+( ; [^/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not allowed.fullmatch(line)] == []


# --- The wheel -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `questionnaire` command of a fresh environment that holds the wheel: the checkout is out of its reach."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert built.returncode == 0, built.stderr
    assert run(sys.executable, "-m", "venv", "--without-pip", folder / "env").returncode == 0
    # The libraries of this environment, but not its link to the checkout: a path in a .pth file reads no other .pth.
    library = next((folder / "env/lib").iterdir()) / "site-packages"
    (library / "libraries.pth").write_text(str(Path(pytest.__file__).parent.parent))
    (wheel,) = folder.glob("*.whl")
    command: list[str | Path] = [
        Path(sys.executable).parent / "uv",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        folder / "env/bin/python",
        wheel,
    ]
    assert (done := run(*command)).returncode == 0, done.stderr
    return folder / "env/bin/questionnaire"


def test_the_wheel_scores_and_prints_a_pdf(installed: Path, tmp_path: Path) -> None:
    answers = ROOT / "examples/cafe-associatif-rural.json"
    scored = run(installed, "score", answers, cwd=tmp_path)
    assert (scored.returncode, scored.stderr) == (0, "")
    assert '"faire-alliance"' in scored.stdout
    assert run(installed, "report", answers, "-o", tmp_path / "out.pdf", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_the_wheel_serves_its_pages_and_files(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "QUESTIONNAIRE_INSTANCE": str(tmp_path / "instance")}
    server = subprocess.Popen([installed, "serve", "--port", str(port)], cwd=tmp_path, env=environment)
    try:
        assert b"Faire alliance" in fetched(f"{base}/", patience=15)
        assert b"--papier" in fetched(f"{base}/static/tokens.css")
    finally:
        server.terminate()
        server.wait(10)


def fetched(url: str, patience: float = 0) -> bytes:
    """The body at an address, tried again while the server starts."""
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                body: bytes = response.read()
                return body
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
