"""What stands around an association's answers, for its report, in this installation."""

from questionnaire import rendering
from questionnaire.core.report import Around
from questionnaire.extensions import catalogue, db, surroundings
from questionnaire.storage.models import Assessment


def around(assessment: Assessment) -> Around:
    """Return what this installation knows beside the answers."""
    return rendering.around(db.session, catalogue(), surroundings(), assessment)
