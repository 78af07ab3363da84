"""The frameworks an installation knows: found by name, pinned by hash, loaded whole, never changed."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from questionnaire.core.framework import Framework
from questionnaire.core.loading import Catalogue, FrameworkError, UnknownFramework, published
from questionnaire.core.territory import departments, region_of, territory

SMALLEST = (Path(__file__).parent.parent / "frameworks" / "smallest.yaml").read_text("utf-8")
# A published file never changes: this is the hash of its bytes for ever.
PUBLISHED = "45de75806ee663ee96aca0f2433343f7addae153e6dbe21183cab65b0f9de873"


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_the_published_file_is_the_one_that_was_published() -> None:
    framework = published().pinned("faire-alliance", "1.0.0", PUBLISHED)
    assert (len(framework.dimensions), len(framework.criteria), len(framework.questions)) == (6, 26, 34)


def test_the_newest_version_counts_numbers_and_not_letters(tmp_path: Path) -> None:
    written(tmp_path, "old", SMALLEST.replace("1.0.0", "1.9.0"))
    catalogue = Catalogue.load(written(tmp_path, "new", SMALLEST.replace("1.0.0", "1.10.0")))
    assert catalogue.newest("smallest").version == "1.10.0"
    assert {framework.version for framework in catalogue} == {"1.9.0", "1.10.0"}


def test_a_later_folder_replaces_but_the_first_file_stays_pinned(tmp_path: Path) -> None:
    first = written(tmp_path / "a", "smallest", SMALLEST)
    second = written(tmp_path / "b", "smallest", SMALLEST.replace("title: Petit", "title: Autre"))
    original = Catalogue.load(first).get("smallest", "1.0.0")
    both = Catalogue.load(first, second, tmp_path / "none")
    assert both.get("smallest", "1.0.0").header.title == "Autre"
    assert both.pinned("smallest", "1.0.0", original.sha256).header.title == "Petit"


def test_what_is_not_known_is_told_in_french() -> None:
    with pytest.raises(UnknownFramework, match=r"« other » inconnu ici ; connus : faire-alliance@1.0.0$"):
        published().newest("other")
    with pytest.raises(UnknownFramework, match=r"connus : aucun$"):
        Catalogue(()).newest("other")
    with pytest.raises(UnknownFramework, match="inconnu ici"):
        published().get("faire-alliance", "9.9.9")
    with pytest.raises(UnknownFramework, match=r"« faire-alliance@1.0.0 » .* n’est plus ici"):
        published().pinned("faire-alliance", "1.0.0", "0" * 64)


def test_the_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    written(tmp_path, "one", SMALLEST.replace("cost: 1", "cost: 9"))
    with pytest.raises(FrameworkError) as refusal:
        Catalogue.load(written(tmp_path, "two", SMALLEST.replace("alert: C1", "alert: C9")))
    assert [Path(fault.file).name for fault in refusal.value.faults] == ["one.yaml", "two.yaml"]


def test_nothing_in_a_framework_can_be_changed() -> None:
    framework = published().newest("faire-alliance")
    question = framework.question("ECO-1a")
    with pytest.raises(ValidationError):
        question.text = "Autre"  # type: ignore[misc]
    with pytest.raises(TypeError):
        question.levels[1] = "Autre"
    with pytest.raises(TypeError):
        framework.sources["REF16"] = framework.sources["OCC2"]
    assert isinstance(framework.dimensions, tuple)


def test_parts_are_found_by_their_id() -> None:
    framework: Framework = published().newest("faire-alliance")
    assert framework.dimension_of("ECO-1").id == "ECO"
    assert framework.criterion_of("ECO-1b").id == "ECO-1"
    assert framework.rule("dla").resources == ("dla",)
    assert framework.resource("dla_occ").replaces == "dla"
    with pytest.raises(KeyError):
        framework.question("department")


def test_the_region_follows_from_the_department() -> None:
    assert len(departments()) == 109
    assert region_of("34").label == "Occitanie"
    assert territory().region_of("34") == region_of("34")
    assert territory().region_of("20") is None
    assert territory().department("2A") in departments()
