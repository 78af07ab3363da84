"""What the server refuses before a page could: what is no HTTP, too long a head, too much sent. In our words."""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, TransferEncodingNotImplemented
from waitress.task import ErrorTask
from waitress.utilities import Error

UNREADABLE = "Cette demande est illisible. Revenez à la page précédente et recommencez."
WORDS = {
    413: "C’est trop long pour être reçu en une fois. Revenez à la page précédente, raccourcissez, puis recommencez.",
    431: "L’adresse de la page est trop longue. Revenez à l’accueil.",
    500: "Une erreur est survenue de notre côté. Revenez à la page précédente et recommencez.",
    501: "Cette demande n’est pas possible ici. Revenez à la page précédente.",
}


class Parser(HTTPRequestParser):
    """Takes no body in pieces of unknown number: no browser sends one, and while it is read everybody else waits.

    Who asks whether to go on (`Expect: 100-continue`) but announces no body gets the page at once.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request. Raises TransferEncodingNotImplemented for such a body."""
        super().parse_header(header_plus)
        if self.chunked:
            raise TransferEncodingNotImplemented("chunked")
        self.expect_continue = self.expect_continue and self.content_length > 0


def channels(headers: list[tuple[str, str]]) -> type[HTTPChannel]:
    """Return the kind of connections whose refusals carry these headers, as every answer of ours does."""

    class Refusal(ErrorTask):
        def execute(self) -> None:
            error: Error = self.request.error  # type: ignore[attr-defined]
            body = WORDS.get(error.code, UNREADABLE).encode()
            self.status = f"{error.code} {error.reason}"
            self.response_headers = [*headers, ("Content-Type", "text/plain; charset=utf-8")]
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):
        error_task_class = Refusal
        parser_class = Parser

    return Channel
