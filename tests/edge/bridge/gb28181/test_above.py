from __future__ import annotations

import random
import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.bridge.gb28181.alarm import Alarm
from edge.config.gb28181 import ChannelConfig
from tests.edge.bridge.gb28181.conftest import NOON, PATIENT, QUICK, above
from tests.edge.bridge.gb28181.peer import CAMERA, EDGE, OTHER, PLATFORM, Platform, request
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.bridge.gb28181.bridge import Bridge

INTRUSION = Alarm("c-2-01", "intrusion", NOON, "yard")


@pytest.fixture
def streams() -> Iterator[Platform]:
    one = Platform("tcp")
    yield one
    one.close()


def registered(bridge: Bridge) -> None:
    wait_for(lambda: bridge.above and bridge.above[0].state == "registered")


@contextmanager
def muted(platform: Platform, bridge: Bridge) -> Iterator[None]:
    """Until it ends, the platform says nothing; from then on it is given time to."""
    platform.mute = True
    yield
    bridge._talk._times = PATIENT
    platform.mute = False


def test_the_district_sees_the_edge_registered_and_alive(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform))
    wait_for(lambda: len(platform.told("Keepalive")) >= 2)
    first, second = platform.methods("REGISTER")
    assert "authorization" not in first.headers
    assert (second.headers["expires"], second.headers["x-gb-ver"]) == ("3600", "2.0")
    assert first.headers["call-id"] == second.headers["call-id"]
    alive = platform.told("Keepalive")[0]
    assert (alive.tag("DeviceID"), alive.tag("Status")) == (EDGE, "OK")
    assert alive.headers["content-type"] == "Application/MANSCDP+xml"
    assert bridge.above[0].state == "registered"


@pytest.mark.parametrize(
    "challenge", ["algorithm=MD5", 'algorithm=MD5, qop="auth"', 'algorithm=SHA-256, qop="auth"']
)
def test_it_proves_who_it_is_as_the_platform_asks(
    platform: Platform, bridged: Callable[..., Bridge], challenge: str
) -> None:
    platform.challenge = challenge
    registered(bridged(above(platform)))
    assert platform.registered == {EDGE: "3600"}


def test_by_tcp_it_does_the_same_and_comes_back_when_the_line_is_cut(
    streams: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(streams, keepalive=5.0))
    registered(bridge)
    streams.query("Catalog")
    wait_for(lambda: len(streams.told("Catalog")) == 1)
    assert streams.told("Catalog")[0].body.count("<Item>") == 2, "a stream holds both in one page"
    streams.hang_up()
    wait_for(lambda: bridge.above[0].registrations == 2)


def test_a_wrong_password_is_not_tried_again_at_once(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform), password="a wrong one")
    wait_for(lambda: bridge.above and bridge.above[0].state == "refused")
    assert len(platform.methods("REGISTER")) == 2
    assert platform.registered == {}


def test_whoever_ends_takes_the_registration_back(platform: Platform, bridged: Callable[..., Bridge]) -> None:
    bridge = bridged(above(platform))
    registered(bridge)
    bridge.stop()
    wait_for(lambda: platform.registered == {})
    assert platform.methods("REGISTER")[-1].headers["expires"] == "0"


def test_a_registration_is_renewed_before_it_runs_out(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    platform.expires = "1"
    bridge = bridged(above(platform, keepalive=5.0, misses=20))
    wait_for(lambda: len(platform.methods("REGISTER")) >= 4)
    assert bridge.above[0].registrations == 1, "it was never lost"


def test_a_platform_that_falls_silent_is_noticed_and_found_again(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform), times=QUICK)
    registered(bridge)
    with muted(platform, bridge):
        wait_for(lambda: bridge.above[0].state == "silent")
        assert bridge.counts["unanswered"] >= 3
        before = bridge.above[0].registrations
    wait_for(lambda: bridge.above[0].registrations > before)
    assert bridge.above[0].state == "registered"


