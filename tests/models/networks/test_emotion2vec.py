"""Emotion2Vec in torch: every shape of the family, and weights that do not fit."""

import numpy as np
import pytest

from models.emotion import Emotion
from models.engines import Compute
from models.errors import WeightsError
from tests.helpers.standins_emotion import random_model, real_conf, stock_pipeline, tone

VARIANTS = {
    "pre-norm": {"layer_norm_first": True},
    "position norm": {"audio": {"conv_pos_pre_ln": True, "conv_pos_width": 20}},
    "scales per layer": {"num_heads": 12, "embed_dim": 240, "audio": {"learned_alibi_scale_per_layer": True}},
    "no ALiBi, no extra tokens": {"audio": {"use_alibi_encoder": False, "num_extra_tokens": 0}},
}


@pytest.mark.stock
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_shape_of_the_family_agrees_with_stock(tmp_path, variant):
    conf = real_conf(depth=2, prenet=1)
    audio = conf["modalities"]["audio"] | VARIANTS[variant].get("audio", {})
    conf |= {key: value for key, value in VARIANTS[variant].items() if key != "audio"} | {
        "modalities": {"audio": audio}
    }
    audio["num_alibi_heads"] = conf["num_heads"]
    folder = random_model(tmp_path / "weights", conf)

    theirs = stock_pipeline(folder)(tone(1.3), granularity="frame")[0]
    ours = Emotion(folder, compute=Compute("f32", 2, tmp_path / "artifacts")).analyze([tone(1.3)])[0]

    assert np.abs(ours.scores - theirs["scores"]).max() <= 1e-4
    assert np.abs(ours.frame_features - theirs["feats"]).max() <= 1e-3


def test_a_feature_extractor_of_another_family_is_refused(tmp_path):
    conf = real_conf(depth=1, prenet=1)
    folder = random_model(tmp_path / "weights", conf)
    config = folder / "config.yaml"
    config.write_text(config.read_text().replace("extractor_mode: layer_norm", "extractor_mode: default"))

    with pytest.raises(WeightsError, match="extractor_mode"):
        Emotion(folder, compute=Compute("f32", 2, tmp_path / "artifacts"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: state.pop("blocks.1.mlp.fc1.weight"), "blocks.1.mlp.fc1.weight is missing"),
        (lambda state: state.update({"proj.weight": state["proj.weight"][:5]}), r"proj.weight has shape \(5, 256\)"),
    ],
)
def test_a_tensor_missing_or_misshapen_stops_the_model(tmp_path, change, said):
    folder = random_model(tmp_path / "weights", real_conf(depth=2, prenet=1), change=change)

    with pytest.raises(WeightsError, match=said):
        Emotion(folder, compute=Compute("f32", 2, tmp_path / "artifacts"))
    assert not list((tmp_path / "artifacts").iterdir())
