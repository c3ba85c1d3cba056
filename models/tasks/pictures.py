"""What tasks on pictures have in common."""

from models.media import images
from models.media.sources import Source, read

PREVIEW_SIDE = 1600  # of pictures on the page; downloads have full size
DECODING_BYTES_PER_PIXEL = 10  # Pillow's image, one turned or converted, and the array


def decoding_bytes(source: Source) -> int:
    """Memory that decoding a picture takes at most, from its header. Raises what `images.decode` would."""
    data = read(source, images.MAX_BYTES)
    width, height = images.measure(data)
    return len(data) + DECODING_BYTES_PER_PIXEL * width * height
