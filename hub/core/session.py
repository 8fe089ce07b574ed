"""The kinds of log-in, how long each lasts, and who owes a second factor."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from hub.core.policy import Role


class Kind(StrEnum):
    """What a session is.

    half: the password was right and something is still owed · person: somebody at a screen of their own ·
    phone: a phone that a coordinator brought in · display: a wall's screen, which only shows.
    """

    HALF = "half"
    PERSON = "person"
    PHONE = "phone"
    DISPLAY = "display"


class Owed(StrEnum):
    """What a half session still owes, in the order in which it is asked for."""

    CODE = "code"
    FACTOR = "factor"
    PASSWORD = "password"  # noqa: S105 - a word, not one


LASTS: dict[Kind, timedelta] = {
    Kind.HALF: timedelta(minutes=10),
    Kind.PERSON: timedelta(hours=12),
    Kind.PHONE: timedelta(days=30),
    Kind.DISPLAY: timedelta(days=400),
}
IDLE: dict[Kind, timedelta] = {Kind.HALF: timedelta(minutes=10), Kind.PERSON: timedelta(minutes=15)}
"""Without a request for so long it is over; phones and displays stay."""
ACTING = timedelta(minutes=5)
"""Whoever signed in at a display is signed out so long after their last act there."""
INVITATION = timedelta(minutes=10)
PROOF = timedelta(minutes=2)
"""How far a phone's proof may lie from the hub's clock."""
SECOND_FACTOR = frozenset({Role.ADMIN, Role.DESK, Role.LIAISON})
"""Roles that owe one: they change rights, close cases, or look from outside."""
LEAST_PASSWORD = 10
PIN_DIGITS = (6, 12)
RECOVERY_CODES = 10


def owed(roles: frozenset[Role], *, has_factor: bool, must_change: bool, lenient: bool) -> tuple[Owed, ...]:
    """What somebody owes whose password was right; `lenient` on a demo that only this machine can reach."""
    found = []
    if has_factor:
        found.append(Owed.CODE)
    elif roles & SECOND_FACTOR and not lenient:
        found.append(Owed.FACTOR)
    if must_change:
        found.append(Owed.PASSWORD)
    return tuple(found)
