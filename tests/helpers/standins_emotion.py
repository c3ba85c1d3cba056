"""Emotion2Vec folders of the real architecture, filled with random numbers, in the layout that FunASR loads."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.networks.emotion2vec import Emotion2Vec
from tools.sample_emotion import model_conf, write_folder

REAL_CONVOLUTIONS = "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512, 2, 2)] + [(512, 2, 2)]"


def real_conf(*, dim: int = 256, heads: int = 8, depth: int = 4, prenet: int = 2) -> dict[str, Any]:
    """The configuration of emotion2vec_plus at another width and depth."""
    return model_conf(dim=dim, heads=heads, depth=depth, prenet=prenet, convolutions=REAL_CONVOLUTIONS, channels=16)


def random_model(folder: Path, conf: dict[str, Any], *, change: Callable[[dict], None] | None = None) -> Path:
    """Write a seeded random model to `folder`, its labels well apart; `change` may spoil the tensors before."""
    torch.manual_seed(7)
    model = Emotion2Vec(conf, labels=9)
    state = copy.deepcopy(model.state_dict())
    if "modality_encoders.AUDIO.alibi_scale" in state:
        state["modality_encoders.AUDIO.alibi_scale"].uniform_(0.5, 1.5)
    state["proj.weight"].mul_(4)
    if change:
        change(state)
    write_folder(folder, conf, state)
    return folder


def tone(seconds: float, *, seed: int = 0) -> np.ndarray:
    """A gliding, pulsing tone with a little noise: float32 mono 16 kHz."""
    time = np.arange(round(seconds * 16000)) / 16000
    pitch = 150 + 60 * np.sin(2 * np.pi * 0.7 * time + seed)
    pulse = 0.6 + 0.4 * np.sin(2 * np.pi * 3 * time)
    noise = np.random.default_rng(seed).normal(0, 0.01, time.size)
    harmonics = sum(np.sin(2 * np.pi * k * np.cumsum(pitch) / 16000) / k for k in range(1, 9))
    return (0.1 * pulse * harmonics + noise).astype(np.float32)


@lru_cache
def stock_pipeline(folder: Path):
    from modelscope.pipelines import pipeline
    from modelscope.utils.constant import Tasks

    return pipeline(Tasks.emotion_recognition, model=str(folder), disable_update=True, ncpu=2)
