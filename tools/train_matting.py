"""Fits the small network of the sample matting to drawn people and writes it into `sample_matting.npz`.

    python -m tools.train_matting [--out FILE]          about four minutes of one core; needs torch

It learns from drawings alone (`drawn_groups.py`), what to add to a guess made without learning (`matting_clues.py`).
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import openvino
import tensorflow as tf
import torch
from torch.nn import functional as F

from tools.drawn_groups import draw_group
from tools.matting_clues import clues
from tools.matting_network import Network, folded

WEIGHTS = Path(__file__).with_name("sample_matting.npz")
SIDE = 96
STEPS, BATCH = 3000, 16
FIRST, NEW, KEPT = 100, 1, 1200  # scenes drawn before the first step, in each step, and in all
RATE, EASE = 4e-3, 0.6  # the learning rate, and the share of the steps at the end in which it falls to nothing
MEMORY = 0.99  # of the moving average of the weights, which is what is written


class Album:
    """Scenes drawn so far: batches of them, mirrored and in other light."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.pictures: list[np.ndarray] = []
        self.clues = clue_finder()

    def draw(self, count: int) -> None:
        """So many more scenes, until there are KEPT of them."""
        for _ in range(min(count, KEPT - len(self.pictures))):
            rgb, mattes = draw_group(self.rng, SIDE)
            self.pictures.append(np.dstack([rgb, self.clues(rgb), mattes]))

    def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        """What the network sees [B,7,96,96] and mattes [B,2,96,96]."""
        places = self.rng.integers(len(self.pictures), size=BATCH)
        scenes = np.stack([self.pictures[place][:, :: self.rng.choice([-1, 1])] for place in places])
        planes = torch.from_numpy(scenes).permute(0, 3, 1, 2).float() / 255
        return torch.cat([relit(self.rng, planes[:, :3]) - 0.5, planes[:, 3:7]], 1), planes[:, 7:]


def clue_finder() -> Callable[[np.ndarray], np.ndarray]:
    """uint8 RGB [96,96,3] → the clues of `matting_clues.py`, uint8 [96,96,4]."""
    with tf.Graph().as_default() as graph:
        rgb = tf.compat.v1.placeholder(tf.float32, [SIDE, SIDE, 3], name="rgb")
        tf.identity(tf.transpose(clues(tf.transpose(rgb, [2, 0, 1]) / 255 - 0.5), [1, 2, 0]), name="clues")
    network = openvino.convert_model(graph)
    run = openvino.compile_model(network, "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"})
    return lambda rgb: np.round(run([rgb.astype(np.float32)])[0] * 255).astype(np.uint8)


def relit(rng: np.random.Generator, rgb: torch.Tensor) -> torch.Tensor:
    """Pictures [B,3,96,96] in 0..1 in other tints, of other brightness, contrast and strength of colour."""

    def each(middle: float, spread: float, channels: int = 1) -> torch.Tensor:
        return torch.from_numpy(rng.normal(middle, spread, (BATCH, channels, 1, 1)).astype(np.float32))

    rgb = rgb * each(1, 0.06, 3) * each(1, 0.12) + each(0, 0.03)
    rgb = rgb + each(0, 0.15) * (rgb - rgb.mean(1, keepdim=True))
    return (rgb + each(0, 0.25) * rgb * (1 - rgb)).clamp(0, 1)


def loss_of(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Cross entropy, and one less the soft IoU where anything is there."""
    guess = torch.sigmoid(logits)
    both, either = torch.minimum(guess, truth).sum((2, 3)), torch.maximum(guess, truth).sum((2, 3))
    there = truth.sum((2, 3)) > 20
    lacking = (1 - both[there] / either[there]).sum() / there.numel()
    return F.binary_cross_entropy_with_logits(logits, truth) + 0.5 * lacking


def fit(note: Callable[[str], None], keep: Callable[[Network], None]) -> Network:
    """The moving average of the weights, after all steps."""
    torch.manual_seed(1)
    album, network = Album(1), Network().to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network).requires_grad_(False)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-4)
    fade = torch.optim.lr_scheduler.LambdaLR(optimiser, pace)
    album.draw(FIRST)
    lost = 1.0
    for step in range(STEPS):
        album.draw(NEW)
        loss = loss_of(*answered(network, album))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        fade.step()
        follow(mean, network, min(MEMORY, step / (step + 10)))
        lost += 0.02 * (loss.item() - lost)
        if step % 100 == 99:
            note(f"step {step + 1} of {STEPS}: loss {lost:.3f}")
            keep(mean)
    return mean


def pace(step: int) -> float:
    """The share of RATE at one step: rising, level, falling."""
    return min(1, (step + 1) / 100, max(1e-3, (1 - step / STEPS) / EASE))


def answered(network: Network, album: Album) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and truth of one batch."""
    shown, truth = album.batch()
    with torch.autocast("cpu", torch.bfloat16):  # less than half the time, where the processor has it
        logits = network(shown.contiguous(memory_format=torch.channels_last))
    return logits.float(), truth


@torch.no_grad()
def follow(mean: Network, network: Network, memory: float) -> None:
    for old, new in zip(mean.state_dict().values(), network.state_dict().values(), strict=True):
        old.copy_(memory * old + (1 - memory) * new if old.is_floating_point() else new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="written anew every 50 steps")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    begun = time.time()

    def note(text: str) -> None:
        print(
            f"{time.time() - begun:5.0f} s ({time.process_time():.0f} s of a core)  {text}", file=sys.stderr, flush=True
        )

    def keep(mean: Network) -> None:
        np.savez(asked.out, **folded(mean))

    keep(fit(note, keep))


if __name__ == "__main__":
    main()
