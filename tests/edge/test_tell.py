from __future__ import annotations

import time
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from edge.camera.frame import Frame
from edge.outbox import Outbox
from edge.rule.change import Change, Facts
from edge.spool import Spool
from edge.tell import SETTLE, Teller
from tests.edge.market import wait_for
from tests.edge.scene import BEGIN, StillEye, frame, watched
from wire.message import Event, Manifest, decode, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.camera.clip import Clip
    from edge.rule.change import Phase

CAMERA = watched()


class Voice:
    def __init__(self, folder: Path) -> None:
        self.spool = Spool(folder / "spool")
        self.outbox = Outbox(folder / "outbox.sqlite")
        self.calls: list[str] = []
        said, kept = lambda: self.calls.append("said"), lambda: self.calls.append("kept")
        self.teller = Teller("edge-west", self.outbox, self.spool, said=said, kept=kept)
        self.eye = StillEye(clips=self.spool.parts)

    def said(self) -> list[Event | Manifest]:
        rows = self.outbox.due(0.0, 100)
        self.outbox.again()
        bodies = [decode(row.data).body for row in sorted(rows, key=lambda row: row.id)]
        return [body for body in bodies if isinstance(body, Event | Manifest)]


@pytest.fixture
def voice(tmp_path: Path) -> Iterator[Voice]:
    one = Voice(tmp_path)
    yield one
    one.teller.stop()
    one.outbox.close()


def change(phase: Phase = "new", at: float = BEGIN + 10) -> Change:
    return Change(new_id(), phase, "intrusion", "yard", BEGIN, at, Facts(score=0.8, count=1, seconds=10.0))


def shape(jpeg: bytes) -> tuple[int, ...]:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return tuple(picture.shape)


def test_the_event_is_promised_first_and_carries_a_small_picture(voice: Voice) -> None:
    new = change()
    voice.teller.say(new, CAMERA, voice.eye, frame(BEGIN + 10, 40))
    (event,) = voice.said()
    assert isinstance(event, Event)
    assert (event.event, event.kind, event.zone, event.count) == (new.event, "intrusion", "yard", 1)
    assert (event.began.timestamp(), event.at.timestamp()) == (BEGIN, BEGIN + 10)
    assert shape(event.thumb or b"") == (120, 160, 3)
    assert voice.calls == ["said"]


def test_then_the_still_at_once_and_the_clip_when_its_end_has_come(voice: Voice) -> None:
    new = change()
    voice.teller.say(new, CAMERA, voice.eye, frame(BEGIN + 10, 40))
    voice.teller.once(BEGIN + 10)
    still = voice.said()[1]
    assert isinstance(still, Manifest)
    assert [(ref.role, ref.type) for ref in still.media] == [("still", "image/jpeg")]
    voice.teller.once(BEGIN + 15 + SETTLE - 0.1)
    assert len(voice.said()) == 2
    voice.teller.once(BEGIN + 15 + SETTLE)
    clip = voice.said()[2]
    assert isinstance(clip, Manifest)
    assert clip.media[0].role == "clip"
    assert voice.eye.asked == [(BEGIN + 5, BEGIN + 15)]
    assert (clip.began.timestamp(), clip.ended.timestamp()) == (BEGIN + 5, BEGIN + 15)
    assert {ref.sha256 for body in (still, clip) for ref in body.media} == {
        path.stem for path in voice.spool.waiting()
    }
    assert voice.calls == ["said", "kept", "said", "kept", "said"]


def test_the_still_has_the_size_in_whose_pixels_the_boxes_are(voice: Voice) -> None:
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN + 10, 40, size=(704, 576)))
    voice.teller.once(BEGIN)
    (path,) = voice.spool.waiting()
    assert shape(path.read_bytes()) == (576, 704, 3)


def test_news_and_ends_are_told_without_pictures(voice: Voice) -> None:
    for phase in ("update", "end"):
        voice.teller.say(change(phase), CAMERA, voice.eye, frame(BEGIN, 40))
    voice.teller.once(BEGIN + 1000)
    assert [body.thumb for body in voice.said() if isinstance(body, Event)] == [None, None]
    assert len(voice.said()) == 2


def test_what_was_not_seen_has_no_picture(voice: Voice) -> None:
    voice.teller.say(change(), CAMERA, voice.eye, None)
    voice.teller.once(BEGIN + 1000)
    assert len(voice.said()) == 1


