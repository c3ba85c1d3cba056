"""The sample cartoon model: parameter-free graphs in the folder format of ModelScope's DCT-Net, one look per style.

The generators are image filters written as frozen TF1 graphs: a generalised Kuwahara filter (Papari et al. 2007) for
flat areas with crisp borders, soft tone steps and difference-of-Gaussians ink (Winnemoeller et al. 2006).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import tensorflow.compat.v1 as tf

from tools.sample_faces import build as build_faces
from tools.sample_faces import from_half
from tools.sample_filters import box

HEAD_SIDE = 288
STRIDE = 16  # pictures are padded to multiples of it
LUMA_BGR = (0.114, 0.587, 0.299)
CONFIGURATION = {
    "framework": "tensorflow",
    "task": "image-portrait-stylization",
    "pipeline": {"type": "unet-person-image-cartoon"},
}


@dataclass(frozen=True)
class Look:
    """What makes one style: sizes in pixels, amounts 0..1 unless said otherwise."""

    calm: float = 0.004  # variance below which the guided filter flattens
    radius: int = 4  # of the guided filter
    window: int = 3  # of the Kuwahara filter
    steps: float = 5.0  # tone steps between black and white
    stepping: float = 0.8  # how far tones move onto the steps
    saturation: float = 1.4  # factor
    lift: float = 0.8  # gamma; below 1 brightens
    contrast: float = 1.0  # factor around middle grey
    ink: float = 0.85
    ink_width: int = 1  # radius of the finer blur
    ink_gain: float = 90.0
    ink_colour: tuple[float, float, float] = (0.10, 0.06, 0.08)  # BGR
    gloss: float = 0.0  # local contrast and bloom
    pencil: float = 0.0  # 1 = graphite on paper
    paper: float = 0.0  # grain and paper white


LOOKS = {
    "anime": Look(),
    "3d": Look(calm=0.012, radius=5, window=5, stepping=0.0, saturation=1.3, ink=0.2, gloss=0.7),
    "handdrawn": Look(
        steps=7, stepping=0.5, saturation=1.1, lift=0.75, ink=0.75, paper=0.6, ink_colour=(0.15, 0.2, 0.3)
    ),
    "sketch": Look(saturation=0.0, ink=0.8, pencil=1.0, paper=0.4, ink_colour=(0.15, 0.15, 0.15)),
    "artstyle": Look(
        calm=0.008, window=5, steps=4, stepping=1.0, saturation=1.7, lift=1.0, contrast=1.15, ink=0.95, ink_width=2,
        ink_gain=60.0,
    ),
}  # fmt: skip


def build(folder: Path, style: str) -> None:
    """Write a complete model folder for `style` (a key of LOOKS)."""
    folder.mkdir(parents=True, exist_ok=True)
    look = LOOKS[style]
    (folder / "configuration.json").write_text(json.dumps(CONFIGURATION, indent=2) + "\n")
    (folder / "cartoon_bg.pb").write_bytes(generator(look))
    (folder / "cartoon_h.pb").write_bytes(generator(head_look(look)))
    cv2.imwrite(str(folder / "alpha.jpg"), blend_mask(), [cv2.IMWRITE_JPEG_QUALITY, 95])
    build_faces(folder)


def head_look(look: Look) -> Look:
    """The same look for the aligned face: finer lines, one tone step more; colours stay, so that no seam shows."""
    return replace(look, window=3)


def blend_mask(side: int = HEAD_SIDE, border: float = 0.16) -> np.ndarray:
    """uint8 [side,side]: white in the middle, a smooth slope over the `border` fraction, black at the rim."""
    ramp = np.clip(np.minimum(np.arange(side), np.arange(side)[::-1]) / (side * border), 0, 1)
    slope = ramp * ramp * (3 - 2 * ramp)
    return np.round(np.outer(slope, slope) * 255).astype(np.uint8)


def generator(look: Look) -> bytes:
    """Frozen graph: `input_image` float32 [H,W,3] BGR 0..255 → `output_image` uint8 [H,W,3] BGR."""
    with tf.Graph().as_default() as graph:
        frame = tf.placeholder(tf.float32, [None, None, 3], name="input_image")
        planes = paint(tf.transpose(over_white_rim(frame) / 255.0, [2, 0, 1]), look)
        levels = tf.clip_by_value(tf.transpose(planes, [1, 2, 0]), 0.0, 0.999999) * 255.0 + 0.5
        tf.cast(levels, tf.uint8, name="output_image")
        return graph.as_graph_def().SerializeToString(deterministic=True)


def over_white_rim(frame: tf.Tensor) -> tf.Tensor:
    """[H,W,3]: the white that a pipeline adds below and to the right of a picture becomes the pixels beside it, for
    ink would be drawn along it. A picture with a white edge above or on the left has a frame, which stays."""
    tails = [white_tail(frame, axis) for axis in (0, 1)]
    padded = tf.reduce_prod(tf.stack([tf.cast(padded, tf.int32) for _, padded in tails]))
    for axis, (last, _) in enumerate(tails):
        side = tf.shape(frame)[axis]
        frame = tf.gather(frame, tf.minimum(tf.range(side), last + (1 - padded) * side), axis=axis)
    return frame


def white_tail(frame: tf.Tensor, axis: int) -> tuple[tf.Tensor, tf.Tensor]:
    """The last place along `axis` that is not all white, and whether what follows may have been added."""
    side = tf.shape(frame)[axis]
    painted = tf.reduce_min(frame, [1 - axis, 2]) < 255.0
    last = tf.reduce_max(tf.range(side) * tf.cast(painted, tf.int32))
    return last, painted[0] & (last < side - 1) & (side - 1 - last <= STRIDE)


def paint(bgr: tf.Tensor, look: Look) -> tf.Tensor:
    """Planes BGR 0..1 [3,H,W] → the styled picture, same shape and range (not clipped)."""
    flat = kuwahara(guided(bgr, look), look.window)
    lines = ink_lines(flat, look)
    painted = graphite(flat) if look.pencil else tones(glossy(flat, look), look)
    painted = on_paper(painted, look)
    return painted + lines * (column(look.ink_colour) - painted)


def guided(bgr: tf.Tensor, look: Look) -> tf.Tensor:
    """Guided filter (He et al. 2010) by the picture's own luminance: skin goes smooth, eyes and lashes stay."""
    grey = luma(bgr)
    grey_mean, mean = box(grey, look.radius), box(bgr, look.radius)
    variance = box(grey * grey, look.radius) - grey_mean * grey_mean
    slope = (box(grey * bgr, look.radius) - grey_mean * mean) / (variance + look.calm)
    return box(slope, look.radius) * grey + box(mean - slope * grey_mean, look.radius)


