"""A random Emotion2Vec of the size of emotion2vec_plus_large in FunASR's folder format, ~1.9 GB on disk.

Its model.pt also carries tensors that inference never reads, as the published file does.
"""

from pathlib import Path

import torch

from tests.helpers.standins_emotion import random_model, real_conf

WIDTH, HEADS, DEPTH, PRENET = 1024, 16, 16, 8  # 24 layers, about 310 M parameters
UNUSED_FLOATS = 170_000_000
UNUSED_SHAPE = (1000, UNUSED_FLOATS // 1000)


def write_emotion(folder: Path) -> Path:
    """model.pt, config.yaml, configuration.json and tokens.txt in `folder`."""
    conf = real_conf(dim=WIDTH, heads=HEADS, depth=DEPTH, prenet=PRENET)
    return random_model(folder, conf, change=_add_unused)


def _add_unused(state: dict[str, torch.Tensor]) -> None:
    state["decoder.unused"] = torch.randn(UNUSED_SHAPE, generator=torch.Generator().manual_seed(3))
