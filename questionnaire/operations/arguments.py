"""What a command line may hold: each argument described once, in French, and how a line is read.

It may not know what a command does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from questionnaire import __version__

BAD_INPUT = 2


def argument(*names: str, **options: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Describe one argument of a command, as argparse wants it."""
    return names, options


ANSWERS = argument("answers", metavar="ANSWERS", type=Path, help="fichier de réponses (JSON)")
BATCH = argument("--batch", action="store_true", help="ANSWERS est un dossier : tous ses fichiers .json")
FRAMEWORK = argument("--framework", metavar="FILE", type=Path, help="référentiel à utiliser (YAML)")
OUTPUT = argument("-o", "--output", metavar="OUT", type=Path, required=True, help="fichier à écrire")
ESSENTIALS = argument("--essentials", action="store_true", help="l’essentiel seul, en une ou deux pages")
FIRST_LOOK = argument("--first-look", action="store_true", help="seulement le premier regard, sur une page")
FACTS = argument("--facts", metavar="FILE", type=Path, help="repères juridiques à ajouter aux nôtres (YAML)")
ADVISOR = argument("--advisor", action="store_true", help="édition de l’accompagnateur, avec le guide d’entretien")
LARGE = argument("--large", action="store_true", help="en grands caractères")
FILLABLE = argument("--fillable", action="store_true", help="avec des champs à remplir à l’écran")
FILE = argument("file", metavar="FILE", type=Path)
OWN_RESOURCES = argument("file", metavar="FILE", nargs="?", type=Path, help="annuaire à relire avec le nôtre (YAML)")
ON = argument("--on", metavar="JOUR", help="jour du contrôle (aujourd’hui)")
HOST = argument("--host", metavar="H", default="127.0.0.1", help="adresse où écouter")
PORT = argument("--port", metavar="N", type=int, default=8000, help="port où écouter")
DEMO = argument("--demo", action="store_true", help="préparer d’abord une démonstration")
EMAIL = argument("email", metavar="EMAIL", help="son adresse mail")
COPY = argument("-o", "--output", metavar="OUT", type=Path, help="fichier .zip ou dossier (par défaut : backups/)")
ASSESSMENT = argument("assessment", metavar="LINK", help="son lien privé, ou l’identifiant de son évaluation")
ARCHIVE = argument("archive", metavar="ARCHIVE", type=Path, help="la sauvegarde à remettre")
NEW_DATABASE = argument("--to", metavar="URL", required=True, help="adresse d’une base vide, postgresql://…")
PUBLISH = argument("action", nargs="?", choices=("publish",), metavar="publish", help="publier maintenant")
REPLACE = argument("--replace", action="store_true", help="remplacer tout ce que cette installation contient")
ACCOUNT_NAME = argument("--name", metavar="N", default="", help="son nom")
COORDINATOR = argument(
    "--coordinator", action="store_true", help="pour coordonner le réseau, sans suivre d’association"
)
REGION = argument("--region", metavar="CODE", nargs="+", default=[], help="seulement ces régions (code INSEE)")


@dataclass(frozen=True)
class Command:
    """A command: its name (two words for one in a group), what it does, what it takes."""

    name: str
    run: Callable[[argparse.Namespace], None]
    help: str
    arguments: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = ()


def parser_of(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """Return the parser of a whole command line."""
    top = _Parser(prog="questionnaire", description="Autodiagnostic des associations : faire alliance.")
    top.add_argument("--version", action="version", version=__version__)
    groups = {"": top.add_subparsers(metavar="COMMANDE", required=True)}
    for command in commands:
        group, _, name = command.name.rpartition(" ")
        if group not in groups:
            groups[group] = groups[""].add_parser(group).add_subparsers(metavar="COMMANDE", required=True)
        made = groups[group].add_parser(name, help=command.help, description=command.help.capitalize() + ".")
        made.set_defaults(run=command.run)
        for names, options in command.arguments:
            made.add_argument(*names, **options)
    return top


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"Commande incomplète ou inconnue : {message}\n{self.format_usage()}")
        sys.exit(BAD_INPUT)
