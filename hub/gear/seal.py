"""Seals small secrets of the database with a key that lies outside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

if TYPE_CHECKING:
    from pathlib import Path


class Fernets:
    """Port Seal: Fernet (AES-128-CBC, HMAC-SHA-256); the key in `file` is made, 0600, if none is there."""

    def __init__(self, file: Path) -> None:
        self._fernet = Fernet(_key(file))

    def close(self, secret: str) -> bytes:
        """The sealed secret."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret again.

        Raises:
            ValueError: it was sealed with another key, or it was changed.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError(
                "a sealed secret does not open with this key; restore the key file from the backup, or have "
                "the second factor set up anew"
            ) from error


def _key(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(Fernet.generate_key())
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)  # of several that start at once, one makes it
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return file.read_bytes()
