"""Which models exist."""

import pytest

from models.catalog import CATALOG, DEFAULT_VARIANT, FAMILIES, STYLES, keys_of
from models.weights.store import SAMPLES


def test_ten_models_with_keys_of_their_own_and_a_default_for_every_family() -> None:
    models = [model for family in FAMILIES for model in CATALOG[family].values()]
    assert len({model.key for model in models}) == len({model.id for model in models}) == 10
    assert all(DEFAULT_VARIANT[family] in CATALOG[family] for family in FAMILIES)
    assert tuple(CATALOG["cartoon"]) == STYLES


def test_every_sample_named_is_there_with_all_its_files() -> None:
    for model in (model for variants in CATALOG.values() for model in variants.values() if model.sample):
        assert {path.name for path in (SAMPLES / str(model.sample)).iterdir()} >= set(model.files)


def test_styles_published_later_are_asked_for_by_their_tag() -> None:
    assert {style: CATALOG["cartoon"][style].revision for style in ("anime", "sd-design")} == {
        "anime": "master",
        "sd-design": "v1.0.0",
    }


@pytest.mark.parametrize("names", ["default", "default,anime", "cartoon-anime", " anime , large"])
def test_the_default_models_are_always_among_the_named(names: str) -> None:
    assert keys_of(names) == ("cartoon-anime", "matting-portrait", "emotion-large")


def test_models_are_named_by_key_or_variant_and_a_wrong_name_brings_the_choices() -> None:
    assert set(keys_of("3d,matting-universal")) - set(keys_of("default")) == {"cartoon-3d", "matting-universal"}
    with pytest.raises(ValueError, match="'cubist' is no model; choose all, default, or some of cartoon-anime"):
        keys_of("3d,cubist")
