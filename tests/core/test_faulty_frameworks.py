"""A faulty framework is refused whole, each fault with its line and what to do, in French (FRAMEWORK.md, section 1)."""

from pathlib import Path

import pytest

from questionnaire.core.loading import FrameworkError, load_framework, parse_framework
from tests.core.words import plain, told

SMALLEST = Path(__file__).parent.parent / "frameworks" / "smallest.yaml"
TEXT = SMALLEST.read_text("utf-8")

# What stands in the file, what takes its place, and words of the fault expected on that line.
FAULTS = [
    ("quick_horizon: soon", "quick_horizon: never", "horizon « never » introuvable"),
    ("essential_cap: Début", "essential_cap: Fin", "stade « Fin » introuvable"),
    ("alert: C1", "alert: C9", "critère « C9 » introuvable"),
    ("after: [C2]", "after: [C9]", "critère « C9 » introuvable"),
    ("after: [C2]", "after: [C1]", "boucle"),
    ("not_applicable: [Q2]", "not_applicable: [Q9]", "question « Q9 » introuvable"),
    ("not_applicable: [Q2]", "not_applicable: [size]", "question « size » introuvable"),
    ("    resources: [help]\n    message", "    resources: [nobody]\n    message", "ressource « nobody » introuvable"),
    ("replaces: help", "replaces: nobody", "ressource « nobody » introuvable"),
    ("ref: BOOK", "ref: FILM", "source « FILM » introuvable"),
    ("source: BOOK}", "source: FILM}", "source « FILM » introuvable"),
    ("enquête, source: BOOK", "enquête", "repère sans origine"),
    ("serves: [money]", "serves: [fame]", "n’est pas une option de la question « objective »"),
    ("instead: Q1", "instead: Q9", "question « Q9 » introuvable"),
    ("question: Q2", "question: Q9", "question « Q9 » introuvable"),
    ("profile: [size]", "profile: [Q1]", "question du profil « Q1 » introuvable"),
    ("small_when: {size: [none]}", "small_when: {size: [lots]}", "« lots » n’est pas une réponse possible"),
    ("small_when: {size: [none]}", "small_when: {Q2: [1]}", "une condition ne lit pas « Q2 »"),
    ("small_when: {size: [none]}", "small_when: {story: [x]}", "une condition ne lit pas une question de texte"),
    ("small_when: {size: [none]}", "small_when: {weight: [x]}", "question « weight » introuvable"),
    ("when: {Q1: [1, unknown]}", "when: {Q1: [5]}", "« 5 » n’est pas une réponse possible"),
    ("when: {Q1: [1, unknown]}", "when: {Q1: ['1']}", "« 1 » est écrit comme un texte"),
    ("when: {Q1: [1, unknown]}", "when: {Q1: [yes]}", "une option, un niveau"),
    ("when: {Q1: [1, unknown]}", "when: {Q1: 1}", "il faut une liste"),
    ("unless: {place: ['57']}", "unless: {place: ['20']}", "« 20 » n’est pas une réponse possible"),
    ("unless: {place: ['57']}", "unless: {place: [57]}", "« 57 » est écrit comme un nombre"),
    ("exclusive: [any]", "exclusive: [all]", "« all » n’est pas une option"),
    ("options_from: departments", "options_from: planets", "valeur inconnue « planets »"),
    ("max_length: 20, ", "", "clé obligatoire absente"),
    (", options_from: departments", "", "« options » ou « options_from »"),
    ("type: text", "type: essay", "valeur inconnue « essay »"),
    ("{code: some, label: Des}", "{code: none, label: Des}", "option « none » répétée"),
    ("{from: 0, label", "{from: 1, label", "le premier stade part de 0"),
    ("{from: 37.5", "{from: 0", "chaque stade part d’un score plus haut"),
    ("{from: 37.5", "{from: .nan", "peut se lire autrement"),
    ("{from: 37.5", "{from: .inf", "peut se lire autrement"),
    ("label: Suite", "label: Début", "désigne déjà autre chose"),
    ("fragile_above: 25", "fragile_above: 125", "un nombre de 0 à 100"),
    ("fragile_above: 25", "fragile_above: -1", "un nombre de 0 à 100"),
    ("fragile_above: 25", "fragile_above: '25'", "il faut un nombre"),
    ("fragile_above: 25", "fragile_above: true", "il faut un nombre"),
    ("max_actions: 2", "max_actions: 0", "nombre trop petit"),
    ("max_actions: 2", "max_actions: 2.0", "il faut un nombre entier"),
    ("max_actions: 2", "max_actions: 0x2", "peut se lire autrement"),
    ("max_actions: 2", "max_actions: 02", "peut se lire autrement"),
    ("max_actions: 2", f"max_actions: {'9' * 5000}", "nombre démesuré"),
    ("cost: 1", "cost: 4", "nombre trop grand"),
    ("version: 1.0.0", "version: 1.0", "un texte est attendu, pas le nombre 1"),
    ("version: 1.0.0", "version: '1.0'", "trois nombres"),
    ("version: 1.0.0", "version: 2026-11-23", "peut se lire autrement"),
    ("title: Petit", "title: no", "un texte est attendu, pas oui ou non"),
    ("title: Petit", "title: 12", "mettez la valeur entre guillemets"),
    ("title: Petit", "title: ''", "texte vide"),
    ("title: Petit", "title: '  '", "texte vide"),
    ("title: Petit", "title: ~", "valeur vide"),
    ("title: Petit", "title: [Petit]", "un texte est attendu, pas une liste"),
    ("title: Petit", "title: !!str Petit", "étiquette YAML"),
    ("title: Petit", "title: !!python/object/apply:os.system [ls]", "étiquette YAML"),
    ("title: Petit", 'title: "Pe\\u202Etit"', "U+202E"),
    ("title: Petit", "title: Pe\u202etit", "U+202E"),
    ("title: Petit", 'title: "Pe\\0tit"', "U+0000"),
    ("title: Petit", "titel: Petit", "clé inconnue"),
    ("title: Petit", "title: Petit, title: Grand", "clé répétée"),
    ("title: Petit", "yes: Petit", "cette clé n’est pas un texte"),
    ("title: Petit, ", "", "clé obligatoire absente"),
    ("is_not: [un label]", "is_not: un label", "il faut une liste"),
    ("essential: true", "essential: 'true'", "« true » ou « false »"),
    ("  levels:\n    - {level: 1", "  levels:\n    - {level: 2", "niveau 1 absent"),
    ("{level: 4, label", "{level: 5, label", "nombre trop grand"),
    ("3: c, 4: d}\n            evidence: []", "3: c}\n            evidence: []", "niveau 4 absent"),
    ("3: c, 4: d}\n            evidence: []", "3: c, 4: d, 5: e}\n            evidence: []", "niveau inconnu"),
    ("  - id: worry", "  - id: alone", "désigne déjà autre chose"),
    ("- id: Q3", "- id: size", "désigne déjà autre chose"),
    ("- id: Q3", "- id: Q1", "désigne déjà autre chose"),
    ("- id: C2", "- id: C1", "désigne déjà autre chose"),
    ("{id: near", "{id: help", "désigne déjà autre chose"),
    ("'https://example.org'", "'javascript:alert(1)'", "une adresse commence par https://"),
    ("effort: light\n            horizon", "effort: huge\n            horizon", "effort « huge » introuvable"),
    ("horizon: soon\n", "horizon: never\n", "horizon « never » introuvable"),
    ("criteria:\n", "criteria: []\n    others:\n", "liste trop courte"),
]


