"""What schemathesis cannot make of the document alone: files that are pictures and recordings, fields that belong
together."""

from typing import Any

import schemathesis
from hypothesis import strategies as st

from models.media.audio import encode_wav
from tests.helpers.picture_makers import PNG
from tests.helpers.recording_makers import voice

schemathesis.openapi.media_type("image/png", st.just(PNG))
schemathesis.openapi.media_type("audio/wav", st.just(encode_wav(voice())))


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """A background that is a picture comes with one. An empty field is one that was not sent, as forms of browsers have
    it; so is an empty list, and one of one value is that value, whatever the document says of them."""
    body = case.body if isinstance(case.body, dict) else {}
    values = [value for name, value in body.items() if name != "image"]
    if "" in values or any(isinstance(value, (list, dict)) for value in values):
        return False
    return body.get("background") != "image" or "background_image" in body
