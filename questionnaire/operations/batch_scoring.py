"""Scores a whole folder of answers files, on every processor, stopping at nothing. Reads files: no database, no web."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from questionnaire.core.answers import AnswersError, parse_answers
from questionnaire.core.faults import Fault, unreadable
from questionnaire.core.framework import Framework
from questionnaire.core.loading import Catalogue, published
from questionnaire.core.plan import make_plan
from questionnaire.core.result import result_document
from questionnaire.core.scoring import score
from questionnaire.operations.files import Refusal, read_bytes

AT_ONCE = 50  # files handed to a processor together: the hand-over then costs nothing


@dataclass(frozen=True)
class Scored:
    """What became of one file: a line of JSON with its result, or what to say of it, a line for each fault."""

    line: str = ""
    faults: tuple[str, ...] = ()


def score_folder(folder: Path, framework: Framework | None) -> list[str]:
    """Print a line for each file that could be scored; return what to say of those that could not.

    A line is `{"file": its name, "result": as "score" prints it}`, in the order of the names. Raises Refusal where
    there is nothing to score.
    """
    files = _answers_files(folder)
    refused: list[Scored] = []
    for each in tqdm(score_all(files, framework), total=len(files), unit=" fichiers", disable=not sys.stderr.isatty()):
        sys.stdout.buffer.write(each.line.encode())
        if each.faults:
            refused.append(each)
    sys.stdout.buffer.flush()
    if not refused:
        return []
    rest = f"{len(refused)} sur {len(files)} sans résultat ; les autres sont calculés."
    return [*(fault for each in refused for fault in each.faults), rest]


def score_all(files: list[Path], framework: Framework | None) -> Iterator[Scored]:
    """Score every file, in order; with `framework`, against it instead of the one each file names."""
    source = framework or published()
    if len(files) <= AT_ONCE:
        yield from (_scored(path, source) for path in files)
        return
    with ProcessPoolExecutor(os.cpu_count(), initializer=_keep, initargs=(source,)) as processors:
        yield from processors.map(_scored_there, files, chunksize=AT_ONCE)


def _answers_files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise Refusal([Fault(None, "", unreadable(error), file=str(folder))]) from None
    if not found:
        raise Refusal([Fault(None, "", "aucun fichier .json dans ce dossier", file=str(folder))])
    return found


_kept: list[Catalogue | Framework] = []  # in a child: what each of its files is scored against


def _keep(source: Catalogue | Framework) -> None:
    _kept.append(source)


def _scored_there(path: Path) -> Scored:
    return _scored(path, _kept[0])


def _scored(path: Path, source: Catalogue | Framework) -> Scored:
    if path.exists() and not path.is_file():  # a pipe would be waited for
        return _faulty(path, Fault(None, "", "ce n’est pas un fichier"))
    try:
        answer_set, framework = parse_answers(read_bytes(path), source)
    except AnswersError as error:
        return _faulty(path, *error.faults)
    except Refusal as refusal:
        return Scored(faults=refusal.lines)
    scorecard = score(framework, answer_set)
    result = result_document(scorecard, make_plan(framework, answer_set, scorecard))
    line = json.dumps({"file": path.name, "result": result}, ensure_ascii=False, separators=(",", ":"))
    return Scored(line + "\n")


def _faulty(path: Path, *faults: Fault) -> Scored:
    return Scored(faults=tuple(str(replace(fault, file=str(path))) for fault in faults))
