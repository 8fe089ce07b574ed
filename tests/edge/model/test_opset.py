from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from edge.model.opset import stamp
from edge.see.network import UnfitModelError
from tests.edge.see import toy

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_says_what_it_is_written_in_as_onnx_reads_it(tmp_path: Path, int8: Path) -> None:
    for path in (toy.seeing_ssd(tmp_path / "ssd.onnx"), int8):
        whole = onnx.load(str(path), load_external_data=False)
        (standard,) = [each.version for each in whole.opset_import if each.domain == ""]
        found = stamp(path)
        assert (found.format, found.opset) == (whole.ir_version, standard)


def test_of_several_sets_of_operators_the_standard_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "own.onnx"
    model = onnx.load(str(toy.seeing_yolox(path)))
    model.opset_import.insert(0, helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(path))
    assert stamp(path).opset == 18


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x08", b"\x42\xff\x01", b"\xff" * 40])
def test_what_is_no_onnx_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.onnx"
    path.write_bytes(content)
    with pytest.raises(UnfitModelError, match=r"own\.onnx is no ONNX file"):
        stamp(path)


@given(st.binary(max_size=60))
def test_no_file_makes_the_reader_stumble(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.onnx"
    path.write_bytes(content)
    with contextlib.suppress(UnfitModelError):
        assert stamp(path).format >= 0
