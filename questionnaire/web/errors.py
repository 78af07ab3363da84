"""From an error to a page: the only place that does it. Each page says what happened and what to do, in plain words.

Where something was typed and could not be kept, the page gives it back with a button that tries again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from questionnaire.extensions import db
from questionnaire.pdf import PdfError
from questionnaire.storage.assessments import AlreadyTaken, AssessmentFinished
from questionnaire.web.access import LinkNotFound, PaperOver, SecondFactorNeeded, SignInNeeded, newest_framework
from questionnaire.web.typed import typed_on_paper

log = logging.getLogger("questionnaire.errors")
NOT_GIVEN_BACK = {"csrf_token", "complete", "password", "new_password", "new_password_confirm"}


@dataclass(frozen=True)
class Page:
    """The words of an error: its title, and what to do."""

    title: str
    advice: str


PAGES: dict[int, Page] = {
    400: Page("Cette page est arrivée incomplète", "Revenez en arrière, puis recommencez."),
    403: Page("Cette page n’est pas pour vous", "Vérifiez l’adresse, ou revenez à l’accueil."),
    404: Page("Cette page n’existe pas", "Vérifiez l’adresse. Si vous cherchez vos réponses, ouvrez votre lien privé."),
    405: Page("Cette page ne s’ouvre pas ainsi", "Revenez à l’accueil, puis recommencez."),
    409: Page("Ce n’est plus possible", "Quelqu’un a changé quelque chose entre-temps. Revenez à votre page."),
    413: Page("C’est trop long", "Raccourcissez vos textes\u202f: 4 000 caractères chacun au plus."),
    422: Page("Quelque chose ne va pas dans cette page", "Revenez en arrière, corrigez, puis recommencez."),
    429: Page("Trop d’essais à la suite", "Attendez un quart d’heure, puis recommencez. Rien n’est perdu."),
    500: Page(
        "Une erreur est survenue chez nous", "Vos réponses déjà enregistrées sont intactes. Réessayez dans un moment."
    ),
    503: Page("Le service est occupé", "Réessayez dans un moment. Vos réponses déjà enregistrées sont intactes."),
}
NO_LINK = Page(
    "Ce lien n’ouvre aucun questionnaire",
    "Vérifiez que l’adresse est complète. Si le lien a été remplacé ou perdu, demandez qu’on vous le renvoie.",
)
PAPER_OVER = Page(
    "Cette saisie est fermée",
    "L’association l’a peut-être arrêtée, ou elle a terminé ou supprimé ses réponses. Parlez-en avec elle.",
)
TAKEN = Page(
    "Vos réponses ne peuvent plus être rouvertes",
    "Un accompagnateur les a déjà lues pour préparer l’entretien. Parlez-lui de ce que vous voulez changer.",
)
FINISHED = Page("Vos réponses sont terminées", "Pour les modifier, rouvrez-les d’abord depuis votre page.")
SIGNED_OUT = Page(
    "Vous n’êtes plus connecté",
    "Gardez cette page ouverte, connectez-vous dans un autre onglet, puis revenez essayer de nouveau ici.",
)
NO_PDF = Page(
    "Le PDF n’a pas pu être fabriqué", "Vos réponses sont intactes et votre résultat reste à l’écran. Réessayez."
)


def init_app(app: Flask) -> None:
    """Map each error to its page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(LinkNotFound, lambda _: _page(404, NO_LINK, recover=True))
    app.register_error_handler(PaperOver, _paper_over)
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(SecondFactorNeeded, _set_up)
    app.register_error_handler(AlreadyTaken, lambda _: _page(409, TAKEN))
    app.register_error_handler(AssessmentFinished, lambda _: _page(409, FINISHED))
    app.register_error_handler(PdfError, lambda _: _page(503, NO_PDF))
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(500, _unforeseen)


def _sign_in(_: SignInNeeded) -> ResponseReturnValue:
    """Lead to the sign-in and back; what was typed by who is signed out meanwhile is shown, to be sent again."""
    if _typed():
        return _page(403, SIGNED_OUT)
    return redirect(url_for("accounts.sign_in", next=request.path if request.method == "GET" else None), 303)


def _set_up(_: SecondFactorNeeded) -> ResponseReturnValue:
    return redirect(url_for("second_factor.show"), 303)


def _paper_over(_: PaperOver) -> ResponseReturnValue:
    """Give back every word that was sent, and nothing that is kept: this advisor may not read that any more."""
    db.session.rollback()
    lines = typed_on_paper(newest_framework(), request.form)
    return render_template("errors/paper_over.html", page=PAPER_OVER, lines=lines), 404


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    page = _page(error.code, PAGES.get(error.code, PAGES[404 if error.code < 500 else 500]))
    if error.code == 429:
        page.headers["Retry-After"] = "900"
    return page


def _database(error: Exception) -> Response:
    """Locked, full, gone: nothing was kept, so what was typed is shown with a way to send it again."""
    log.error("The database refused: %s", type(error.__cause__ or error).__name__, exc_info=error)
    page = _page(503, PAGES[503])
    page.headers["Retry-After"] = "5"
    return page


def _unforeseen(error: Exception) -> Response:
    return _page(500, PAGES[500])


def _page(status: int, page: Page, *, recover: bool = False) -> Response:
    db.session.rollback()
    typed = _typed() if status >= 500 or status == 429 or page in (SIGNED_OUT, NO_LINK) else []
    return make_response(render_template("errors/error.html", page=page, typed=typed, recover=recover), status)


def _typed() -> list[tuple[str, str]]:
    """Return what was sent by the form, for the page to give it back; a text that was emptied stays emptied."""
    if request.method != "POST":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_GIVEN_BACK]
