"""A batch as the page shows it: how far it is, and every file with its result or what went wrong with it."""

from html import escape
from urllib.parse import quote

from models.errors import PrewarmError
from ui.batch.runner import Batch, Item
from ui.i18n.language import say, say_error

_MARK = '<span class="batch-mark" aria-hidden="true"></span>'


def progress_html(batch: Batch, language: str) -> str:
    """The bar with its sentence, read out when the batch stands still."""
    over, total = batch.count("done") + batch.count("failed"), len(batch.items)
    state = batch.state
    share, role = 100 * over / total, "status" if state in ("stopped", "finished") else "none"
    return (
        f'<div class="batch-progress {state}"><div class="batch-track" role="progressbar" aria-valuemin="0" '
        f'aria-valuemax="{total}" aria-valuenow="{over}" aria-label="{escape(say(language, "batch_progress"))}">'
        f'<span style="width: {share:.1f}%"></span></div>'
        f'<p role="{role}">{_sentence(batch, over, language)}</p></div>'
    )


def _sentence(batch: Batch, over: int, language: str) -> str:
    state, failed, left = batch.state, batch.count("failed"), batch.remaining
    parts = [f"<strong>{escape(say(language, 'batch_count', done=over, total=len(batch.items)))}</strong>"]
    if failed:
        parts.append(f'<span class="failed">{escape(say(language, "batch_failed", count=failed))}</span>')
    if state == "running" and left:
        parts.append(escape(say(language, "batch_left", time=duration(left, language))))
    elif state != "running":
        parts.append(escape(say(language, f"batch_{state}")))
    return " · ".join(parts)


def duration(seconds: float, language: str) -> str:
    """Rounded as people say it."""
    if seconds < 90:
        return say(language, "seconds", count=max(1, round(seconds)))
    return say(language, "minutes", count=round(seconds / 60))


def cards_html(batch: Batch, language: str) -> str:
    """Pictures: a card for every file."""
    return f'<ul class="batch-cards">{"".join(_card(item, language) for item in batch.items)}</ul>'


def rows_html(batch: Batch, language: str) -> str:
    """Anything else: a row for every file."""
    return f'<ul class="batch-rows">{"".join(_row(item, language) for item in batch.items)}</ul>'


def _card(item: Item, language: str) -> str:
    name, said = escape(item.source.name), escape(_said(item, language))
    picture = f'{_MARK}<span class="sr">{_state(item, language)}</span>'
    if item.result and item.thumb:
        image = f'<img src="{url(item.thumb)}" alt="" loading="lazy">'
        picture = f'<a href="{url(item.result)}" target="_blank" title="{name}">{image}</a>'
    return f'<li class="{item.state}">{picture}<b title="{name}">{name}</b><small>{said}</small></li>'


def _row(item: Item, language: str) -> str:
    name, said = escape(item.source.name), escape(_said(item, language) or _state(item, language))
    if item.result:
        name = f'<a href="{url(item.result)}" download>{name}</a>'
    return f'<li class="{item.state}">{_MARK}<b>{name}</b><small>{said}</small></li>'


def _state(item: Item, language: str) -> str:
    return escape(say(language, f"batch_item_{item.state}"))


def _said(item: Item, language: str) -> str:
    return sentence(item.error, language) if item.error else item.remark


def sentence(error: PrewarmError, language: str) -> str:
    """What went wrong with one file."""
    return say(language, "unexpected") if error.reason == "unexpected" else say_error(language, error)


def url(path: object) -> str:
    """Where the browser finds a published file, below whatever path the page has."""
    return f"gradio_api/file={quote(str(path))}"
