from __future__ import annotations

import hashlib
import socket
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx2
import msgspec
import pytest
from sqlalchemy import select

from hub.api import edge
from hub.service.inbox import known, receive
from hub.store.alert import Alert
from hub.store.device import Device
from hub.store.evidence import Blob
from tests.hub.api.conftest import KEY
from tests.hub.town import NOON
from tests.wire.samples import EPOCH, EVENT, envelope
from tests.wire.samples import ID as CALL
from wire.message import Range, Sos, Up, decode_receipt, encode

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts

EDGE = ("edge-1", KEY)
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400
CLIP = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 400
STILL = {"Content-Type": "image/jpeg", "X-At": "2026-11-22T12:00:00+08:00"}


def name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(app: TestClient, data: bytes, of: bytes | None = None, **headers: str) -> Response:
    kind = "image/jpeg" if data[:2] == b"\xff\xd8" else "video/mp4"
    url = f"/edge/v1/media/{name(data if of is None else of)}"
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    answer: Response = app.put(url, content=data, headers={"Content-Type": kind} | named, auth=EDGE)
    return answer


def part(app: TestClient, begin: int, end: int) -> Response:
    where = f"bytes {begin}-{end - 1}/{len(CLIP)}"
    return put(app, CLIP[begin:end], CLIP, Content_Type="video/mp4", Content_Range=where)


def offset(app: TestClient, data: bytes) -> int:
    answer = app.head(f"/edge/v1/media/{name(data)}", auth=EDGE)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


def test_a_file_is_stored_whole_then_its_row(
    app: TestClient, parts: Parts, store: sessionmaker[Session]
) -> None:
    assert put(app, JPEG).status_code == 201
    assert b"".join(parts.files.read(name(JPEG), 0, len(JPEG))) == JPEG
    with store() as session:
        (row,) = session.scalars(select(Blob)).all()
    assert (row.sha256, row.size, row.type, row.stored_at) == (name(JPEG), len(JPEG), "image/jpeg", NOON)
    assert put(app, JPEG).status_code == 204
    assert offset(app, JPEG) == len(JPEG)


def test_a_file_comes_in_parts_and_goes_on_where_it_broke_off(app: TestClient, parts: Parts) -> None:
    assert offset(app, CLIP) == 0
    first = part(app, 0, 40_000)
    assert (first.status_code, first.headers["upload-offset"]) == (308, "40000")
    assert offset(app, CLIP) == 40_000
    ahead = part(app, 50_000, 60_000)
    assert (ahead.status_code, ahead.headers["upload-offset"]) == (409, "40000")
    assert part(app, 40_000, 90_000).status_code == 308
    assert part(app, 90_000, len(CLIP)).status_code == 201
    assert b"".join(parts.files.read(name(CLIP), 0, len(CLIP))) == CLIP


def test_a_row_that_was_lost_with_the_hub_is_written_at_the_next_try(
    app: TestClient, parts: Parts, store: sessionmaker[Session]
) -> None:
    parts.files.put(name(JPEG), [JPEG])  # the hub died between the file and its row
    assert put(app, JPEG).status_code == 204
    with store() as session:
        assert session.scalars(select(Blob.sha256)).all() == [name(JPEG)]


def test_other_bytes_than_announced_are_refused_and_not_kept(app: TestClient, parts: Parts) -> None:
    answer = put(app, JPEG + b"x", JPEG)
    assert (answer.status_code, answer.json()["code"]) == (422, "media.hash")
    assert name(JPEG + b"x") in answer.json()["en"]
    assert offset(app, JPEG) == 0
    assert not parts.files.has(name(JPEG))


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"<html>not a picture", "image/jpeg", 422),
        (JPEG, "video/mp4", 422),
        (JPEG, "text/html", 415),
        (JPEG, "", 415),
        (b"", "image/jpeg", 411),
    ],
)
def test_only_pictures_and_clips_are_taken(
    app: TestClient, store: sessionmaker[Session], data: bytes, kind: str, status: int
) -> None:
    assert put(app, data, Content_Type=kind).status_code == status
    with store() as session:
        assert session.scalars(select(Blob)).all() == []


def test_a_film_that_claims_too_much_is_refused_in_both_languages(app: TestClient, parts: Parts) -> None:
    endless = CLIP[:24] + b"\x00\x00\x00\x24moov\x00\x00\x00\x1cmvhd" + bytes(14) + b"\1" + b"\xff" * 5
    answer = put(app, endless)
    assert (answer.status_code, answer.json()["code"]) == (413, "media.film")
    assert "10 min and 40 million pixels" in answer.json()["en"]
    assert "10 分钟、4 千万像素" in answer.json()["zh"]
    assert not parts.files.has(name(endless))


