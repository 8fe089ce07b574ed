from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.bridge.gb28181.device import WRONG
from edge.config.gb28181 import BelowConfig, SightedConfig
from tests.edge.bridge.gb28181.conftest import NOON, SMOKE, below
from tests.edge.bridge.gb28181.peer import CAMERA, DOWN, OTHER, PASSWORD, Recorder, request
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.bridge.gb28181.bridge import Bridge
    from wire.message import Event

STRANGER = "34020000001110000099"


@pytest.fixture
def recorder() -> Iterator[Callable[..., Recorder]]:
    made: list[Recorder] = []

    def make(bridge: Bridge, **more: str) -> Recorder:
        made.append(Recorder(bridge.port, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def later(bridge: Bridge, seconds: float) -> None:
    """Let it look after its devices as if so much time had gone by."""

    async def look() -> None:
        assert bridge.below is not None
        bridge.below.look(asyncio.get_running_loop().time() + seconds)

    assert bridge._loop is not None
    asyncio.run_coroutine_threadsafe(look(), bridge._loop).result(10.0)


def item(code: str) -> str:
    return f"<Item><DeviceID>{code}</DeviceID><Name>仓库</Name><Status>ON</Status></Item>"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_device_that_knows_its_password_registers_and_is_asked_what_it_has(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder], transport: str, algorithm: str
) -> None:
    device = msgspec.structs.replace(below().devices[0], algorithm=algorithm)
    bridge = bridged(below=below(devices=(device,)))
    one = recorder(bridge, transport=transport)
    assert one.register() == 200
    assert one.answers[-1].headers["date"].startswith("2026-11-22T12:00:00")
    wait_for(lambda: one.told("Catalog"))
    number = int(one.told("Catalog")[0].tag("SN"))
    for code in (CAMERA, OTHER):
        page = f'<SumNum>2</SumNum><DeviceList Num="1">{item(code)}</DeviceList>'
        assert one.notify("Catalog", page, number=number, root="Response") == 200
    assert bridge.below is not None
    known = bridge.below.devices[DOWN]
    wait_for(lambda: len(known.listed) == 2)
    assert [(listed.name, listed.is_on) for listed in known.listed] == [("仓库", True)] * 2
    assert known.missing == (SMOKE,), "what is configured here and the device does not have"


def test_a_wrong_password_opens_nothing_and_after_some_the_right_one_must_wait(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder]
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge, password="guessed")
    assert [one.register() for _ in range(WRONG)] == [403] * WRONG
    assert one.notify("Keepalive") == 403
    one.password = PASSWORD
    assert one.register() == 403, "whoever guesses is not listened to for a while"
    assert bridge.counts["unproven"] == WRONG + 2


def test_a_proof_that_somebody_overheard_is_worth_nothing(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder]
) -> None:
    bridge = bridged(below=below())
    one, thief = recorder(bridge), recorder(bridge)
    assert one.register() == 200
    again = thief.say("REGISTER", to=DOWN, Expires="3600", Authorization=one.proof)
    assert (again.status, "stale=true" in again.headers["www-authenticate"]) == (401, True)


def test_whoever_is_not_configured_gets_no_answer_at_all(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder]
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge, code=STRANGER)
    one.socket.sendall(request("REGISTER", STRANGER, STRANGER, one.port, Expires="60"))
    wait_for(lambda: bridge.counts["stranger"] == 1)
    elsewhere = bridged(below=below(networks=("10.9.0.0/16",)))
    other = recorder(elsewhere)
    other.socket.sendall(request("REGISTER", DOWN, DOWN, other.port, Expires="60"))
    wait_for(lambda: elsewhere.counts["stranger"] == 1)
    assert elsewhere.counts["heard"] == 0
    known = recorder(bridge)
    assert known.register() == 200
    assert (one.answers, other.answers) == ([], [])


def test_a_device_that_falls_silent_is_an_event_of_each_of_its_cameras_until_it_is_back(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder], taken: list[Event]
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge)
    assert one.register() == 200
    later(bridge, 3 * 600.0)
    assert taken == [], "two may be missed"
    later(bridge, 4 * 600.0)
    wait_for(lambda: len(taken) == 2)
    assert {(e.camera, e.kind, e.phase, e.trust) for e in taken} == {
        ("c-9-01", "lost", "new", "low"),
        ("c-9-02", "lost", "new", "low"),
    }
    assert "signs of life" in (taken[0].reason or "")
    assert bridge.below is not None
    assert bridge.below.devices[DOWN].state(time.monotonic()) == "silent"
    assert one.notify("Keepalive", "<Status>OK</Status>") == 200
    assert bridge.below.devices[DOWN].state(time.monotonic()) == "registered"
    assert {(e.event, e.phase) for e in taken[2:]} == {(e.event, "end") for e in taken[:2]}


