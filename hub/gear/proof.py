"""A phone's proof: a signature by a key that cannot leave the phone (ECDSA P-256, as WebCrypto makes it)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

HALF = 32
"""Bytes of each of the two numbers of a signature."""


def public_key(spki: str) -> str | None:
    """PEM of a phone's public key, which it gives as base64url SPKI; None when it is none of P-256."""
    try:
        key = load_der_public_key(_bytes(spki))
    except (ValueError, TypeError, Error):
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def check(pem: str, message: bytes, signature: str) -> bool:
    """Whether `signature`, base64url of r and s, is by this key over this message."""
    try:
        key = load_pem_public_key(pem.encode())
        raw = _bytes(signature)
    except (ValueError, TypeError, Error):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(raw) != 2 * HALF:
        return False
    halves = (int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
