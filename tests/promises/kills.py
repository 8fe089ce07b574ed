"""kill -9 at random: who is killed, how often, and what a person does meanwhile."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from tests.promises.market import START_SECONDS, Market, wait_for
from tests.promises.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from tests.promises.postgres import Postgres
    from tests.promises.verdict import Verdict

PAUSE = (0.5, 2.5)
"""Seconds between two kills, at random."""
PATIENCE = 2.0
EACH_SECOND = 60.0
MUCH = 100
DRAIN_SECONDS = 120.0


@dataclass(slots=True)
class Outcome:
    """Of one stretch of kills."""

    kills: dict[str, int] = field(default_factory=dict)
    confirmed: int = 0
    drain_s: float = 0.0
    verdict: Verdict | None = None


class Guard:
    """Somebody at the wall who makes a case of every alert that she gets to, whatever falls."""

    def __init__(self, url: str) -> None:
        self.confirmed = 0
        self._url = url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Sit down."""
        self._thread.start()

    def leave(self) -> None:
        """Finish the act at hand."""
        self._over.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._over.wait(0.2):
            try:
                with httpx2.Client(base_url=self._url, timeout=5) as client:
                    self._work(client)
            except (httpx2.HTTPError, AssertionError):
                continue

    def _work(self, client: httpx2.Client) -> None:
        answer = client.post("/api/session", json={"user": "monitor", "password": "monitor-demo"})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF"] = answer.json()["csrf"]
        while not self._over.wait(0.2):
            alerts = client.get("/api/wall").raise_for_status().json()["alerts"]
            for alert in alerts[:3]:
                if client.post(f"/api/alerts/{alert['id']}/confirm", json={}).status_code == 200:
                    self.confirmed += 1


def run(
    folder: Path, seconds: float, chance: Random, postgres: Postgres | None = None, *, least: int = 0
) -> Outcome:
    """Kill for so many seconds and so often at least while two devices promise; then drain and judge."""
    outcome = Outcome()
    with ExitStack() as stack:
        market = stack.enter_context(Market(folder, postgres))
        market.start()
        for name in ("edge-west", "edge-east"):
            market.device(name, each_second=EACH_SECOND).process.start()
        guard = Guard(market.url)
        guard.start()
        wait_for("a case was made", lambda: guard.confirmed and _promised(market), START_SECONDS)
        _kill(market, seconds, least, chance, outcome)
        wait_for("much was promised", lambda: sum(len(d.promised()) for d in market.devices) > MUCH, 60)
        market.quiet()
        outcome.drain_s = market.drained(DRAIN_SECONDS)
        guard.leave()
        outcome.confirmed = guard.confirmed
        outcome.verdict = judge(market.database, market.devices)
    return outcome


def _promised(market: Market) -> bool:
    return all(device.promised() for device in market.devices)


def _kill(market: Market, seconds: float, least: int, chance: Random, outcome: Outcome) -> None:
    victims = _victims(market)
    names = list(victims)
    until = time.monotonic() + seconds
    turn = 0
    # A slow machine gets the time that it needs until everybody was killed, and often enough.
    while (
        time.monotonic() < until
        or sum(outcome.kills.values()) < least
        or not all(outcome.kills.get(name) for name in names)
    ):
        # In turn and not by lot: none is spared in a short run.
        name = names[turn % len(names)]
        turn += 1
        time.sleep(chance.uniform(*PAUSE))
        # Who was killed before may not be back: the broker comes with the hub.
        patience = time.monotonic() + PATIENCE
        while not (killed := victims[name]()) and time.monotonic() < patience:
            time.sleep(0.05)
        outcome.kills[name] = outcome.kills.get(name, 0) + killed


def _victims(market: Market) -> dict[str, Callable[[], bool]]:
    west, east = (device.process.kill for device in market.devices)
    victims = {"edge-west": west, "broker": market.kill_broker, "edge-east": east, "hub": market.hub.kill}
    if market.postgres is not None:
        victims["database"] = market.postgres.process.kill
    return victims
