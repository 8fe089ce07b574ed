from __future__ import annotations

import logging
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

import pytest

from hub.app.watch import HEARTBEAT_SECONDS, Lookout, Prompt, Round, Watchdog
from tests.hub.gear.listener import eventually
from wire.supervisor import ALIVE, Supervisor

if TYPE_CHECKING:
    from hub.gear.heartbeat import Heartbeat


class Systemd(Supervisor):
    """Remembers what it is told."""

    def __init__(self) -> None:
        super().__init__({})
        self.told: list[str] = []

    def say(self, *words: str) -> None:
        self.told += words


@dataclass
class Outside:
    """Counts the heartbeats."""

    beats: int = 0

    def beat(self) -> bool:
        self.beats += 1
        return True


@dataclass
class Night:
    """A hub that is watched, and the hand of a clock."""

    found: dict[str, bool] = field(default_factory=lambda: {"database": True, "broker": True})
    at: float = 0.0
    systemd: Systemd = field(default_factory=Systemd)
    outside: Outside = field(default_factory=Outside)

    def lookout(self) -> Lookout:
        heartbeat: Heartbeat = self.outside  # type: ignore[assignment]
        return Lookout(lambda: self.found, self.systemd, heartbeat, lambda: self.at)


def test_systemd_hears_that_it_lives_until_a_part_is_stuck(caplog: pytest.LogCaptureFixture) -> None:
    night = Night()
    dog = Watchdog(lambda: night.found, night.systemd)
    dog.once()
    assert night.systemd.told == [ALIVE]
    night.found["broker"] = False
    dog.once()
    dog.once()
    assert night.systemd.told == [ALIVE]
    assert [line.message for line in caplog.records] == [
        "stuck: broker; whoever watches this process will start it again"
    ]
    night.found["broker"] = True
    dog.once()
    assert night.systemd.told == [ALIVE, ALIVE]


def test_what_ceases_to_work_is_said_once_in_words_and_so_is_that_it_works_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    night = Night()
    lookout = night.lookout()
    with caplog.at_level(logging.INFO):
        lookout.once()
        night.found["database"] = False
        lookout.once()
        lookout.once()
        night.found["database"] = True
        lookout.once()
    assert [(line.levelname, line.message) for line in caplog.records] == [
        ("ERROR", "The database does not answer, so nothing can be kept."),
        ("INFO", "it works again"),
    ]
    assert night.systemd.told == [
        "STATUS=The database does not answer, so nothing can be kept.",
        "STATUS=all is well",
    ]


def test_somebody_outside_hears_nothing_while_the_hub_is_not_well() -> None:
    night = Night()
    lookout = night.lookout()
    for _ in range(3):
        lookout.once()
    assert night.outside.beats == 1
    night.found["broker"], night.at = False, 2 * HEARTBEAT_SECONDS
    lookout.once()
    assert night.outside.beats == 1
    night.found["broker"] = True
    lookout.once()
    assert night.outside.beats == 2


def test_a_round_that_fails_is_followed_by_the_next(caplog: pytest.LogCaptureFixture) -> None:
    rounds: list[int] = []
    enough = Event()

    def act() -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise ZeroDivisionError
        enough.set()

    one = Round("look", 0.01, act)
    one.start()
    assert enough.wait(60)
    one.stop()
    assert "look failed" in caplog.text


def test_a_look_that_hangs_is_answered_all_the_same_and_waits_once() -> None:
    free, looks = Event(), []

    def hangs() -> dict[str, bool]:
        looks.append(1)
        free.wait(60)
        return {"database": True, "broker": True}

    ask = Prompt(hangs, 0.05)
    assert [ask() for _ in range(3)] == [{"database": False}] * 3
    assert looks == [1]
    free.set()
    assert eventually(lambda: ask() == {"database": True, "broker": True})


def test_a_look_that_fails_tells_whoever_asked() -> None:
    def fails() -> dict[str, bool]:
        raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        Prompt(fails)()
