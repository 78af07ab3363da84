"""The `questionnaire` command, the operator's door: one function per command, one line each in `COMMANDS`.

Each command imports what it needs when it runs, so that none pays for another. Bad input: exit status 2, every fault on
stderr, nothing on stdout, nothing written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from questionnaire.operations.arguments import (
    ACCOUNT_NAME,
    ADVISOR,
    ANSWERS,
    ARCHIVE,
    ASSESSMENT,
    BAD_INPUT,
    BATCH,
    COORDINATOR,
    COPY,
    DEMO,
    EMAIL,
    ESSENTIALS,
    FACTS,
    FILE,
    FILLABLE,
    FIRST_LOOK,
    FRAMEWORK,
    HOST,
    LARGE,
    NEW_DATABASE,
    ON,
    OUTPUT,
    OWN_RESOURCES,
    PORT,
    PUBLISH,
    REGION,
    REPLACE,
    Command,
    parser_of,
)
from questionnaire.operations.files import Refusal, drawn, read_answers, read_framework, tabled, write, write_file

TABLES = (".csv", ".xlsx")
FIRST = "faire-alliance"  # the framework printed when none is named


def score(arguments: argparse.Namespace) -> None:
    """Print the result of an answers file (FRAMEWORK.md, section 5)."""
    from questionnaire.core.plan import make_plan
    from questionnaire.core.result import result_json
    from questionnaire.core.scoring import score as scored

    if arguments.batch:
        _score_folder(arguments)
        return
    answer_set, framework = read_answers(arguments.answers, arguments.framework)
    scorecard = scored(framework, answer_set)
    write(result_json(scorecard, make_plan(framework, answer_set, scorecard)))


def _score_folder(arguments: argparse.Namespace) -> None:
    """Print a line of JSON for each answers file of a folder; list those that failed, and leave with status 2 then."""
    from questionnaire.operations.batch_scoring import score_folder

    framework = read_framework(arguments.framework) if arguments.framework else None
    if failed := score_folder(arguments.answers, framework):
        raise Refusal(failed)


def report(arguments: argparse.Namespace) -> None:
    """Write the report of an answers file: a PDF in one of its editions, or a table where OUT ends in .csv or .xlsx."""
    from questionnaire.core.loading import FrameworkError
    from questionnaire.operations.reporting import EDITIONS, Printed, own_report, printed

    asked: list[Printed] = [name for name in EDITIONS if getattr(arguments, name)]
    options = " et ".join(f"--{name.replace('_', '-')}" for name in asked)
    if len(asked) > 1:
        raise Refusal([f"{options} ne vont pas ensemble : choisissez une seule édition."])
    table = arguments.output.suffix.lower() in TABLES
    if table and asked:
        raise Refusal([f"{options} écrit un PDF : choisissez un nom de fichier qui finit par .pdf."])
    answer_set, framework = read_answers(arguments.answers, arguments.framework)
    try:
        made = own_report(answer_set, framework, arguments.facts)
    except FrameworkError as error:
        raise Refusal(error.faults) from None
    edition = asked[0] if asked else None
    content = tabled(made, arguments.output) if table else drawn(printed(answer_set, framework, made, edition))
    write_file(arguments.output, content)


def paper(arguments: argparse.Namespace) -> None:
    """Write the PDF of the questionnaire itself, to answer round a table."""
    from questionnaire.core.loading import published
    from questionnaire.editions import PaperEdition, paper_document

    if arguments.large and arguments.fillable:
        raise Refusal(["--large et --fillable ne vont pas ensemble : choisissez l’un des deux."])
    framework = read_framework(arguments.framework) if arguments.framework else published().newest(FIRST)
    edition: PaperEdition = "large" if arguments.large else "fillable" if arguments.fillable else "standard"
    write_file(arguments.output, drawn(paper_document(framework, edition)))


def framework_check(arguments: argparse.Namespace) -> None:
    """Say that a framework file is sound, or every fault it has."""
    framework = read_framework(arguments.file)
    counted = f"{len(framework.dimensions)} dimensions, {len(framework.criteria)} critères"
    write(f"{framework.id} {framework.version} : {counted}, {len(framework.questions)} questions, aucune faute.\n")


def framework_schema(_: argparse.Namespace) -> None:
    """Print the JSON Schema of framework files, for editors."""
    import json

    from questionnaire.core.framework import Framework

    write(json.dumps(Framework.model_json_schema(), ensure_ascii=False, indent=2) + "\n")


def facts_check(arguments: argparse.Namespace) -> None:
    """Say that a file of legal facts is sound, and what it no longer shows today; or every fault it has."""
    from questionnaire.core.loading import FrameworkError
    from questionnaire.operations.reporting import check_facts

    try:
        write(check_facts(arguments.file))
    except FrameworkError as error:
        raise Refusal(error.faults) from None


def resources_check(arguments: argparse.Namespace) -> None:
    """Say what to look at in the directory of resources; leave with status 1 if there is anything."""
    from questionnaire.core.faults import FaultyFileError
    from questionnaire.operations.checking_resources import check_resources

    try:
        lines, remarks = check_resources(arguments.file, arguments.on)
    except FaultyFileError as error:
        raise Refusal(error.faults) from None
    write(lines)
    if remarks:
        sys.exit(1)


def serve(arguments: argparse.Namespace) -> None:
    """Open the installation to visitors until stopped."""
    if arguments.demo:
        demo(arguments)
    with opening():
        from questionnaire.operations.serving import serve as serving

        serving(arguments.host, arguments.port)


def worker(_: argparse.Namespace) -> None:
    """Do the work of servers that do none, until stopped."""
    with opening():
        from questionnaire.operations.working import work

        work()


def demo(arguments: argparse.Namespace) -> None:
    """Fill the installation with a demonstration, and print its links."""
    with opening():
        from questionnaire.operations.demonstration import demonstrate

        write(demonstrate(arguments.host, arguments.port))


def advisor_invite(arguments: argparse.Namespace) -> None:
    """Open an advisor's account, and print a link to come in."""
    with opening():
        from questionnaire.operations.inviting import invite

        write(invite(arguments.email, arguments.name, coordinator=arguments.coordinator, regions=arguments.region))


