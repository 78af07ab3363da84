"""Makes `0001.zip`, the archive of an installation as it was at the schema's first step, by the code of that day.

`.venv/bin/python tests/faults/golden/make.py`: takes that day's tree from git, lays today's writer of archives into it,
and lets it fill and save a database. Made once; the file is kept, so that each later step is tried on real old rows.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECOND_STEP = "questionnaire/migrations/versions/0002_documents.py"
WRITER = "questionnaire/storage/archive.py"


def git(*words: str) -> bytes:
    """Return what git answers about this checkout."""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


def main() -> None:
    """Make the archive beside this file."""
    last = git("log", "--format=%h", "--diff-filter=A", "--", SECOND_STEP).decode().strip() + "~1"
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(git("archive", last, "questionnaire", "tests"))) as tree:
            tree.extractall(folder, filter="data")
        (Path(folder) / WRITER).write_bytes((ROOT / WRITER).read_bytes())
        target = Path(__file__).with_name("0001.zip")
        program = str(Path(__file__).with_name("fill_0001.py"))
        subprocess.run([sys.executable, "-P", program, folder, target], env={"PYTHONPATH": folder}, check=True)


if __name__ == "__main__":
    main()
