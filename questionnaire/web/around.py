"""What stands around an association's answers, for its report: the same for a page and for the job that draws."""

import uuid

from questionnaire import rendering
from questionnaire.core.report import Around
from questionnaire.extensions import db, directory


def around(assessment_id: uuid.UUID) -> Around:
    """Return what this installation knows beside the answers."""
    return rendering.around(db.session, directory(), assessment_id)
