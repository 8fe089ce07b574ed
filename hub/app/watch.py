"""Looks after this process: tells systemd that it lives, one outside that it is well, the log what changes.

Living is asked apart from being well: a hub whose database hangs lives and must not be started again for it.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from hub.core.health import STUCK_SECONDS, troubles
from hub.gear.heartbeat import Heartbeat
from wire.supervisor import ALIVE, READY, STOPPING, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOOK_SECONDS = 5.0
PROMPT_SECONDS = 3.0
HEARTBEAT_SECONDS = 60.0

log = logging.getLogger(__name__)


class Watched(Protocol):
    """A process as it tells of itself."""

    def healthy(self) -> Mapping[str, bool]:
        """Each thing that it leans on and whether that works."""
        ...

    def lives(self) -> Mapping[str, bool]:
        """Each of its doors and whether that goes on by itself."""
        ...


class Prompt:
    """Asks with `ask`, which may hang, and answers within `seconds` all the same: then the database does not.

    However many ask, one thread at most waits.
    """

    def __init__(self, ask: Callable[[], dict[str, bool]], seconds: float = PROMPT_SECONDS) -> None:
        self._ask, self._seconds = ask, seconds
        self._lock = threading.Lock()
        self._answer: Future[dict[str, bool]] | None = None

    def __call__(self) -> dict[str, bool]:
        """What `ask` found just now."""
        with self._lock:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                threading.Thread(target=self._run, args=(self._answer,), name="look", daemon=True).start()
            answer = self._answer
        try:
            return dict(answer.result(self._seconds))
        except TimeoutError:
            return {"database": False}

    def _run(self, answer: Future[dict[str, bool]]) -> None:
        try:
            answer.set_result(self._ask())
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer.set_exception(error)


class Watch:
    """All of it for one process; `tick` is called again and again from the loop that answers requests.

    Args:
        watched: the process.
        heartbeat_url: of somebody outside; empty where there is none.

    Raises:
        ValueError: that address is none.
    """

    def __init__(self, watched: Watched, heartbeat_url: str) -> None:
        self._watched, self._supervisor, self._ticked = watched, Supervisor(), time.monotonic()
        heartbeat = Heartbeat(heartbeat_url) if heartbeat_url else None
        lookout = Lookout(watched.healthy, self._supervisor, heartbeat)
        self._rounds = [Round("lookout", LOOK_SECONDS, lookout.once)]
        if self._supervisor.every:
            dog = Watchdog(self._lives, self._supervisor)
            self._rounds.append(Round("watchdog", self._supervisor.every, dog.once))

    def tick(self) -> None:
        """Requests are answered."""
        self._ticked = time.monotonic()

    def start(self) -> None:
        """Ready: begin to watch."""
        self._supervisor.say(READY)
        for one in self._rounds:
            one.start()

    def stop(self) -> None:
        """It ends, and that is meant."""
        self._supervisor.say(STOPPING)
        for one in self._rounds:
            one.stop()

    def _lives(self) -> dict[str, bool]:
        answers = time.monotonic() - self._ticked < STUCK_SECONDS
        return {**self._watched.lives(), "requests": answers}


class Round:
    """`act` again and again on a thread of its own, which a process that ends does not wait for."""

    def __init__(self, name: str, every: float, act: Callable[[], None]) -> None:
        self._every, self._act = every, act
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """No further round."""
        self._stopping.set()

    def run(self) -> None:
        """Until stopped; a round that fails is logged."""
        while not self._stopping.wait(self._every):
            try:
                self._act()
            except Exception:
                log.exception("%s failed", threading.current_thread().name)


class Watchdog:
    """Says ALIVE as long as every part lives; systemd starts a process again that falls silent."""

    def __init__(self, lives: Callable[[], Mapping[str, bool]], supervisor: Supervisor) -> None:
        self._lives, self._supervisor = lives, supervisor
        self._said = True

    def once(self) -> None:
        """Say it, or log once what is stuck."""
        stuck = sorted(part for part, lives in self._lives().items() if not lives)
        if not stuck:
            self._supervisor.say(ALIVE)
        elif self._said:
            log.error("stuck: %s; whoever watches this process will start it again", ", ".join(stuck))
        self._said = not stuck


class Lookout:
    """Logs what ceases to work and what works again; a heartbeat leaves only while all is well."""

    def __init__(
        self,
        healthy: Callable[[], Mapping[str, bool]],
        supervisor: Supervisor,
        heartbeat: Heartbeat | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._healthy, self._supervisor, self._heartbeat = healthy, supervisor, heartbeat
        self._clock, self._beat_at = clock, clock()
        self._ill: tuple[str, ...] = ()

    def once(self) -> None:
        """One look."""
        found = troubles(self._healthy())
        for trouble in found:
            if trouble.part not in self._ill:
                log.error(trouble.en, extra={"part": trouble.part, "works": False})
        ill = tuple(trouble.part for trouble in found)
        for part in self._ill:
            if part not in ill:
                log.info("it works again", extra={"part": part, "works": True})
        if ill != self._ill:
            self._supervisor.say(f"STATUS={' '.join(trouble.en for trouble in found) or 'all is well'}")
        self._ill = ill
        now = self._clock()
        if self._heartbeat and not ill and now >= self._beat_at:
            self._beat_at = now + HEARTBEAT_SECONDS
            self._heartbeat.beat()
