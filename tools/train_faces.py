"""Trains the two small networks of the sample face model and writes them into `sample_faces.npz`.

    python -m tools.train_faces marks faces          about twenty minutes on two cores; needs torch and ../shared/data

marks: five points in a 40 px crop around the box, learned from drawings alone.
faces: a window of 30 px that holds a face 18 px wide, run over a pyramid, learned from drawings and from the two free
portraits (`photos.py`), alone and blended with drawings; hard negatives are mined every round.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tools.drawn_faces import draw_portrait
from tools.drawn_scenes import backdrop, no_face, scene
from tools.photos import aligned_faces, cutting, faceless
from tools.sketch import CANVAS, FACE

WEIGHTS = Path(__file__).with_name("sample_faces.npz")
PATCH = 48  # px cut out for a detector window of 30, so that local contrast sees its surroundings
WINDOW = 30
WIDE = 18.0  # px, width of the face in the window
CROP = 40  # px, input of the landmark network
CROP_FACES = 1.4  # width of the crop in face widths
ROUNDS, STEPS, BATCH, FACES = 8, 350, 256, 96


def channels(rgb: torch.Tensor) -> torch.Tensor:
    """[B,3,h,w] 0..255 → local contrast, brightness, red and blue difference."""
    y = (rgb * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, keepdim=True)
    away = y - box(y)
    contrast = away / torch.sqrt(box(away * away) + 40.0)
    return torch.cat([contrast, (y - 128) / 128, (rgb[:, :1] - y) / 32, (rgb[:, 2:] - y) / 32], 1)


def box(x: torch.Tensor, side: int = 11) -> torch.Tensor:
    down = F.avg_pool2d(x, (side, 1), 1, (side // 2, 0), count_include_pad=False)
    return F.avg_pool2d(down, (1, side), 1, (0, side // 2), count_include_pad=False)


def detector() -> nn.Sequential:
    """[B,4,30,30] → [B,4,1,1]: logit, x and y offset in quarter face widths, log of the width times 4."""
    c = (16, 24, 32, 40)
    return nn.Sequential(
        nn.Conv2d(4, c[0], 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(c[0], c[1], 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(c[1], c[2], 3), nn.ReLU(),
        nn.Conv2d(c[2], c[3], 4), nn.ReLU(), nn.Conv2d(c[3], 4, 1),
    )  # fmt: skip


def landmarker() -> nn.Sequential:
    """[B,4,40,40] → [B,10,1,1]: five points (x, y) from the middle, in units of the crop."""
    return nn.Sequential(
        nn.Conv2d(4, 12, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(12, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 24, 3), nn.ReLU(), nn.Conv2d(24, 32, 6), nn.ReLU(), nn.Conv2d(32, 10, 1),
    )  # fmt: skip


class Album:
    """The pictures at half size, and the patches cut from them; with photos only when asked for."""

    def __init__(self, rng: np.random.Generator, count: int, photos: bool = False) -> None:
        self.rng = rng
        self.views = faceless() if photos else []
        self.portraits = [half(rgb) for rgb in aligned_faces()] if photos else []
        drawn = [draw_portrait(rng, self.behind()) for _ in range(count)]
        self.faces = [half(rgb) for rgb, _ in drawn]
        self.points = [points / 2 for _, points in drawn]
        self.others = [half(self.without_face()) for _ in range(count)]
        self.hard: list[np.ndarray] = []

    def behind(self) -> np.ndarray:
        if self.views and self.rng.random() < 0.35:
            return cutting(self.rng, self.views).astype(np.float32)
        return backdrop(self.rng)

    def without_face(self) -> np.ndarray:
        if self.views and self.rng.random() < 0.25:
            return cutting(self.rng, self.views)
        return no_face(self.rng)

    def view(self) -> np.ndarray:
        """A whole picture without a face."""
        if self.views and self.rng.random() < 0.4:
            return cv2.resize(self.any_of(self.views), (512, 512), interpolation=cv2.INTER_AREA)
        return scene(self.rng)

    def person(self) -> np.ndarray:
        """A drawn face, a photographed one in other light, or the two blended."""
        drawn = self.any_of(self.faces)
        if not self.portraits or self.rng.random() > 0.25:
            return drawn
        photo = self.relit(self.any_of(self.portraits))
        share = self.rng.uniform(0.4, 0.75) if self.rng.random() < 0.6 else 1.0
        return cv2.addWeighted(photo, share, drawn, 1 - share, 0)

    def relit(self, rgb: np.ndarray) -> np.ndarray:
        rng = self.rng
        light = rng.normal(1, 0.05, 3) * rng.uniform(0.45, 1.15)
        lit = np.clip(rgb / 255 * light + rng.uniform(-0.05, 0.12), 0, 1) ** np.exp(rng.normal(0, 0.25))
        return (lit * 255).astype(np.uint8)[:, :: rng.choice([-1, 1])]

    def matrix(self, scale: float, turn: float, move: np.ndarray, side: int) -> np.ndarray:
        middle = CANVAS / 4 - 0.25
        m = cv2.getRotationMatrix2D((middle, middle), turn, scale)
        m[:, 2] += (side - 1) / 2 + move - middle
        return m

    def cut(self, rgb: np.ndarray, m: np.ndarray, side: int) -> np.ndarray:
        soft = cv2.GaussianBlur(rgb, (3, 3), self.rng.uniform(0.3, 0.9))
        return cv2.warpAffine(soft, m, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def any_of(self, pictures: list[np.ndarray]) -> np.ndarray:
        return pictures[self.rng.integers(len(pictures))]

    def face(self) -> tuple[np.ndarray, np.ndarray]:
        """A detector patch with a face, and offset x, y and log width as the network states them."""
        rng = self.rng
        move, grow = rng.uniform(-2.6, 2.6, 2), rng.uniform(-0.13, 0.13)
        m = self.matrix(WIDE * 2 / FACE * math.exp(grow), rng.normal(0, 9), move, PATCH)
        return self.cut(self.person(), m, PATCH), np.array([*move / (WIDE / 4), grow * 4])

    def other(self) -> np.ndarray:
        """A detector patch without a face, or with one that is elsewhere, of another size or upside down."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.45 and self.hard:
            return self.any_of(self.hard)[:, :: rng.choice([-1, 1])]
        if kind < 0.75:
            m = self.matrix(
                WIDE * 2 / FACE * math.exp(rng.uniform(-0.4, 0.8)), rng.normal(0, 20), rng.uniform(-6, 6, 2), PATCH
            )
            return self.cut(self.any_of(self.others), m, PATCH)
        return self.cut(self.person(), self.misplaced(), PATCH)

    def misplaced(self) -> np.ndarray:
        rng, kind = self.rng, self.rng.random()
        move, grow, turn = rng.uniform(-4, 4, 2), 0.0, rng.normal(0, 10)
        if kind < 0.55:
            way = rng.uniform(0, 2 * math.pi)
            move, grow = rng.uniform(8, 18) * np.array([math.cos(way), math.sin(way)]), rng.uniform(-0.3, 0.5)
        elif kind < 0.9:
            grow = rng.choice([-1, 1]) * rng.uniform(0.5, 1.1)
        else:
            turn += 180
        return self.matrix(WIDE * 2 / FACE * math.exp(grow), turn, move, PATCH)

    def crop(self) -> tuple[np.ndarray, np.ndarray]:
        """A landmark crop and its ten numbers."""
        rng, i = self.rng, self.rng.integers(len(self.faces))
        scale = CROP / (CROP_FACES * FACE / 2) * math.exp(rng.uniform(-0.15, 0.15))
        m = self.matrix(scale, rng.normal(0, 10), rng.uniform(-3.5, 3.5, 2), CROP)
        points = self.points[i] @ m[:, :2].T + m[:, 2]
        return self.cut(self.faces[i], m, CROP), ((points + 0.5) / CROP - 0.5).ravel()


