"""One ONNX file on onnxruntime: what it wants to be fed, and running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

CHANNELS = 3
PICTURE = 4
"""Dimensions of an input that is a picture: one, and three in either order."""
TYPES = {"tensor(uint8)": False, "tensor(float)": True}
ERRORS_ONLY = 3
BROKEN = (
    runtime.Fail,
    runtime.InvalidArgument,
    runtime.InvalidGraph,
    runtime.InvalidProtobuf,
    runtime.NotImplemented,
    runtime.RuntimeException,
)
"""What onnxruntime raises at a file that it cannot run; they share no base of their own."""


class UnfitModelError(ValueError):
    """The file cannot be used as a detector; the sentence says why and what would do."""


class Network:
    """A loaded network that takes one picture of three channels."""

    def __init__(self, path: Path, threads: int) -> None:
        """Load it for so many threads; raises UnfitModelError when it is missing or takes no picture."""
        self._session = _session(path, threads)
        entry = self._session.get_inputs()[0]
        shape = tuple(entry.shape)
        if len(shape) != PICTURE or CHANNELS not in (shape[1], shape[3]) or entry.type not in TYPES:
            raise UnfitModelError(
                f"{path} takes {entry.type} {list(shape)}; a detector takes uint8 or float "
                "[1, height, width, 3] or [1, 3, height, width]",
            )
        self.takes_float = TYPES[entry.type]
        self.takes_planes = shape[1] == CHANNELS
        self.height, self.width = shape[2:] if self.takes_planes else shape[1:3]
        """A number, or a name where the file leaves the side open."""
        words = self._session.get_modelmeta().custom_metadata_map.get("labels", "")
        self.labels: tuple[str, ...] = tuple(filter(None, words.split(",")))
        """Words that the file itself holds under `labels`; empty when it holds none."""
        self._input = entry.name
        self._outputs = [output.name.removesuffix(":0") for output in self._session.get_outputs()]

    def run(self, pictures: NDArray[Any]) -> Mapping[str, NDArray[Any]]:
        """Outputs by name for a batch of one, in the layout and type that the file takes."""
        return dict(zip(self._outputs, self._session.run(None, {self._input: pictures}), strict=True))


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise UnfitModelError(
            f"{path} is not there: build it with `python -m models.nanodet_g`, or name another"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except BROKEN as failed:
        raise UnfitModelError(f"{path} is no ONNX network that can be run: {failed}") from failed
