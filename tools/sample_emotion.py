"""Trains the small Emotion2Vec that stands in for the real one where no hub can be reached."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

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


def write_folder(folder: Path, conf: dict[str, Any], state: dict[str, Any]) -> None:
    """Write tensors and configuration in the layout that FunASR and ModelScope load."""
    import torch

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
