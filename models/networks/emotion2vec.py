"""Emotion2Vec inference in torch, for conversion and for GPUs: waveform in, features and logits of every frame out.

Ma et al., "emotion2vec", 2023 (arXiv 2312.15185), of the data2vec 2.0 family: convolutions over the waveform, then over
positions, then attention with a symmetric ALiBi bias (Press et al., 2022) of learned scale. Modules carry the names of
FunASR's checkpoint and read `model_conf` of its config.yaml, so that its tensors fit as they are.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import Tensor, nn
from torch.nn import functional as F

from models.engines import Precision
from models.errors import WeightsError
from models.networks.layers import Block, alibi_slopes, norm, positions, waveform_layers
from models.weights import checkpoint

HOP = 320  # samples per frame at 16 kHz: 50 frames a second
ROWS = 8  # the CPU's matrix product takes up to 1.7 times as long for a prime number of tokens
NEVER = -1e9  # added to a score of attention, leaves nothing after softmax


def load(folder: Path, *, labels: int) -> Emotion2Vec:
    """The model in FunASR's `folder` (model.pt, config.yaml), ready for inference.

    A tensor missing or of another shape raises WeightsError, where FunASR goes on with random numbers. Tensors that
    only training needs are left on disk.
    """
    config = read_config(folder)
    with torch.device("meta"):
        model = Emotion2Vec(config["model_conf"], labels=labels)
    path = folder / "model.pt"
    stored = checkpoint.read(path)
    for wrapper in ("state_dict", "model_state_dict", "model"):
        stored = stored.get(wrapper, stored)
    wanted = {name: tensor.shape for name, tensor in model.state_dict().items()}
    model.load_state_dict(_matching(wanted, stored, _prefixes(config.get("scope_map")), path), assign=True)
    return model.eval().requires_grad_(False)


def export(model: Emotion2Vec, path: Path, *, precision: Precision) -> None:
    """Write `model` as an OpenVINO network (.xml, .bin): `waveform` [1,S] → `features`, `logits`. Weights are in f32;
    for bf16 in f16, rounded to bf16 first, as the arithmetic would, so that it loses nothing more; for int8 in 8 bits,
    those of convolutions in f16."""
    import openvino as ov

    from models.engines import int8

    rounded = {"f32": (), "bf16": (nn.Linear, nn.Conv1d), "int8": (nn.Conv1d,), "f16": ()}[precision]
    for matrix in (module.weight for module in model.modules() if isinstance(module, rounded)):
        matrix.data = matrix.data.bfloat16().float()
    # By torch's own tracer: OpenVINO would have its trace checked, by passes more and seconds of imports.
    traced = torch.jit.trace(model, torch.zeros(1, 16_000), check_trace=False)
    network = ov.convert_model(traced, example_input=torch.zeros(1, 16_000))
    network.reshape([1, -1])
    for port, name in zip([*network.inputs, *network.outputs], ("waveform", "features", "logits"), strict=True):
        port.get_tensor().set_names({name})
    if precision == "int8":
        int8.quantize(network)
    ov.save_model(network, path, compress_to_fp16=precision != "f32")


def read_config(folder: Path) -> dict[str, Any]:
    """The parsed config.yaml of `folder`."""
    return yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))


def convolutions(conf: Mapping[str, Any]) -> list[tuple[int, int, int]]:
    """(channels, kernel, stride) of each layer, from text such as `[(512, 10, 5)] + [(512, 3, 2)] * 4`."""

    def value(node: ast.expr) -> Any:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return value(node.left) + value(node.right)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            return value(node.left) * value(node.right)
        return ast.literal_eval(node)

    layers = value(ast.parse(conf["modalities"]["audio"]["feature_encoder_spec"], mode="eval").body)
    if math.prod(stride for _, _, stride in layers) != HOP:
        raise _unknown(f"feature_encoder_spec must make one frame of {HOP} samples")
    return layers


def field(layers: Iterable[tuple[int, int, int]]) -> int:
    """Samples that one frame sees."""
    size, hop = 1, 1
    for _, kernel, stride in layers:
        size, hop = size + (kernel - 1) * hop, hop * stride
    return size


def _unknown(message: str) -> WeightsError:
    return WeightsError(f"config.yaml: {message}. Only Emotion2Vec models are known.", reason="architecture")


def _prefixes(scope_map: str | list[str] | None) -> list[tuple[str, str]]:
    """FunASR's pairs (name in file, name in model); the last match wins there, so it stands first here."""
    scopes = scope_map.split(",") if isinstance(scope_map, str) else list(scope_map or [])
    plain = ["" if str(scope).lower() == "none" else str(scope) for scope in [*scopes, "module.", "none"]]
    return [*reversed(list(zip(plain[::2], plain[1::2], strict=True))), ("", "")]


def _matching(
    wanted: Mapping[str, torch.Size], stored: Mapping[str, Tensor], prefixes: list[tuple[str, str]], path: Path
) -> dict[str, Tensor]:
    found = {}
    for name, shape in wanted.items():
        names = [file + name.removeprefix(own) for file, own in prefixes if name.startswith(own)]
        tensor = next((stored[candidate] for candidate in names if candidate in stored), None)
        if tensor is None or tensor.shape != shape:
            state = "is missing" if tensor is None else f"has shape {tuple(tensor.shape)}, not {tuple(shape)}"
            message = f"{path}: tensor {name} {state}. Fetch model.pt and config.yaml of one revision again."
            raise WeightsError(message, reason="tensor", path=str(path), tensor=name)
        found[name] = tensor.float()
    return found