def test_without_a_clip_there_are_event_and_still(voice: Voice, caplog: pytest.LogCaptureFixture) -> None:
    voice.eye.clips = None
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN, 40))
    with caplog.at_level("INFO"):
        voice.teller.once(BEGIN + 1000)
    assert len(voice.said()) == 2
    assert "no clip of event" in caplog.text
    assert "there is no ring" in caplog.text


def test_a_clip_that_the_ring_has_lost_is_cut_out_of_the_recordings(voice: Voice) -> None:
    asked: list[tuple[str, float, float]] = []

    def recorded(camera: str, begin: float, end: float, path: Path) -> Clip:
        asked.append((camera, begin, end))
        return StillEye(clips=voice.spool.parts).clip(begin, end, path)

    voice.eye.clips = None
    voice.teller.recorded = recorded
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN + 10, 40))
    voice.teller.once(BEGIN + 60)
    assert asked == [(CAMERA.id, BEGIN + 5, BEGIN + 15)]
    clip = voice.said()[2]
    assert isinstance(clip, Manifest)
    assert clip.media[0].role == "clip"


def test_a_disk_that_takes_no_file_costs_the_file_and_not_the_event(
    voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    voice.spool.parts.rmdir()
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN, 40))
    voice.teller.once(BEGIN + 1000)
    assert len(voice.said()) == 1
    assert caplog.text.count("is not kept") == 2


def test_an_outbox_that_takes_nothing_is_said_and_its_alarm_is_told_from_memory(
    voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    voice.outbox._store._db.execute("PRAGMA query_only = ON")
    voice.teller.say(change(), CAMERA, voice.eye, None)
    assert "cannot be promised" in caplog.text
    voice.outbox._store._db.execute("PRAGMA query_only = OFF")
    voice.teller.say(change(), CAMERA, voice.eye, None)
    assert len(voice.said()) == 2


def test_noise_that_no_jpeg_makes_small_still_fits_the_wire(voice: Voice) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1080, 1920, 3)).astype(np.uint8)
    voice.teller.say(change(), CAMERA, voice.eye, Frame("c-2-01", BEGIN, 1, noise))
    (event,) = voice.said()
    assert isinstance(event, Event)
    assert 1000 < len(event.thumb or b"") <= 32_768


def test_its_worker_makes_files_as_they_fall_due(voice: Voice) -> None:
    now = time.time()
    voice.teller.start()
    voice.teller.say(change(at=now - 5.3), CAMERA, voice.eye, frame(now, 40))
    wait_for(lambda: len(voice.said()) == 3)


def test_a_clock_that_is_set_back_by_half_a_day_delays_no_clip(voice: Voice) -> None:
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN + 10, 40))
    voice.teller.once(BEGIN - 43_200)
    assert len(voice.said()) == 3


def test_of_what_was_seen_before_its_cameras_masks_changed_no_file_is_made(
    voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    voice.eye.clips, recordings = None, StillEye(clips=voice.spool.parts)
    voice.teller.recorded = lambda _, begin, end, path: recordings.clip(begin, end, path)
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN + 10, 40))
    voice.teller.once(BEGIN + 10)
    voice.teller.veil.draw(CAMERA.id)
    voice.teller.veil.lift(CAMERA.id)
    with caplog.at_level("INFO"):
        voice.teller.once(BEGIN + 60)
    assert [type(body) for body in voice.said()] == [Event, Manifest]
    assert len(list(voice.spool.waiting())) == 1, "the still was told before"
    assert "masks have changed" in caplog.text


def test_a_clip_that_is_cut_while_the_masks_change_is_thrown_away(voice: Voice) -> None:
    def recorded(_camera: str, begin: float, end: float, path: Path) -> Clip:
        voice.teller.veil.draw(CAMERA.id)
        return StillEye(clips=voice.spool.parts).clip(begin, end, path)

    voice.eye.clips = None
    voice.teller.recorded = recorded
    voice.teller.say(change(), CAMERA, voice.eye, frame(BEGIN + 10, 40))
    voice.teller.once(BEGIN + 60)
    assert [type(body) for body in voice.said()] == [Event, Manifest]
    assert not list(voice.spool.parts.iterdir())
