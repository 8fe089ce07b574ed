from __future__ import annotations

from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from onnx import helper

from edge.see import drawing
from edge.see.detect import Detector
from edge.see.network import UnfitModelError
from edge.see.seen import overlap
from tests.edge.see import toy

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

BLACK = np.zeros((64, 64, 3), np.uint8)


def test_people_in_a_drawn_scene_are_seen_as_people(int8: Path) -> None:
    detector = Detector(int8)
    for seed in range(1, 4):
        seen = detector.detect(drawing.scene(seed))
        assert seen.labels.count("person") >= 3
        assert set(seen.labels) <= set(detector.labels)


def test_an_empty_hall_has_nothing_in_it(int8: Path) -> None:
    seen = Detector(int8).detect(np.full((576, 768, 3), 120, np.uint8))
    assert len(seen) == 0
    assert seen.boxes.shape == (0, 4)


def test_boxes_lie_within_the_picture_and_the_surest_comes_first(int8: Path) -> None:
    seen = Detector(int8, threshold=0.2).detect(drawing.scene(5)[:, 100:600])
    assert len(seen) > 2
    assert seen.boxes.dtype == seen.scores.dtype == np.float32
    assert (np.diff(seen.scores) <= 0).all()
    assert (seen.boxes >= 0).all()
    assert (seen.boxes <= [500, 576, 500, 576]).all()
    assert (seen.boxes[:, 2:] - seen.boxes[:, :2] > 1).all()


def test_a_higher_threshold_sees_fewer_of_the_same(int8: Path) -> None:
    scene = drawing.scene(2)
    many, few = (Detector(int8, threshold=level).detect(scene) for level in (0.2, 0.6))
    assert 0 < len(few) < len(many)
    assert few.scores.min() > 0.6
    assert overlap(few.boxes, many.boxes).max(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("size", [(1536, 1152), (1024, 768), (640, 480)])
def test_a_picture_of_another_size_gives_boxes_in_its_own_pixels(int8: Path, size: tuple[int, int]) -> None:
    detector, scene = Detector(int8), drawing.scene(3)
    seen = detector.detect(scene)
    scaled = detector.detect(np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8))
    shares = overlap(seen.boxes[:3] * (size[0] / 768), scaled.boxes)
    assert shares.max(axis=1).min() > 0.8


def test_looking_twice_says_the_same(int8: Path) -> None:
    detector, scene = Detector(int8), drawing.scene(4)
    first = detector.detect(scene)
    detector.detect(np.full((1080, 1920, 3), 255, np.uint8))
    again = detector.detect(scene)
    assert np.array_equal(first.boxes, again.boxes)
    assert first.labels == again.labels


def test_real_walkers_are_seen(int8: Path, vtest: Path, footage: Path) -> None:
    rows = np.loadtxt(footage / "opencv_vtest.gt.txt", delimiter=",")
    detector = Detector(int8)
    found = there = right = 0
    with av.open(str(vtest)) as clip:
        for number, frame in enumerate(clip.decode(video=0)):
            if number % 20:
                continue
            seen = detector.detect(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))
            corners = rows[rows[:, 0] == number + 1][:, 2:6]
            corners = np.concatenate([corners[:, :2], corners[:, :2] + corners[:, 2:]], axis=1)
            shared = overlap(corners, seen.boxes[[label == "person" for label in seen.labels]]) >= 0.5
            there += len(corners)
            found += int(shared.any(axis=1).sum())
            right += int(shared.any(axis=0).mean() > 0.7)
    assert found / there > 0.8
    assert right > 32


def test_a_missing_file_is_refused_with_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(UnfitModelError, match=r"absent.onnx is not there: build it with"):
        Detector(tmp_path / "absent.onnx")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.onnx"
    path.write_text("not a network")
    with pytest.raises(UnfitModelError, match="no ONNX network that can be run"):
        Detector(path)


def test_an_unknown_family_is_refused_with_the_known_ones(int8: Path) -> None:
    with pytest.raises(UnfitModelError, match="choose one of nanodet, yolox, ssd"):
        Detector(int8, decoder="detr")


@pytest.mark.parametrize("decoder", ["yolox", "ssd"])
def test_a_file_of_another_family_is_refused_with_what_it_gives(int8: Path, decoder: str) -> None:
    with pytest.raises(UnfitModelError, match=rf"gives logits \[1, 55, 2079\]; decoder '{decoder}' reads"):
        Detector(int8, decoder=decoder)


def test_a_network_that_takes_no_picture_is_refused(tmp_path: Path) -> None:
    outputs = {"rows": toy.yolox_rows(64, 80, {})}
    path = toy.answering(tmp_path / "sound.onnx", outputs, (toy.FLOAT, (1, 16000)))
    with pytest.raises(UnfitModelError, match=r"takes tensor\(float\) \[1, 16000\]"):
        Detector(path, decoder="yolox")


def test_classes_without_words_are_refused(tmp_path: Path) -> None:
    outputs = {"rows": toy.yolox_rows(64, 3, {})}
    path = toy.answering(tmp_path / "own.onnx", outputs, (toy.FLOAT, (1, 3, 64, 64)))
    with pytest.raises(UnfitModelError, match="3 classes apart and names 0: write their words"):
        Detector(path, decoder="yolox")


