"""The one writer of spreadsheets: whatever a text holds, it stays a text, whole, and nobody's machine runs it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.spreadsheets import writing
from questionnaire.spreadsheets.writing import Cell, Sheet, SheetError, csv_file, plain_text, xlsx_file

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "   =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0dcmd",
    "\uff20SUM(1)",
    "\u3000\uff1d1+1",
    "Club;=1+1",
    "Club; =1+1",
    "Club,=1+1",
    "Club\t=1+1",
    "Club\n=1+1",
    'Club";=1+1;"',
    '=HYPERLINK("http://example.org";"clic")',
    "\x00=1+1",
    "=\u202e1+1",
]
READABLE = [
    "-12",
    "-12,5",
    "+33 6 12 34 56 78",
    "+33612345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "-3 %",
]
LATER = datetime(2026, 11, 23, tzinfo=UTC)
BEGINS_A_FORMULA = re.compile(r"[\s\u200b\ufeff\x00]*[=+@\-\uff1d\uff0b\uff0d\uff20]")


def sheet(*cells: Cell) -> Sheet:
    return Sheet("Essai", tuple(f"c{n}" for n in range(len(cells))), (cells,))


def read_back(document: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(document.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def xlsx_texts(document: bytes) -> list[str]:
    """Every text of a workbook, as any reader finds it."""
    shared = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(document)).read("xl/sharedStrings.xml"))
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    return [
        "".join(each.text or "" for each in item.iterfind(".//s:t", space)) for item in shared.iterfind("s:si", space)
    ]


def cells(document: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(document)).read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_typed_is_run_whichever_way_the_file_is_split(text: str) -> None:
    document = csv_file(sheet("avant", text, "après"))
    lines = document.decode("utf-8-sig").splitlines()
    pieces = [piece.strip('"') for line in lines for piece in re.split("[;,\t]", line)]
    assert [piece for piece in pieces if BEGINS_A_FORMULA.match(piece)] == []
    assert [cell for row in read_back(document) for cell in row if BEGINS_A_FORMULA.match(cell)] == []


def test_a_writer_that_only_quotes_would_be_caught() -> None:
    assert BEGINS_A_FORMULA.match("\t=1+1")
    assert BEGINS_A_FORMULA.match("\uff1d1+1")
    assert not BEGINS_A_FORMULA.match(plain_text("\t=1+1"))


@pytest.mark.parametrize("text", HOSTILE)
def test_in_a_workbook_every_text_is_a_text(text: str) -> None:
    document = xlsx_file(sheet(text, "après"))
    assert "<f>" not in cells(document)
    assert "<hyperlink" not in cells(document)
    assert len(xlsx_texts(document)) == 4


@pytest.mark.parametrize("text", READABLE)
def test_phones_and_negative_numbers_stay_readable(text: str) -> None:
    assert read_back(csv_file(sheet(text)))[1] == [text]
    assert text in xlsx_texts(xlsx_file(sheet(text)))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_text_comes_back_but_for_its_apostrophes(text: str) -> None:
    (kept,) = read_back(csv_file(sheet(text)))[1]
    assert kept.replace("'", "") == text.replace("'", "")
    assert not BEGINS_A_FORMULA.match(kept) or writing.NUMBERLIKE.fullmatch(text)


def test_numbers_and_dates_are_what_a_french_spreadsheet_reads() -> None:
    document = csv_file(sheet(3, Decimal("41.2"), Decimal("-0.7"), date(2026, 11, 23), None))
    assert document.startswith(b"\xef\xbb\xbf")
    assert document.decode("utf-8-sig").splitlines()[1] == "3;41,2;-0,7;2026-11-23;"
    assert "<v>41.2</v>" in cells(xlsx_file(sheet(Decimal("41.2"))))


def test_lines_quotes_and_accents_come_back() -> None:
    text = 'Été à « Sète »\nl’autre ligne ; "dite" 漢字 🌱'
    assert read_back(csv_file(sheet(text)))[1] == [text]
    assert text in xlsx_texts(xlsx_file(sheet(text)))


@pytest.mark.parametrize("cell", ["x" * 32_768, "🌱" * 16_384, Decimal("NaN"), True, 1.5, LATER])
@pytest.mark.parametrize("write", [csv_file, xlsx_file])
def test_what_a_cell_cannot_hold_is_refused_with_its_place(cell: object, write: type) -> None:
    with pytest.raises(SheetError, match="ligne 2, colonne «\u202fc1\u202f»"):
        write(sheet("a", cast("Cell", cell)))


def test_the_longest_text_is_whole() -> None:
    text = "x" * 32_767
    assert read_back(csv_file(sheet(text)))[1] == [text]
    assert text in xlsx_texts(xlsx_file(sheet(text)))


def test_a_row_that_lacks_a_cell_is_refused() -> None:
    with pytest.raises(SheetError, match="1 cases au lieu de 2"):
        csv_file(Sheet("Essai", ("a", "b"), (("seul",),)))


def test_what_the_library_refuses_is_no_silent_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsxwriter.worksheet.Worksheet.write_string", lambda *_: -2)
    with pytest.raises(SheetError, match="n’a pas pu être écrite"):
        xlsx_file(sheet("a"))


@pytest.mark.parametrize("write", [csv_file, xlsx_file])
def test_the_same_table_gives_the_same_bytes(write: type) -> None:
    assert write(sheet("a", 1)) == write(sheet("a", 1))


def test_a_title_that_excel_refuses_is_made_fit() -> None:
    document = xlsx_file(Sheet("Ce titre [long] : bien trop long pour Excel ?", ("a",), ()))
    assert "Ce titre  long" in zipfile.ZipFile(io.BytesIO(document)).read("xl/workbook.xml").decode()
