"""The pages of promises: personal data, from the settings and the very table that is applied; accessibility."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from flask import Blueprint, render_template
from pydantic import BaseModel, TypeAdapter

from questionnaire.extensions import settings
from questionnaire.storage.retention import PERIODS, WARNING

bp = Blueprint("promises", __name__)
GRID = Path(__file__).parent.parent / "frameworks/accessibility/rgaa-4.1.yaml"


class Criterion(BaseModel):
    """A criterion of the accessibility grid: what it asks in a few words, and what is known of it."""

    number: str
    words: str
    state: Literal["respecté", "sans objet", "à vérifier"]
    how: str


class Theme(BaseModel):
    """A theme of the grid."""

    number: int
    title: str
    criteria: tuple[Criterion, ...]


@bp.get("/accessibilite")
def accessibility() -> str:
    """Say what works and what was not audited, from the grid."""
    states = Counter(criterion.state for theme in grid() for criterion in theme.criteria)
    return render_template("promises/accessibility.html", network=settings().network, grid=grid(), states=states)


@bp.get("/donnees-personnelles")
def privacy() -> str:
    """Say what is kept, why, how long, who sees it and what one may ask."""
    kept = {name: in_words(period) for name, period in PERIODS.items()}
    return render_template("promises/privacy.html", network=settings().network, kept=kept, warning=in_words(WARNING))


@cache
def grid() -> tuple[Theme, ...]:
    """Return the accessibility grid, theme by theme."""
    themes = yaml.safe_load(GRID.read_text(encoding="utf-8"))["themes"]
    return TypeAdapter(tuple[Theme, ...]).validate_python(themes)


def in_words(period: timedelta) -> str:
    """Return a duration as people say it: years, months, or days."""
    if period.days % 365 == 0 and period.days > 365:
        return f"{period.days // 365} ans"
    return f"{round(period.days / 30.5)} mois" if period.days > 60 else f"{period.days} jours"
