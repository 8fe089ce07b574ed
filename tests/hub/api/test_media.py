from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from hub.api.stills import Still
from hub.service import alert as alerts
from hub.service import media
from hub.store.alert import AlertEvent
from hub.store.evidence import Line, Media
from hub.store.market import Market
from hub.store.staff import Access
from tests.hub.town import MARKET, NOON
from wire.message import Manifest, MediaRef

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone

CLIP = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 40
JPEG = b"\xff\xd8\xff\xe0 a still"
FILES = {"clip": (CLIP, "video/mp4"), "still": (JPEG, "image/jpeg")}


@pytest.fixture
def files(parts: Parts, store: sessionmaker[Session], alarm: Callable[..., str]) -> dict[str, str]:
    """Ids of a still and a clip of an alert in the east."""
    name = alarm()
    with store.begin() as session:
        event = session.scalars(select(AlertEvent.event).where(AlertEvent.alert == name)).one()
        refs = []
        for role, (data, kind) in FILES.items():
            sha256 = hashlib.sha256(data).hexdigest()
            parts.files.put(sha256, [data])
            refs.append(MediaRef(role, sha256, len(data), kind))  # type: ignore[arg-type]
        manifest = Manifest(event, "c-3-1", NOON, NOON, tuple(refs))
        alerts.attach_media(session, MARKET, "edge-1", manifest, NOON)
        for ref in refs:
            media.stored(session, ref.sha256, ref.size, ref.type, NOON)
        return {row.role: row.id for row in session.scalars(select(Media))}


def test_whoever_sees_the_alert_sees_its_still(as_: Callable[[str], Someone], files: dict[str, str]) -> None:
    for person in ("lin", "qiu", "shen", "zhou"):
        answer = as_(person).get(f"/api/media/{files['still']}")
        assert (answer.status_code, answer.content) == (200, JPEG)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"].startswith("private")


def test_a_clip_is_served_in_ranges(as_: Callable[[str], Someone], files: dict[str, str]) -> None:
    lin, url = as_("lin"), f"/api/media/{files['clip']}"
    whole = lin.get(url)
    assert (whole.status_code, whole.content) == (200, CLIP)
    assert whole.headers["accept-ranges"] == "bytes"
    part = lin.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CLIP[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(CLIP)}"
    assert lin.get(url, headers={"Range": "bytes=-10"}).content == CLIP[-10:]
    assert lin.get(url, headers={"Range": f"bytes={len(CLIP)}-"}).status_code == 416


def test_a_viewing_is_registered_before_its_bytes_leave(
    as_: Callable[[str], Someone], files: dict[str, str], store: sessionmaker[Session]
) -> None:
    def viewings() -> list[str | None]:
        with store() as session:
            return list(session.scalars(select(Line.actor).where(Line.act == "video.play")))

    assert viewings() == []
    as_("lin").get(f"/api/media/{files['clip']}")
    assert viewings() == ["lin"]
    assert as_("tao").get(f"/api/media/{files['clip']}").status_code == 403
    assert viewings() == ["lin"]


@pytest.mark.parametrize(("person", "status"), [("tao", 403), ("fu", 403), ("ji", 403), ("li", 403)])
def test_whoever_may_not_see_the_alert_sees_no_picture_of_it(
    as_: Callable[[str], Someone], files: dict[str, str], person: str, status: int
) -> None:
    for name in files.values():
        answer = as_(person).get(f"/api/media/{name}")
        assert answer.status_code == status
        assert JPEG not in answer.content
        assert CLIP not in answer.content


def test_media_of_another_market_are_not_there(
    as_: Callable[[str], Someone], files: dict[str, str], store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        session.add(
            Market(id="other", name_zh="甲", name_en="A", x0=0, y0=0, x1=1, y1=1, zone="Asia/Shanghai")
        )
        session.flush()
        for name in files.values():
            session.get_one(Media, name).market = "other"
    answers = [as_("lin").get(f"/api/media/{name}") for name in (*files.values(), "none", "a" * 64)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_hash_opens_nothing(as_: Callable[[str], Someone], files: dict[str, str]) -> None:
    assert files
    assert as_("lin").get(f"/api/media/{hashlib.sha256(JPEG).hexdigest()}").status_code == 404


def test_a_live_still_is_for_whoever_may_watch_that_camera(
    as_: Callable[[str], Someone], parts: Parts
) -> None:
    parts.stills.put("c-3-1", Still(JPEG, NOON))
    url = "/api/cameras/c-3-1/still"
    answer = as_("lin").get(url)
    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer.headers["x-at"].startswith("2026-11-22T04:00:00")
    assert answer.headers["cache-control"] == "no-store"
    assert as_("shen").get(url).status_code == 200  # the leader of its grid
    assert [as_(person).get(url).status_code for person in ("qiu", "ji", "zhu", "li")] == [403] * 4
    assert as_("lin").get("/api/cameras/c-3-2/still").status_code == 404
    assert as_("lin").get("/api/cameras/c-9-9/still").status_code == 404


def test_a_leader_watches_no_other_grid(as_: Callable[[str], Someone], parts: Parts) -> None:
    parts.stills.put("c-3-3", Still(JPEG, NOON))
    assert as_("shen").get("/api/cameras/c-3-3/still").status_code == 403


def test_watching_is_registered_once_a_session_before_the_first_picture(
    as_: Callable[[str], Someone], parts: Parts, files: dict[str, str], store: sessionmaker[Session]
) -> None:
    parts.stills.put("c-3-1", Still(JPEG, NOON))
    lin, shen = as_("lin"), as_("shen")
    for _ in range(3):
        assert lin.get("/api/cameras/c-3-1/still").status_code == 200
        assert lin.get(f"/api/media/{files['still']}").status_code == 200
        assert shen.get("/api/cameras/c-3-1/still").status_code == 200
    with store() as session:
        rows = sorted((row.person or "", row.kind, row.subject) for row in session.scalars(select(Access)))
    assert rows == [("lin", "live", MARKET), ("shen", "live", f"{MARKET}/east")]


def test_nothing_is_shown_when_it_cannot_be_registered(
    as_: Callable[[str], Someone], parts: Parts, files: dict[str, str], store: sessionmaker[Session]
) -> None:
    parts.stills.put("c-3-1", Still(JPEG, NOON))
    lin = as_("lin")

    def refuse(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    event.listen(parts.sessions, "before_commit", refuse)
    for url in ("/api/cameras/c-3-1/still", *(f"/api/media/{one}" for one in files.values())):
        answer = lin.get(url)
        assert answer.status_code == 503
        assert JPEG not in answer.content
        assert CLIP not in answer.content
    with store() as session:
        assert session.scalars(select(Access)).all() == []


def test_a_look_that_the_register_covers_waits_for_no_writer(
    as_: Callable[[str], Someone], files: dict[str, str], parts: Parts, store: sessionmaker[Session]
) -> None:
    lin, urls = as_("lin"), [f"/api/media/{one}" for one in files.values()]
    parts.stills.put("c-3-1", Still(JPEG, NOON))
    urls.append("/api/cameras/c-3-1/still")
    for url in urls:
        assert lin.get(url).status_code == 200
    with store.begin() as session:
        session.execute(text("DELETE FROM access WHERE false"))  # from here on SQLite's only writer is taken
        assert [lin.get(url).status_code for url in urls] == [200] * 3