def test_a_file_has_a_limit(app: TestClient) -> None:
    large = {"Content-Length": str(65 * 1024 * 1024), "Content-Type": "video/mp4"}
    answer = app.put(f"/edge/v1/media/{name(b'')}", content=iter([b"x"]), headers=large, auth=EDGE)
    assert answer.status_code == 413
    where = f"bytes 0-99/{65 * 1024 * 1024}"
    assert put(app, CLIP[:100], Content_Range=where).status_code == 413


@pytest.mark.parametrize(
    "text", ["bytes 5-2/9", "bytes 0-9/9", "bytes=0-8", "items 0-8/9", "bytes */9", f"bytes 0-1/{10**11}"]
)
def test_a_range_that_makes_no_sense_is_refused(app: TestClient, text: str) -> None:
    assert put(app, CLIP[:9], Content_Range=text).status_code == 422


@pytest.mark.parametrize("where", ["x", "a" * 63, "A" * 64, "..%2F..%2Fhub.db", "a" * 64 + "0"])
def test_only_a_hash_names_a_file(app: TestClient, where: str) -> None:
    headers = {"Content-Type": "image/jpeg"}
    answer = app.put(f"/edge/v1/media/{where}", content=JPEG, headers=headers, auth=EDGE)
    assert answer.status_code in {404, 422}


