"""Time-based codes (RFC 6238), as the usual authenticator apps make them: six digits, 30 s, SHA-1."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import pyotp

if TYPE_CHECKING:
    from datetime import datetime

STEP_SECONDS = 30
AROUND = 1
"""Steps before and after the present one that are taken, since a phone's clock is a little off."""


class Totp:
    """Port Codes."""

    def secret(self) -> str:
        """A new secret, 160 bits in base32."""
        return pyotp.random_base32()

    def uri(self, secret: str, name: str, issuer: str) -> str:
        """What an app reads from the QR code."""
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """The step that `code` belongs to, near `at`; None when it is wrong."""
        made = pyotp.TOTP(secret)
        now = int(at.timestamp()) // STEP_SECONDS
        # Every candidate is compared, so that the time taken says nothing.
        right = [
            step
            for step in range(now - AROUND, now + AROUND + 1)
            if hmac.compare_digest(made.generate_otp(step).encode(), code.encode())
        ]
        return right[0] if right else None
