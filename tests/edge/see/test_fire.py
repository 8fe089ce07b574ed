"""Fire and what only looks like it, in made scenes; real clips are in the table of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from edge.camera.frame import Frame
from edge.see.detect import Detector
from edge.see.fire import Fire
from edge.see.smoke import Smoke
from tests.edge.see import toy
from tests.edge.square import BEGIN, WHOLE, Recorded, look, news, watching
from wire.rule import FireRule, SmokeRule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from edge.rule.change import Change

    Picture = NDArray[np.uint8]
    Put = Callable[[Picture, float], Picture]

HIGH, WIDE = 240, 320
BURNS = [("burning", WHOLE, (FireRule(cooldown=0.0), SmokeRule(cooldown=0.0)))]


def score(put: Put, seconds: float = 8.0) -> float:
    """The surest flame of a made scene once it has had its time."""
    fire, best = Fire(), 0.0
    for at in np.arange(0, seconds, 0.2):
        ground = np.full((HIGH, WIDE, 3), (80, 90, 100), np.uint8)
        flames = fire.flames(put(ground, float(at)), float(at))
        if at > 4:
            best = max([best, *(flame.score for flame in flames)])
    return best


def tongues(picture: Picture, at: float) -> Picture:
    """Tongues of flame over a fire place: each column of its own height, which changes at every look."""
    random = np.random.default_rng(round(at * 10))
    heights = np.convolve(random.uniform(20, 110, 100), np.ones(9) / 9, "same")
    down = np.arange(HIGH)[:, None]
    burning = down > 200 - heights[None, :]
    burning &= down < 200
    body = picture[:, 100:200]
    glow = np.clip(1.2 - (200 - down) / 120, 0.4, 1)[:, :, None]
    body[burning] = np.broadcast_to(glow * np.array([60, 170, 255]), body.shape)[burning].astype(np.uint8)
    return picture


def lamp(picture: Picture, at: float) -> Picture:
    """An orange lamp that blinks twice a second."""
    picture[90:200, 100:200] = (40, 150, 250) if at % 0.5 < 0.25 else (20, 70, 120)
    return picture


def chain(picture: Picture, at: float) -> Picture:
    """Orange lamps in a row, lit in turn."""
    across = (np.arange(100) + round(at * 40)) % 24 < 12
    picture[90:200, 100:200] = np.where(across[None, :, None], (40, 150, 250), (20, 70, 120))
    return picture


def passing(picture: Picture, at: float) -> Picture:
    """Somebody in an orange vest walks through."""
    left = int(10 + 40 * at) % 280
    picture[80:130, left : left + 30] = (30, 130, 245)
    return picture


def test_tongues_of_flame_are_fire() -> None:
    assert score(tongues) > 0.5


@pytest.mark.parametrize("put", [lamp, chain, passing])
def test_lamps_and_vests_are_no_fire(put: Put) -> None:
    assert score(put) < 0.5


def test_where_people_are_nothing_burns() -> None:
    fire = Fire()
    somebody = np.array([[80, 40, 220, 210]], np.float32)
    for at in np.arange(0, 8, 0.2):
        picture = tongues(np.full((HIGH, WIDE, 3), 90, np.uint8), float(at))
        assert fire.flames(picture, float(at), somebody) == ()


def test_another_size_or_a_clock_set_back_begins_anew() -> None:
    for sense in (Fire(), Smoke()):
        picture = np.full((HIGH, WIDE, 3), 90, np.uint8)
        assert sense.flames(picture, 10.0) == ()
        assert sense.flames(picture[:100], 11.0) == ()
        assert sense.flames(picture, 5.0) == ()


def test_an_owners_model_that_knows_fire_tells_it_with_the_trust_of_a_detector(tmp_path: Path) -> None:
    rows = {"rows": toy.yolox_rows(64, 2, {(40, 1): 0.9})}
    path = toy.answering(tmp_path / "own.onnx", rows, (toy.FLOAT, (1, 3, 64, 64)), labels="person,fire")
    own, watch = Detector(path, "yolox"), watching(BURNS)
    picture = np.random.default_rng(1).integers(40, 220, (HIGH, WIDE, 3), np.uint8)
    changes = [
        change
        for number in range(30)
        for change in watch.look(Frame("c-2-01", BEGIN + number / 5, number, picture), own)
    ]
    ((kind, _, at),) = news(changes)
    assert kind == "fire"
    assert at == pytest.approx(3, abs=0.5)
    assert changes[0].facts.trust == "normal"


@pytest.mark.long
@pytest.mark.parametrize("clip", ["rohithas_fire.mp4", "haulth_fire.mp4", "furg_house6_0-449.mp4"])
def test_a_cartoon_a_screen_of_flames_and_a_burning_house_are_never_trusted_by_their_look(
    footage: Path, clip: str
) -> None:
    watch, nobody = watching(BURNS), Recorded()
    changes: list[Change] = []
    with av.open(str(footage / clip)) as file:
        for number, frame in enumerate(file.decode(video=0)):
            if number % 5 == 0:
                picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                changes += look(watch, nobody, float(frame.time or 0), picture)
    assert {change.facts.trust for change in changes} <= {"low"}
