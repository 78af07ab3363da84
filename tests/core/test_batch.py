"""`questionnaire score --batch`: a folder scored file by file, as one by one, whatever some of them hold."""

import json
import os
from pathlib import Path
from shutil import copyfile

from tests.core.test_command_line import EXAMPLE, PUBLISHED, refused, run

EXAMPLES = EXAMPLE.parent


def a_folder(folder: Path, copies: int) -> Path:
    """Fill a folder with each example, so many times."""
    for path in EXAMPLES.glob("*.json"):
        for number in range(copies):
            copyfile(path, folder / f"{path.stem}-{number}.json")
    return folder


def test_each_file_has_the_result_that_it_has_alone(tmp_path: Path) -> None:
    """Enough files for every processor to take some; in the order of their names."""
    done = run("score", "--batch", a_folder(tmp_path, 20))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [line["file"] for line in lines] == sorted(path.name for path in tmp_path.iterdir())
    for path in EXAMPLES.glob("*.json"):
        alone = json.loads(run("score", path).stdout)
        assert [line["result"] for line in lines if line["file"].startswith(path.stem)] == [alone] * 20


def test_it_stops_at_nothing_and_lists_what_failed(tmp_path: Path) -> None:
    a_folder(tmp_path, 1)
    (tmp_path / "coupé.json").write_bytes(EXAMPLE.read_bytes()[:200])
    (tmp_path / "profond.json").write_text("[" * 100_000)
    (tmp_path / "dossier.json").mkdir()
    (tmp_path / "ailleurs.json").symlink_to(tmp_path / "nulle-part")
    os.mkfifo(tmp_path / "tuyau.json")
    (tmp_path / "lisez-moi.txt").write_text("Ce n’est pas un fichier de réponses.")
    done = run("score", tmp_path, "--batch", "--framework", PUBLISHED)
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 3
    said = done.stderr.replace("\u202f", " ")
    assert "Traceback" not in said
    for name in ("coupé", "profond", "dossier", "ailleurs", "tuyau"):
        assert f"{tmp_path}/{name}.json : " in said
    assert "lisez-moi" not in said
    assert said.endswith("5 sur 8 sans résultat ; les autres sont calculés.\n")


def test_nothing_to_score_is_said(tmp_path: Path) -> None:
    assert "aucun fichier .json" in refused("score", "--batch", tmp_path)
    assert "n’existe pas" in refused("score", "--batch", tmp_path / "nulle-part")