def faults_of(text: str) -> list[str]:
    with pytest.raises(FrameworkError) as refusal:
        parse_framework(text.encode())
    return told(refusal.value.faults)


def test_the_file_is_sound_before_faults_are_planted() -> None:
    assert load_framework(SMALLEST).id == "smallest"


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=range(len(FAULTS)))
def test_a_planted_fault_is_told_with_its_line(old: str, new: str, words: str) -> None:
    assert old in TEXT
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    found = faults_of(TEXT.replace(old, new, 1))
    assert [fault for fault in found if words in fault and said_line(fault) - line in (-1, 0, 1)], found


def said_line(fault: str) -> int:
    return int(fault.removeprefix("ligne ").split(" ")[0].rstrip(","))


def test_every_fault_is_told_at_once() -> None:
    text = TEXT.replace("cost: 1", "cost: 9").replace("alert: C1", "alert: C9").replace("title: Petit", "titre: Petit")
    found = faults_of(text)
    assert len(found) == 4
    assert found == sorted(found, key=said_line)


def test_an_alias_is_refused_where_it_stands() -> None:
    text = TEXT.replace("regions: ['76']", "regions: &here ['76']").replace("sources: []", "sources: *here")
    assert "alias « *here »" in faults_of(text)[0]
    assert said_line(faults_of(text)[0]) == text[: text.index("*here")].count("\n") + 1


def test_a_merge_key_is_refused() -> None:
    assert any(
        "peut se lire autrement" in fault for fault in faults_of(TEXT.replace("title: Petit", "<<: {title: Petit}"))
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "fichier vide"),
        (b"# rien\n", "fichier vide"),
        (b"[]", "il faut un groupe de clés, pas une liste"),
        (b"rien", "il faut un groupe de clés"),
        (b"a: [1\n", "YAML illisible"),
        (b"a:\n\t- 1\n", "ligne 2, colonne 1 : YAML illisible à partir d’ici : vérifiez"),
        (b"a: b: c\n", "YAML illisible"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: b\nc: \xe9t\xe9\n", "ligne 2, colonne 4"),
        (TEXT.encode("utf-16"), "UTF-8"),
        (b"[" * 100_000, "imbrication"),
        (b"a: " + b"{a: " * 200 + b"}" * 200, "imbrication"),
        (b"- " * 5000, "imbrication"),
        ((TEXT + "---\na: b\n").encode(), "second document"),
        (b"a: &a [*a]\n", "alias"),
        (b"? [a, b]\n: c\n", "cette clé"),
        (b"a: \x00\n", "U+0000"),
        (b"x" * 6_000_000, "trop gros"),
    ],
    ids=range(18),
)
def test_a_hostile_file_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(FrameworkError) as refusal:
        parse_framework(data)
    assert words in plain(str(refusal.value))


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse_framework(b"\xef\xbb\xbf" + TEXT.encode()).id == "smallest"


def test_a_missing_file_a_folder_are_told_in_french(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cases = (
        (tmp_path / "none.yaml", "n’existe pas"),
        (tmp_path, "un dossier"),
        (tmp_path / "file/x", ": fichier illisible"),
    )
    for path, words in cases:
        with pytest.raises(FrameworkError) as refusal:
            load_framework(path)
        assert words in str(refusal.value)
        assert str(path) in str(refusal.value)


def test_a_loop_is_found_over_both_levels_together() -> None:
    first = "1: {action: Faire, why: Car, first_steps: [un], who: [vous], effort: light, horizon: soon, resources: []}"
    found = faults_of(TEXT.replace(first, first.replace("resources: []", "resources: [], after: [C1]")))
    assert len(found) == 1
    assert "boucle" in found[0]
