"""Arrays to a device and back, in the thread of whoever asks, while the device works on a batch of others."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


class Transfers:
    """One device's. On CUDA by way of page-locked memory, which torch keeps and gives out again, and in streams beside
    that of the networks; what is given back has arrived, so that whoever calls may use and free it in any stream."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._streams = _streams(device) if device.type == "cuda" else None

    def there(self, array: np.ndarray) -> Tensor:
        """A copy of the array on the device."""
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        if self._streams is None:
            return tensor.to(self._device, copy=True)
        stream, _ = self._streams
        with torch.cuda.stream(stream):
            copied = tensor.pin_memory().to(self._device, non_blocking=True)
            stream.record_event().synchronize()
        return copied

    def back(self, tensor: Tensor) -> np.ndarray:
        """A copy of what a batch has made, in memory of its own: other parts of the batch are not kept alive by it."""
        if self._streams is None:
            return tensor.cpu().numpy().copy()
        _, stream = self._streams
        with torch.cuda.stream(stream):
            locked = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
            locked.copy_(tensor, non_blocking=True)
            stream.record_event().synchronize()
        return locked.numpy().copy()


def _streams(device: torch.device) -> tuple[torch.cuda.Stream, torch.cuda.Stream]:
    """There, and back."""
    return torch.cuda.Stream(device), torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
