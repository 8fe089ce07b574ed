"""One ONNX graph being written down, so that the same layers give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

OPSET = 18
IR_VERSION = 8
"""Read by every onnxruntime since 1.14."""


class Sheet:
    """Nodes and constants in the order in which they were added."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, NDArray[Any]] = {}

    def add(self, op: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Write one node that gives the one tensor `output`; returns that name."""
        self._nodes.append(helper.make_node(op, list(inputs), [output], name=output, **attributes))
        return output

    def split(self, inputs: Sequence[str], outputs: Sequence[str], axis: int) -> None:
        """Write the one kind of node that gives several tensors."""
        self._nodes.append(helper.make_node("Split", list(inputs), list(outputs), name=outputs[0], axis=axis))

    def constant(self, name: str, array: NDArray[Any]) -> str:
        """Keep an array under `name`; returns that name."""
        self._constants[name] = np.ascontiguousarray(array).reshape(array.shape)
        return name

    def model(
        self,
        name: str,
        image: tuple[int, Sequence[int]],
        outputs: Mapping[str, Sequence[int]],
        notes: Mapping[str, str],
    ) -> onnx.ModelProto:
        """The whole, checked: input `image` of this ONNX type and shape, float outputs of these shapes."""
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info("image", *image)],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in outputs.items()],
            [numpy_helper.from_array(array, key) for key, array in self._constants.items()],
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        helper.set_model_props(model, dict(notes))
        onnx.checker.check_model(model, full_check=True)
        return model
