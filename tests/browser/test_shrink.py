"""What arrives of a large photo: small enough, upright, transparent where it was; the original when anything fails."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_page import upload

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
TURNED_RIGHT = 6  # EXIF: the camera was held so that the picture must be turned by 90 degrees


def rotated_jpeg() -> bytes:
    """4000 × 3000 as stored, 3000 × 4000 upright; a red corner that is at the upper right once it is upright."""
    rgb = np.full((3000, 4000, 3), 200, np.uint8)
    rgb[:600, :600] = (220, 20, 20)
    exif = Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    return written(Image.fromarray(rgb), "JPEG", exif=exif)


def written(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def arrived(page: Any, data: bytes, name: str, kind: str) -> bytes:
    """The bytes that the server holds after `data` was chosen as the photo."""
    upload(page, "#cartoon-photo", data, name, kind)
    photo = page.locator("#cartoon-photo .image-frame img")
    photo.wait_for(state="attached")
    return page.request.get(photo.get_attribute("src")).body()


def test_a_large_photo_arrives_small_and_upright(ready_studio: str, visit: Visit) -> None:
    data = rotated_jpeg()
    image = Image.open(io.BytesIO(arrived(visit(ready_studio), data, "photo.jpeg", "image/jpeg")))
    assert image.format == "JPEG" and image.size == (1536, 2048) and not image.getexif()
    red, green = np.asarray(image)[100, -100, :2]
    assert red > 200 and green < 50


def test_transparency_stays(ready_studio: str, visit: Visit) -> None:
    picture = Image.new("RGBA", (2600, 1300), (10, 200, 10, 0))
    picture.paste((200, 10, 10, 255), (0, 0, 1300, 1300))
    data = written(picture, "PNG")
    image = Image.open(io.BytesIO(arrived(visit(ready_studio), data, "logo.png", "image/png")))
    assert image.size == (2048, 1024)
    assert image.getpixel((100, 100)) == (200, 10, 10, 255) and image.getpixel((2000, 100))[3] == 0


@pytest.mark.parametrize(("kind", "size"), [("jpeg", 2048), ("gif", 2600)])
def test_small_photos_and_gifs_arrive_as_they_are(ready_studio: str, visit: Visit, kind: str, size: int) -> None:
    data = written(Image.new("RGB", (size, 900), (40, 90, 140)), kind)
    assert arrived(visit(ready_studio), data, f"photo.{kind}", f"image/{kind}") == data


WHITE = """HTMLCanvasElement.prototype.toBlob = function (done, type) {
    const white = new OffscreenCanvas(this.width, this.height);
    const pen = Object.assign(white.getContext("2d"), { fillStyle: "white" });
    pen.fillRect(0, 0, this.width, this.height);
    white.convertToBlob({ type }).then(done);
};"""
NOISE = """const write = HTMLCanvasElement.prototype.toBlob;
HTMLCanvasElement.prototype.toBlob = function (...how) {
    Object.assign(this.getContext("2d"), { fillStyle: "rgb(9 9 9 / 0.3)" }).fillRect(7, 7, 1, 1);
    write.apply(this, how);
};"""
NOISE_WHEN_READ = """const read = CanvasRenderingContext2D.prototype.getImageData;
CanvasRenderingContext2D.prototype.getImageData = function (...where) {
    const found = read.apply(this, where);
    found.data[400] ^= 1;
    return found;
};"""


def test_the_original_is_sent_where_what_is_read_from_a_canvas_is_falsified(ready_studio: str, visit: Visit) -> None:
    data = written(Image.new("RGB", (2100, 300), (40, 90, 140)), "PNG")
    for script in (WHITE, NOISE, NOISE_WHEN_READ):
        assert arrived(visit(ready_studio, script=script), data, "photo.png", "image/png") == data


def test_the_original_is_sent_when_the_browser_cannot(ready_studio: str, visit: Visit) -> None:
    page = visit(ready_studio)
    page.evaluate("() => { window.createImageBitmap = () => Promise.reject(new Error('no memory')); }")
    data = rotated_jpeg()
    assert arrived(page, data, "photo.jpeg", "image/jpeg") == data
