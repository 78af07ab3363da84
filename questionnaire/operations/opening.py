"""Opens the installation for a command, or says in one line why it cannot be opened."""

from __future__ import annotations

import os
from dataclasses import replace

from flask import Flask

from questionnaire import settings
from questionnaire.app import create_app
from questionnaire.core.faults import FrameworkError
from questionnaire.storage.installation import InstallationError

PRIVATE = 0o077  # the umask of whoever opens an installation: its files are its owner's alone


class CannotOpen(Exception):
    """The installation cannot be opened; `lines` says why, in French."""

    def __init__(self, *lines: object) -> None:
        """Keep the lines."""
        self.lines = tuple(map(str, lines))
        super().__init__("\n".join(self.lines))


def open_application(host: str | None = None, port: int | None = None) -> Flask:
    """Return the application of this environment, reached at `host` and `port` if no public address was set.

    From then on, the files that this process makes are readable by their owner only. Raises CannotOpen.
    """
    os.umask(PRIVATE)
    try:
        chosen = settings.load()
        if chosen.base_url == settings.LOCAL_URL and (host or port):
            chosen = replace(chosen, base_url=_address(host or settings.HOST, port or settings.PORT))
        settings.refuse_danger(chosen)
        return create_app(chosen)
    except (settings.SettingsError, InstallationError) as error:
        raise CannotOpen(error) from None
    except FrameworkError as error:
        raise CannotOpen(*error.faults) from None


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": settings.HOST, "::": settings.HOST}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