def test_a_platform_that_was_started_anew_and_knows_nobody_is_registered_at_again(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform))
    registered(bridge)
    platform.forgetful = True
    wait_for(lambda: bridge.above[0].registrations == 2)


def test_a_platform_that_asks_for_the_cameras_gets_them_page_by_page(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    more = tuple(ChannelConfig(f"c-9-{n}", f"3402000000132000001{n}", f"{n}号通道") for n in range(3))
    told = above(platform)
    registered(bridged(msgspec.structs.replace(told, cameras=(*told.cameras, *more))))
    platform.query("Catalog", number=17)
    wait_for(lambda: len(platform.told("Catalog")) == 3)
    found = platform.told("Catalog")
    assert {(one.tag("SN"), one.tag("SumNum")) for one in found} == {("17", "5")}
    assert ['Num="2"' in one.body for one in found] == [True, True, False]
    items = re.findall("<Item>.*?</Item>", "".join(one.body for one in found), re.DOTALL)[:2]
    assert [CAMERA in items[0], OTHER in items[1]] == [True, True]
    assert "<Name>三号网格东门</Name>" in items[0]
    assert "<Address>二层</Address>" in items[1]
    assert ["<Status>ON</Status>" in one for one in items] == [True, False], "as the cameras are"
    assert all(f"<ParentID>{EDGE}</ParentID>" in one for one in items)


def test_a_platform_that_asks_who_and_how_we_are_is_told(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    registered(bridged(above(platform, name="东区前端")))
    platform.query("DeviceInfo")
    platform.query("DeviceStatus", number=18)
    platform.query("DeviceStatus", OTHER, number=19)
    wait_for(lambda: len(platform.told("DeviceInfo") + platform.told("DeviceStatus")) == 3)
    info = platform.told("DeviceInfo")[0]
    assert (info.tag("DeviceName"), info.tag("Result"), info.tag("Channel")) == ("东区前端", "OK", "2")
    found = {one.tag("SN"): one for one in platform.told("DeviceStatus")}
    assert (found["18"].tag("Online"), found["18"].tag("Record")) == ("ONLINE", "ON")
    assert found["18"].tag("DeviceTime") == "2026-11-22T12:00:00"
    assert (found["19"].tag("Online"), found["19"].tag("Status")) == ("OFFLINE", "ERROR")


@pytest.mark.parametrize(
    ("root", "command", "code"),
    [
        ("Control", "DeviceControl", CAMERA),
        ("Query", "RecordInfo", CAMERA),
        ("Query", "DeviceStatus", "34020000001320000099"),
    ],
)
def test_what_a_platform_may_not_have_it_does_not_get(
    platform: Platform, bridged: Callable[..., Bridge], root: str, command: str, code: str
) -> None:
    registered(bridged(above(platform)))
    platform.query(command, code, root=root)
    wait_for(lambda: platform.told(command))
    assert platform.told(command)[0].tag("Result") == "ERROR"


def test_an_alarm_is_told_once_and_its_answer_counted(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform))
    registered(bridge)
    bridge.say(INTRUSION)
    wait_for(lambda: bridge.counts["alarm_told"])
    alarm = platform.told("Alarm")[0]
    assert (alarm.tag("DeviceID"), alarm.tag("AlarmMethod"), alarm.tag("AlarmType")) == (CAMERA, "5", "6")
    assert (alarm.tag("AlarmTime"), alarm.tag("AlarmDescription")) == (
        "2026-11-22T12:00:00",
        "禁入区有人 yard",
    )
    said = f"<CmdType>Alarm</CmdType><SN>{alarm.tag('SN')}</SN><DeviceID>{CAMERA}</DeviceID>"
    platform.ask(f"<Response>{said}<Result>OK</Result></Response>")
    wait_for(lambda: bridge.counts["alarm_answered"])
    assert len(platform.told("Alarm")) == 1


def test_an_alarm_waits_while_the_platform_is_away(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform), times=QUICK)
    registered(bridge)
    with muted(platform, bridge):
        bridge.say(INTRUSION)
        wait_for(lambda: bridge.above[0].state == "silent")
        assert bridge.above[0].waiting == 1
    wait_for(lambda: bridge.counts["alarm_told"] == 1)
    assert len(platform.told("Alarm")) == 1


