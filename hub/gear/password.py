"""Slow hashes for people, quick ones for devices.

A person's password is short, so argon2id makes each guess cost 19 MiB and some 25 ms. A device's key is 256
random bits, which nobody guesses; bcrypt at its lowest cost is taken only because nats-server reads it, so
that no key stands in clear in its configuration or in the database.
"""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import get_native_id

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024
KEY_ROUNDS = 4
NICE = 10
"""How far the threads that hash stand behind all others, as `nice` counts."""


class Argon2:
    """Port Passwords. Half the cores hash at most, and last in line, so that log-ins leave ingest alone."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
        self._places = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), "hash", _last_in_line)

    def hash(self, password: str) -> str:
        """A salted argon2id hash that says how it was made."""
        return self._places.submit(self._hasher.hash, password).result()

    def verify(self, hashed: str, password: str) -> bool:
        """Whether `password` made `hashed`; False, never an error, for a wrong or unreadable one."""
        return self._places.submit(self._verify, hashed, password).result()

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _last_in_line() -> None:
    """Let every other thread go first; Linux keeps this per thread, and elsewhere it is left as it is."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)


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
