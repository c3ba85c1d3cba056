"""A drawn portrait and a made-up voice, for tests and screenshots that show nobody's face and need no downloads."""

import io
from functools import cache

import cv2
import numpy as np
import soundfile

Point, Colour = tuple[int, int], tuple[int, int, int]
HAIR, SKIN, SHADE, SHIRT = (58, 38, 30), (232, 188, 158), (205, 150, 120), (52, 92, 120)
FACE, FACE_AXES, HAIR_AXES = (450, 480), (200, 265), (275, 350)


def portrait(*, hair: Point = HAIR_AXES, beard: int = 0) -> np.ndarray:
    """A smiling person before a soft wall, RGB uint8 [1100,900,3]; its hair as wide and high as its oval, its beard so
    many pixels long."""
    return _portrait(hair, beard).copy()


@cache
def _portrait(hair: Point, beard: int) -> np.ndarray:
    picture = _wall(1100, 900)
    _body(picture, hair, HAIR, SHIRT, (214, 166, 136))
    _face(picture)
    _beard(picture, beard, HAIR)
    for x in (370, 530):
        _eye(picture, x)
    _mouth_and_nose(picture)
    _fringe(picture)
    grain = np.random.default_rng(0).normal(0, 3, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.8) + grain, 0, 255).astype(np.uint8)


def portrait_matte(*, hair: Point = HAIR_AXES, beard: int = 0) -> np.ndarray:
    """Where that person is, float32 [1100,900] in 0..1."""
    matte = np.zeros((1100, 900, 3), np.uint8)
    white = (255, 255, 255)
    _body(matte, hair, white, white, white)
    _oval(matte, FACE, FACE_AXES, white)
    _beard(matte, beard, white)
    return matte[..., 0].astype(np.float32) / 255


def png(rgb: np.ndarray) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1].tobytes()


def voice(seconds: float = 2.0, rate: int = 16_000) -> bytes:
    """WAV bytes: a gliding harmonic tone in syllables, with a pause before and after."""
    time = np.arange(int(seconds * rate)) / rate
    pitch = 180 + 60 * np.sin(2 * np.pi * 0.8 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tone = sum(np.sin(k * phase) / k for k in range(1, 12))
    loudness = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1) * ((time > 0.3) & (time < seconds - 0.3))
    file = io.BytesIO()
    soundfile.write(file, (0.25 * tone * loudness).astype(np.float32), rate, format="WAV")
    return file.getvalue()


def _wall(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    wall = np.stack([150 + 60 * np.sin(2 * x), 185 - 30 * y, 200 - 60 * y + 20 * x], axis=-1).astype(np.uint8)
    for centre, radius in (((90, 150), 70), ((780, 260), 110), ((700, 80), 50), ((150, 480), 90)):
        light = cv2.circle(wall.copy(), centre, radius, (235, 225, 190), -1)
        wall = cv2.addWeighted(light, 0.35, wall, 0.65, 0)
    return cv2.GaussianBlur(wall, (0, 0), 12)


def _oval(picture: np.ndarray, centre: Point, axes: Point, colour: Colour) -> None:
    cv2.ellipse(picture, centre, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)


def _body(picture: np.ndarray, axes: Point, hair: Colour, shirt: Colour, skin: Colour) -> None:
    _oval(picture, (450, 470), axes, hair)
    _oval(picture, (450, 1120), (400, 330), shirt)
    cv2.rectangle(picture, (370, 650), (530, 850), skin, -1)
    _oval(picture, (450, 845), (120, 60), skin)


def _beard(picture: np.ndarray, length: int, colour: Colour) -> None:
    if length:
        cv2.ellipse(picture, (450, 620), (210, length), 0, 0, 180, colour, -1, cv2.LINE_AA)


def _face(picture: np.ndarray) -> None:
    for x in (245, 655):
        _oval(picture, (x, 500), (28, 48), (222, 174, 144))
    _oval(picture, (450, 480), (200, 265), SKIN)
    shaded = picture.copy()
    _oval(shaded, (450, 480), (200, 265), SHADE)
    _oval(shaded, (415, 470), (195, 262), SKIN)
    for x in (330, 570):
        _oval(shaded, (x, 570), (46, 40), (228, 160, 142))
    inside = cv2.ellipse(np.zeros(picture.shape[:2], np.uint8), (450, 480), (200, 265), 0, 0, 360, 1, -1)
    picture[inside == 1] = cv2.GaussianBlur(shaded, (0, 0), 22)[inside == 1]


def _eye(picture: np.ndarray, x: int) -> None:
    _oval(picture, (x, 470), (42, 24), (250, 248, 245))
    _oval(picture, (x, 470), (22, 22), (86, 58, 40))
    _oval(picture, (x, 470), (11, 11), (20, 14, 12))
    _oval(picture, (x + 8, 462), (6, 6), (255, 255, 255))
    cv2.ellipse(picture, (x, 470), (44, 27), 0, 190, 350, (40, 26, 22), 6, cv2.LINE_AA)
    cv2.ellipse(picture, (x, 430), (54, 24), 0, 200, 340, HAIR, 11, cv2.LINE_AA)


def _mouth_and_nose(picture: np.ndarray) -> None:
    cv2.line(picture, (440, 480), (432, 545), (208, 158, 130), 5, cv2.LINE_AA)
    cv2.ellipse(picture, (450, 545), (26, 18), 0, 20, 160, (188, 128, 104), 6, cv2.LINE_AA)
    cv2.ellipse(picture, (450, 620), (66, 36), 0, 8, 172, (186, 74, 78), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (450, 622), (54, 14), 0, 0, 180, (250, 246, 244), -1, cv2.LINE_AA)


def _fringe(picture: np.ndarray) -> None:
    cv2.ellipse(picture, (450, 330), (235, 165), 0, 180, 360, HAIR, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (330, 330), (140, 95), 25, 90, 300, HAIR, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (560, 325), (150, 90), -20, -120, 90, HAIR, -1, cv2.LINE_AA)
    for step in range(5):
        cv2.ellipse(picture, (420, 330), (205 - 14 * step, 140 - 10 * step), 0, 205, 300, (80, 54, 42), 3, cv2.LINE_AA)