def kuwahara(bgr: tf.Tensor, window: int) -> tf.Tensor:
    """Mean of the calmest of the four windows that touch a pixel, weighted softly by how calm each is."""
    grey = luma(bgr)
    unrest = tf.square(grey - box(grey, 1))
    half = window // 2
    means, calm = box(bgr, half), tf.square(tf.square(1.0 / (box(unrest, half) * 2000.0 + 0.2)))
    quarters = list(zip(corners(means * calm, half), corners(calm, half), strict=True))
    return tf.add_n([mean for mean, _ in quarters]) / tf.add_n([weight for _, weight in quarters])


def corners(planes: tf.Tensor, reach: int) -> list[tf.Tensor]:
    """The planes moved by `reach` towards each of the four corners."""
    height, width = tf.shape(planes)[1], tf.shape(planes)[2]
    wide = tf.pad(planes, [[0, 0], [reach, reach], [reach, reach]], "SYMMETRIC")
    return [wide[:, y : y + height, x : x + width] for y in (0, 2 * reach) for x in (0, 2 * reach)]


def tones(bgr: tf.Tensor, look: Look) -> tf.Tensor:
    """Soft posterisation of the luminance, then gamma, contrast and saturation."""
    grey = tf.clip_by_value(luma(bgr), 0.003, 1.0)
    raised = (tf.pow(grey, look.lift) - 0.5) * look.contrast + 0.5
    scaled = raised * look.steps
    stair = tf.floor(scaled) + tf.sigmoid((scaled - tf.floor(scaled) - 0.5) * 14.0)
    toned = raised + look.stepping * (stair / look.steps - raised)
    return toned + (bgr - grey) * look.saturation


