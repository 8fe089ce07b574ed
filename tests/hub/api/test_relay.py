"""Live pictures through the hub: a real server, real sockets, an edge and several pages."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx2
import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from hub.api import relay, streams
from hub.api.build import build
from hub.api.guard import Guarded, every_route
from hub.service import evidence
from hub.service.evidence import Entry
from hub.store.device import Device
from hub.store.order import Command
from hub.store.people import Grant
from hub.store.staff import Access
from tests.hub.api.conftest import KEY
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, NOON
from wire.relay import Head, Stream, decode_watched, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker
    from websockets.sync.client import ClientConnection

    from hub.api.parts import Parts

CAMERA = "c-3-1"


def picture(number: int, camera: str = CAMERA, *, size: int = 100, key: bool | None = None) -> bytes:
    """Number `number` of a film with a keyframe every ten."""
    is_key = number % 10 == 0 if key is None else key
    head = Head(Stream(camera), is_key, "h264", 768, 576, NOON.timestamp() + number / 10)
    return pack(head, b"\0\0\0\1" + number.to_bytes(4) + bytes(size))


def number(message: bytes) -> int:
    return round((unpack(message).at - NOON.timestamp()) * 10)


class Page:
    """A page that looks live."""

    def __init__(self, url: str, person: str, **more: Any) -> None:
        with httpx2.Client(base_url=url) as client:
            answer = client.post("/api/session", json={"user": person, "password": person})
            self.csrf, token = answer.json()["csrf"], answer.cookies["lf_session"]
        self.cookie = f"lf_session={token}"
        self.connection = connect(
            url.replace("http", "ws") + "/api/relay",
            additional_headers={"Cookie": self.cookie},
            origin=Origin(url),
            compression=None,
            proxy=None,
            legacy=False,
            **more,
        )

    def __enter__(self) -> Self:
        self.socket = self.connection.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.__exit__(None, None, None)

    def watch(self, *cameras: str) -> None:
        wanted = [{"camera": camera} for camera in cameras]
        self.socket.send(json.dumps({"csrf": self.csrf, "streams": wanted}))

    def see(self) -> bytes:
        message = self.socket.recv(timeout=20)
        assert isinstance(message, bytes), message
        return message

    def ended(self) -> int | None:
        """The code with which the hub closed the socket, whatever came before."""
        return closed(self.socket)


def closed(socket: ClientConnection) -> int | None:
    try:
        while True:
            socket.recv(timeout=20)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


@contextmanager
def edge(url: str, key: str = KEY, device: str = "edge-1") -> Iterator[ClientConnection]:
    token = base64.b64encode(f"{device}:{key}".encode()).decode()
    with connect(
        url.replace("http", "ws") + "/edge/v1/relay",
        additional_headers={"Authorization": f"Basic {token}"},
        compression=None,
        proxy=None,
        legacy=False,
    ) as socket:
        yield socket


def told(socket: ClientConnection) -> tuple[Stream, ...]:
    """What the hub next says that is watched."""
    said = socket.recv(timeout=20)
    assert isinstance(said, str)
    return decode_watched(said.encode()).streams


def until_watched(socket: ClientConnection) -> None:
    while Stream(CAMERA) not in told(socket):
        pass


def showing(page: Page, box: ClientConnection) -> None:
    """The page watches, and sees a picture."""
    page.watch(CAMERA)
    until_watched(box)
    box.send(picture(0))
    assert number(page.see()) == 0


def test_whoever_comes_later_sees_a_picture_at_once(url: str) -> None:
    with edge(url) as box, Page(url, "lin") as first, Page(url, "ren") as second:
        assert told(box) == ()
        first.watch(CAMERA)
        until_watched(box)
        for at in range(25):
            box.send(picture(at))
        assert [number(first.see()) for _ in range(25)] == list(range(25))
        second.watch(CAMERA)
        assert [number(second.see()) for _ in range(5)] == [20, 21, 22, 23, 24]
        box.send(picture(25))
        assert [number(page.see()) for page in (first, second)] == [25, 25]


def test_nobody_waits_for_a_page_that_is_slow(
    url: str, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It loses pictures up to a keyframe, and gets nothing that cannot be shown."""
    monkeypatch.setattr(streams, "LATE", 0.005)
    with edge(url) as box, Page(url, "lin") as quick, Page(url, "ren", max_queue=1) as slow:
        quick.watch(CAMERA)
        slow.watch(CAMERA)
        assert eventually(lambda: len(_viewers(parts)) == 2)
        for at in range(100):
            box.send(picture(at, size=200_000))
            assert number(quick.see()) == at
        assert parts.streams.numbers.dropped > 20
        box.send(picture(100))
        seen = [number(slow.see())]
        while seen[-1] < 100:
            seen.append(number(slow.see()))
        gaps = [later for sooner, later in pairwise(seen) if later != sooner + 1]
        assert gaps
        assert all(after % 10 == 0 for after in gaps)


