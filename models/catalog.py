"""Which models exist: id, revision, the files that are needed, licence, sample."""

from dataclasses import dataclass
from typing import Literal, get_args

Family = Literal["cartoon", "matting", "emotion"]

FAMILIES: tuple[Family, ...] = ("cartoon", "matting", "emotion")
Style = Literal["anime", "3d", "handdrawn", "sketch", "artstyle", "sd-design", "sd-illustration"]
MattingVariant = Literal["portrait", "universal"]

STYLES: tuple[Style, ...] = get_args(Style)

CARTOON_FILES = ("configuration.json", "cartoon_bg.pb", "cartoon_h.pb", "alpha.jpg", "detector.pb", "keypoints.pb")
MATTING_FILES = ("configuration.json", "tf_graph.pb")
EMOTION_FILES = ("configuration.json", "config.yaml", "tokens.txt", "model.pt")
# The last two styles were published later, under a tag of their own.
STYLE_REVISIONS = {"sd-design": "v1.0.0", "sd-illustration": "v1.0.0"}
STYLE_SAMPLES = ("anime", "3d", "handdrawn", "sketch", "artstyle")


@dataclass(frozen=True)
class Model:
    """One set of weights on the hub. `sample` names its folder under `models/samples`, if it has one."""

    family: Family
    variant: str
    id: str
    revision: str
    files: tuple[str, ...]
    licence: str
    sample: str | None

    @property
    def key(self) -> str:
        """Unique and fit for a folder name: `cartoon-anime`."""
        return f"{self.family}-{self.variant}"

    @property
    def is_default(self) -> bool:
        return self.variant == DEFAULT_VARIANT[self.family]


def _cartoon(style: str) -> Model:
    suffix = "" if style == "anime" else f"-{style}"
    return Model(
        family="cartoon",
        variant=style,
        id=f"damo/cv_unet_person-image-cartoon{suffix}_compound-models",
        revision=STYLE_REVISIONS.get(style, "master"),
        files=CARTOON_FILES,
        licence="Apache-2.0",
        sample=f"cartoon{suffix}" if style in STYLE_SAMPLES else None,
    )


def _matting(variant: str, model_id: str, sample: str) -> Model:
    return Model("matting", variant, model_id, "master", MATTING_FILES, "Apache-2.0", sample)


_EMOTION = Model(
    family="emotion",
    variant="large",
    id="iic/emotion2vec_plus_large",
    revision="master",
    files=EMOTION_FILES,
    licence="FunASR Model License 1.1",
    sample="emotion",
)

CATALOG: dict[Family, dict[str, Model]] = {
    "cartoon": {style: _cartoon(style) for style in STYLES},
    "matting": {
        "portrait": _matting("portrait", "damo/cv_unet_image-matting", "matting"),
        "universal": _matting("universal", "damo/cv_unet_universal-matting", "matting-universal"),
    },
    "emotion": {"large": _EMOTION},
}
DEFAULT_VARIANT: dict[Family, str] = {"cartoon": "anime", "matting": "portrait", "emotion": "large"}


def keys_of(names: str) -> tuple[str, ...]:
    """The keys of the default models and of those that are named, by key or variant, in `default,3d,matting-universal`.

    Raises ValueError with the choices for a name that is none of a model.
    """
    models = [model for variants in CATALOG.values() for model in variants.values()]
    named = {name: model for model in models for name in (model.key, model.variant)}
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in named and name != "default":
            choices = ", ".join(model.key for model in models)
            raise ValueError(f"'{name}' is no model; choose all, default, or some of {choices}")
    found = {named[name] for name in wanted if name != "default"}
    return tuple(model.key for model in models if model in found or model.is_default)
