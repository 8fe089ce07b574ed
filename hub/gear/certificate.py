"""The house's own certificates: one authority made at the first start, and the hub's certificate by it.

Cameras, notifications and live video of a page work over HTTPS only, and no public authority signs a name on
a market's own network. So the hub is its own authority; people bring its root to their phone or PC once.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)
"""Browsers take no certificate that lasts longer than 398 days."""
RENEW_BEFORE = timedelta(days=60)
BACKDATED = timedelta(hours=24)
"""A phone whose clock is a little late trusts it all the same."""
MOST_NAME = 64
_ROOT, _ROOT_KEY = "authority.pem", "authority.key"
_SERVER, _SERVER_KEY = "server.pem", "server.key"


class CertificateError(RuntimeError):
    """A certificate cannot be used; the text says what to do."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate chain and its key, as files."""

    certificate: Path
    key: Path


class Authority:
    """The root of trust in `folder`, made when it is not there.

    Args:
        folder: made 0700; its keys are 0600. Whoever has them can pretend to be this hub.
        name: shown by a phone beside the root, such as the market's name.
        now: aware UTC; the moment that validity is judged by.
    """

    def __init__(self, folder: Path, name: str, now: datetime) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / _ROOT).exists():
            _begin(folder, name, now)
        self.certificate = x509.load_pem_x509_certificate((folder / _ROOT).read_bytes())
        self._key = _key(folder / _ROOT_KEY)

    @property
    def pem(self) -> bytes:
        """The root for programs."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256 in pairs of hex digits, to be compared with what the hub's console says."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def server(self, names: Collection[str], now: datetime) -> KeyPair:
        """The hub's certificate for these host names and addresses; a new one when it is needed.

        Raises:
            CertificateError: no name is given, or one is none.
        """
        pair = KeyPair(self._folder / _SERVER, self._folder / _SERVER_KEY)
        wanted = [_general(name) for name in dict.fromkeys(names)]
        if not wanted:
            raise CertificateError("the hub's certificate needs at least one name; set LIANFANG_NAMES")
        if not self._serves(pair, wanted, now):
            self._issue(pair, wanted, now)
        return pair

    def _serves(self, pair: KeyPair, wanted: list[x509.GeneralName], now: datetime) -> bool:
        """Whether the certificate that is there will do."""
        try:
            there = x509.load_pem_x509_certificates(pair.certificate.read_bytes())[0]
            there.verify_directly_issued_by(self.certificate)
            key = _key(pair.key)
        except (OSError, ValueError, TypeError, InvalidSignature, CertificateError):
            return False
        named = there.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        same_key = key.public_key().public_numbers() == _numbers(there)
        fresh = there.not_valid_before_utc <= now < there.not_valid_after_utc - RENEW_BEFORE
        return same_key and fresh and set(wanted) <= set(named)

    def _issue(self, pair: KeyPair, wanted: list[x509.GeneralName], now: datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        until = min(now + SERVER_LASTS, self.certificate.not_valid_after_utc)
        built = (
            _builder(_named("Lianfang hub"), key, now, until)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        _write(pair.key, _private(key))
        _write(pair.certificate, built.public_bytes(serialization.Encoding.PEM) + self.pem)


def owned(certificate: Path, key: Path, now: datetime) -> KeyPair:
    """The owner's certificate, read once so that a mistake is said at start and not by every browser.

    Raises:
        CertificateError: a file is unreadable, the two do not belong together, or the time is over.
    """
    try:
        chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise CertificateError(
            f"the certificate in {certificate} with {key} cannot be read: {error}"
        ) from error
    if chain[0].public_key() != private.public_key():
        raise CertificateError(f"{key} is not the key of {certificate}; give the pair that belongs together")
    if now >= chain[0].not_valid_after_utc:
        ended = f"{chain[0].not_valid_after_utc:%Y-%m-%d}"
        raise CertificateError(f"the certificate in {certificate} ended on {ended}; have it renewed")
    return KeyPair(certificate, key)


def _begin(folder: Path, name: str, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(name)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    root = (
        _builder(subject, key, now, now + AUTHORITY_LASTS)
        .issuer_name(subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    # The certificate last: where it is, the key is.
    _write(folder / _ROOT_KEY, _private(key))
    _write(folder / _ROOT, root.public_bytes(serialization.Encoding.PEM))


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _named(name: str) -> x509.Name:
    """A subject; the standard allows 64 bytes of it."""
    short = name.encode()[:MOST_NAME].decode(errors="ignore")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, short)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        plain = name.encode("idna").decode()
    except UnicodeError:
        plain = ""
    if not plain:
        raise CertificateError(f"{name!r} is neither a host name nor an address")
    return x509.DNSName(plain)


def _numbers(certificate: x509.Certificate) -> ec.EllipticCurvePublicNumbers | None:
    key = certificate.public_key()
    return key.public_numbers() if isinstance(key, ec.EllipticCurvePublicKey) else None


def _key(file: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise CertificateError(
            f"{file} cannot be read: {error}. Restore it from the backup; a new authority would have to be "
            "brought to every phone again"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateError(f"{file} is not a key of ours")
    return key


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, readable by the hub alone."""
    fresh = file.with_suffix(file.suffix + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
