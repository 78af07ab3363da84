"""Says what should be looked at in the directory of resources. Reads files only: no database, no network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from questionnaire.core.directory import Directory, DirectoryResource
from questionnaire.core.directory_remarks import Remarks, remarks
from questionnaire.core.faults import Fault, FaultyFileError
from questionnaire.core.loading import installed_directory, load_directory, published_directory
from questionnaire.core.territory import regions
from questionnaire.settings import instance_folder


def check_resources(file: Path | None, on: str | None) -> tuple[str, Remarks]:
    """Return the lines to print about the directory on a day (today if none is named), and the remarks.

    `file` stands in the place of the operator's own file. Raises FaultyFileError.
    """
    today = _day(on)
    directory = (
        load_directory(file, published_directory()) if file else installed_directory(instance_folder(os.environ))
    )
    found = remarks(directory, regions(), today)
    return "".join(f"{line}\n" for line in (*_lines(found, today), _summary(directory, found))), found


def _day(on: str | None) -> date:
    try:
        return date.fromisoformat(on) if on else datetime.now().astimezone().date()
    except ValueError:
        message = "un jour est attendu, année-mois-jour, comme 2026-11-25"
        raise FaultyFileError([Fault(None, "--on", message)]) from None


def _lines(found: Remarks, today: date) -> Iterator[str]:
    for what, groups in (("même nom", found.same_name), ("même adresse", found.same_address)):
        yield from (f"Deux fois, {what} : {', '.join(map(_named, group))}." for group in groups)
    yield from (f"Région sans ressource : {each.label} ({each.code})." for each in found.regions_without)
    for each in found.unchecked:
        when = f"lue le {each.checked}, il y a plus d’un an" if each.checked else "jamais lue"
        yield f"Adresse à relire : {_named(each)}, {each.url}, {when} au {today}."


def _named(resource: DirectoryResource) -> str:
    return f"« {resource.name} » ({resource.id})"


def _summary(directory: Directory, found: Remarks) -> str:
    twice = len(found.same_name) + len(found.same_address)
    counted = f"{len(directory.resources)} ressources : {twice} en double, {len(found.regions_without)} régions sans"
    return f"{counted}, {len(found.unchecked)} adresses à relire."
