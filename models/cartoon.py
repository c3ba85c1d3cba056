"""Portrait → cartoon: DCT-Net (SIGGRAPH 2022) as ModelScope's `image_cartoon_pipeline.py` runs it.

The whole frame is drawn by the background graph, each head again by the head graph, and pasted through a soft mask.
The graphs were trained on BGR; everything outside `_draw` is RGB.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from models import faces
from models.engines import Compute, Session, open_session
from models.errors import WeightsError
from models.media.images import shrink

WORKING_SIDE = 720  # the short side the graphs work on
STRIDE = 16
HEAD_VALUES = 3 * faces.HEAD_SIDE**2
LOOK_SIDE = 1024  # the longest side on which faces are looked for without drawing
NEVER_TRAINING = {"training_flag": False}
PROBE_SHAPE = (480, 640)
PROBE_BOX = np.array([220, 120, 420, 360, 1], np.float32)
Crop = tuple[slice, slice]
PROBE_HEAD: Crop = np.s_[96:384, 176:464]
PROBE_BACKGROUND: Crop = np.s_[48:432, 128:512]
PROBE_FACE: Crop = np.s_[176:304, 256:384]


@dataclass(frozen=True)
class Stylized:
    """The cartoon, RGB uint8 [H,W,3] at the size of the photo, and the faces found in it, largest first."""

    image: np.ndarray
    faces: tuple[faces.Face, ...]


class Cartoon:
    """Four graphs of one style, from a folder in ModelScope's format."""

    def __init__(self, folder: Path, *, compute: Compute) -> None:
        self.background = open_session(folder / "cartoon_bg.pb", compute=compute)
        self.head = open_session(folder / "cartoon_h.pb", compute=compute, fixed=True)
        # In bf16 boxes of equal score change places; these two are cheap, so they stay exact.
        self.detector, self.keypoints = (
            open_session(folder / name, compute=compute, precision="f32", constants=NEVER_TRAINING, fixed=True)
            for name in ("detector.pb", "keypoints.pb")
        )
        self.mask = _read_mask(folder / "alpha.jpg")
        self._in_turns, self._in_groups = compute.in_turns, compute.in_groups

    def stylize(self, images: list[np.ndarray]) -> list[Stylized]:
        """RGB uint8 [H,W,3] each; the same order back."""
        return [self._stylize(rgb) for rgb in self._in_turns(images)]

    def face_points(self, rgb: np.ndarray) -> list[np.ndarray]:
        """The 68 landmarks [68,2] of every face, in pixels of RGB uint8 [H,W,3]; nothing is drawn."""
        small = shrink(rgb, LOOK_SIDE)
        scale = rgb.shape[1] / small.shape[1]
        boxes = list(faces.detect(self.detector, small))
        return [scale * points for points in faces.landmarks(self.keypoints, small, boxes)]

    def warm_up(self) -> dict[str, np.ndarray]:
        """Runs all four graphs; a fixed picture's answers, for the known-answer check.

        The middle of it is enough for the background graph: what its first pass prepares serves every size.
        """
        return self._warm_up(head=PROBE_HEAD, background=PROBE_BACKGROUND)

    def warm_up_unused(self) -> dict[str, np.ndarray]:
        """As `warm_up`, in a fifth of the time, for a style that nobody uses yet: its weights alone stay in memory."""
        answers = self._warm_up(head=PROBE_FACE, background=PROBE_FACE)
        for graph in (self.background, self.head):
            graph.release_memory()
        return answers

    def _warm_up(self, *, head: Crop, background: Crop) -> dict[str, np.ndarray]:
        picture = probe_picture()
        boxes = faces.detect(self.detector, picture)
        (points,) = faces.landmarks(self.keypoints, picture, [PROBE_BOX])
        (drawn,) = _draw(self.head, [np.ascontiguousarray(picture[head])])
        around = self._draw_background(picture[background])
        return {"background": around, "head": drawn, "points": points, "boxes": boxes[:, :4]}

    def _stylize(self, rgb: np.ndarray) -> Stylized:
        frame = preprocess(rgb)
        drawn = self._draw_background(frame)
        boxes = faces.detect(self.detector, frame)
        heads = self._heads(frame, boxes)
        drawn = drawn.astype(np.float32) if heads else drawn
        for group in self._in_groups(heads, self.head.together(HEAD_VALUES)):
            self._draw_heads(frame, group, onto=drawn)
        return Stylized(postprocess(drawn, rgb.shape), _as_faces(boxes, rgb.shape[1] / frame.shape[1]))

    def _draw_background(self, frame: np.ndarray) -> np.ndarray:
        height, width = frame.shape[:2]
        (drawn,) = _draw(self.background, [pad_to_stride(frame)])
        return drawn[:height, :width]

    def _heads(self, frame: np.ndarray, boxes: np.ndarray) -> list[np.ndarray]:
        found = faces.landmarks(self.keypoints, frame, [box for box in boxes if faces.big_enough(box)])
        return [found[i] for i in faces.drawing_order(boxes, found)] if found else []

    def _draw_heads(self, frame: np.ndarray, heads: Sequence[np.ndarray], *, onto: np.ndarray) -> None:
        turned = [faces.align(faces.five_points(frame, points)) for points in heads]
        side = (faces.HEAD_SIDE, faces.HEAD_SIDE)
        cut = [cv2.warpAffine(frame, there, side, borderValue=(255, 255, 255)) for there, _ in turned]
        for head, (_, back) in zip(_draw(self.head, cut), turned, strict=True):
            faces.paste(head, self.mask, back, onto=onto)


