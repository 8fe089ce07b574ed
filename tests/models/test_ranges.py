"""Where ranges.json comes from: made again here from the clip, number by number."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from edge.see.letterbox import Letterbox
from models.nanodet_g import passes, tfjs
from models.nanodet_g.build import CARD, HERE, RANGES, events
from models.nanodet_g.write import as_float

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 416, 320
EVERY = 10
ZOOMS = (1, 1, 1.6, 2.5, 4)
"""Plain pictures of a far view teach nothing of people near by, whose scores then fall by a tenth."""


def varied(clip: Path) -> Iterator[Picture]:
    """Every tenth picture: cut out and enlarged, darker or brighter, half of them mirrored."""
    random, box = np.random.default_rng(2), Letterbox(WIDTH, HEIGHT, 0, stretch=False)
    with av.open(str(clip)) as frames:
        for number, frame in enumerate(frames.decode(video=0)):
            if number % EVERY == 0:
                box.put(_varied(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8), random))
                yield box.buffer


def _varied(picture: Picture, random: np.random.Generator) -> Picture:
    zoom = random.choice(ZOOMS)
    height, width = picture.shape[:2]
    high, wide = int(height / zoom), int(width / zoom)
    top, left = random.integers(0, height - high + 1), random.integers(0, width - wide + 1)
    near = cv2.resize(picture[top : top + high, left : left + wide], (width, height))
    lit = cv2.convertScaleAbs(near, alpha=random.uniform(0.4, 1.4), beta=random.uniform(-10, 30))
    return np.asarray(lit[:, ::-1] if random.random() < 0.5 else lit, np.uint8)


def extremes(source: tfjs.Source, pictures: Iterator[Picture]) -> dict[str, tuple[float, float]]:
    """Least and greatest value of every tensor that INT8 stores."""
    net = passes.average_as_convolution(passes.pool_first(events(source)))
    model = as_float(net, WIDTH, HEIGHT, {})
    names = [layer.name for layer in net.layers if layer.op != "MaxPool"]
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: dict[str, list[Any]] = {name: [] for name in names}
    for picture in pictures:
        for name, array in zip(names, session.run(names, {"image": picture[None]}), strict=True):
            found[name] += [array.min(), array.max()]
    return {name: (float(min(values)), float(max(values))) for name, values in found.items()}


@pytest.mark.long
def test_ranges_are_the_extremes_over_zoomed_and_varied_pictures(vtest: Path) -> None:
    if not (HERE / "source" / tfjs.WEIGHTS).is_file():
        pytest.skip("the detector's source files are not here: `make run` fetches them once")
    source = tfjs.load(HERE / "source", CARD["source"]["sha256"])
    made = extremes(source, varied(vtest))
    assert made.keys() == RANGES.keys()
    for name, (low, high) in made.items():
        assert RANGES[name] == pytest.approx([low, high], abs=2e-3), name
