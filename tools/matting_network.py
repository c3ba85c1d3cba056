"""The small network inside the sample matting, as torch fits it; `sample_matting.py` writes the same into its graph.

A picture of 96 x 96 px and its four clues go in folded to 24 x 24, are halved twice and come up again with sums.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# name: (inputs, outputs, side of the kernel, stride); all but `out` are followed by a norm and a ReLU.
LAYERS = {
    "first": (112, 24, 1, 1),
    "fine": (24, 24, 3, 1),
    "down2": (24, 32, 3, 2),
    "mid2": (32, 32, 3, 1),
    "down3": (32, 40, 3, 2),
    "mid3": (40, 40, 3, 1),
    "whole": (40, 40, 1, 1),
    "deep": (40, 40, 3, 1),
    "up3": (40, 32, 1, 1),
    "up2": (32, 24, 3, 1),
    "up1": (24, 24, 3, 1),
    "out": (24, 32, 3, 1),
}
TRUST = 6.0  # in the guess among the clues: what the network adds to


class Layer(nn.Module):
    """A convolution padded as TensorFlow's SAME does, its norm and its ReLU."""

    def __init__(self, inputs: int, outputs: int, side: int, stride: int, last: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, side, stride, bias=last)
        self.norm = nn.Identity() if last else nn.BatchNorm2d(outputs)
        self.pad = (0, 0) if side == 1 else (0, 1) if stride == 2 else (1, 1)
        self.last = last

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.conv(F.pad(x, self.pad * 2)))
        return x if self.last else F.relu(x)


class Network(nn.Module):
    """[B,7,96,96], a picture in -0.5..0.5 and its clues in 0..1 → logits [B,2,96,96]: people, and people or things."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({name: Layer(*shape, name == "out") for name, shape in LAYERS.items()})
        nn.init.zeros_(self.layers["out"].conv.weight)
        nn.init.zeros_(self.layers["out"].conv.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        run = self.layers
        one = run["fine"](run["first"](F.pixel_unshuffle(x, 4)))
        two = run["mid2"](run["down2"](one))
        three = run["mid3"](run["down3"](two))
        three = run["deep"](three + run["whole"](three.mean((2, 3), keepdim=True)))
        two = run["up2"](two + twice(run["up3"](three)))
        one = run["up1"](one + twice(two))
        return F.pixel_shuffle(run["out"](one), 4) + TRUST * (x[:, -1:] - 0.5)


def twice(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2, mode="nearest")


@torch.no_grad()
def folded(network: Network) -> dict[str, np.ndarray]:
    """float16: `<layer>.kernel` [outputs,inputs,side,side] and `<layer>.bias`, norms multiplied in."""
    arrays = {}
    for name, layer in network.layers.items():
        kernel, bias = layer.conv.weight, layer.conv.bias
        if not layer.last:
            scale = layer.norm.weight / torch.sqrt(layer.norm.running_var + layer.norm.eps)
            kernel, bias = kernel * scale[:, None, None, None], layer.norm.bias - layer.norm.running_mean * scale
        arrays |= {f"{name}.kernel": kernel.numpy().astype(np.float16), f"{name}.bias": bias.numpy().astype(np.float16)}
    return arrays
