"""A batch as the page shows it: how far it is, and every file with its result or what went wrong with it."""

from urllib.parse import quote

from markupsafe import Markup

from models.errors import PrewarmError
from ui.batch.runner import Batch, Item
from ui.buttons import button, row
from ui.i18n.language import say, say_error

_PROGRESS = Markup(
    '<div class="batch-progress {state}"><div class="batch-track" role="progressbar" aria-valuemin="0" '
    'aria-valuemax="{total}" aria-valuenow="{over}" aria-label="{label}"><span style="width: {share:.1f}%"></span>'
    '</div><p role="{role}">{told}</p></div>'
)
_LIST = Markup('<ul class="{}">{}</ul>')
_MARK = Markup('<span class="batch-mark" aria-hidden="true"></span>')
_PICTURE = Markup('<a href="{}" target="_blank" title="{}"><img src="{}" alt="" loading="lazy"></a>')
_CARD = Markup('<li class="{state}">{picture}<b title="{name}">{name}</b><small>{said}</small></li>')
_ROW = Markup('<li class="{}">{}<b>{}</b><small>{}</small></li>')


def progress_html(batch: Batch, language: str) -> Markup:
    """The bar with its sentence, read out when the batch stands still."""
    over, total = batch.count("done") + batch.count("failed"), len(batch.items)
    label, told = say(language, "batch_progress"), _sentence(batch, over, language)
    role, share = "status" if batch.is_resting else "none", 100 * over / total
    return _PROGRESS.format(state=batch.state, total=total, over=over, label=label, share=share, role=role, told=told)


def _sentence(batch: Batch, over: int, language: str) -> Markup:
    state, failed, left = batch.state, batch.count("failed"), batch.remaining
    parts: list[str] = [
        Markup("<strong>{}</strong>").format(say(language, "batch_count", done=over, total=len(batch.items)))
    ]
    if failed:
        parts.append(Markup('<span class="failed">{}</span>').format(say(language, "batch_failed", count=failed)))
    if state == "running" and left:
        parts.append(say(language, "batch_left", time=duration(left, language)))
    elif state != "running":
        parts.append(say(language, f"batch_{state}"))
    return Markup(" · ").join(parts)


def duration(seconds: float, language: str) -> str:
    """Rounded as people say it."""
    if seconds < 90:
        return say(language, "seconds", count=max(1, round(seconds)))
    return say(language, "minutes", count=round(seconds / 60))


def buttons_html(batch: Batch | None, tab: str) -> Markup:
    """What can be done with the batch of `tab` as it stands."""
    if batch is None:
        offered = {"start": "primary"}
    elif batch.is_resting:
        offered = {"zip": "primary"} if batch.count("done") else {}
        offered |= {"resume": ""} if batch.state == "stopped" else {}
        offered |= {"retry": ""} if batch.count("failed") else {}
        offered |= {"new": ""}
    else:
        offered = {"cancel": "stop"} if batch.state == "running" else {}
    buttons = [button(act, f"batch_{act}", id=f"{tab}-batch-{act}", look=look) for act, look in offered.items()]
    return row(buttons, "batch-buttons")


def cards_html(batch: Batch, language: str) -> Markup:
    """Pictures: a card for every file."""
    return _LIST.format("batch-cards", Markup().join(_card(item, language) for item in batch.items))


def rows_html(batch: Batch, language: str) -> Markup:
    """Anything else: a row for every file."""
    return _LIST.format("batch-rows", Markup().join(_row(item, language) for item in batch.items))


def _card(item: Item, language: str) -> Markup:
    name = item.source.name
    picture = _MARK + Markup('<span class="sr">{}</span>').format(_state(item, language))
    if item.result and item.thumb:
        picture = _PICTURE.format(url(item.result), name, url(item.thumb))
    return _CARD.format(state=item.state, picture=picture, name=name, said=_said(item, language))


def _row(item: Item, language: str) -> Markup:
    name = item.source.name
    if item.result:
        name = Markup('<a href="{}" download>{}</a>').format(url(item.result), name)
    return _ROW.format(item.state, _MARK, name, _said(item, language) or _state(item, language))


def _state(item: Item, language: str) -> str:
    return say(language, f"batch_item_{item.state}")


def _said(item: Item, language: str) -> str:
    return sentence(item.error, language) if item.error else item.remark


def sentence(error: PrewarmError, language: str) -> str:
    """What went wrong with one file."""
    return say(language, "unexpected") if error.reason == "unexpected" else say_error(language, error)


def url(path: object) -> str:
    """Where the browser finds a published file, below whatever path the page has."""
    return f"gradio_api/file={quote(str(path))}"
