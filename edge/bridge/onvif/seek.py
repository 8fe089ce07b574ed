"""WS-Discovery: who in the local network is a camera? Asked by multicast, heard for a bounded time.

Whatever answers is unproved: its words are cut short, and the address that counts is the one it answers from.
"""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from lxml import etree

from edge.bridge.onvif.bounds import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = ("239.255.255.250", 3702)
MOST = 1024
"""Cameras in one network that are listed."""
DATAGRAM = 65_535
AGAIN = 3
"""Times that is asked: datagrams get lost."""
HTTP, HTTPS = 80, 443
PROBE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>
<a:MessageID>{id}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>
<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>
<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"""
_SCOPE = re.compile(r"onvif://www\.onvif\.org/([a-z_]+)/(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One camera as it announces itself."""

    host: str
    port: int
    name: str = ""
    hardware: str = ""
    profiles: tuple[str, ...] = ()
    """Of ONVIF, such as Streaming or T."""


def seek(seconds: float, own: str = "", group: tuple[str, int] = GROUP) -> tuple[Found, ...]:
    """Who answers within `seconds`; each address once, in order.

    Args:
        seconds: how long is listened.
        own: this machine's address in the network that is asked; empty: the system's choice.
        group: where is asked.

    Raises:
        OSError: the network cannot be asked.
    """
    found: dict[tuple[str, int], Found] = {}
    asked = f"uuid:{uuid4()}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind((own, 0))
        ear.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        if own:
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
        for data, host in _heard(ear, PROBE.format(id=asked).encode(), group, seconds):
            if (one := read(data, host, asked)) and len(found) < MOST:
                found.setdefault((one.host, one.port), one)
    return tuple(sorted(found.values()))


def read(data: bytes, host: str, asked: str) -> Found | None:
    """What one answer from `host` says; None: it is no answer to the question `asked`."""
    try:
        tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    if tree.getroottree().docinfo.internalDTD is not None or asked not in _text(tree, "RelatesTo"):
        return None
    addresses = _text(tree, "XAddrs").split()
    if not addresses:
        return None
    scopes = [match for word in _text(tree, "Scopes").split()[:64] if (match := _SCOPE.fullmatch(word))]
    said: dict[str, list[str]] = {}
    for scope in scopes:
        said.setdefault(scope[1].lower(), []).append(clean(unquote(scope[2]))[:64])
    return Found(
        host,
        _port(addresses),
        name=next(iter(said.get("name", [])), ""),
        hardware=next(iter(said.get("hardware", [])), ""),
        profiles=tuple(dict.fromkeys(said.get("profile", [])))[:8],
    )


def _heard(
    ear: socket.socket, probe: bytes, group: tuple[str, int], seconds: float
) -> Iterator[tuple[bytes, str]]:
    """Every datagram that comes until the time is over; asks several times in it."""
    began = time.monotonic()
    sent = 0
    while (gone := time.monotonic() - began) < seconds:
        if gone >= sent * seconds / (2 * AGAIN) and sent < AGAIN:
            ear.sendto(probe, group)
            sent += 1
        ear.settimeout(min(0.1, seconds))
        try:
            data, sender = ear.recvfrom(DATAGRAM)
        except TimeoutError:
            continue
        yield data, str(sender[0])


def _port(addresses: list[str]) -> int:
    for address in addresses[:8]:
        try:
            parts = urlsplit(address)
            if parts.scheme in {"http", "https"}:
                return parts.port or (HTTP if parts.scheme == "http" else HTTPS)
        except ValueError:
            continue
    return HTTP


def _text(tree: etree._Element, name: str) -> str:
    found = next(tree.iter(f"{{*}}{name}"), None)
    return (found.text or "") if found is not None else ""
