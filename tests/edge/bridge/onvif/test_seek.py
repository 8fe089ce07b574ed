from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from edge.bridge.onvif.seek import Found, read, seek

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCOPES = (
    "onvif://www.onvif.org/name/Gate%20North onvif://www.onvif.org/hardware/LT-2 "
    "onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/Profile/T onvif://elsewhere/x"
)


def answer(
    asked: str, address: str = "http://192.0.2.9:8080/onvif/device_service", scopes: str = SCOPES
) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:a="urn:a" xmlns:d="urn:d">'
        f"<e:Header><a:RelatesTo>{asked}</a:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<d:Scopes>{scopes}</d:Scopes><d:XAddrs>{address}</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    ).encode()


@contextmanager
def network(say: Callable[[str], list[bytes]]) -> Iterator[tuple[str, int]]:
    """A network with one camera in it, which says these datagrams to each question."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(0.05)
        over: list[bool] = []

        def run() -> None:
            while not over:
                try:
                    data, sender = ear.recvfrom(65_535)
                except TimeoutError:
                    continue
                asked = re.search(rb"MessageID>([^<]+)<", data)
                assert asked
                for one in say(asked[1].decode()):
                    ear.sendto(one, sender)

        thread = Thread(target=run)
        thread.start()
        try:
            yield ear.getsockname()
        finally:
            over.append(True)
            thread.join()


def test_a_camera_is_found_once_under_the_address_it_answers_from() -> None:
    with network(lambda asked: [answer(asked), answer(asked)]) as group:
        while not (found := seek(0.4, "127.0.0.1", group)):
            pass  # a machine that is busy answers late
    assert found == (Found("127.0.0.1", 8080, "Gate North", "LT-2", ("Streaming", "T")),)


def test_an_answer_to_somebody_else_is_not_listed() -> None:
    with network(lambda _: [answer("uuid:another")]) as group:
        assert seek(0.3, "127.0.0.1", group) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"<a/>",
        b"<a>" * 10_000,
        b'<!DOCTYPE a [<!ENTITY b "uuid:1">]>' + answer("&b;"),
        answer("uuid:1", address=""),
    ],
)
def test_what_is_no_answer_is_passed_over(data: bytes) -> None:
    assert read(data, "192.0.2.1", "uuid:1") is None


def test_long_and_strange_words_are_cut_short() -> None:
    scopes = " ".join(f"onvif://www.onvif.org/profile/{n}{'x' * 500}%0A" for n in range(500))
    found = read(answer("uuid:1", "ftp://x http://[:: https://192.0.2.9/a", scopes), "192.0.2.1", "uuid:1")
    assert found
    assert (found.host, found.port, len(found.profiles)) == ("192.0.2.1", 443, 8)
    assert all(len(one) <= 64 and one.isprintable() for one in found.profiles)
