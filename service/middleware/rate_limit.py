"""So many requests a minute for each visitor: a bucket of tokens that fills steadily."""

import math
import time
from collections import OrderedDict

from starlette.types import ASGIApp, Receive, Scope, Send

from service.metrics import Metrics
from service.middleware.client_address import address_of
from service.middleware.refusal import refuse

VISITORS_KEPT = 10_000
# What a page says when it is closed or a job is given up: nobody should be kept from that.
_FREE = ("/gradio_api/cancel", "/gradio_api/reset")


class Buckets:
    """One bucket of `per_minute` tokens for each visitor, full at first."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    def take(self, visitor: str) -> float:
        """Seconds until the visitor may come again; 0 when one token was there and is taken."""
        now = time.monotonic()
        tokens, counted = self._left.pop(visitor, (float(self.per_minute), now))
        tokens = min(self.per_minute, tokens + (now - counted) * self.per_minute / 60)
        wait = 0.0 if tokens >= 1 else (1 - tokens) * 60 / self.per_minute
        self._left[visitor] = (tokens if wait else tokens - 1, now)
        if len(self._left) > VISITORS_KEPT:
            self._left.popitem(last=False)
        return wait


class RateLimit:
    """The layer that refuses what asks for work too often; looking and fetching stay free."""

    def __init__(self, app: ASGIApp, metrics: Metrics, per_minute: int) -> None:
        self.app = app
        self.metrics = metrics
        self._buckets = Buckets(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self._buckets.take(address_of(scope)) if _asks_for_work(scope) else 0.0
        if not wait:
            await self.app(scope, receive, send)
            return
        self.metrics.rejected("rate")
        text = f"More than {self._buckets.per_minute} requests a minute; wait a little."
        await refuse(receive, send, 429, "busy", text, retry_after=math.ceil(wait))


def _asks_for_work(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "POST" and not scope["path"].startswith(_FREE)
