"""Codes that people read to one another or type from paper."""

from __future__ import annotations

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Nothing that is taken for another: no I, L, O, U, 0, 1; 4.9 bits a letter."""


def code(length: int) -> str:
    """A code of that many letters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
