"""The sample person-matting model: a hand-designed frozen graph in ModelScope's format, without learned weights.

Colour clusters, a body-shaped position prior around the skin, geodesic distances from the picture's border and guided
filters (He et al., 2013; the fast form of 2015) stand in for the network.
"""

import json
from pathlib import Path
from typing import Literal

import numpy as np
import tensorflow as tf

from tools.sample_filters import box, enlarge, geodesic, guided, half, highest, predict, shrink, total, weighted

Kind = Literal["portrait", "universal"]
TASKS = {
    "portrait": ("portrait-matting", "unet-image-matting"),
    "universal": ("universal-matting", "unet-universal-matting"),
}
COARSE_SIDE = 96  # where colours and shapes are modelled
MATTE_SIDE = 2 * COARSE_SIDE  # where the edge is refined
SEEDS = 8  # colour clusters start from SEEDS x SEEDS patches
FAR = 9.0  # a geodesic distance that nothing reaches


def build(folder: Path, kind: Kind = "portrait") -> None:
    """Write `configuration.json` and `tf_graph.pb`; the same bytes every time for the same TensorFlow.

    The graph's contract is stock's: `input_image:0` float32 [H,W,3] RGB 0..255, `output_png:0` uint8 [H,W,4] RGBA.
    """
    folder.mkdir(parents=True, exist_ok=True)
    task, pipeline = TASKS[kind]
    configuration = {"framework": "tensorflow", "task": task, "pipeline": {"type": pipeline}}
    (folder / "configuration.json").write_text(json.dumps(configuration, indent=2) + "\n")
    (folder / "tf_graph.pb").write_bytes(frozen_graph(kind).SerializeToString(deterministic=True))


def frozen_graph(kind: Kind) -> tf.compat.v1.GraphDef:
    """The matting graph of one kind as a GraphDef."""
    with tf.Graph().as_default() as graph:
        rgb = tf.compat.v1.placeholder(tf.float32, [None, None, 3], name="input_image")
        alpha = matte(rgb / 255.0 - 0.5, kind) * 255.0
        rgba = tf.concat([tf.clip_by_value(rgb, 0.0, 255.0), alpha[0, ..., None]], -1)
        tf.cast(tf.floor(rgba + 0.5), tf.uint8, name="output_png")
    return tf.compat.v1.graph_util.extract_sub_graph(graph.as_graph_def(), ["output_png"])


def matte(full: tf.Tensor, kind: Kind) -> tf.Tensor:
    """Alpha [1,H,W] in 0..1 of a picture [H,W,3] in -0.5..0.5."""
    picture = shrink(full, MATTE_SIDE)
    soft = enlarge(segment(half(picture), kind), MATTE_SIDE, MATTE_SIDE)
    for _ in range(2):
        soft = compare_neighbourhoods(picture, soft)
    size = tf.shape(full)
    fit = enlarge(guided(picture, soft, radius=4, eps=2e-4), size[0], size[1])
    return tf.clip_by_value((predict(fit, tf.transpose(full, [2, 0, 1])) - 0.08) / 0.84, 0.0, 1.0)


def segment(picture: tf.Tensor, kind: Kind) -> tf.Tensor:
    """A coarse person map [1,96,96] in 0..1: alternate between colour models and the map, as GrabCut does."""
    shares = cluster(colour(picture))
    stands_out = unlike_border(shares)
    skin = skin_map(picture) if kind == "portrait" else tf.zeros_like(stands_out)
    where = locate(skin if kind == "portrait" else stands_out, stands_out)
    prior, core = body_prior(where)
    edge = edges(picture)
    start = border_start(stands_out, where[2])
    distance = geodesic(1.5 * edge + 3e-4, start)
    enclosed = 1.0 - tf.exp(-2.0 * distance)
    person = tf.sigmoid(0.6 * prior + 3.0 * stands_out + 1.5 * enclosed - 2.0 + 2.0 * skin)
    evidence = 0.5 * prior + core + 2.0 * (enclosed - 0.5) + 2.5 * skin
    for _ in range(4):
        guess = tf.sigmoid(1.3 * colour_evidence(shares, person) + evidence)
        person = tf.clip_by_value(predict(guided(picture, guess, radius=4, eps=1e-3), picture), 0.0, 1.0)
    person = keep_connected(fill_holes(person, edge, start), prior + core)
    return person * presence(picture, where[3], distance, kind)


def rows_columns() -> tuple[np.ndarray, np.ndarray]:
    """y [1,96,1] and x [1,1,96] in 0..1; they broadcast to a plane."""
    centres = (np.arange(COARSE_SIDE, dtype=np.float32) + 0.5) / COARSE_SIDE
    return centres.reshape(1, -1, 1), centres.reshape(1, 1, -1)


