"""A `Report` as one table: its numbers, the words that stand for them, and what was answered. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from questionnaire.core.report_lines import CriterionLine, DimensionLine, Number, QuestionLine
from questionnaire.core.report_model import ActionSheet, Report
from questionnaire.core.scorecard import shown
from questionnaire.spreadsheets.writing import Cell, Sheet

COLUMNS = (
    "Quoi",
    "Code",
    "Intitulé",
    "En mots",
    "Niveau",
    "Points (sur 100)",
    "Au plus bas",
    "Au plus haut",
    "Part inconnue (%)",
    "Gain (points)",
    "Preuve",
    "Remarque",
)
STATES = {
    "unknown": "Je ne sais pas",
    "missing": "Pas encore vu",
    "not_applicable": "Non concerné",
    "set_aside": "Question écartée",
}
Row = tuple[Cell, ...]


def result_sheet(report: Report) -> Sheet:
    """Return the result, from the whole to each answer, then the plan: what moves, and by how much."""
    rows: list[Row] = [("Association", "", report.who.name, *_nothing(9)), _overall(report)]
    for dimension in report.dimensions:
        rows += _dimension(dimension)
    rows += [_action("Action", sheet) for sheet in report.plan]
    rows += [_action("Plus tard", sheet) for sheet in report.later]
    return Sheet("Résultat", COLUMNS, tuple(rows))


def _overall(report: Report) -> Row:
    whole = report.overall
    numbers = (_number(whole.score), _number(whole.low), _number(whole.high), _number(whole.unknown_share))
    return "Ensemble", "", report.framework.title, whole.stage or "À situer plus tard", None, *numbers, *_nothing(3)


def _dimension(dimension: DimensionLine) -> Iterator[Row]:
    level, share = dimension.level, _number(dimension.unknown_share)
    words = level.label if level else "À situer plus tard"
    yield "Thème", dimension.id, dimension.title, words, None, *_interval(dimension), share, *_nothing(3)
    for criterion in dimension.criteria:
        yield _criterion(criterion)
        yield from (_question(question) for question in criterion.questions)


def _criterion(criterion: CriterionLine) -> Row:
    level = criterion.level
    words = level.label if level else "À vérifier" if criterion.status == "unknown" else "Non concerné"
    numbers = (level.level if level else None, *_interval(criterion))
    return "Critère", criterion.id, criterion.title, words, *numbers, *_nothing(4)


def _question(question: QuestionLine) -> Row:
    chosen = question.chosen
    words = chosen.text if chosen else STATES.get(question.state, "")
    level = question.value if isinstance(question.value, int) else None
    numbers = (level, _number(question.points), *_nothing(4))
    return "Question", question.id, question.text, words, *numbers, question.evidence, question.comment


def _action(kind: str, sheet: ActionSheet) -> Row:
    """An action with what it would change in the whole, which is an indication."""
    words = f"{sheet.horizon}, effort {sheet.effort.lower()}"
    return (
        kind,
        sheet.criterion.id,
        sheet.action,
        words,
        sheet.level.level,
        *_nothing(4),
        _number(sheet.gain),
        *_nothing(2),
    )


def _interval(line: DimensionLine | CriterionLine) -> tuple[Cell, Cell, Cell]:
    return _number(line.score), _number(line.low), _number(line.high)


def _number(value: Number) -> Decimal | None:
    rounded = shown(value)
    return None if rounded is None else Decimal(str(rounded))


def _nothing(cells: int) -> tuple[None, ...]:
    return (None,) * cells
