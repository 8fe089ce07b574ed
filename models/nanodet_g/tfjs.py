"""Read a TF.js graph model (a JSON of nodes, a file of weights) into nodes and arrays."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

TOPOLOGY = "nanodet.json"
WEIGHTS = "nanodet.bin"
OPS_OF_CONSTANTS = ("Const", "SparseToDense")


class WrongSourceError(ValueError):
    """A source file is missing or is not the pinned one; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of the published graph; `inputs` are names without TF's `:0` and `^`."""

    op: str
    name: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def integers(self, key: str) -> tuple[int, ...]:
        """A list attribute such as `strides`, in TF's order of axes."""
        return tuple(int(item) for item in self.attributes[key]["list"]["i"])

    def number(self, key: str) -> float:
        """A float attribute such as `alpha`."""
        return float(self.attributes[key]["f"])

    def text(self, key: str) -> str:
        """A string attribute such as `padding`; TF.js writes it as base64."""
        return base64.b64decode(self.attributes[key]["s"]).decode()

    def flag(self, key: str) -> bool:
        """A Boolean attribute such as `half_pixel_centers`."""
        return bool(self.attributes[key]["b"])


@dataclass(frozen=True, slots=True)
class Source:
    """The published graph: operations in an order that runs, and every constant by name."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, NDArray[Any]]


def load(folder: Path, pins: Mapping[str, str]) -> Source:
    """Read both files of `folder` after checking each against its sha256 in `pins`.

    Raises:
        WrongSourceError: a file is absent or its hash is another.
    """
    for name, pin in pins.items():
        _check(folder / name, pin)
    document = json.loads((folder / TOPOLOGY).read_bytes())
    constants = _weights(document["weightsManifest"][0]["weights"], (folder / WEIGHTS).read_bytes())
    nodes = tuple(_node(raw) for raw in document["modelTopology"]["node"] if raw["op"] != "Const")
    return Source(
        tuple(n for n in nodes if n.op not in OPS_OF_CONSTANTS), constants | _shapes(nodes, constants)
    )


def _check(path: Path, pin: str) -> None:
    if not path.is_file():
        raise WrongSourceError(
            f"{path} is not there: fetch the package named in card.toml and unpack it here"
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != pin:
        raise WrongSourceError(
            f"{path} is not the pinned file (sha256 {found[:12]}…, card.toml says {pin[:12]}…): "
            "delete it and fetch the package again",
        )


def _node(raw: Mapping[str, Any]) -> Node:
    inputs = tuple(name.removesuffix(":0") for name in raw.get("input", []) if not name.startswith("^"))
    return Node(raw["op"], raw["name"], inputs, raw.get("attr", {}))


def _weights(manifest: list[dict[str, Any]], blob: bytes) -> dict[str, NDArray[Any]]:
    constants: dict[str, NDArray[Any]] = {}
    at = 0
    for entry in manifest:
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        count = int(np.prod(entry["shape"], dtype=np.int64))
        array = np.frombuffer(blob, stored, count, at).astype(entry["dtype"])
        constants[entry["name"]] = array.reshape(entry["shape"])
        at += count * stored.itemsize
    return constants


def _shapes(nodes: tuple[Node, ...], constants: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The target shapes of the six final reshapes, which the exporter wrote as a constant plus zeros."""
    zeros = {node.name for node in nodes if node.op == "SparseToDense"}
    return {node.name: constants[node.inputs[0]] for node in nodes if zeros & set(node.inputs)}
