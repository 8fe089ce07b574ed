"""Sign and check what a device is told: Ed25519 over the order's canonical bytes.

The hub alone holds the private key; a device is given the public one when it is enrolled.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from wire.order import canonical

if TYPE_CHECKING:
    from pathlib import Path

    from wire.order import Order, Told


class KeyFault(ValueError):  # noqa: N818 - a refusal with a sentence
    """A key that cannot be used; the text names the file and says what to do."""


class Signer:
    """Signs by the private key in a file."""

    def __init__(self, path: Path) -> None:
        """Read the key.

        Args:
            path: PEM (PKCS 8, not encrypted), as `make_key` writes it.

        Raises:
            KeyFault: the file cannot be read or holds no Ed25519 key.
        """
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyFault(
                f"{path}: the signing key cannot be read ({error}); bring it back from a backup"
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFault(f"{path}: not an Ed25519 key; bring the hub's own back from a backup")
        self._key = key

    def sign(self, order: Told) -> Told:
        """The same order with its signature."""
        signed: Told = msgspec.structs.replace(order, signature=self._key.sign(canonical(order)))
        return signed

    @property
    def public(self) -> bytes:
        """What a device checks by, PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class Checker:
    """Checks by the hub's public key."""

    def __init__(self, public: bytes) -> None:
        """Take the key.

        Args:
            public: PEM, as `Signer.public` gives it.

        Raises:
            KeyFault: it is no Ed25519 key.
        """
        try:
            key = load_pem_public_key(public)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyFault(f"the hub's public key cannot be read ({error}); enrol the device anew") from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyFault("the hub's public key is not Ed25519; enrol the device anew")
        self._key = key

    def good(self, order: Order) -> bool:
        """Whether the hub signed exactly this."""
        try:
            self._key.verify(order.signature, canonical(order))
        except InvalidSignature:
            return False
        return True


def make_key(path: Path) -> None:
    """Make a private key at `path` unless one is there; whole or not at all, for the owner's eyes only.

    Raises:
        OSError: the folder is missing or cannot be written.
    """
    if path.exists():
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # A link, not a rename: of two hubs that begin together one finds the key of the other and keeps it.
        _link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _link(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
