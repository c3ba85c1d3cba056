"""The colour of every emotion, on the page and in the pictures of its charts."""

COLOURS = {
    "angry": "#d64545",
    "disgusted": "#7a9a3a",
    "fearful": "#7b61c9",
    "happy": "#e8a317",
    "neutral": "#8d98a5",
    "other": "#b08968",
    "sad": "#4a80c9",
    "surprised": "#d6569a",
    "unknown": "#a8a29e",
}


def colours_css() -> str:
    """Every emotion's colour as the page's `--angry`, and as `--colour` of what has the class `angry`."""
    variables = " ".join(f"--{emotion}: {colour};" for emotion, colour in COLOURS.items())
    rules = (f".{emotion} {{ --colour: var(--{emotion}); }}" for emotion in COLOURS)
    return "\n".join([f":root {{ {variables} }}", *rules])
