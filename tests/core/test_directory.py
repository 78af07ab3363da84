"""The directory of resources: strictly read, merged by id, looked over, and never said twice in a report."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.directory import Directory
from questionnaire.core.directory_remarks import Remarks, remarks
from questionnaire.core.loading import (
    FrameworkError,
    installed_directory,
    load_directory,
    published,
    published_directory,
)
from questionnaire.core.report import Around, Report, build_report
from questionnaire.core.report_model import DirectoryPart
from questionnaire.core.territory import regions

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 25)
OWN = """\
directory: {title: Chez nous, language: fr}
kinds:
- {code: place, label: Lieu}
resources:
- id: house
  name: Maison des associations
  purpose: trouver une salle
  serves: les associations du département
  kind: place
  regions: ['76']
  themes: [ECO]
  needs: [mobility]
  url: https://maison.example/
  checked: '2026-11-20'
- id: guidasso
  name: Guid’Asso chez nous
  purpose: poser une question
  serves: toutes les associations
  kind: support
"""
# What stands in the file, what takes its place, and words of the fault expected on that line.
FAULTS = [
    ("kind: place", "kind: shop", "sorte « shop » introuvable"),
    ("themes: [ECO]", "themes: [ECO, XXX]", "thème « XXX » introuvable"),
    ("needs: [mobility]", "needs: [money]", "besoin « money » introuvable"),
    ("regions: ['76']", "regions: ['20']", "région « 20 » inconnue"),
    ("regions: ['76']", "regions: [76]", "mettez la valeur entre guillemets"),
    ("id: guidasso", "id: house", "désigne déjà autre chose"),
    ("checked: '2026-11-20'", "checked: '20/11/2026'", "une date s’écrit entre guillemets"),
    ("checked: '2026-11-20'", "checked: '20261120'", "une date s’écrit entre guillemets"),
    ("checked: '2026-11-20'", "checked: 2026-11-20", "mettez des guillemets"),
    ("url: https://maison.example/", "url: javascript:alert(1)", "une adresse commence par https://"),
    ("  serves: les associations du département\n", "", "clé obligatoire absente"),
    ("  kind: place\n", "  kind: place\n  phone: '12'\n", "clé inconnue"),
    ("name: Maison des associations", "name: ''", "texte vide"),
]


def own(tmp_path: Path, text: str = OWN) -> Directory:
    """Return the published directory with this file after it."""
    file = tmp_path / "resources.yaml"
    file.write_text(text, "utf-8")
    return load_directory(file, published_directory())


def report(directory: Directory, department: str, name: str = "cafe-associatif-rural") -> Report:
    """Return the report of an example that acts in this department."""
    document = json.loads((ROOT / "examples" / f"{name}.json").read_text("utf-8"))
    document["profile"]["department"] = department
    answers, framework = parse_answers(json.dumps(document).encode(), published())
    return build_report(framework, answers, around=Around(directory))


@pytest.mark.parametrize(("there", "instead", "expected"), FAULTS)
def test_each_fault_is_told_with_its_line(tmp_path: Path, there: str, instead: str, expected: str) -> None:
    assert there in OWN
    with pytest.raises(FrameworkError) as error:
        own(tmp_path, OWN.replace(there, instead, 1))
    (fault,) = error.value.faults
    assert expected in fault.message.replace("\u202f", " ")
    assert fault.line
    assert fault.file.endswith("resources.yaml")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = OWN
    for there, instead in (("kind: place", "kind: shop"), ("themes: [ECO]", "themes: [X]"), ("['76']", "['20']")):
        text = text.replace(there, instead, 1)
    with pytest.raises(FrameworkError) as error:
        own(tmp_path, text)
    assert len(error.value.faults) == 3


def test_an_operators_resource_replaces_the_published_one_in_its_place(tmp_path: Path) -> None:
    directory = own(tmp_path)
    names = {each.id: each.name for each in directory.resources}
    assert (names["guidasso"], names["house"]) == ("Guid’Asso chez nous", "Maison des associations")
    assert len(directory.resources) == len(published_directory().resources) + 1
    assert installed_directory(tmp_path) == directory


def test_without_an_operators_file_the_published_directory_stands(tmp_path: Path) -> None:
    assert installed_directory(tmp_path) is published_directory()


def test_the_published_directory_speaks_of_the_published_framework() -> None:
    themes = {each.id: each.title for each in published().newest("faire-alliance").dimensions}
    assert published_directory().themes == themes


def test_every_need_has_at_least_two_resources() -> None:
    told = [need for each in published_directory().resources for need in each.needs]
    assert {need: told.count(need) >= 2 for need in published_directory().needs} == dict.fromkeys(
        published_directory().needs, True
    )


def test_a_name_or_an_address_told_twice_is_remarked(tmp_path: Path) -> None:
    twin = OWN.replace("id: guidasso", "id: twin").replace("Guid’Asso chez nous", "MAISON DES ASSOCIATIONS")
    twin += "  url: http://www.maison.example\n"
    found = remarks(own(tmp_path, twin), regions(), TODAY)
    assert [[each.id for each in group] for group in found.same_name] == [["house", "twin"]]
    assert [[each.id for each in group] for group in found.same_address] == [["house", "twin"]]


@pytest.mark.parametrize(("day", "old"), [("2025-11-25", False), ("2025-11-24", True), ("2027-01-01", False)])
def test_an_address_is_read_again_once_a_year(tmp_path: Path, day: str, old: bool) -> None:
    found = remarks(own(tmp_path, OWN.replace("2026-11-20", day)), regions(), TODAY)
    assert ("house" in {each.id for each in found.unchecked}) is old


def test_a_region_without_any_resource_is_named() -> None:
    codes = {each.code for each in remarks(published_directory(), regions(), TODAY).regions_without}
    assert "988" in codes
    assert "53" not in codes


@pytest.mark.parametrize(("department", "chamber"), [("35", "Bretagne"), ("13", "Provence"), ("974", "La Réunion")])
def test_a_report_names_the_help_of_its_own_region_only(department: str, chamber: str) -> None:
    nearby = report(published_directory(), department).directory.nearby
    assert nearby
    assert all(each.regional for each in nearby)
    assert [chamber in each.name for each in nearby if each.id.startswith("cress-")] == [True]


def test_without_a_department_a_report_names_no_region() -> None:
    answers, framework = parse_answers(b'{"framework": "faire-alliance", "answers": {"ECO-1a": 1}}', published())
    directory = build_report(framework, answers, around=Around(published_directory())).directory
    assert (directory.region, directory.nearby) == ("", ())
    assert not any(each.regional for group in directory.themes for each in group.resources)


@pytest.mark.parametrize("department", ["34", "35"])
def test_what_the_framework_already_names_is_not_named_twice(department: str) -> None:
    made = report(published_directory(), department)
    parts = [*(each.resources for each in made.rules), *(each.resources for each in made.plan)]
    framework = {line.url.rstrip("/") for part in parts for line in part if line.url}
    lines = [*made.directory.nearby, *(line for group in made.directory.themes for line in group.resources)]
    told = [line.url.rstrip("/") for line in lines if line.url]
    assert not framework & set(told)
    assert len(told) == len(set(told))


def test_the_directory_changes_nothing_of_the_frameworks_own_resources() -> None:
    with_it, without = report(published_directory(), "34"), report(Directory(), "34")
    assert (with_it.plan, with_it.rules, with_it.result_json) == (without.plan, without.rules, without.result_json)


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [str(Path(sys.executable).parent / "questionnaire"), "resources", "check", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_says_what_to_look_at(tmp_path: Path) -> None:
    own(tmp_path)
    done = command(tmp_path / "resources.yaml", "--on", "2028-01-01")
    assert (done.returncode, done.stderr) == (1, "")
    assert "Adresse à relire" in done.stdout
    assert "lue le 2026-11-20, il y a plus d’un an au 2028-01-01" in done.stdout
    assert "Région sans ressource" in done.stdout


@pytest.mark.parametrize("arguments", [("nowhere.yaml",), ("--on", "demain")])
def test_the_command_refuses_what_it_cannot_read(arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("part", ["same_name", "same_address", "regions_without", "unchecked"])
def test_one_remark_of_any_kind_is_a_remark(part: str) -> None:
    none: dict[str, Any] = dict.fromkeys(("same_name", "same_address", "regions_without", "unchecked"), ())
    assert not Remarks(**none)
    assert Remarks(**none | {part: (object(),)})


def test_two_resources_without_an_address_are_not_the_same_one(tmp_path: Path) -> None:
    bare = OWN.replace("  url: https://maison.example/\n  checked: '2026-11-20'\n", "")
    directory = own(tmp_path, bare)
    assert "house" not in {each.id for group in remarks(directory, regions(), TODAY).same_address for each in group}


def test_a_theme_of_the_plan_is_told_its_own_help_and_little_of_it() -> None:
    directory = published_directory()
    made = report(directory, "34")
    themes = {each.title: each.id for each in published().newest("faire-alliance").dimensions}
    known = {each.id: each.themes for each in directory.resources}
    for group in made.directory.themes:
        assert len(group.resources) <= 3
        assert all(themes[group.title] in known[line.id] for line in group.resources)


@pytest.mark.parametrize("part", ["needs", "nearby", "themes"])
def test_whatever_the_directory_adds_is_an_addition(part: str) -> None:
    nothing: dict[str, Any] = {"region": "", "needs": (), "nearby": (), "themes": ()}
    assert not DirectoryPart(**nothing)
    assert DirectoryPart(**nothing | {part: (object(),)})
