"""What is said of a whole recording, in a sentence: the same on the page, in lists and on the picture of the chart."""

from models.finish.emotion_report import Verdict
from ui.i18n.language import say
from ui.i18n.texts import EMOTIONS, EN, ZH


def name_of(emotion: str, language: str) -> str:
    return EMOTIONS[emotion][language == ZH]


def within(emotion: str, language: str) -> str:
    """The name as it stands within a sentence."""
    return name_of(emotion, language).lower()


def unclear(found: Verdict, language: str) -> str:
    """`No clear emotion: fearful, surprised are close`, or why else it is not clear."""
    name, percent = within(found.emotion, language), f"{found.score:.0%}"
    if len(found.close) > 1:
        names = (", " if language == EN else "、").join(within(each, language) for each in found.close)
        return say(language, "unclear_close", names=names)
    if found.by_parts:
        return say(language, "unclear_parts", name=name, parts=within(found.by_parts, language))
    return say(language, "unclear_weak", name=name, percent=percent)


def by_parts(found: Verdict, language: str) -> str:
    """Why parts and whole do not agree; nothing where they do."""
    return say(language, "by_parts", name=within(found.by_parts, language)) if found.by_parts else ""


def short(found: Verdict, language: str) -> str:
    """For lists: `Happy 61%`, or that nothing is clear."""
    return f"{name_of(found.emotion, language)} {found.score:.0%}" if found.clear else unclear(found, language)
