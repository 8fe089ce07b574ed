"""The configurations that the demo market runs on, as a fresh clone has them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import av
import numpy as np
import pytest

from edge.agent import load_detector
from edge.camera.frame import Frame
from edge.config import EdgeConfig, load, load_camera
from edge.watch import Watch
from hub.demo.cameras import FILMING
from tests.edge.scene import StillEye
from wire.rule import AnyRule

if TYPE_CHECKING:
    from edge.camera.mask import Picture
    from edge.see.seen import Seen
    from edge.watch import Sees

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "firmware_configs"
EDGES = sorted((CONFIGS / "edges").iterdir())
CAMERAS = sorted((CONFIGS / "cameras").iterdir())
WITHIN = 30.0
"""Seconds from the start in which somebody who tries it must have seen an alert."""
STARTS = (0, *(pytest.param(start, marks=pytest.mark.long) for start in (130, 260)))
"""Pictures of the sample at which a camera may happen to begin; it is looked at five times a second."""


def demo(name: str) -> EdgeConfig:
    return load(CONFIGS / "edges" / f"{name}.yaml", {"LF_CAMERA": "0"})


@pytest.mark.parametrize("file", EDGES, ids=lambda file: file.name)
def test_every_edge_can_be_loaded(file: Path) -> None:
    assert load(file, {"LF_CAMERA": "0"}).market == "yunda"


@pytest.mark.parametrize("file", CAMERAS, ids=lambda file: file.name)
def test_every_camera_can_be_loaded_and_has_the_name_of_its_file(file: Path) -> None:
    assert load_camera(file, {}).id == file.stem


def test_the_example_shows_every_rule_that_can_be_written() -> None:
    written = {
        type(rule) for zone in load_camera(CONFIGS / "cameras" / "example.yaml").zones for rule in zone.rules
    }
    assert written == set(get_args(AnyRule))


def test_cameras_and_edges_are_those_of_the_demo_market() -> None:
    told = {
        camera.id: edge.device for edge in map(demo, ("edge-west", "edge-east")) for camera in edge.cameras
    }
    assert told == {name: film.device for name, film in FILMING.items()}
    own = demo("edge-own")
    assert FILMING[own.cameras[0].id].device == own.device


def test_a_camera_of_ones_own_must_be_named() -> None:
    with pytest.raises(ValueError, match="LF_CAMERA is not set"):
        load(CONFIGS / "edges" / "edge-own.yaml", {})


class Sights:
    """Every other picture of the sample with what the demo's detector sees in it, looked at when asked."""

    def __init__(self, vtest: Path, detector: Sees) -> None:
        with av.open(str(vtest)) as clip:
            every_other = islice(clip.decode(video=0), 0, None, 2)
            self.pictures = [
                np.asarray(picture.to_ndarray(format="bgr24"), np.uint8) for picture in every_other
            ]
        self._detector = detector
        self._seen: dict[int, Seen] = {}

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, number: int) -> tuple[Picture, Seen]:
        picture = self.pictures[number]
        if number not in self._seen:
            self._seen[number] = self._detector.detect(picture)
        return picture, self._seen[number]


@pytest.fixture(scope="module")
def sights(vtest: Path) -> Sights:
    config = demo("edge-west").detector
    if not (ROOT / config.model).exists():
        pytest.skip(f"no {config.model}: run `python3 -m launch setup`")
    return Sights(vtest, load_detector(config))


class Known:
    """A detector that was asked before."""

    def __init__(self) -> None:
        self.seen: Seen | None = None

    def detect(self, _picture: object) -> Seen:
        assert self.seen is not None
        return self.seen


def told(name: str, sights: Sights, start: int, seconds: float) -> list[tuple[float, str]]:
    """When and of which zone each new event of an edge's cameras comes, seconds from the start."""
    edge, detector, news = demo(name), Known(), []
    for camera in edge.cameras:
        watch = Watch(camera, edge, StillEye(camera.id))
        for n in range(int(seconds * 5)):
            picture, detector.seen = sights[(start + n) % len(sights)]
            changes = watch.look(Frame(camera.id, n / 5, n, picture), detector)
            news += [(n / 5, f"{camera.id}/{change.zone}") for change in changes if change.phase == "new"]
    return sorted(news)


@pytest.mark.parametrize("start", STARTS)
def test_wherever_the_sample_begins_somebody_is_seen_within_half_a_minute(sights: Sights, start: int) -> None:
    for edge in ("edge-west", "edge-east"):
        assert told(edge, sights, start, WITHIN), f"{edge} sees nobody"


@pytest.mark.long
def test_the_loop_is_no_flood(sights: Sights) -> None:
    loops = 2 * len(sights) / 5
    news = told("edge-west", sights, 0, loops) + told("edge-east", sights, 0, loops)
    assert len({zone for _, zone in news}) == 5, "every zone has something to tell"
    assert len(news) <= 5 * 2, "and at most once in each loop of the sample"
