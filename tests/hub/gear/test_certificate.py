"""The house's own authority: made once, trusted once, renewed in time."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from hub.gear.certificate import Authority, CertificateError, owned

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)
NAMES = ("hub.market.test", "127.0.0.1")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tls", "云达市场 联防", NOW)


def greet(pair_files: tuple[str, str], root: bytes, name: str) -> str:
    """What a client that trusts `root` makes of a server with these files, called by `name`."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*pair_files)
    client = ssl.create_default_context(cadata=root.decode())
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(there, server_side=True).close()
        except (ssl.SSLError, OSError):
            there.close()

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        with client.wrap_socket(here, server_hostname=name) as shaken:
            return shaken.version() or ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        here.close()
        serving.join(60)


@pytest.mark.parametrize("name", NAMES)
def test_a_phone_that_trusts_the_root_trusts_the_hub(authority: Authority, name: str) -> None:
    pair = authority.server(NAMES, NOW)
    assert greet((str(pair.certificate), str(pair.key)), authority.pem, name) == "TLSv1.3"


def test_a_phone_that_was_given_another_markets_root_does_not(authority: Authority, tmp_path: Path) -> None:
    pair = authority.server(NAMES, NOW)
    other = Authority(tmp_path / "other", "别的市场", NOW)
    assert "self-signed" in greet((str(pair.certificate), str(pair.key)), other.pem, NAMES[0])


def test_a_name_that_was_not_asked_for_is_not_the_hubs(authority: Authority) -> None:
    pair = authority.server(NAMES, NOW)
    assert "mismatch" in greet((str(pair.certificate), str(pair.key)), authority.pem, "evil.test")


def test_a_restart_keeps_root_and_certificate(authority: Authority, tmp_path: Path) -> None:
    pair = authority.server(NAMES, NOW)
    before = pair.certificate.read_bytes()
    again = Authority(tmp_path / "tls", "another name", NOW + timedelta(days=30))
    assert again.fingerprint == authority.fingerprint
    assert again.server(NAMES, NOW + timedelta(days=30)).certificate.read_bytes() == before


@pytest.mark.parametrize(
    ("names", "later"),
    [((*NAMES, "second.market.test"), timedelta(0)), (NAMES, timedelta(days=350))],
    ids=["a new name", "soon over"],
)
def test_it_is_made_anew_when_it_will_not_do(
    authority: Authority, names: tuple[str, ...], later: timedelta
) -> None:
    before = authority.server(NAMES, NOW).certificate.read_bytes()
    pair = authority.server(names, NOW + later)
    assert pair.certificate.read_bytes() != before
    leaf = x509.load_pem_x509_certificates(pair.certificate.read_bytes())[0]
    assert leaf.not_valid_after_utc - (NOW + later) < timedelta(days=398)


def test_a_torn_pair_is_made_anew(authority: Authority) -> None:
    pair = authority.server(NAMES, NOW)
    pair.key.write_bytes(b"torn")
    again = authority.server(NAMES, NOW)
    assert greet((str(again.certificate), str(again.key)), authority.pem, NAMES[0]) == "TLSv1.3"


def test_keys_are_readable_by_the_hub_alone(authority: Authority, tmp_path: Path) -> None:
    authority.server(NAMES, NOW)
    files = [file for file in (tmp_path / "tls").iterdir() if file.suffix == ".key"]
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_an_authority_without_its_key_is_not_made_anew_in_silence(
    authority: Authority, tmp_path: Path
) -> None:
    assert authority.fingerprint
    (tmp_path / "tls" / "authority.key").unlink()
    with pytest.raises(CertificateError, match="Restore it from the backup"):
        Authority(tmp_path / "tls", "x", NOW)


@pytest.mark.parametrize("name", ["", "a" * 300, "..", "bad..name"])
def test_a_name_that_is_none_is_refused(authority: Authority, name: str) -> None:
    with pytest.raises(CertificateError, match="neither a host name nor an address"):
        authority.server([name], NOW)


def test_the_owners_certificate_is_taken_when_it_is_sound(authority: Authority) -> None:
    pair = authority.server(NAMES, NOW)
    assert owned(pair.certificate, pair.key, NOW) == pair


def test_the_owners_mistakes_are_said_at_start(authority: Authority, tmp_path: Path) -> None:
    pair = authority.server(NAMES, NOW)
    other = Authority(tmp_path / "other", "x", NOW).server(NAMES, NOW)
    with pytest.raises(CertificateError, match="belongs together"):
        owned(pair.certificate, other.key, NOW)
    with pytest.raises(CertificateError, match="ended on"):
        owned(pair.certificate, pair.key, NOW + timedelta(days=500))
    with pytest.raises(CertificateError, match="cannot be read"):
        owned(tmp_path / "none.pem", pair.key, NOW)
