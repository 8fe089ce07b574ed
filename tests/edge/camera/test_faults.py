"""One bad night: cameras fail in every way at once; each says why and comes back, and the others go on."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from edge.camera.source import Source
from tests.edge.camera import film as films
from tests.edge.camera.street import until

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.health import Health

LOST_WITHIN = 10.0
BLOWS = {"killed": signal.SIGKILL, "aborted": signal.SIGABRT, "hung": signal.SIGSTOP}
COME_BACK = ("stalls", "drops", "garbles", *BLOWS)
FAILS_AFTER = 2.5
PATIENCE = 40.0
"""Seconds; only a machine that is very busy needs more than twelve."""


@dataclass
class Night:
    """What was seen of all cameras."""

    story: dict[str, list[Health]] = field(default_factory=lambda: defaultdict(list))
    """Each state that a camera entered."""
    struck: dict[str, float] = field(default_factory=dict)
    """Wall time at which a camera was hurt by hand."""
    lasted: float = 0.0
    """Seconds from then on."""
    steady: list[tuple[float, int]] = field(default_factory=list)
    """Arrival and number of the good camera's pictures."""

    def has_begun(self, sources: dict[str, Source]) -> bool:
        """Whether all that are live at first are."""
        self.watch(sources)
        return all(self.states(name)[-1] == "live" for name in ("steady", *BLOWS))

    def is_over(self, sources: dict[str, Source]) -> bool:
        """Whether all that can come back are back."""
        self.watch(sources)
        return all(self.came_back(name) for name in COME_BACK)

    def states(self, name: str) -> list[str]:
        return [health.state for health in self.story[name]]

    def watch(self, sources: dict[str, Source]) -> None:
        for name, source in sources.items():
            health = source.health()
            told = self.story[name]
            if not told or (told[-1].state, told[-1].reason) != (health.state, health.reason):
                told.append(health)

    def lost(self, name: str) -> Health:
        return next(health for health in self.story[name] if health.state == "lost")

    def came_back(self, name: str) -> bool:
        states = self.states(name)
        return "lost" in states and "live" in states[states.index("lost") :]

    def strike(self, sources: dict[str, Source]) -> None:
        """Kill one process, abort one as a broken decoder does, and freeze one."""
        for name, blow in BLOWS.items():
            pid = sources[name].pid()
            assert pid is not None
            os.kill(pid, blow)
            self.struck[name] = time.time()


@pytest.fixture(scope="module")
def night(camera: str, film: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """All faults at once, until all that can come back are back."""
    spool = tmp_path_factory.mktemp("spool")
    night, over = Night(), threading.Event()
    with ExitStack() as street:
        door = street.enter_context(socket.create_server(("127.0.0.1", 0)))
        sources = {
            name: street.enter_context(Source(name, url, fps=30, spool=spool))
            for name, url in urls(camera, film, door.getsockname()[1]).items()
        }
        taker = threading.Thread(target=take, args=(sources["steady"], night, over))
        street.callback(taker.join)
        street.callback(over.set)
        taker.start()
        assert until(lambda: night.has_begun(sources), PATIENCE)
        night.strike(sources)
        until(lambda: night.is_over(sources), PATIENCE)
        night.lasted = time.time() - night.struck["hung"]
    return night


def urls(camera: str, film: Path, door: int) -> dict[str, str]:
    """Cameras by what happens to them; behind `door` somebody listens and never speaks."""
    return {
        "steady": camera,
        "stalls": f"{camera}?stall_after={FAILS_AFTER}",
        "drops": f"{camera}?drop_after={FAILS_AFTER}",
        "garbles": f"{camera}?garbage_after={FAILS_AFTER}",
        "stranger": f"rtsp://guard:guess@{camera.rpartition('@')[2]}",
        "mute": f"rtsp://127.0.0.1:{door}/gate",
        **dict.fromkeys(BLOWS, str(film)),
    }


def take(source: Source, night: Night, over: threading.Event) -> None:
    while not over.is_set():
        if frame := source.latest(0.2):
            night.steady.append((time.time(), films.number(frame.picture)))


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("stalls", "silent", "nothing came for 4 s"),
        ("drops", "ended", "closed the connection"),
        ("garbles", "not-video", "cannot be decoded"),
        ("stranger", "refused-login", "401"),
        ("mute", "silent", "no answer within 5 s"),
        ("killed", "decoder-crashed", "SIGKILL"),
        ("aborted", "decoder-crashed", "SIGABRT"),
        ("hung", "silent", "said nothing"),
    ],
)
def test_a_guard_reads_why_a_camera_is_lost(night: Night, name: str, reason: str, detail: str) -> None:
    lost = night.lost(name)
    assert lost.reason == reason
    assert detail in lost.detail
    assert "p%40ss" not in lost.detail


@pytest.mark.parametrize("name", ["stalls", "garbles"])
def test_a_camera_that_fails_in_silence_is_lost_within_ten_seconds(night: Night, name: str) -> None:
    live = next(health for health in night.story[name] if health.state == "live")
    assert night.lost(name).since - (live.since + FAILS_AFTER) <= LOST_WITHIN


def test_a_process_that_hangs_is_lost_within_ten_seconds(night: Night) -> None:
    assert night.lost("hung").since - night.struck["hung"] <= LOST_WITHIN


@pytest.mark.parametrize("name", COME_BACK)
def test_a_camera_that_was_lost_comes_back_by_itself(night: Night, name: str) -> None:
    assert night.came_back(name), [(health.state, health.reason) for health in night.story[name]]


@pytest.mark.parametrize("name", ["stranger", "mute"])
def test_a_camera_that_stays_away_stays_lost_and_does_not_flicker(night: Night, name: str) -> None:
    assert night.states(name) == ["opening", "lost"]


def test_the_good_camera_is_live_all_night_and_loses_hardly_a_picture(night: Night) -> None:
    states = night.states("steady")
    assert "lost" not in states[states.index("live") :]
    began = night.struck["hung"]
    numbers = [number for at, number in night.steady if at > began]
    came = len(numbers)
    sent = sum((later - sooner) % 120 for sooner, later in itertools.pairwise(numbers)) + 1
    assert came >= 0.95 * sent
    assert sent >= 0.95 * night.lasted * films.RATE - 2


def test_footage_that_aborts_other_decoders_blinds_one_camera_only(
    footage: Path, film: Path, tmp_path: Path
) -> None:
    """A real file of 48x48 pixels; OpenCV's decoder dies of it."""
    with (
        Source("bad", str(footage / "bgs_demo.avi"), spool=tmp_path) as bad,
        Source("good", str(film), spool=tmp_path) as good,
    ):
        assert until(lambda: bad.health().state == "lost", 10.0)
        assert good.latest(10.0) is not None
        assert good.health().state == "live"
        assert bad.latest(0.1) is None
        assert bad.health().reason in {"not-video", "decoder-crashed"}
