"""INT8 and FP16 variants of a model, made by ONNX Runtime's own tools."""

import pathlib
from collections.abc import Callable

import numpy as np
import onnx
from onnx import version_converter
from onnxruntime import quantization as q
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

OPSET = 17  # scales for each channel need 13 at least
Maker = Callable[[pathlib.Path, pathlib.Path], None]


class Inputs(q.CalibrationDataReader):
    """Hands a model's inputs to the calibration, one by one."""

    def __init__(self, name: str, tensors: list[np.ndarray]):
        self.name, self.left = name, iter(tensors)

    def get_next(self) -> dict[str, np.ndarray] | None:
        x = next(self.left, None)
        return None if x is None else {self.name: x}


def prepared(model: pathlib.Path, to: pathlib.Path) -> pathlib.Path:
    """The model with its shapes worked out and its constants folded, as the tools want it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    graph = onnx.load(model)
    if graph.opset_import[0].version < OPSET:
        graph = version_converter.convert_version(graph, OPSET)
    onnx.save(graph, to)
    quant_pre_process(str(to), str(to), skip_symbolic_shape=True)
    return to


def convolutions(model: pathlib.Path) -> list[str]:
    """The names of a model's convolutions, first to last."""
    return [n.name for n in onnx.load(model).graph.node if n.op_type == "Conv"]


def static(inputs: list[np.ndarray], *, first: int = 0, last: int = 0, average: bool = False, weights_7bit: bool = False,
           activations: q.QuantType = q.QuantType.QUInt8) -> Maker:
    """INT8 with the ranges of activations that inputs have, weights by channel.

    The first and last convolutions stay as they are. The ranges are the widest seen, or
    moving averages of those of each input.
    """
    def make(model: pathlib.Path, to: pathlib.Path) -> None:
        convs = convolutions(model)
        q.quantize_static(
            str(model), str(to), Inputs(onnx.load(model).graph.input[0].name, inputs), q.QuantFormat.QDQ,
            per_channel=True, reduce_range=weights_7bit, activation_type=activations, weight_type=q.QuantType.QInt8,
            nodes_to_exclude=convs[:first] + convs[len(convs) - last :], extra_options={"CalibMovingAverage": average},
        )
    return make


def dynamic(model: pathlib.Path, to: pathlib.Path) -> None:
    """INT8 with the range of each activation found at each run."""
    q.quantize_dynamic(str(model), str(to), per_channel=True, weight_type=q.QuantType.QUInt8)


def half(model: pathlib.Path, to: pathlib.Path) -> None:
    """FP16 throughout, between inputs and outputs of FP32."""
    onnx.save(convert_float_to_float16(onnx.load(model), keep_io_types=True), to)
