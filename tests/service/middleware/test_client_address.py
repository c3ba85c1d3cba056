"""Who may come in, how often, and who they are behind a proxy: one real process with everything switched on."""

from pathlib import Path

import httpx

from tests.helpers.picture_makers import PNG
from tests.helpers.running import standin


def test_a_forwarded_address_from_a_stranger_counts_for_nothing(tmp_path: Path) -> None:
    with standin(tmp_path, "--rate", "2") as address, httpx.Client(base_url=address) as client:
        forged = [
            client.post("/api/v1/matting", files={"image": PNG}, headers={"X-Forwarded-For": f"192.0.2.{number}"})
            for number in range(3)
        ]
    assert [answer.status_code for answer in forged] == [200, 200, 429]
