"""The one writer of spreadsheets: CSV for a French Excel, XLSX for all. A file is whole, or there is none.

Every text stays a text: what a spreadsheet would run as a formula, or split into a cell that it would run, is defused.
Numbers are numbers. What a cell cannot hold is refused, never cut or dropped. It knows nothing of the questionnaire.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | date | None
LONGEST_CELL = 32_767  # Excel's own limit; other programs cut beyond it without a word
MOST_ROWS = 1_048_575
LONGEST_TITLE = 31
WIDEST = 60
UNFIT = ("Cc", "Cs")  # commands and halves of characters
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a file's date must not change its bytes

TRIGGERS = "=+@\\-\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b"  # full width and small ones: Excel reads them too
HIDDEN = r"[\s\u0000-\u0020\u007f-\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]*"
FORMULA = re.compile(rf"^(?={HIDDEN}[{TRIGGERS}])")
SPLIT = re.compile(rf"(?<=[;,\t\n])(?={HIDDEN}[{TRIGGERS}])")
NUMBERLIKE = re.compile(r"[+-]?[0-9][0-9 .,()/\u00a0\u202f]*%?")  # a phone, a negative number: read as they are


class SheetError(ValueError):
    """The table cannot be written whole; the message is one French sentence that says where."""


@dataclass(frozen=True)
class Sheet:
    """A table: its title, its columns, its rows of as many cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_file(sheet: Sheet) -> bytes:
    """Return the table as a French Excel opens it with a double click. Raises SheetError.

    UTF-8 with its mark, semicolons, decimal commas, dates as 2026-11-23. Every text stands in quotes.
    """
    _check(sheet)
    lines = (";".join(_csv_cell(cell) for cell in row) for row in (sheet.columns, *sheet.rows))
    return ("\ufeff" + "".join(f"{line}\r\n" for line in lines)).encode("utf-8")


def xlsx_file(*sheets: Sheet) -> bytes:
    """Return the tables as a workbook, one sheet each; the same tables give the same bytes. Raises SheetError."""
    for sheet in sheets:
        _check(sheet)
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True})
    book.set_properties({"created": LONG_AGO})
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.close()
    return whole.getvalue()


def plain_text(text: str) -> str:
    """Return a text that no spreadsheet runs: an apostrophe before what would begin a formula, also once split."""
    if NUMBERLIKE.fullmatch(text):
        return text
    return FORMULA.sub("'", SPLIT.sub("'", text))


def _check(sheet: Sheet) -> None:
    if len(sheet.rows) > MOST_ROWS:
        raise SheetError(f"«\u202f{sheet.title}\u202f»\u202f: {len(sheet.rows)} lignes, {MOST_ROWS} au plus.")
    for number, row in enumerate((sheet.columns, *sheet.rows), 1):
        if len(row) != len(sheet.columns):
            raise SheetError(
                f"«\u202f{sheet.title}\u202f», ligne {number}\u202f: {len(row)} cases au lieu de {len(sheet.columns)}."
            )
        for column, cell in zip(sheet.columns, row, strict=True):
            if why := _unfit(cell):
                raise SheetError(
                    f"«\u202f{sheet.title}\u202f», ligne {number}, colonne «\u202f{column}\u202f»\u202f: {why}."
                )


def _unfit(cell: Cell) -> str:
    if isinstance(cell, str) and len(plain_text(cell).encode("utf-16-le", "replace")) // 2 > LONGEST_CELL:
        return f"un texte de {len(cell)} caractères ne tient pas dans une case de tableur"
    if isinstance(cell, Decimal) and not cell.is_finite():
        return "ce n’est pas un nombre"
    if isinstance(cell, bool | datetime) or not isinstance(cell, str | int | Decimal | date | None):
        return f"une case ne peut pas contenir «\u202f{type(cell).__name__}\u202f»"
    return ""


def _text(text: str) -> str:
    """Return a text as it is written: its lines end alike, and what no file may hold shows as such."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if unicodedata.category(each) in UNFIT and each not in "\n\t" else each for each in lines)


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return '"' + plain_text(_text(cell)).replace('"', '""') + '"'
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.title)[:LONGEST_TITLE])
    page.freeze_panes(1, 0)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "num_format": "@"})
    formats = {
        str: book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        date: book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        Decimal: book.add_format({"num_format": "#,##0.0", "valign": "top"}),
        int: book.add_format({"num_format": "0", "valign": "top"}),
    }
    for number, row in enumerate((sheet.columns, *sheet.rows)):
        for column, cell in enumerate(row):
            look = head if number == 0 else formats.get(type(cell))
            if cell is not None and _write_cell(page, number, column, cell, look):
                raise SheetError(
                    f"«\u202f{sheet.title}\u202f», ligne {number + 1}\u202f: cette ligne n’a pas pu être écrite."
                )


def _write_cell(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, look: object) -> int:
    """Write a cell as what it is, a text never as anything else; return what the library answers: 0, or a refusal."""
    if isinstance(cell, str):
        return int(page.write_string(row, column, _text(cell), look))
    if isinstance(cell, date):
        return int(page.write_datetime(row, column, cell, look))
    return int(page.write_number(row, column, cell, look))


def _widths(sheet: Sheet) -> Iterator[int]:
    for index, column in enumerate(sheet.columns):
        longest = max((len(str(row[index] or "")) for row in sheet.rows), default=0)
        yield min(max(longest, len(column)) + 2, WIDEST)
