"""What goes with a framework: who is at the table, the sheet on companies for each profile, or nothing at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from questionnaire.core.answers import parse_answers
from questionnaire.core.companions import Companions
from questionnaire.core.framework import Framework
from questionnaire.core.guide import Guide
from questionnaire.core.loading import (
    FrameworkError,
    installed_companions,
    load_framework,
    parse_framework,
    published,
    published_companions,
)
from questionnaire.core.loading.guide_file import load_guides, parse_guide
from questionnaire.core.loading.territory_files import FOLDER
from questionnaire.core.report import Around, Report, build_report
from questionnaire.core.report_sheets import CompanyPart, LegitimaciesPart
from tests.core.words import told

FRAMEWORK = published().newest("faire-alliance")
GUIDE = (FOLDER / "guides/faire-alliance.yaml").read_text("utf-8")
DAY = date(2026, 11, 25)
TINY = sorted((Path(__file__).parents[1] / "frameworks").glob("*.yaml"))


def report(
    answers: dict[str, Any] | None = None,
    day: date | None = DAY,
    framework: Framework = FRAMEWORK,
    profile: dict[str, Any] | None = None,
) -> Report:
    """Return the report of these answers, printed on that day."""
    document = {"framework": framework.id, "profile": profile or {}, "answers": answers or {}}
    given, _ = parse_answers(json.dumps(document).encode(), framework)
    return build_report(framework, given, around=Around(companions=replace(published_companions(), day=day)))


def voices(answers: dict[str, Any] | None = None, **profile: Any) -> LegitimaciesPart:
    part = report(answers, profile=profile).legitimacies
    assert part
    return part


def sheet(day: date | None = DAY, **profile: Any) -> CompanyPart:
    part = report(day=day, profile=profile).company
    assert part
    return part


@pytest.mark.parametrize(
    ("voice", "answers", "profile", "standing"),
    [
        ("elected", {"ECO-4a": 4}, {}, "engaged"),
        ("elected", {"ECO-4a": 3}, {"partners": ["none"]}, "engaged"),
        ("elected", {"ECO-4a": 2}, {}, "linked"),
        ("elected", {"ECO-4a": 1}, {"partners": ["local-authority"]}, "linked"),
        ("elected", {"ECO-4a": 1}, {"partners": ["company"]}, "absent"),
        ("elected", {"ECO-4a": "unknown"}, {"partners": ["state"]}, "linked"),
        ("elected", {"ECO-4a": "unknown"}, {"partners": ["none"]}, "absent"),
        ("elected", {"ECO-4a": {"value": "not_applicable", "reason": "Réseau"}}, {}, "not_applicable"),
        ("elected", {}, {}, "unknown"),
        ("residents", {"ECO-2a": 3}, {}, "engaged"),
        ("residents", {"ECO-2a": 1}, {"partners": ["company"]}, "absent"),
        ("residents", {}, {"partners": ["none"]}, "unknown"),
        ("companies", {}, {"company_forms": ["economic-cooperation"]}, "engaged"),
        ("companies", {}, {"company_forms": ["patronage"]}, "linked"),
        ("companies", {}, {"partners": ["company"], "company_forms": ["none"]}, "linked"),
        ("companies", {}, {"partners": ["state"], "company_forms": ["none"]}, "absent"),
        ("companies", {"ECO-3a": 4}, {}, "unknown"),
    ],
)
def test_where_a_voice_stands_is_read_in_answers_and_profile(
    voice: str, answers: dict[str, Any], profile: dict[str, Any], standing: str
) -> None:
    part = voices(answers, **profile)
    line = next(each for each in part.voices if each.id == voice)
    assert line.standing == standing
    assert bool(line.first_step) is (standing in ("absent", "unknown"))


def test_who_is_missing_is_named_and_never_confused_with_what_is_not_known() -> None:
    part = voices({"ECO-4a": 1}, partners=["company"])
    assert [(each.id, each.standing) for each in part.to_seek] == [("elected", "absent"), ("residents", "unknown")]


def test_what_brings_them_together_is_read_in_its_own_criteria() -> None:
    together = voices({"ECO-3a": 3, "ECO-3b": 3, "REL-5a": 1, "REL-5b": 1}).together
    assert [(each.criterion, each.standing) for each in together] == [("ECO-3", "engaged"), ("REL-5", "absent")]


@pytest.mark.parametrize(
    ("objective", "forms"),
    [
        ("funding", ["patronage", "economic-cooperation"]),
        ("people", ["patronage", "responsible-practices"]),
        ("visibility", ["responsible-practices"]),
        ("innovation", ["societal-innovation"]),
        ("territory", ["societal-innovation"]),
        ("undecided", []),
        (None, []),
    ],
)
def test_the_forms_that_suit_follow_the_declared_objective(objective: str | None, forms: list[str]) -> None:
    given: dict[str, Any] = {"objective": objective} if objective else {}
    part = sheet(**given)
    assert [each.id for each in part.suited] == forms
    assert bool(part.objective) is bool(objective)


def test_patronage_is_never_proposed_to_who_may_not_receive_it() -> None:
    part = sheet(objective="funding", general_interest="no", tax_receipts="no")
    assert [each.id for each in part.suited] == ["economic-cooperation"]
    shown = {fact.id for topic in part.checklist for fact in topic.facts}
    assert not shown & {"eligible", "reduction", "in-return", "receipt", "wrong-receipts", "yearly-declaration"}
    assert "sponsorship" in shown
    assert any("ne vous sont pas ouverts" in each for each in part.notes)


NOTES = [
    ({"tax_receipts": "yes", "general_interest": "tax-ruling"}, "Gardez-en un double"),
    ({"tax_receipts": "yes", "general_interest": "assumed"}, "Avant d’en délivrer d’autres"),
    ({"tax_receipts": "yes", "general_interest": "no"}, "Avant d’en délivrer d’autres"),
    ({"tax_receipts": "no"}, "vérifiez avant de promettre"),
    ({"tax_receipts": "unknown"}, "Posez la question à qui tient les comptes"),
    ({"general_interest": "unknown"}, "n’est pas établi"),
    ({"budget": "153k-500k"}, "se font certifier"),
    ({"employees": "none"}, "deux bénévoles"),
    ({"employees": "under-3"}, "(DLA)"),
    ({"objective": "undecided"}, "la forme viendra ensuite"),
    ({"company_forms": ["none"]}, "premier lien"),
]


@pytest.mark.parametrize(("profile", "words"), NOTES, ids=range(len(NOTES)))
def test_each_profile_reads_the_note_that_is_for_it_and_nobody_else_does(profile: dict[str, Any], words: str) -> None:
    part, blank = sheet(**profile), sheet()
    assert any(words in each for each in (*part.notes, *part.legal_notes))
    assert not any(words in each for each in (*blank.notes, *blank.legal_notes))


@pytest.mark.parametrize(
    ("profile", "fact", "there"),
    [
        ({"budget": "under-10k"}, "grant-convention", False),
        ({"budget": "10k-50k"}, "grant-convention", True),
        ({"budget": "10k-50k"}, "franchise", False),
        ({"budget": "50k-153k"}, "franchise", True),
        ({"budget": "50k-153k"}, "certified-accounts", False),
        ({"budget": "153k-500k"}, "certified-accounts", True),
        ({"budget": "153k-500k"}, "auditor", False),
        ({"budget": "over-2m"}, "auditor", True),
        ({}, "auditor", True),
        ({"tax_receipts": "no"}, "wrong-receipts", False),
        ({"tax_receipts": "unknown"}, "wrong-receipts", True),
        ({"general_interest": "public-utility"}, "eligible", False),
        ({"general_interest": "assumed"}, "eligible", True),
    ],
)
def test_each_profile_sees_the_legal_points_that_may_concern_it(
    profile: dict[str, Any], fact: str, there: bool
) -> None:
    assert (fact in {each.id for topic in sheet(**profile).checklist for each in topic.facts}) is there


@pytest.mark.parametrize(
    ("day", "shown"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False), (date(2030, 1, 1), False), (None, False)]
)
def test_an_expired_figure_is_not_in_the_report_and_its_point_is(day: date | None, shown: bool) -> None:
    made = sheet(day)
    fact = next(each for topic in made.checklist for each in topic.facts if each.id == "franchise")
    assert bool(fact.text) is shown
    assert (fact.title, fact.reference) == ("La franchise des impôts commerciaux", "CGI, art. 206-1 bis")
    assert ("80\u202f011" in "".join(each.text for topic in made.checklist for each in topic.facts)) is shown
    assert made.out_of_date is not shown


def test_without_a_day_of_printing_the_date_of_the_answers_decides() -> None:
    document = {"framework": FRAMEWORK.id, "date": "2026-12-01", "answers": {}}
    given, _ = parse_answers(json.dumps(document).encode(), FRAMEWORK)
    part = build_report(FRAMEWORK, given, around=Around(companions=published_companions())).company
    assert part
    assert not part.out_of_date


@pytest.mark.parametrize("path", TINY, ids=lambda path: path.stem)
def test_a_framework_without_a_guide_has_none_of_its_parts(path: Path) -> None:
    made = report(framework=load_framework(path))
    assert (made.legitimacies, made.company, made.glossary) == (None, None, ())


@pytest.mark.parametrize("path", TINY, ids=lambda path: path.stem)
def test_a_guide_for_what_a_framework_does_not_ask_breaks_nothing(path: Path) -> None:
    framework = load_framework(path)
    guide = parse_guide(GUIDE.encode(), published()).model_copy(update={"framework": framework.id})
    given, _ = parse_answers(json.dumps({"framework": framework.id, "answers": {}}).encode(), framework)
    made = build_report(framework, given, around=Around(companions=Companions(guides={framework.id: guide}, day=DAY)))
    assert made.legitimacies is None
    assert (made.company is None) is ("objective" not in {each.id for each in framework.profile})


def test_a_version_without_a_criterion_leaves_that_line_out() -> None:
    text = (FOLDER / "faire-alliance-1.0.0.yaml").read_text("utf-8")
    framework = parse_framework(text.replace("- id: REL-5\n", "- id: REL-9\n").encode())
    part = report(framework=framework).legitimacies
    assert part
    assert [each.criterion for each in part.together] == ["ECO-3"]


def test_a_guide_holds_no_figure_of_the_law_since_none_of_its_words_expire() -> None:
    assert not set("€%‰") & set(GUIDE)


FAULTS = [
    ("criteria: [ECO-4]", "criteria: [ECO-9]", "critère « ECO-9 » introuvable"),
    ("criterion: REL-5", "criterion: REL-9", "critère « REL-9 » introuvable"),
    ("partners: [company]", "partners: [firm]", "« firm » n’est pas une réponse possible"),
    ("objective: objective", "objective: aim", "question du profil « aim » introuvable"),
    ("employees: [none]", "workers: [none]", "question du profil « workers » introuvable"),
    ("framework: faire-alliance", "framework: other", "référentiel « other » inconnu ici"),
    ("short: Élus", "short: Les élus et les élues", "texte trop long : 12 caractères au plus"),
    ("about: start", "about: finish", "valeur inconnue « finish »"),
    ("  exchange:", "  exchanges:", "clé inconnue"),
]


def faults_of(text: str) -> list[str]:
    with pytest.raises(FrameworkError) as refusal:
        parse_guide(text.encode(), published())
    return told(refusal.value.faults)


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_of_a_guide_is_told_with_its_line(old: str, new: str, words: str) -> None:
    assert old in GUIDE
    line = GUIDE[: GUIDE.index(old)].count("\n") + 1
    found = [each for each in faults_of(GUIDE.replace(old, new, 1)) if words in each]
    assert [each for each in found if each.startswith(f"ligne {line} ")]


def test_all_faults_of_a_guide_are_told_at_once() -> None:
    assert len(faults_of(GUIDE.replace("[ECO-4]", "[ECO-9]").replace("[company]", "[firm]"))) == 2


def test_an_installation_s_own_guide_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides/own.yaml").write_text("framework: faire-alliance\n")
    guides = load_guides([FOLDER, tmp_path], published())
    assert guides == {"faire-alliance": Guide(framework="faire-alliance")}


def test_each_figure_from_elsewhere_leads_to_one_numbered_source_listed_once() -> None:
    made = report(profile={"department": "34"})
    assert [each.number for each in made.references] == list(range(1, len(made.references) + 1))
    assert len({(each.title, each.url) for each in made.references}) == len(made.references)
    assert all(set(mark.references) <= set(made.references) and mark.references for mark in made.benchmarks)
    assert made.benchmarks[0].references[0].number == 1


def test_the_faults_of_all_guides_are_told_together_and_name_their_file(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    for name in ("one", "two"):
        (tmp_path / f"guides/{name}.yaml").write_text("framework: other\n")
    with pytest.raises(FrameworkError) as refusal:
        load_guides([tmp_path], published())
    assert [Path(fault.file).name for fault in refusal.value.faults] == ["one.yaml", "two.yaml"]


def test_an_installation_speaks_with_its_own_guides_beside_ours(tmp_path: Path) -> None:
    assert installed_companions(tmp_path, published()) == published_companions()
    (tmp_path / "frameworks/guides").mkdir(parents=True)
    (tmp_path / "frameworks/guides/own.yaml").write_text("framework: faire-alliance\n")
    assert installed_companions(tmp_path, published()).guides == {"faire-alliance": Guide(framework="faire-alliance")}
