"""The detector as it is built from the published files."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.nanodet_g import clean, naive, passes, tfjs
from models.nanodet_g.build import CARD, HERE, RANGES, build, build_all, events, names
from models.nanodet_g.net import STRIDES, cells
from models.nanodet_g.quantise import LEVELS, WEIGHT_LIMIT, quantise_weight, step
from models.nanodet_g.write import as_float

SOURCE = HERE / "source"
INT8 = [name for name in names() if name.startswith("int8")]


@pytest.fixture(scope="module")
def source() -> tfjs.Source:
    if not (SOURCE / tfjs.WEIGHTS).is_file():
        pytest.skip("the detector's source files are not here: `make run` fetches them once")
    return tfjs.load(SOURCE, CARD["source"]["sha256"])


def run(model: onnx.ModelProto, picture: NDArray[Any]) -> list[NDArray[Any]]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [np.asarray(output) for output in session.run(None, {"image": picture})]


@pytest.mark.parametrize("name", INT8)
def test_the_same_source_gives_the_bytes_of_the_card(source: tfjs.Source, name: str) -> None:
    first, second = build(source, name), build(source, name)
    assert first == second
    assert hashlib.sha256(first).hexdigest() == CARD["built"][name]


@pytest.mark.parametrize("name", names())
def test_a_built_file_carries_the_labels_and_the_size_of_the_card(source: tfjs.Source, name: str) -> None:
    model = onnx.load_from_string(build(source, name))
    width, height = (int(side) for side in name.split("_")[1].removesuffix(".onnx").split("x"))
    notes = {entry.key: entry.value for entry in model.metadata_props}
    shape = [side.dim_value for side in model.graph.output[0].type.tensor_type.shape.dim]
    assert notes["labels"].split(",") == list(CARD["labels"])
    assert [side.dim_value for side in model.graph.input[0].type.tensor_type.shape.dim] == [
        1,
        height,
        width,
        3,
    ]
    assert shape == [1, len(CARD["labels"]) + passes.BINS, cells(width, height)]


def test_the_card_says_what_the_builder_does() -> None:
    assert tuple(CARD["output"]["strides"]) == STRIDES
    assert names()[0] == "int8_352x288.onnx"
    assert set(CARD["source"]["sha256"]) == {tfjs.TOPOLOGY, tfjs.WEIGHTS}
    assert set(CARD["measured"]["by_size"]) == set(names())
    assert {f"fp32_{name.removeprefix('int8_')}" for name in INT8} <= set(names())


def test_ranges_name_every_tensor_and_no_other(source: tfjs.Source) -> None:
    layers = passes.pool_first(events(source)).layers
    assert set(RANGES) == {layer.name for layer in layers if layer.op != "MaxPool"}
    assert all(low < 0 < high for low, high in RANGES.values())


def test_the_clean_graph_says_exactly_what_the_published_one_says(source: tfjs.Source) -> None:
    pixels = np.random.default_rng(7).integers(0, 256, (1, 416, 416, 3), dtype=np.uint8)
    (logits,) = run(as_float(clean.read(source), 416, 416, {}), pixels)
    planes = pixels.transpose(0, 3, 1, 2).astype(np.float32)
    published = run(naive.convert(source), planes)
    bins = np.concatenate(published[3:], axis=1)[0].T
    classes = np.concatenate(published[:3], axis=1)[0].T
    assert np.array_equal(logits[0, passes.CLASSES :], bins)
    np.testing.assert_allclose(1 / (1 + np.exp(-logits[0, : passes.CLASSES])), classes, atol=1e-6)


def test_folded_colour_says_of_pixels_what_the_published_stem_says_of_normalised_ones(
    source: tfjs.Source,
) -> None:
    published, folded = (
        net.layers[0] for net in (clean.read(source), passes.fold_colour(clean.read(source)))
    )
    assert published.weight is not None
    assert folded.weight is not None
    patch = np.random.default_rng(8).integers(0, 256, (3, 3, 3)).astype(np.float64)
    normalised = (patch - passes.MEAN[:, None, None]) / passes.STD[:, None, None]
    expected = (published.weight * normalised).sum((1, 2, 3)) + published.bias
    np.testing.assert_allclose((folded.weight * patch).sum((1, 2, 3)) + folded.bias, expected, atol=1e-4)


def test_pooling_first_changes_no_number(source: tfjs.Source) -> None:
    pixels = np.random.default_rng(9).integers(0, 256, (1, 96, 96, 3), dtype=np.uint8)
    net = events(source)
    (before,) = run(as_float(net, 96, 96, {}), pixels)
    (after,) = run(as_float(passes.average_as_convolution(passes.pool_first(net)), 96, 96, {}), pixels)
    np.testing.assert_allclose(after, before, atol=1e-4)


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_a_step_holds_zero_exactly_and_both_ends_nearly(one: float, other: float) -> None:
    low, high = sorted((one, other))
    scale, zero = step(low, high)
    ends = (np.array([0, LEVELS]) - float(zero)) * float(scale)
    assert ends[0] <= 0 <= ends[1]
    assert ends[0] <= low + scale
    assert ends[1] >= high - scale


def test_weights_stay_in_seven_bits_and_within_half_a_step() -> None:
    weight = np.random.default_rng(3).normal(size=(5, 4, 3, 3)).astype(np.float32)
    weight[2] = 0
    whole, scale = quantise_weight(weight)
    assert np.abs(whole).max() == WEIGHT_LIMIT
    assert np.abs(whole * scale[:, None, None, None] - weight).max() <= scale.max() * 0.5001


def test_a_foreign_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / tfjs.TOPOLOGY).write_text("{}")
    (tmp_path / tfjs.WEIGHTS).write_bytes(b"")
    with pytest.raises(tfjs.WrongSourceError, match=r"not the pinned file .* fetch the package again"):
        next(build_all(tmp_path, tmp_path / "out"))


def test_a_file_that_the_card_does_not_name_is_refused(source: tfjs.Source) -> None:
    with pytest.raises(ValueError, match=r"names no file 'int8_1x1.onnx'; it names int8_352x288.onnx"):
        build(source, "int8_1x1.onnx")


def test_the_command_refuses_an_empty_folder_and_says_what_to_do(tmp_path: Path) -> None:
    done = _command(tmp_path, tmp_path / "out")
    assert done.returncode == 1
    assert "fetch the package named in card.toml" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_builds_every_file_and_counts_them(source: tfjs.Source, tmp_path: Path) -> None:
    assert source.nodes
    done = _command(SOURCE, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()] == list(names())
    assert done.stdout.startswith(f"[1/{len(names())}]")
    assert "other bytes" not in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == set(names())


def test_ranges_read_one_tensor_a_line() -> None:
    lines = (HERE / "ranges.json").read_text().splitlines()
    assert len(lines) == len(json.loads("\n".join(lines))) + 2


def _command(source_dir: Path, out_dir: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "models.nanodet_g", str(source_dir), str(out_dir)],
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
