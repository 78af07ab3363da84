"""The settings: one frozen, typed object, read once from QUESTIONNAIRE_* and the data folder's config.toml.

Every default is safe, and what is wrong is refused with one French line (`SettingsError`) before anything starts.
The environment wins over the file. The names are those of `VARIABLES`; docs/deployment.md lists them all.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from questionnaire.addresses import Mail, NotAnAddress, database_address, mail_address, site_address

PREFIX = "QUESTIONNAIRE_"
HOST, PORT = "127.0.0.1", 8000
LOCAL_URL = f"http://{HOST}:{PORT}"
_PLACEHOLDER = re.compile(r"change.?me|default|exam?ple|insecure|password|replace.?me|your.?secret", re.IGNORECASE)
OBLIGATORY_ONLINE = ("network_name", "contact", "controller", "dpo_contact", "legal_basis", "hosting_country")


class SettingsError(Exception):
    """A setting is wrong or lacks: one line in French, for the operator."""


@dataclass(frozen=True)
class Network:
    """Who runs this installation, as its pages say it."""

    name: str = ""
    logo: str = ""
    contact: str = ""
    controller: str = ""
    dpo_contact: str = ""
    legal_basis: str = ""
    hosting_country: str = ""


@dataclass(frozen=True)
class Settings:
    """All that an installation may choose. `instance` is its data folder."""

    instance: Path
    database_url: str
    secret_key: bytes
    base_url: str
    mail: Mail
    mail_sender: str
    queue: str
    trusted_proxies: int
    limits: bool
    debug: bool
    metrics_port: int  # 0: nobody may ask
    network: Network

    @property
    def loopback(self) -> bool:
        """Whether only this machine is meant to reach the pages."""
        return is_loopback(self.base_url)

    def kept_files(self) -> list[Path]:
        """Return the folders where mails and logs lie as files, if there are any."""
        named = [self.mail.folder] if self.mail.way == "file" else []
        return [self.instance / name for name in named]

    @property
    def https(self) -> bool:
        """Whether people reach the pages over TLS."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this environment; makes the data folder and its secret key once. Raises SettingsError."""
    environ = os.environ if environ is None else environ
    instance = instance_folder(environ)
    given = {**_from_file(instance / "config.toml"), **_from_environment(environ)}
    values = {name: read(given[name]) if name in given else None for name, read in VARIABLES.items()}
    settings = _settled(instance, values)
    refuse_danger(settings)
    return settings


def instance_folder(environ: Mapping[str, str]) -> Path:
    """Return the data folder that this environment names, or the default one; makes nothing."""
    return Path(environ.get(PREFIX + "INSTANCE") or default_instance()).absolute()


def default_instance() -> Path:
    """Return the data folder where none is named: the checkout's `instance/`, else the environment's."""
    root = Path(__file__).resolve().parent.parent
    return root / "instance" if (root / "pyproject.toml").exists() else Path(sys.prefix) / "var" / "questionnaire"


