"""What a real Chromium shows of a picture file: its pixels read back from a canvas."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

_PAINT = """async files => {
  const shown = [];
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file), letter => letter.charCodeAt(0));
    const image = new Image();
    const settled = new Promise(done => { image.onload = () => done(true); image.onerror = () => done(false); });
    image.src = URL.createObjectURL(new Blob([bytes]));
    if (!await settled) { shown.push(null); continue; }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const pen = canvas.getContext("2d", {colorSpace: "srgb", willReadFrequently: true});
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0);
    const rgba = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    let text = "";
    for (let at = 0; at < rgba.length; at += 32768) text += String.fromCharCode(...rgba.subarray(at, at + 32768));
    shown.push({width: canvas.width, height: canvas.height, rgba: btoa(text)});
  }
  return shown;
}"""


def shown(browser: Any, files: Sequence[bytes]) -> list[np.ndarray | None]:
    """uint8 RGB [H,W,3] of each file over white, or None for what the browser calls broken."""
    page = browser.new_page()
    answers = page.evaluate(_PAINT, [base64.b64encode(data).decode() for data in files])
    page.close()
    return [answer and _rgb(**answer) for answer in answers]


def _rgb(width: int, height: int, rgba: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(rgba), np.uint8).reshape(height, width, 4)[..., :3]
