from __future__ import annotations

import logging
from contextlib import contextmanager
from queue import Queue
from threading import Event
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from edge.bridge.onvif.ear import Ear
from edge.bridge.onvif.signs import MOST
from edge.config import CameraConfig
from tests.edge.bridge.onvif.soap import PASSWORD, USER, Soap, soap
from tests.edge.bridge.onvif.test_signs import Hours
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.rule.change import Change

WITHIN = 60.0
MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"


@pytest.fixture
def told() -> Iterator[Soap]:
    with soap() as one:
        yield one


def config(told: Soap, password: str = PASSWORD, **more: Any) -> CameraConfig:
    onvif = {"address": f"127.0.0.1:{told.port}", "cooldown": 0.0, **more}
    url = f"rtsp://{USER}:{password}@127.0.0.1:1/live"
    return msgspec.convert({"id": "c-1-01", "url": url, "onvif": onvif}, CameraConfig)


@contextmanager
def ear(
    camera: CameraConfig, away: Callable[[str], bool] = lambda _camera: False
) -> Iterator[tuple[Ear, Queue[tuple[str, Change]]]]:
    heard: Queue[tuple[str, Change]] = Queue()
    one = Ear([(camera, Hours())], lambda name, change: heard.put((name, change)), away)
    one.start()
    try:
        yield one, heard
    finally:
        one.stop()


def test_what_a_camera_raises_alarm_about_is_told_until_it_is_over(told: Soap) -> None:
    with ear(config(told)) as (_, heard):
        told.note(MOTION)
        name, new = heard.get(timeout=WITHIN)
        assert (name, new.phase, new.kind, new.facts.trust) == ("c-1-01", "new", "intrusion", "low")
        told.note(MOTION, "false")
        assert heard.get(timeout=WITHIN)[1].phase == "end"


def test_an_unknown_topic_is_counted_and_named_once(told: Soap, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), ear(config(told)) as (one, heard):
        for _ in range(3):
            told.note("tnsx:Acme/Thing")
        wait_for(lambda: one.tallies["c-1-01"].unknown == 3, WITHIN)
        assert heard.empty()
    assert caplog.text.count("Acme/Thing") == 1


def test_a_camera_that_comes_back_is_heard_again_and_what_went_on_has_ended(told: Soap) -> None:
    with ear(config(told)) as (one, heard):
        told.note(MOTION)
        assert heard.get(timeout=WITHIN)[1].phase == "new"
        told.down = True
        assert heard.get(timeout=WITHIN)[1].phase == "end"
        wait_for(lambda: not one.tallies["c-1-01"].is_heard and bool(one.tallies["c-1-01"].trouble), WITHIN)
        told.down = False
        told.note(MOTION)
        assert heard.get(timeout=WITHIN)[1].phase == "new"


def test_a_camera_that_refuses_is_said_once_and_its_password_never(
    told: Soap, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), ear(config(told, "not-the-word")) as (one, _):
        wait_for(lambda: told.questions().count("GetServices") >= 2, WITHIN)
        assert "refuses this user" in one.tallies["c-1-01"].trouble
    assert caplog.text.count("refuses this user") == 1
    assert "not-the-word" not in caplog.text


def test_how_far_its_clock_is_off_is_known_while_it_is_heard(told: Soap) -> None:
    told.clock = -120.0
    with ear(config(told)) as (one, _):
        wait_for(lambda: one.clock_off("c-1-01") is not None, WITHIN)
        assert one.clock_off("c-1-01") == pytest.approx(-120, abs=10)
        told.down = True
        wait_for(lambda: one.clock_off("c-1-01") is None, WITHIN)


def test_one_that_tells_no_time_is_heard_all_the_same(told: Soap) -> None:
    told.body = lambda question: b"<a/>" if question == "GetSystemDateAndTime" and told.asked_pull() else None
    with ear(config(told)) as (one, heard):
        wait_for(told.asked_pull, WITHIN)
        told.note(MOTION)
        assert heard.get(timeout=WITHIN)[1].phase == "new"
        assert one.tallies["c-1-01"].is_heard
        assert one.clock_off("c-1-01") is None


def test_what_a_camera_sees_move_while_somebody_turns_it_is_no_alarm_but_what_is_wired_to_it_is(
    told: Soap,
) -> None:
    with ear(config(told), away=lambda camera: camera == "c-1-01") as (one, heard):
        told.note(MOTION)
        told.note("tns1:Device/Trigger/DigitalInput")
        new = heard.get(timeout=WITHIN)[1]
        assert "DigitalInput" in (new.facts.reason or "")
        wait_for(lambda: one.tallies["c-1-01"].heard == 2, WITHIN)
        assert heard.empty()


def test_what_went_on_before_somebody_turned_it_ends_as_the_camera_says(told: Soap) -> None:
    turned: list[str] = []
    with ear(config(told), away=turned.__contains__) as (_, heard):
        told.note(MOTION)
        assert heard.get(timeout=WITHIN)[1].phase == "new"
        turned.append("c-1-01")
        told.note(MOTION, "false")
        assert heard.get(timeout=WITHIN)[1].phase == "end"


def test_an_edge_that_stops_beside_a_camera_that_hangs_leaves_nothing_open(told: Soap) -> None:
    hangs, heard = Event(), Queue[str]()

    def hang(question: str) -> None:
        if question == "Unsubscribe":
            hangs.wait(WITHIN)

    one = Ear([(config(told), Hours())], lambda _, change: heard.put(change.phase))
    one.start()
    told.note(MOTION)
    assert heard.get(timeout=WITHIN) == "new"
    told.body = hang
    one.stop()
    assert heard.get(timeout=WITHIN) == "end"
    assert one._worker.is_alive(), "it still waits for the camera"
    hangs.set()
    one._worker.join(WITHIN)


def test_a_camera_with_more_alarms_than_can_be_told_apart_is_said_once(
    told: Soap, caplog: pytest.LogCaptureFixture
) -> None:
    with ear(config(told)) as (one, _):
        for number in range(MOST + 3):
            told.note(MOTION, source=str(number))
        wait_for(lambda: one._listening[0].signs.dropped == 3, WITHIN)
    assert caplog.text.count("more alarms at once") == 1


def test_nonsense_in_a_notification_harms_nothing(told: Soap) -> None:
    with ear(config(told)) as (one, heard):
        told.notes.put("<wsnt:NotificationMessage><wsnt:Message/></wsnt:NotificationMessage>")
        told.note("", "\u202e" * 4000)
        told.note(MOTION)
        assert heard.get(timeout=WITHIN)[1].kind == "intrusion"
        assert one.tallies["c-1-01"].is_heard