def half(rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def tensor(pictures: list[np.ndarray]) -> torch.Tensor:
    return channels(torch.from_numpy(np.stack(pictures).astype(np.float32)).permute(0, 3, 1, 2))


def detector_loss(net: nn.Sequential, album: Album) -> torch.Tensor:
    faces = [album.face() for _ in range(FACES)]
    patches = [patch for patch, _ in faces] + [album.other() for _ in range(BATCH - FACES)]
    rim = (PATCH - WINDOW) // 2
    out = net(tensor(patches)[:, :, rim:-rim, rim:-rim])[:, :, 0, 0]
    truth = (torch.arange(BATCH) < FACES).float()
    places = torch.tensor(np.stack([place for _, place in faces]), dtype=torch.float32)
    return F.binary_cross_entropy_with_logits(out[:, 0], truth) + 0.3 * F.smooth_l1_loss(out[:FACES, 1:], places)


def landmark_loss(net: nn.Sequential, album: Album) -> torch.Tensor:
    crops, points = zip(*(album.crop() for _ in range(BATCH // 2)), strict=True)
    truth = torch.tensor(np.stack(points), dtype=torch.float32)
    return 100 * F.smooth_l1_loss(net(tensor(list(crops)))[:, :, 0, 0], truth, beta=0.02)


def train(net: nn.Sequential, loss_of: Callable[[], torch.Tensor], steps: int, after: Callable[[int], None]) -> None:
    """Adam with a cosine schedule; `after` is called with each step's number."""
    optimiser = torch.optim.Adam(net.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps, 2e-5)
    for step in range(steps):
        loss = loss_of()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        after(step)


@torch.no_grad()
def mine(net: nn.Sequential, picture: np.ndarray, limit: float = 0.3) -> list[np.ndarray]:
    """Patches of a picture without faces in which the detector sees one."""
    found = []
    for side in (500, 340, 230, 155, 105, 70):
        rgb = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        seen = torch.sigmoid(net(tensor([rgb]))[0, 0]).numpy() > limit
        rim = (PATCH - WINDOW) // 2
        wide = cv2.copyMakeBorder(rgb, rim, rim, rim, rim, cv2.BORDER_REPLICATE)
        found += [wide[4 * y : 4 * y + PATCH, 4 * x : 4 * x + PATCH] for y, x in np.argwhere(seen)[:20]]
    return [patch for patch in found if patch.shape == (PATCH, PATCH, 3)]


def train_faces(note: Callable[[str], None]) -> nn.Sequential:
    net, album = detector(), Album(np.random.default_rng(2), 7000, photos=True)
    note("pictures drawn")

    def after(step: int) -> None:
        if step % STEPS == STEPS - 1:
            found = [patch for _ in range(50) for patch in mine(net, album.view())]
            album.hard = (album.hard + found)[-8000:]
            note(f"round {step // STEPS + 1} of {ROUNDS}: {len(found)} false alarms in 50 views")

    train(net, lambda: detector_loss(net, album), ROUNDS * STEPS, after)
    return net


def train_marks(note: Callable[[str], None]) -> nn.Sequential:
    net, album = landmarker(), Album(np.random.default_rng(1), 7000)
    note("pictures drawn")
    train(net, lambda: landmark_loss(net, album), 2500, lambda step: None)
    return net


def main() -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    begun = time.time()

    def note(text: str) -> None:
        print(f"{time.time() - begun:5.0f} s  {text}", file=sys.stderr, flush=True)

    arrays = dict(np.load(WEIGHTS)) if WEIGHTS.exists() else {}
    for name in sys.argv[1:]:
        torch.manual_seed(1)
        net = {"marks": train_marks, "faces": train_faces}[name](note)
        arrays |= {f"{name}.{key}": value.numpy().astype(np.float16) for key, value in net.state_dict().items()}
    np.savez_compressed(WEIGHTS, **arrays)


if __name__ == "__main__":
    main()
