"""One sentence for each limit of a recording."""

import pytest

from models.errors import BadAudio, TooLarge
from models.media.sound import errors


def test_limits_are_named_with_their_values() -> None:
    errors.check_channels(errors.MAX_CHANNELS)
    errors.check_rate(errors.MAX_RATE)
    with pytest.raises(BadAudio, match=f"at most {errors.MAX_CHANNELS}"):
        errors.check_channels(errors.MAX_CHANNELS + 1)
    with pytest.raises(BadAudio, match=str(errors.MAX_RATE)):
        errors.check_rate(errors.MAX_RATE + 1)
    with pytest.raises(TooLarge, match="60"):
        errors.too_long(errors.MAX_SECONDS + 60)
