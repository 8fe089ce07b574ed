"""HTTPS for the pages: whose certificate, for which names, and the plain door that only tells the way."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from hub.api.trust import Trust, plain
from hub.gear.certificate import Authority, KeyPair, owned

if TYPE_CHECKING:
    from datetime import datetime

    from hub.config import Settings

STOP_SECONDS = 2.0
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - told apart, not bound here
NOWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): asking for the way there sends nothing."""


@dataclass(frozen=True, slots=True)
class Secured:
    """The certificate to serve with; `authority` where it is the house's own."""

    pair: KeyPair
    authority: Authority | None
    names: tuple[str, ...]

    def trust(self, port: int) -> Trust | None:
        """What a phone is told, when there is something to trust."""
        if self.authority is None:
            return None
        url = f"https://{bracketed(self.names[0])}:{port}"
        return Trust(self.authority.pem, self.authority.fingerprint, url)


def secure(settings: Settings, now: datetime) -> Secured | None:
    """The certificate that these settings ask for; None where the pages go by plain HTTP.

    Raises:
        CertificateError: it cannot be used; the text says what to do.
    """
    names = named(settings)
    if settings.tls_certificate and settings.tls_key:
        return Secured(owned(settings.tls_certificate, settings.tls_key, now), None, names)
    if settings.tls == "off" or (settings.tls == "auto" and settings.loopback):
        return None
    authority = Authority(settings.data / "tls", f"Lianfang 联防 {settings.market}", now)
    return Secured(authority.server(names, now), authority, names)


def named(settings: Settings) -> tuple[str, ...]:
    """Names and addresses by which people may reach this hub; the first is the one that they are told."""
    given = [name.strip() for name in settings.names.split(",") if name.strip()]
    if settings.host in ANYWHERE:
        machine = socket.gethostname()
        found = [*_own_address(), machine, f"{machine.partition('.')[0]}.local"]
    else:
        found = [settings.host]
    return tuple(dict.fromkeys([*given, *found, "localhost", "127.0.0.1"]))


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


class PlainDoor:
    """Listens without TLS and serves nothing but the way to trust the hub."""

    def __init__(self, trust: Trust, listening: socket.socket) -> None:
        self.trust, self._listening = trust, listening
        config = uvicorn.Config(
            plain(trust), log_config=None, access_log=False, server_header=False, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name="plain door", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        self._listening.close()


def _own_address() -> list[str]:
    """The address by which this machine reaches others, if it does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            return []
        return [str(probe.getsockname()[0])]
