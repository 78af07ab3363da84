"""What must hold between the parts of a framework file: unique ids, references that lead somewhere, complete levels.

Works on plain values, so that these faults are found beside those of shape (FRAMEWORK.md, end of section 1). Conditions
and profile questions have their own file, `conditions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import Any

from questionnaire.core.faults import Path, quoted
from questionnaire.core.loading.conditions import check_conditions, check_profile, option_codes
from questionnaire.core.loading.finding import CRITERIA, QUESTIONS, RECOMMENDATIONS, find, names, texts

Problem = tuple[Path, str]

NAMES = {
    "dimension": ("dimensions.*.id",),
    "critère": (f"{CRITERIA}.id",),
    "question du profil": ("profile.*.id",),
    "question": (f"{QUESTIONS}.id",),
    "règle": ("rules.*.id",),
    "ressource": ("resources.*.id",),
    "repère": ("benchmarks.*.id",),
    "effort": ("plan.efforts.*.id",),
    "horizon": ("plan.horizons.*.id",),
    "stade": ("stages.*.label",),
}
NAMESPACES = (("question du profil", "question"), *((kind,) for kind in NAMES if not kind.startswith("question")))
REFERENCES = {
    "critère": ("rules.*.alert", f"{RECOMMENDATIONS}.after.*"),
    "question du profil": ("first_look.profile.*",),
    "question": ("rules.*.not_applicable.*", "first_look.questions.*.question", "first_look.questions.*.instead"),
    "ressource": ("rules.*.resources.*", f"{RECOMMENDATIONS}.resources.*", "resources.*.replaces"),
    "effort": (f"{RECOMMENDATIONS}.effort",),
    "horizon": (f"{RECOMMENDATIONS}.horizon", "plan.quick_horizon"),
    "stade": ("scoring.essential_cap",),
}


def check(values: Any, departments: frozenset[str]) -> Iterator[Problem]:
    """Yield the path and the French sentence of every fault that shape alone does not show."""
    yield from _repeated(values)
    yield from _dangling(values)
    yield from _dangling_sources(values)
    yield from _dangling_objectives(values, departments)
    yield from _levels(values)
    yield from _stages(values)
    yield from _unsourced(values)
    yield from _cycles(values)
    yield from check_profile(values, departments)
    yield from check_conditions(values, departments)


def _repeated(values: Any) -> Iterator[Problem]:
    for kinds in NAMESPACES:
        seen: set[str] = set()
        for path, name in texts(values, *(pattern for kind in kinds for pattern in NAMES[kind])):
            if name in seen:
                yield path, f"{quoted(name)} désigne déjà autre chose : un nom ne sert qu’une fois"
            seen.add(name)


def _dangling(values: Any) -> Iterator[Problem]:
    for kind, patterns in REFERENCES.items():
        known = names(values, *NAMES[kind])
        for path, name in texts(values, *patterns):
            if name not in known and NAMES[kind][0].partition(".")[0] in values:
                yield path, f"{kind} {quoted(name)} introuvable : corrigez le nom, ou ajoutez ce qu’il désigne"


def _dangling_sources(values: Any) -> Iterator[Problem]:
    sources = values.get("sources")
    if isinstance(sources, dict):
        for path, ref in texts(values, f"{CRITERIA}.sources.*.ref", "benchmarks.*.source"):
            if ref not in sources:
                yield path, f"source {quoted(ref)} introuvable : corrigez la référence, ou ajoutez la source"


def _dangling_objectives(values: Any, departments: frozenset[str]) -> Iterator[Problem]:
    questions = (question for _, question in find(values, "profile.*") if isinstance(question, dict))
    objective: Any = next((question for question in questions if question.get("id") == "objective"), {})
    known = option_codes(objective, departments)
    for path, code in texts(values, f"{CRITERIA}.serves.*"):
        if code not in known:
            yield path, f"{quoted(code)} n’est pas une option de la question « objective » du profil"


def _levels(values: Any) -> Iterator[Problem]:
    for pattern, wanted in ((f"{QUESTIONS}.levels", (1, 2, 3, 4)), (f"{CRITERIA}.recommendations", (1, 2))):
        for path, levels in find(values, pattern):
            if isinstance(levels, dict):
                yield from _exactly(path, levels, wanted)
    scale = [level for _, level in find(values, "scale.levels.*.level")]
    for number in (1, 2, 3, 4):
        if scale and number not in scale:
            yield ("scale", "levels"), f"niveau {number} absent : décrivez les quatre niveaux, une fois chacun"


def _exactly(path: Path, levels: dict[Any, Any], wanted: tuple[int, ...]) -> Iterator[Problem]:
    for number in wanted:
        if number not in levels:
            yield path, f"niveau {number} absent : ajoutez-le"
    for key in levels:
        if key not in wanted:
            yield (*path, key), f"niveau inconnu {quoted(key)} : les niveaux attendus sont {wanted[0]} à {wanted[-1]}"


def _stages(values: Any) -> Iterator[Problem]:
    before: Any = None
    for path, start in find(values, "stages.*.from"):
        if type(start) not in (int, Fraction):
            continue
        if path[1] == 0 and start != 0:
            yield path, "le premier stade part de 0"
        elif before is not None and start <= before:
            yield path, "chaque stade part d’un score plus haut que le précédent"
        before = start


def _unsourced(values: Any) -> Iterator[Problem]:
    for path, benchmark in find(values, "benchmarks.*"):
        if isinstance(benchmark, dict) and not {"source", "url"} & set(benchmark):
            yield path, "repère sans origine : ajoutez « source » ou « url »"


def _cycles(values: Any) -> Iterator[Problem]:
    """Look for a criterion that would wait for itself, over the recommendations of both levels together."""
    waits: dict[str, dict[str, Path]] = {}
    for path, criterion in find(values, CRITERIA):
        if isinstance(criterion, dict) and isinstance(criterion.get("id"), str):
            edges = waits.setdefault(criterion["id"], {})
            for place, name in find(criterion, "recommendations.*.after.*", path):
                edges.setdefault(name, place) if isinstance(name, str) else None
    while cycle := _cycle(waits):
        chain = list(reversed(cycle))
        place = waits[chain[0]].pop(chain[1])
        yield place, f"boucle dans « after » ({' → '.join(map(quoted, chain))}) : retirez l’un de ces liens"


def _cycle(waits: dict[str, dict[str, Path]]) -> list[str] | None:
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return None
