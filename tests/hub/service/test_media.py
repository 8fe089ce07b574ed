"""Stills and clips: shown once announced and stored, and only to those who may."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.case import Act, Stage
from hub.core.refuse import Refused
from hub.service import alert, media
from hub.service.media import VIEWING
from hub.store.alert import Alert
from hub.store.evidence import Line, Media
from hub.store.staff import Access
from tests.hub import town
from tests.hub.service.steps import bring, do
from tests.hub.town import MARKET, NOON, actor
from wire.message import Event, Manifest, MediaRef, new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STILL, CLIP = "a" * 64, "b" * 64


def manifest(event: str, camera: str = "c-3-1") -> Manifest:
    refs = (MediaRef("still", STILL, 900, "image/jpeg"), MediaRef("clip", CLIP, 90_000, "video/mp4"))
    return Manifest(event, camera, NOON, NOON + timedelta(seconds=12), refs)


def shown(s: Session) -> Alert:
    """An alert with still and clip."""
    message = town.event()
    assert isinstance(message.body, Event)
    alert.receive(s, MARKET, "edge-1", message, NOON)
    alert.attach_media(s, MARKET, "edge-1", manifest(message.body.event), NOON)
    media.stored(s, STILL, 900, "image/jpeg", NOON)
    media.stored(s, CLIP, 90_000, "video/mp4", NOON)
    return s.scalars(select(Alert)).one()


@pytest.mark.parametrize("order", list(itertools.permutations(["event", "manifest", "bytes"])))
def test_a_still_is_shown_in_whatever_order_its_parts_arrive(s: Session, order: tuple[str, ...]) -> None:
    message = town.event()
    assert isinstance(message.body, Event)
    for part in order:
        if part == "event":
            alert.receive(s, MARKET, "edge-1", message, NOON)
        elif part == "manifest":
            media.announce(s, MARKET, "edge-1", manifest(message.body.event), NOON)
        else:
            media.stored(s, STILL, 900, "image/jpeg", NOON)
    one = s.scalars(select(Alert)).one()
    assert one.still is not None
    assert s.get_one(Media, one.still).sha256 == STILL
    assert one.clip is None
    media.stored(s, CLIP, 90_000, "video/mp4", NOON)
    assert one.clip is not None


def test_announcing_and_storing_twice_changes_nothing(s: Session) -> None:
    one = shown(s)
    before = (one.still, one.clip, one.version)
    event = s.scalars(select(Media.event)).first()
    assert event is not None
    assert media.announce(s, MARKET, "edge-1", manifest(event), NOON) == []
    media.stored(s, STILL, 900, "image/jpeg", NOON)
    assert (one.still, one.clip, one.version) == before


def test_an_alert_keeps_its_first_still(s: Session) -> None:
    one = shown(s)
    first = one.still
    later = town.event(at=NOON + timedelta(seconds=30))
    assert isinstance(later.body, Event)
    alert.receive(s, MARKET, "edge-1", later, NOON + timedelta(seconds=30))
    ref = MediaRef("still", "c" * 64, 900, "image/jpeg")
    media.announce(s, MARKET, "edge-1", Manifest(later.body.event, "c-3-1", NOON, NOON, (ref,)), NOON)
    media.stored(s, "c" * 64, 900, "image/jpeg", NOON)
    assert one.still == first
    assert s.scalars(select(Media.alert).where(Media.sha256 == "c" * 64)).one() == one.id


def test_a_box_announces_pictures_of_its_own_cameras_only(s: Session) -> None:
    with pytest.raises(Refused):
        media.announce(s, MARKET, "edge-1", manifest(new_id(), "c-3-3"), NOON)


def test_the_wall_hears_when_a_picture_is_there(s: Session) -> None:
    shown(s)
    assert s.scalars(select(Line.act).order_by(Line.id)).all() == ["alert.new", "alert.media", "alert.media"]


def test_a_still_is_seen_by_those_who_see_the_alert(s: Session) -> None:
    one = shown(s)
    assert one.still
    assert media.show(s, actor(s, "qiu"), one.still, "session", NOON).sha256 == STILL
    for person in ("tao", "ji", "xin", "li"):
        with pytest.raises(Refused) as caught:
            media.show(s, actor(s, person), one.still, "session", NOON)
        assert caught.value.kind == "right"


def test_a_still_is_seen_by_the_unit_that_got_the_case(s: Session) -> None:
    one = shown(s)
    opened = bring(s, alert.confirm(s, actor(s, "lin"), one.id, NOON), Stage.ACCEPTED)
    assert one.still
    with pytest.raises(Refused):
        media.show(s, actor(s, "fu"), one.still, "session", NOON)
    do(s, opened, "qin", Act.DISPATCH, unit="agency/fu")
    assert media.show(s, actor(s, "fu"), one.still, "session", NOON).sha256 == STILL


def test_a_clip_is_registered_before_it_is_played(s: Session) -> None:
    one = shown(s)
    assert one.clip
    found = media.show(s, actor(s, "lin"), one.clip, "session", NOON)
    looked = s.scalars(select(Access)).one()
    assert (looked.person, looked.kind, looked.session) == ("lin", "playback", "session")
    assert (found.sha256, found.size, found.type) == (CLIP, 90_000, "video/mp4")
    s.flush()
    line = s.scalars(select(Line).where(Line.act == "video.play")).one()
    assert (line.actor, line.role, line.alert, line.public) == ("lin", "monitor", one.id, {"media": one.clip})


def test_a_player_that_asks_in_parts_is_one_viewing(s: Session) -> None:
    one = shown(s)
    assert one.clip
    for minutes in (0, 1, 2):
        media.show(s, actor(s, "lin"), one.clip, "session", NOON + timedelta(minutes=minutes))
        s.flush()
    media.show(s, actor(s, "ren"), one.clip, "session", NOON)
    media.show(s, actor(s, "lin"), one.clip, "session", NOON + VIEWING)
    s.flush()
    viewers = s.scalars(select(Line.actor).where(Line.act == "video.play").order_by(Line.id)).all()
    assert viewers == ["lin", "ren", "lin"]


def test_a_second_clip_of_the_same_alert_is_a_viewing_of_its_own(s: Session) -> None:
    one = shown(s)
    assert one.clip
    s.add(Media(id="again", market=MARKET, sha256=CLIP, size=90_000, type="video/mp4", role="clip",
                camera="c-3-1", event=None, alert=one.id, at=NOON, ended=NOON))  # fmt: skip
    s.flush()
    for name in (one.clip, "again", "again"):
        media.show(s, actor(s, "lin"), name, "session", NOON)
    assert sorted(s.scalars(select(Access.subject))) == sorted([one.clip, "again"])


def test_a_look_that_no_row_covers_yet_is_not_given_without_one(s: Session) -> None:
    one, lin = shown(s), actor(s, "lin")
    for name in (one.still, one.clip):
        assert name
        assert media.find(s, lin, name, "session", NOON) is None
        made = media.show(s, lin, name, "session", NOON)
        assert media.find(s, lin, name, "session", NOON) == made
        assert media.find(s, actor(s, "ren"), name, "session", NOON) is None
    assert media.find(s, lin, one.still or "", "another session", NOON) is None
    assert media.find(s, lin, one.clip or "", "session", NOON + VIEWING) is None
    with pytest.raises(Refused):
        media.find(s, actor(s, "ji"), one.still or "", "session", NOON)


def test_a_guard_does_not_play_clips(s: Session) -> None:
    one = shown(s)
    assert one.clip
    with pytest.raises(Refused):
        media.show(s, actor(s, "qiu"), one.clip, "session", NOON)
    assert s.scalars(select(Line).where(Line.act == "video.play")).all() == []


def test_a_picture_whose_bytes_are_not_there_is_not_there(s: Session) -> None:
    media.announce(s, MARKET, "edge-1", manifest(new_id()), NOON)
    one = s.scalars(select(Media)).first()
    assert one is not None
    for name in (one.id, STILL, new_id()):
        with pytest.raises(Refused) as caught:
            media.show(s, actor(s, "lin"), name, "session", NOON)
        assert caught.value.kind == "missing"


def test_an_unclaimed_picture_is_for_whoever_sees_the_whole_market(s: Session) -> None:
    media.announce(s, MARKET, "edge-1", manifest(new_id()), NOON)
    media.stored(s, STILL, 900, "image/jpeg", NOON)
    one = s.scalars(select(Media).where(Media.sha256 == STILL)).one()
    assert media.show(s, actor(s, "lin"), one.id, "session", NOON).sha256 == STILL
    with pytest.raises(Refused):
        media.show(s, actor(s, "qiu"), one.id, "session", NOON)