def test_a_registration_that_ran_out_is_an_event_and_must_be_made_anew(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder], taken: list[Event]
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge)
    assert one.register(expires=60) == 200
    later(bridge, 61.0)
    assert ["ran out" in (event.reason or "") for event in taken] == [True, True]
    assert one.notify("Keepalive") == 403
    assert one.register() == 200
    assert [event.phase for event in taken] == ["new", "new", "end", "end"]


def test_a_device_that_never_came_is_lost_too(bridged: Callable[..., Bridge], taken: list[Event]) -> None:
    later(bridged(below=below()), 4 * 600.0)
    assert [event.kind for event in taken] == ["lost", "lost"]


def test_a_device_that_takes_its_leave_is_told_of_at_once(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder], taken: list[Event]
) -> None:
    one = recorder(bridged(below=below()))
    assert (one.register(), one.register(expires=0)) == (200, 200)
    wait_for(lambda: len(taken) == 2)
    assert "taken its leave" in (taken[0].reason or "")


def test_alarms_become_events_by_the_table_and_are_answered(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder], taken: list[Event]
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge)
    one.register()
    assert one.alarm("5", "6", code=CAMERA, at="2026-11-22T11:59:58", words="东门 越界\u202e") == 200
    assert one.alarm("5", "13", code=OTHER) == 200
    assert one.alarm("2", code=SMOKE) == 200
    assert [(e.camera, e.kind, e.trust, e.phase) for e in taken] == [
        ("c-9-01", "intrusion", "low", "new"),
        ("c-9-02", "covered", "low", "new"),
        ("c-9-01", "smoke", "low", "new"),
    ]
    assert (taken[0].reason, taken[0].at.timestamp()) == ("东门 越界", NOON.timestamp() - 2)
    wait_for(lambda: len(one.told("Alarm")) == 3)
    answer = one.told("Alarm")[0]
    assert ("<Response>" in answer.body, answer.tag("Result"), answer.tag("DeviceID")) == (True, "OK", CAMERA)
    assert bridge.counts["alarm_taken"] == 3


def test_what_one_device_floods_hides_nothing_of_another(
    bridged: Callable[..., Bridge],
    recorder: Callable[..., Recorder],
    taken: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("edge.bridge.gb28181.taken.MOST_OPEN", 1)
    second = BelowConfig(STRANGER, "unread", cameras=(SightedConfig(OTHER, "c-9-03"),))
    bridge = bridged(below=below(devices=(*below().devices, second)))
    loud, quiet = recorder(bridge), recorder(bridge, code=STRANGER)
    assert (loud.register(), quiet.register()) == (200, 200)
    assert [loud.alarm("5", kind, code=CAMERA) for kind in ("6", "5", "8")] == [200] * 3
    assert quiet.alarm("5", "6", code=OTHER) == 200
    assert [(e.camera, e.kind) for e in taken] == [("c-9-01", "intrusion"), ("c-9-03", "intrusion")]
    assert bridge.counts["flooded"] == 2


def test_an_alarm_that_comes_again_and_again_is_one_event(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder], taken: list[Event]
) -> None:
    one = recorder(bridged(below=below()))
    one.register()
    for _ in range(20):
        assert one.alarm("5", "6", code=CAMERA) == 200
    assert [e.phase for e in taken if e.phase != "update"] == ["new"]
    assert len({e.event for e in taken}) == 1


@pytest.mark.parametrize(
    ("method", "kind", "code"),
    [("5", "2", CAMERA), ("2", "4", CAMERA), ("9", "9", CAMERA), ("", "", CAMERA), ("5", "6", STRANGER)],
)
def test_an_alarm_that_no_table_knows_is_counted_and_still_answered(
    bridged: Callable[..., Bridge],
    recorder: Callable[..., Recorder],
    taken: list[Event],
    caplog: pytest.LogCaptureFixture,
    method: str,
    kind: str,
    code: str,
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge)
    one.register()
    assert one.alarm(method, kind, code=code) == 200
    wait_for(lambda: one.told("Alarm"))
    assert (taken, bridge.counts["alarm_unknown"]) == ([], 1)
    assert one.alarm(method, kind, code=code) == 200
    assert [record.levelname for record in caplog.records if "in no table" in record.message] == ["WARNING"]


def test_what_a_device_says_that_cannot_be_read_is_refused_and_it_stays(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder]
) -> None:
    bridge = bridged(below=below())
    one = recorder(bridge)
    one.register()
    assert one.say("MESSAGE", body="<!DOCTYPE a [<!ENTITY b 'c'>]><Notify>&b;</Notify>").status == 400
    assert one.say("INVITE").status == 488
    assert one.say("SUBSCRIBE").status == 405
    assert one.notify("Keepalive") == 200
    assert (bridge.counts["malformed"], bridge.counts["refused"]) == (1, 2)


def test_a_registration_for_a_moment_is_refused_with_the_least_that_is_taken(
    bridged: Callable[..., Bridge], recorder: Callable[..., Recorder]
) -> None:
    one = recorder(bridged(below=below()))
    assert one.register(expires=5) == 423
    assert one.answers[-1].headers["min-expires"] == "30"