def advisor_disable(arguments: argparse.Namespace) -> None:
    """Close an account at once."""
    with opening():
        from questionnaire.operations.inviting import disable

        write(disable(arguments.email))


def advisor_forget_factor(arguments: argparse.Namespace) -> None:
    """Take away a second factor whose telephone is lost."""
    with opening():
        from questionnaire.operations.inviting import forget_second_factor

        write(forget_second_factor(arguments.email))


def verify(_: argparse.Namespace) -> None:
    """Make every stored result again; leave with status 1 if one differs."""
    with opening():
        from questionnaire.operations.verifying import verify as verifying

        summary, differences = verifying()
    write("".join(f"{line}\n" for line in differences) + summary)
    if differences:
        sys.exit(1)


def purge(_: argparse.Namespace) -> None:
    """Do what the server does every day: announce, erase and forget what was kept long enough."""
    with opening():
        from questionnaire.operations.purging import purge as purging

        write(purging())


def export(arguments: argparse.Namespace) -> None:
    """Write all that is kept about one association: its right of access, where it has lost its link."""
    with opening():
        from questionnaire.operations.exporting import export as exporting

        write_file(arguments.output, exporting(arguments.assessment))


def backup(arguments: argparse.Namespace) -> None:
    """Save the installation into one file."""
    with opening():
        from questionnaire.operations.saving import backup as saving

        write(saving(arguments.output))


def restore(arguments: argparse.Namespace) -> None:
    """Put a saved installation back."""
    with opening():
        from questionnaire.operations.saving import restore as restoring

        write(restoring(arguments.archive, replace=arguments.replace))


def move(arguments: argparse.Namespace) -> None:
    """Move the installation from SQLite to another database."""
    with opening():
        from questionnaire.operations.moving import move as moving

        write(moving(arguments.to))


def observatory(arguments: argparse.Namespace) -> None:
    """List the releases of the observatory, or publish the next one."""
    with opening():
        from questionnaire.operations.observing import list_releases, publish

        write(publish() if arguments.action else list_releases())


def follow_up(_: argparse.Namespace) -> None:
    """Print how many associations could lead one of their actions."""
    with opening():
        from questionnaire.operations.following import follow

        write(follow())


@contextmanager
def opening() -> Iterator[None]:
    """Turn what keeps an installation closed into a refusal."""
    from questionnaire.operations.opening import CannotOpen

    try:
        yield
    except CannotOpen as error:
        raise Refusal(error.lines) from None


COMMANDS = (
    Command("score", score, "calculer le résultat d’un fichier de réponses", (ANSWERS, BATCH, FRAMEWORK)),
    Command(
        "report",
        report,
        "écrire le rapport d’un fichier de réponses : PDF, .csv ou .xlsx",
        (ANSWERS, OUTPUT, ESSENTIALS, FIRST_LOOK, ADVISOR, FACTS, FRAMEWORK),
    ),
    Command("paper", paper, "écrire le questionnaire à imprimer", (OUTPUT, LARGE, FILLABLE, FRAMEWORK)),
    Command("framework check", framework_check, "vérifier un référentiel", (FILE,)),
    Command("framework schema", framework_schema, "afficher le schéma JSON d’un référentiel"),
    Command("facts check", facts_check, "vérifier des repères juridiques", (FILE,)),
    Command("resources check", resources_check, "relire l’annuaire de ressources", (OWN_RESOURCES, ON)),
    Command("serve", serve, "ouvrir le service", (HOST, PORT, DEMO)),
    Command("worker", worker, "envoyer les courriels et dessiner les PDF, à côté du service"),
    Command("demo", demo, "préparer une démonstration et donner ses liens", (HOST, PORT)),
    Command(
        "advisor invite",
        advisor_invite,
        "inviter un accompagnateur ou une coordination",
        (EMAIL, ACCOUNT_NAME, COORDINATOR, REGION),
    ),
    Command("advisor disable", advisor_disable, "fermer un compte, tout de suite", (EMAIL,)),
    Command("advisor forget-factor", advisor_forget_factor, "retirer une double vérification perdue", (EMAIL,)),
    Command("follow-up", follow_up, "compter les actions menées, trois mois après"),
    Command("observatory", observatory, "lister les publications de l’observatoire, ou publier", (PUBLISH,)),
    Command("verify", verify, "recalculer tous les résultats gardés"),
    Command("export", export, "écrire tout ce qui est gardé sur une association", (ASSESSMENT, OUTPUT)),
    Command("purge", purge, "appliquer maintenant les durées de conservation"),
    Command("backup", backup, "sauvegarder toute l’installation dans un fichier", (COPY,)),
    Command("restore", restore, "remettre une sauvegarde", (ARCHIVE, REPLACE)),
    Command("move", move, "passer de SQLite à PostgreSQL", (NEW_DATABASE,)),
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its status."""
    given = parser().parse_args(arguments)
    try:
        given.run(given)
    except Refusal as refusal:
        sys.stderr.write("".join(f"{line}\n" for line in refusal.lines))
        sys.exit(BAD_INPUT)
    sys.exit(0)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line, made from `COMMANDS`."""
    return parser_of(COMMANDS)
