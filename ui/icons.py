"""The page's icons, drawn by us: strokes on a board of 24 × 24, for the stylesheet and for pictures.

Emoji are squares where no font has them. A drawing is written as SVG writes paths, of M, L and Q with absolute places.
"""

import math
import re

from markupsafe import Markup

BOARD, STROKE = 24, 1.8
CURVE_STEPS = 8  # lines that a curve becomes in a picture
_PART = re.compile(r"([MLQ])([^MLQ]+)")
_SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {0}' fill='none' stroke='black' stroke-width='{1}' "
    "stroke-linecap='round' stroke-linejoin='round'><path d='{2}'/></svg>"
)

Line = list[tuple[float, float]]


def _ring(x: float, y: float, radius: float) -> str:
    """A circle as eight curves."""
    angles = [math.pi * step / 4 for step in range(9)]
    ends = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
    reach = radius / math.cos(math.pi / 8)
    bends = [(x + reach * math.cos(a - math.pi / 8), y + reach * math.sin(a - math.pi / 8)) for a in angles]
    curves = (f"Q{bx:.1f} {by:.1f} {ex:.1f} {ey:.1f}" for (bx, by), (ex, ey) in zip(bends[1:], ends[1:], strict=True))
    return f"M{ends[0][0]:.1f} {ends[0][1]:.1f}" + "".join(curves)


_EYES = "M8.7 9.7L8.7 10.3M15.3 9.7L15.3 10.3"
_DOWN = "M8.5 16.7Q12 13.3 15.5 16.7"
_MOODS = {
    "angry": "M6.8 7.9L10.2 9.4M17.2 7.9L13.8 9.4M8.9 11.2L8.9 11.5M15.1 11.2L15.1 11.5" + _DOWN,
    "disgusted": "M7.4 10L10.2 10M13.8 10L16.6 10M7.3 16Q9.3 14 11.2 15.6Q13 17.2 14.7 15.6Q15.8 14.6 16.7 15.4",
    "fearful": "M6.9 8.3L10 7M17.1 8.3L14 7M8.7 10.7L8.7 11.2M15.3 10.7L15.3 11.2M8 16.6L10 15L12 16.6L14 15L16 16.6",
    "happy": _EYES + "M7.4 13.4Q12 20.2 16.6 13.4L7.4 13.4",
    "neutral": _EYES + "M8.4 15.4L15.6 15.4",
    "other": _EYES + "M13.7 7.3L16.9 6.7M8.6 16.2L15.4 14.6",
    "sad": _EYES + _DOWN + "M17 12.2Q18.3 14.3 17 14.6Q15.7 14.3 17 12.2",
    "surprised": "M8.6 8.6L8.6 9.6M15.4 8.6L15.4 9.6" + _ring(12, 15.6, 2),
    "unknown": "M9.2 9.4Q9.4 6.7 12 6.7Q14.8 6.7 14.7 9.2Q14.6 11 12 12.2L12 13.8M12 16.8L12 17.2",
}
_THINGS = {
    "cartoon": "M20.5 3.5L11.3 13M11.3 13Q7 12.4 6.2 16Q5.7 19 3.5 20.2Q9 21.6 11.2 19Q13.2 16.5 11.3 13",
    "matting": _ring(6.3, 6.5, 2.8) + _ring(6.3, 17.5, 2.8) + "M8.7 8.1L20.5 18M8.7 15.9L20.5 6",
    "emotion": "M9 6Q9 3 12 3Q15 3 15 6L15 11Q15 14 12 14Q9 14 9 11L9 6"
    "M5.5 11Q5.5 17.5 12 17.5Q18.5 17.5 18.5 11M12 17.5L12 21M8.5 21L15.5 21",
    "status": "M3 12L7.5 12L10 5L14 19L16.5 12L21 12",
    "theme": "M20 14.6Q11.5 17.2 8.8 9.6Q8 6.5 9.4 3.8Q3 6 3.4 12.6Q4.4 20.2 12 20.6Q17.6 20.4 20 14.6",
    "download": "M12 3.5L12 15M7 10.5L12 15.5L17 10.5M4.5 20L19.5 20",
    "start": "M7 4.5L19 12L7 19.5L7 4.5",
    "stop": "M6.5 6.5L17.5 6.5L17.5 17.5L6.5 17.5L6.5 6.5",
    "again": "M19.6 12.6Q19 19.5 12 19.5Q4.5 19.5 4.5 12Q4.5 4.5 12 4.5Q16 4.5 18.6 8M19.2 3.4L18.8 8.3L14 8",
    "fold": "M5 8.5L12 15.5L19 8.5",
    "new": "M12 5L12 19M5 12L19 12",
    "delete": "M4.5 7L19.5 7M9.5 7L10 4L14 4L14.5 7M6.5 7L7.5 20L16.5 20L17.5 7",
    "done": "M5 12.5L10 17.5L19.5 6.5",
    "failed": "M12 4.5L12 14M12 19L12 19.4",
}
PATHS: dict[str, str] = _THINGS | {name: _ring(12, 12, 9.2) + face for name, face in _MOODS.items()}


def icon(name: str) -> Markup:
    """An icon beside words, in their colour; nothing for screen readers. (Gradio has a class `icon` of its own.)"""
    return Markup('<span class="symbol symbol-{}" aria-hidden="true"></span>').format(name)


def icons_css() -> str:
    """Every icon as the page's `--icon-NAME`, and as the `--icon` of what has the class `symbol-NAME`."""
    variables = " ".join(f"--icon-{name}: {_url(path)};" for name, path in PATHS.items())
    rules = (f".symbol-{name} {{ --icon: var(--icon-{name}); }}" for name in PATHS)
    return "\n".join([f":root {{ {variables} }}", *rules])


def _url(path: str) -> str:
    svg = _SVG.format(BOARD, STROKE, path).replace("<", "%3C").replace(">", "%3E")
    return f'url("data:image/svg+xml,{svg}")'


def lines(name: str) -> list[Line]:
    """The strokes of an icon as lines from place to place, for a picture."""
    drawn: list[Line] = []
    for kind, written in _PART.findall(PATHS[name]):
        x, y, *end = map(float, written.split())
        if kind == "M":
            drawn.append([(x, y)])
        else:
            drawn[-1] += [(x, y)] if kind == "L" else _curve(drawn[-1][-1], (x, y), (end[0], end[1]))
    return drawn


def _curve(first: tuple[float, float], bend: tuple[float, float], last: tuple[float, float]) -> Line:
    steps = [step / CURVE_STEPS for step in range(1, CURVE_STEPS + 1)]
    return [
        (
            (1 - t) ** 2 * first[0] + 2 * t * (1 - t) * bend[0] + t * t * last[0],
            (1 - t) ** 2 * first[1] + 2 * t * (1 - t) * bend[1] + t * t * last[1],
        )
        for t in steps
    ]
