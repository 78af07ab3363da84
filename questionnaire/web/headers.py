"""What every response says and every request must respect, errors and static files included; and the access log.

Headers are set around the whole application, so that no path escapes them. The log masks the tokens that stand in
addresses. This file may not know what a page shows.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import secure
from flask import Flask, Response, request, session
from secure.middleware.wsgi import SecureWSGIMiddleware
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from questionnaire import metrics
from questionnaire.extensions import db
from questionnaire.settings import Settings
from questionnaire.storage.database import write_first
from questionnaire.web.static_files import StaticFiles, vary

log = logging.getLogger("questionnaire.access")
MOST_FIELDS = 1000
RENEWED = "renewed"  # in the session: the day its cookie was last sent, to last a year from then on
READING = {"GET", "HEAD", "OPTIONS"}
WRITES_WHILE_READING = {"advisor", "shown_look"}  # blueprints whose pages note who read what
_TOKEN = re.compile(r"^(/l/|/conseiller/lien/|/suivi/).+", re.DOTALL)
_LONG = re.compile(r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)[^/]{24,}")  # any token of a later page; not the id of a row
_YEAR = 365 * 24 * 3600


def init_app(app: Flask, settings: Settings) -> None:
    """Wrap `app`: proxies outermost, then log, headers, static files, our own name, and the application."""
    app.before_request(_refuse_nul)
    app.before_request(_refuse_cut_body)
    app.before_request(_prepare_writing)
    app.after_request(_keep_personal)
    app.url_defaults(lambda endpoint, values: _version_static(app, endpoint, values))
    static = StaticFiles(
        OwnName(app.wsgi_app, settings.base_url),
        root=app.static_folder,
        prefix="static/",
        max_age=_YEAR,
        allow_all_origins=False,
        add_headers_function=vary,
    )
    wrapped = AccessLog(SecureWSGIMiddleware(static, secure=_headers(settings)))
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(wrapped, x_for=hops, x_proto=hops, x_host=0) if hops else wrapped  # type: ignore[method-assign]


def owed(settings: Settings) -> list[tuple[str, str]]:
    """Return what an answer must carry that no page of ours stands behind: the server's own refusals."""
    return [*_headers(settings).headers.items(), ("Cache-Control", "no-store")]


class OwnName:
    """Names our own site in every request, whatever `Host` it came with: no address of ours is built from a header."""

    def __init__(self, application: Any, base_url: str) -> None:
        """Wrap this WSGI application, reached at this address."""
        self._application = application
        self._name = {"wsgi.url_scheme": urlsplit(base_url).scheme, "HTTP_HOST": urlsplit(base_url).netloc}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Hand the request on under our own name."""
        environ.update(self._name)
        return self._application(environ, start_response)


class AccessLog:
    """One line per request: when, from where, what, with which status, in how long; never a token."""

    def __init__(self, application: Any) -> None:
        """Wrap this WSGI application."""
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Hand the request on, and log it once its answer begins."""
        began = time.monotonic()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seconds = time.monotonic() - began
            facts = {
                "address": environ.get("REMOTE_ADDR", "-"),
                "method": environ["REQUEST_METHOD"],
                "path": masked(environ.get("PATH_INFO", "")),
                "status": int(status[:3]),
                "ms": round(seconds * 1000),
            }
            log.info("request", extra={"facts": facts})
            metrics.note_request(facts["method"], facts["status"], seconds, static=facts["path"].startswith("/static/"))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._application(environ, start)


def masked(path: str) -> str:
    """Return an address as a log may keep it: without token, without line break."""
    shown = path if path.startswith("/static/") else _LONG.sub("…", path)
    return _TOKEN.sub(r"\1…", shown)[:200].encode("unicode_escape").decode("ascii")


def _headers(settings: Settings) -> secure.Secure:
    policy = (
        secure.ContentSecurityPolicy()
        .default_src("'none'")
        .style_src("'self'")
        .script_src("'self'")
        .img_src("'self'", "data:")
        .font_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .frame_ancestors("'none'")
        .base_uri("'none'")
    )
    return secure.Secure(
        csp=policy,
        referrer=secure.ReferrerPolicy().no_referrer(),
        permissions=secure.PermissionsPolicy().camera("()").microphone("()").geolocation("()"),
        coop=secure.CrossOriginOpenerPolicy().same_origin(),
        corp=secure.CrossOriginResourcePolicy().same_origin(),
        xcto=secure.XContentTypeOptions().nosniff(),
        xfo=secure.XFrameOptions().deny(),
        hsts=secure.StrictTransportSecurity().max_age(_YEAR) if settings.https else None,
    )


def _refuse_cut_body() -> None:
    """Read the whole body first: one shorter than announced, or with absurdly many fields, is never half believed."""
    if request.method in READING:
        return
    body = request.get_data(cache=True)
    if request.content_length is not None and len(body) < request.content_length:
        raise BadRequest
    if body.count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge


def _refuse_nul() -> None:
    """Nothing of ours has a NUL in its address, and PostgreSQL would fail on it where it looks one up."""
    if "\0" in request.path:
        raise NotFound


def _prepare_writing() -> None:
    if request.method not in READING or request.blueprint in WRITES_WHILE_READING:
        write_first(db.session)


def _keep_personal(response: Response) -> Response:
    """Let no cache keep a page or a document, and let the cookie outlive the browser's window, anew each day of use.

    What Flask says of a file that is downloaded (`no-cache`) would let it be kept; static files do not come by here.
    Only what its view calls public (the observatory) may be kept, unless it gave its reader a message that waited in
    their session, or their cookie leaves with it.
    """
    if session.modified or not response.cache_control.public:
        response.headers["Cache-Control"] = "no-store"
        today = datetime.now(UTC).date().isoformat()
        if session and session.get(RENEWED) != today:
            session[RENEWED] = today
    if session.modified:
        session.permanent = True
    return response


def _version_static(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and app.static_folder and "filename" in values:
        values["v"] = _digest(app.static_folder, values["filename"])


@cache
def _digest(folder: str, name: str) -> str:
    path = Path(folder) / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
