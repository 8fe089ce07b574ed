"""One bad night: cameras fail in every way at once; each says why and comes back, and the others go on."""

from __future__ import annotations

import itertools
import os
import re
import signal
import socket
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from edge.camera.feed import BLIND_AFTER, WITHIN
from edge.camera.keep import Keep
from edge.camera.source import HUNG_AFTER, Source
from tests.edge.camera import film as films
from tests.edge.camera.street import until

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.health import Health

LOST_WITHIN = 10.0
BLOWS = {"killed": signal.SIGKILL, "aborted": signal.SIGABRT, "hung": signal.SIGSTOP}
COME_BACK = ("stalls", "drops", "garbles", *BLOWS)
FAILS_AFTER = 2.5
PATIENCE = 55.0
"""Seconds; only a machine that is very busy needs more than twelve."""
MOST = 60.0
"""Seconds of the good camera that are looked at picture by picture, at most."""
FAILING = ("stalls", "drops", "garbles")


@dataclass
class Night:
    """What was seen of all cameras."""

    story: dict[str, list[Health]] = field(default_factory=lambda: defaultdict(list))
    """Each state that a camera entered."""

    steady: list[int] = field(default_factory=list)
    """Numbers of the good camera's pictures from the first fault to the last recovery."""
    lasted: float = 0.0
    """Seconds of that."""

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


@pytest.fixture(scope="module")
def night(camera: str, film: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """All faults at once, until all that can come back are back."""
    spool = tmp_path_factory.mktemp("spool")
    night = Night()
    with ExitStack() as street:
        door = street.enter_context(socket.create_server(("127.0.0.1", 0)))
        sources = {
            name: street.enter_context(Source(name, url, fps=30, spool=spool, keep=Keep(MOST + 5)))
            for name, url in urls(camera, film, door.getsockname()[1]).items()
        }
        assert until(lambda: night.has_begun(sources), PATIENCE)
        struck = time.time()
        night.strike(sources)
        until(lambda: night.is_over(sources), PATIENCE)
        now = time.time()
        night.lasted = min(now - struck, MOST)
        clip = sources["steady"].clip(now - night.lasted, now, spool / "steady.mp4")
        night.steady = [films.number(picture) for picture in films.read(clip.path)]
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


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("stalls", "silent", r"nothing came for \d+ s"),
        ("drops", "ended", "closed the connection"),
        ("garbles", "not-video", "cannot be decoded"),
        ("stranger", "refused-login", "401"),
        ("mute", "silent", r"no answer within \d+ s"),
        ("killed", "decoder-crashed", "SIGKILL"),
        ("aborted", "decoder-crashed", "SIGABRT"),
        ("hung", "silent", "said nothing"),
    ],
)
def test_a_guard_reads_why_a_camera_is_lost(night: Night, name: str, reason: str, detail: str) -> None:
    lost = night.lost(name)
    assert lost.reason == reason
    assert re.search(detail, lost.detail)
    assert "p%40ss" not in lost.detail


def test_nobody_waits_longer_than_ten_seconds_for_a_camera_that_fails_in_silence(night: Night) -> None:
    assert max(sum(WITHIN), BLIND_AFTER, HUNG_AFTER) <= LOST_WITHIN
    assert f"{HUNG_AFTER:g} s" in night.lost("hung").detail


@pytest.mark.long
@pytest.mark.parametrize("name", FAILING)
def test_a_camera_that_fails_while_it_is_watched_is_lost_within_ten_seconds(night: Night, name: str) -> None:
    live = next(health for health in night.story[name] if health.state == "live")
    assert night.lost(name).since - (live.since + FAILS_AFTER) <= LOST_WITHIN


@pytest.mark.long
def test_the_good_camera_loses_fewer_than_one_picture_in_twenty(night: Night) -> None:
    assert len(night.steady) > 0.95 * films.RATE * night.lasted


@pytest.mark.parametrize("name", COME_BACK)
def test_a_camera_that_was_lost_comes_back_by_itself(night: Night, name: str) -> None:
    assert night.came_back(name), [(health.state, health.reason) for health in night.story[name]]


@pytest.mark.parametrize("name", ["stranger", "mute"])
def test_a_camera_that_stays_away_stays_lost_and_does_not_flicker(night: Night, name: str) -> None:
    assert night.states(name) == ["opening", "lost"]


def test_the_good_camera_is_live_all_night_and_loses_not_a_picture(night: Night) -> None:
    states = night.states("steady")
    assert "lost" not in states[states.index("live") :]
    assert len(night.steady) > night.lasted * films.RATE / 2
    assert all((later - sooner) % 120 == 1 for sooner, later in itertools.pairwise(night.steady))


def test_footage_that_aborts_other_decoders_blinds_one_camera_only(
    footage: Path, film: Path, tmp_path: Path
) -> None:
    """A real file of 48x48 pixels; OpenCV's decoder dies of it."""
    with (
        Source("bad", str(footage / "bgs_demo.avi"), spool=tmp_path) as bad,
        Source("good", str(film), spool=tmp_path) as good,
    ):
        assert until(lambda: bad.health().state == "lost")
        assert good.next(60.0) is not None
        assert good.health().state == "live"
        assert bad.next(0.1) is None
        assert bad.health().reason in {"not-video", "decoder-crashed"}
