"""A camera seen through its own process: pictures, clips, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from edge.camera.clip import NoClip
from edge.camera.frame import WAITING
from edge.camera.keep import Keep
from edge.camera.source import Source
from tests.conftest import comes_back
from tests.edge.camera import film as films
from tests.edge.camera.street import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.camera.frame import Frame


def taken(source: Source, count: int) -> list[Frame]:
    """The next pictures."""
    frames = [source.next(60.0) for _ in range(count)]
    assert all(frames), source.health()
    return [frame for frame in frames if frame]


def goes_on(frames: list[Frame], length: int, unrest: float) -> bool:
    """Whether pictures of a film of such a length follow stream time; who looks late has missed some."""
    for sooner, later in pairwise(frames):
        steps = round((later.at - sooner.at) * films.RATE)
        assert steps >= 1
        assert later.at - sooner.at == pytest.approx(steps / films.RATE, abs=unrest)
        assert (films.number(later.picture) - films.number(sooner.picture) - steps) % length == 0
    return True


@pytest.fixture(scope="module")
def gate(camera: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """The RTSP camera, all its pictures, live."""
    with Source("gate", camera, fps=30, spool=tmp_path_factory.mktemp("spool")) as source:
        taken(source, 15)  # by then the first packets' wait for the log-in is made good in stream time
        yield source


def test_a_real_camera_is_live_and_its_pictures_come_in_stream_time(gate: Source) -> None:
    frames = taken(gate, 12)
    assert goes_on(frames, 120, 0.02)
    assert abs(frames[-1].at - time.time()) < 60
    assert frames[0].picture.shape == (films.HEIGHT, films.WIDTH, 3)
    health = gate.health()
    assert (health.state, health.reason, health.codec) == ("live", None, "h264")
    assert (health.width, health.height) == (films.WIDTH, films.HEIGHT)


def test_a_clip_runs_from_the_keyframe_before_to_the_last_picture_asked_for(gate: Source) -> None:
    frames = taken(gate, 15)
    made = gate.clip(frames[3].at + 0.001, frames[13].at + 0.001, Path("exact.mp4"))
    first, last = films.number(frames[3].picture), films.number(frames[13].picture)
    seen = [films.number(picture) for picture in films.read(made.path)]
    assert seen[0] == first // films.KEY_EVERY * films.KEY_EVERY
    assert seen[-1] == last
    assert all((later - sooner) % 120 == 1 for sooner, later in pairwise(seen))
    assert made.began <= frames[3].at
    assert made.ended == pytest.approx(frames[13].at + 0.1, abs=0.02)


def test_a_clip_waits_for_what_comes_after_the_event(gate: Source) -> None:
    now = taken(gate, 1)[0].at
    made = gate.clip(now - 0.5, now + 1.0, Path("after.mp4"))
    assert made.ended >= now + 0.9
    assert time.time() >= now + 0.9


@pytest.mark.parametrize(
    ("begin", "end", "sentence"),
    [
        (0.0, 0.0, "a clip lasts between 0 and 30 s, not 0 s"),
        (-40.0, 0.0, "a clip lasts between 0 and 30 s, not 40 s"),
        (99.0, 100.0, "cannot end so far ahead"),
        (-1000.0, -990.0, "holds nothing of this time"),
    ],
)
def test_a_clip_that_cannot_be_had_is_refused_with_a_sentence(
    gate: Source, begin: float, end: float, sentence: str
) -> None:
    now = time.time()
    with pytest.raises(NoClip, match=sentence):
        gate.clip(now + begin, now + end, Path("never.mp4"))


def test_a_clip_without_a_folder_to_be_put_in_is_refused_with_a_sentence(gate: Source) -> None:
    now = time.time()
    with pytest.raises(NoClip, match="cannot be written: No such file"):
        gate.clip(now - 0.5, now, Path("missing/never.mp4"))


def test_the_cameras_process_stays_small(gate: Source) -> None:
    home = Path(f"/proc/{gate.pid()}")
    resident = next(line for line in (home / "status").read_text().splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) <= 100 * 1024, resident
    loaded = (home / "maps").read_text()
    assert "/av/" in loaded
    assert "/cv2/" not in loaded
    assert "/onnxruntime/" not in loaded


def test_the_password_is_not_on_the_command_line(gate: Source) -> None:
    assert b"p%40ss" not in Path(f"/proc/{gate.pid()}/cmdline").read_bytes()


def test_a_file_plays_at_its_own_speed_and_starts_again_without_a_jump(tmp_path: Path) -> None:
    film = films.write(tmp_path / "short.mp4", 6)
    with Source("file", str(film), fps=30, spool=tmp_path) as source:
        frames = taken(source, 14)
    assert goes_on(frames, 6, 0.049)


def test_a_camera_of_another_codec_is_seen_and_its_clips_play_everywhere(tmp_path: Path) -> None:
    film = films.write(tmp_path / "old.avi", 60, "mpeg4")
    with Source("old", str(film), fps=30, spool=tmp_path) as source:
        frames = taken(source, 15)
        made = source.clip(frames[2].at, frames[12].at, Path("new.mp4"))
        assert source.health().codec == "mpeg4"
    seen = [films.number(picture) for picture in films.read(made.path)]
    assert seen[-1] == films.number(frames[12].picture)
    assert b"avc1" in made.path.read_bytes()


def test_pictures_are_thinned_and_scaled_as_asked(film: Path, tmp_path: Path) -> None:
    with Source("file", str(film), fps=5, width=160, spool=tmp_path) as source:
        frames = taken(source, 5)
    assert {frame.picture.shape for frame in frames} == {(120, 160, 3)}
    assert all(later.at - sooner.at > 0.15 for sooner, later in pairwise(frames))


def test_who_takes_no_pictures_gets_the_newest_not_the_oldest(gate: Source) -> None:
    last = gate._shown
    assert until(lambda: gate._shown >= last + 5)
    taken(gate, 1)
    assert gate._taken >= last + 5


def test_a_picture_that_had_to_wait_is_taken_in_its_turn_and_of_too_many_the_newest(tmp_path: Path) -> None:
    source = Source("gate", "unused", spool=tmp_path)

    def shows(*numbers: int) -> None:
        for number in numbers:
            source._memory.write(number, float(number), np.zeros((8, 8, 3), np.uint8))
            source._shown = number

    shows(1, 2)
    assert [frame.seq for _ in range(2) if (frame := source.next(0.0))] == [1, 2]
    shows(*range(3, 3 + WAITING + 1))
    assert (frame := source.next(0.0)) is not None
    assert frame.seq == 3 + WAITING
    source.stop()


def test_waiting_for_a_picture_ends_when_it_should(tmp_path: Path) -> None:
    with Source("none", str(tmp_path / "missing.mp4"), spool=tmp_path) as source:
        assert comes_back(lambda: source.next(0.2))
        assert source.next(0.0) is None


def test_a_stopped_camera_leaves_no_process(film: Path, tmp_path: Path) -> None:
    source = Source("file", str(film), spool=tmp_path)
    source.start()
    taken(source, 1)
    pid = source.pid()
    assert comes_back(source.stop)
    assert not Path(f"/proc/{pid}").exists()
    assert source.next(1.0) is None


def test_the_cameras_process_ends_with_an_agent_that_is_killed(film: Path, tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from edge.camera.keep import Keep; from edge.camera.source import Source\n"
        f"source = Source('file', {str(film)!r}, spool=Path({str(tmp_path)!r})); source.start()\n"
        "assert source.next(60); print(source.pid(), flush=True); time.sleep(3600)"
    )
    agent = subprocess.Popen((sys.executable, "-c", script), stdout=subprocess.PIPE)
    assert agent.stdout is not None
    pid = int(agent.stdout.readline())
    os.kill(agent.pid, signal.SIGKILL)
    agent.communicate()
    assert until(lambda: not running(pid))


def running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"fps": 0}, "fps is between 0.01 and 120, not 0"),
        ({"width": 10}, "width is between 64 and 8192, not 10"),
        ({"keep": Keep(seconds=10_000)}, "keep is between 1 and 600, not 10000"),
        ({"masks": [[(0.0, 0.0)]]}, "needs 3 to 256 corners"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_sentence(
    tmp_path: Path, numbers: dict[str, float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Source("gate", "film.mp4", spool=tmp_path, **numbers)  # type: ignore[arg-type]
