from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from edge.__main__ import main
from edge.model import card
from tests.edge.see import toy

if TYPE_CHECKING:
    from collections.abc import Callable

    Said = Callable[[], str]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return toy.seeing_yolox(tmp_path / "own.onnx")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: capsys.readouterr().out


def do(*words: str | Path) -> int:
    return main(["model", *map(str, words)])


def test_an_owners_file_gets_a_card_when_it_is_verified(own: Path, said: Said) -> None:
    words = ("--decoder", "yolox", "--licence", "MIT", "--source", "our own photographs")
    assert do("verify", own, *words) == 0
    assert "64x64, 1 classes, opset 18" in said()
    known = card.of(own)
    assert known is not None
    assert (known.licence, known.source, known.classes) == ("MIT", "our own photographs", ("person",))
    assert card.admitted(own, "yolox") == own


def test_what_its_owner_wrote_stays_when_it_is_verified_again(own: Path) -> None:
    assert do("verify", own, "--decoder", "yolox", "--licence", "MIT") == 0
    file = card.place(own)
    file.write_text(file.read_text().replace("limits = []", 'limits = ["sees white only"]'))
    assert do("verify", own) == 0
    known = card.of(own)
    assert known is not None
    assert (known.decoder, known.licence, known.limits) == ("yolox", "MIT", ("sees white only",))


def test_a_file_of_another_family_gets_none(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert do("verify", own, "--decoder", "ssd") == 2
    assert capsys.readouterr().err.startswith(f"{own} gives rows [1, 84, 6]; decoder 'ssd' reads the outputs")
    assert not card.place(own).exists()


def test_a_file_is_judged_by_pictures_whose_people_are_known(own: Path, tmp_path: Path, said: Said) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[32:64, 0:32] = 255
    cv2.imwrite(str(folder / "1.png"), picture)
    (tmp_path / "walk.gt.txt").write_text("1,1,0,32,32,32,1\n")
    do("verify", own, "--decoder", "yolox")
    assert do("evaluate", own, folder) == 0
    assert "1 pictures, 1 people" in said()
    known = card.of(own)
    assert known is not None
    assert known.measured["recall"] == 1.0
    assert {"ap", "precision", "ms"} <= set(known.measured)


def test_without_ground_truth_nobody_is_judged(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert do("evaluate", own, own.with_name("walk.mp4"), "--decoder", "yolox") == 2
    assert "no ground truth stands beside" in capsys.readouterr().err


def test_the_list_says_of_each_file_whether_an_edge_would_take_it(own: Path, said: Said) -> None:
    do("verify", own, "--decoder", "yolox")
    said()
    assert do("list", own.parent) == 0
    assert "own.onnx               yolox    64x64    tried" in said()
    toy.seeing_yolox(own, side=96)
    assert do("list", own.parent) == 0
    assert "is not the file that was tried" in said()
    own.unlink()
    assert do("list", own.parent) == 0
    assert "gone" in said()


def test_a_file_of_ours_is_verified_without_a_card_of_its_own(int8: Path, said: Said) -> None:
    assert do("verify", int8) == 0
    told = said()
    assert "scores within 0.0" in told
    assert "card:" not in told
    assert not card.place(int8).exists()


@pytest.mark.long
def test_ours_are_built_where_one_wants_them(tmp_path: Path, said: Said, int8: Path) -> None:
    if not (int8.parent / "source" / "nanodet.bin").is_file():
        pytest.skip("the detector's source files are not here: `python -m edge model fetch` brings them")
    assert do("convert", tmp_path) == 0
    assert "int8_352x288.onnx" in said()
    assert (tmp_path / int8.name).read_bytes() == int8.read_bytes()


def test_no_other_act_pays_for_the_detectors_libraries() -> None:
    ask = "import sys, edge.model.words; print({'cv2', 'av', 'onnxruntime', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