def test_a_storm_of_alarms_holds_up_neither_signs_of_life_nor_renewal(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    platform.expires = "1"
    bridge = bridged(above(platform, keepalive=0.3))
    registered(bridge)

    def storm() -> bool:
        while bridge.above[0].waiting + len(bridge._said) < 20:
            bridge.say(INTRUSION)
        told = len(platform.methods("REGISTER")), len(platform.told("Keepalive")), len(platform.told("Alarm"))
        return all(number >= least for number, least in zip(told, (4, 2, 20), strict=True))

    wait_for(storm)
    assert bridge.counts["alarm_lost"] == 0


def test_a_silent_line_is_closed_before_another_is_opened(
    streams: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(streams), times=QUICK)
    registered(bridge)
    with muted(streams, bridge):
        wait_for(lambda: bridge.above[0].state == "silent")
        before = bridge.above[0].registrations
    wait_for(lambda: bridge.above[0].registrations > before)
    assert len(bridge._post.wires) == 1


def test_a_platform_hears_only_of_its_cameras_and_kinds(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform, alarms=("fire", "intrusion")))
    registered(bridge)
    for alarm in (Alarm("c-9-99", "intrusion", NOON), Alarm("c-2-01", "crowd", NOON), INTRUSION):
        bridge.say(alarm)
    wait_for(lambda: bridge.counts["alarm_told"])
    assert [one.tag("AlarmType") for one in platform.told("Alarm")] == ["6"]
    assert bridge.above[0].waiting == 0


@pytest.mark.parametrize(
    ("method", "status"),
    [("INVITE", 488), ("SUBSCRIBE", 405), ("BYE", 481), ("OPTIONS", 200), ("REGISTER", 405)],
)
def test_no_picture_goes_out_and_whoever_asks_is_told_no(
    platform: Platform, bridged: Callable[..., Bridge], method: str, status: int
) -> None:
    bridge = bridged(above(platform))
    registered(bridge)
    before = len(platform.replies)
    platform.ask("", method)
    wait_for(lambda: len(platform.replies) > before)
    assert platform.replies[-1].status == status
    assert bridge.counts["refused"] == (status != 200)


def test_a_request_that_comes_again_gets_its_answer_again_and_is_done_once(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform))
    registered(bridge)
    body = f"<Query><CmdType>DeviceInfo</CmdType><SN>5</SN><DeviceID>{EDGE}</DeviceID></Query>"
    data = request("MESSAGE", PLATFORM, EDGE, platform.port, body=body)
    for _ in range(3):
        platform.send(data)
    wait_for(lambda: bridge.counts["repeated"] == 2 and platform.told("DeviceInfo"))
    platform.query("DeviceStatus", number=6)
    wait_for(lambda: platform.told("DeviceStatus"))
    assert len(platform.told("DeviceInfo")) == 1


def test_garbage_and_strangers_are_counted_and_the_platform_goes_on_being_served(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform))
    registered(bridge)
    chance = random.Random(1)
    for _ in range(100):
        platform.send(chance.randbytes(200))
    platform.ask("<Query><CmdType>Catalog</CmdType>")
    stranger = request("MESSAGE", "34020000002000000009", EDGE, platform.port, body="<Query/>")
    platform.send(stranger)
    wait_for(lambda: (bridge.counts["malformed"], bridge.counts["stranger"]) == (101, 1))
    wait_for(lambda: platform.replies)
    assert [one.status for one in platform.replies] == [400]
    platform.query("Catalog")
    wait_for(lambda: platform.told("Catalog"))
    assert bridge.counts["stumbled"] == 0


def test_a_port_that_somebody_else_has_is_waited_for(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        bridge = bridged(above(platform), listen=f"127.0.0.1:{port}")
        wait_for(lambda: bridge.failures)
        assert bridge.above == ()
    registered(bridge)
    assert bridge.port == port
