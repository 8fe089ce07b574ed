from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from edge.model.verify import missing, verify
from edge.see.network import UnfitModelError
from edge.see.selftest import AGREE, SCENES, digest
from tests.edge.see import toy

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 64


def sure(path: Path, score: float, labels: str = "cart,tricycle") -> Path:
    """A YOLOX that always tells one thing with this score."""
    rows = toy.yolox_rows(SIDE, 2, {(9, 1): score})
    return toy.answering(path, {"rows": rows}, (toy.FLOAT, (1, 3, SIDE, SIDE)), labels=labels)


def test_our_int8_file_says_what_its_float_partner_says(int8: Path, fp32: Path) -> None:
    found = verify(int8, "nanodet")
    assert found.sha256 == digest(int8)
    assert (found.size, found.labels[0], found.scenes) == ((352, 288), "person", SCENES)
    assert found.beside is not None
    assert found.beside.clean == fp32
    assert found.beside.difference < AGREE
    assert min(found.ms, found.beside.quick_ms, found.beside.clean_ms) > 0


@pytest.mark.parametrize("decoder", ["yolox", "ssd"])
def test_an_owners_file_is_tried_without_a_partner(tmp_path: Path, decoder: str) -> None:
    build = {"yolox": toy.seeing_yolox, "ssd": toy.seeing_ssd}[decoder]
    found = verify(build(tmp_path / "own.onnx"), decoder)
    assert (found.size, found.written.opset, found.beside) == ((SIDE, SIDE), 18, None)
    assert (
        found.gives
        == {
            "yolox": "rows [1, 84, 6]",
            "ssd": "detection_boxes [1, 3, 4], detection_scores [1, 3], detection_classes [1, 3]",
        }[decoder]
    )


def test_a_partner_may_be_named(tmp_path: Path) -> None:
    pair = sure(tmp_path / "quick.onnx", 0.8), sure(tmp_path / "clean.onnx", 0.85)
    found = verify(pair[0], "yolox", clean=pair[1])
    assert found.beside is not None
    assert found.beside.difference == pytest.approx(0.05)


def test_a_file_that_says_something_else_than_its_partner_is_refused(tmp_path: Path) -> None:
    pair = sure(tmp_path / "quick.onnx", 0.5), sure(tmp_path / "clean.onnx", 0.85)
    with pytest.raises(UnfitModelError, match=r"scores differ by 0\.350, and may by 0\.1"):
        verify(pair[0], "yolox", clean=pair[1])


def test_a_partner_of_other_classes_is_refused(tmp_path: Path) -> None:
    pair = sure(tmp_path / "quick.onnx", 0.8), sure(tmp_path / "clean.onnx", 0.8, labels="cart,car")
    with pytest.raises(UnfitModelError, match="differ in input or classes"):
        verify(pair[0], "yolox", clean=pair[1])


def test_scores_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitModelError, match=r"scores from 0\.0 to 7\.3 where 0 to 1 is meant"):
        verify(sure(tmp_path / "own.onnx", 7.3), "yolox")
    with pytest.raises(UnfitModelError, match="scores that are no numbers"):
        verify(sure(tmp_path / "own.onnx", float("nan")), "yolox")


def test_an_ssd_that_tells_fewer_things_than_its_partner_is_held_to_all_of_them(tmp_path: Path) -> None:
    few, many = toy.seeing_ssd(tmp_path / "few.onnx", told=2), toy.seeing_ssd(tmp_path / "many.onnx", told=9)
    with pytest.raises(UnfitModelError, match="says something else"):
        verify(few, "ssd", clean=many)


def test_who_brings_a_network_that_knows_no_people_is_told(tmp_path: Path) -> None:
    assert missing(("person", "car")) is None
    said = missing(verify(sure(tmp_path / "own.onnx", 0.8), "yolox").labels)
    assert said is not None
    assert "'person'" in said
    assert np.isfinite(verify(tmp_path / "own.onnx", "yolox").ms)
