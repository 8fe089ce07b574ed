import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from edge.see import drawing, selftest
from edge.see.selftest import Verdict, chosen, compare, main, note
from models.nanodet_g import passes, tfjs
from models.nanodet_g.build import CARD, HERE, RANGES, events
from models.nanodet_g.quantise import as_int8

FOUND = Verdict(Path("int8_1x1.onnx"), Path("fp32_1x1.onnx"), difference=0.05, quick_ms=7.0, clean_ms=21.0)


@pytest.fixture
def folder(tmp_path: Path, int8: Path, fp32: Path) -> Path:
    for path in (int8, fp32):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_a_scene_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    one, two = drawing.scene(1), drawing.scene(2)
    assert one.shape == (576, 768, 3)
    assert one.dtype == np.uint8
    assert np.array_equal(one, drawing.scene(1))
    assert not np.array_equal(one, two)


def test_int8_agrees_with_float_on_this_machine(int8: Path, fp32: Path) -> None:
    verdict = compare(int8, fp32, [drawing.scene(seed) for seed in range(3)])
    assert 0 < verdict.difference < selftest.AGREE
    assert verdict.agrees
    assert verdict.quick_ms > 0


def test_an_int8_file_that_says_something_else_is_not_chosen(folder: Path) -> None:
    if not (HERE / "source" / tfjs.WEIGHTS).is_file():
        pytest.skip("the detector's source files are not here: `make run` fetches them once")
    net = events(tfjs.load(HERE / "source", CARD["source"]["sha256"]))
    narrow = {name: (low / 4, high / 4) for name, (low, high) in RANGES.items()}
    quick = passes.pair_columns(passes.average_as_convolution(passes.pool_first(net)))
    notes = {"labels": ",".join(CARD["labels"])}
    onnx.save(as_int8(quick, narrow, 352, 288, notes), str(folder / "int8_352x288.onnx"))
    assert main([str(folder)]) == 0
    assert chosen(folder / "int8_352x288.onnx") == folder / "fp32_352x288.onnx"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({}, "int8_1x1.onnx"),
        ({"difference": 0.1}, "fp32_1x1.onnx"),
        ({"quick_ms": 22.0}, "fp32_1x1.onnx"),
    ],
)
def test_the_quicker_one_that_is_right_is_chosen(change: dict[str, Any], name: str) -> None:
    verdict = replace(FOUND, **change)
    assert verdict.chosen.name == name
    assert tomllib.loads(note([verdict]))["int8_1x1.onnx"]["chosen"] == name


def test_the_command_tests_says_and_notes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    assert "int8_352x288.onnx" in capsys.readouterr().out
    entry = tomllib.loads((folder / selftest.NOTE).read_text())["int8_352x288.onnx"]
    assert entry["difference"] < selftest.AGREE
    assert chosen(folder / "int8_352x288.onnx").name == entry["chosen"]


def test_where_nothing_was_tested_the_configured_file_is_loaded(folder: Path) -> None:
    assert chosen(folder / "int8_352x288.onnx") == folder / "int8_352x288.onnx"


def test_a_chosen_file_that_is_gone_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / selftest.NOTE).write_text(note([replace(FOUND, difference=0.5)]))
    assert chosen(tmp_path / "int8_1x1.onnx") == tmp_path / "int8_1x1.onnx"


def test_an_empty_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "holds no int8 file with its float partner" in capsys.readouterr().err


def test_a_picture_that_cannot_be_read_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "notes.png").write_text("no picture")
    assert main([str(folder), str(folder / "notes.png")]) == 1
    assert "notes.png is no picture" in capsys.readouterr().err
