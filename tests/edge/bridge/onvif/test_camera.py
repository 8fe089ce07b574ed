from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

from edge.bridge.onvif.bounds import Mute, here
from edge.bridge.onvif.camera import About, Camera, Preset, camera
from edge.config.onvif import Where
from tests.conftest import alone
from tests.edge.bridge.onvif.soap import PASSWORD, SPACES, USER, Soap, soap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

T = TypeVar("T")


@pytest.fixture
def told() -> Iterator[Soap]:
    with soap() as one:
        yield one


def ask(told: Soap, question: Callable[[Camera], Awaitable[T]], password: str = PASSWORD) -> T:
    async def go() -> T:
        async with camera(Where("127.0.0.1", told.port, USER, password)) as one:
            return await question(one)

    return alone(go())


def test_a_camera_tells_what_it_is_and_how_late_its_clock_is(told: Soap) -> None:
    told.clock = -90.0
    assert ask(told, lambda one: one.about()) == About("Lantern", "LT-2", "1.4")
    assert ask(told, lambda one: one.clock_off()) == pytest.approx(-90, abs=10)


def test_a_camera_that_tells_the_time_only_to_who_proves_himself_is_asked_so(told: Soap) -> None:
    told.open.clear()
    assert abs(ask(told, lambda one: one.clock_off())) < 10


def test_its_streams_are_at_its_own_address_and_bear_no_password(told: Soap) -> None:
    found = ask(told, lambda one: one.streams())
    assert [(one.token, one.codec, one.width, one.height, one.fps) for one in found] == [
        ("main", "h264", 1920, 1080, 25.0),
        ("sub", "h264", 640, 360, 10.0),
    ]
    assert {one.url for one in found} == {"rtsp://127.0.0.1:554/live"}


def test_a_camera_that_names_another_host_is_asked_at_its_own(told: Soap) -> None:
    told.host = "192.0.2.77"
    assert ask(told, lambda one: one.about()).maker == "Lantern"
    assert here("http://192.0.2.77:8080/x?y=1", "10.0.0.5") == "http://10.0.0.5:8080/x?y=1"
    assert here("http://[::", "10.0.0.5") == here("nothing", "10.0.0.5") == ""


def test_it_turns_to_a_preset_moves_and_stops(told: Soap) -> None:
    async def turn(one: Camera) -> tuple[Preset, ...]:
        await one.goto("main", "2")
        await one.move("main", (0.5, 0.0, 0.0), 0.5)
        await one.halt("main")
        return await one.presets("main")

    assert ask(told, turn) == (Preset("1", "Gate"), Preset("2", "Lane"))
    assert [name for name in told.questions() if name in {"GotoPreset", "ContinuousMove", "Stop"}] == [
        "GotoPreset",
        "ContinuousMove",
        "Stop",
    ]


def test_a_wrong_password_is_said_and_neither_password_is_ever_shown(
    told: Soap, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"), pytest.raises(Mute, match="refuses this user and password") as mute:
        ask(told, lambda one: one.about(), "not-the-word")
    shown = caplog.text + str(mute.value) + repr(Where("h", 80, USER, "not-the-word"))
    assert "not-the-word" not in shown
    assert PASSWORD not in shown


def test_a_camera_that_is_not_there_is_said(told: Soap) -> None:
    told.down = True
    with pytest.raises(Mute, match=r"127\.0\.0\.1: "):
        ask(told, lambda one: one.about())


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>log in</html>",
        b"\x00\xff\xfe",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 100_000,
    ],
)
def test_what_is_no_onvif_is_refused_with_a_sentence(told: Soap, answer: bytes) -> None:
    told.body = lambda question: answer if question == "GetDeviceInformation" else None
    with pytest.raises(Mute) as mute:
        ask(told, lambda one: one.about())
    assert len(str(mute.value)) < 400


def test_a_camera_that_tells_no_hour_of_the_world_is_refused_with_a_sentence(told: Soap) -> None:
    inside = "<tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType></tds:SystemDateAndTime>"
    answer = f"<tds:GetSystemDateAndTimeResponse>{inside}</tds:GetSystemDateAndTimeResponse>"
    whole = f"<s:Envelope {SPACES}><s:Body>{answer}</s:Body></s:Envelope>".encode()
    told.body = lambda question: whole if question == "GetSystemDateAndTime" else None
    with pytest.raises(Mute, match="leaves out what belongs"):
        ask(told, lambda one: one.about())


def test_an_answer_that_is_too_long_is_not_read_to_its_end(told: Soap) -> None:
    told.body = lambda question: b"x" * (5 << 20) if question == "GetDeviceInformation" else None
    with pytest.raises(Mute, match="longer than 1 MiB"):
        ask(told, lambda one: one.about())


def test_a_camera_that_sends_us_elsewhere_is_not_followed(told: Soap) -> None:
    async def go(one: Camera) -> About:
        told.redirect = "http://127.0.0.1:1/hub"
        return await one.about()

    with pytest.raises(Mute, match="elsewhere"):
        ask(told, go)