def test_an_owner_may_bring_a_yolox_with_words_of_his_own(tmp_path: Path) -> None:
    outputs = {"rows": toy.yolox_rows(64, 2, {(9, 1): 0.8, (20, 0): 0.3})}
    path = toy.answering(tmp_path / "own.onnx", outputs, (toy.FLOAT, (1, 3, 64, 64)), labels="cart,tricycle")
    seen = Detector(path, decoder="yolox").detect(BLACK)
    assert seen.labels == ("tricycle",)
    assert seen.boxes[0] == pytest.approx([12 - 8, 0, 12 + 8, 12 + 16])


def test_a_van_taken_for_car_and_truck_is_one_thing(tmp_path: Path) -> None:
    outputs = {"rows": toy.yolox_rows(64, 80, {(20, 2): 0.7, (21, 0): 0.9})}
    outputs["rows"][0, 12] = outputs["rows"][0, 20]
    outputs["rows"][0, 12, :2] += (0, 1)
    outputs["rows"][0, 12, 5:] = np.eye(80)[7] * 0.6
    path = toy.answering(tmp_path / "van.onnx", outputs, (toy.FLOAT, (1, 3, 64, 64)))
    assert Detector(path, decoder="yolox").detect(BLACK).labels == ("person", "car")


def red_ssd(path: Path, image: tuple[int, tuple[int | str, ...]]) -> Path:
    """An SSD whose only score is the mean of the first channel that it is fed."""
    outputs = {
        "detection_boxes": np.array([[[0.25, 0.5, 0.75, 1.0]]], np.float32),
        "detection_classes": np.array([[3]], np.float32),
        "detection_scores": np.array([[0]], np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["image"], ["number"], to=toy.FLOAT),
        helper.make_node("Split", ["number"], ["first", "second", "third"], axis=3, num_outputs=3),
        helper.make_node("Constant", [], ["across_and_down"], value_ints=[1, 2]),
        helper.make_node("ReduceMean", ["first", "across_and_down"], ["detection_scores"], keepdims=0),
    ]
    return toy.answering(path, outputs, image, nodes=nodes)


def test_an_ssd_is_fed_red_first_from_minus_one_to_one(tmp_path: Path) -> None:
    path = red_ssd(tmp_path / "ssd.onnx", (toy.FLOAT, (1, 300, 300, 3)))
    detector = Detector(path, decoder="ssd")
    red = np.zeros((200, 400, 3), np.uint8)
    red[:, :, 2] = 255
    seen = detector.detect(red)
    assert seen.labels == ("car",)
    assert seen.scores[0] == pytest.approx(1.0)
    assert seen.boxes[0] == pytest.approx([200, 50, 400, 150])
    assert len(detector.detect(red[:, :, ::-1])) == 0


def test_a_network_of_open_size_gets_the_size_of_its_family(tmp_path: Path) -> None:
    path = red_ssd(tmp_path / "open.onnx", (toy.UINT8, (1, "height", "width", 3)))
    detector = Detector(path, decoder="ssd")
    assert detector.size == (300, 300)
    assert detector.detect(np.full((10, 10, 3), 1, np.uint8)).scores[0] == pytest.approx(1.0)


@pytest.fixture
def white() -> NDArray[np.uint8]:
    """A black picture with one white square, twice as large as the network's input."""
    picture = np.zeros((128, 128, 3), np.uint8)
    picture[32:64, 64:96] = 255
    return picture


def test_a_yolox_that_looks_finds_what_it_looks_for_where_it_is(
    tmp_path: Path, white: NDArray[np.uint8]
) -> None:
    detector = Detector(toy.seeing_yolox(tmp_path / "own.onnx"), decoder="yolox", threshold=0.9)
    seen = detector.detect(white)
    assert seen.labels == ("person",) * 5
    whole = int(overlap(seen.boxes, np.array([[64, 32, 96, 64]])).argmax())
    assert seen.boxes[whole] == pytest.approx([64, 32, 96, 64], abs=0.1)
    quarters = {tuple(box) for box in np.delete(seen.boxes, whole, axis=0).round().astype(int).tolist()}
    assert quarters == {(x, y, x + 16, y + 16) for x in (64, 80) for y in (32, 48)}
    assert len(detector.detect(np.zeros_like(white))) == 0


def test_an_ssd_that_looks_finds_what_it_looks_for_where_it_is(
    tmp_path: Path, white: NDArray[np.uint8]
) -> None:
    detector = Detector(toy.seeing_ssd(tmp_path / "own.onnx"), decoder="ssd", threshold=0.9)
    seen = detector.detect(white)
    assert seen.labels == ("person",)
    assert seen.boxes[0] == pytest.approx([64, 32, 96, 64])
    assert seen.scores[0] == pytest.approx(1.0)
    assert detector.detect(np.repeat(white, 2, axis=1)).boxes[0] == pytest.approx([128, 32, 192, 64])
