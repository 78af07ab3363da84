"""The second factor of an account: a code of six digits that changes every 30 seconds, and codes for a lost telephone.

Its secret is derived from the installation's key and a salt, so that the database alone tells nobody's codes. A code
is accepted once. Nothing here commits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

import sqlalchemy as sa
from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from questionnaire.storage.accounts import RecoveryCode, SecondFactor, User, letters

RECOVERY_CODES = 10
WINDOW = 30  # seconds that a telephone's clock may be early or late


def factor_of(session: Session, user: User, *, lock: bool = False) -> SecondFactor | None:
    """Return the account's second factor, confirmed or not; with `lock`, no code is tried twice at once."""
    query = sa.select(SecondFactor).where(SecondFactor.user_id == user.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def begin_factor(session: Session, user: User) -> SecondFactor:
    """Return the factor that waits for its first code, a new one if there is none."""
    factor = factor_of(session, user)
    if factor is None:
        factor = SecondFactor(user_id=user.id, salt=secrets.token_hex(16))
        session.add(factor)
        session.flush()
    return factor


def totp(secret_key: bytes, factor: SecondFactor) -> TOTP:
    """Return the generator that an application on a telephone repeats."""
    derived = hmac.new(secret_key, f"second-factor:{factor.user_id}:{factor.salt}".encode(), hashlib.sha256)
    return TOTP(key=derived.digest()[:20], format="raw")


def accept_code(session: Session, secret_key: bytes, factor: SecondFactor, typed: str, now: datetime) -> bool:
    """Say whether the code is right, and use it up: neither it nor an earlier one is accepted again."""
    code = re.sub(r"[^0-9A-Za-z]", "", typed).upper()
    if len(code) != 6:  # digits, as applications show them
        return factor.confirmed_at is not None and _use_recovery_code(session, factor, code)
    try:
        match = totp(secret_key, factor).match(code, now, window=WINDOW, last_counter=factor.last_counter)
    except TokenError:
        return False
    factor.last_counter = match.counter
    return True


def confirm_factor(session: Session, factor: SecondFactor, now: datetime) -> list[str]:
    """Ask for the factor from now on; return the recovery codes, which can never be shown again."""
    factor.confirmed_at = now
    return new_recovery_codes(session, factor)


def new_recovery_codes(session: Session, factor: SecondFactor) -> list[str]:
    """Replace the recovery codes, and return the new ones, which can never be shown again."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == factor.user_id))
    codes = [letters(12) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=factor.user_id, code_sha256=_digest(code)) for code in codes)
    session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def recovery_codes_left(session: Session, user: User) -> int:
    """Return how many recovery codes were not used yet."""
    query = sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)
    return session.scalar(query) or 0


def forget_factor(session: Session, user: User) -> None:
    """Ask for a second factor no more, and forget its recovery codes."""
    for table in (RecoveryCode, SecondFactor):
        session.execute(sa.delete(table).where(table.user_id == user.id))


def _use_recovery_code(session: Session, factor: SecondFactor, code: str) -> bool:
    chosen = (RecoveryCode.user_id == factor.user_id, RecoveryCode.code_sha256 == _digest(code))
    return session.scalar(sa.delete(RecoveryCode).where(*chosen).returning(RecoveryCode.user_id)) is not None


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
