"""Reads a spreadsheet of associations saved as CSV, as a French Excel or a LibreOffice writes it.

Every fault is said with its line, all at once; a file with one fault gives nothing.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from stdnum.fr import siren

from questionnaire.core.territory import territory
from questionnaire.core.text import NAME, TextError, clean_text
from questionnaire.storage.portfolio import Entry

MOST_LINES = 2000
MOST_FAULTS = 50
RNA = re.compile(r"W[0-9][0-9A-Z][0-9]{7}")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("nom", "association", "nom de l'association", "name"),
    "email": ("mail", "email", "e-mail", "courriel", "adresse mail"),
    "rna": ("rna", "numero rna"),
    "siren": ("siren", "numero siren"),
    "department": ("departement", "code departement", "dep"),
}
NO_NAME = (
    "La première ligne doit nommer les colonnes : « nom » et « mail », "
    "puis si vous voulez « RNA », « SIREN », « département »."
)
EMPTY = "Le fichier ne contient aucune association sous la ligne des colonnes."
UNREADABLE = "Ligne {}\u202f: un caractère ne se lit pas. Dans votre tableur, enregistrez en «\u202fCSV UTF-8\u202f»."
QUOTE = 'Si c’en est un, un guillemet droit (") y est ouvert et jamais refermé\u202f: effacez-le.'
NOT_TEXT = "Ce fichier n’est pas un CSV. Dans votre tableur, choisissez « Enregistrer sous », puis « CSV »."


@dataclass(frozen=True)
class ReadFile:
    """What a file holds: its associations, or what is wrong with it."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[str, ...] = ()


def read_file(content: bytes) -> ReadFile:
    """Return the associations of a file, or all its faults."""
    text = _text(content)
    if "\0" in text:
        return ReadFile(faults=(NOT_TEXT,))
    if "\ufffd" in text:
        line = text[: text.index("\ufffd")].count("\n") + 1
        return ReadFile(faults=(UNREADABLE.format(line),))
    try:
        rows = [(number, row) for number, row in _rows(text) if any(cell.strip() for cell in row)]
    except csv.Error:
        return ReadFile(faults=(NOT_TEXT, QUOTE))
    places = _places(rows[0][1]) if rows else {}
    if not {"name", "email"} <= places.keys():
        return ReadFile(faults=(NO_NAME,))
    if len(rows) == 1:
        return ReadFile(faults=(EMPTY,))
    if len(rows) - 1 > MOST_LINES:
        too_many = f"Ce fichier a {len(rows) - 1} associations, {MOST_LINES} au plus : coupez-le en plusieurs fichiers."
        return ReadFile(faults=(too_many,))
    return _read(rows[1:], places)


def _read(rows: list[tuple[int, list[str]]], places: Mapping[str, int]) -> ReadFile:
    faults: list[str] = []
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        wrong = [*_wrong(cells), *_twice(cells["email"].lower(), number, seen)]
        faults += [f"Ligne {number} : {each}" for each in wrong]
        if not wrong:
            entries.append(_entry(cells))
    return ReadFile(faults=_few(faults)) if faults else ReadFile(tuple(entries))


def _wrong(cells: Mapping[str, str]) -> Iterator[str]:
    if not cells["name"]:
        yield "le nom de l’association manque."
    else:
        yield from _unkept(cells["name"])
    if not _is_address(cells["email"]):
        yield f"« {cells['email']} » n’est pas une adresse mail." if cells["email"] else "l’adresse mail manque."
    if cells.get("rna") and not RNA.fullmatch(_tight(cells["rna"])):
        yield f"« {cells['rna']} » n’est pas un numéro RNA (W suivi de neuf chiffres)."
    if cells.get("siren") and not siren.is_valid(_tight(cells["siren"])):
        yield f"« {cells['siren']} » n’est pas un numéro SIREN (neuf chiffres)."
    if cells.get("department") and not _department(cells["department"]):
        yield f"« {cells['department']} » n’est pas un code de département, par exemple 34."


def _unkept(name: str) -> Iterator[str]:
    try:
        clean_text(name, NAME, lines=False)
    except TextError as error:
        yield f"nom de l’association. {error}"


def _twice(email: str, number: int, seen: dict[str, int]) -> Iterator[str]:
    if email and email in seen:
        yield f"la même adresse mail est déjà ligne {seen[email]}."
    seen.setdefault(email, number)


def _entry(cells: Mapping[str, str]) -> Entry:
    return Entry(
        name=clean_text(cells["name"], NAME, lines=False),
        email=cells["email"],
        rna=_tight(cells.get("rna", "")),
        siren=_tight(cells.get("siren", "")),
        department=_department(cells.get("department", "")),
    )


def _few(faults: list[str]) -> tuple[str, ...]:
    more = len(faults) - MOST_FAULTS
    return (*faults[:MOST_FAULTS], f"Et {more} autres fautes.") if more > 0 else tuple(faults)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        yield reader.line_num, row


def _places(head: list[str]) -> dict[str, int]:
    words = [_plain(cell) for cell in head]
    found = {name: [words.index(word) for word in known if word in words] for name, known in COLUMNS.items()}
    return {name: places[0] for name, places in found.items() if places}


def _plain(cell: str) -> str:
    bare = unicodedata.normalize("NFKD", cell.strip().lower().replace("’", "'"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _tight(text: str) -> str:
    return re.sub(r"[\s.]", "", text).upper()


def _department(code: str) -> str | None:
    found = territory().department(code.upper()) or territory().department(code.upper().zfill(2))
    return found.code if found else None


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return len(text) <= 254
