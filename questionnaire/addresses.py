"""What an address given by the operator means: that of our pages, of the database, of the mail server.

One that cannot be read is refused with our own French words (`NotAnAddress`), never with those of a library.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
WANTED_DATABASE = "attendu sqlite:////chemin/absolu ou postgresql://utilisateur@serveur:port/base."
WANTED_MAIL = (
    "attendu console:, file:DOSSIER, smtp://hôte:port, smtp+starttls://… ou smtps://…. "
    "Un signe spécial du mot de passe s’écrit avec % : @ devient %40, [ devient %5B."
)


class NotAnAddress(ValueError):
    """It cannot be read as an address of this kind; the message says in French what was expected."""


@dataclass(frozen=True)
class Mail:
    """How mail leaves: `console`, `file` (into `folder`) or `smtp`."""

    way: str
    folder: str = ""
    host: str = ""
    port: int = 25
    user: str | None = None
    password: str | None = None
    use_ssl: bool = False
    use_tls: bool = False


def site_address(value: str) -> str:
    """Return the address of our pages, without its last slash. Raises NotAnAddress."""
    url = _parts(value)
    own = url and url.scheme in {"http", "https"} and "@" not in url.netloc
    if not (url and own) or url.path.strip("/") or url.query or url.fragment:
        raise NotAnAddress(f"« {value} » n’est pas de la forme https://exemple.fr.")
    return value.rstrip("/")


def database_address(value: str) -> str:
    """Return the address of a database with the driver that we use. Raises NotAnAddress."""
    scheme, separator, rest = value.partition("://")
    driver = DRIVERS.get(scheme.removesuffix("+psycopg"))
    server = rest.partition("?")[0].rpartition("@")[2].partition("/")[0]
    known = not server or (driver != "sqlite" and _parts(f"//{server}"))
    if not separator or driver is None or rest in {"", "/"} or not known:
        raise NotAnAddress(WANTED_DATABASE)
    return f"{driver}://{rest}"


def mail_address(value: str) -> Mail:
    """Return how mail leaves. Raises NotAnAddress."""
    if value in {"console:", "console"}:
        return Mail("console")
    if value.startswith("file:") and value != "file:":
        return Mail("file", folder=value.removeprefix("file:"))
    url = _parts(value)
    if url is None or url.scheme not in MAIL_PORTS:
        raise NotAnAddress(WANTED_MAIL)
    return Mail(
        "smtp",
        host=url.hostname or "",
        port=url.port or MAIL_PORTS[url.scheme],
        user=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_ssl=url.scheme == "smtps",
        use_tls=url.scheme == "smtp+starttls",
    )


def _parts(value: str) -> SplitResult | None:
    """Return the parts of an address; None where no host stands in it, or nothing that can be read."""
    try:
        url = urlsplit(value)
        return url if url.hostname and url.port != 0 else None
    except ValueError:  # a bracket left open, a port that is no number
        return None