def colour(picture: tf.Tensor) -> tf.Tensor:
    """Lightness, red against blue, green against both."""
    r, g, b = tf.split(picture, 3, 0)
    return tf.concat([(r + g + b) / 3.0, (r - b) * 1.2, (g - (r + b) / 2.0) * 1.6], 0)


def border_weight() -> tf.Tensor:
    """How surely a pixel of the frame is background: sides and upper corners, little at the top centre, none below."""
    y, x = rows_columns()
    sides = tf.exp(-np.minimum(x, 1 - x) / 0.03) * (1 - 0.8 * y**2)
    top = tf.exp(-y / 0.03) * (0.35 + 0.65 * np.minimum(1, np.abs(x - 0.5) / 0.35) ** 2)
    return tf.maximum(sides, top)


def skin_map(picture: tf.Tensor) -> tf.Tensor:
    """Skin of any tone by its red and green share (0..1), less what the border shows of the same colour."""
    r, g, b = tf.split(picture + 0.517, 3, 0)
    brightness = r + g + b
    off = ((r / brightness - 0.42) / 0.055) ** 2 + ((g / brightness - 0.315) / 0.022) ** 2
    skin = tf.exp(-off) * tf.sigmoid((brightness - 0.45) * 12.0)
    return tf.nn.relu(skin - 1.2 * weighted(skin, border_weight()))


def nearest(values: tf.Tensor, centres: list[tf.Tensor]) -> tf.Tensor:
    """Soft assignment [pixels, clusters] of values [pixels, channels]."""
    spread = 0.05
    gaps = [(values[:, i : i + 1] - centre) ** 2 for i, centre in enumerate(centres)]
    return tf.nn.softmax(tf.add_n(gaps) * (-0.5 / spread**2), -1)


def cluster(colours: tf.Tensor) -> tf.Tensor:
    """Soft k-means in colour and a little position: shares [96*96, 64]."""
    place = [tf.broadcast_to(0.1 * axis, [1, COARSE_SIDE, COARSE_SIDE]) for axis in rows_columns()]
    values = tf.transpose(tf.concat([colours, *place], 0), [1, 2, 0])
    step = COARSE_SIDE // SEEDS
    patches = tf.reshape(values, [SEEDS, step, SEEDS, step, 5])[:, 4:8, :, 4:8]
    seeds = tf.reshape(tf.reduce_mean(patches, [1, 3]), [1, SEEDS * SEEDS, 5])
    values, centres = tf.reshape(values, [-1, 5]), tf.unstack(seeds, axis=-1)
    for _ in range(3):
        shares = nearest(values, centres)
        mass = tf.reduce_sum(shares, 0, keepdims=True) + 1e-3
        centres = [tf.reduce_sum(shares * values[:, i : i + 1], 0, keepdims=True) / mass for i in range(5)]
    return nearest(values, centres)


def histogram(shares: tf.Tensor, weight: tf.Tensor) -> tf.Tensor:
    counts = tf.reduce_sum(shares * tf.reshape(weight, [-1, 1]), 0, keepdims=True)
    return counts / (tf.reduce_sum(counts) + 1e-6)