def _viewers(parts: Parts) -> set[object]:
    return {viewer for live in parts.streams._live.values() for viewer in live.viewers}


@pytest.mark.parametrize(("person", "status"), [(None, 401), ("ji", 403)])
def test_who_is_not_signed_in_or_has_no_right_opens_no_socket(
    url: str, person: str | None, status: int
) -> None:
    nobody = connect(url.replace("http", "ws") + "/api/relay", origin=Origin(url), proxy=None, legacy=False)
    with pytest.raises(InvalidStatus) as turned, Page(url, person) if person else nobody:
        pass
    assert turned.value.response.status_code == status
    assert json.loads(turned.value.response.body or b"")["zh"]


@pytest.mark.parametrize("origin", [None, Origin("http://elsewhere.test"), Origin("null")])
def test_another_site_cannot_look_with_our_cookie(url: str, origin: Origin | None) -> None:
    with httpx2.Client(base_url=url) as client:
        token = client.post("/api/session", json={"user": "lin", "password": "lin"}).cookies["lf_session"]
    foreign = connect(
        url.replace("http", "ws") + "/api/relay",
        additional_headers={"Cookie": f"lf_session={token}"},
        origin=origin,
        proxy=None,
        legacy=False,
    )
    with pytest.raises(InvalidStatus) as turned, foreign:
        pass
    assert turned.value.response.status_code == 403
    assert json.loads(turned.value.response.body or b"")["code"] == "session.origin"


@pytest.mark.parametrize(
    "said", ["", "{", '{"csrf":"wrong","streams":[]}', '{"streams":[]}', b"\0", "[" * 9000]
)
def test_what_is_no_page_of_ours_is_shown_nothing(url: str, said: str | bytes) -> None:
    with Page(url, "lin") as page:
        page.socket.send(said)
        assert page.ended() == 1008


def test_a_leader_sees_the_own_grid_and_hears_why_not_the_other(url: str) -> None:
    with Page(url, "shen") as page, edge(url) as box:
        page.watch(CAMERA, "c-3-3", "c-9-9")
        said = [json.loads(page.socket.recv(timeout=20)) for _ in range(2)]
        codes = [(one["camera"], one["code"]) for one in said]
        assert codes == [("c-3-3", "right.denied"), ("c-9-9", "camera.none")]
        until_watched(box)
        box.send(picture(0))
        assert number(page.see()) == 0


def test_a_right_that_is_lost_ends_it_at_once(url: str, store: sessionmaker[Session]) -> None:
    with Page(url, "lin") as page, edge(url) as box:
        showing(page, box)
        with store.begin() as session:
            session.delete(session.get_one(Grant, "lin-monitor"))
            evidence.append(session, MARKET, Entry("grant.take", role="system"), NOON)
        assert page.ended() == 4403


def test_a_session_that_ends_shows_nothing_more(url: str) -> None:
    with Page(url, "lin") as page, edge(url) as box:
        showing(page, box)
        leave(url, page)
        assert page.ended() == 4403


