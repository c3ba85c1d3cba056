"""What a picture tells of people before anything is learned: skin, what stands out, what is enclosed, a first guess.

Colour clusters, a body-shaped position prior around the skin, geodesic distances from the picture's border and guided
filters (He et al., 2013; the fast form of 2015); pictures are planes [3,96,96] in -0.5..0.5.
"""

import numpy as np
import tensorflow as tf

from tools.sample_filters import box, geodesic, guided, highest, predict, weighted

COARSE_SIDE = 96  # where colours and shapes are modelled
SEEDS = 8  # colour clusters start from SEEDS x SEEDS patches
ROUNDS = 4  # of colours and map
FAR = 9.0  # a geodesic distance that nothing reaches


def clues(picture: tf.Tensor, *, people: bool = True) -> tf.Tensor:
    """Planes [4,96,96] in 0..1: skin, what stands out, what is enclosed, and a guess at one person.

    The guess alternates between colour models and the map, as GrabCut does. Without `people` no skin is looked for, and
    the guess is at whatever stands out.
    """
    shares, border = cluster(colour(picture)), tf.constant(border_weight())
    stands_out = unlike_border(shares, border)
    skin = skin_map(picture, border) if people else tf.zeros_like(stands_out)
    where = locate(skin if people else stands_out, stands_out)
    prior, core = body_prior(where)
    edge = edges(picture, border)
    start = border_start(stands_out, where[2])
    distance = geodesic(1.5 * edge + 3e-4, start)
    enclosed = 1.0 - tf.exp(-2.0 * distance)
    person = tf.sigmoid(0.6 * prior + 3.0 * stands_out + 1.5 * enclosed - 2.0 + 2.0 * skin)
    evidence = 0.5 * prior + core + 2.0 * (enclosed - 0.5) + 2.5 * skin
    for _ in range(ROUNDS):
        guess = tf.sigmoid(1.3 * colour_evidence(shares, person, border) + evidence)
        person = tf.clip_by_value(predict(guided(picture, guess, radius=4, eps=1e-3), picture), 0.0, 1.0)
    person = keep_connected(fill_holes(person, edge, start), prior + core)
    return tf.clip_by_value(tf.concat([skin, stands_out, enclosed, person], 0), 0.0, 1.0)


def rows_columns() -> tuple[np.ndarray, np.ndarray]:
    """y [1,96,1] and x [1,1,96] in 0..1; they broadcast to a plane."""
    centres = (np.arange(COARSE_SIDE, dtype=np.float32) + 0.5) / COARSE_SIDE
    return centres.reshape(1, -1, 1), centres.reshape(1, 1, -1)


def colour(picture: tf.Tensor) -> tf.Tensor:
    """Lightness, red against blue, green against both."""
    r, g, b = tf.split(picture, 3, 0)
    return tf.concat([(r + g + b) / 3.0, (r - b) * 1.2, (g - (r + b) / 2.0) * 1.6], 0)


def border_weight() -> np.ndarray:
    """How surely a pixel of the frame is background: sides and upper corners, little at the top centre, none below."""
    y, x = rows_columns()
    sides = np.exp(-np.minimum(x, 1 - x) / 0.03) * (1 - 0.8 * y**2)
    top = np.exp(-y / 0.03) * (0.35 + 0.65 * np.minimum(1, np.abs(x - 0.5) / 0.35) ** 2)
    return np.maximum(sides, top).astype(np.float32)


def skin_map(picture: tf.Tensor, border: tf.Tensor) -> tf.Tensor:
    """Skin of any tone by its red and green share (0..1), less what the border shows of the same colour."""
    r, g, b = tf.split(picture + 0.517, 3, 0)
    brightness = r + g + b
    off = ((r / brightness - 0.42) / 0.055) ** 2 + ((g / brightness - 0.315) / 0.022) ** 2
    skin = tf.exp(-off) * tf.sigmoid((brightness - 0.45) * 12.0)
    return tf.nn.relu(skin - 1.2 * weighted(skin, border))


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


def unlike_border(shares: tf.Tensor, border: tf.Tensor) -> tf.Tensor:
    """0..1: how much rarer a pixel's colour is on the border than in the picture."""
    rim = histogram(shares, border)
    everywhere = tf.reduce_mean(shares, 0, keepdims=True)
    return on_picture(shares, tf.nn.relu(1.0 - 1.4 * rim / (rim + everywhere + 1e-4)))


def colour_evidence(shares: tf.Tensor, person: tf.Tensor, border: tf.Tensor) -> tf.Tensor:
    """Log odds of each pixel's colour under the person's and the background's histogram."""
    fore = histogram(shares, person**2) + 4e-4
    back = histogram(shares, (1.0 - person) ** 2 * (1.0 + 4.0 * border)) + 4e-4
    return on_picture(shares, tf.clip_by_value(tf.math.log(fore / back), -2.5, 2.5))


def locate(cue: tf.Tensor, stands_out: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
    """Centre x, y, size and area of the compact part of a cue: the face, when the cue is skin."""
    y, x = rows_columns()
    mass = cue * (0.2 + stands_out)
    across, down = np.exp(-(((x - 0.5) / 0.35) ** 2)), np.exp(-(((y - 0.45) / 0.4) ** 2))
    focus = (mass * box(mass, 6) + 1e-5) * across * down
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


def edges(picture: tf.Tensor, border: tf.Tensor) -> tf.Tensor:
    """Local contrast above the border's own."""
    smooth = box(picture, 1)
    contrast = tf.reduce_max(highest(smooth) + highest(-smooth), 0, keepdims=True)
    return tf.nn.relu(contrast - 1.5 * weighted(contrast, border))


def border_start(stands_out: tf.Tensor, size: tf.Tensor) -> tf.Tensor:
    """Geodesic distances begin at the top and the sides, later where the border's colour is rare.

    The lower ends of the sides count unless the face is so large that shoulders reach them.
    """
    y, x = rows_columns()
    side = tf.constant(np.float32(np.minimum(x, 1 - x) < 0.02))  # rows and columns alone are kept in the file
    high, low = (tf.constant(np.float32(rows)) for rows in (y < 0.8, y >= 0.8))
    frame = 1.0 - tf.maximum(side * high, np.float32(y < 0.02))
    below = 1.0 - side * low + tf.sigmoid((size - 0.11) * 100.0)
    return tf.minimum(FAR, tf.nn.relu(stands_out - 0.3) + FAR * tf.minimum(frame, below))


def fill_holes(person: tf.Tensor, edge: tf.Tensor, start: tf.Tensor) -> tf.Tensor:
    """Add what cannot be reached from the border without crossing the person."""
    distance = geodesic(tf.sigmoid((person - 0.5) * 12.0) + 0.3 * edge, start)
    return tf.maximum(person, tf.clip_by_value(1.0 - 1.4 * tf.exp(-2.0 * distance), 0.0, 1.0))


def keep_connected(person: tf.Tensor, evidence: tf.Tensor) -> tf.Tensor:
    """Fade what is not joined to the body's core."""
    anchor = tf.sigmoid((evidence - 2.5) * 4.0) * person
    away = geodesic(0.5 * tf.nn.relu(0.7 - person), FAR * (1.0 - anchor))
    return person * tf.exp(-2.0 * tf.nn.relu(away - 0.3))


def contrast(enclosed: tf.Tensor) -> tf.Tensor:
    """0..1 whether anything is set off from the border."""
    distance = -0.5 * tf.math.log(tf.maximum(1.0 - enclosed, 1e-8))
    return tf.sigmoid((tf.reduce_mean(distance, [1, 2], keepdims=True) - 0.019) * 600.0)
