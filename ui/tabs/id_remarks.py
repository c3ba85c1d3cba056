"""What is said of an ID photo under its picture."""

from models.finish.id_photo import enlargement
from models.finish.print_sheet import PAPERS
from models.tasks.base import File
from models.tasks.id_photo import ID_PHOTO, Options, Result, frame_of
from models.tasks.matting import Pass
from ui.i18n.language import say


def remarks(passed: Pass, options: Options, language: str, *, webp: bool) -> list[str]:
    """What the visitor should know, in sentences; `webp` was asked for and cannot be had."""
    keys = [*ID_PHOTO.remarks(passed, options), *(["id_webp"] if webp else [])]
    times = f"{enlargement(frame_of(passed, options), options.size):.1f}"
    return [say(language, f"note_{key}", times=times) for key in keys]


def limit(file: File, options: Options, language: str) -> list[str]:
    """The sentence for a limit that was not met."""
    if file.facts["fits"]:
        return []
    key = "note_id_limit" if file.facts["quality"] else "note_id_limit_png"
    return [say(language, key, limit=options.id_limit, size=kilobytes(file))]


def facts(made: Result, file: File, options: Options, language: str) -> list[str]:
    """Pixels, millimetres, dots per inch, and how large the file is or how many copies are on the sheet."""
    size, (height, width) = options.size, made.image.shape[:2]
    pixels, dpi = say(language, "info_size", width=width, height=height), f"{size.dpi} dpi"
    if options.output == "sheet":
        paper = "{:g} × {:g} mm".format(*PAPERS[options.paper])
        return [say(language, "info_copies", count=made.copies), pixels, paper, dpi]
    told = [pixels, f"{size.width_mm:.4g} × {size.height_mm:.4g} mm", dpi, f"{kilobytes(file)} KB"]
    quality = file.facts["quality"]
    return told + ([say(language, "info_quality", quality=quality)] if quality else [])


def kilobytes(file: File) -> str:
    return f"{len(file.content) / 1000:.1f}"
