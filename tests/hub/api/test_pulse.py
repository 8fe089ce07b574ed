"""The pulse of an open page: it tells how long ago it was proved that devices are heard."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from hub.api import live, pulse
from hub.api.pulse import Pulse
from tests.conftest import alone
from tests.hub.api.conftest import Health, Someone
from tests.hub.api.test_feed import Screen, ring, screen
from tests.hub.gear.listener import eventually
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.api.parts import Parts

__all__ = ["ring", "screen"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "PULSE_SECONDS", 0.1)
    monkeypatch.setattr(live, "PULSE_SECONDS", 0.1)


def health(parts: Parts) -> Health:
    assert isinstance(parts.healthy, Health)
    return parts.healthy


def test_an_open_page_is_told_again_and_again_that_devices_are_heard(screen: Callable[..., Screen]) -> None:
    lin = screen("lin")
    assert eventually(lambda: len(lin.pulses) > 3)
    assert lin.pulses[-1]["trouble"] == []
    assert lin.pulses[-1]["ingest"] is not None
    assert lin.pulses[-1]["at"].startswith("2026-")


def test_a_broker_that_is_gone_is_told_and_the_proof_grows_old(
    screen: Callable[..., Screen], parts: Parts
) -> None:
    lin = screen("lin")
    assert eventually(lambda: lin.pulses)
    health(parts).found["broker"] = False
    assert eventually(lambda: lin.pulses[-1]["trouble"] == ["broker"])
    assert eventually(lambda: lin.pulses[-1]["ingest"] > 0.5)
    old = lin.pulses[-1]["ingest"]
    health(parts).found["broker"] = True
    assert eventually(lambda: lin.pulses[-1]["trouble"] == [] and lin.pulses[-1]["ingest"] < old)


def test_a_disk_that_fills_is_trouble_and_yet_devices_are_heard(
    screen: Callable[..., Screen], parts: Parts
) -> None:
    health(parts).found["disk"] = False
    lin = screen("lin")
    assert eventually(lambda: lin.pulses and lin.pulses[-1]["trouble"] == ["disk"])
    assert lin.pulses[-1]["ingest"] is not None


def test_a_database_that_hangs_holds_back_no_pulse(
    screen: Callable[..., Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, free = threading.Event(), threading.Event()

    def hangs(*_: Any) -> None:
        hanging.set()
        free.wait(60)

    monkeypatch.setattr(live, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.1)
    monkeypatch.setattr(live, "_who", hangs)
    lin = screen("lin")
    assert hanging.wait(60)
    told = len(lin.pulses)
    assert eventually(lambda: len(lin.pulses) > told + 3)
    free.set()
    assert lin.ended.wait(60)


def test_a_database_that_is_away_for_a_moment_ends_no_page(
    screen: Callable[..., Screen], ring: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers = [], live._who

    def away(*which: Any) -> Any:
        asked.append(1)
        if len(asked) < 3:
            raise OperationalError("SELECT", {}, OSError("server closed the connection"))
        return answers(*which)

    monkeypatch.setattr(live, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.1)
    monkeypatch.setattr(live, "_who", away)
    lin = screen("lin")
    assert eventually(lambda: ("wall", 0) in lin.seen())
    name = ring()
    assert eventually(lambda: name in {data.get("id") for *_, data in lin.events})


def test_who_looks_after_the_hub_hears_its_pulse_and_nothing_of_the_wall(
    screen: Callable[..., Screen], ring: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.1)
    admin, lin = screen("ji"), screen("lin")
    ring()
    assert eventually(lambda: {kind for kind, _ in lin.seen()} == {"alert", "wall"})
    assert eventually(lambda: admin.pulses)
    assert admin.events == []


def test_a_look_that_fails_or_does_not_come_back_proves_nothing() -> None:
    answers: list[Mapping[str, bool] | Exception] = [{"database": True}, OSError("no answer"), {}]

    def healthy() -> Mapping[str, bool]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def said() -> str:
        alone(one.look())
        return one.said(NOON)

    moment = 0.0
    one = Pulse(healthy, lambda: moment)
    assert '"ingest": null' in one.said(NOON)
    assert '"ingest": 0.0, "trouble": []' in said()
    moment = 0.2
    assert '"ingest": 0.2, "trouble": ["hub"]' in said()
    moment = 3600.0
    assert '"ingest": 3600.0' in said()


def test_nobody_else_hears_the_feed(as_: Callable[[str], Someone]) -> None:
    assert as_("li").get("/api/feed").status_code == 403
