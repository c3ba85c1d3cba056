"""Trains the two small networks of the sample face model and writes them into `sample_faces.npz`.

    python -m tools.train_faces marks faces          about twenty minutes on two cores; needs torch and ../shared/data

marks: five points in a 40 px crop around the box, learned from drawings alone.
faces: a window of 30 px that holds a face 18 px wide, run over a pyramid, learned from drawings and from the two free
portraits (`photos.py`), alone and blended with drawings; hard negatives are mined every round.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tools.album import PATCH, PIXEL_MEAN, Album

WEIGHTS = Path(__file__).with_name("sample_faces.npz")
WINDOW = 30  # px, what the detector network sees
SHRINKS = tuple(round(240 / 1.27**i) for i in range(11))  # px, sides of the pyramid
RIM = 16  # px of mean colour around each level, so that faces at the border are seen whole
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
    """Patches of a picture without faces in which the detector sees one, on the letterbox and pyramid of the graph."""
    found, framed = [], letterbox(picture)
    for side in SHRINKS:
        level = rimmed(cv2.resize(framed, (side, side), interpolation=cv2.INTER_AREA), RIM)
        seen = torch.sigmoid(net(tensor([level]))[0, 0]).numpy() > limit
        wide = rimmed(level, (PATCH - WINDOW) // 2)
        found += [wide[4 * y : 4 * y + PATCH, 4 * x : 4 * x + PATCH] for y, x in np.argwhere(seen)[:20]]
    return found


def rimmed(rgb: np.ndarray, rim: int) -> np.ndarray:
    return cv2.copyMakeBorder(rgb, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=PIXEL_MEAN)


def letterbox(rgb: np.ndarray, side: int = 512) -> np.ndarray:
    scale = side / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    framed = np.full((side, side, 3), PIXEL_MEAN, np.uint8)
    framed[: small.shape[0], : small.shape[1]] = small
    return framed


def train_faces(note: Callable[[str], None]) -> nn.Sequential:
    net, album = detector(), Album(np.random.default_rng(2), 6000, photos=True)
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
