"""What stands around an association's answers, for its report: the directory of resources of this installation."""

from questionnaire.core.report import Around
from questionnaire.extensions import directory


def around() -> Around:
    """Return what this installation knows beside the answers."""
    return Around(directory())
