"""`/docs`: the REST routes for people, written from the OpenAPI document. No script, nothing from elsewhere."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from markupsafe import Markup

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; } h2 b { font: 600 .8em ui-monospace, monospace; color: #0a7d4b; margin-right: .5em; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .8rem .3rem 0;
border-bottom: 1px solid #8884; vertical-align: top; }
pre { padding: .8rem; overflow-x: auto; background: #8881; border-radius: .5rem; } code { font-size: .9em; }
"""
_PAGE = Markup(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Prewarm API</title>'
    '<meta name="viewport" content="width=device-width"><style>{style}</style><h1>Prewarm API</h1>'
    "<p>Every error is <code>{{&quot;error&quot;: {{&quot;code&quot;, &quot;message&quot;}}}}</code>. "
    'For programs: <a href="openapi.json">openapi.json</a>.</p>{routes}'
)
_HEAD = Markup('<h2 id="{path}"><b>{method}</b>{path}</h2><p>{described}</p>')
_EXAMPLES = {
    "/api/v1/cartoon": "curl -F image=@portrait.jpg -F style=anime -o cartoon.png {base}/api/v1/cartoon",
    "/api/v1/matting": "curl -F image=@portrait.jpg -F background='#ffffff' -o cutout.png {base}/api/v1/matting",
    "/api/v1/emotion": "curl -F audio=@voice.wav -F granularity=frame {base}/api/v1/emotion",
    "/api/v1/jobs/cartoon": "curl -F image=@1.jpg -F image=@2.jpg -F style=anime {base}/api/v1/jobs/cartoon",
    "/api/v1/jobs/emotion": "curl -F audio=@an-hour.mp3 {base}/api/v1/jobs/emotion",
    "/api/v1/jobs/{job}/result": "curl -OJ {base}/api/v1/jobs/$JOB/result",
    "/api/v1/models": "curl {base}/api/v1/models",
}
_HOST = "http://localhost:7860"


def router(app: FastAPI) -> APIRouter:
    """The page; the document itself is at `/openapi.json`."""
    routes = APIRouter()

    @routes.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    async def docs() -> str:
        return page(app.openapi())

    return routes


def page(document: dict[str, Any]) -> Markup:
    """The OpenAPI `document` as HTML."""
    routes = [
        _route(path, method, found, document)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    ]
    return _PAGE.format(style=Markup(_STYLE), routes=Markup().join(routes))


def _route(path: str, method: str, found: dict[str, Any], document: dict[str, Any]) -> Markup:
    described = found.get("description", "").replace("`", "")
    parts = [_HEAD.format(path=path, method=method.upper(), described=described), _fields(found, document)]
    if path in _EXAMPLES:
        parts.append(Markup("<pre>{}</pre>").format(_EXAMPLES[path].replace("{base}", _HOST)))
    if "requestBody" in found:
        answers = [(status, answer["description"]) for status, answer in found["responses"].items()]
        parts.append(_table(("status", "meaning"), answers))
    return Markup().join(parts)


def _fields(found: dict[str, Any], document: dict[str, Any]) -> Markup:
    content = found.get("requestBody", {}).get("content", {})
    if not content:
        return Markup()
    reference = next(iter(content.values()))["schema"]["$ref"].rsplit("/", 1)[-1]
    schema = document["components"]["schemas"][reference]
    required = schema.get("required", ())
    rows = [_row(name, field, name in required) for name, field in schema["properties"].items()]
    return _table(("field", "default", "legal", "what"), rows)


def _row(name: str, field: dict[str, Any], required: bool) -> tuple[str, ...]:
    default = "required" if required else json.dumps(field.get("default", "")).strip('"')
    return name, default, _legal(field), field.get("description", "")


def _legal(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(field["enum"])
    if "minimum" in field:
        return f"{field['minimum']:g} to {field['maximum']:g}"
    parts = (field, field.get("items", {}), *field.get("anyOf", ()))
    return "file" if any("contentMediaType" in part for part in parts) else str(field.get("type", ""))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Markup:
    lines = Markup().join(Markup("<tr>{}").format(_cells("td", row)) for row in rows)
    return Markup("<table><tr>{}{}</table>").format(_cells("th", head), lines)


def _cells(tag: str, texts: tuple[str, ...]) -> Markup:
    return Markup().join(Markup("<{}>{}").format(tag, text) for text in texts)