def preprocess(rgb: np.ndarray) -> np.ndarray:
    """The frame the graphs see: the short side at most WORKING_SIDE."""
    height, width = rgb.shape[:2]
    if min(height, width) <= WORKING_SIDE:
        return rgb
    if height > width:
        height, width = int(WORKING_SIDE * height / width), WORKING_SIDE
    else:
        height, width = WORKING_SIDE, int(WORKING_SIDE * width / height)
    return cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)


def pad_to_stride(frame: np.ndarray) -> np.ndarray:
    """White rows below and columns to the right, up to multiples of 16; both sides grow as soon as one has to."""
    height, width = frame.shape[:2]
    if height % STRIDE == 0 and width % STRIDE == 0:
        return frame
    below, right = STRIDE - height % STRIDE, STRIDE - width % STRIDE
    return cv2.copyMakeBorder(frame, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def postprocess(drawn: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Back to the photo's size, uint8. (Stock forgets this when no face was found.)"""
    resized = cv2.resize(drawn, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return resized if resized.dtype == np.uint8 else cv2.convertScaleAbs(resized)


def probe_picture() -> np.ndarray:
    """A fixed drawing with a face-like patch, RGB uint8 [480,640,3]."""
    height, width = PROBE_SHAPE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = np.stack([90 + x / 8, 120 + y / 8, 200 - x / 10], axis=-1).astype(np.uint8)
    cv2.ellipse(picture, (320, 240), (100, 130), 0, 0, 360, (224, 182, 156), -1)
    for eye in (280, 360):
        cv2.circle(picture, (eye, 215), 12, (60, 40, 30), -1)
    cv2.ellipse(picture, (320, 310), (40, 12), 0, 0, 360, (170, 80, 80), -1)
    return picture


def _draw(graph: Session, pictures: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Passes of a generator graph, the only place that talks BGR: RGB uint8 in and out."""
    given = [cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.float32) for rgb in pictures]
    made = graph.run_all([{"input_image": bgr} for bgr in given])
    return [cv2.cvtColor(each["output_image"], cv2.COLOR_BGR2RGB) for each in made]


def _read_mask(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    if picture is None:
        message = f"{path} is damaged or missing. Delete it, so that it is fetched again."
        raise WeightsError(message, reason="damaged_file", file=path.name, folder=str(path.parent))
    mask = cv2.resize(picture, (faces.HEAD_SIDE, faces.HEAD_SIDE), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(mask, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255.0


def _as_faces(boxes: np.ndarray, scale: float) -> tuple[faces.Face, ...]:
    found = [_as_face(box, scale) for box in boxes]
    return tuple(sorted(found, key=lambda face: (face.x1 - face.x2) * (face.y2 - face.y1)))


def _as_face(box: np.ndarray, scale: float) -> faces.Face:
    x1, y1, x2, y2 = (box[:4] * scale).tolist()
    return faces.Face(x1, y1, x2, y2, score=float(box[4]), used=faces.big_enough(box))
