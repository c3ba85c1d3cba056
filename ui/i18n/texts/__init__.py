"""Everything the page says, in English and Chinese. Keys are internal; labels live here alone."""

from ui.i18n.texts import about, batch, cartoon, emotion, history, id_photo, matting, page, status, tabs

EN, ZH = "en", "zh-CN"

# key: (English, Chinese). Texts with {names} are filled in by `ui.i18n.language.say`; the others may be static labels.
TEXTS: dict[str, tuple[str, str]] = {
    key: pair
    for part in (page, status, tabs, about, cartoon, matting, id_photo, emotion, batch, history)
    for key, pair in part.TEXTS.items()
}
EMOTIONS = emotion.EMOTIONS