class Emotion2Vec(nn.Module):
    """Normalised waveform [1,S] at 16 kHz → frame features [1,T,D] and frame logits [1,T,L]."""

    def __init__(self, conf: Mapping[str, Any], *, labels: int) -> None:
        super().__init__()
        self.modality_encoders = nn.ModuleDict({"AUDIO": AudioEncoder(conf)})
        self.blocks = nn.ModuleList(Block(conf) for _ in range(conf["depth"]))
        self.norm = norm(conf) if conf["layer_norm_first"] else nn.Identity()
        self.proj = nn.Linear(conf["embed_dim"], labels)

    def forward(self, waveform: Tensor) -> tuple[Tensor, Tensor]:
        encoder = self.modality_encoders["AUDIO"]
        x, biases, frames = encoder(waveform)
        for block, bias in zip(self.blocks, biases[encoder.prenet :], strict=False):
            x = block(x, bias)
        features = self.norm(x)[:, encoder.extra : encoder.extra + frames]
        return features, self.proj(features)


class AudioEncoder(nn.Module):
    """Waveform [1,S] → tokens [1,E+F,D], the attention bias of every later layer, and T: E extra tokens, T frames, and
    what fills them up to a multiple of ROWS."""

    def __init__(self, conf: Mapping[str, Any]) -> None:
        super().__init__()
        audio, dim, layers = conf["modalities"]["audio"], conf["embed_dim"], convolutions(conf)
        if audio.get("learned_alibi") or audio["extractor_mode"] != "layer_norm":
            raise _unknown("learned_alibi must be false and extractor_mode layer_norm")
        self.extra, self.prenet, self.depth = audio["num_extra_tokens"], audio["prenet_depth"], conf["depth"]
        self.field = field(layers)
        self.local_encoder = nn.ModuleDict({"conv_layers": waveform_layers(layers)})
        channels = layers[-1][0]
        self.project_features = nn.Sequential(nn.Identity(), nn.LayerNorm(channels), nn.Linear(channels, dim))
        self.relative_positional_encoder = positions(audio, dim)
        self.context_encoder = nn.ModuleDict({"blocks": nn.ModuleList(Block(conf) for _ in range(self.prenet))})
        self.context_encoder["norm"] = nn.Identity() if conf["layer_norm_first"] else norm(conf)
        if self.extra:
            self.extra_tokens = nn.Parameter(torch.zeros(1, self.extra, dim))
        self.heads = (audio["num_alibi_heads"], conf["num_heads"]) if audio["use_alibi_encoder"] else None
        if self.heads:
            layered = self.prenet + audio["model_depth"] if audio["learned_alibi_scale_per_layer"] else 1
            headed = self.heads[0] if audio["learned_alibi_scale_per_head"] else 1
            self.alibi_scale = nn.Parameter(torch.ones(layered, 1, headed, 1, 1))

    def forward(self, waveform: Tensor) -> tuple[Tensor, list[Tensor], int]:
        x = waveform.unsqueeze(2)
        for layer in self.local_encoder["conv_layers"].children():
            x = layer(x)
        x = self.project_features(x)
        # From the samples: by way of x.shape, OpenVINO would keep all that makes x in f32.
        frames = (waveform.shape[1] - self.field) // HOP + 1
        filling = -(self.extra + frames) % ROWS
        x = F.pad(x + self.relative_positional_encoder(x), (0, 0, 0, filling))
        biases = self._biases(frames, frames + filling, waveform.device)
        if self.extra:
            x = torch.cat([self.extra_tokens.expand(x.shape[0], -1, -1), x], dim=1)
        x = self.context_encoder["norm"](x)
        for block, bias in zip(self.context_encoder["blocks"].children(), biases, strict=False):
            x = block(x, bias)
        return x, biases, frames

    def _biases(self, frames: int, filled: int, device: torch.device) -> list[Tensor]:
        """Per layer, [1,H,E+F,E+F] (or to broadcast to it): minus the distance in frames, by head; nothing to or from
        extra tokens; never to what the frames are filled up with."""
        places, layers = torch.arange(filled, device=device), self.prenet + self.depth
        filling = F.pad((places >= frames) * NEVER, (self.extra, 0))[None, None, None]
        if not self.heads:
            return [filling] * layers
        # Whole numbers until here: in bf16 those above 256 would be rounded before they are subtracted.
        distance = -(places[:, None] - places[None, :]).abs()
        bias = torch.tensor(alibi_slopes(self.heads[0]), device=device)[None, :, None, None] * distance
        idle = self.heads[1] - self.heads[0]
        scales = self.alibi_scale.clamp_min(0).unbind()
        made = [F.pad(bias * scale, (self.extra, 0, self.extra, 0, 0, idle)) + filling for scale in scales]
        return made if len(made) > 1 else made * layers