def is_loopback(url: str) -> bool:
    """Say whether an address leads to this machine only."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _settled(instance: Path, values: dict[str, Any]) -> Settings:
    _make_folder(instance)
    network = {name.removeprefix("network_"): values[name] or "" for name in (*OBLIGATORY_ONLINE, "network_logo")}
    return Settings(
        instance=instance,
        database_url=values["database_url"] or f"sqlite:///{instance / 'questionnaire.sqlite'}",
        secret_key=(values["secret_key"] or _kept_key(instance)).encode(),
        base_url=values["base_url"] or LOCAL_URL,
        mail=values["mail_url"] or Mail("console"),
        mail_sender=values["mail_sender"] or "ne-pas-repondre@localhost",
        queue=values["queue"] or "inline",
        trusted_proxies=values["trusted_proxies"] or 0,
        limits=values["limits"] is not False,
        debug=values["debug"] is True,
        metrics_port=values["metrics_port"] or 0,
        network=Network(**network),
    )


def refuse_danger(settings: Settings) -> None:
    """Refuse what is only safe on this machine, once the public may come in. Raises SettingsError."""
    if settings.loopback:
        return
    where = f"l’adresse publique {settings.base_url} n’est pas locale"
    if settings.debug:
        raise SettingsError(f"{PREFIX}DEBUG : le mode de mise au point est refusé, car {where}.")
    if not settings.limits:
        raise SettingsError(f"{PREFIX}LIMITS=off est refusé, car {where}.")
    key = settings.secret_key.decode(errors="replace")
    if len(set(key)) < 10 or _PLACEHOLDER.search(key):
        raise SettingsError(f"{PREFIX}SECRET_KEY : c’est une clé d’exemple. Tirez-en une au sort, car {where}.")
    network = settings.network
    missing = [name for name in OBLIGATORY_ONLINE if not getattr(network, name.removeprefix("network_"))]
    if missing:
        names = ", ".join(PREFIX + name.upper() for name in missing)
        raise SettingsError(f"Il manque {names} : obligatoire, car {where}.")


def _from_file(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} : fichier illisible ({error}).") from None
    unknown = sorted(table.keys() - VARIABLES.keys())
    if unknown:
        raise SettingsError(f"{path} : clé inconnue « {unknown[0]} ». Clés possibles : {', '.join(VARIABLES)}.")
    return {name: _as_text(path, name, value) for name, value in table.items()}


def _as_text(path: Path, name: str, value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str | int):
        return str(value)
    raise SettingsError(f"{path} : « {name} » doit être un texte, un nombre entier, true ou false.")


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    given = {name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    given.pop("instance", None)
    unknown = sorted(given.keys() - VARIABLES.keys())
    if unknown:
        raise SettingsError(f"{PREFIX}{unknown[0].upper()} : réglage inconnu.")
    return {name: value for name, value in given.items() if value}


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{instance} : dossier de données impossible à créer ({error.strerror}).") from None


def _kept_key(instance: Path) -> str:
    """Return the key kept in the data folder, made at the first start. Raises SettingsError if it was lost since."""
    path = instance / "secret_key"
    try:
        if not path.exists() and not (instance / "installation.json").exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii").strip() or _lost(path)
    except FileExistsError:
        return _kept_key(instance)
    except FileNotFoundError:
        return _lost(path)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} : clé secrète illisible ou impossible à créer ({error}).") from None


def _lost(path: Path) -> str:
    raise SettingsError(
        f"{path} : la clé secrète de cette installation a disparu. Remettez-la depuis une sauvegarde ; "
        "rien n’a été modifié."
    )


def _text(value: str) -> str:
    return value.strip()


def _switch(name: str) -> Callable[[str], bool]:
    def read(value: str) -> bool:
        if value.lower() not in {"on", "off"}:
            raise SettingsError(f"{PREFIX}{name} : « {value} » n’est ni on ni off.")
        return value.lower() == "on"

    return read


def _secret(value: str) -> str:
    if len(value) < 32:
        raise SettingsError(f"{PREFIX}SECRET_KEY : au moins 32 caractères.")
    return value


def _number(name: str, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and int(value) <= most):
            raise SettingsError(f"{PREFIX}{name} : « {value} » n’est pas un nombre entier de 0 à {most}.")
        return int(value)

    return read


def _queue(value: str) -> str:
    if value not in {"inline", "procrastinate"}:
        raise SettingsError(f"{PREFIX}QUEUE : « {value} » est inconnu ; choisissez « inline » ou « procrastinate ».")
    return value


def _address(name: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    def checked(value: str) -> Any:
        try:
            return read(value)
        except NotAnAddress as error:
            raise SettingsError(f"{PREFIX}{name} : {error}") from None

    return checked


VARIABLES: dict[str, Callable[[str], Any]] = {
    "database_url": _address("DATABASE_URL", database_address),
    "secret_key": _secret,
    "base_url": _address("BASE_URL", site_address),
    "mail_url": _address("MAIL_URL", mail_address),
    "mail_sender": _text,
    "queue": _queue,
    "trusted_proxies": _number("TRUSTED_PROXIES", 10),
    "limits": _switch("LIMITS"),
    "debug": _switch("DEBUG"),
    "metrics_port": _number("METRICS_PORT", 65535),
    "network_name": _text,
    "network_logo": _text,
    "contact": _text,
    "controller": _text,
    "dpo_contact": _text,
    "legal_basis": _text,
    "hosting_country": _text,
}
