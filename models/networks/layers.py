"""The layers of Emotion2Vec in torch, in the form that OpenVINO's CPU plugin runs fastest.

They hold the tensors of FunASR's layers under the same names, and read `model_conf` of its config.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Block(nn.Module):
    """A transformer layer, with its norms before or after; before, the second residual starts behind the MLP."""

    def __init__(self, conf: Mapping[str, Any]) -> None:
        super().__init__()
        dim, hidden = conf["embed_dim"], int(conf["embed_dim"] * conf["mlp_ratio"])
        self.first, self.heads = conf["layer_norm_first"], conf["num_heads"]
        self.norm1, self.norm2 = norm(conf), norm(conf)
        self.attn, self.mlp = Attention(dim), MLP(dim, hidden)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        if self.first:
            r = self._mlp(self.norm2(x + self._attend(self.norm1(x), bias)))
            return r + r
        x = self.norm1(x + self._attend(x, bias))
        return self.norm2(x + self._mlp(x))

    def _attend(self, x: Tensor, bias: Tensor) -> Tensor:
        """Three products and not one, so that OpenVINO lays out the heads inside its attention."""
        both = zip(self.attn.qkv.weight.chunk(3), self.attn.qkv.bias.chunk(3), strict=True)
        q, k, v = (F.linear(x, *each).unflatten(-1, (self.heads, -1)).transpose(1, 2) for each in both)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.attn.proj(mixed.transpose(1, 2).flatten(2))

    def _mlp(self, x: Tensor) -> Tensor:
        """In halves: the CPU's product of few tokens is up to a quarter slower for 4096 columns than for 2048."""
        up, down = self.mlp.fc1, self.mlp.fc2
        halves = zip(up.weight.chunk(2), up.bias.chunk(2), down.weight.chunk(2, dim=1), strict=True)
        first, second = (F.linear(F.gelu(F.linear(x, w, b)), v) for w, b, v in halves)
        return first + second + down.bias


class Attention(nn.Module):
    """The matrices of a block's attention."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)


class MLP(nn.Module):
    """The matrices of a block's two-layer perceptron."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)


class Framing(nn.Conv1d):
    """A convolution along the rows of [1,T,C]: one matrix product of the rows that each output sees, side by side.

    Channels stay the last axis, as the norm behind wants them; Conv1d costs two transposes and two reorders more.
    """

    def __init__(self, source: int, channels: int, kernel: int, stride: int) -> None:
        super().__init__(source, channels, kernel, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        (kernel,), (stride,) = self.kernel_size, self.stride
        frames = (x.shape[1] - kernel) // stride + 1
        whole = kernel // stride * stride
        seen = [x[:, k : k + frames * stride].unflatten(1, (-1, stride)).flatten(2) for k in range(0, whole, stride)]
        seen += [x[:, k::stride][:, :frames] for k in range(whole, kernel)]
        return F.linear(torch.cat(seen, dim=2) if len(seen) > 1 else seen[0], self.weight.transpose(1, 2).flatten(1))


class Transposed(nn.Sequential):
    """Modules that want the last two axes the other way round."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


def waveform_layers(layers: Iterable[tuple[int, int, int]]) -> nn.ModuleList:
    made, source = nn.ModuleList(), 1
    for channels, kernel, stride in layers:
        norm = nn.Sequential(nn.Identity(), nn.LayerNorm(channels))
        made += [nn.Sequential(Framing(source, channels, kernel, stride), nn.Identity(), norm, nn.GELU())]
        source = channels
    return made


def positions(audio: Mapping[str, Any], dim: int) -> nn.Sequential:
    depth = audio["conv_pos_depth"]
    width = max(3, audio["conv_pos_width"] // depth)
    layers = []
    for _ in range(depth):
        convolution = nn.Conv1d(dim, dim, width, padding=width // 2, groups=audio["conv_pos_groups"])
        trim = nn.ConstantPad1d((0, width % 2 - 1), 0.0)
        layers.append(
            nn.Sequential(convolution, trim, Transposed(nn.LayerNorm(dim, elementwise_affine=False)), nn.GELU())
        )
    positions = Transposed(nn.Identity(), *layers)
    return nn.Sequential(nn.LayerNorm(dim), positions) if audio["conv_pos_pre_ln"] else positions


def norm(conf: Mapping[str, Any]) -> nn.LayerNorm:
    # YAML 1.1 reads 1e-5 without a dot as text.
    return nn.LayerNorm(conf["embed_dim"], eps=float(conf["norm_eps"]), elementwise_affine=conf["norm_affine"])


def alibi_slopes(heads: int) -> list[float]:
    """ALiBi's slope of each head: powers of two, filled up with those of twice as many heads."""
    power = 2 ** math.floor(math.log2(heads))
    slopes = [2 ** (-8 * (head + 1) / power) for head in range(power)]
    return slopes + (alibi_slopes(2 * power)[::2][: heads - power] if heads > power else [])
