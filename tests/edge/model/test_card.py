from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from edge.agent import load_detector
from edge.config import DetectorConfig
from edge.model import card
from edge.model.card import Card, admitted
from edge.see.decode import DECODERS
from edge.see.network import UnfitModelError
from edge.see.selftest import NOTE, digest
from tests.edge.see import toy

SHELF = Path(__file__).parents[3] / "models"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file that its owner has had verified."""
    model = toy.seeing_yolox(tmp_path / "own.onnx")
    card.write(model, Card("Ours of the south gate", "yolox", digest(model), "64x64", ("person",)))
    return model


def test_what_is_written_on_a_card_is_read_from_it(own: Path) -> None:
    said = Card(
        name='the "white" one\n白',
        decoder="yolox",
        sha256=digest(own),
        input="64x64",
        classes=("person", "三轮车"),
        licence="ours",
        source="C:\\nets",
        limits=("sees what is white",),
        opset=18,
        output="rows [1, 84, 6]",
        measured={"ap": 0.5, "ms": 3.25},
    )
    assert card.write(own, said).name == "own.card.toml"
    assert card.of(own) == said


def test_every_file_of_ours_has_a_card_with_licence_source_figures_and_limits() -> None:
    found = list(card.shelf(SHELF))
    assert next(model.name for model, _ in found) == "int8_352x288.onnx"
    for model, each in found:
        assert (each.decoder, each.licence) == ("nanodet", "Apache-2.0")
        assert each.input in model.name
        assert "person" in each.classes
        assert {"ap", "precision", "recall", "ms"} <= set(each.measured)
        assert each.limits
        assert "@" in each.source


def test_the_file_that_was_verified_is_taken(own: Path) -> None:
    assert admitted(own, "yolox") == own
    assert load_detector(DetectorConfig(model=str(own), decoder="yolox")).labels == ("person",)


def test_a_file_without_a_card_is_refused_with_what_gives_it_one(own: Path) -> None:
    card.place(own).unlink()
    with pytest.raises(
        UnfitModelError, match=r"no card: try it with `python -m edge model verify .*own\.onnx"
    ):
        load_detector(DetectorConfig(model=str(own), decoder="yolox"))


def test_a_file_that_was_changed_since_is_refused(own: Path) -> None:
    toy.seeing_yolox(own, side=96)
    with pytest.raises(UnfitModelError, match="is not the file that was tried"):
        admitted(own, "yolox")


def test_a_file_of_another_family_than_configured_is_refused(own: Path) -> None:
    with pytest.raises(UnfitModelError, match="is a 'yolox', says its card, and no 'ssd': correct `decoder`"):
        admitted(own, "ssd")


@pytest.mark.parametrize("text", ["name = ", 'name = "own"', "\udcff", 'name = "own"\nunheard = 1'])
def test_a_card_that_cannot_be_read_is_refused(own: Path, text: str) -> None:
    card.place(own).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnfitModelError, match=r"own\.card\.toml cannot be read"):
        admitted(own, "yolox")


def test_a_missing_file_is_refused_by_whoever_loads_it(tmp_path: Path) -> None:
    with pytest.raises(UnfitModelError, match=r"gone\.onnx is not there"):
        load_detector(DetectorConfig(model=str(tmp_path / "gone.onnx")))


def test_a_file_of_ours_that_this_machine_built_otherwise_is_taken_once_the_self_test_chose_it(
    tmp_path: Path, int8: Path
) -> None:
    shutil.copy(SHELF / "nanodet_g" / "card.toml", tmp_path)
    model = Path(shutil.copy(int8, tmp_path))
    model.write_bytes(model.read_bytes() + b"\x12\x00")
    with pytest.raises(UnfitModelError, match=f"try it with `python -m edge.see.selftest {tmp_path}`"):
        admitted(model, "nanodet")
    noted = f'["{model.name}"]\nchosen = "{model.name}"\nsha256 = "{digest(model)}"\n'
    (tmp_path / NOTE).write_text(noted)
    assert admitted(model, "nanodet") == model


def test_a_card_beside_a_file_of_ours_is_the_one_that_counts(own: Path) -> None:
    shutil.copy(SHELF / "nanodet_g" / "card.toml", own.parent)
    known = card.of(own)
    assert known is not None
    assert msgspec.structs.asdict(known)["name"] == "Ours of the south gate"


def test_every_family_is_told_of_where_owners_read() -> None:
    page = (SHELF.parent / "docs" / "models.md").read_text(encoding="utf-8")
    for name, decoder in DECODERS.items():
        assert f"| `{name}` |" in page
        assert f"{decoder.side}" in page
