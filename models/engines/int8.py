"""Matrices in 8 bits, symmetric, one scale per output, for the CPU to multiply with inputs that it quantises itself.

The inputs get a scale for every GROUP values of a token, anew in every pass, so that nothing has to be calibrated.
"""

import numpy as np
import openvino as ov
from openvino import opset13 as ops

GROUP = 256
OPTIONS = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP}
SMALLEST = 64  # outputs; the few of a last layer cost nothing and are the answer itself
LARGEST_WHOLE = 127


def quantize(network: ov.Model) -> None:
    """Replace, in place, the f32 matrices [out,in] that a network multiplies with: int8, an f16 scale per output."""
    for node in network.get_ordered_ops():
        if node.get_type_name() != "MatMul" or not node.get_attributes()["transpose_b"]:
            continue
        constant = node.input_value(1).get_node()
        if constant.get_type_name() == "Constant" and len(constant.shape) == 2 and constant.shape[0] >= SMALLEST:
            node.input(1).replace_source_output(_in_8_bits(constant.data).output(0))


def _in_8_bits(matrix: np.ndarray) -> ov.Node:
    # Rounded to f16 first, so that whole numbers and scale fit each other; a row of zeros keeps some scale.
    scale = (np.abs(matrix).max(axis=1, keepdims=True) / LARGEST_WHOLE).astype(np.float16)
    scale = np.maximum(scale, np.finfo(np.float16).tiny)
    whole = np.clip(np.rint(matrix / scale.astype(np.float32)), -LARGEST_WHOLE, LARGEST_WHOLE).astype(np.int8)
    return ops.convert(ops.multiply(ops.convert(ops.constant(whole), "f16"), ops.constant(scale)), "f32")