def leave(url: str, page: Page) -> None:
    with httpx2.Client(base_url=url) as client:
        client.delete("/api/session", headers={"Cookie": page.cookie, "X-CSRF": page.csrf})


def test_looking_stands_in_the_register_once_a_session(url: str, store: sessionmaker[Session]) -> None:
    with Page(url, "lin") as page, edge(url) as box:
        showing(page, box)
        page.watch(CAMERA, "c-3-2")
        box.send(picture(1))
        page.see()
    with store() as session:
        rows = session.scalars(select(Access)).all()
    assert [(row.person, row.kind, row.subject) for row in rows] == [("lin", "live", MARKET)]


def test_the_edge_is_ordered_to_begin_and_told_when_nobody_watches_any_more(
    url: str, parts: Parts, store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LINGER", 0.2)
    with store.begin() as session:
        session.get_one(Device, "edge-1").online = True
    with edge(url) as box, Page(url, "lin") as page:
        page.watch(CAMERA, "c-3-2")
        assert eventually(lambda: len(_orders(store)) == 2)
        assert {(one["camera"], one["packets"]) for one in _orders(store)} == {
            (CAMERA, "sub"),
            ("c-3-2", "sub"),
        }
        page.watch(CAMERA, "c-3-2")
        page.watch(CAMERA)
        while told(box) != (Stream(CAMERA),):
            pass
        page.socket.close()
        while told(box):
            pass
    assert len(_orders(store)) == 2, "one order a stream"
    assert eventually(lambda: not parts.streams.counts["edges"])
    assert parts.streams.counts == {"edges": 0, "viewers": 0, "streams": 0}


def _orders(store: sessionmaker[Session]) -> list[dict[str, Any]]:
    with store() as session:
        rows = session.scalars(select(Command).where(Command.op == "relay.start")).all()
        return [row.args for row in rows]


def test_an_edge_with_a_wrong_key_relays_nothing(url: str) -> None:
    for key, device in (("wrong", "edge-1"), (KEY, "edge-9"), ("", "")):
        with pytest.raises(InvalidStatus) as turned, edge(url, key, device):
            pass
        assert turned.value.response.status_code == 401


def test_an_edge_speaks_for_its_own_cameras_only_and_nonsense_ends_nothing(url: str, parts: Parts) -> None:
    with Page(url, "lin") as page, edge(url) as box:
        page.watch(CAMERA, "c-3-3")
        until_watched(box)
        for bad in (b"", b"nonsense" * 10, picture(0, "c-3-3"), picture(0)[:30], "text"):
            box.send(bad)
        box.send(picture(0))
        assert unpack(page.see()).stream.camera == CAMERA
    assert parts.streams.numbers.refused == 5
    assert parts.streams.numbers.taken == 1


def test_a_newer_connection_of_an_edge_takes_the_place_of_the_old_one(url: str, parts: Parts) -> None:
    with edge(url) as old, edge(url) as new:
        assert closed(old) == 1012
        assert told(new) == ()
        assert parts.streams.counts["edges"] == 1


def test_a_device_that_is_shut_out_relays_no_more(
    url: str, store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "ASK_SECONDS", 0.1)
    with edge(url) as box:
        with store.begin() as session:
            session.get_one(Device, "edge-1").status = "revoked"
        assert closed(box) == 1012


def test_every_socket_has_one_guard() -> None:
    routes = every_route(build(None, Path("nowhere")))
    guards = {path: [type(one).__name__ for one in guards] for path, methods, guards in routes if not methods}
    assert guards == {"/api/relay": ["Signed"], "/edge/v1/relay": ["FromDevice"]}


def test_a_socket_without_a_guard_cannot_be_built() -> None:
    with pytest.raises(TypeError, match="/forgotten has no guard"):
        Guarded().websocket("/forgotten")(lambda: None)