def glossy(bgr: tf.Tensor, look: Look) -> tf.Tensor:
    """Rounder shading: more local contrast, and light that spills over highlights."""
    if not look.gloss:
        return bgr
    grey = luma(bgr)
    soft = blur(grey, 8)
    bloom = tf.square(tf.nn.relu(soft - 0.55)) * 1.2
    return bgr + look.gloss * (0.5 * (grey - soft) + bloom)


def ink_lines(bgr: tf.Tensor, look: Look) -> tf.Tensor:
    """Coverage of ink 0..1 [1,H,W]: where the picture is darker than its surroundings."""
    fine = box(luma(bgr), look.ink_width)
    coarse = blur(fine, look.ink_width + 1)
    return look.ink * tf.sigmoid((coarse - fine) * look.ink_gain - 4.0)


def graphite(bgr: tf.Tensor) -> tf.Tensor:
    """Pencil drawing: the picture divided by its blur keeps drawn edges; hatching follows the shade."""
    grey = luma(bgr)
    edges = tf.clip_by_value(grey / (blur(grey, 5) + 0.02), 0.0, 1.0)
    shade = 0.55 + 0.45 * tf.clip_by_value(grey * 1.4, 0.0, 1.0)
    hatch = texture(bgr, hatching()) * tf.clip_by_value(0.7 - grey, 0.0, 1.0)
    return tf.square(edges) * shade * (1.0 - 0.8 * hatch) * column((1.0, 1.0, 1.0))


def on_paper(bgr: tf.Tensor, look: Look) -> tf.Tensor:
    """Warm white paper whose grain shows through the paint."""
    if not look.paper:
        return bgr
    grain = texture(bgr, paper_grain())
    return bgr * (1 - 0.25 * look.paper) + 0.25 * look.paper * column((0.93, 0.97, 0.99)) + look.paper * 0.018 * grain


def column(values: tuple[float, ...]) -> tf.Tensor:
    """One value per plane [c,1,1]."""
    return tf.constant(np.array(values, np.float32).reshape(-1, 1, 1))


def luma(bgr: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(bgr * column(LUMA_BGR), 0, keepdims=True)


def blur(planes: tf.Tensor, radius: int) -> tf.Tensor:
    """Two box means, close to a Gaussian."""
    return box(box(planes, radius), radius)


def texture(like: tf.Tensor, tile: np.ndarray) -> tf.Tensor:
    """A square `tile` repeated over the frame of `like`, as one plane."""
    side, height, width = len(tile), tf.shape(like)[1], tf.shape(like)[2]
    repeats = tf.stack([1, height // side + 1, width // side + 1])
    return tf.tile(from_half(tile[None]), repeats)[:, :height, :width]


def hatching(side: int = 16) -> np.ndarray:
    """Diagonal strokes 0..1."""
    y, x = np.mgrid[0:side, 0:side]
    return 0.5 + 0.5 * np.sin(2 * np.pi * (x + y) * 3 / side)


def paper_grain(side: int = 128) -> np.ndarray:
    """Fine noise around 0, deviation 1."""
    grain = np.random.default_rng(7).normal(size=(side, side))
    grain = cv2.GaussianBlur(grain, (0, 0), 0.9)
    return grain / grain.std()
