"""docs/rights.md, printed from the table of routes: `.venv/bin/python -m tests.web.rights_page` writes it again."""

from __future__ import annotations

from pathlib import Path

from tests.web.test_routes import ROLES, ROUTES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
HEAD = """# Who may use which address

Printed from the table of `tests/web/test_routes.py`, which the tests try role by role: an address that is missing
there, or here, fails. After a new one, write this page again with `.venv/bin/python -m tests.web.rights_page`.

A right is read in the database at each request: withdrawn, it is gone at the next one. Who has no right to a page of
an association gets the same 404 as for one that does not exist.

"""


def page() -> str:
    """Return the whole page."""
    head = ["Address", "Method", *ROLES]
    lines = [head, ["---"] * len(head), *(_line(method, rule) for method, rule in sorted(ROUTES, key=_by_address))]
    said = "".join(f"- **{role}**: {words}\n" for role, (words, _) in ROLES.items())
    return HEAD + said + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _line(method: str, rule: str) -> list[str]:
    allowed = ROUTES[method, rule]
    return [f"`{rule}`", method, *("yes" if allowed in may else "" for _, may in ROLES.values())]


def _by_address(route: tuple[str, str]) -> tuple[str, str]:
    return route[1], route[0]


if __name__ == "__main__":
    PAGE.write_text(page())
