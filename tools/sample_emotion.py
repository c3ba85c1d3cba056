"""The sample emotion model: a small Emotion2Vec, trained here on synthetic prosody, in FunASR's folder format.

It stands in for the real one where no hub can be reached. About four minutes on two cores; the seed is fixed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch.nn import functional as F

from models.emotion import LABELS
from models.networks.emotion2vec import Emotion2Vec
from tools.prosody import RATE, disturb, synthesize
from tools.spoken import MANNERS, speak

SEED = 20
THREADS = 2
CLIPS = 160  # per label
CLIP_SECONDS = 3.2
STEPS = 700
BATCH = 18
LEARNING_RATE = 1.5e-3
ADAPTING_STEPS = 140
ADAPTING_RATE = 1e-3
# The smallest stack with the real one's strides: 320 samples a frame.
CONVOLUTIONS = "[(24, 10, 5)] + [(32, 3, 2)] + [(48, 3, 2)] + [(64, 3, 2)] * 2 + [(64, 2, 2)] * 2"
TOKENS = (
    "生气/angry",
    "厌恶/disgusted",
    "恐惧/fearful",
    "开心/happy",
    "中立/neutral",
    "其他/other",
    "难过/sad",
    "吃惊/surprised",
    "<unk>",
)


def build(folder: Path) -> None:
    """Train the sample and write it to `folder`: model.pt, config.yaml, tokens.txt, configuration.json (under 3 MB)."""
    conf = model_conf(dim=96, heads=4, depth=3, prenet=1, convolutions=CONVOLUTIONS, channels=8)
    write_folder(folder, conf, adapt(train(conf)).state_dict())


def train(conf: dict[str, Any]) -> Emotion2Vec:
    """A model that tells the nine labels of tools/prosody.py apart, through other rooms and microphones."""
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    rng = np.random.default_rng(SEED)
    pool = [[synthesize(label, seconds=CLIP_SECONDS, rng=rng) for _ in range(CLIPS)] for label in LABELS]
    model = Emotion2Vec(conf, labels=len(LABELS)).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, STEPS, pct_start=0.1)
    for _ in range(STEPS):
        _step(model, optimizer, *_batch(pool, rng))
        schedule.step()
    return model.eval()


def adapt(model: Emotion2Vec) -> Emotion2Vec:
    """The same model after it also heard whole sentences: syllables alone do not carry over to speech."""
    torch.set_num_threads(THREADS)
    rng = np.random.default_rng(SEED)
    pool = [[_clip(label, rng) for _ in range(CLIPS)] for label in LABELS]
    optimizer = torch.optim.AdamW(model.train().parameters(), lr=ADAPTING_RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, ADAPTING_RATE, ADAPTING_STEPS, pct_start=0.1)
    for _ in range(ADAPTING_STEPS):
        _step(model, optimizer, *_batch(pool, rng))
        schedule.step()
    return model.eval()


def _clip(label: str, rng: np.random.Generator) -> np.ndarray:
    """Three in four spoken where the label can be spoken, the others of syllables."""
    if label in MANNERS and rng.random() < 0.75:
        clip = speak(label, rng)
        return np.pad(clip, (0, max(0, round(2.0 * RATE) - len(clip))))
    return synthesize(label, seconds=CLIP_SECONDS, rng=rng)


def _step(model: Emotion2Vec, optimizer: torch.optim.Optimizer, waveforms: torch.Tensor, targets: torch.Tensor) -> None:
    _, logits = model(waveforms)
    optimizer.zero_grad()
    F.cross_entropy(logits.mean(dim=1), targets, label_smoothing=0.1).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def _batch(pool: list[list[np.ndarray]], rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Normalised pieces of equal length [B,S] and their labels [B]."""
    size = round(rng.uniform(1.0, 2.0) * RATE)
    targets = np.arange(BATCH) % len(pool)
    pieces = []
    for target in targets:
        clip = pool[target][rng.integers(CLIPS)]
        start = rng.integers(len(clip) - size + 1)
        pieces.append(disturb(clip[start : start + size], rng=rng))
    waveforms = torch.from_numpy(np.stack(pieces)).float()
    return F.layer_norm(waveforms, waveforms.shape[1:]), torch.from_numpy(targets)


def model_conf(*, dim: int, heads: int, depth: int, prenet: int, convolutions: str, channels: int) -> dict[str, Any]:
    """`model_conf` as in emotion2vec_plus, at another size; `channels` is the number of groups of the positions."""
    audio = {
        "type": "AUDIO",
        "prenet_depth": prenet,
        "prenet_layerdrop": 0.0,
        "prenet_dropout": 0.0,
        "start_drop_path_rate": 0.0,
        "end_drop_path_rate": 0.0,
        "num_extra_tokens": 10,
        "init_extra_token_zero": True,
        "use_alibi_encoder": True,
        "alibi_scale": 1.0,
        "learned_alibi": False,
        "alibi_max_pos": None,
        "learned_alibi_scale": True,
        "learned_alibi_scale_per_head": True,
        "learned_alibi_scale_per_layer": False,
        "num_alibi_heads": heads,
        "model_depth": depth,
        "local_grad_mult": 1.0,
        "extractor_mode": "layer_norm",
        "feature_encoder_spec": convolutions,
        "conv_pos_width": 95,
        "conv_pos_groups": channels,
        "conv_pos_depth": 5,
        "conv_pos_pre_ln": False,
        "decoder": None,
    }
    return {
        "normalize": True,
        "embed_dim": dim,
        "depth": depth,
        "num_heads": heads,
        "mlp_ratio": 4.0,
        "norm_eps": 1e-05,
        "norm_affine": True,
        "layer_norm_first": False,
        "end_of_block_targets": False,
        "average_top_k_layers": depth,
        "clone_batch": 1,
        "loss_beta": 0.0,
        "loss_scale": None,
        "layerdrop": 0.0,
        "dropout_input": 0.0,
        "encoder_dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "post_mlp_drop": 0.0,
        "start_drop_path_rate": 0.0,
        "end_drop_path_rate": 0.0,
        "modalities": {"audio": audio},
    }


def write_folder(folder: Path, conf: dict[str, Any], state: Mapping[str, torch.Tensor]) -> None:
    """Write tensors and configuration in the layout that FunASR and ModelScope load."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "model": "Emotion2vec",
        "model_conf": conf,
        "tokenizer": "CharTokenizer",
        "tokenizer_conf": {"unk_symbol": "<unk>", "split_with_space": True},
        "scope_map": ["d2v_model.", "none"],
    }
    metas = {"init_param": "model.pt", "config": "config.yaml", "tokenizer_conf": {"token_list": "tokens.txt"}}
    about = {
        "framework": "pytorch",
        "task": "emotion-recognition",
        "pipeline": {"type": "funasr-pipeline"},
        "model": {"type": "funasr"},
        "file_path_metas": metas,
        "model_name_in_hub": {"ms": "prewarm/emotion_sample", "hf": ""},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "configuration.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    (folder / "tokens.txt").write_text("\n".join(TOKENS), encoding="utf-8")
    torch.save({"model": {name: tensor.contiguous() for name, tensor in state.items()}}, folder / "model.pt")