def test_an_edge_that_falls_silent_bars_no_later_try(
    url: str, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "PIECE_SECONDS", 0.2)
    secret = b64encode(":".join(EDGE).encode()).decode()
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as silent:
        silent.sendall(
            f"PUT /edge/v1/media/{name(CLIP)} HTTP/1.1\r\nHost: hub\r\nAuthorization: Basic {secret}\r\n"
            f"Content-Type: video/mp4\r\nContent-Length: {len(CLIP)}\r\n\r\n".encode()
            + CLIP[:500]
        )
        assert b" 408 " in silent.recv(4096)
    assert parts.files.offset(name(CLIP)) == 500
    where = {"Content-Type": "video/mp4", "Content-Range": f"bytes 500-{len(CLIP) - 1}/{len(CLIP)}"}
    answer = httpx2.put(f"{url}/edge/v1/media/{name(CLIP)}", content=CLIP[500:], headers=where, auth=EDGE)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "auth", [None, ("edge-1", "wrong"), ("edge-1", ""), ("edge-9", KEY), ("edge-2", KEY), ("", "")]
)
def test_a_stranger_sends_nothing_and_learns_nothing(app: TestClient, auth: Any) -> None:
    answers = [
        app.put(f"/edge/v1/media/{name(JPEG)}", content=JPEG, headers=STILL, auth=auth),
        app.head(f"/edge/v1/media/{name(JPEG)}", auth=auth),
        app.put("/edge/v1/stills/c-3-1", content=JPEG, headers=STILL, auth=auth),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert answers[0].json()["code"] == "device.key"


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Bearer x", "Basic /////w==", "Basic OjpjOg=="])
def test_a_strange_header_is_a_stranger(app: TestClient, header: str) -> None:
    answer = app.head(f"/edge/v1/media/{name(JPEG)}", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_revoked_device_is_a_stranger_at_once(app: TestClient, store: sessionmaker[Session]) -> None:
    assert put(app, JPEG).status_code == 201
    with store.begin() as session:
        session.get_one(Device, "edge-1").status = "revoked"
    assert put(app, CLIP).status_code == 401


def test_the_latest_still_is_kept_and_no_older_one_replaces_it(app: TestClient, parts: Parts) -> None:
    for at, data in (("12:00:05", JPEG), ("12:00:04", JPEG + b"older")):
        headers = STILL | {"X-At": f"2026-11-22T{at}+08:00"}
        assert app.put("/edge/v1/stills/c-3-1", content=data, headers=headers, auth=EDGE).status_code == 204
    still = parts.stills.get("c-3-1")
    assert still is not None
    assert (still.data, still.at.isoformat()) == (JPEG, "2026-11-22T04:00:05+00:00")


def test_a_still_from_the_future_does_not_block_the_next(app: TestClient, parts: Parts) -> None:
    headers = STILL | {"X-At": "2099-01-01T00:00:00Z"}
    assert app.put("/edge/v1/stills/c-3-1", content=JPEG, headers=headers, auth=EDGE).status_code == 204
    still = parts.stills.get("c-3-1")
    assert still is not None
    assert (still.at - NOON).total_seconds() == 60


@pytest.mark.parametrize(
    ("camera", "data", "at", "status"),
    [
        ("c-3-3", JPEG, "2026-11-22T04:00:00Z", 404),  # it is edge-2's
        ("c-9-9", JPEG, "2026-11-22T04:00:00Z", 404),
        ("c-3-1", b"GIF89a", "2026-11-22T04:00:00Z", 422),
        ("c-3-1", b"", "2026-11-22T04:00:00Z", 422),
        ("c-3-1", JPEG, "2026-11-22T04:00:00", 422),
        ("c-3-1", JPEG, "yesterday", 422),
        ("c-3-1", b"\xff\xd8\xff" + b"x" * 600_000, "2026-11-22T04:00:00Z", 413),
    ],
)
def test_a_still_that_may_not_be_is_not_kept(
    app: TestClient, parts: Parts, camera: str, data: bytes, at: str, status: int
) -> None:
    headers = STILL | {"X-At": at}
    answer = app.put(f"/edge/v1/stills/{camera}", content=data, headers=headers, auth=EDGE)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "en", "zh"}
    assert parts.stills.get(camera) is None


def test_stills_never_take_more_memory_than_they_may(parts: Parts, app: TestClient) -> None:
    large = b"\xff\xd8\xff" + b"x" * 500_000
    for camera in ("c-3-1", "c-3-2", "c-3-1", "c-3-2"):
        answer = app.put(f"/edge/v1/stills/{camera}", content=large, headers=STILL, auth=EDGE)
        assert answer.status_code == 204
    parts.stills.put("c-3-3", parts.stills.get("c-3-1") or pytest.fail("gone"))
    kept = [camera for camera in ("c-3-1", "c-3-2", "c-3-3") if parts.stills.get(camera)]
    assert kept == ["c-3-2", "c-3-3"]


def help_wanted(device: str = "edge-1", seq: int | None = 7, body: Up | None = None) -> bytes:
    sealed = envelope(body or Sos(call=CALL, button="panic", note="二楼"), seq)
    return encode(msgspec.structs.replace(sealed, device=device))


def alerts_of(store: sessionmaker[Session]) -> list[str]:
    with store() as session:
        return list(session.scalars(select(Alert.kind)))


def test_a_call_for_help_by_http_is_committed_and_receipted(
    app: TestClient, store: sessionmaker[Session]
) -> None:
    answer = app.post("/edge/v1/sos", content=help_wanted(), auth=EDGE)
    assert answer.status_code == 200
    assert decode_receipt(answer.content).ranges == (Range(EPOCH, 7, 7),)
    assert alerts_of(store) == ["panic"]


def test_the_same_call_by_either_way_is_one_alert_and_always_receipted(
    app: TestClient, store: sessionmaker[Session]
) -> None:
    first = app.post("/edge/v1/sos", content=help_wanted(), auth=EDGE)
    again = app.post("/edge/v1/sos", content=help_wanted(), auth=EDGE)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    with store.begin() as session:
        assert known(session, {("edge-1", EPOCH, 7)}) == {("edge-1", EPOCH, 7)}
        receive(session, {("edge-1", EPOCH, 8)}, NOON)  # MQTT was quicker this time
    assert app.post("/edge/v1/sos", content=help_wanted(seq=8), auth=EDGE).status_code == 200
    assert alerts_of(store) == ["panic"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (help_wanted(device="edge-2"), "sos.device"),
        (help_wanted(seq=None), "sos.kind"),
        (help_wanted(body=EVENT), "sos.kind"),
        (b"{", "sos.shape"),
        (b"[" * 5000, "sos.shape"),
        (help_wanted().replace(b"panic", b"panik"), "sos.shape"),
    ],
)
def test_what_is_no_call_of_this_device_is_refused_in_words(
    app: TestClient, store: sessionmaker[Session], data: bytes, code: str
) -> None:
    answer = app.post("/edge/v1/sos", content=data, auth=EDGE)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert alerts_of(store) == []


def test_a_call_without_the_devices_key_is_turned_away(app: TestClient) -> None:
    assert app.post("/edge/v1/sos", content=help_wanted(), auth=("edge-1", "wrong")).status_code == 401
