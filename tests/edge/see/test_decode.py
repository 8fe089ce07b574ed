import numpy as np
import pytest

from edge.see.decode import BINS, DECODERS, grid, nanodet

SIZE = (352, 288)


def test_cells_lie_stride_by_stride_and_row_by_row() -> None:
    centres, strides = grid(*SIZE)
    assert len(centres) == 44 * 36 + 22 * 18 + 11 * 9
    assert centres[0].tolist() == [4, 4]
    assert centres[45].tolist() == [12, 12]
    assert centres[-1].tolist() == [336, 272]
    assert strides[[0, -1], 0].tolist() == [8, 32]


def test_a_nanodet_box_reaches_as_many_strides_as_its_bins_say() -> None:
    rows = np.full((1, 3 + 4 * BINS, len(grid(*SIZE).strides)), -20, np.float32)
    rows[0, 1, 45] = 2.0
    for side, reach in enumerate((1, 2, 3, 4)):
        rows[0, 3 + side * BINS + reach, 45] = 20
    raw = nanodet({"logits": rows}, SIZE, 0.45)
    assert raw.classes.tolist() == [1]
    assert raw.scores[0] == pytest.approx(1 / (1 + np.exp(-2)))
    assert raw.boxes[0] == pytest.approx([12 - 8, 12 - 16, 12 + 24, 12 + 32], abs=1e-3)


def test_odds_between_two_bins_give_a_box_between() -> None:
    rows = np.full((1, 1 + 4 * BINS, len(grid(*SIZE).strides)), -20, np.float32)
    rows[0, 0, 0] = 5.0
    for side in range(4):
        rows[0, 1 + side * BINS + 2 : 1 + side * BINS + 4, 0] = 7
    assert nanodet({"logits": rows}, SIZE, 0.45).boxes[0] == pytest.approx([-16, -16, 24, 24], abs=1e-3)


@pytest.mark.parametrize("threshold", [0.1, 0.45, 0.9])
def test_the_threshold_on_logits_is_the_threshold_on_scores(threshold: float) -> None:
    random = np.random.default_rng(4)
    rows = random.normal(0, 3, (1, 11 + 4 * BINS, len(grid(*SIZE).strides))).astype(np.float32)
    scores = (1 / (1 + np.exp(-rows[0, :11]))).max(axis=0)
    raw = nanodet({"logits": rows}, SIZE, threshold)
    assert raw.scores == pytest.approx(scores[scores > threshold])


def test_every_family_says_what_its_outputs_look_like() -> None:
    assert set(DECODERS) == {"nanodet", "yolox", "ssd"}
    for decoder in DECODERS.values():
        assert decoder.classes({"other": np.zeros((1, 2, 3, 4))}, SIZE) is None
        assert "output" in decoder.shape
