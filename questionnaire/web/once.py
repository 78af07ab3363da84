"""The same form sent twice begins one thing: a key in the form, and what was typed, name what it begins.

A double click sends the very same form, so both find the same id; another name typed, or another browser, gives
another one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import uuid

from flask import session
from wtforms import HiddenField

from questionnaire.extensions import settings
from questionnaire.web.forms import PageForm


class OnceForm(PageForm):
    """A form that begins something, once."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))


def id_begun_by(form: OnceForm) -> uuid.UUID:
    """Return the id of what this form begins: nobody can guess it, and it is the same when it is sent again."""
    typed = {field.name: field.data for field in form if field.name != "csrf_token"}
    sent = json.dumps([session.get("csrf_token"), typed], sort_keys=True)
    digest = hmac.new(settings().secret_key, f"begun-by:{sent}".encode(), hashlib.sha256).digest()
    return uuid.UUID(bytes=digest[:16], version=4)
