from __future__ import annotations

from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from edge.model import truth
from edge.see.network import UnfitModelError

if TYPE_CHECKING:
    from pathlib import Path

LINES = "2,7,10,20,30,40,1,5.5,6.5,0\n2,9,50,20,30,40,0,5.5,6.5,0\n4,7,12,20,30,40,1,5.5,6.5,0\n"


def photographs(folder: Path, *greys: int) -> Path:
    folder.mkdir(parents=True)
    for number, grey in enumerate(greys, 1):
        cv2.imwrite(str(folder / f"{number:06}.png"), np.full((24, 32, 3), grey, np.uint8))
    return folder


def test_who_stands_free_and_who_is_hidden_is_read_by_picture(tmp_path: Path) -> None:
    file = tmp_path / "gt.txt"
    file.write_text(LINES)
    there = truth.read(file)
    assert sorted(there) == [1, 2, 3]
    assert there[1].free.tolist() == [[10, 20, 40, 60]]
    assert there[1].hidden.tolist() == [[50, 20, 80, 60]]
    assert len(there[2].free) == len(there[2].hidden) == 0


def test_where_classes_are_named_only_walkers_count(tmp_path: Path) -> None:
    file = tmp_path / "gt.txt"
    file.write_text("1,1,10,20,30,40,1,1,0.9\n1,2,50,20,30,40,1,3,0.9\n")
    there = truth.read(file)[0]
    assert (len(there.free), len(there.hidden)) == (1, 1)


@pytest.mark.parametrize("text", ["", "a,b\n", "1,2,3\n"])
def test_what_is_no_ground_truth_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "gt.txt"
    file.write_text(text)
    with pytest.raises(UnfitModelError, match=r"gt\.txt is no ground truth"):
        truth.read(file)


def test_pictures_of_a_folder_come_by_name(tmp_path: Path) -> None:
    folder = photographs(tmp_path / "walk", 10, 200)
    (folder / "notes.txt").write_text("not a picture")
    assert [int(picture.mean()) for picture in truth.pictures(folder)] == [10, 200]


def test_a_sequence_keeps_its_pictures_and_its_truth_where_such_sequences_do(tmp_path: Path) -> None:
    photographs(tmp_path / "walk" / "img1", 30)
    gt = tmp_path / "walk" / "gt" / "gt.txt"
    gt.parent.mkdir()
    gt.write_text(LINES)
    assert len(list(truth.pictures(tmp_path / "walk"))) == 1
    assert truth.beside(tmp_path / "walk") == gt


def test_pictures_of_a_clip_come_in_order(tmp_path: Path) -> None:
    clip = tmp_path / "walk.mp4"
    with av.open(str(clip), "w") as made:
        stream = made.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for grey in (20, 220):
            picture = np.full((24, 32, 3), grey, np.uint8)
            made.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        made.mux(stream.encode())
    assert [int(picture.mean()) > 120 for picture in truth.pictures(clip)] == [False, True]


def test_the_truth_of_a_clip_stands_beside_it_or_in_a_manifest(tmp_path: Path) -> None:
    clip, named = tmp_path / "walk.mp4", tmp_path / "people.txt"
    assert truth.beside(clip) is None
    (tmp_path / truth.MANIFEST).write_text(
        "file\tsource\tground truth\nother.mp4\tus\t-\n(walk.mp4)\tus\tpeople.txt (frame from 1)\n"
    )
    assert truth.beside(clip) is None
    named.write_text(LINES)
    assert truth.beside(clip) == named
    (tmp_path / "walk.gt.txt").write_text(LINES)
    assert truth.beside(clip) == tmp_path / "walk.gt.txt"


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitModelError, match=r"gone\.mp4 cannot be played"):
        list(truth.pictures(tmp_path / "gone.mp4"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnfitModelError, match="holds no picture"):
        list(truth.pictures(tmp_path / "empty"))
    (tmp_path / "empty" / "a.png").write_text("no picture")
    with pytest.raises(UnfitModelError, match=r"a\.png is no picture"):
        list(truth.pictures(tmp_path / "empty"))
