"""Slow hashes for people, quick ones for devices.

A person's password is short, so argon2id makes each guess cost 19 MiB and some 25 ms. A device's key is 256
random bits, which nobody guesses; bcrypt at its lowest cost is taken only because nats-server reads it, so
that no key stands in clear in its configuration or in the database.
"""

from __future__ import annotations

import os
import secrets
from threading import BoundedSemaphore

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024
KEY_ROUNDS = 4


class Argon2:
    """Port Passwords. Half the cores hash at most, so that a flood of log-ins leaves ingest alone."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
        self._places = BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))

    def hash(self, password: str) -> str:
        """A salted argon2id hash that says how it was made."""
        with self._places:
            return self._hasher.hash(password)

    def verify(self, hashed: str, password: str) -> bool:
        """Whether `password` made `hashed`; False, never an error, for a wrong or unreadable one."""
        with self._places:
            try:
                return self._hasher.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False


def new_key() -> str:
    """A device's key: 256 random bits as text."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """The bcrypt hash of a device's key, as the broker and `check_key` read it."""
    return bcrypt.hashpw(key.encode(), bcrypt.gensalt(KEY_ROUNDS)).decode()


def check_key(hashed: str, key: str) -> bool:
    """Whether `key` made `hashed`; False for anything unreadable."""
    try:
        return bcrypt.checkpw(key.encode(), hashed.encode())
    except ValueError:
        return False
