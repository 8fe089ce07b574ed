"""What is built from the published files: which variants, in which sizes, into which bytes."""

from __future__ import annotations

import hashlib
import json
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.nanodet_g import clean, passes, tfjs
from models.nanodet_g.quantise import as_int8
from models.nanodet_g.write import as_float

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import onnx

    from models.nanodet_g.net import Net
    from models.nanodet_g.tfjs import Source

HERE = Path(__file__).parent
CARD: Mapping[str, Any] = tomllib.loads((HERE / "card.toml").read_text())
RANGES: Mapping[str, tuple[float, float]] = json.loads((HERE / "ranges.json").read_text())


@dataclass(frozen=True, slots=True)
class Built:
    """One file as built: its name, bytes, hash, seconds, and whether the card names that hash."""

    name: str
    size: int
    sha256: str
    seconds: float
    as_carded: bool


def names() -> tuple[str, ...]:
    """Every file that is built, such as `int8_352x288.onnx` (width x height), the default first."""
    return tuple(CARD["built"])


def build_all(source_dir: Path, out_dir: Path) -> Iterator[Built]:
    """Build every file into `out_dir`, one a step; a file appears whole or not at all.

    Raises:
        tfjs.WrongSourceError: a file of `source_dir` is missing or not the pinned one.
    """
    source = tfjs.load(source_dir, CARD["source"]["sha256"])
    out_dir.mkdir(parents=True, exist_ok=True)
    for name in names():
        begun = time.perf_counter()
        blob = build(source, name)
        part = out_dir / f"{name}.part"
        part.write_bytes(blob)
        part.replace(out_dir / name)
        digest = hashlib.sha256(blob).hexdigest()
        yield Built(name, len(blob), digest, time.perf_counter() - begun, digest == CARD["built"][name])


def build(source: Source, name: str) -> bytes:
    """The bytes of one file named in the card; the same source gives the same bytes.

    Raises:
        ValueError: the card names no such file.
    """
    if name not in CARD["built"]:
        raise ValueError(f"card.toml names no file {name!r}; it names {', '.join(names())}")
    kind, size = name.removesuffix(".onnx").split("_")
    width, height = (int(side) for side in size.split("x"))
    notes = {"labels": ",".join(CARD["labels"]), "source": CARD["source"]["package"]}
    model = MAKERS[kind](events(source), width, height, notes)
    return bytes(model.SerializeToString(deterministic=True))


def events(source: Source) -> Net:
    """The clean net with colour folded in and its classes cut to the labels of the card."""
    return passes.keep_classes(passes.fold_colour(clean.read(source)), tuple(CARD["labels"].values()))


def _int8(net: Net, width: int, height: int, notes: Mapping[str, str]) -> onnx.ModelProto:
    quick = passes.pair_columns(passes.average_as_convolution(passes.pool_first(net)))
    return as_int8(quick, RANGES, width, height, notes)


MAKERS = {"int8": _int8, "fp32": as_float}
