"""`/docs` from an OpenAPI document."""

from service.api.docs_page import page


def test_a_route_is_shown_with_its_fields_and_answers_as_text() -> None:
    field = {"type": "string", "default": "a&b", "enum": ["a&b", "<c>"], "description": "<script>"}
    described = {"components": {"schemas": {"Form": {"properties": {"kind": field}}}}}
    body = {"content": {"form": {"schema": {"$ref": "#/components/schemas/Form"}}}}
    route = {"description": "Draws `kind`.", "requestBody": body, "responses": {"200": {"description": "Drawn."}}}
    shown = page({"paths": {"/draw": {"post": route}}} | described)
    assert '<h2 id="/draw"><b>POST</b>/draw</h2><p>Draws kind.</p>' in shown
    assert "<tr><td>kind<td>a&amp;b<td>a&amp;b, &lt;c&gt;<td>&lt;script&gt;</table>" in shown
    assert "<tr><td>200<td>Drawn.</table>" in shown and "{&quot;error&quot;:" in shown
