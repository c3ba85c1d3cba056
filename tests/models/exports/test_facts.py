"""What a file says of itself: of samples that they are ones, of others their id and their licence."""

from dataclasses import replace
from pathlib import Path

from models.catalog import CATALOG
from models.exports import facts
from models.exports.parts import PARTS
from models.weights.store import SAMPLES, Located

MODEL = CATALOG["emotion"]["large"]
SAMPLE = Located(SAMPLES / "emotion", "sample", "sample", {"model.pt": "ab" * 32}, "cd")


def test_metadata_of_a_sample_and_of_the_published_model() -> None:
    (part,) = PARTS["emotion"]
    told = facts.metadata(MODEL, SAMPLE, part, "f16")
    assert told["model"].startswith("sample of Prewarm's") and told["licence"] == "Apache-2.0"
    assert told["labels"].startswith('["angry", "disgusted"') and told["columns"].startswith("[0, 1, 2")
    published = facts.metadata(MODEL, replace(SAMPLE, source="hub", revision="v1"), part, "f32")
    assert (published["model"], published["licence"]) == (MODEL.id, MODEL.licence)
    assert (published["revision"], published["sha256"], published["precision"]) == ("v1", "ab" * 32, "f32")


def test_the_readme_names_inputs_and_outputs() -> None:
    from models.exports.files import Written

    (part,) = PARTS["emotion"]
    text = facts.readme(MODEL, SAMPLE, [Written(Path("emotion.f32.onnx"), part, "f32", 2_600_000, 1.0, [])])
    assert "| input | `waveform` | 1 × samples |" in text and "| output | `logits` |" in text
    assert "emotion.f32.onnx | 2.6 | model.pt | abab" in text and "angry" in text
