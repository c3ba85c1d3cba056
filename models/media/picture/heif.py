"""HEIC, the photos of telephones: HEVC by FFmpeg, put together, cut and turned as the file's boxes say."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from PIL import Image

from models.media.picture import heif_boxes
from models.media.picture.heif_boxes import Item
from models.media.picture.own_file import OwnFile
from models.media.picture.refusals import save_as_jpeg

# A tile may be larger than what is shown of it.
_MIN_TILE_PIXELS: Final = 2**20
# ISO 23091-2's matrices by FFmpeg's names; where nothing is said telephones mean BT.601.
_MATRICES: Final = {1: "ITU709", 4: "FCC", 5: "ITU601", 6: "ITU601", 7: "SMPTE240M", 9: "BT2020"}
_ANTICLOCKWISE: Final = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
_MIRRORED: Final = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)


class HeifFile(OwnFile):
    """The main picture of a HEIF file; raises WrongKind where its coder is not HEVC."""

    format = "HEIC"

    def _open(self) -> None:
        self._data = self._file.read()
        try:
            self._picture = heif_boxes.picture_of(self._data)
        except StopIteration as error:
            if b"moov" in self._data:
                save_as_jpeg("moving HEIF")
            raise SyntaxError("boxes") from error
        except (ValueError, ArithmeticError) as error:
            raise SyntaxError("boxes") from error
        if others := {tile.kind for tile in self._picture.tiles} - {b"hvc1"}:
            save_as_jpeg(f"HEIF ({others.pop().decode('ascii', 'replace')})")
        self._size, self._mode = self._shown_size(), "RGBA" if self._picture.alpha else "RGB"
        profiles = (body[4:] for name, body in self._own() if name == b"colr" and body[:4] in (b"prof", b"rICC"))
        if profile := next(profiles, None):
            self.info["icc_profile"] = profile

    def _image(self) -> Image.Image:
        image = self._composed(self._picture.tiles, self._picture.columns, "rgb24")
        if self._picture.alpha:
            image.putalpha(self._composed([self._picture.alpha], 1, "gray").resize(image.size))
        return self._turned(image)

    def _own(self) -> list[tuple[bytes, bytes]]:
        """The main item's properties, then those of its first tile."""
        return [*self._picture.main.properties, *self._picture.tiles[0].properties]

    def _composed(self, tiles: list[Item], columns: int, format: str) -> Image.Image:
        width, height = self._picture.size if len(tiles) > 1 else tiles[0].size()
        image = Image.new("RGB" if format == "rgb24" else "L", (width, height))
        x = y = 0
        for place, pixels in enumerate(self._decoded(tiles, format)):
            tile = Image.fromarray(pixels)
            image.paste(tile, (x, y))
            last = place % columns == columns - 1
            x, y = (0, y + tile.height) if last else (x + tile.width, y)
        return image

    def _decoded(self, tiles: list[Item], format: str) -> Iterator[np.ndarray]:
        """uint8 [H,W,3] or [H,W] of each."""
        # Imported here because FFmpeg's libraries take 0.2 s to load.
        import av

        coder = av.CodecContext.create("hevc", "r")
        coder.extradata = tiles[0].first(b"hvcC")
        coder.options = {"max_pixels": str(max(_MIN_TILE_PIXELS, 2 * self._picture.size[0] * self._picture.size[1]))}
        coder.thread_count = 1
        frames = 0
        for tile in [*tiles, None]:
            packet = av.Packet(heif_boxes.content(self._data, tile)) if tile else None
            self._check_time()
            for frame in coder.decode(packet):
                frames += 1
                yield self._converted(frame, format)
        if frames != len(tiles):
            raise ValueError("tiles")

    def _check_time(self) -> None:
        """The file is a Patient, which gives nothing once the time is used up."""
        self._file.seek(0)
        if not self._file.read(1):
            raise ValueError("too slow")

    def _converted(self, frame: Any, format: str) -> Any:
        told = next((body for name, body in self._own() if name == b"colr" and body[:4] == b"nclx"), b"")
        matrix, full = (struct.unpack_from(">HB", told, 8)) if len(told) >= 11 else (int(frame.colorspace), 0)
        full = bool(full >> 7) if told else int(frame.color_range) == 2
        return frame.reformat(
            format=format,
            src_colorspace=_MATRICES.get(matrix, "ITU601"),
            src_color_range="JPEG" if full else "MPEG",
            dst_color_range="JPEG",
        ).to_ndarray()

    def _shown_size(self) -> tuple[int, int]:
        width, height = self._picture.size
        for name, body in self._own_turns():
            if name == b"clap":
                width, height = _cropped(width, height, body)[2:]
            elif name == b"irot" and body[0] & 1:
                width, height = height, width
        return width, height

    def _own_turns(self) -> Iterator[tuple[bytes, bytes]]:
        return ((name, body) for name, body in self._picture.main.properties if name in (b"clap", b"irot", b"imir"))

    def _turned(self, image: Image.Image) -> Image.Image:
        for name, body in self._own_turns():
            if name == b"clap":
                left, top, width, height = _cropped(*image.size, body)
                image = image.crop((left, top, left + width, top + height))
            elif name == b"irot" and body[0] & 3:
                image = image.transpose(_ANTICLOCKWISE[body[0] & 3])
            elif name == b"imir":
                image = image.transpose(_MIRRORED[body[0] & 1])
        return image


def _cropped(width: int, height: int, clap: bytes) -> tuple[int, int, int, int]:
    """Left, top, width and height of the clean aperture (ISO/IEC 14496-12, 12.1.4)."""
    numbers = struct.unpack_from(">IIIIiIiI", clap)
    wide, high, right, down = (above / below for above, below in zip(numbers[::2], numbers[1::2], strict=True))
    left, top = (width - wide) / 2 + right, (height - high) / 2 + down
    if not (0 <= left <= width - wide and 0 <= top <= height - high):
        raise ValueError("aperture")
    return round(left), round(top), round(wide), round(high)