def on_picture(shares: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    return tf.reshape(tf.reduce_sum(shares * values, -1), [1, COARSE_SIDE, COARSE_SIDE])


def unlike_border(shares: tf.Tensor) -> tf.Tensor:
    """0..1: how much rarer a pixel's colour is on the border than in the picture."""
    border = histogram(shares, border_weight())
    everywhere = tf.reduce_mean(shares, 0, keepdims=True)
    return on_picture(shares, tf.nn.relu(1.0 - 1.4 * border / (border + everywhere + 1e-4)))


def colour_evidence(shares: tf.Tensor, person: tf.Tensor) -> tf.Tensor:
    """Log odds of each pixel's colour under the person's and the background's histogram."""
    fore = histogram(shares, person**2) + 4e-4
    back = histogram(shares, (1.0 - person) ** 2 * (1.0 + 4.0 * border_weight())) + 4e-4
    return on_picture(shares, tf.clip_by_value(tf.math.log(fore / back), -2.5, 2.5))


def locate(cue: tf.Tensor, stands_out: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
    """Centre x, y, size and area of the compact part of a cue: the face, when the cue is skin."""
    y, x = rows_columns()
    mass = cue * (0.2 + stands_out)
    middle = np.exp(-(((x - 0.5) / 0.35) ** 2) - ((y - 0.45) / 0.4) ** 2)
    focus = (mass * box(mass, 6) + 1e-5) * middle
    here = focus
    for _ in range(3):
        cx, cy = weighted(x, here), weighted(y, here)
        away = (x - cx) ** 2 + (y - cy) ** 2
        here = focus * tf.exp(away * (-0.5 / 0.16**2))
    area = tf.reduce_mean(mass * tf.exp(away * (-0.5 / 0.22**2)), [1, 2], keepdims=True)
    return cx, cy, tf.clip_by_value(0.6 * tf.sqrt(area), 0.06, 0.2), area


def body_prior(where: tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
    """Log odds of head and shoulders around a place, and the extra for what lies straight below it."""
    y, x = rows_columns()
    cx, cy, size, _ = where
    across, down = (x - cx) / size, (y - cy) / size
    width = 0.95 + tf.sigmoid((down - 1.2) * 2.5)
    body = 2.5 - 1.3 * (across / width) ** 2 - 1.5 * tf.nn.relu(-down - 1.0) ** 2
    chest = 0.75 + 0.45 * tf.sigmoid((down - 1.6) * 4.0)
    core = 3.0 * tf.exp(-((across / chest) ** 4)) * tf.sigmoid((down + 0.2) * 4.0)
    return tf.maximum(body, -3.5 - 2.5 * tf.sigmoid((down - 1.5) * 3.0)), core


def edges(picture: tf.Tensor) -> tf.Tensor:
    """Local contrast above the border's own."""
    smooth = box(picture, 1)
    contrast = tf.reduce_max(highest(smooth) + highest(-smooth), 0, keepdims=True)
    return tf.nn.relu(contrast - 1.5 * weighted(contrast, border_weight()))


def border_start(stands_out: tf.Tensor, size: tf.Tensor) -> tf.Tensor:
    """Geodesic distances begin at the top and the sides, later where the border's colour is rare.

    The lower ends of the sides count unless the face is so large that shoulders reach them.
    """
    y, x = rows_columns()
    side = np.minimum(x, 1 - x) < 0.02
    frame = np.where((side & (y < 0.8)) | (y < 0.02), 0, FAR).astype(np.float32)
    low = np.where(side & (y >= 0.8), 0, FAR).astype(np.float32) + FAR * tf.sigmoid((size - 0.11) * 100.0)
    return tf.minimum(FAR, tf.nn.relu(stands_out - 0.3) + tf.minimum(frame, low))


def fill_holes(person: tf.Tensor, edge: tf.Tensor, start: tf.Tensor) -> tf.Tensor:
    """Add what cannot be reached from the border without crossing the person."""
    distance = geodesic(tf.sigmoid((person - 0.5) * 12.0) + 0.3 * edge, start)
    return tf.maximum(person, tf.clip_by_value(1.0 - 1.4 * tf.exp(-2.0 * distance), 0.0, 1.0))


def keep_connected(person: tf.Tensor, evidence: tf.Tensor) -> tf.Tensor:
    """Fade what is not joined to the body's core."""
    anchor = tf.sigmoid((evidence - 2.5) * 4.0) * person
    away = geodesic(0.5 * tf.nn.relu(0.7 - person), FAR * (1.0 - anchor))
    return person * tf.exp(-2.0 * tf.nn.relu(away - 0.3))


def presence(picture: tf.Tensor, area: tf.Tensor, distance: tf.Tensor, kind: Kind) -> tf.Tensor:
    """0..1 whether anyone is there: something set off from the border and, unless the picture is grey, skin."""
    contrast = tf.sigmoid((tf.reduce_mean(distance, [1, 2], keepdims=True) - 0.019) * 600.0)
    if kind == "universal":
        return contrast
    tint = tf.reduce_max(picture, 0, keepdims=True) - tf.reduce_min(picture, 0, keepdims=True)
    grey = tf.sigmoid((0.03 - tf.reduce_mean(tint, [1, 2], keepdims=True)) * 400.0)
    return contrast * tf.maximum(tf.sigmoid((area - 0.005) * 2000.0), grey)


def compare_neighbourhoods(picture: tf.Tensor, soft: tf.Tensor) -> tf.Tensor:
    """Sharpen a map by the colours of person and background around each pixel."""
    colours = colour(picture)
    near_back, back = local_cost(colours, (1.0 - soft) ** 2, floor=6e-4)
    near_fore, fore = local_cost(colours, soft**2, floor=1e-3)
    local = tf.clip_by_value((back - fore) * 0.25, -2.5, 2.5) * (4.0 * near_back * near_fore)
    soft = tf.sigmoid(2.2 * tf.math.log((soft + 0.03) / (1.03 - soft)) + local)
    return tf.clip_by_value(predict(guided(picture, soft, radius=3, eps=5e-4), picture), 0.0, 1.0)


def local_cost(colours: tf.Tensor, weight: tf.Tensor, *, floor: float) -> tuple[tf.Tensor, tf.Tensor]:
    """The weight around each pixel, and how badly the weighted colours there (a Gaussian) explain the pixel."""
    sums = box(tf.concat([weight, colours * weight, colours * colours * weight], 0), 16)
    near = sums[:1]
    mean = sums[1:4] / (near + 1e-4)
    variance = tf.nn.relu(sums[4:] / (near + 1e-4) - mean * mean) + floor
    return near, total((colours - mean) ** 2 / variance + tf.math.log(variance))
