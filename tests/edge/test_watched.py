from __future__ import annotations

import time
from typing import TYPE_CHECKING

from edge.watched import STUCK, Watched
from tests.edge.market import wait_for
from wire.supervisor import ALIVE, READY, STOPPING, Supervisor

if TYPE_CHECKING:
    import pytest


class Systemd(Supervisor):
    """Remembers what it is told."""

    def __init__(self) -> None:
        super().__init__({"WATCHDOG_USEC": "60000"})
        self.told: list[str] = []

    def say(self, *words: str) -> None:
        self.told += words


def test_systemd_hears_that_the_edge_is_ready_lives_and_ends() -> None:
    systemd = Systemd()
    with Watched(time.monotonic, systemd):
        wait_for(lambda: ALIVE in systemd.told)
    assert systemd.told[0] == READY
    assert systemd.told[-1] == STOPPING


def test_a_loop_that_is_stuck_is_said_once_and_no_more_life_is(caplog: pytest.LogCaptureFixture) -> None:
    systemd = Systemd()
    watched = Watched(lambda: 100.0, systemd)
    watched.once(100.0 + STUCK - 1)
    watched.once(100.0 + STUCK)
    watched.once(100.0 + STUCK + 1)
    assert systemd.told == [ALIVE]
    assert len(caplog.records) == 1
